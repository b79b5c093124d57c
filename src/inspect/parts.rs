//! The parts of a command for the view of a script. Strings are told by their place alone: they may hold
//! secrets, and the view lists them elsewhere with these hidden.

use serde_json::{Map, Value, json};

use super::hidden;
use crate::syntax::kql::{
    Body, Entity, EntityKind, Literal, Name, OperatorUse, Policy, PolicyLevel, Principal, PrincipalKind, PropertyPair,
};
use crate::text::{MappedText, SourceFile, Span};

/// The parts of a command: an object with `kind` and what commands of that kind have.
pub(super) fn parts(file: &SourceFile, body: &Body) -> Value {
    let mut parts = Parts { file, out: Map::new() };
    parts.body(body);
    Value::Object(parts.out)
}

/// A use of an operator: its name, and its strings with the place where each starts.
pub(super) fn operator(file: &SourceFile, used: &OperatorUse) -> Value {
    let parts = Parts { file, out: Map::new() };
    let strings = used
        .strings
        .iter()
        .map(|string| json!({ "value": shown(&string.value), "at": parts.at(string.span) }));
    json!({
        "operator": used.span.of_text(file.text()),
        "at": parts.at(used.span),
        "strings": strings.collect::<Vec<_>>(),
    })
}

struct Parts<'f> {
    file: &'f SourceFile,
    out: Map<String, Value>,
}

