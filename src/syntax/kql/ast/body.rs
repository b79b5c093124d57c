//! What each kind of command says.

use super::super::Literal;
use super::{Command, Name, Principal, PropertyPair};
use crate::text::Span;

/// What a command says, for the commands that matter here.
#[derive(Clone, Debug)]
pub enum Body {
    /// `.alter cluster policy managed_identity '…'` and its kin.
    IdentityPolicy {
        /// What is done to the policy.
        action: PolicyAction,
        /// Whose policy it is.
        level: PolicyLevel,
        /// The words that say so: `cluster`, or `database` with the name.
        level_span: Span,
        /// The policy, if it is a string.
        payload: Option<Literal>,
        /// Where the policy stands, even if it is not a string (which the service refuses).
        payload_span: Option<Span>,
    },
    /// `.ingest into table T ('…')`.
    IngestFromStorage {
        /// The database before the table's name.
        database: Option<Name>,
        /// The table.
        table: Option<Name>,
        /// The addresses of the data.
        sources: Vec<Literal>,
        /// The properties after `with`.
        properties: Vec<PropertyPair>,
    },
    /// `.ingest inline into table T <| …`.
    IngestInline {
        /// The database before the table's name.
        database: Option<Name>,
        /// The table.
        table: Option<Name>,
        /// The properties after `with`.
        properties: Vec<PropertyPair>,
    },
    /// `.ingest-from-storage-queued into table T <| .list blobs (…)`.
    IngestQueued {
        /// The database before the table's name.
        database: Option<Name>,
        /// The table.
        table: Option<Name>,
        /// The addresses of the data.
        sources: Vec<Literal>,
        /// The properties after `with`.
        properties: Vec<PropertyPair>,
    },
    /// `.list blobs (…)`.
    ListBlobs {
        /// The addresses of the containers or folders.
        sources: Vec<Literal>,
    },
    /// `.create external table T …` and its kin.
    ExternalTable {
        /// What is done.
        verb: ExternalTableVerb,
        /// The external table.
        name: Option<Name>,
        /// The kind of storage; `None` if no kind is given.
        kind: Option<ExternalTableKind>,
        /// The connection strings.
        sources: Vec<Literal>,
        /// The properties after `with`.
        properties: Vec<PropertyPair>,
    },
    /// `.create continuous-export E to table T …`.
    ContinuousExport {
        /// The export.
        name: Option<Name>,
        /// The external table that is written to.
        external_table: Option<Name>,
        /// The properties after `with`.
        properties: Vec<PropertyPair>,
        /// The query after `<|`.
        query: Option<Span>,
    },
    /// `.export to csv ('…') <| …`.
    ExportToStorage {
        /// Whether it runs on after the command was answered.
        asynchronous: bool,
        /// The addresses that are written to.
        sources: Vec<Literal>,
        /// The properties after `with`.
        properties: Vec<PropertyPair>,
        /// The query after `<|`.
        query: Option<Span>,
    },
    /// `.export to sql T '…' <| …`.
    ExportToSql {
        /// Whether it runs on after the command was answered.
        asynchronous: bool,
        /// The connection string.
        target: Option<Literal>,
        /// The properties after `with`.
        properties: Vec<PropertyPair>,
        /// The query after `<|`.
        query: Option<Span>,
    },
    /// `.export to table T <| …`.
    ExportToTable {
        /// Whether it runs on after the command was answered.
        asynchronous: bool,
        /// The external table that is written to.
        name: Option<Name>,
        /// The properties after `with`.
        properties: Vec<PropertyPair>,
        /// The query after `<|`.
        query: Option<Span>,
    },
    /// A command on any other policy.
    Policy(Policy),
    /// `.add database D viewers ('aadapp=…')` and its kin.
    SecurityRole {
        /// What is done.
        action: RoleAction,
        /// On what the role is held.
        entity: Entity,
        /// Who gets or loses it; empty after `none`.
        principals: Vec<Principal>,
    },
    /// `.create table T ingestion csv mapping 'M' '…'` and `.create external table T json mapping 'M' '…'`.
    Mapping {
        /// Whose mapping it is.
        entity: Entity,
        /// Its name.
        name: Option<Literal>,
        /// The mapping.
        payload: Option<Literal>,
    },
    /// `.create function F() { … }`.
    Function {
        /// The function.
        name: Option<Name>,
        /// The braces and what is between them.
        body_span: Option<Span>,
        /// The properties after `with`.
        properties: Vec<PropertyPair>,
    },
    /// `.create table T (…)` and `.create tables T (…), U (…)`.
    Table {
        /// The tables.
        entity: Entity,
        /// The properties after `with`.
        properties: Vec<PropertyPair>,
    },
    /// `.create materialized-view V on table T { … }`.
    MaterializedView {
        /// The view.
        name: Option<Name>,
        /// The table or view that it is made of.
        source: Option<Entity>,
        /// The braces and what is between them.
        body_span: Option<Span>,
        /// The properties after `with`.
        properties: Vec<PropertyPair>,
    },
    /// `.set-or-append T <| …` and its kin.
    SetOrAppend {
        /// The table.
        entity: Entity,
        /// The properties after `with`.
        properties: Vec<PropertyPair>,
        /// The query after `<|`.
        query: Option<Span>,
    },
    /// `.purge table T records in database D <| …` and `.delete table T records <| …`.
    RemoveRecords {
        /// The table or materialized view.
        entity: Entity,
        /// The properties after `with`.
        properties: Vec<PropertyPair>,
        /// What is removed.
        query: Option<Span>,
    },
    /// `.execute database script <| …`.
    ExecuteScript {
        /// Where the commands run.
        level: PolicyLevel,
        /// The commands, which hold no further scripts.
        commands: Vec<Command>,
        /// The properties after `with`.
        properties: Vec<PropertyPair>,
        /// Where `with (…)` could be added, if it has none: right after the words of the command.
        properties_place: Option<u32>,
    },
    /// A command that says nothing that matters here but what it is about: `.drop table T`.
    About {
        /// What it is about.
        entity: Entity,
    },
    /// Any other command whose verb and kind of object are known.
    Other,
    /// A command of which at least one of them is not known. It may be newer than this program.
    Unknown,
}

