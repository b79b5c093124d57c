use std::sync::Arc;

use super::super::*;
use super::{names, parsed, source};
use crate::text::{FileId, FileSpan, HOLE, MappedText, Span, Symbol};

pub(super) fn name(name: Option<&Name>) -> String {
    name.map_or_else(|| "-".to_owned(), |name| name.text.display())
}

pub(super) fn values(literals: &[Literal]) -> Vec<&str> {
    literals.iter().map(|literal| literal.value.as_str()).collect()
}

pub(super) fn properties(pairs: &[PropertyPair]) -> Vec<(&str, &str)> {
    pairs
        .iter()
        .map(|pair| (pair.name.as_str(), pair.value.text().as_str()))
        .collect()
}

/// The only command of a text, which must be free of errors.
pub(super) fn command(text: &str) -> Command {
    let script = parsed(text);
    assert!(script.errors.is_empty(), "{text}: {:?}", script.errors);
    let mut commands = script.tree.commands();
    let first = commands.next().unwrap_or_else(|| panic!("no command in {text}"));
    assert!(commands.next().is_none(), "several commands in {text}");
    first.clone()
}

/// Command, action, database, words of the level, policy.
const IDENTITY_POLICIES: &[(&str, PolicyAction, &str, &str, &str)] = &[
    (
        ".alter cluster policy managed_identity '[]'",
        PolicyAction::Alter,
        "cluster",
        "cluster",
        "[]",
    ),
    (
        ".alter-merge database D policy managed_identity \"[]\"",
        PolicyAction::AlterMerge,
        "D",
        "database D",
        "[]",
    ),
    (
        ".alter-merge database ['my db'] policy managed_identity @'[]'",
        PolicyAction::AlterMerge,
        "my db",
        "database ['my db']",
        "[]",
    ),
    (
        ".alter database [\"x\"] policy managed_identity\n```\n[]\n```",
        PolicyAction::Alter,
        "x",
        "database [\"x\"]",
        "\n[]\n",
    ),
    (
        ".alter database 'x' policy managed_identity '['\n  ']'",
        PolicyAction::Alter,
        "x",
        "database 'x'",
        "[]",
    ),
    (
        ".alter database policy managed_identity h'[]'",
        PolicyAction::Alter,
        "-",
        "database",
        "[]",
    ),
    (
        ".alter database policy policy managed_identity ''",
        PolicyAction::Alter,
        "policy",
        "database policy",
        "",
    ),
    (
        ".alter database my-db policy managed_identity ''",
        PolicyAction::Alter,
        "my-db",
        "database my-db",
        "",
    ),
    (
        ".alter database <My Db> policy managed_identity ''",
        PolicyAction::Alter,
        "{<My Db>}",
        "database <My Db>",
        "",
    ),
    (
        ".alter database a-{{env}} policy managed_identity ''",
        PolicyAction::Alter,
        "a-{{{env}}}",
        "database a-{{env}}",
        "",
    ),
    (
        ".alter database ${db} policy managed_identity ''",
        PolicyAction::Alter,
        "{${db}}",
        "database ${db}",
        "",
    ),
    (
        ".delete database D policy managed_identity",
        PolicyAction::Delete,
        "D",
        "database D",
        "-",
    ),
    (
        ".show cluster policy managed_identity | count",
        PolicyAction::Show,
        "cluster",
        "cluster",
        "-",
    ),
];

#[test]
fn identity_policies_are_read_in_every_form() {
    for (text, expected_action, database, level_text, policy) in IDENTITY_POLICIES {
        let command = command(text);
        let Body::IdentityPolicy {
            action,
            level,
            level_span,
            payload,
            payload_span,
        } = &command.body
        else {
            panic!("{text}: {:?}", command.body);
        };
        let level = match level {
            PolicyLevel::Cluster => "cluster".to_owned(),
            PolicyLevel::Database(database) => name(database.as_ref()),
        };
        assert_eq!(action, expected_action, "{text}");
        assert_eq!(level, *database, "{text}");
        assert_eq!(level_span.of_text(text), *level_text);
        assert_eq!(
            payload.as_ref().map_or("-", |payload| payload.value.as_str()),
            *policy,
            "{text}"
        );
        assert_eq!(payload_span.is_some(), *policy != "-", "{text}");
    }
}

#[test]
fn string_tokens_know_what_they_continue() {
    let script = parsed(".list blobs ('a' // x\n h'b', 'c') 'd'");
    let joined: Vec<bool> = script.tree.blocks[0].literals.iter().map(|part| part.joined).collect();
    assert_eq!(joined, [false, true, false, false]);
}

