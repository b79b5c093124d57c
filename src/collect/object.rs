//! Commands that make objects of a database: external tables, exports, policies of tables, roles, functions.

use super::kql::Reader;
use super::payload;
use crate::facts::{
    Acceleration, Callout, ContinuousExport, DroppedTable, ExternalTable, Function, IdentityRef, Known, KustoGrant,
    MisplacedPolicy, Name, Reads, RowSecurity, ScriptRun, Setting, SignIn, TableExport, TableKind, UpdatePolicy,
};
use crate::syntax::connection::{self, CredentialKind, Form};
use crate::syntax::json;
use crate::syntax::kql::{
    self, Body, Command, Entity, EntityKind, ExternalTableKind, ExternalTableVerb, Literal, OperatorUse, Policy,
    PolicyKind, PrincipalKind, PropertyPair, RoleAction,
};
use crate::text::{FileSpan, MappedText, Span};

impl Reader<'_, '_> {
    /// Adds the objects that a command makes.
    pub(super) fn objects(&mut self, command: &Command) {
        let setting = self.setting(command);
        match &command.body {
            Body::ExternalTable {
                verb,
                name: Some(name),
                kind,
                sources,
                ..
            } if *verb != ExternalTableVerb::Drop => {
                let table = ExternalTable {
                    name: Name::of(&name.text),
                    kind: table_kind(*kind),
                    sign_ins: sources.iter().flat_map(|source| self.sign_in(source)).collect(),
                    accounts: sources.iter().filter_map(account_of).collect(),
                    only_new: *verb == ExternalTableVerb::Create,
                    verb_at: self.place(command.verb),
                    verb: self.script.text.editable(command.verb),
                    at: self.place(name.span),
                    setting,
                };
                self.collector.facts.external_tables.push(table);
            }
            Body::ExternalTable { name: Some(name), .. } => {
                let (name, at) = (Name::of(&name.text), self.place(command.verb));
                self.collector
                    .facts
                    .dropped_tables
                    .push(DroppedTable { name, at, setting });
            }
            Body::ContinuousExport {
                name: Some(name),
                external_table,
                properties,
                query,
            } => {
                let export = ContinuousExport {
                    name: Name::of(&name.text),
                    table: external_table.as_ref().map(|table| Name::of(&table.text)),
                    identity: self.identity_property(properties),
                    reads: self.reads(&command.operators, query.unwrap_or_default()),
                    at: self.place(name.span),
                    setting,
                };
                self.collector.facts.exports.push(export);
            }
            Body::ExportToTable { name: Some(name), .. } => {
                let export = TableExport {
                    table: Name::of(&name.text),
                    at: self.place(name.span),
                    setting,
                };
                self.collector.facts.table_exports.push(export);
            }
            Body::About { entity } if entity.kind == EntityKind::ContinuousExport && self.drops(command) => {
                let dropped: Vec<_> = entity.names.iter().map(|name| Name::of(&name.text)).collect();
                let script = self.id;
                self.collector.facts.exports.retain(|export| {
                    export.setting.script != script || !dropped.iter().any(|name| name.is(&export.name))
                });
            }
            Body::Function {
                name: Some(name),
                body_span: Some(body),
                ..
            } => {
                let function = Function {
                    name: Name::of(&name.text),
                    reads: self.reads(&command.operators, *body),
                    at: self.place(name.span),
                    setting,
                };
                self.collector.facts.functions.push(function);
            }
            Body::SecurityRole {
                action,
                entity,
                principals,
            } if *action != RoleAction::Drop => {
                self.role(command, entity, principals, setting);
            }
            Body::Policy(policy) => self.table_policy(command, policy, setting),
            Body::ExecuteScript {
                commands,
                properties,
                properties_place,
                ..
            } => {
                let run = ScriptRun {
                    throws: flag(properties, "ThrowOnErrors"),
                    continues: flag(properties, "ContinueOnErrors"),
                    sets_identities: commands.iter().any(changes_identity_policy),
                    at: self.place(command.verb),
                    properties: properties_place.and_then(|at| self.script.text.editable(Span::at(at))),
                    setting,
                };
                self.collector.facts.script_runs.push(run);
            }
            _ => {}
        }
    }

