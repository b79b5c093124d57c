//! What commands make in a database: tables over storage, what runs by itself, who may do what.

use super::{Condition, IdentityRef, Known, Name, ScriptId};
use crate::text::{Editable, FileSpan};

/// Where and when a command runs.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The cluster, if the files say so.
    pub cluster: Option<Name>,
    /// The database, if the files say so.
    pub database: Option<Name>,
    /// The script it stands in.
    pub script: ScriptId,
    /// Its place in the order of that script.
    pub order: u32,
    /// When it runs.
    pub when: Condition,
}

impl Setting {
    /// Whether two commands certainly run in one database.
    #[must_use]
    pub fn is_one_with(&self, other: &Self) -> bool {
        let named = matches!((&self.database, &other.database), (Some(one), Some(two)) if one.is(two));
        self.script == other.script || named
    }

    /// Whether two commands can be about objects of one database.
    #[must_use]
    pub fn joins(&self, other: &Self) -> bool {
        let differ =
            |one: &Option<Name>, two: &Option<Name>| matches!((one, two), (Some(one), Some(two)) if one.is_not(two));
        self.script.is_run()
            && other.script.is_run()
            && self.script.case.joins(other.script.case)
            && self.when.and(&other.when).is_some()
            && !differ(&self.cluster, &other.cluster)
            && !differ(&self.database, &other.database)
    }
}

/// How a connection string signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SignIn {
    /// As the user or the identity that runs the query.
    Impersonation,
    /// As a managed identity that the string names.
    ManagedIdentity,
    /// With a key, a signature, a token or a password.
    Secret,
    /// Not at all, in another way, or not known.
    Other,
}

/// Where the data of an external table lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TableKind {
    /// Blobs or a data lake.
    Storage,
    /// A Delta table, whose storage is read when the table is made.
    Delta,
    /// A database that speaks SQL.
    Sql,
    /// Another word, none, or one that is not known.
    Other,
}

/// A command that makes or changes an external table.
#[derive(Clone, Debug)]
pub struct ExternalTable {
    /// Its name.
    pub name: Name,
    /// Where its data lies.
    pub kind: TableKind,
    /// How each of its connection strings signs in, and where it says so.
    pub sign_ins: Vec<(SignIn, FileSpan)>,
    /// The storage accounts that its connection strings name.
    pub accounts: Vec<Name>,
    /// Whether the command fails when there is such a table already (`.create`).
    pub only_new: bool,
    /// The command's verb.
    pub verb_at: FileSpan,
    /// The verb, where it can be written anew.
    pub verb: Option<Editable>,
    /// The characters of the name.
    pub at: FileSpan,
    /// Where and when the command runs.
    pub setting: Setting,
}

/// A command that exports to an external table.
#[derive(Clone, Debug)]
pub struct TableExport {
    /// The external table.
    pub table: Name,
    /// The characters of its name.
    pub at: FileSpan,
    /// Where and when the command runs.
    pub setting: Setting,
}

/// A command that removes an external table.
#[derive(Clone, Debug)]
pub struct DroppedTable {
    /// Its name.
    pub name: Name,
    /// The command's verb.
    pub at: FileSpan,
    /// Where and when the command runs.
    pub setting: Setting,
}

/// A query that something runs by itself, as far as rules ask.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    /// Other databases that it names (`database('x')`), with their places.
    pub databases: Vec<(Name, FileSpan)>,
    /// The words in it that stand where a table does, each once, in their order.
    pub words: Vec<String>,
    /// The words in it that are called as functions, each once, in their order.
    pub calls: Vec<String>,
}

/// A continuous export.
#[derive(Clone, Debug)]
pub struct ContinuousExport {
    /// Its name.
    pub name: Name,
    /// The external table that it writes to.
    pub table: Option<Name>,
    /// The identity that runs it.
    pub identity: Known<IdentityRef>,
    /// What its query reads.
    pub reads: Reads,
    /// The characters of the name.
    pub at: FileSpan,
    /// Where and when the command runs.
    pub setting: Setting,
}

/// One object of an update policy.
#[derive(Clone, Debug)]
pub struct UpdatePolicy {
    /// The table that it fills.
    pub table: Option<Name>,
    /// The identity that runs it.
    pub identity: Known<IdentityRef>,
    /// Whether the policy is on.
    pub enabled: bool,
    /// What its query reads.
    pub reads: Reads,
    /// The value of `Query`, or the whole object without one.
    pub at: FileSpan,
    /// Where and when the command runs.
    pub setting: Setting,
}

/// A query acceleration policy.
#[derive(Clone, Debug)]
pub struct Acceleration {
    /// The external table that is accelerated.
    pub table: Name,
    /// The identity that reads its storage.
    pub identity: Known<IdentityRef>,
    /// Whether the policy is on.
    pub enabled: bool,
    /// The policy's text.
    pub at: FileSpan,
    /// Where and when the command runs.
    pub setting: Setting,
}

/// A managed identity policy on something that has none: a table, a view.
#[derive(Clone, Debug)]
pub struct MisplacedPolicy {
    /// The command's verb.
    pub at: FileSpan,
    /// Where and when the command runs.
    pub setting: Setting,
}

/// A row level security policy.
#[derive(Clone, Debug)]
pub struct RowSecurity {
    /// The table.
    pub table: Name,
    /// Whether it is on.
    pub enabled: bool,
    /// The command's verb.
    pub at: FileSpan,
    /// Where and when the command runs.
    pub setting: Setting,
}

/// A stored function.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name.
    pub name: Name,
    /// What its body reads.
    pub reads: Reads,
    /// The characters of the name.
    pub at: FileSpan,
    /// Where and when the command runs.
    pub setting: Setting,
}

/// Principals that get a role in the cluster or in a database.
#[derive(Clone, Debug)]
pub struct KustoGrant {
    /// The database; `None` for the cluster.
    pub database: Option<Name>,
    /// Whether the role is one of the cluster.
    pub of_cluster: bool,
    /// The role in lower case without a plural's `s`: `viewer`, `alldatabasesadmin`; empty if it is not known.
    pub role: String,
    /// The applications that get it, managed identities among them.
    pub principals: Vec<IdentityRef>,
    /// Whether others may get it that the files do not show: members of a group, a principal that is not known.
    pub others: bool,
    /// The command's verb, or the resource's name.
    pub at: FileSpan,
    /// Where and when it is done.
    pub setting: Setting,
}

/// An entry of a callout policy.
#[derive(Clone, Debug)]
pub struct Callout {
    /// `CalloutType` in lower case; `None` when the policy could not be read.
    pub kind: Option<String>,
    /// Where it stands.
    pub at: FileSpan,
}

/// An `.execute … script`.
#[derive(Clone, Debug)]
pub struct ScriptRun {
    /// `ThrowOnErrors`.
    pub throws: Known<bool>,
    /// `ContinueOnErrors`.
    pub continues: Known<bool>,
    /// Whether a command in it changes a managed identity policy.
    pub sets_identities: bool,
    /// The command's verb.
    pub at: FileSpan,
    /// The place for properties, if it has none.
    pub properties: Option<Editable>,
    /// Where and when it runs.
    pub setting: Setting,
}
