//! The flows in which the service acts as a managed identity, and those in which it cannot.

use super::Usage;

/// Something that the service does, or is asked to do, as a managed identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flow {
    /// An external table over storage, Delta or SQL.
    ExternalTable,
    /// An external table over Cosmos DB.
    CosmosDbTable,
    /// A continuous export.
    ContinuousExport,
    /// An update policy.
    UpdatePolicy,
    /// Query acceleration of an external table.
    QueryAcceleration,
    /// A data connection from Event Hubs.
    EventHubConnection,
    /// A data connection from Event Grid.
    EventGridConnection,
    /// A data connection from the change feed of Cosmos DB.
    CosmosDbConnection,
    /// `.ingest into` from storage.
    IngestFromStorage,
    /// `.ingest-from-storage-queued` and `.list blobs`.
    QueuedIngestCommand,
    /// `.export` to storage.
    ExportToStorage,
    /// The `externaldata` operator.
    ExternalData,
    /// The `inline_external_table` operator.
    InlineExternalTable,
    /// The `infer_storage_schema` plugin.
    InferStorageSchema,
    /// Artifacts of the `python` plugin.
    SandboxArtifacts,
    /// The `sql_request` plugin.
    SqlRequest,
    /// The `cosmosdb_sql_request` plugin.
    CosmosDbRequest,
    /// The plugins that call Azure `OpenAI`.
    AzureAI,
    /// Any string for Amazon S3.
    AmazonS3,
    /// A `MySQL` external table or request.
    MySql,
    /// A `PostgreSQL` external table or request.
    PostgreSql,
    /// `.export to sql`.
    ExportToSql,
    /// Data Lake Storage Gen1 in an external table, `externaldata` or a plugin.
    DataLakeGen1,
    /// `.ingest inline`.
    InlineIngestion,
    /// A data connection from `IoT` Hub.
    IotHubConnection,
}

/// Whether a flow works with a managed identity.
#[derive(Clone, Copy, Debug)]
pub enum Support {
    /// It works when the policy allows this usage.
    Needs(Usage),
    /// It works, and no document names a usage for it.
    NoUsage,
    /// It does not work; the text says what works instead.
    Never(&'static str),
}

/// How sure the row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// A document says so.
    Documented,
    /// It follows from documents without standing in one: it may back a warning, never an error.
    Inferred,
}

/// What is known of a flow.
#[derive(Clone, Copy, Debug)]
pub struct FlowRow {
    /// The flow.
    pub flow: Flow,
    /// What the flow is called in a sentence.
    pub title: &'static str,
    /// Whether it works, and with which usage.
    pub support: Support,
    /// How sure that is.
    pub basis: Basis,
    /// The document and its date.
    pub source: &'static str,
}

/// Which way out a flow without identity support has.
const CREDENTIALS: &str = "user name and password in an obfuscated literal (`h'…'`)";

