//! Clusters and the vaults and keys that encrypt them.

use super::{Case, Condition, Name, Possible, ResourceKey};
use crate::text::FileSpan;

/// A Kusto cluster.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// The cluster.
    pub resource: ResourceKey,
    /// The value of its `name`.
    pub at: FileSpan,
    /// Where its identities are declared: the value of `identity.type`, or that of `name` without one.
    pub identity_at: FileSpan,
    /// Whether it has a system-assigned identity; `None` when the files don't say.
    pub system_identity: Option<bool>,
    /// Its user-assigned identities.
    pub users: UserIdentities,
    /// Its customer-managed keys, of the cluster and of its databases.
    pub keys: Vec<ClusterKey>,
    /// The template.
    pub case: Case,
}

/// The user-assigned identities of a cluster.
#[derive(Clone, Debug, Default)]
pub struct UserIdentities {
    /// The ones that are known.
    pub known: Vec<ResourceKey>,
    /// Whether there are no others.
    pub complete: bool,
}

/// A customer-managed key as a cluster names it.
#[derive(Clone, Debug)]
pub struct ClusterKey {
    /// Name of the vault; `None` when it can't be told which vault is meant.
    pub vault: Option<Name>,
    /// Name of the key; `None` when it can't be told.
    pub key: Option<Name>,
    /// The value of `keyVaultUri`, or of `keyVaultProperties` without one.
    pub at: FileSpan,
    /// When the cluster is deployed and has it.
    pub when: Condition,
}

/// A key vault.
#[derive(Clone, Debug)]
pub struct Vault {
    /// Its name.
    pub name: Name,
    /// The value of `name`.
    pub at: FileSpan,
    /// The value of `properties`, or the resource without one.
    pub properties_at: FileSpan,
    /// `enableSoftDelete`.
    pub soft_delete: Vec<Possible<bool>>,
    /// `enablePurgeProtection`.
    pub purge_protection: Vec<Possible<bool>>,
    /// When it is deployed; its settings are what they are then.
    pub when: Condition,
    /// Whether a deleted vault is recovered: its settings then come from the deleted one.
    pub recovers: bool,
    /// The template.
    pub case: Case,
}

/// A key in a vault.
#[derive(Clone, Debug)]
pub struct Key {
    /// Name of the vault.
    pub vault: Name,
    /// Name of the key.
    pub name: Name,
    /// The value of `name`.
    pub at: FileSpan,
    /// When it is deployed; its kind and size are what they are then.
    pub when: Condition,
    /// `kty`, in upper case.
    pub kind: Vec<Possible<String>>,
    /// `keySize`, in bits.
    pub size: Vec<Possible<i64>>,
    /// The template.
    pub case: Case,
}
