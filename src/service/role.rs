//! Built-in roles of Azure by the id of their definition.

/// What holds the data that a role is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Blobs and files of a storage account.
    Blobs,
    /// Queues of a storage account.
    Queues,
    /// Tables of a storage account.
    Tables,
    /// Event hubs.
    EventHubs,
    /// Event Grid.
    EventGrid,
    /// A Cosmos DB account: its settings and keys.
    CosmosAccount,
    /// The items in a Cosmos DB account.
    CosmosItems,
    /// Models of Azure `OpenAI`.
    OpenAI,
    /// Keys of a vault.
    VaultKeys,
    /// Secrets of a vault.
    VaultSecrets,
    /// SQL databases.
    Sql,
    /// Managed identities.
    Identities,
}

/// What a role lets one do with the data of its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Read, receive, call.
    Read,
    /// Write or send only.
    Write,
    /// Both.
    ReadWrite,
    /// Neither: it manages the service, or hands out its keys.
    Manage,
}

/// What a role allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Management of resources only: no data action, blobs can't be read through it.
    ControlPlane,
    /// Blobs can be read.
    BlobRead,
    /// Blobs can be read and written.
    BlobWrite,
    /// This on the data of another target, and nothing on blobs.
    Of(Target, Access),
}

impl Reach {
    /// Whether it lets one read the data of `target`.
    #[must_use]
    pub fn reads(self, target: Target) -> bool {
        match self {
            Self::ControlPlane => false,
            Self::BlobRead | Self::BlobWrite => target == Target::Blobs,
            Self::Of(of, access) => of == target && matches!(access, Access::Read | Access::ReadWrite),
        }
    }
}

/// A built-in role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role {
    /// Name in the portal.
    pub name: &'static str,
    /// Id of the role definition.
    pub id: &'static str,
    /// What it allows.
    pub reach: Reach,
}

/// The roles that decide whether an identity reaches the data of a service.
///
/// Ids: role tables of Azure/bicep-registry-modules, 2025-2026; those of the two roles inside Cosmos DB, which are
/// definitions of the account and not of Azure: ingest-data-cosmos-db-connection.md, 02/12/2026. That the management
/// roles let ingestion fail: ingest-data-managed-identity.md, 03/03/2022 and 02/12/2026.
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
    role(
        "Storage Blob Delegator",
        "db58b8e5-c6ad-4a2a-8342-4190687cbf4a",
        Reach::Of(Target::Blobs, Access::Manage),
    ),
    role(
        "Reader and Data Access",
        "c12c1c16-33a1-487b-954d-41c89c60f349",
        Reach::Of(Target::Blobs, Access::Manage),
    ),
    role(
        "Storage Account Key Operator Service Role",
        "81a9662b-bebf-436f-a333-f67b29880f12",
        Reach::Of(Target::Blobs, Access::Manage),
    ),
    role(
        "Storage Queue Data Reader",
        "19e7f393-937e-4f77-808e-94535e297925",
        Reach::Of(Target::Queues, Access::Read),
    ),
    role(
        "Storage Queue Data Contributor",
        "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
        Reach::Of(Target::Queues, Access::ReadWrite),
    ),
    role(
        "Storage Queue Data Message Sender",
        "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a",
        Reach::Of(Target::Queues, Access::Write),
    ),
    role(
        "Storage Queue Data Message Processor",
        "8a0f0c08-91a1-4084-bc3d-661d67233fed",
        Reach::Of(Target::Queues, Access::Read),
    ),
    role(
        "Storage Table Data Reader",
        "76199698-9eea-4c19-bc75-cec21354c6b6",
        Reach::Of(Target::Tables, Access::Read),
    ),
    role(
        "Storage Table Data Contributor",
        "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
        Reach::Of(Target::Tables, Access::ReadWrite),
    ),
    role(
        "Azure Event Hubs Data Receiver",
        "a638d3c7-ab3a-418d-83e6-5f17a39d4fde",
        Reach::Of(Target::EventHubs, Access::Read),
    ),
    role(
        "Azure Event Hubs Data Sender",
        "2b629674-e913-4c01-ae53-ef4638d8f975",
        Reach::Of(Target::EventHubs, Access::Write),
    ),
    role(
        "Azure Event Hubs Data Owner",
        "f526a384-b230-433a-b45c-95f59c4a2dec",
        Reach::Of(Target::EventHubs, Access::ReadWrite),
    ),
    role(
        "EventGrid Contributor",
        "1e241071-0855-49ea-94dc-649edcd759de",
        Reach::Of(Target::EventGrid, Access::Manage),
    ),
    role(
        "Cosmos DB Account Reader Role",
        "fbdf93bf-df7d-467e-a4d2-9458aa1360c8",
        Reach::Of(Target::CosmosAccount, Access::Read),
    ),
    role(
        "Cosmos DB Operator",
        "230815da-be43-4aae-9cb4-875f7bd000aa",
        Reach::Of(Target::CosmosAccount, Access::Manage),
    ),
    role(
        "DocumentDB Account Contributor",
        "5bd9cd88-fe45-4216-938b-f97437e15450",
        Reach::Of(Target::CosmosAccount, Access::ReadWrite),
    ),
    role(
        "Cosmos DB Built-in Data Reader",
        "00000000-0000-0000-0000-000000000001",
        Reach::Of(Target::CosmosItems, Access::Read),
    ),
    role(
        "Cosmos DB Built-in Data Contributor",
        "00000000-0000-0000-0000-000000000002",
        Reach::Of(Target::CosmosItems, Access::ReadWrite),
    ),
    role(
        "Cognitive Services OpenAI User",
        "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd",
        Reach::Of(Target::OpenAI, Access::Read),
    ),
    role(
        "Cognitive Services OpenAI Contributor",
        "a001fd3d-188f-4b5d-821b-7da978bf7442",
        Reach::Of(Target::OpenAI, Access::ReadWrite),
    ),
    role(
        "Cognitive Services User",
        "a97b65f3-24c7-4388-baec-2e87135dc908",
        Reach::Of(Target::OpenAI, Access::Read),
    ),
    role(
        "Cognitive Services Contributor",
        "25fbc0a9-bd7c-42a3-aa1a-3b75d497ee68",
        Reach::Of(Target::OpenAI, Access::Manage),
    ),
    role(
        "Key Vault Crypto Service Encryption User",
        "e147488a-f6f5-4113-8e2d-b22465e65bf6",
        Reach::Of(Target::VaultKeys, Access::Read),
    ),
    role(
        "Key Vault Crypto User",
        "12338af0-0e69-4776-bea7-57ae8d297424",
        Reach::Of(Target::VaultKeys, Access::Read),
    ),
    role(
        "Key Vault Crypto Officer",
        "14b46e9e-c2b7-41b4-b07b-48a6ebf60603",
        Reach::Of(Target::VaultKeys, Access::ReadWrite),
    ),
    role(
        "Key Vault Administrator",
        "00482a5a-887f-4fb3-b363-3b7fe8e74483",
        Reach::Of(Target::VaultKeys, Access::ReadWrite),
    ),
    role(
        "Key Vault Reader",
        "21090545-7ca7-4776-b22c-e363652d74d2",
        Reach::Of(Target::VaultKeys, Access::Manage),
    ),
    role(
        "Key Vault Contributor",
        "f25e0fa2-a7c8-4377-a976-54943a77a395",
        Reach::Of(Target::VaultKeys, Access::Manage),
    ),
    role(
        "Key Vault Secrets User",
        "4633458b-17de-408a-b874-0445c86b69e6",
        Reach::Of(Target::VaultSecrets, Access::Read),
    ),
    role(
        "Key Vault Secrets Officer",
        "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
        Reach::Of(Target::VaultSecrets, Access::ReadWrite),
    ),
    role(
        "SQL DB Contributor",
        "9b7fa17d-e63e-47b0-bb0a-15c516ac86ec",
        Reach::Of(Target::Sql, Access::Manage),
    ),
    role(
        "SQL Server Contributor",
        "6d8ee4ec-f05a-4a1d-8b00-a9b17e38b437",
        Reach::Of(Target::Sql, Access::Manage),
    ),
    role(
        "Managed Identity Contributor",
        "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59",
        Reach::Of(Target::Identities, Access::Manage),
    ),
    role(
        "Managed Identity Operator",
        "f1a07417-d97a-45cb-824c-7a7467783830",
        Reach::Of(Target::Identities, Access::Manage),
    ),
];

