//! Family "Customer-managed keys": what encryption with a key of one's own requires.

mod beside;
pub mod cmk_api_version_too_old;
pub mod cmk_follower_chain;
pub mod cmk_pinned_key_version;
pub mod cmk_region_mismatch;
pub mod cmk_user_identity_not_assigned;
pub mod cmk_without_identity;
pub mod ineffective_key_vault_grant;
pub mod key_not_rsa_2048;
pub mod malformed_key_vault_uri;
pub mod missing_cmk_key_grant;
pub mod missing_key_operations;
pub mod missing_purge_protection;
pub mod missing_soft_delete;
mod setting;

use crate::config::Scope;
use crate::diagnostic::{Applicability, Diagnostic, Fix, Severity};
use crate::facts::{Cluster, ClusterKey, Condition, Identity, IdentityRef};
use crate::link::{Holder, Workspace};
use crate::text::Editable;

/// Whether the user wants to hear of a vault or key with this use.
fn is_looked_at(workspace: &Workspace, holder: &Holder<'_>) -> bool {
    match workspace.config.customer_managed_keys.scope {
        Scope::All => true,
        Scope::Cmk => matches!(holder, Holder::Encrypts(..) | Holder::MayEncrypt(..)),
    }
}

/// The name of a cluster for a sentence.
fn cluster_name(cluster: &Cluster) -> String {
    cluster.resource.own().map(ToString::to_string).unwrap_or_default()
}

/// Shows where the cluster names the vault or key.
fn with_cluster(diagnostic: Diagnostic, holder: &Holder<'_>) -> Diagnostic {
    match holder {
        Holder::Encrypts(cluster, key) => diagnostic.related(
            key.at,
            format!("cluster `{}` is encrypted from it", cluster_name(cluster)),
        ),
        Holder::MayEncrypt(cluster, key) => diagnostic.related(
            key.at,
            format!(
                "cluster `{}` has a key of its own, and it can't be told which",
                cluster_name(cluster)
            ),
        ),
        Holder::Unused | Holder::NoClusterInSight => diagnostic,
    }
}

/// What a key asks for beyond the deployment of its cluster, which is taken for granted.
fn given(cluster: &Cluster, key: &ClusterKey) -> Condition {
    key.when.without(&cluster.when)
}

/// What is wrong always is an error, what is wrong under a condition a warning.
fn certain(when: &Condition) -> Severity {
    if when.is_always() {
        Severity::Error
    } else {
        Severity::Warning
    }
}

/// A fix that writes a text at a place of a template, as the facts give them.
fn written(title: impl Into<String>, edit: Option<(Editable, String)>) -> Option<Fix> {
    let (at, text) = edit?;
    Fix::new(Applicability::Unsafe, title, Some(&at), &text)
}

/// A permission or operation in the letter case of the documents.
fn spelled<'w>(word: &&'w str) -> &'w str {
    match *word {
        "wrapkey" => "wrapKey",
        "unwrapkey" => "unwrapKey",
        other => other,
    }
}

/// The identity for a sentence.
fn described(named: &IdentityRef) -> String {
    match &named.identity {
        Identity::System(Some(cluster)) => format!(
            "the system identity of cluster `{}`",
            cluster.own().map(ToString::to_string).unwrap_or_default()
        ),
        Identity::System(None) => "the system identity".to_owned(),
        Identity::UserAssigned(user) => {
            format!("identity `{}`", user.own().map(ToString::to_string).unwrap_or_default())
        }
        _ => format!("`{}`", named.written),
    }
}
