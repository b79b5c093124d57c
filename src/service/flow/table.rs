//! What is known of each flow: one row for each, with the document that says so.

use super::{Basis, Flow, FlowRow, Levels, Need, Seen, SignsIn, Support};
use crate::service::{Access, Reach, Target, Usage};

/// Which way out a flow without identity support has.
const CREDENTIALS: &str = "user name and password in an obfuscated literal (`h'…'`)";

const READ_BLOBS: Need = Need::Role(Reach::BlobRead);
const WRITE_BLOBS: Need = Need::Role(Reach::BlobWrite);
const RECEIVE_EVENTS: Need = Need::Role(Reach::Of(Target::EventHubs, Access::Read));
const READ_ITEMS: Need = Need::Role(Reach::Of(Target::CosmosItems, Access::Read));
const CALL_MODELS: Need = Need::Role(Reach::Of(Target::OpenAI, Access::Read));
const SELECT: Need = Need::Rights("`SELECT` in the database; `INSERT` and `UPDATE` where it writes");
const SELECT_OR_WRITE: Need = Need::Rights(
    "in an SQL database `SELECT`; `INSERT` and `UPDATE` where it writes, `CREATE` where it makes the table",
);
const READ_ACCELERATED: Need =
    Need::Rights("a role that reads the blobs of an accelerated external table, where its query reads one");
const VIEW: Need = Need::Rights("role `viewer` of each database that its query reads");

