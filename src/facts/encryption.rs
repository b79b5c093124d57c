//! Clusters and the vaults and keys that encrypt them.

use super::{Case, Condition, ConnectionIdentity, Known, Name, Possible, ResourceKey, Wording};
use crate::service::Version;
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
    /// What its `identity` may be, one for each form; none when the files don't declare the cluster itself.
    pub identity: Vec<IdentityBlock>,
    /// Whether the template makes the cluster: without a `sku` it changes one that exists.
    pub creates: bool,
    /// `apiVersion`.
    pub version: Vec<Possible<Version>>,
    /// `location`, as regions compare.
    pub location: Vec<Possible<Name>>,
    /// Its customer-managed keys, of the cluster and of its databases.
    pub keys: Vec<ClusterKey>,
    /// When it is deployed; its properties are what they are then.
    pub when: Condition,
    /// The template.
    pub case: Case,
}

/// A form that the `identity` of a cluster may have.
#[derive(Clone, Debug)]
pub struct IdentityBlock {
    /// `type` in lower case without blanks, and when the block has this form. Absent without a block.
    pub kind: Possible<String>,
    /// The user-assigned identities that it lists.
    pub users: UserIdentities,
    /// The value of `userAssignedIdentities`; `None` when it is not there.
    pub users_at: Option<FileSpan>,
    /// The identities that it takes away: those whose value is `null`.
    pub removed: Vec<RemovedIdentity>,
}

impl IdentityBlock {
    /// Whether `type` gives the cluster a system-assigned identity; `None` when it can't be told.
    #[must_use]
    pub fn system(&self) -> Option<bool> {
        self.names("systemassigned")
    }

    /// Whether `type` lets the cluster have user-assigned identities; `None` when it can't be told.
    #[must_use]
    pub fn user(&self) -> Option<bool> {
        self.names("userassigned")
    }

    fn names(&self, wanted: &str) -> Option<bool> {
        match &self.kind.value {
            Known::Absent => Some(false),
            Known::Value(kind) => Some(kind.split(',').any(|word| word == wanted)),
            Known::Unknown(_) => None,
        }
    }
}

/// An entry of `userAssignedIdentities` that takes the identity away.
#[derive(Clone, Debug)]
pub struct RemovedIdentity {
    /// The identity.
    pub name: Name,
    /// The value `null`.
    pub at: FileSpan,
}

/// The user-assigned identities of a cluster.
#[derive(Clone, Debug, Default)]
pub struct UserIdentities {
    /// The ones that are known.
    pub known: Vec<ResourceKey>,
    /// The resource group of each of them, as far as its id tells.
    pub groups: Vec<Option<String>>,
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
    /// What can't be the address of a vault or the name of a key.
    pub flaws: Vec<Possible<AddressFlaw>>,
    /// `keyVersion`.
    pub version: Vec<Possible<String>>,
    /// What `userIdentity` may be.
    pub identities: Vec<ConnectionIdentity>,
    /// The database whose own key it is; `None` for the cluster's.
    pub of_database: Option<KeyOfDatabase>,
    /// When the cluster is deployed and has it.
    pub when: Condition,
    /// How it is written.
    pub wording: Wording,
}

/// Where the key of a database is set.
#[derive(Clone, Debug)]
pub struct KeyOfDatabase {
    /// The database.
    pub name: Name,
    /// `apiVersion` of the database.
    pub version: Vec<Possible<Version>>,
}

/// Why a value is no address of a vault or no name of a key.
///
/// Source: customer-managed-keys.md, 03/15/2026: address, name and version are three properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressFlaw {
    /// `keyVaultUri` is the identifier of a key.
    KeyIdentifier,
    /// `keyVaultUri` names something else inside of the vault.
    Path,
    /// `keyVaultUri` does not start with `https://`.
    Insecure,
    /// `keyVaultUri` is a name, and no URI.
    NoUri,
    /// `keyName` is a URI.
    NameIsUri,
    /// `keyName` has a version or another name in it.
    NameWithVersion,
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
    /// `enableRbacAuthorization`.
    pub roles_only: Vec<Possible<bool>>,
    /// `apiVersion`.
    pub version: Vec<Possible<Version>>,
    /// `location`, as regions compare.
    pub location: Vec<Possible<Name>>,
    /// When it is deployed; its settings are what they are then.
    pub when: Condition,
    /// Whether a deleted vault is recovered: its settings then come from the deleted one.
    pub recovers: bool,
    /// How it is written.
    pub wording: Wording,
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
    /// `keyOps`, in lower case.
    pub operations: Vec<Possible<Vec<String>>>,
    /// `attributes.enabled`.
    pub enabled: Vec<Possible<bool>>,
    /// `attributes.exp`, in seconds since 1970.
    pub expires: Vec<Possible<i64>>,
    /// How it is written.
    pub wording: Wording,
    /// The template.
    pub case: Case,
}
