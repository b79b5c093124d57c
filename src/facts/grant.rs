//! Role assignments, access policies of vaults, and what they are for.

use super::{Case, Condition, IdentityRef, Known, Name, Possible, ResourceKey, Same, Wording};
use crate::service::{Reach, Role, role_by_id};
use crate::text::FileSpan;

/// A role assignment of Azure.
#[derive(Clone, Debug)]
pub struct RoleAssignment {
    /// Who gets the role; `None` when the principal could not be read at all.
    pub principal: Option<IdentityRef>,
    /// The id of the role definition (the last part of `roleDefinitionId`), in lower case.
    pub role: Vec<Possible<String>>,
    /// Where the role holds.
    pub scope: GrantScope,
    /// The value of `roleDefinitionId`.
    pub at: FileSpan,
    /// When it is deployed.
    pub when: Condition,
    /// How it is written.
    pub wording: Wording,
    /// The template.
    pub case: Case,
}

impl RoleAssignment {
    /// Whether it may give more than the management of resources.
    #[must_use]
    pub fn may_give_data(&self) -> bool {
        self.role.iter().any(|role| management_role(&role.value).is_none())
    }
}

/// The role, if it is certainly one of management only.
#[must_use]
pub fn management_role(role: &Known<String>) -> Option<Role> {
    match role {
        Known::Value(id) => role_by_id(id).filter(|role| role.reach == Reach::ControlPlane),
        Known::Absent | Known::Unknown(_) => None,
    }
}

/// Where a role holds.
#[derive(Clone, Debug)]
pub enum GrantScope {
    /// A storage account, or a container in it.
    Storage {
        /// The account.
        account: Name,
        /// The container, if the role is bound to one.
        container: Option<Name>,
    },
    /// A resource that holds no blobs: an event hub, a namespace of hubs, a Cosmos DB account, a vault.
    Resource(ResourceKey),
    /// A resource group, subscription or management group: everything in it.
    Group,
    /// It can't be told.
    Unknown,
}

impl GrantScope {
    /// Whether a role that holds here holds on a resource: here is the resource, one that it lies in, or one that
    /// lies in it.
    #[must_use]
    pub fn reaches(&self, resource: &ResourceKey) -> Same {
        match self {
            Self::Storage { account, .. } if resource.kind == STORAGE_ACCOUNTS => match resource.root() {
                Some(name) if name.is(account) => Same::Yes,
                Some(name) if name.is_not(account) => Same::No,
                _ => Same::Maybe,
            },
            Self::Storage { .. } => Same::No,
            Self::Resource(scope) => scope.shares_path(resource),
            Self::Group => Same::Yes,
            Self::Unknown => Same::Maybe,
        }
    }
}

/// The type of storage accounts, in lower case.
pub const STORAGE_ACCOUNTS: &str = "microsoft.storage/storageaccounts";

/// What gives an identity access to the keys and secrets of a vault, but for roles.
#[derive(Clone, Debug)]
pub struct VaultAccess {
    /// The vault.
    pub vault: Name,
    /// Who gets it; `None` when it could not be read at all.
    pub principal: Option<IdentityRef>,
    /// The permissions to keys, in lower case.
    pub keys: Known<Vec<String>>,
    /// The permissions to keys, or the entry without them.
    pub at: FileSpan,
    /// When it is given.
    pub when: Condition,
    /// Whether it stands in the vault itself, whose list replaces what the vault had.
    pub own: bool,
    /// How it is written.
    pub wording: Wording,
    /// The template.
    pub case: Case,
}

/// A storage account that a template declares.
#[derive(Clone, Debug)]
pub struct StorageAccount {
    /// Its name.
    pub name: Name,
    /// The value of `name`.
    pub at: FileSpan,
    /// `allowSharedKeyAccess`.
    pub shared_key: Vec<Possible<bool>>,
    /// The template.
    pub case: Case,
}
