use super::super::*;
use super::commands::{command, name, properties};
use super::names;

fn entity(entity: &Entity) -> String {
    let names: Vec<String> = entity.names.iter().map(|one| name(Some(one))).collect();
    format!(
        "{:?} {}.{}",
        entity.kind,
        name(entity.database.as_ref()),
        names.join("+")
    )
}

/// Command, policy, what it is about, what `enable` says, string, text after the policy's name.
type PolicyCase<'t> = (&'t str, PolicyKind, &'t str, Option<bool>, &'t str, &'t str);

const POLICIES: &[PolicyCase<'_>] = &[
    (
        ".alter-merge table D.T policy update\n```[{}]```",
        PolicyKind::Update,
        "Table D.T",
        None,
        "[{}]",
        "```[{}]```",
    ),
    (
        ".alter external table X policy query_acceleration '{\"a\":' // comment\n '1}'",
        PolicyKind::QueryAcceleration,
        "ExternalTable -.X",
        None,
        "{\"a\":1}",
        "'{\"a\":' // comment\n '1}'",
    ),
    (
        ".alter cluster policy callout @'[]'",
        PolicyKind::Callout,
        "Cluster -.",
        None,
        "[]",
        "@'[]'",
    ),
    (
        ".alter table T policy row_level_security enable with (allowed=true) \"F\"",
        PolicyKind::RowLevelSecurity,
        "Table -.T",
        Some(true),
        "F",
        "\"F\"",
    ),
    (
        ".alter database D policy streamingingestion disable",
        PolicyKind::StreamingIngestion,
        "Database -.D",
        Some(false),
        "-",
        "-",
    ),
    (
        ".alter database policy caching hot = 31d",
        PolicyKind::Caching,
        "Database -.",
        None,
        "-",
        "hot = 31d",
    ),
    (
        ".alter tables (A, ['b c']) policy ingestionbatching '{}'",
        PolicyKind::IngestionBatching,
        "Table -.A+b c",
        None,
        "{}",
        "'{}'",
    ),
    (
        ".alter materialized-view V policy partitioning '{}'",
        PolicyKind::Partitioning,
        "MaterializedView -.V",
        None,
        "{}",
        "'{}'",
    ),
    (
        ".alter-merge table T policy retention softdelete = 7d",
        PolicyKind::Retention,
        "Table -.T",
        None,
        "-",
        "softdelete = 7d",
    ),
    (
        ".delete cluster policy sandbox",
        PolicyKind::Sandbox,
        "Cluster -.",
        None,
        "-",
        "-",
    ),
    (
        ".show table T policy merge | count",
        PolicyKind::Merge,
        "Table -.T",
        None,
        "-",
        "-",
    ),
    (
        ".alter database D policy newest $$policy$$",
        PolicyKind::Other,
        "Database -.D",
        None,
        "-",
        "$$policy$$",
    ),
];

#[test]
fn policies_have_kind_entity_and_payload() {
    for (text, kind, about, enabled, string, payload) in POLICIES {
        let Body::Policy(policy) = command(text).body else {
            panic!("{text}");
        };
        assert_eq!((policy.kind, policy.enabled), (*kind, *enabled), "{text}");
        assert_eq!(entity(&policy.entity), *about, "{text}");
        let found = policy.payload.as_ref().map_or("-", |literal| literal.value.as_str());
        assert_eq!(found, *string, "{text}");
        let place = policy.payload_span.map_or("-", |span| span.of_text(text));
        assert_eq!(place, *payload, "{text}");
    }
}

#[test]
fn principals_are_read_from_their_strings() {
    let text = ".add database ['my db'] viewers ('aadapp=11;t', \"AADUser = a@b.c\", 'aadgroup=G;', 'msa=m@x.y', 'robot=1;t') 'note'";
    let Body::SecurityRole {
        action,
        entity: about,
        principals,
    } = command(text).body
    else {
        panic!()
    };
    assert_eq!((action, entity(&about).as_str()), (RoleAction::Add, "Database -.my db"));
    let found: Vec<_> = principals
        .iter()
        .map(|one| {
            (
                one.kind,
                one.id.as_str(),
                one.tenant.as_ref().map(|tenant| tenant.as_str()),
            )
        })
        .collect();
    let expected = [
        (Some(PrincipalKind::Application), "11", Some("t")),
        (Some(PrincipalKind::User), "a@b.c", None),
        (Some(PrincipalKind::Group), "G", None),
        (Some(PrincipalKind::PersonalAccount), "m@x.y", None),
        (None, "robot=1;t", None),
    ];
    assert_eq!(found, expected);
    assert_eq!(principals[0].span.of_text(text), "'aadapp=11;t'");
    assert_eq!(principals[0].id.whole_source().unwrap().span.of_text(text), "11");
}

#[test]
fn roles_are_held_on_every_kind_of_object() {
    let cases = [
        (".set cluster admins none", "set cluster admins", "Cluster -.", 0),
        (
            ".drop table T ingestors ('aadapp=1;2')",
            "drop table ingestors",
            "Table -.T",
            1,
        ),
        (
            ".add external table T admins ('aadapp=1;2')",
            "add external table admins",
            "ExternalTable -.T",
            1,
        ),
        (
            ".set function F admins ('aadapp=1;2', 'aaduser=u')",
            "set function admins",
            "Function -.F",
            2,
        ),
        (
            ".add materialized-view V admins ('aadapp=1;2')",
            "add materialized-view admins",
            "MaterializedView -.V",
            1,
        ),
    ];
    for (text, expected, about, count) in cases {
        let found = command(text);
        assert_eq!(found.name.as_deref(), Some(expected));
        let Body::SecurityRole {
            entity: on, principals, ..
        } = found.body
        else {
            panic!("{text}")
        };
        assert_eq!((entity(&on).as_str(), principals.len()), (about, count), "{text}");
    }
}

