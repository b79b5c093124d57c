//! See `rules/identity-flows/identity-mismatch.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::link::{Mismatch, Workspace, needed};
use crate::rules::identity_policy::{listed, policy_of};
use crate::rules::{Rule, rule};

/// The rule `identity-mismatch`.
pub static RULE: Rule = rule!("identity-flows", "identity-mismatch", Some(check));

/// Uses that a finding shows.
const MOST: usize = 3;

fn check(workspace: &Workspace, out: &mut Findings) {
    for found in workspace.mismatches() {
        if let Some(finding) = finding(&found) {
            out.report(finding);
        }
    }
}

fn finding(found: &Mismatch<'_>) -> Option<Diagnostic> {
    let other = &found.uses.first()?.identity.written;
    let title = format!(
        "{} names `{}`, which nothing uses{}; `{other}` is used, and no policy names it",
        policy_of(&found.command.level),
        found.granted.written,
        found.command.when.clause()
    );
    let start = Diagnostic::new(
        RULE.name,
        Severity::Warning,
        title,
        found.granted.at,
        "used nowhere in the files",
    )
    .in_case(found.command.script.case);
    let shown = found.uses.iter().take(MOST).fold(start, |finding, used| {
        let usage = used.flow.usage().map(|usage| format!(", which needs `{usage}`"));
        let label = format!(
            "for {} as `{other}`{}",
            used.flow.row().title,
            usage.unwrap_or_default()
        );
        finding.related(used.at, label)
    });
    Some(
        shown
            .note("a policy allows usages to the identity that it names and to no other")
            .note(format!(
                "write one identity in both places: the uses need \"AllowedUsages\":\"{}\"",
                listed(&needed(&found.uses))
            )),
    )
}