    fn drops(&self, command: &Command) -> bool {
        command.verb.of_text(self.script.text.as_str()) == "drop"
    }

    fn setting(&self, command: &Command) -> Setting {
        let named = command.database.as_ref().map(|name| Name::of(&name.text));
        Setting {
            cluster: self.script.cluster.clone(),
            database: named.or_else(|| self.script.database.clone()),
            script: self.id,
            order: self.order,
            when: self.script.when.clone(),
        }
    }

    /// How a connection string signs in; several credentials give several answers.
    fn sign_in(&self, source: &Literal) -> Vec<(SignIn, FileSpan)> {
        let place = |span: Span| source.value.source(span).unwrap_or_else(|| self.place(source.span));
        let whole = Span::new(0, source.value.len());
        let parsed = connection::parse(&source.value);
        let found: Vec<_> = match &parsed.form {
            Form::Storage(storage) => storage
                .credentials
                .iter()
                .map(|credential| (of_credential(credential.kind), credential.span))
                .collect(),
            Form::Keywords(_) if !parsed.identities().is_empty() => parsed
                .identities()
                .iter()
                .map(|identity| (SignIn::ManagedIdentity, identity.span))
                .collect(),
            Form::Keywords(keywords) => match keywords.authentication() {
                Some(connection::Authentication::Integrated(span)) => vec![(SignIn::Impersonation, span)],
                _ if !parsed.secrets().is_empty() => vec![(SignIn::Secret, whole)],
                _ => Vec::new(),
            },
            Form::Other => Vec::new(),
        };
        if found.is_empty() {
            return vec![(SignIn::Other, place(whole))];
        }
        found.into_iter().map(|(how, span)| (how, place(span))).collect()
    }

    fn identity_property(&self, properties: &[PropertyPair]) -> Known<IdentityRef> {
        match kql::property(properties, "managedIdentity") {
            None => Known::Absent,
            Some(pair) => Known::Value(IdentityRef::new(pair.value.text(), self.place(pair.value.span()))),
        }
    }

    /// What a query of the script reads; `span` is the query.
    fn reads(&self, operators: &[OperatorUse], span: Span) -> Reads {
        reads(self.databases(operators), self.script.text, span)
    }

    /// The databases that operators name, but for those of other clusters.
    fn databases(&self, operators: &[OperatorUse]) -> Vec<(Name, FileSpan)> {
        let databases = operators.iter().filter(|used| used.name == "database");
        let names = databases.flat_map(|used| &used.strings);
        names
            .map(|literal| (Name::of(&literal.value), self.place(literal.span)))
            .collect()
    }

    fn role(&mut self, command: &Command, entity: &Entity, principals: &[kql::Principal], setting: Setting) {
        let of_cluster = match entity.kind {
            EntityKind::Cluster => true,
            EntityKind::Database => false,
            _ => return,
        };
        let word = command
            .name
            .as_deref()
            .and_then(|name| name.split(' ').next_back())
            .unwrap_or_default();
        let named = entity.names.first().map(|name| Name::of(&name.text));
        let others = |principal: &kql::Principal| matches!(principal.kind, None | Some(PrincipalKind::Group));
        let applications = principals
            .iter()
            .filter(|of| of.kind == Some(PrincipalKind::Application));
        let grant = KustoGrant {
            database: named.or_else(|| setting.database.clone()).filter(|_| !of_cluster),
            of_cluster,
            role: word.trim_end_matches('s').to_lowercase(),
            principals: applications
                .map(|principal| IdentityRef::new(&principal.id, self.place(principal.span)))
                .collect(),
            others: principals.iter().any(others),
            at: self.place(command.verb),
            setting,
        };
        self.collector.facts.kusto_grants.push(grant);
    }

