//! See `rules/identity-flows/direct-ingestion-identity.md`.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::Identity;
use crate::link::{Verdict, Workspace};
use crate::rules::{Rule, missing_usage, rule};
use crate::service::{Flow, Usage};
use crate::text::Symbol;

/// The rule `direct-ingestion-identity`.
pub static RULE: Rule = rule!("identity-flows", "direct-ingestion-identity", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    let mut told = BTreeSet::new();
    let direct = workspace
        .facts
        .uses
        .iter()
        .filter(|used| used.flow == Flow::IngestFromStorage);
    for used in direct.filter(|used| used.script.is_run()) {
        // Where a policy is missing, `missing-native-ingestion` tells of both; with one the command is known to work.
        // A value of a run says nothing of the policies of the places where it runs.
        let is_open = is_placeholder(&used.identity.identity)
            && matches!(workspace.verdict(used, Usage::NativeIngestion), Verdict::Absent);
        if !is_open || !told.insert(used.script.case.file) {
            continue;
        }
        let title = format!(
            "`.ingest into` signs in as `{}`{}: the service's documents disagree whether it can",
            used.identity.written,
            used.when.clause()
        );
        out.report(
            Diagnostic::new(RULE.name, Severity::Note, title, used.at, "direct ingestion")
                .in_case(used.script.case)
                .note(missing_usage::DIRECT)
                .note("where it is known to work, a policy allows the identity `NativeIngestion`")
                .note(missing_usage::QUEUED),
        );
    }
}

fn is_placeholder(identity: &Identity) -> bool {
    matches!(identity, Identity::Symbol(symbol) if matches!(**symbol, Symbol::Placeholder(_)))
}