#[test]
fn a_policy_that_is_no_string_still_has_a_place() {
    let text = ".alter cluster policy managed_identity [{\"ObjectId\": \"system\"}]";
    let Body::IdentityPolicy {
        payload, payload_span, ..
    } = command(text).body
    else {
        panic!()
    };
    assert!(payload.is_none());
    assert_eq!(payload_span.unwrap().of_text(text), "[{\"ObjectId\": \"system\"}]");
}

#[test]
fn a_hole_can_be_a_name_and_a_payload() {
    let place = FileSpan::new(FileId(0), Span::new(4, 9));
    let hole = MappedText::hole(Arc::new(Symbol::Placeholder("p".to_owned())), place);
    let mut text = source(".alter database ");
    text.push(&hole);
    text.push(&source(" policy managed_identity '"));
    text.push(&hole);
    text.push(&source("'"));
    let script = parse(&text);
    let Some(Body::IdentityPolicy {
        level: PolicyLevel::Database(Some(name)),
        payload: Some(payload),
        ..
    }) = script.tree.commands().next().map(|command| &command.body)
    else {
        panic!("{script:?}");
    };
    assert!(name.text.sole_hole().is_some());
    assert!(payload.value.sole_hole().is_some());
    assert_eq!(name.text.whole_source(), Some(place));
    assert!(text.as_str().contains(HOLE));
}

#[test]
fn ingestion_names_its_table_sources_and_properties() {
    let cases: &[(&str, &str, &str, &[&str])] = &[
        (
            ".ingest into table T (h'a;b', @'c') with (format='csv')",
            "-",
            "T",
            &["a;b", "c"],
        ),
        (".ingest async into table ['my t'] 'a'", "-", "my t", &["a"]),
        (".ingest into T (h'a;' // first\n 'b')", "-", "T", &["a;b"]),
        (".ingest into table D.T ('a') with '{\"x\":1}'", "D", "T", &["a"]),
    ];
    for (text, database, table, sources) in cases {
        let command = command(text);
        let Body::IngestFromStorage {
            database: before,
            table: into,
            sources: from,
            ..
        } = &command.body
        else {
            panic!("{text}: {:?}", command.body);
        };
        assert_eq!(
            (name(before.as_ref()).as_str(), name(into.as_ref()).as_str()),
            (*database, *table),
            "{text}"
        );
        assert_eq!(values(from), *sources, "{text}");
    }
    let text = ".ingest-from-storage-queued into table database('S').O with (format='csv', EnableTracking=true)\n\
                <| .list blobs (\"https://x/2026;managed_identity=system\") Suffix='.csv'";
    let Body::IngestQueued {
        database,
        table,
        sources,
        properties: with,
    } = command(text).body
    else {
        panic!()
    };
    assert_eq!(
        (name(database.as_ref()), name(table.as_ref())),
        ("S".to_owned(), "O".to_owned())
    );
    assert_eq!(values(&sources), ["https://x/2026;managed_identity=system"]);
    assert_eq!(properties(&with), [("format", "csv"), ("EnableTracking", "true")]);
    let Body::ListBlobs { sources } = command(".list blobs ('a', 'b') MaxFiles=3").body else {
        panic!()
    };
    assert_eq!(values(&sources), ["a", "b"]);
}

#[test]
fn external_tables_have_kind_sources_and_properties() {
    use ExternalTableKind::{Delta, Other, Sql, Storage};
    let cases: &[(&str, Option<ExternalTableKind>, &[&str])] = &[
        (
            ".create external table T (a:long, ['b c']:string) kind=storage\n partition by (d:datetime = bin(a, 1d))\n\
             pathformat = (\"p=\" d)\n dataformat=csv (h@'x;managed_identity=system', 'y') with (folder='f')",
            Some(Storage),
            &["x;managed_identity=system", "y"],
        ),
        (
            ".create-or-alter external table T kind=delta ('abfss://x')",
            Some(Delta),
            &["abfss://x"],
        ),
        (
            ".alter external table T (a:int) kind = sql table=X ( 'k=' h'v;' ) with (sqlDialect=\"q\")",
            Some(Sql),
            &["k=v;"],
        ),
        (
            ".create external table T (a:int) kind=blob dataformat=csv ('x')",
            Some(Storage),
            &["x"],
        ),
        (
            ".create external table T (a:int) kind=adl dataformat=csv ('x')",
            Some(Storage),
            &["x"],
        ),
        (
            ".create external table T (a:int) kind=<kind> ('x')",
            Some(Other),
            &["x"],
        ),
        (".drop external table T", None, &[]),
    ];
    for (text, expected_kind, expected) in cases {
        let command = command(text);
        let Body::ExternalTable {
            name: table,
            kind,
            sources,
            ..
        } = &command.body
        else {
            panic!("{text}: {:?}", command.body);
        };
        assert_eq!((name(table.as_ref()).as_str(), kind), ("T", expected_kind), "{text}");
        assert_eq!(values(sources), *expected, "{text}");
    }
}

