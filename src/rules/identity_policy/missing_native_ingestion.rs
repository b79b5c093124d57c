//! See `rules/identity-policy/missing-native-ingestion.md`.

use crate::diagnostic::Findings;
use crate::link::Workspace;
use crate::rules::{Rule, missing_usage, rule};
use crate::service::Usage;

/// The rule `missing-native-ingestion`.
pub static RULE: Rule = rule!("identity-policy", "missing-native-ingestion", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    missing_usage::check(RULE.name, |usage| usage == Usage::NativeIngestion, workspace, out);
}
