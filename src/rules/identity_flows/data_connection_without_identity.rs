//! See `rules/identity-flows/data-connection-without-identity.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{ConnectionIdentity, DataConnection, GivenIdentity};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::service::SignsIn;

/// The rule `data-connection-without-identity`.
pub static RULE: Rule = rule!("identity-flows", "data-connection-without-identity", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    let may_have_one = |connection: &&DataConnection| connection.signs_in == SignsIn::AsIdentityOrWithKey;
    for connection in workspace.facts.connections.iter().filter(may_have_one) {
        let absent = |given: &&ConnectionIdentity| matches!(given.value, GivenIdentity::Absent);
        if let Some(given) = connection.identities.iter().find(absent) {
            out.report(finding(connection, given));
        }
    }
}

fn finding(connection: &DataConnection, given: &ConnectionIdentity) -> Diagnostic {
    let cluster = connection
        .cluster
        .as_ref()
        .filter(|cluster| cluster.is_known())
        .map_or_else(|| "<cluster>".to_owned(), ToString::to_string);
    Diagnostic::new(
        RULE.name,
        Severity::Warning,
        format!(
            "data connection `{}` has no identity{}: it stops when a key is rotated",
            connection.name,
            given.when.clause()
        ),
        given.at,
        "no identity here: the connection signs in with a key",
    )
    .in_case(connection.case)
    .note("without `managedIdentityResourceId` the service keeps a key of the event hub, and never a newer one")
    .note(format!(
        "write: \"managedIdentityResourceId\": \"[resourceId('Microsoft.Kusto/clusters', '{cluster}')]\" for the \
         system-assigned identity of the cluster, or the resource id of a user-assigned one"
    ))
}
