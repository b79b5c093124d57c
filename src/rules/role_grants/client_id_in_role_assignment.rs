//! See `rules/role-grants/client-id-in-role-assignment.md`.

use super::own_name;
use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{Identity, IdentityRef, Wording};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::service::Typed;

/// The rule `client-id-in-role-assignment`.
pub static RULE: Rule = rule!("role-grants", "client-id-in-role-assignment", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    let facts = &workspace.facts;
    for role in facts.roles.iter().chain(&facts.sql_roles) {
        if let Some(principal) = &role.principal {
            judge(principal, ("the role assignment", "principalId"), role.wording, out);
        }
    }
    for access in &facts.vault_access {
        if let Some(principal) = &access.principal {
            judge(principal, ("the access policy", "objectId"), access.wording, out);
        }
    }
}

fn judge(principal: &IdentityRef, (what, property): (&str, &str), wording: Wording, out: &mut Findings) {
    let Identity::Client(user) = &principal.identity else {
        return;
    };
    let name = own_name(user);
    let value = if wording.is_command() {
        format!("<principalId of {name}>")
    } else {
        let kind = "Microsoft.ManagedIdentity/userAssignedIdentities";
        format!("[reference(resourceId('{kind}', '{name}'), '2023-01-31').principalId]")
    };
    out.report(
        Diagnostic::new(
            RULE.name,
            Severity::Error,
            format!("{what} names identity `{name}` by its client id, and grants nothing to it"),
            principal.at,
            "a client id, where the object id is expected",
        )
        .note("the object id of an identity is its `principalId`; by its client id no identity is found")
        .note(format!("write: {}", wording.typed(property, Typed::Text(&value)))),
    );
}
