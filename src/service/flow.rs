//! The flows in which the service acts as a managed identity, and those in which it cannot.

mod table;

pub use table::FLOWS;

use super::{Reach, Target, Usage};

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
    /// A data connection from Event Hubs whose kind requires an identity.
    EventHubIdentityConnection,
    /// A data connection from Event Grid.
    EventGridConnection,
    /// A data connection from Event Grid whose kind requires an identity.
    EventGridIdentityConnection,
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
    /// `ai_embed_text`, of which the documents at hand do not tell.
    AzureAIEmbedText,
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
    /// A data connection from `IoT` Hub.
    IotHubConnection,
}

/// Where a flow shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A command that starts with these words.
    Command(&'static str),
    /// An operator or plugin of a query, by its name.
    Operator(&'static str),
    /// A data connection of this kind.
    Connection {
        /// The value of `kind`, in any letter case.
        kind: &'static str,
        /// How such a connection signs in.
        signs_in: SignsIn,
    },
    /// Something else, in words.
    Words(&'static str),
}

/// How a data connection signs in to what it reads from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignsIn {
    /// As a managed identity: the schema requires one.
    AsIdentity,
    /// As a managed identity where one is given, with a key where none is.
    AsIdentityOrWithKey,
    /// With a key: the resource has no property for an identity.
    WithKey,
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

/// Whose policy allows a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Levels {
    /// The cluster's or the database's: what both say adds up.
    ClusterOrDatabase,
    /// The cluster's alone.
    Cluster,
}

/// What the identity needs at the target of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// A role with this reach.
    Role(Reach),
    /// A role with this reach, where the flow writes.
    ToWrite(Reach),
    /// Rights that are no role of Azure, in words.
    Rights(&'static str),
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
    /// Where it shows.
    pub seen: &'static [Seen],
    /// Whether it works, and with which usage.
    pub support: Support,
    /// Whose policy allows it.
    pub levels: Levels,
    /// The least that the identity needs at the target.
    pub needs: &'static [Need],
    /// The type of the callout that the cluster's callout policy must allow besides, where no predefined entry allows
    /// it. Predefined are callouts to Kusto and to Azure SQL.
    pub callout: Option<&'static str>,
    /// Whether what the flow does goes on by itself after the command that set it up.
    pub lasts: bool,
    /// How sure the usage and its levels are.
    pub basis: Basis,
    /// How sure it is what the identity needs at the target.
    pub needs_basis: Basis,
    /// The documents and their dates.
    pub source: &'static str,
}

impl Usage {
    /// Whether only the cluster's policy can allow it: a database's has no effect on any flow that needs it.
    #[must_use]
    pub fn is_of_clusters(self) -> bool {
        let mut flows = FLOWS.iter().filter(|row| row.flow.usage() == Some(self)).peekable();
        flows.peek().is_some() && flows.all(|row| row.levels == Levels::Cluster)
    }
}

impl Flow {
    /// What is known of the flow.
    #[must_use]
    pub fn row(self) -> FlowRow {
        FLOWS.iter().find(|row| row.flow == self).copied().unwrap_or(table::ROW)
    }

    /// The usage that the flow needs, if one is known.
    #[must_use]
    pub fn usage(self) -> Option<Usage> {
        match self.row().support {
            Support::Needs(usage) => Some(usage),
            Support::NoUsage | Support::Never(_) => None,
        }
    }

    /// The flow of an operator or plugin with that name.
    #[must_use]
    pub fn of_operator(name: &str) -> Option<Self> {
        let named = |seen: &Seen| matches!(seen, Seen::Operator(known) if *known == name);
        FLOWS.iter().find(|row| row.seen.iter().any(named)).map(|row| row.flow)
    }

    /// The flow of a data connection whose `kind` is this, in any letter case, and how it signs in.
    #[must_use]
    pub fn of_connection(kind: &str) -> Option<(Self, SignsIn)> {
        FLOWS.iter().find_map(|row| {
            row.seen.iter().find_map(|seen| match seen {
                Seen::Connection { kind: known, signs_in } if known.eq_ignore_ascii_case(kind) => {
                    Some((row.flow, *signs_in))
                }
                _ => None,
            })
        })
    }

    /// Whether it is a data connection.
    #[must_use]
    pub fn is_connection(self) -> bool {
        let connects = |seen: &Seen| matches!(seen, Seen::Connection { .. });
        self.row().seen.iter().any(connects)
    }

    /// Whether the identity needs to read the data of `target`.
    #[must_use]
    pub fn reads(self, target: Target) -> bool {
        let reads = |need: &Need| matches!(need, Need::Role(reach) if reach.reads(target));
        self.row().needs.iter().any(reads)
    }

    /// The reach on blobs that the flow needs at least, where it needs any.
    #[must_use]
    pub fn on_blobs(self) -> Option<Reach> {
        let needs = self.row().needs.iter();
        needs
            .filter_map(|need| match need {
                Need::Role(reach @ (Reach::BlobRead | Reach::BlobWrite)) => Some(*reach),
                _ => None,
            })
            .next()
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