impl Parts<'_> {
    fn body(&mut self, body: &Body) {
        match body {
            Body::IdentityPolicy { .. } | Body::Policy(_) | Body::SecurityRole { .. } | Body::Mapping { .. } => {
                self.object(body);
            }
            Body::IngestFromStorage { .. }
            | Body::IngestInline { .. }
            | Body::IngestQueued { .. }
            | Body::ListBlobs { .. } => self.ingestion(body),
            Body::ExternalTable { .. } => self.external_table(body),
            Body::ContinuousExport { .. }
            | Body::ExportToStorage { .. }
            | Body::ExportToSql { .. }
            | Body::ExportToTable { .. } => self.export(body),
            Body::Function { .. } | Body::Table { .. } | Body::MaterializedView { .. } => self.definition(body),
            Body::SetOrAppend {
                entity,
                properties,
                query,
            }
            | Body::RemoveRecords {
                entity,
                properties,
                query,
            } => {
                self.kind(match body {
                    Body::SetOrAppend { .. } => "set-or-append",
                    _ => "remove-records",
                });
                self.entity(entity);
                self.properties(properties);
                self.span("query", *query);
            }
            Body::ExecuteScript { level, properties, .. } => {
                self.kind("script");
                self.level(level);
                self.properties(properties);
            }
            Body::About { entity } => {
                self.kind("about");
                self.entity(entity);
            }
            Body::Other => self.kind("other"),
            Body::Unknown => self.kind("unknown"),
        }
    }

    fn object(&mut self, body: &Body) {
        match body {
            Body::IdentityPolicy {
                level, payload_span, ..
            } => {
                self.kind("identity-policy");
                self.level(level);
                self.span("payload", *payload_span);
            }
            Body::Policy(policy) => self.policy(policy),
            Body::SecurityRole {
                action,
                entity,
                principals,
            } => {
                self.kind("security-role");
                self.put("action", json!(format!("{action:?}").to_lowercase()));
                self.entity(entity);
                let principals = principals.iter().map(|one| self.principal(one)).collect();
                self.put("principals", Value::Array(principals));
            }
            Body::Mapping { entity, name, payload } => {
                self.kind("mapping");
                self.entity(entity);
                self.literal("mapping", name.as_ref());
                self.literal("payload", payload.as_ref());
            }
            _ => {}
        }
    }

    fn policy(&mut self, policy: &Policy) {
        self.kind("policy");
        self.put("policy", json!(format!("{:?}", policy.kind)));
        self.entity(&policy.entity);
        if let Some(enabled) = policy.enabled {
            self.put("enabled", json!(enabled));
        }
        self.span("payload", policy.payload_span);
        self.put("string", json!(policy.payload.is_some()));
    }

    fn principal(&self, principal: &Principal) -> Value {
        let kind = principal.kind.map(|kind| match kind {
            PrincipalKind::Application => "aadapp",
            PrincipalKind::User => "aaduser",
            PrincipalKind::Group => "aadgroup",
            PrincipalKind::PersonalAccount => "msa",
        });
        json!({
            "kind": kind,
            "id": shown(&principal.id),
            "tenant": principal.tenant.as_ref().map(shown),
            "at": self.at(principal.span),
        })
    }

    fn ingestion(&mut self, body: &Body) {
        match body {
            Body::IngestInline {
                database,
                table,
                properties,
            } => {
                self.kind("ingest-inline");
                self.named("database", database.as_ref());
                self.named("table", table.as_ref());
                self.properties(properties);
            }
            Body::IngestFromStorage {
                database,
                table,
                sources,
                properties,
            }
            | Body::IngestQueued {
                database,
                table,
                sources,
                properties,
            } => {
                self.kind(match body {
                    Body::IngestQueued { .. } => "ingest-queued",
                    _ => "ingest",
                });
                self.named("database", database.as_ref());
                self.named("table", table.as_ref());
                self.sources(sources);
                self.properties(properties);
            }
            Body::ListBlobs { sources } => {
                self.kind("list-blobs");
                self.sources(sources);
            }
            _ => {}
        }
    }

    fn external_table(&mut self, body: &Body) {
        if let Body::ExternalTable {
            name,
            kind,
            sources,
            properties,
            ..
        } = body
        {
            self.kind("external-table");
            self.named("table", name.as_ref());
            self.put("storage", json!(kind.map(|kind| format!("{kind:?}").to_lowercase())));
            self.sources(sources);
            self.properties(properties);
        }
    }

    fn export(&mut self, body: &Body) {
        let (properties, query, asynchronous) = match body {
            Body::ContinuousExport {
                name,
                external_table,
                properties,
                query,
            } => {
                self.kind("continuous-export");
                self.named("export", name.as_ref());
                self.named("table", external_table.as_ref());
                (properties, query, true)
            }
            Body::ExportToStorage {
                asynchronous,
                sources,
                properties,
                query,
            } => {
                self.kind("export-to-storage");
                self.sources(sources);
                (properties, query, *asynchronous)
            }
            Body::ExportToSql {
                asynchronous,
                target,
                properties,
                query,
            } => {
                self.kind("export-to-sql");
                self.literal("target", target.as_ref());
                (properties, query, *asynchronous)
            }
            Body::ExportToTable {
                asynchronous,
                name,
                properties,
                query,
            } => {
                self.kind("export-to-table");
                self.named("table", name.as_ref());
                (properties, query, *asynchronous)
            }
            _ => return,
        };
        self.put("async", json!(asynchronous));
        self.properties(properties);
        self.span("query", *query);
    }

    fn definition(&mut self, body: &Body) {
        match body {
            Body::Function {
                name,
                body_span,
                properties,
            } => {
                self.kind("function");
                self.named("name", name.as_ref());
                self.properties(properties);
                self.span("body", *body_span);
            }
            Body::Table { entity, properties } => {
                self.kind("table");
                self.entity(entity);
                self.properties(properties);
            }
            Body::MaterializedView {
                name,
                source,
                body_span,
                properties,
            } => {
                self.kind("materialized-view");
                self.named("name", name.as_ref());
                if let Some(source) = source {
                    self.entity(source);
                }
                self.properties(properties);
                self.span("body", *body_span);
            }
            _ => {}
        }
    }

    fn put(&mut self, key: &str, value: Value) {
        self.out.insert(key.to_owned(), value);
    }

    fn kind(&mut self, kind: &str) {
        self.put("kind", json!(kind));
    }

    fn at(&self, span: Span) -> Value {
        let place = self.file.place(span);
        json!([place.start.byte, place.end.byte])
    }

    fn span(&mut self, key: &str, span: Option<Span>) {
        if let Some(span) = span {
            self.put(key, self.at(span));
        }
    }

    fn literal(&mut self, key: &str, literal: Option<&Literal>) {
        self.span(key, literal.map(|literal| literal.span));
    }

    fn named(&mut self, key: &str, name: Option<&Name>) {
        if let Some(name) = name {
            self.put(key, json!(shown(&name.text)));
        }
    }

    fn sources(&mut self, sources: &[Literal]) {
        let places = sources.iter().map(|source| self.at(source.span)).collect();
        self.put("sources", Value::Array(places));
    }

    fn properties(&mut self, properties: &[PropertyPair]) {
        if properties.is_empty() {
            return;
        }
        let one = |pair: &PropertyPair| json!({ "name": hidden(&pair.name), "at": self.at(pair.value.span()) });
        let all = properties.iter().map(one).collect();
        self.put("properties", Value::Array(all));
    }

    fn level(&mut self, level: &PolicyLevel) {
        match level {
            PolicyLevel::Cluster => self.put("on", json!("cluster")),
            PolicyLevel::Database(name) => {
                self.put("on", json!("database"));
                self.named("database", name.as_ref());
            }
        }
    }

    fn entity(&mut self, entity: &Entity) {
        let kind = match entity.kind {
            EntityKind::Cluster => "cluster",
            EntityKind::Database => "database",
            EntityKind::Table => "table",
            EntityKind::ExternalTable => "external-table",
            EntityKind::MaterializedView => "materialized-view",
            EntityKind::Function => "function",
            EntityKind::ContinuousExport => "continuous-export",
            EntityKind::Other => "other",
        };
        self.put("on", json!(kind));
        self.named("database", entity.database.as_ref());
        let names = entity.names.iter().map(|name| json!(shown(&name.text))).collect();
        self.put("names", Value::Array(names));
    }
}

