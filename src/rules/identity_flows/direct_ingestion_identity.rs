//! See `rules/identity-flows/direct-ingestion-identity.md`.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::Identity;
use crate::link::{Verdict, Workspace};
use crate::rules::{Rule, rule};
use crate::service::{Flow, Usage};

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
        let is_known = !matches!(used.identity.identity, Identity::Malformed | Identity::Symbol(_));
        // A policy that names the identity shows what is wrong; this is for those who see no policy at all.
        let is_named = !matches!(workspace.verdict(used, Usage::NativeIngestion), Verdict::Absent);
        if !is_known || is_named || !told.insert(used.script.case.file) {
            continue;
        }
        let title = format!(
            "`.ingest into` signs in as `{}`{}: the service's documents disagree whether it can",
            used.identity.written,
            used.when.clause()
        );
        out.report(
            Diagnostic::new(RULE.name, Severity::Note, title, used.at, "direct ingestion").in_case(used.script.case)
                .note("one page allows an identity in this command, another one in queued ingestion only; where it is known to work, a policy allows the identity `NativeIngestion`")
                .note("queued: .ingest-from-storage-queued into table database('<name>').<table> with (format='<format>') <| .list blobs (h'<container>;managed_identity=<object id>')"),
        );
    }
}
