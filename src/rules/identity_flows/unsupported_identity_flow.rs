//! See `rules/identity-flows/unsupported-identity-flow.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::service::Support;

/// The rule `unsupported-identity-flow`.
pub static RULE: Rule = rule!("identity-flows", "unsupported-identity-flow", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for used in &workspace.facts.uses {
        let row = used.flow.row();
        let Support::Never(instead) = row.support else { continue };
        let when = if used.when.is_always() {
            String::new()
        } else {
            format!(" {}", used.when)
        };
        out.report(
            Diagnostic::new(
                RULE.name,
                Severity::Error,
                format!(
                    "{} takes no managed identity{when}: the service refuses to sign in",
                    row.title
                ),
                used.at,
                "not supported here",
            )
            .note("the service: \"Authentication with a Managed Identity is disabled for this flow\"")
            .note(format!("use {instead}")),
        );
    }
}
