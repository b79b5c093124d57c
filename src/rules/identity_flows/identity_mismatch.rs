//! See `rules/identity-flows/identity-mismatch.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::link::{Mismatch, Workspace, needed};
use crate::rules::identity_policy::{grant_command, in_level, listed, policy_of};
use crate::rules::{Rule, rule};

/// The rule `identity-mismatch`.
pub static RULE: Rule = rule!("identity-flows", "identity-mismatch", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for found in workspace.mismatches() {
        if let Some(finding) = finding(&found) {
            out.report(finding);
        }
    }
}

fn finding(found: &Mismatch<'_>) -> Option<Diagnostic> {
    let used = &found.uses.first()?.identity;
    let other = &used.written;
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
    let shown = found.uses.iter().take(super::MOST_USES).fold(start, |finding, used| {
        let usage = used.flow.usage().map(|usage| format!(", which needs `{usage}`"));
        let label = format!(
            "for {} as `{other}`{}",
            used.flow.row().title,
            usage.unwrap_or_default()
        );
        finding.related(used.at, label)
    });
    let shown = super::in_all(&found.uses).into_iter().fold(shown, Diagnostic::note);
    let usages = listed(&needed(&found.uses));
    let command = grant_command(&in_level(&found.command.level), Some(used), usages);
    Some(
        shown
            .note("the service: \"Authentication with a Managed Identity is disabled for this flow\"")
            .note(format!(
                "write one identity in both places; if `{other}` is meant, run: {command}"
            )),
    )
}
