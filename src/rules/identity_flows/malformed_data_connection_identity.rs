//! See `rules/identity-flows/malformed-data-connection-identity.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{Cluster, ConnectionIdentity, DataConnection, GivenIdentity, Identity, IdentityRef};
use crate::link::Workspace;
use crate::rules::{Rule, rule};

/// The rule `malformed-data-connection-identity`.
pub static RULE: Rule = rule!("identity-flows", "malformed-data-connection-identity", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for connection in &workspace.facts.connections {
        if let Some(at) = connection.object_id_at {
            out.report(read_only(connection, at));
        }
        for given in &connection.identities {
            let finding = match &given.value {
                GivenIdentity::Principal(named) => Some(no_resource(connection, named)),
                GivenIdentity::Resource(named) if matches!(named.identity, Identity::Malformed) => {
                    Some(no_resource(connection, named))
                }
                GivenIdentity::Resource(named) => not_its_own(workspace, connection, given, named),
                GivenIdentity::Absent | GivenIdentity::Unknown => None,
            };
            finding.into_iter().for_each(|finding| out.report(finding));
        }
    }
}

/// `managedIdentityObjectId` is written.
fn read_only(connection: &DataConnection, at: crate::text::FileSpan) -> Diagnostic {
    Diagnostic::new(
        RULE.name,
        Severity::Error,
        format!(
            "`managedIdentityObjectId` of connection `{}` can't be set",
            connection.name
        ),
        at,
        "the service fills this in",
    )
    .in_case(connection.case)
    .note("the property is read-only: it tells the object id of the identity in `managedIdentityResourceId`")
    .note("remove it, and write \"managedIdentityResourceId\" with the resource id of the identity")
}

/// The value is no resource id of an identity.
fn no_resource(connection: &DataConnection, named: &IdentityRef) -> Diagnostic {
    let is = match &named.identity {
        Identity::Client(_) => "a client id",
        Identity::System(_) | Identity::UserAssigned(_) => "an object id",
        _ => "no resource id of an identity or a cluster",
    };
    Diagnostic::new(
        RULE.name,
        Severity::Error,
        format!(
            "`managedIdentityResourceId` of connection `{}` is {is}",
            connection.name
        ),
        named.at,
        "expected the resource id of an identity",
    )
    .in_case(connection.case)
    .note("the service refuses the connection")
    .note(
        "write the resource id of a user-assigned identity, or that of the cluster for its system-assigned one: \
         \"[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', '<name>')]\"",
    )
}

/// The identity is one that the cluster does not have.
fn not_its_own(
    workspace: &Workspace,
    connection: &DataConnection,
    given: &ConnectionIdentity,
    named: &IdentityRef,
) -> Option<Diagnostic> {
    let own = connection.cluster.as_ref()?;
    let severity = if given.when.is_always() {
        Severity::Error
    } else {
        Severity::Warning
    };
    let finding = |who: &str, label: &str| {
        let message = format!("connection `{}` works as {who}{}", connection.name, given.when.clause());
        Diagnostic::new(RULE.name, severity, message, named.at, label)
            .in_case(connection.case)
            .note("the service refuses a connection with an identity that is not on its cluster")
    };
    if let Identity::System(Some(other)) = &named.identity
        && other.own().is_some_and(|other| other.is_not(own))
    {
        let other = other.own().map(ToString::to_string).unwrap_or_default();
        return Some(
            finding(
                &format!("the identity of cluster `{other}`, and belongs to cluster `{own}`"),
                "another cluster",
            )
            .note(format!("write: \"[resourceId('Microsoft.Kusto/clusters', '{own}')]\"")),
        );
    }
    let cluster: &Cluster = workspace.cluster_named(own, connection.case, named.at)?;
    if !cluster.lacks(&named.identity) {
        return None;
    }
    let (who, mend) = match &named.identity {
        Identity::UserAssigned(user) => (
            format!("identity `{}`", user.own().map(ToString::to_string).unwrap_or_default()),
            "add the identity to `identity.userAssignedIdentities` of the cluster, with `UserAssigned` in its `type`",
        ),
        _ => (
            "the system-assigned identity".to_owned(),
            "write in the cluster: \"type\": \"SystemAssigned\", or \"SystemAssigned, UserAssigned\" beside others",
        ),
    };
    Some(
        finding(
            &format!("{who}, which cluster `{own}` does not have"),
            "not on the cluster",
        )
        .related(cluster.identity_at, "the identities of the cluster are declared here")
        .note(mend),
    )
}
