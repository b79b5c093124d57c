//! The commands that are known, as one table, and the reading of a command by it.

use super::ast::{Body, Command, ExternalTableVerb, Name, PolicyAction, PolicyLevel};
use super::boundary::VERBS;
use super::cursor::Cursor;
use super::{body, operator};
use crate::text::Span;

/// How a known command starts, and how the rest of it is read.
struct Known {
    /// Its first word, or several separated by `|`.
    verbs: &'static str,
    /// The words after it. `NAME` is a name, `TABLE` one that may have a database before it, `WORD` any
    /// word; what ends with `?` may be missing; `|` separates words of which one stands there.
    words: &'static str,
    /// Reads the rest.
    body: fn(&mut Cursor<'_>, Head) -> Body,
}

/// What the words at the start of a command said.
#[derive(Default)]
pub(super) struct Head {
    /// The verb.
    pub(super) verb: String,
    /// The words without names, hyphenated words as one.
    pub(super) words: Vec<String>,
    /// The name, if the command starts with one.
    pub(super) name: Option<Name>,
    /// The database before the name.
    pub(super) database: Option<Name>,
    /// From the first word after the verb to the last one before `policy`.
    pub(super) object: Span,
}

impl Head {
    /// Whether one of the words is `word`.
    pub(super) fn says(&self, word: &str) -> bool {
        self.words.iter().any(|said| said == word)
    }

    pub(super) fn policy_action(&self) -> PolicyAction {
        match self.verb.as_str() {
            "alter" => PolicyAction::Alter,
            "alter-merge" => PolicyAction::AlterMerge,
            "delete" => PolicyAction::Delete,
            _ => PolicyAction::Show,
        }
    }

    pub(super) fn external_table_verb(&self) -> ExternalTableVerb {
        match self.verb.as_str() {
            "alter" => ExternalTableVerb::Alter,
            "create-or-alter" => ExternalTableVerb::CreateOrAlter,
            "drop" => ExternalTableVerb::Drop,
            _ => ExternalTableVerb::Create,
        }
    }

    /// The cluster, or the database that the head names.
    pub(super) fn level(&self) -> PolicyLevel {
        if self.says("cluster") {
            PolicyLevel::Cluster
        } else {
            PolicyLevel::Database(self.name.clone())
        }
    }
}

/// The known commands. The first that fits is taken.
const KNOWN: &[Known] = &[
    Known {
        verbs: "alter|alter-merge|delete|show",
        words: "cluster policy managed_identity",
        body: body::identity_policy,
    },
    Known {
        verbs: "alter|alter-merge|delete|show",
        words: "database NAME? policy managed_identity",
        body: body::identity_policy,
    },
    Known {
        verbs: "ingest",
        words: "async? inline into table? TABLE",
        body: |_, head| Body::IngestInline { table: head.name },
    },
    Known {
        verbs: "ingest",
        words: "async? into table? TABLE",
        body: body::ingest_from_storage,
    },
    Known {
        verbs: "ingest-from-storage-queued",
        words: "into table? TABLE",
        body: body::ingest_queued,
    },
    Known {
        verbs: "list",
        words: "blobs",
        body: |cursor, _| Body::ListBlobs {
            sources: cursor.literals(),
        },
    },
    Known {
        verbs: "alter|alter-merge",
        words: "external table NAME policy query_acceleration",
        body: |cursor, head| Body::QueryAcceleration {
            table: head.name,
            payload: cursor.literal(),
        },
    },
    Known {
        verbs: "alter|alter-merge",
        words: "table TABLE policy update",
        body: |cursor, head| Body::UpdatePolicy {
            table: head.name,
            payload: cursor.literal(),
        },
    },
    Known {
        verbs: "alter|alter-merge|delete|show",
        words: "external table NAME policy WORD",
        body: |_, _| Body::Other,
    },
    Known {
        verbs: "alter|create|create-or-alter|drop",
        words: "external table NAME ingestion? admins|avro|column-docstrings|csv|docstring|folder|json|mapping|orc|parquet|w3clogfile",
        body: |_, _| Body::Other,
    },
    Known {
        verbs: "create|alter|create-or-alter|drop",
        words: "external table NAME",
        body: body::external_table,
    },
    Known {
        verbs: "create|create-or-alter|alter",
        words: "continuous-export NAME",
        body: body::continuous_export,
    },
    Known {
        verbs: "export",
        words: "async? compressed? async? to csv|tsv|json|parquet",
        body: body::export_to_storage,
    },
    Known {
        verbs: "export",
        words: "async? compressed? async? to sql NAME",
        body: |cursor, _| Body::ExportToSql {
            target: cursor.literal(),
        },
    },
    Known {
        verbs: "export",
        words: "async? compressed? async? to table NAME",
        body: |_, head| Body::ExportToTable { name: head.name },
    },
    Known {
        verbs: "create|create-or-alter|alter",
        words: "function",
        body: |cursor, _| Body::Function {
            body_span: body::braces(cursor),
        },
    },
    Known {
        verbs: "alter",
        words: "materialized-view NAME policy WORD",
        body: |_, _| Body::Other,
    },
    Known {
        verbs: "create|create-or-alter|alter",
        words: "async? ifnotexists? materialized-view",
        body: |_, _| Body::MaterializedView,
    },
    Known {
        verbs: "execute",
        words: "cluster|database? script",
        body: body::execute_script,
    },
];

/// Words that name the kind of object of a command that is not in the table.
const OBJECTS: &[&str] = &[
    "all",
    "async",
    "blobs",
    "cache",
    "cluster",
    "column",
    "columns",
    "continuous-export",
    "continuous-exports",
    "database",
    "databases",
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
    "materialized-view",
    "materialized-views",
    "operation",
    "operations",
    "plugin",
    "plugins",
    "purge",
    "purges",
    "queries",
    "stored_query_result",
    "stored_query_results",
    "table",
    "tables",
    "workload_group",
    "workload_groups",
];

/// Reads the command whose dot is the first token.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Command {
    let span = cursor.span(0, cursor.tokens().len());
    cursor.go(1);
    let verb = cursor.peek_word().to_owned();
    let verb_span = cursor.word().unwrap_or(Span::at(span.end));
    let after_verb = cursor.at();
    let known = KNOWN
        .iter()
        .filter(|known| known.verbs.split('|').any(|word| word == verb))
        .find_map(|known| Some((known, head(cursor, after_verb, &verb, known.words)?)));
    let (name, database, body) = if let Some((known, head)) = known {
        let database = if head.says("database") && !head.says("table") {
            head.name.clone()
        } else {
            head.database.clone()
        };
        (Some(head.words.join(" ")), database, (known.body)(cursor, head))
    } else {
        cursor.go(after_verb);
        let known_verb = VERBS.contains(&verb.as_str());
        let (name, database) = generic_name(cursor, verb);
        (known_verb.then_some(name), database, Body::Other)
    };
    Command {
        span,
        name,
        verb: verb_span,
        database,
        body,
        operators: operator::find(cursor),
    }
}

