//! See `rules/suppressions/unused-suppression.md`.

use crate::rules::{Rule, rule};

/// The rule `unused-suppression`; its findings come from the stage after the rules.
pub static RULE: Rule = rule!("suppressions", "unused-suppression", None);
