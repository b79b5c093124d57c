//! See `rules/suppressions/malformed-suppression.md`.

use crate::rules::{Rule, rule};

/// The rule `malformed-suppression`; its findings come from the stage after the rules.
pub static RULE: Rule = rule!("suppressions", "malformed-suppression", None);
