//! Built-in roles of Azure by the id of their definition.

/// What a role allows on the blobs of a storage account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Management of resources only: no data action, blobs can't be read through it.
    ControlPlane,
    /// Blobs can be read.
    BlobRead,
    /// Blobs can be read and written.
    BlobWrite,
    /// Something else (keys, queues, other services).
    Other,
}

/// A built-in role.
#[derive(Clone, Copy, Debug)]
pub struct Role {
    /// Name in the portal.
    pub name: &'static str,
    /// Id of the role definition.
    pub id: &'static str,
    /// What it allows on blobs.
    pub reach: Reach,
}

/// The roles that decide whether an identity reaches blobs.
///
/// Ids: role tables of Azure/bicep-registry-modules, 2025-2026. That the management roles let ingestion
/// fail: ingest-data-managed-identity.md, 03/03/2022 and 02/12/2026.
pub const ROLES: &[Role] = &[
    role("Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", Reach::ControlPlane),
    role(
        "Contributor",
        "b24988ac-6180-42a0-ab88-20f7382dd24c",
        Reach::ControlPlane,
    ),
    role("Reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7", Reach::ControlPlane),
    role(
        "User Access Administrator",
        "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
        Reach::ControlPlane,
    ),
    role(
        "Role Based Access Control Administrator",
        "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
        Reach::ControlPlane,
    ),
    role(
        "Storage Account Contributor",
        "17d1049b-9a84-46fb-8f53-869881c3d3ab",
        Reach::ControlPlane,
    ),
    role(
        "Storage Blob Data Reader",
        "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
        Reach::BlobRead,
    ),
    role(
        "Storage Blob Data Contributor",
        "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
        Reach::BlobWrite,
    ),
    role(
        "Storage Blob Data Owner",
        "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
        Reach::BlobWrite,
    ),
];

const fn role(name: &'static str, id: &'static str, reach: Reach) -> Role {
    Role { name, id, reach }
}

/// The least role with that reach.
#[must_use]
pub fn least_role(reach: Reach) -> Option<Role> {
    ROLES.iter().find(|role| role.reach == reach).copied()
}

/// The role with that definition id, in any letter case.
#[must_use]
pub fn role_by_id(id: &str) -> Option<Role> {
    ROLES.iter().find(|role| role.id.eq_ignore_ascii_case(id)).copied()
}