/// All flows.
///
/// `.ingest into` counts as documented: the pages of 03/03/2022 and 02/12/2026 name `NativeIngestion` for
/// ingestion on behalf of an identity, and production templates grant exactly it for exactly this command.
pub const FLOWS: &[FlowRow] = &[
    needs(
        Flow::ExternalTable,
        "an external table",
        Usage::ExternalTable,
        "external-tables-managed-identities.md, 07/13/2026",
    ),
    needs(
        Flow::CosmosDbTable,
        "an external table over Cosmos DB",
        Usage::ExternalTable,
        "external-tables-managed-identities.md, 07/13/2026",
    ),
    needs(
        Flow::ContinuousExport,
        "a continuous export",
        Usage::AutomatedFlows,
        "continuous-export-with-managed-identity.md, 12/01/2024",
    ),
    needs(
        Flow::UpdatePolicy,
        "an update policy",
        Usage::AutomatedFlows,
        "update-policy-with-managed-identity.md, 06/01/2026",
    ),
    needs(
        Flow::QueryAcceleration,
        "query acceleration",
        Usage::AutomatedFlows,
        "alter-query-acceleration-policy-command.md, 06/29/2026",
    ),
    needs(
        Flow::EventHubConnection,
        "an Event Hubs data connection",
        Usage::DataConnection,
        "create-event-hubs-connection.md, 01/12/2026",
    ),
    needs(
        Flow::EventGridConnection,
        "an Event Grid data connection",
        Usage::DataConnection,
        "create-event-grid-connection.md, 02/08/2026",
    ),
    FlowRow {
        support: Support::NoUsage,
        ..inferred(
            Flow::CosmosDbConnection,
            "a Cosmos DB data connection",
            Usage::DataConnection,
            "ingest-data-cosmos-db-connection.md, 02/12/2026",
        )
    },
    needs(
        Flow::IngestFromStorage,
        "`.ingest into`",
        Usage::NativeIngestion,
        "ingest-data-managed-identity.md, 02/12/2026",
    ),
    inferred(
        Flow::QueuedIngestCommand,
        "queued ingestion",
        Usage::NativeIngestion,
        "ingest-from-storage-queued.md, 12/12/2025",
    ),
    needs(
        Flow::ExportToStorage,
        "`.export` to storage",
        Usage::ExportRequest,
        "export-data-to-storage.md, 03/02/2025",
    ),
    needs(
        Flow::ExternalData,
        "`externaldata`",
        Usage::ExternalDataRequest,
        "externaldata-operator.md, 07/13/2026",
    ),
    inferred(
        Flow::InlineExternalTable,
        "`inline_external_table`",
        Usage::ExternalDataRequest,
        "inline-external-table-operator.md, 06/16/2026",
    ),
    needs(
        Flow::InferStorageSchema,
        "`infer_storage_schema`",
        Usage::ExternalDataRequest,
        "infer-storage-schema-plugin.md, 08/11/2024",
    ),
    needs(
        Flow::SandboxArtifacts,
        "an artifact of a sandboxed plugin",
        Usage::SandboxArtifacts,
        "python-plugin-adx.md, 05/19/2025",
    ),
    needs(
        Flow::SqlRequest,
        "`sql_request`",
        Usage::SqlRequest,
        "sql-request-plugin.md, 07/30/2025",
    ),
    needs(
        Flow::CosmosDbRequest,
        "`cosmosdb_sql_request`",
        Usage::SqlRequest,
        "cosmosdb-plugin.md, 07/30/2025",
    ),
    needs(
        Flow::AzureAI,
        "a call of Azure OpenAI",
        Usage::AzureAI,
        "ai-embeddings-plugin.md, 05/06/2025",
    ),
    never(
        Flow::AmazonS3,
        "Amazon S3",
        "`;AwsCredentials=…` in an obfuscated literal (`h'…'`), or a presigned URL",
        "storage-connection-strings.md, 07/13/2026",
    ),
    never(
        Flow::MySql,
        "a MySQL database",
        CREDENTIALS,
        "sql-connection-strings.md, 08/11/2024",
    ),
    never(
        Flow::PostgreSql,
        "a PostgreSQL database",
        CREDENTIALS,
        "sql-connection-strings.md, 08/11/2024",
    ),
    never(
        Flow::ExportToSql,
        "`.export to sql`",
        "`Authentication=\"Active Directory Integrated\"`, or `.export to table` with an external table of kind `sql`",
        "export-data-to-sql.md, 12/01/2024",
    ),
    never(
        Flow::DataLakeGen1,
        "Data Lake Storage Gen1",
        "a container of Blob Storage or Data Lake Storage Gen2",
        "storage-connection-strings.md, 07/13/2026",
    ),
    never(
        Flow::InlineIngestion,
        "`.ingest inline`",
        "`.ingest into` from storage, or queued ingestion",
        "ingest-data-managed-identity.md, 02/12/2026",
    ),
    never(
        Flow::IotHubConnection,
        "an IoT Hub data connection",
        "`sharedAccessPolicyName`",
        "Microsoft.Kusto API 2024-04-13",
    ),
];

const fn needs(flow: Flow, title: &'static str, usage: Usage, source: &'static str) -> FlowRow {
    FlowRow {
        flow,
        title,
        support: Support::Needs(usage),
        basis: Basis::Documented,
        source,
    }
}

const fn inferred(flow: Flow, title: &'static str, usage: Usage, source: &'static str) -> FlowRow {
    FlowRow {
        flow,
        title,
        support: Support::Needs(usage),
        basis: Basis::Inferred,
        source,
    }
}

const fn never(flow: Flow, title: &'static str, instead: &'static str, source: &'static str) -> FlowRow {
    FlowRow {
        flow,
        title,
        support: Support::Never(instead),
        basis: Basis::Documented,
        source,
    }
}

impl Flow {
    /// What is known of the flow.
    #[must_use]
    pub fn row(self) -> FlowRow {
        const UNKNOWN: FlowRow = FlowRow {
            flow: Flow::ExternalTable,
            title: "",
            support: Support::NoUsage,
            basis: Basis::Inferred,
            source: "",
        };
        FLOWS.iter().find(|row| row.flow == self).copied().unwrap_or(UNKNOWN)
    }

    /// The usage that the flow needs, if one is known.
    #[must_use]
    pub fn usage(self) -> Option<Usage> {
        match self.row().support {
            Support::Needs(usage) => Some(usage),
            Support::NoUsage | Support::Never(_) => None,
        }
    }

    /// The type of the callout that the cluster's callout policy must allow besides, where no predefined entry
    /// allows it.
    ///
    /// Source: callout-policy.md, 12/23/2024; ai-embeddings-plugin.md, 05/06/2025; cosmosdb-plugin.md, 07/30/2025;
    /// python-plugin-adx.md, 05/19/2025. Predefined are callouts to Kusto and to Azure SQL.
    #[must_use]
    pub fn callout(self) -> Option<&'static str> {
        match self {
            Self::SandboxArtifacts => Some("sandbox_artifacts"),
            Self::AzureAI => Some("azure_openai"),
            Self::CosmosDbRequest | Self::CosmosDbTable => Some("cosmosdb"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flow_has_one_row() {
        for (index, row) in FLOWS.iter().enumerate() {
            assert_eq!(
                row.flow as usize, index,
                "{:?} stands in the order of the enumeration",
                row.flow
            );
            assert!(!row.source.is_empty() && !row.title.is_empty());
        }
        assert_eq!(FLOWS.last().map(|row| row.flow), Some(Flow::IotHubConnection));
    }
}