#[test]
fn mappings_have_a_name_and_a_payload() {
    let cases = [
        (
            ".create-or-alter table T ingestion json mapping 'M' '[' // x\n ']'",
            "Table -.T",
            "M",
            "[]",
        ),
        (
            ".create external table X csv mapping \"M\" @'[]'",
            "ExternalTable -.X",
            "M",
            "[]",
        ),
        (
            ".alter database D ingestion csv mapping 'M' ```[]```",
            "Database -.D",
            "M",
            "[]",
        ),
        (".drop table T ingestion json mapping 'M'", "Table -.T", "M", "-"),
    ];
    for (text, about, expected, string) in cases {
        let Body::Mapping {
            entity: on,
            name,
            payload,
        } = command(text).body
        else {
            panic!("{text}")
        };
        let shown = |literal: &Option<Literal>| {
            literal
                .as_ref()
                .map_or("-".to_owned(), |it| it.value.as_str().to_owned())
        };
        assert_eq!(
            (entity(&on).as_str(), shown(&name).as_str(), shown(&payload).as_str()),
            (about, expected, string),
            "{text}"
        );
    }
}

#[test]
fn functions_and_views_have_a_name_and_a_body() {
    let text = ".create-or-alter function with (folder='{') F(a:string='}') {\n\n  .5 | T\n\n}";
    let Body::Function {
        name: function,
        body_span,
        properties: with,
    } = command(text).body
    else {
        panic!()
    };
    assert_eq!(
        (name(function.as_ref()).as_str(), properties(&with)),
        ("F", vec![("folder", "{")])
    );
    assert_eq!(body_span.unwrap().of_text(text), "{\n\n  .5 | T\n\n}");
    let text =
        ".create async ifnotexists materialized-view with (backfill=true) V on table T { T | summarize count() }";
    let Body::MaterializedView {
        name: view,
        source,
        body_span,
        ..
    } = command(text).body
    else {
        panic!()
    };
    assert_eq!(
        (name(view.as_ref()).as_str(), entity(&source.unwrap()).as_str()),
        ("V", "Table -.T")
    );
    assert_eq!(body_span.unwrap().of_text(text), "{ T | summarize count() }");
    assert_eq!(names(text), ["create materialized-view"]);
}

#[test]
fn records_come_and_go_with_a_query() {
    let text = ".set-or-append async D.T with (distributed=true) <| U | take 1";
    let Body::SetOrAppend {
        entity: on,
        properties: with,
        query,
    } = command(text).body
    else {
        panic!()
    };
    assert_eq!(
        (entity(&on).as_str(), properties(&with)),
        ("Table D.T", vec![("distributed", "true")])
    );
    assert_eq!(query.unwrap().of_text(text), "U | take 1");
    for (text, about, rest) in [
        (
            ".purge table T records in database ['d b'] with (noregrets='true') <| where x == 1",
            "Table d b.T",
            "where x == 1",
        ),
        (".purge table T in database D allrecords", "Table D.T", "-"),
        (
            ".delete async materialized-view V records <| V | where x",
            "MaterializedView -.V",
            "V | where x",
        ),
    ] {
        let Body::RemoveRecords { entity: on, query, .. } = command(text).body else {
            panic!("{text}")
        };
        assert_eq!(entity(&on), about, "{text}");
        assert_eq!(query.map_or("-", |query| query.of_text(text)), rest, "{text}");
    }
}

#[test]
fn tables_and_other_objects_are_named() {
    let cases = [
        (".create-merge table D.T (a:int)", "create-merge table", "Table D.T"),
        (
            ".create tables A (x:int), ['b'] (y:int) with (folder='f')",
            "create tables",
            "Table -.A+b",
        ),
        (".drop tables (A, B) ifexists", "drop tables", "Table -.A+B"),
        (".drop function F ifexists", "drop function", "Function -.F"),
        (
            ".disable continuous-export E",
            "disable continuous-export",
            "ContinuousExport -.E",
        ),
        (
            ".show continuous-export E failures",
            "show continuous-export failures",
            "ContinuousExport -.E",
        ),
    ];
    for (text, expected, about) in cases {
        let found = command(text);
        let (Body::Table { entity: on, .. } | Body::About { entity: on }) = &found.body else {
            panic!("{text}: {:?}", found.body)
        };
        assert_eq!((found.name.as_deref(), entity(on).as_str()), (Some(expected), about));
    }
}

#[test]
fn unknown_commands_are_kept_and_no_errors() {
    for (text, known) in [
        (".show tables", true),
        (".show frobnicators", false),
        (".frobnicate table T", false),
        (".create galaxy G ('x')", false),
    ] {
        let found = command(text);
        assert_eq!(found.is_known(), known, "{text}");
        assert_eq!(found.span.of_text(text), text);
    }
}
