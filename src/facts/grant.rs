//! Role assignments.

use super::{Case, IdentityRef, Known, Name, Possible};
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
    /// A resource that holds no blobs.
    OtherResource,
    /// A resource group, subscription or management group: everything in it.
    Group,
    /// It can't be told.
    Unknown,
}

/// A storage account that a template declares.
#[derive(Clone, Debug)]
pub struct StorageAccount {
    /// Its name.
    pub name: Name,
    /// The value of `name`.
    pub at: FileSpan,
    /// The template.
    pub case: Case,
}
