//! See `rules/input/limit-reached.md`.

use crate::rules::{Rule, rule};

/// The rule `limit-reached`; its findings come from the stages before the rules.
pub static RULE: Rule = rule!("input", "limit-reached", None);
