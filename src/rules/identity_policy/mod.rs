//! Family "Identity policy": what managed identity policies must and must not say.

pub mod all_identity_usages_granted;
pub mod client_id_in_identity_policy;
pub mod database_level_sandbox_artifacts;
pub mod duplicate_identity_policy_entry;
pub mod identity_not_assigned_to_cluster;
pub mod identity_policy_deleted_in_use;
pub mod identity_usage_letter_case;
pub mod malformed_identity_policy;
pub mod missing_native_ingestion;
pub mod overwritten_identity_policy;
pub mod unknown_identity_usage;
pub mod unused_identity_usage;

use crate::diagnostic::Diagnostic;
use crate::facts::{Cluster, Identity, IdentityRef, IdentityUse, Level, Name};
use crate::service::Usage;
use crate::text::Symbol;

/// The command that allows `usage` (one, or several with commas between) to an identity at `level` ("cluster", "database Sales"), ready to copy.
pub(super) fn grant_command(level: &str, who: Option<&IdentityRef>, usage: impl std::fmt::Display) -> String {
    let who = who.map_or("<object id>", in_command);
    format!(
        ".alter-merge {level} policy managed_identity ```[{{\"ObjectId\":\"{who}\",\"AllowedUsages\":\"{usage}\"}}]```"
    )
}

/// An identity as a command names it. One that only a template knows by a parameter has no such name.
fn in_command(named: &IdentityRef) -> &str {
    match &named.identity {
        Identity::System(_) => "system",
        Identity::Object(id) => id,
        Identity::Malformed => &named.written,
        Identity::Symbol(symbol) if matches!(**symbol, Symbol::Placeholder(_)) => &named.written,
        Identity::Symbol(_) | Identity::UserAssigned(_) | Identity::Client(_) => "<object id>",
    }
}

/// A database as a command names it: `database Sales`, `database ['Harbor Master']`.
pub(super) fn in_database(name: Option<&Name>) -> String {
    let Some(name) = name.filter(|name| name.is_known()).map(ToString::to_string) else {
        return "database <name>".to_owned();
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.chars().all(plain) && name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        format!("database {name}")
    } else {
        format!("database ['{}']", name.replace('\\', "\\\\").replace('\'', "\\'"))
    }
}

/// A level as a command names it.
pub(super) fn in_level(level: &Level) -> String {
    match level {
        Level::Cluster => "cluster".to_owned(),
        Level::Database(name) => in_database(name.as_ref()),
    }
}

/// A policy for a sentence: "the cluster's policy", "the policy of database `Sales`".
pub(super) fn policy_of(level: &Level) -> String {
    match level {
        Level::Cluster => "the cluster's policy".to_owned(),
        Level::Database(None) => "the database's policy".to_owned(),
        Level::Database(Some(name)) => format!("the policy of database `{name}`"),
    }
}

/// A command that is right, to be filled in.
fn grant_example(level: &str) -> String {
    grant_command(level, None, Usage::NativeIngestion)
}

/// Usages as a policy lists them.
pub(super) fn listed(usages: &[Usage]) -> String {
    usages.iter().map(|usage| usage.as_str()).collect::<Vec<_>>().join(", ")
}

/// The identities of a cluster for a sentence.
pub(super) fn identities_of(cluster: &Cluster) -> &'static str {
    match (cluster.system_identity, cluster.users.known.len()) {
        (Some(true), 0) => "a system-assigned identity only",
        (Some(true), _) => "a system-assigned identity and others",
        (_, 0) => "no identity",
        _ => "user-assigned identities only",
    }
}

/// What to write so that a cluster has an identity.
pub(super) fn assigning(identity: &Identity, cluster: &Cluster) -> &'static str {
    match identity {
        Identity::System(_) if cluster.users.known.is_empty() => {
            "write in the cluster: \"identity\": {\"type\": \"SystemAssigned\"}"
        }
        Identity::System(_) => "write in the cluster: \"type\": \"SystemAssigned, UserAssigned\"",
        _ => "add the identity to `identity.userAssignedIdentities` of the cluster, with `UserAssigned` in its `type`",
    }
}

/// The name of a cluster for a sentence.
pub(super) fn cluster_name(cluster: &Cluster) -> String {
    cluster.resource.own().map(ToString::to_string).unwrap_or_default()
}

/// The database whose policy a command sets.
pub(super) fn database_of(level: &Level) -> Option<&Name> {
    match level {
        Level::Database(name) => name.as_ref(),
        Level::Cluster => None,
    }
}

/// Labels a use that lacks what a policy with a mistake is meant to allow: the finding is its finding as well.
fn waiting(finding: Diagnostic, used: &IdentityUse) -> Diagnostic {
    let usage = used.flow.usage().map(|usage| format!(" needs `{usage}`"));
    let label = format!("{}{}", used.flow.row().title, usage.unwrap_or_default());
    finding.caused_by(used.at, label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn databases_are_quoted_where_they_must_be() {
        for (name, wanted) in [
            ("Sales", "database Sales"),
            ("Harbor Master", "database ['Harbor Master']"),
            ("it's", "database ['it\\'s']"),
            ("7seas", "database ['7seas']"),
        ] {
            assert_eq!(in_database(Some(&Name::literal(name))), wanted);
        }
        assert_eq!(in_database(None), "database <name>");
        assert_eq!(
            in_database(Some(&Name::symbolic("parameter db", "parameters('db')"))),
            "database <name>"
        );
    }
}