/// A text for people, a secret in it hidden.
fn shown(text: &MappedText) -> String {
    hidden(&text.display())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::kql;
    use crate::text::{FileId, decode};

    fn told(text: &str) -> String {
        let file = SourceFile::new("a.kql", decode(text.as_bytes()).unwrap());
        let script = kql::parse(&MappedText::of_file(FileId::default(), text));
        let command = script.tree.commands().next().unwrap();
        parts(&file, &command.body).to_string()
    }

    fn holds(cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            assert_eq!(told(text), *expected, "{text}");
        }
    }

    #[test]
    fn commands_on_objects_tell_their_parts() {
        holds(&[
            (
                ".alter-merge cluster policy managed_identity '[]'",
                r#"{"kind":"identity-policy","on":"cluster","payload":[45,49]}"#,
            ),
            (
                ".alter table T policy row_level_security enable 'F'",
                r#"{"kind":"policy","policy":"RowLevelSecurity","on":"table","names":["T"],"enabled":true,"payload":[48,51],"string":true}"#,
            ),
            (
                ".add database <db> viewers ('aadapp=1;t')",
                r#"{"kind":"security-role","action":"add","on":"database","names":["{<db>}"],"principals":[{"kind":"aadapp","id":"1","tenant":"t","at":[28,40]}]}"#,
            ),
            (
                ".create table T ingestion csv mapping 'M' '[]'",
                r#"{"kind":"mapping","on":"table","names":["T"],"mapping":[38,41],"payload":[42,46]}"#,
            ),
        ]);
    }

    #[test]
    fn commands_that_move_data_tell_their_parts() {
        holds(&[
            (
                ".ingest inline into table T with (a=1) <| 1",
                r#"{"kind":"ingest-inline","table":"T","properties":[{"name":"a","at":[36,37]}]}"#,
            ),
            (
                ".ingest into table D.T ('x')",
                r#"{"kind":"ingest","database":"D","table":"T","sources":[[24,27]]}"#,
            ),
            (".list blobs ('x')", r#"{"kind":"list-blobs","sources":[[13,16]]}"#),
            (
                ".create external table T (a:int) kind=delta ('x')",
                r#"{"kind":"external-table","table":"T","storage":"delta","sources":[[45,48]]}"#,
            ),
            (
                ".create continuous-export E to table X <| T",
                r#"{"kind":"continuous-export","export":"E","table":"X","async":true,"query":[42,43]}"#,
            ),
            (
                ".export async to csv ('x') <| T",
                r#"{"kind":"export-to-storage","sources":[[22,25]],"async":true,"query":[30,31]}"#,
            ),
            (
                ".export to sql T 'x' <| U",
                r#"{"kind":"export-to-sql","target":[17,20],"async":false,"query":[24,25]}"#,
            ),
            (
                ".export to table X <| T",
                r#"{"kind":"export-to-table","table":"X","async":false,"query":[22,23]}"#,
            ),
        ]);
    }

    #[test]
    fn definitions_and_removals_tell_their_parts() {
        holds(&[
            (
                ".create function F() { T }",
                r#"{"kind":"function","name":"F","body":[21,26]}"#,
            ),
            (
                ".create materialized-view V on table T { T }",
                r#"{"kind":"materialized-view","name":"V","on":"table","names":["T"],"body":[39,44]}"#,
            ),
            (
                ".append T <| U",
                r#"{"kind":"set-or-append","on":"table","names":["T"],"query":[13,14]}"#,
            ),
            (
                ".delete table T records <| T",
                r#"{"kind":"remove-records","on":"table","names":["T"],"query":[27,28]}"#,
            ),
            (".drop table T", r#"{"kind":"about","on":"table","names":["T"]}"#),
            (
                ".create table T (a:int)",
                r#"{"kind":"table","on":"table","names":["T"]}"#,
            ),
            (".frobnicate", r#"{"kind":"unknown"}"#),
        ]);
    }

    #[test]
    fn no_part_tells_a_secret() {
        let secret =
            "https://a.blob.core.windows.net/c?sv=2022-11-02&sig=Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE%3D";
        let told = told(&format!(".drop table ['{secret}']"));
        assert!(told.contains("***") && !told.contains("Zm9v"), "{told}");
    }
}