/// All flows.
///
/// `.ingest into` counts as documented: the pages of 03/03/2022 and 02/12/2026 name `NativeIngestion` for
/// ingestion on behalf of an identity, and production templates grant exactly it for exactly this command.
///
/// Roles on storage: storage-connection-strings.md, 07/13/2026. Callouts: callout-policy.md, 12/23/2024.
pub const FLOWS: &[FlowRow] = &[
    FlowRow {
        flow: Flow::ExternalTable,
        title: "an external table",
        seen: &[
            Seen::Command(".create external table"),
            Seen::Words("of kind `storage`, `delta` or `sql`; `.export to table` to it"),
        ],
        support: Support::Needs(Usage::ExternalTable),
        needs: &[READ_BLOBS, Need::ToWrite(Reach::BlobWrite), SELECT_OR_WRITE],
        lasts: true,
        source: "external-tables-managed-identities.md, 07/13/2026",
        ..ROW
    },
    FlowRow {
        flow: Flow::CosmosDbTable,
        title: "an external table over Cosmos DB",
        seen: &[
            Seen::Command(".create external table"),
            Seen::Words("of kind `sql` with `sqlDialect='CosmosDbSQL'`"),
        ],
        support: Support::Needs(Usage::ExternalTable),
        needs: &[READ_ITEMS],
        callout: Some("cosmosdb"),
        lasts: true,
        source: "external-tables-managed-identities.md, 07/13/2026",
        ..ROW
    },
    FlowRow {
        flow: Flow::ContinuousExport,
        title: "a continuous export",
        seen: &[
            Seen::Command(".create-or-alter continuous-export"),
            Seen::Words("with the property `managedIdentity`"),
        ],
        support: Support::Needs(Usage::AutomatedFlows),
        needs: &[VIEW, Need::ToWrite(Reach::BlobWrite)],
        lasts: true,
        source: "continuous-export-with-managed-identity.md, 12/01/2024",
        ..ROW
    },
    FlowRow {
        flow: Flow::UpdatePolicy,
        title: "an update policy",
        seen: &[Seen::Words("`ManagedIdentity` in the policy of a table")],
        support: Support::Needs(Usage::AutomatedFlows),
        needs: &[VIEW, READ_ACCELERATED],
        lasts: true,
        source: "update-policy-with-managed-identity.md, 06/01/2026",
        ..ROW
    },
    FlowRow {
        flow: Flow::QueryAcceleration,
        title: "query acceleration",
        seen: &[Seen::Words(
            "`ManagedIdentity` in the policy `query_acceleration` of an external table",
        )],
        support: Support::Needs(Usage::AutomatedFlows),
        needs: &[READ_BLOBS],
        lasts: true,
        needs_basis: Basis::Inferred,
        source: "alter-query-acceleration-policy-command.md, 06/29/2026",
        ..ROW
    },
    FlowRow {
        flow: Flow::EventHubConnection,
        title: "an Event Hubs data connection",
        seen: &[connection("EventHub", SignsIn::AsIdentityOrWithKey)],
        support: Support::Needs(Usage::DataConnection),
        needs: &[RECEIVE_EVENTS],
        lasts: true,
        source: "create-event-hubs-connection.md, 01/12/2026",
        ..ROW
    },
    FlowRow {
        flow: Flow::EventHubIdentityConnection,
        title: "an Event Hubs data connection that requires an identity",
        seen: &[connection("EventHubWithManagedIdentity", SignsIn::AsIdentity)],
        support: Support::Needs(Usage::DataConnection),
        needs: &[RECEIVE_EVENTS],
        lasts: true,
        basis: Basis::Inferred,
        needs_basis: Basis::Inferred,
        source: "Microsoft.Kusto API 2025-02-14",
        ..ROW
    },
    FlowRow {
        flow: Flow::EventGridConnection,
        title: "an Event Grid data connection",
        seen: &[connection("EventGrid", SignsIn::AsIdentityOrWithKey)],
        support: Support::Needs(Usage::DataConnection),
        needs: &[RECEIVE_EVENTS, READ_BLOBS],
        lasts: true,
        source: "create-event-grid-connection.md, 02/08/2026",
        ..ROW
    },
    FlowRow {
        flow: Flow::EventGridIdentityConnection,
        title: "an Event Grid data connection that requires an identity",
        seen: &[connection("EventGridWithManagedIdentity", SignsIn::AsIdentity)],
        support: Support::Needs(Usage::DataConnection),
        needs: &[RECEIVE_EVENTS, READ_BLOBS],
        lasts: true,
        basis: Basis::Inferred,
        needs_basis: Basis::Inferred,
        source: "Microsoft.Kusto API 2025-02-14",
        ..ROW
    },
    FlowRow {
        flow: Flow::CosmosDbConnection,
        title: "a Cosmos DB data connection",
        seen: &[connection("CosmosDb", SignsIn::AsIdentity)],
        support: Support::NoUsage,
        needs: &[Need::Role(Reach::Of(Target::CosmosAccount, Access::Read)), READ_ITEMS],
        lasts: true,
        basis: Basis::Inferred,
        source: "ingest-data-cosmos-db-connection.md, 02/12/2026",
        ..ROW
    },
    FlowRow {
        flow: Flow::IngestFromStorage,
        title: "`.ingest into`",
        seen: &[
            Seen::Command(".ingest into table"),
            Seen::Words("queued ingestion by a program"),
        ],
        support: Support::Needs(Usage::NativeIngestion),
        needs: &[READ_BLOBS, Need::ToWrite(Reach::BlobWrite)],
        source: "ingest-data-managed-identity.md, 02/12/2026",
        ..ROW
    },
    FlowRow {
        flow: Flow::QueuedIngestCommand,
        title: "queued ingestion",
        seen: &[
            Seen::Command(".ingest-from-storage-queued"),
            Seen::Command(".list blobs"),
        ],
        support: Support::Needs(Usage::NativeIngestion),
        needs: &[READ_BLOBS],
        basis: Basis::Inferred,
        needs_basis: Basis::Inferred,
        source: "ingest-from-storage-queued.md, 12/12/2025",
        ..ROW
    },
    FlowRow {
        flow: Flow::ExportToStorage,
        title: "`.export` to storage",
        seen: &[Seen::Command(".export to csv"), Seen::Words("`tsv`, `json`, `parquet`")],
        support: Support::Needs(Usage::ExportRequest),
        needs: &[WRITE_BLOBS],
        source: "export-data-to-storage.md, 03/02/2025",
        ..ROW
    },
    FlowRow {
        flow: Flow::ExternalData,
        title: "`externaldata`",
        seen: &[Seen::Operator("externaldata"), Seen::Operator("external_data")],
        support: Support::Needs(Usage::ExternalDataRequest),
        needs: &[READ_BLOBS],
        needs_basis: Basis::Inferred,
        source: "externaldata-operator.md, 07/13/2026",
        ..ROW
    },
    FlowRow {
        flow: Flow::InlineExternalTable,
        title: "`inline_external_table`",
        seen: &[Seen::Operator("inline_external_table")],
        support: Support::Needs(Usage::ExternalDataRequest),
        needs: &[READ_BLOBS],
        basis: Basis::Inferred,
        needs_basis: Basis::Inferred,
        source: "inline-external-table-operator.md, 06/16/2026",
        ..ROW
    },
    FlowRow {
        flow: Flow::InferStorageSchema,
        title: "`infer_storage_schema`",
        seen: &[Seen::Operator("infer_storage_schema")],
        support: Support::Needs(Usage::ExternalDataRequest),
        needs: &[READ_BLOBS],
        source: "infer-storage-schema-plugin.md, 08/11/2024",
        ..ROW
    },
    FlowRow {
        flow: Flow::SandboxArtifacts,
        title: "an artifact of a sandboxed plugin",
        seen: &[Seen::Operator("python"), Seen::Operator("r")],
        support: Support::Needs(Usage::SandboxArtifacts),
        needs: &[READ_BLOBS],
        levels: Levels::Cluster,
        callout: Some("sandbox_artifacts"),
        needs_basis: Basis::Inferred,
        source: "python-plugin-adx.md, 05/19/2025",
        ..ROW
    },
    FlowRow {
        flow: Flow::SqlRequest,
        title: "`sql_request`",
        seen: &[Seen::Operator("sql_request")],
        support: Support::Needs(Usage::SqlRequest),
        needs: &[SELECT],
        source: "sql-request-plugin.md, 07/30/2025",
        ..ROW
    },
    FlowRow {
        flow: Flow::CosmosDbRequest,
        title: "`cosmosdb_sql_request`",
        seen: &[Seen::Operator("cosmosdb_sql_request")],
        support: Support::Needs(Usage::SqlRequest),
        needs: &[READ_ITEMS],
        callout: Some("cosmosdb"),
        source: "cosmosdb-plugin.md, 07/30/2025",
        ..ROW
    },
    FlowRow {
        flow: Flow::AzureAI,
        title: "a call of Azure OpenAI",
        seen: &[
            Seen::Operator("ai_embeddings"),
            Seen::Operator("ai_chat_completion"),
            Seen::Operator("ai_chat_completion_prompt"),
        ],
        support: Support::Needs(Usage::AzureAI),
        needs: &[CALL_MODELS],
        callout: Some("azure_openai"),
        source: "ai-embeddings-plugin.md, 05/06/2025; ai-chat-completion-plugin.md, 04/20/2025; ai-chat-completion-prompt-plugin.md, no date",
        ..ROW
    },
    FlowRow {
        flow: Flow::AzureAIEmbedText,
        title: "a call of Azure OpenAI by `ai_embed_text`",
        seen: &[Seen::Operator("ai_embed_text")],
        support: Support::Needs(Usage::AzureAI),
        needs: &[CALL_MODELS],
        callout: Some("azure_openai"),
        basis: Basis::Inferred,
        needs_basis: Basis::Inferred,
        source: "none at hand; taken for `ai_embeddings`",
        ..ROW
    },
    FlowRow {
        flow: Flow::AmazonS3,
        title: "Amazon S3",
        seen: &[Seen::Words("any string for Amazon S3")],
        support: Support::Never("`;AwsCredentials=…` in an obfuscated literal (`h'…'`), or a presigned URL"),
        source: "storage-connection-strings.md, 07/13/2026",
        ..ROW
    },
    FlowRow {
        flow: Flow::MySql,
        title: "a MySQL database",
        seen: &[
            Seen::Command(".create external table"),
            Seen::Words("of kind `sql` with `sqlDialect='MySQL'`"),
            Seen::Operator("mysql_request"),
        ],
        support: Support::Never(CREDENTIALS),
        source: "sql-connection-strings.md, 08/11/2024",
        ..ROW
    },
    FlowRow {
        flow: Flow::PostgreSql,
        title: "a PostgreSQL database",
        seen: &[
            Seen::Command(".create external table"),
            Seen::Words("of kind `sql` with `sqlDialect='PostgreSQL'`"),
            Seen::Operator("postgresql_request"),
        ],
        support: Support::Never(CREDENTIALS),
        source: "sql-connection-strings.md, 08/11/2024",
        ..ROW
    },
    FlowRow {
        flow: Flow::ExportToSql,
        title: "`.export to sql`",
        seen: &[Seen::Command(".export to sql")],
        support: Support::Never(
            "`Authentication=\"Active Directory Integrated\"`, or `.export to table` with an external table of kind `sql`",
        ),
        source: "export-data-to-sql.md, 12/01/2024",
        ..ROW
    },
    FlowRow {
        flow: Flow::DataLakeGen1,
        title: "Data Lake Storage Gen1",
        seen: &[Seen::Words(
            "an external table, `externaldata` or `inline_external_table` over `adl://…`",
        )],
        support: Support::Never("a container of Blob Storage or Data Lake Storage Gen2"),
        source: "storage-connection-strings.md, 07/13/2026",
        ..ROW
    },
    FlowRow {
        flow: Flow::IotHubConnection,
        title: "an IoT Hub data connection",
        seen: &[connection("IotHub", SignsIn::WithKey)],
        support: Support::Never("`sharedAccessPolicyName`"),
        source: "Microsoft.Kusto API 2024-04-13",
        ..ROW
    },
];

/// What most rows have in common.
pub(super) const ROW: FlowRow = FlowRow {
    flow: Flow::ExternalTable,
    title: "",
    seen: &[],
    support: Support::NoUsage,
    levels: Levels::ClusterOrDatabase,
    needs: &[],
    callout: None,
    lasts: false,
    basis: Basis::Documented,
    needs_basis: Basis::Documented,
    source: "",
};

const fn connection(kind: &'static str, signs_in: SignsIn) -> Seen {
    Seen::Connection { kind, signs_in }
}
