//! See `rules/identity-flows/malformed-data-connection-identity.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{ConnectionIdentity, DataConnection, GivenIdentity, Identity, IdentityRef};
use crate::link::{Foreign, Verdict, Workspace};
use crate::rules::identity_policy::{assigning, grant_command, in_database};
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
    let when = connection.when.and(&given.when)?;
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
    let found = match workspace.foreign(own, connection.case, &when, named)? {
        Foreign::OfCluster(other) => finding(
            &format!("the identity of cluster `{other}`, and belongs to cluster `{own}`"),
            "another cluster",
        )
        .note(format!("write: \"[resourceId('Microsoft.Kusto/clusters', '{own}')]\"")),
        Foreign::NotOn(cluster) => {
            let who = match &named.identity {
                Identity::UserAssigned(user) => {
                    format!("identity `{}`", user.own().map(ToString::to_string).unwrap_or_default())
                }
                _ => "the system-assigned identity".to_owned(),
            };
            finding(
                &format!("{who}, which cluster `{own}` does not have"),
                "not on the cluster",
            )
            .related(cluster.identity_at, "the identities of the cluster are declared here")
            .note(assigning(&named.identity, cluster))
        }
    };
    Some(match grant(workspace, connection, given) {
        Some(command) => found.note(format!(
            "no policy allows it the usage that it needs either; then run: {command}"
        )),
        None => found,
    })
}

/// The command that allows the connection its usage, if no policy does.
fn grant(workspace: &Workspace, connection: &DataConnection, given: &ConnectionIdentity) -> Option<String> {
    let mut uses = workspace.facts.uses.iter();
    let used = uses.find(|used| used.at == given.at && used.script.case == connection.case)?;
    let usage = used.flow.usage()?;
    let is_lacking = matches!(
        workspace.verdict(used, usage),
        Verdict::Lacking(_) | Verdict::Elsewhere(_) | Verdict::Absent
    );
    is_lacking.then(|| grant_command(&in_database(used.database.as_ref()), Some(&used.identity), usage))
}
