//! See `rules/identity-flows/missing-identity-usage.md`.

use crate::diagnostic::Findings;
use crate::link::Workspace;
use crate::rules::{Rule, missing_usage, rule};
use crate::service::Usage;

/// The rule `missing-identity-usage`.
pub static RULE: Rule = rule!("identity-flows", "missing-identity-usage", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    missing_usage::check(RULE.name, |usage| usage != Usage::NativeIngestion, workspace, out);
}