/// Roles of the service itself, each with whether it is one of the cluster, as scripts and templates name them in the
/// singular. Those that let nobody read or set anything that rules ask for are here, too: they can be given.
///
/// Source: role-based-access-control.md of the product documentation; `principalAssignments` of the Resource Manager.
pub const KUSTO_ROLES: &[(&str, bool)] = &[
    ("admin", false),
    ("ingestor", false),
    ("monitor", false),
    ("unrestrictedViewer", false),
    ("user", false),
    ("viewer", false),
    ("AllDatabasesAdmin", true),
    ("AllDatabasesMonitor", true),
    ("AllDatabasesViewer", true),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_an_id_of_its_own() {
        for (index, role) in ROLES.iter().enumerate() {
            assert_eq!(role.id.len(), 36, "{}", role.name);
            assert!(
                role.id
                    .chars()
                    .all(|c| c == '-' || c.is_ascii_hexdigit() && !c.is_ascii_uppercase())
            );
            let again = ROLES
                .iter()
                .skip(index + 1)
                .find(|other| other.id == role.id || other.name == role.name);
            assert!(again.is_none(), "{} stands twice", role.name);
        }
    }

    #[test]
    fn the_least_role_reads_what_it_is_for() {
        for (target, name) in [
            (Target::EventHubs, "Azure Event Hubs Data Receiver"),
            (Target::CosmosAccount, "Cosmos DB Account Reader Role"),
            (Target::CosmosItems, "Cosmos DB Built-in Data Reader"),
            (Target::OpenAI, "Cognitive Services OpenAI User"),
            (Target::VaultKeys, "Key Vault Crypto Service Encryption User"),
        ] {
            let role = least_role(Reach::Of(target, Access::Read)).unwrap();
            assert_eq!(role.name, name);
            assert!(role.reach.reads(target) && !role.reach.reads(Target::Blobs));
        }
        let writes = least_role(Reach::BlobWrite).unwrap();
        assert!(writes.reach.reads(Target::Blobs), "{}", writes.name);
        let sends = role_by_id("2B629674-E913-4C01-AE53-EF4638D8F975").unwrap();
        assert!(!sends.reach.reads(Target::EventHubs), "{}", sends.name);
    }
}
