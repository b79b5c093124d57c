//! Family "Customer-managed keys": what encryption with a key of one's own requires.

pub mod key_not_rsa_2048;
pub mod missing_purge_protection;
pub mod missing_soft_delete;
mod setting;

use crate::config::Scope;
use crate::diagnostic::Diagnostic;
use crate::facts::Cluster;
use crate::link::{Holder, Workspace};

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
