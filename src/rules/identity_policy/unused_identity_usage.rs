//! See `rules/identity-policy/unused-identity-usage.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::PolicyAction;
use crate::link::{Unused, Workspace};
use crate::rules::{Rule, rule};
use crate::service::FLOWS;

/// The rule `unused-identity-usage`.
pub static RULE: Rule = rule!("identity-policy", "unused-identity-usage", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for unused in workspace.unused() {
        out.report(finding(&unused));
    }
}

fn finding(unused: &Unused<'_>) -> Diagnostic {
    let (command, entry, usage) = (unused.entry.command, unused.entry.entry, unused.usage);
    let who = entry.identity.as_ref().map_or("", |named| &named.written);
    let title = format!(
        "{} allows `{who}` the usage `{usage}`, and nothing in the files uses it{}",
        super::policy_of(&command.level),
        command.when.clause()
    );
    let flows: Vec<_> = FLOWS
        .iter()
        .filter(|row| row.flow.usage() == Some(usage))
        .map(|row| row.title)
        .collect();
    Diagnostic::new(
        RULE.name,
        Severity::Note,
        title,
        unused.word.at,
        "used nowhere in the files",
    )
    .in_case(command.script.case)
    .note(format!("it is there for {}", flows.join(", ")))
    .note(advice(unused))
}

/// What to write instead.
fn advice(unused: &Unused<'_>) -> String {
    let entry = unused.entry.entry;
    let rest = &unused.needed;
    let write = if rest.is_empty() || !entry.complete {
        format!(
            "take `{}` out, unless something outside of the files needs it",
            unused.usage
        )
    } else {
        let rest = super::listed(rest);
        format!("unless something outside of the files needs it, write: \"AllowedUsages\":\"{rest}\"")
    };
    if unused.entry.command.action == PolicyAction::Merge {
        format!("{write}; what was allowed before goes only with `.alter`, since `.alter-merge` takes nothing away")
    } else {
        write
    }
}
