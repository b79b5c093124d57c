//! See `rules/input/syntax-error.md`.

use crate::rules::{Rule, rule};

/// The rule `syntax-error`; its findings come from the stages before the rules.
pub static RULE: Rule = rule!("input", "syntax-error", None);