    fn table_policy(&mut self, command: &Command, policy: &Policy, setting: Setting) {
        let sets = matches!(policy.action, kql::PolicyAction::Alter | kql::PolicyAction::AlterMerge);
        let at = policy
            .payload_span
            .map_or_else(|| self.place(command.verb), |span| self.place(span));
        let table = policy.entity.names.first().map(|name| Name::of(&name.text));
        match (policy.kind, table) {
            (kind, Some(table)) if policy.action == kql::PolicyAction::Delete => {
                self.ended(command, kind, table, setting)
            }
            _ if !sets => {}
            (PolicyKind::ManagedIdentity, _) => {
                let at = self.place(command.verb);
                self.collector
                    .facts
                    .misplaced_policies
                    .push(MisplacedPolicy { at, setting });
            }
            (PolicyKind::Callout, _) => self.callouts(policy.payload.as_ref(), at),
            (PolicyKind::Update, table) => self.update_policy(policy.payload.as_ref(), table, &setting),
            (PolicyKind::RowLevelSecurity, Some(table)) => {
                let (enabled, at) = (policy.enabled.unwrap_or(true), self.place(command.verb));
                self.collector.facts.row_securities.push(RowSecurity {
                    table,
                    enabled,
                    at,
                    setting,
                });
            }
            (PolicyKind::QueryAcceleration, Some(table)) => {
                self.acceleration(policy.payload.as_ref(), table, at, setting);
            }
            _ => {}
        }
    }

    /// A policy that a command takes away: what the same script set before is no more, and no row is secured.
    fn ended(&mut self, command: &Command, kind: PolicyKind, table: Name, setting: Setting) {
        let at = self.place(command.verb);
        let facts = &mut self.collector.facts;
        let script = setting.script;
        match kind {
            PolicyKind::RowLevelSecurity => facts.row_securities.push(RowSecurity {
                table,
                enabled: false,
                at,
                setting,
            }),
            PolicyKind::Update => facts.update_policies.retain(|policy| {
                policy.setting.script != script || !policy.table.as_ref().is_some_and(|known| known.is(&table))
            }),
            PolicyKind::QueryAcceleration => {
                facts
                    .accelerations
                    .retain(|policy| policy.setting.script != script || !policy.table.is(&table));
            }
            _ => {}
        }
    }

    fn callouts(&mut self, payload: Option<&Literal>, at: FileSpan) {
        // An example allows nothing.
        if !self.id.is_run() {
            return;
        }
        let objects = payload.and_then(|literal| Some((literal, payload::objects(&literal.value)?)));
        let Some((literal, objects)) = objects else {
            return self.collector.facts.callouts.push(Callout { kind: None, at });
        };
        for object in objects {
            let kind = object.get("CalloutType").and_then(|node| node.string(&literal.value));
            let kind = kind.and_then(|kind| kind.known().map(str::to_lowercase));
            self.collector.facts.callouts.push(Callout { kind, at });
        }
    }

    fn update_policy(&mut self, payload: Option<&Literal>, table: Option<Name>, setting: &Setting) {
        let Some(literal) = payload else { return };
        for object in payload::objects(&literal.value).unwrap_or_default() {
            let place = |span: Span| literal.value.source(span).unwrap_or_else(|| self.place(literal.span));
            let query = object.get("Query");
            let text = query.and_then(|node| node.string(&literal.value)).unwrap_or_default();
            let script = kql::parse(&text).tree;
            let databases = script.operators().filter(|used| used.name == "database");
            let databases = databases.flat_map(|used| &used.strings).map(|name| {
                let at = name.value.whole_source().unwrap_or_else(|| place(object.span));
                (Name::of(&name.value), at)
            });
            let reads = reads(databases.collect(), &text, Span::new(0, text.len()));
            let policy = UpdatePolicy {
                table: table.clone(),
                identity: identity_member(&object, literal, &place),
                enabled: is_enabled(&object),
                reads,
                at: place(query.map_or(object.span, |node| node.span)),
                setting: setting.clone(),
            };
            self.collector.facts.update_policies.push(policy);
        }
    }

