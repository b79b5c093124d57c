//! See `rules/identity-policy/client-id-in-identity-policy.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::Identity;
use crate::link::Workspace;
use crate::rules::{Rule, rule};

/// The rule `client-id-in-identity-policy`.
pub static RULE: Rule = rule!("identity-policy", "client-id-in-identity-policy", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for (command, entry) in workspace.entries() {
        let Some(named) = &entry.identity else { continue };
        let Identity::Client(user) = &named.identity else {
            continue;
        };
        let own = user.own().map(ToString::to_string).unwrap_or_default();
        let title = format!(
            "{} names identity `{own}` by its client id",
            super::policy_of(&command.level)
        );
        out.report(
            Diagnostic::new(RULE.name, Severity::Warning, title, named.at, "a client id")
                .in_case(command.script.case)
                .note("a policy is looked up by object (principal) ids: the service doesn't find the identity")
                .note("write its object id: in a template `.principalId` in place of `.clientId`"),
        );
    }
}
