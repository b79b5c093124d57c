//! See `rules/identity-policy/identity-policy-deleted-in-use.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{IdentityUse, PolicyAction, PolicyCommand};
use crate::link::Workspace;
use crate::rules::{Rule, rule};

/// The rule `identity-policy-deleted-in-use`.
pub static RULE: Rule = rule!("identity-policy", "identity-policy-deleted-in-use", Some(check));

/// Uses that are shown of those that a command breaks.
const MOST: usize = 3;

fn check(workspace: &Workspace, out: &mut Findings) {
    for command in workspace
        .facts
        .policies
        .iter()
        .filter(|command| command.action == PolicyAction::Delete)
    {
        let broken = workspace.broken_by(command);
        if let Some(first) = broken.first() {
            out.report(finding(command, first, &broken));
        }
    }
}

fn finding(command: &PolicyCommand, first: &IdentityUse, broken: &[&IdentityUse]) -> Diagnostic {
    let policy = super::policy_of(&command.level);
    let needed = first
        .flow
        .usage()
        .map(|usage| format!(" needs `{usage}` for {}", first.flow.row().title));
    let title = format!(
        "{policy} is deleted, and `{}` still{}{}",
        first.identity.written,
        needed.unwrap_or_default(),
        command.when.clause()
    );
    Diagnostic::new(
        RULE.name,
        Severity::Warning,
        title,
        command.at,
        "takes away all that this policy allows",
    )
    .in_case(command.script.case)
    .related_all(broken.iter().take(MOST).map(|used| (used.at, "used here")))
    .note("what relied on the policy fails from then on, exports to external tables included")
    .note("set what is to stay instead: `.alter … policy managed_identity` with the entries that remain")
}
