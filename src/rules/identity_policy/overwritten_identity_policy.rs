//! See `rules/identity-policy/overwritten-identity-policy.md`.

use crate::diagnostic::{Applicability, Diagnostic, Findings, Fix, Severity};
use crate::facts::{PolicyAction, PolicyCommand};
use crate::link::{Lost, Workspace};
use crate::rules::{Rule, rule};

/// The rule `overwritten-identity-policy`.
pub static RULE: Rule = rule!("identity-policy", "overwritten-identity-policy", Some(check));

/// Losses of one command that are told.
const MOST: usize = 3;

fn check(workspace: &Workspace, out: &mut Findings) {
    for command in workspace
        .facts
        .policies
        .iter()
        .filter(|command| command.action == PolicyAction::Replace)
    {
        let lost = workspace.lost_by(command);
        let is_emptied = command.entries.as_ref().is_some_and(Vec::is_empty) && command.flaws.is_empty();
        if is_emptied || !lost.is_empty() {
            out.report(finding(command, &lost));
        }
    }
}

fn finding(command: &PolicyCommand, lost: &[Lost<'_>]) -> Diagnostic {
    let policy = super::policy_of(&command.level);
    let when = command.when.clause();
    let gone: Vec<_> = lost
        .iter()
        .take(MOST)
        .map(|lost| format!("`{}` of `{}`", super::listed(&lost.usages), lost.identity.written))
        .collect();
    let title = if gone.is_empty() {
        format!("`.alter` with an empty list takes everything out of {policy}{when}")
    } else {
        format!("`.alter` replaces {policy} and drops {}{when}", gone.join(" and "))
    };
    let shown = lost.iter().take(MOST);
    let diagnostic = Diagnostic::new(
        RULE.name,
        Severity::Warning,
        title,
        command.at,
        "replaces the whole policy of its level",
    )
    .in_case(command.script.case)
    .related_all(shown.map(|lost| (lost.entry.at, "allowed by the same script before")));
    let merge = || {
        let title = "write `.alter-merge`";
        Fix::new(Applicability::Unsafe, title, command.verb.as_ref(), "alter-merge")
    };
    let fix = if lost.is_empty() { None } else { merge() };
    let diagnostic = diagnostic.fixed_by(fix).note(
        "flows that need what is dropped fail: \"Authentication with a Managed Identity is disabled for this flow\"",
    );
    diagnostic.note(if lost.is_empty() {
        "leave the command out, or write `.delete … policy managed_identity` if all is to go"
    } else {
        "write `.alter-merge`, which adds, or list all entries in the one `.alter`"
    })
}
