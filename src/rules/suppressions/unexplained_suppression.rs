//! See `rules/suppressions/unexplained-suppression.md`.

use crate::rules::{Rule, rule};

/// The rule `unexplained-suppression`; its findings come from the stage after the rules.
pub static RULE: Rule = rule!("suppressions", "unexplained-suppression", None);