impl Command {
    /// Whether the verb and the kind of object are known.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !matches!(self.body, Body::Unknown)
    }
}

/// A command on a policy other than the managed identity policy.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Which policy.
    pub kind: PolicyKind,
    /// What is done to it.
    pub action: PolicyAction,
    /// Whose policy it is.
    pub entity: Entity,
    /// What `enable` or `disable` before the policy say.
    pub enabled: Option<bool>,
    /// The policy, if it is a string.
    pub payload: Option<Literal>,
    /// What follows the policy's name, string or not; `None` for a policy that is deleted or shown.
    pub payload_span: Option<Span>,
}

/// The policies that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PolicyKind {
    /// `caching`.
    Caching,
    /// `callout`.
    Callout,
    /// `ingestionbatching`.
    IngestionBatching,
    /// `merge`.
    Merge,
    /// `partitioning`.
    Partitioning,
    /// `managed_identity` on what has no such policy: a table, a view.
    ManagedIdentity,
    /// `query_acceleration`.
    QueryAcceleration,
    /// `retention`.
    Retention,
    /// `row_level_security`.
    RowLevelSecurity,
    /// `sandbox`.
    Sandbox,
    /// `streamingingestion`.
    StreamingIngestion,
    /// `update`.
    Update,
    /// Another word.
    Other,
}

/// What a command is about.
#[derive(Clone, Debug)]
pub struct Entity {
    /// The kind of object.
    pub kind: EntityKind,
    /// The database that is named before the object's name or after it.
    pub database: Option<Name>,
    /// The objects; none for the cluster, and where the one in context is meant.
    pub names: Vec<Name>,
}

/// Kinds of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntityKind {
    /// `cluster`.
    Cluster,
    /// `database`.
    Database,
    /// `table`, `tables`, or a table that is named without a word.
    Table,
    /// `external table`.
    ExternalTable,
    /// `materialized-view`.
    MaterializedView,
    /// `function`.
    Function,
    /// `continuous-export`.
    ContinuousExport,
    /// Anything else.
    Other,
}

/// What a command does to the holders of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleAction {
    /// `.add`: more of them.
    Add,
    /// `.drop`: fewer.
    Drop,
    /// `.set`: these and no others.
    Set,
}

/// What a command does to a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyAction {
    /// Replaces it.
    Alter,
    /// Adds to it.
    AlterMerge,
    /// Removes it.
    Delete,
    /// Shows it.
    Show,
}

/// Whose policy, or where a script runs.
#[derive(Clone, Debug)]
pub enum PolicyLevel {
    /// The cluster.
    Cluster,
    /// A database; without a name the one that the command is sent to.
    Database(Option<Name>),
}

/// What a command does to an external table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExternalTableVerb {
    /// `.create`.
    Create,
    /// `.alter`.
    Alter,
    /// `.create-or-alter`.
    CreateOrAlter,
    /// `.drop`.
    Drop,
}

/// Where the data of an external table lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExternalTableKind {
    /// Blobs or a data lake: `storage`, `blob`, `adl`.
    Storage,
    /// A Delta table.
    Delta,
    /// A database that speaks SQL.
    Sql,
    /// Another word, or a place-holder.
    Other,
}
