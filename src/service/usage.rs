//! The usages that a managed identity policy can allow.

use std::fmt;

/// A word of `AllowedUsages`.
///
/// Source: managed-identity-policy.md of the product documentation, 11/12/2024.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Usage {
    /// Every present and future usage.
    All,
    /// Continuous exports, update policies and query acceleration.
    AutomatedFlows,
    /// Plugins that call Azure `OpenAI`.
    AzureAI,
    /// Event Hubs and Event Grid data connections.
    DataConnection,
    /// `.export` to storage.
    ExportRequest,
    /// `externaldata` and `infer_storage_schema`.
    ExternalDataRequest,
    /// External tables.
    ExternalTable,
    /// Ingestion from storage on behalf of the identity.
    NativeIngestion,
    /// Artifacts of sandboxed plugins; honoured in the cluster's policy only.
    SandboxArtifacts,
    /// `sql_request` and `cosmosdb_sql_request`.
    SqlRequest,
}

/// All usages with their spelling in the documentation.
pub const USAGES: [(Usage, &str); 10] = [
    (Usage::All, "All"),
    (Usage::AutomatedFlows, "AutomatedFlows"),
    (Usage::AzureAI, "AzureAI"),
    (Usage::DataConnection, "DataConnection"),
    (Usage::ExportRequest, "ExportRequest"),
    (Usage::ExternalDataRequest, "ExternalDataRequest"),
    (Usage::ExternalTable, "ExternalTable"),
    (Usage::NativeIngestion, "NativeIngestion"),
    (Usage::SandboxArtifacts, "SandboxArtifacts"),
    (Usage::SqlRequest, "SqlRequest"),
];

impl Usage {
    /// The usage of that name. Letter case is ignored: whether the service minds it is undocumented, and
    /// a grant that may hold must not be taken for a missing one.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        USAGES
            .iter()
            .find(|(_, name)| name.eq_ignore_ascii_case(word))
            .map(|(usage, _)| *usage)
    }

    /// Whether a grant of this usage allows `needed`.
    #[must_use]
    pub fn allows(self, needed: Self) -> bool {
        self == needed || self == Self::All
    }

    /// The spelling of the documentation.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        USAGES
            .iter()
            .find(|(usage, _)| *usage == self)
            .map_or("", |(_, name)| name)
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
