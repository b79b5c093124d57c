//! See `rules/identity-flows/identity-policy-on-other-database.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::link::{Misplaced, Workspace};
use crate::rules::identity_policy::{grant_command, in_database, policy_of};
use crate::rules::{Rule, rule};

/// The rule `identity-policy-on-other-database`.
pub static RULE: Rule = rule!("identity-flows", "identity-policy-on-other-database", Some(check));

/// Uses that a finding shows.
const MOST: usize = 3;

fn check(workspace: &Workspace, out: &mut Findings) {
    for found in workspace.misplaced() {
        if let Some(finding) = finding(&found) {
            out.report(finding);
        }
    }
}

fn finding(found: &Misplaced<'_>) -> Option<Diagnostic> {
    let first = found.uses.first()?;
    let (database, usage) = (first.database.as_ref()?, first.flow.usage()?);
    let who = &first.identity.written;
    let title = format!(
        "{} allows `{who}` `{usage}`{}, but `{who}` is used for {} in database `{database}`",
        policy_of(&found.command.level),
        found.command.when.clause(),
        first.flow.row().title
    );
    let start = Diagnostic::new(
        RULE.name,
        Severity::Warning,
        title,
        found.command.level_at,
        "holds in this database only",
    )
    .in_case(found.command.script.case);
    let uses = found.uses.iter().take(MOST);
    Some(
        uses.fold(start, |finding, used| finding.related(used.at, "used here"))
            .note("the policy of a database does not apply to other databases; the one of the cluster applies to all")
            .note(format!(
                "run: {}",
                grant_command(&in_database(Some(database)), Some(&first.identity), usage)
            )),
    )
}