/// Reads the words of a head. A name that may be missing is tried first as there, then as missing: the
/// word after it could be a name too.
fn head(cursor: &mut Cursor<'_>, from: usize, verb: &str, words: &str) -> Option<Head> {
    head_of(cursor, from, verb, words, true).or_else(|| {
        words
            .contains("NAME?")
            .then(|| head_of(cursor, from, verb, words, false))
            .flatten()
    })
}

fn head_of(cursor: &mut Cursor<'_>, from: usize, verb: &str, words: &str, optional_names: bool) -> Option<Head> {
    let mut head = Head {
        verb: verb.to_owned(),
        words: vec![verb.to_owned()],
        ..Head::default()
    };
    cursor.go(from);
    for pattern in words.split(' ') {
        let (pattern, optional) = pattern.strip_suffix('?').map_or((pattern, false), |word| (word, true));
        let found = match pattern {
            "NAME" if optional && !optional_names => false,
            "NAME" => {
                head.name = cursor.name();
                head.name.is_some()
            }
            "TABLE" => match cursor.qualified_name() {
                Some((database, name)) => {
                    head.database = database;
                    head.name = Some(name);
                    true
                }
                None => false,
            },
            _ => {
                let word = cursor.peek_word();
                let any = pattern == "WORD" && !word.is_empty();
                let fits = any || pattern.split('|').any(|choice| choice == word);
                if fits {
                    head.words.push(word.to_owned());
                    cursor.word();
                }
                fits
            }
        };
        if !found && !optional {
            return None;
        }
        if !head.says("policy") {
            head.object = cursor.span(from, cursor.at());
        }
    }
    Some(head)
}

/// The keywords at the start of a command that is not in the table: verb, kind of object, policy.
fn generic_name(cursor: &mut Cursor<'_>, verb: String) -> (String, Option<Name>) {
    let mut name = verb;
    let mut last = "";
    while OBJECTS.contains(&cursor.peek_word()) && (last != "database" || cursor.peek_word() == "script") {
        last = cursor.peek_word();
        name.push(' ');
        name.push_str(last);
        cursor.word();
    }
    let start = cursor.at();
    let mut database = None;
    for named in [true, false] {
        cursor.go(start);
        if named {
            match cursor.qualified_name() {
                Some((before, object)) if last == "database" => database = before.or(Some(object)),
                Some((before, _)) => database = before,
                None => continue,
            }
        }
        if cursor.eat_word("policy") && !cursor.peek_word().is_empty() {
            if !named {
                database = None;
            }
            name.push_str(" policy ");
            name.push_str(cursor.peek_word());
            break;
        }
    }
    (name, database)
}
