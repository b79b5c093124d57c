//! See `rules/role-grants/cosmos-connection-grants-incomplete.md`.

use super::{described, grant_note, own_name, reading};
use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{GivenIdentity, IdentityRef, ResourceKey, RoleAssignment, Same};
use crate::link::{Held, Question, Workspace};
use crate::rules::{Rule, rule};
use crate::service::{Access, Reach, Target, least_role};

/// The rule `cosmos-connection-grants-incomplete`.
pub static RULE: Rule = rule!("role-grants", "cosmos-connection-grants-incomplete", Some(check));

/// What the service reads of the account itself.
const ACCOUNT: Reach = Reach::Of(Target::CosmosAccount, Access::Read);

/// What it reads in it.
const ITEMS: Reach = Reach::Of(Target::CosmosItems, Access::Read);

fn check(workspace: &Workspace, out: &mut Findings) {
    for connection in &workspace.facts.connections {
        let Some(account) = connection
            .cosmos
            .as_ref()
            .filter(|_| connection.flow.reads(Target::CosmosItems))
        else {
            continue;
        };
        for given in &connection.identities {
            let (GivenIdentity::Resource(identity), Some(when)) = (&given.value, given.when.and(&connection.when))
            else {
                continue;
            };
            let question = Question {
                identity,
                case: connection.case,
                when: &when,
                on: account,
            };
            let of_account = workspace.holds(question, reads_account);
            let items = workspace.holds_in_cosmos(question, reading(Target::CosmosItems));
            match (of_account, items) {
                (Held::Granted(role), Held::Lacking(_)) => out.report(no_items(identity, account, role)),
                (Held::Lacking(_), Held::Granted(role)) => out.report(no_account(identity, account, role)),
                (Held::Untold(reason), _) | (_, Held::Untold(reason)) => out.leave_undecided(identity.at, reason),
                _ => {}
            }
        }
    }
}

/// Whether a role is enough to read the account: whether one that manages it is, the documents don't say.
fn reads_account(reach: Reach) -> Same {
    match reach {
        ACCOUNT => Same::Yes,
        Reach::ControlPlane | Reach::Of(Target::CosmosAccount, _) => Same::Maybe,
        _ => Same::No,
    }
}

/// It has the role of Azure, and none inside of the account.
fn no_items(identity: &IdentityRef, account: &ResourceKey, has: &RoleAssignment) -> Diagnostic {
    let name = own_name(account);
    let role = least_role(ITEMS).map(|role| role.id).unwrap_or_default();
    let title = format!(
        "{} has an Azure role on Cosmos DB account `{name}`, and none inside of it",
        described(identity)
    );
    finding(title, identity, has, "this role reads the account, and no items").note(format!(
        "add a `Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments`: \"roleDefinitionId\": \
         \"[resourceId('Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions', '{name}', '{role}')]\""
    ))
}

/// It has the role inside of the account, and none of Azure.
fn no_account(identity: &IdentityRef, account: &ResourceKey, has: &RoleAssignment) -> Diagnostic {
    let title = format!(
        "{} has a role inside of Cosmos DB account `{}`, and no Azure role on it",
        described(identity),
        own_name(account)
    );
    let diagnostic = finding(title, identity, has, "this role reads items only");
    match grant_note(ACCOUNT) {
        Some(note) => diagnostic.note(note),
        None => diagnostic,
    }
}

fn finding(title: String, identity: &IdentityRef, has: &RoleAssignment, label: &str) -> Diagnostic {
    Diagnostic::new(
        RULE.name,
        Severity::Warning,
        title,
        identity.at,
        "this identity needs two roles: of Azure, and inside of the account",
    )
    .in_case(has.case)
    .related(has.at, label)
    .note("the connection ingests nothing until the identity has both roles")
}