#[test]
fn other_commands_on_external_tables_and_views_are_told_apart() {
    let others = [
        (
            ".create external table T json mapping 'm' '[]'",
            "create external table json mapping",
        ),
        (
            ".alter external table T policy caching hot = 1d",
            "alter external table policy caching",
        ),
    ];
    for (text, expected) in others {
        assert!(!matches!(command(text).body, Body::ExternalTable { .. }), "{text}");
        assert_eq!(names(text), [expected]);
    }
}

#[test]
fn exports_name_their_targets() {
    let text = ".create-or-alter continuous-export E over (T, ['to']) to table X\n\
                with (managedIdentity=system, intervalBetweenRuns=1h, 'q'=\"v\", sizeLimit=dynamic([1,2]),) <| T";
    let Body::ContinuousExport {
        name: export,
        external_table,
        properties: with,
        ..
    } = command(text).body
    else {
        panic!()
    };
    assert_eq!(
        (name(export.as_ref()), name(external_table.as_ref())),
        ("E".to_owned(), "X".to_owned())
    );
    let expected = [
        ("managedIdentity", "system"),
        ("intervalBetweenRuns", "1h"),
        ("q", "v"),
        ("sizeLimit", "dynamic([1,2])"),
    ];
    assert_eq!(properties(&with), expected);
    assert!(matches!(
        property(&with, "MANAGEDIDENTITY").unwrap().value,
        PropertyValue::Bare { .. }
    ));
    let text = ".export async compressed to csv (h@'a;b', 'c') with (namePrefix='x') <| T | where a > 'b'";
    let Body::ExportToStorage {
        sources,
        properties: with,
        asynchronous: true,
        query: Some(query),
    } = command(text).body
    else {
        panic!()
    };
    assert_eq!(query.of_text(text), "T | where a > 'b'");
    assert_eq!(
        (values(&sources), properties(&with)),
        (vec!["a;b", "c"], vec![("namePrefix", "x")])
    );
    let Body::ExportToSql { target, .. } = command(".export async to sql ['dbo.T'] h@'Server=x' <| T").body else {
        panic!()
    };
    assert_eq!(target.unwrap().value.as_str(), "Server=x");
    let Body::ExportToTable { name: table, .. } = command(".export to table X <| T").body else {
        panic!()
    };
    assert_eq!(name(table.as_ref()), "X");
}

#[test]
fn scripts_hold_commands_and_no_scripts() {
    let text = "// c\n.execute database script with (ThrowOnErrors=true) <|\n.create table A (a:int)\n\n// x\n.create table B (b:int)\n\
                .execute cluster script <| .alter cluster policy managed_identity '[]'";
    let script = parsed(text);
    assert_eq!(script.tree.blocks.len(), 2);
    assert_eq!(script.tree.comments.len(), 2);
    let outer = script.tree.blocks[0].command.as_ref().unwrap();
    let Body::ExecuteScript {
        commands,
        properties: with,
        level: PolicyLevel::Database(None),
        properties_place: None,
    } = &outer.body
    else {
        panic!()
    };
    assert_eq!((commands.len(), properties(with)), (2, vec![("ThrowOnErrors", "true")]));
    assert!(outer.span.end < commands[0].span.start);
    assert_eq!(script.tree.blocks[0].span.end, commands[1].span.end);
    let inner = script.tree.blocks[1].command.as_ref().unwrap().nested();
    assert!(matches!(
        inner[0].body,
        Body::IdentityPolicy {
            level: PolicyLevel::Cluster,
            ..
        }
    ));
    assert_eq!(script.tree.blocks[1].literals.len(), 1);
    assert_eq!(names(&".execute script <|\n".repeat(1000)).len(), 1000);
}

#[test]
fn names_of_other_commands_come_from_their_keywords() {
    let cases = [
        (".alter table T policy caching hot = 1d", "alter table policy caching"),
        (
            ".alter database ['d b'] policy caching hot = 1d",
            "alter database policy caching",
        ),
        (".purge table T records <| where x", "purge table records"),
        (".show tables | count", "show tables"),
        (". create table T (a:int)", "create table"),
        (".CREATE table T (a:int)", "?"),
        (".frobnicate x", "?"),
    ];
    for (text, expected) in cases {
        assert_eq!(names(text), [expected], "{text}");
    }
    let command = command(".alter database D policy caching hot = 1d");
    assert_eq!(name(command.database.as_ref()), "D");
}
