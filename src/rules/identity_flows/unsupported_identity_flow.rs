//! See `rules/identity-flows/unsupported-identity-flow.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::service::{Flow, Support};

/// The rule `unsupported-identity-flow`.
pub static RULE: Rule = rule!("identity-flows", "unsupported-identity-flow", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for used in &workspace.facts.uses {
        let row = used.flow.row();
        let Support::Never(instead) = row.support else { continue };
        let when = used.when.clause();
        let (consequence, says) = if used.flow == Flow::IotHubConnection {
            ("it signs in with a shared access policy", None)
        } else {
            (
                "the service refuses to sign in",
                Some("the service: \"Authentication with a Managed Identity is disabled for this flow\""),
            )
        };
        let mut diagnostic = Diagnostic::new(
            RULE.name,
            Severity::Error,
            format!("{} takes no managed identity{when}: {consequence}", row.title),
            used.at,
            "not supported here",
        )
        .in_case(used.script.case);
        if let Some(says) = says {
            diagnostic = diagnostic.note(says);
        }
        out.report(diagnostic.note(format!("use {instead}")));
    }
}
