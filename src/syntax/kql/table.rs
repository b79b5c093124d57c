//! The commands that are known, as one table.

use super::ast::Body;
use super::command::Head;
use super::cursor::Cursor;
use super::{body, object};

/// How a known command starts, and how the rest of it is read.
pub(super) struct Known {
    /// Its first word, or several separated by `|`.
    pub(super) verbs: &'static str,
    /// The words after it. `NAME` is a name, `TABLE` one that may have a database before it, `NAMES` a list
    /// of names in parentheses, `WORD` any word; `|` separates words of which one stands there. What ends
    /// with `?` may be missing; with `~` it may be missing and is no part of the command's name; with `!` it
    /// may be missing and is part of the name even then (the first of several).
    pub(super) words: &'static str,
    /// Reads the rest.
    pub(super) body: fn(&mut Cursor<'_>, Head) -> Body,
}

const POLICY: &str = "alter|alter-merge|delete|show";
const MAKE: &str = "create|create-or-alter|alter";
const ROLE: &str = "add|drop|set";

const fn row(verbs: &'static str, words: &'static str, body: fn(&mut Cursor<'_>, Head) -> Body) -> Known {
    Known { verbs, words, body }
}

/// The known commands. The first that fits is taken.
#[rustfmt::skip]
pub(super) const KNOWN: &[Known] = &[
    // Policies.
    row(POLICY, "cluster policy managed_identity", body::identity_policy),
    row(POLICY, "database NAME? policy managed_identity", body::identity_policy),
    row(POLICY, "cluster policy WORD", object::policy),
    row(POLICY, "database NAME? policy WORD", object::policy),
    row(POLICY, "table TABLE policy WORD", object::policy),
    row(POLICY, "tables NAMES policy WORD", object::policy),
    row(POLICY, "external table NAME policy WORD", object::policy),
    row(POLICY, "materialized-view TABLE policy WORD", object::policy),
    // Security roles.
    row(ROLE, "cluster admins|databasecreators|users|viewers|monitors|alldatabasesadmins|alldatabasesviewers|alldatabasesmonitors|AllDatabasesAdmin|AllDatabasesViewer|AllDatabasesMonitor", object::role),
    row(ROLE, "database NAME admins|ingestors|monitors|unrestrictedviewers|users|viewers", object::role),
    row(ROLE, "table TABLE admins|ingestors", object::role),
    row(ROLE, "external table NAME admins", object::role),
    row(ROLE, "materialized-view TABLE admins", object::role),
    row(ROLE, "function TABLE admins", object::role),
    // Ingestion.
    row("ingest", "async~ inline into table! TABLE", body::ingest_inline),
    row("ingest", "async~ into table! TABLE", body::ingest_from_storage),
    row("ingest-from-storage-queued", "into table! TABLE", body::ingest_queued),
    row("list", "blobs", body::list_blobs),
    row("set", "stored_query_result NAME", |_, _| Body::Other),
    row("set|append|set-or-append|set-or-replace", "async~ TABLE", object::set_or_append),
    // Exports.
    row("export", "async~ compressed~ async~ to csv|tsv|json|parquet", body::export_to_storage),
    row("export", "async~ compressed~ async~ to sql NAME", body::export_to_sql),
    row("export", "async~ compressed~ async~ to table NAME", body::export_to_table),
    row(MAKE, "continuous-export NAME", body::continuous_export),
    row("drop|enable|disable", "continuous-export NAME", object::about),
    row("show", "continuous-export NAME exported-artifacts|failures?", object::about),
    // External tables.
    row("create|create-or-alter|alter|drop", "external table NAME avro|csv|json|orc|parquet|w3clogfile? mapping", object::mapping),
    row("alter|create|drop", "external table NAME column-docstrings|docstring|folder", object::about),
    row("create|create-or-alter|alter|drop", "external table NAME", body::external_table),
    // Tables and their mappings.
    row("create|create-or-alter|alter|drop", "table TABLE ingestion WORD mapping", object::mapping),
    row("create|create-or-alter|alter|drop", "database NAME ingestion WORD mapping", object::mapping),
    row("create", "table TABLE based-on TABLE", object::table),
    row("alter|alter-merge", "table TABLE extent tags", object::about),
    row("create|create-merge|alter|alter-merge", "table TABLE column-docstrings|docstring|folder", object::about),
    row("create|create-merge|alter|alter-merge", "table TABLE", object::table),
    row("create|create-merge", "tables", object::tables),
    row("clear", "table TABLE data", object::about),
    row("rename", "table TABLE", object::about),
    row("purge|delete", "async~ table TABLE records?", object::remove_records),
    row("purge|delete", "async~ materialized-view TABLE records?", object::remove_records),
    // Functions, views, scripts.
    row("alter", "function TABLE folder|docstring", object::about),
    row(MAKE, "ifnotexists~ function", object::function),
    row("alter", "materialized-view TABLE autoUpdateSchema|docstring|folder|lookback", object::about),
    row(MAKE, "async~ ifnotexists~ materialized-view", object::materialized_view),
    row("enable|disable", "materialized-view TABLE", object::about),
    row("execute", "database|cluster! script", body::execute_script),
    // What is dropped.
    row("drop", "table TABLE columns", object::about),
    row("drop", "table TABLE", object::about),
    row("drop", "tables NAMES", object::about),
    row("drop", "function TABLE", object::about),
    row("drop", "functions NAMES", object::about),
    row("drop", "materialized-view TABLE", object::about),
    row("alter|drop", "database NAME prettyname", object::about),
    row("drop", "database NAME", object::about),
];

/// Words that name the kind of object of a command that is not in the table.
pub(super) const OBJECTS: &[&str] = &[
    "all",
    "async",
    "blobs",
    "cache",
    "capacity",
    "cluster",
    "column",
    "columns",
    "commands",
    "commands-and-queries",
    "continuous-export",
    "continuous-exports",
    "database",
    "databases",
    "diagnostics",
    "drop",
    "entity_group",
    "entity_groups",
    "extent",
    "extents",
    "external",
    "function",
    "functions",
    "graph_model",
    "graph_models",
    "graph_snapshot",
    "graph_snapshots",
    "ingestion",
    "inline",
    "into",
    "journal",
    "materialized-view",
    "materialized-views",
    "operation",
    "operations",
    "plugin",
    "plugins",
    "purge",
    "purges",
    "queries",
    "schema",
    "stored_query_result",
    "stored_query_results",
    "streamingingestion",
    "table",
    "tables",
    "version",
    "workload_group",
    "workload_groups",
];
