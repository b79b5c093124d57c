//! See `rules/role-grants/control-plane-only-grant.md`.

use super::described;
use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{Condition, GrantScope, IdentityRef, Known, Name, Possible, RoleAssignment, Same, management_role};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::service::{Reach, least_role};

/// The rule `control-plane-only-grant`.
pub static RULE: Rule = rule!("role-grants", "control-plane-only-grant", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for grant in &workspace.facts.roles {
        let (Some(principal), Some(account)) = (&grant.principal, account_of(workspace, grant)) else {
            continue;
        };
        let Some((when, roles)) = management_roles(grant) else {
            continue;
        };
        if !workspace.works_for_kusto(&principal.identity, grant.case) {
            out.leave_undecided(
                grant.at,
                format!("whether Kusto works as `{}` is not in the files", principal.written),
            );
            continue;
        }
        match others(workspace, grant, principal, &account) {
            Others::ManagementOnly => {
                let diagnostic = finding(grant, principal, &account, &when, &roles);
                out.report(diagnostic.in_case(grant.case));
            }
            Others::Data => {}
            Others::Untold(reason) => out.leave_undecided(grant.at, reason),
        }
    }
}

/// The storage account that a role holds on: the one of its scope, or for a role on a group the account that
/// the same template declares and that the identity is used with.
fn account_of(workspace: &Workspace, grant: &RoleAssignment) -> Option<Name> {
    match &grant.scope {
        GrantScope::Storage { account, .. } => Some(account.clone()),
        GrantScope::Group => workspace
            .account_used_by(grant.principal.as_ref()?, grant.case)
            .cloned(),
        GrantScope::Resource(_) | GrantScope::Unknown => None,
    }
}

/// The management roles that a grant gives: all that it may give if it gives no others, or the first one with its
/// condition. `None` without one.
fn management_roles(grant: &RoleAssignment) -> Option<(Condition, Vec<&'static str>)> {
    let found = |role: &Possible<String>| Some((role.when.clone(), management_role(&role.value)?.name));
    let (when, first) = grant.role.iter().find_map(found)?;
    if grant.may_give_data() {
        return Some((when, vec![first]));
    }
    let mut names = Vec::new();
    for (_, name) in grant.role.iter().filter_map(found) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Some((Condition::default(), names))
}

/// What else the identity may do on the account.
enum Others {
    ManagementOnly,
    Data,
    Untold(String),
}

fn others(workspace: &Workspace, grant: &RoleAssignment, principal: &IdentityRef, account: &Name) -> Others {
    let reaches = |other: &RoleAssignment| match &other.scope {
        GrantScope::Storage { account: other, .. } => !other.is_not(account),
        GrantScope::Group | GrantScope::Unknown => true,
        GrantScope::Resource(_) => false,
    };
    let mut untold = None;
    for (other, same) in workspace.data_roles(&principal.identity, grant.case) {
        if !workspace.may_compare(grant.at) {
            return Others::Untold(format!(
                "`{}` has too many role assignments to compare them all",
                principal.written
            ));
        }
        if std::ptr::eq(other, grant) || same == Same::No || !other.case.joins(grant.case) || !reaches(other) {
            continue;
        }
        let gives = |role: &Known<String>| matches!(role, Known::Value(_)) && management_role(role).is_none();
        if same == Same::Yes && other.role.iter().any(|role| gives(&role.value)) {
            return Others::Data;
        }
        untold = Some(format!(
            "another role assignment may give `{}` a data role",
            principal.written
        ));
    }
    if let Some(reason) = untold {
        return Others::Untold(reason);
    }
    Others::ManagementOnly
}

fn finding(
    grant: &RoleAssignment,
    principal: &IdentityRef,
    account: &Name,
    when: &Condition,
    roles: &[&str],
) -> Diagnostic {
    let (severity, clause) = if when.is_always() {
        (Severity::Error, String::new())
    } else {
        (Severity::Warning, format!(" {when}"))
    };
    let roles: Vec<_> = roles.iter().map(|role| format!("`{role}`")).collect();
    let mut diagnostic = Diagnostic::new(
        RULE.name,
        severity,
        format!(
            "with only {}, {} can't read blobs of account `{account}`{clause}",
            roles.join(" or "),
            described(principal)
        ),
        grant.at,
        "this role manages the account and carries no data action",
    );
    for value in &grant.role {
        if let Some(role) = management_role(&value.value) {
            diagnostic = value.traced(diagnostic, &format!("`{}`", role.name));
        }
    }
    let diagnostic = diagnostic
        .related(principal.at, "the identity that Kusto works as")
        .note("ingestion and external tables of this identity fail with `Download_Forbidden`");
    let needs = [("to read", Reach::BlobRead), ("to write or delete", Reach::BlobWrite)];
    needs
        .into_iter()
        .fold(diagnostic, |diagnostic, (purpose, reach)| match least_role(reach) {
            Some(role) => diagnostic.note(format!("{purpose}, grant {}: {}", role.name, role.id)),
            None => diagnostic,
        })
}
