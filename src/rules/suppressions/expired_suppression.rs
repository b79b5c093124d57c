//! See `rules/suppressions/expired-suppression.md`.

use crate::rules::{Rule, rule};

/// The rule `expired-suppression`; its findings come from the stage after the rules.
pub static RULE: Rule = rule!("suppressions", "expired-suppression", None);
