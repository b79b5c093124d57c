//! Role assignments.

use super::{Case, IdentityRef, Name, Possible};
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