    fn acceleration(&mut self, payload: Option<&Literal>, table: Name, at: FileSpan, setting: Setting) {
        let Some(literal) = payload else { return };
        let place = |span: Span| literal.value.source(span).unwrap_or_else(|| self.place(literal.span));
        let Some(object) = payload::objects(&literal.value).and_then(|objects| objects.into_iter().next()) else {
            return;
        };
        let identity = identity_member(&object, literal, &place);
        self.collector.facts.accelerations.push(Acceleration {
            table,
            identity,
            enabled: is_enabled(&object),
            at,
            setting,
        });
    }
}

/// Whether a policy is on: it is unless it says otherwise.
fn is_enabled(policy: &json::Node) -> bool {
    let off = |node: &json::Node| matches!(node.kind, json::Kind::Bool(false));
    !policy.get("IsEnabled").is_some_and(off)
}

/// The identity in the member `ManagedIdentity` of a policy.
fn identity_member(object: &json::Node, literal: &Literal, place: &dyn Fn(Span) -> FileSpan) -> Known<IdentityRef> {
    let Some(node) = object.get("ManagedIdentity") else {
        return Known::Absent;
    };
    match node.string(&literal.value) {
        Some(text) if text.trimmed().is_empty() => Known::Absent,
        Some(text) => Known::Value(IdentityRef::new(&text, place(node.span))),
        None => Known::Absent,
    }
}

/// A property that is `true` or `false`.
fn flag(properties: &[PropertyPair], name: &str) -> Known<bool> {
    let Some(pair) = kql::property(properties, name) else {
        return Known::Absent;
    };
    match pair.value.text().known() {
        Some(value) if value.eq_ignore_ascii_case("true") => Known::Value(true),
        Some(value) if value.eq_ignore_ascii_case("false") => Known::Value(false),
        _ => Known::Unknown(format!("the value of `{name}` is not known")),
    }
}

pub(super) fn changes_identity_policy(command: &Command) -> bool {
    matches!(command.body, Body::IdentityPolicy { action, .. } if action != kql::PolicyAction::Show)
}

fn of_credential(kind: CredentialKind) -> SignIn {
    match kind {
        CredentialKind::Impersonate => SignIn::Impersonation,
        CredentialKind::ManagedIdentity => SignIn::ManagedIdentity,
        CredentialKind::Sas
        | CredentialKind::AccountKey
        | CredentialKind::SharedKey
        | CredentialKind::Token
        | CredentialKind::AwsCredentials
        | CredentialKind::PresignedUrl => SignIn::Secret,
        CredentialKind::Symbolic | CredentialKind::Unknown => SignIn::Other,
    }
}

/// The storage account that a connection string names.
fn account_of(source: &Literal) -> Option<Name> {
    let parsed = connection::parse(&source.value);
    let account = parsed.storage()?.account.as_ref()?;
    Some(Name::of(&account.text))
}

fn table_kind(kind: Option<ExternalTableKind>) -> TableKind {
    match kind {
        Some(ExternalTableKind::Storage) => TableKind::Storage,
        Some(ExternalTableKind::Delta) => TableKind::Delta,
        Some(ExternalTableKind::Sql) => TableKind::Sql,
        Some(ExternalTableKind::Other) | None => TableKind::Other,
    }
}

/// The databases and the words of a query; `span` is the query.
fn reads(databases: Vec<(Name, FileSpan)>, text: &MappedText, span: Span) -> Reads {
    let names = super::query::names(span.of_text(text.as_str()));
    Reads {
        databases,
        words: names.tables.into_iter().collect(),
        calls: names.calls.into_iter().collect(),
    }
}
