//! See `rules/input/unreadable-file.md`.

use crate::rules::{Rule, rule};

/// The rule `unreadable-file`; its findings come from the stages before the rules.
pub static RULE: Rule = rule!("input", "unreadable-file", None);
