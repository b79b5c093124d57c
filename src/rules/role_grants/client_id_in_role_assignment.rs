//! See `rules/role-grants/client-id-in-role-assignment.md`.

use super::own_name;
use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{Identity, IdentityRef};
use crate::link::Workspace;
use crate::rules::{Rule, rule};

/// The rule `client-id-in-role-assignment`.
pub static RULE: Rule = rule!("role-grants", "client-id-in-role-assignment", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    let facts = &workspace.facts;
    let assignments = facts.roles.iter().filter_map(|role| role.principal.as_ref());
    let in_cosmos = facts.sql_roles.iter().filter_map(|role| role.principal.as_ref());
    for principal in assignments.chain(in_cosmos) {
        judge(principal, "the role assignment", "principalId", out);
    }
    for principal in facts.vault_access.iter().filter_map(|access| access.principal.as_ref()) {
        judge(principal, "the access policy", "objectId", out);
    }
}

fn judge(principal: &IdentityRef, what: &str, property: &str, out: &mut Findings) {
    let Identity::Client(user) = &principal.identity else {
        return;
    };
    let name = own_name(user);
    out.report(
        Diagnostic::new(
            RULE.name,
            Severity::Error,
            format!("{what} names identity `{name}` by its client id, and grants nothing to it"),
            principal.at,
            "a client id, where the object id is expected",
        )
        .note("the object id of an identity is its `principalId`; by its client id no identity is found")
        .note(format!(
            "write: \"{property}\": \"[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', \
             '{name}'), '2023-01-31').principalId]\""
        )),
    );
}
