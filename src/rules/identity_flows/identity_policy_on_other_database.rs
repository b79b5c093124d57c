//! See `rules/identity-flows/identity-policy-on-other-database.md`.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::IdentityUse;
use crate::link::{Misplaced, Workspace, needed};
use crate::rules::identity_policy::{grant_command, in_database, listed, policy_of};
use crate::rules::{Rule, rule};

/// The rule `identity-policy-on-other-database`.
pub static RULE: Rule = rule!("identity-flows", "identity-policy-on-other-database", Some(check));

/// Commands that a finding gives.
const MOST_COMMANDS: usize = 4;

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
    let shown = found.uses.iter().take(super::MOST_USES);
    let finding = shown
        .fold(start, |finding, used| finding.related(used.at, "used here"))
        .note("the service: \"Authentication with a Managed Identity is disabled for this flow\"")
        .note("the policy of a database does not apply to other databases; the one of the cluster applies to all");
    let finding = super::in_all(&found.uses).into_iter().fold(finding, Diagnostic::note);
    let commands = commands(&found.uses).into_iter().take(MOST_COMMANDS);
    Some(commands.fold(finding, |finding, command| finding.note(format!("run: {command}"))))
}

/// What to run: a command for each database and identity that lacks its usages.
fn commands(uses: &[&IdentityUse]) -> Vec<String> {
    let mut of_places: BTreeMap<_, Vec<&IdentityUse>> = BTreeMap::new();
    for used in uses {
        let place = in_database(used.database.as_ref());
        of_places
            .entry((place, used.identity.written.as_str()))
            .or_default()
            .push(used);
    }
    let command = |((place, _), uses): (&(String, &str), &Vec<&IdentityUse>)| {
        let who = uses.first().map(|used| &used.identity);
        grant_command(place, who, listed(&needed(uses)))
    };
    of_places.iter().map(command).collect()
}
