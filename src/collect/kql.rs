//! KQL scripts: policies and uses of identities.

use super::connection_string::Found;
use super::possible_use::names_artifacts;
use super::script::Deployed;
use super::{Collector, payload};
use crate::arm::value::Condition;
use crate::diagnostic::Undecided;
use crate::facts::{
    Carrier, ClientDirective, FlawKind, Identity, IdentityRef, IdentityUse, Level, Name, PolicyAction, PolicyCommand,
    PolicyEntry, PolicyFlaw, ScriptId,
};
use crate::service::Flow;
use crate::syntax::connection::{self, Dialect, Store, Target};
use crate::syntax::kql::{
    self, Body, Command, ExternalTableKind, ExternalTableVerb, Literal, OperatorUse, Policy, PolicyKind, PolicyLevel,
};
use crate::syntax::placeholder::symbolic;
use crate::syntax::{SyntaxError, kql::PropertyPair};
use crate::text::{FileSpan, MappedText, Span};

/// A longer string is not read as a connection string: the longest that a service gives out have some 2000 bytes.
const MAX_CONNECTION: u32 = 1 << 16;

/// A script and what is known of where it runs.
pub struct Script<'s> {
    /// Its text.
    pub text: &'s MappedText,
    /// The cluster, if the files say so.
    pub cluster: Option<Name>,
    /// The database, if the files say so.
    pub database: Option<Name>,
    /// What is known of it if a deployment runs it as a resource.
    pub deployed: Option<Deployed>,
    /// When it runs.
    pub when: Condition,
}

impl<'s> Script<'s> {
    /// A script of which nothing is known but its text.
    #[must_use]
    pub fn of_file(text: &'s MappedText) -> Self {
        Self {
            text,
            cluster: None,
            database: None,
            deployed: None,
            when: Condition::default(),
        }
    }
}

/// Adds the facts of a script; returns what is wrong with its text.
pub fn collect_script(collector: &mut Collector<'_>, script: &Script<'_>) -> Vec<SyntaxError> {
    let parsed = kql::parse(script.text);
    let mut reader = Reader {
        id: collector.next_script(),
        order: 0,
        names_artifacts: names_artifacts(script.text),
        script,
        collector,
    };
    reader.notes(&parsed.tree);
    reader.suppressions(&parsed.tree);
    reader.secrets(&parsed.tree);
    for block in &parsed.tree.blocks {
        reader.order += 1;
        reader.operators(&block.operators);
        let Some(command) = &block.command else {
            reader.filled_in(block.span);
            continue;
        };
        reader.deployed(command);
        reader.command(command);
        for nested in command.nested() {
            reader.order += 1;
            reader.command(nested);
        }
    }
    parsed.errors
}

/// Reads the commands of a script one after another.
pub(super) struct Reader<'r, 't> {
    pub(super) id: ScriptId,
    pub(super) order: u32,
    /// Whether it names artifacts of sandboxed plugins anywhere.
    pub(super) names_artifacts: bool,
    pub(super) script: &'r Script<'r>,
    pub(super) collector: &'r mut Collector<'t>,
}

impl Reader<'_, '_> {
    pub(super) fn place(&self, span: Span) -> FileSpan {
        let whole = || self.script.text.whole_source().unwrap_or_default();
        self.script.text.source(span).unwrap_or_else(whole)
    }

    /// Lines for client tools.
    fn notes(&mut self, tree: &kql::Script) {
        for directive in &tree.directives {
            let at = self.place(directive.span);
            self.collector.facts.directives.push(ClientDirective {
                word: directive.word.clone(),
                argument: directive.argument.clone(),
                at,
                script: self.id,
            });
        }
    }

    /// A part of a script that is filled in: what starts with something that is not known may be any command, also
    /// one that allows an identity something.
    fn filled_in(&mut self, span: Span) {
        if self.script.text.has_hole_in(Span::new(span.start, span.start + 1)) {
            self.unread_grant(span);
        }
    }

    /// A policy of which nothing is known but that it may be there.
    fn unread_grant(&mut self, span: Span) {
        let at = self.place(span);
        self.collector.facts.policies.push(PolicyCommand {
            action: PolicyAction::Merge,
            level: Level::Cluster,
            level_at: at,
            cluster: self.script.cluster.clone(),
            entries: None,
            flaws: Vec::new(),
            at,
            verb: None,
            when: self.script.when.clone(),
            script: self.id,
            order: self.order,
        });
    }

    fn command(&mut self, command: &Command) {
        self.unit(command);
        if !command.is_known() && self.script.text.has_hole_in(command.span) {
            self.unread_grant(command.span);
        }
        self.operators(&command.operators);
        self.objects(command);
        let database = command.database.as_ref().map(|name| Name::of(&name.text));
        match &command.body {
            Body::IdentityPolicy {
                action,
                level,
                level_span,
                payload,
                payload_span,
            } => {
                let payload = (payload.as_ref(), *payload_span);
                self.policy(command, *action, level, *level_span, payload);
            }
            Body::IngestFromStorage { sources, .. } => {
                self.storage(sources, Flow::IngestFromStorage, database.as_ref())
            }
            Body::IngestQueued { sources, .. } | Body::ListBlobs { sources } => {
                self.storage(sources, Flow::QueuedIngestCommand, database.as_ref());
            }
            Body::ExternalTable {
                verb,
                kind,
                sources,
                properties,
                ..
            } if *verb != ExternalTableVerb::Drop => {
                self.external_table(*kind, sources, properties);
            }
            Body::ExportToStorage { sources, .. } => self.storage(sources, Flow::ExportToStorage, None),
            Body::ExportToSql {
                target: Some(target), ..
            } => self.strings(target, None, Flow::ExportToSql, |_| Flow::ExportToSql),
            Body::ContinuousExport { properties, .. } => self.continuous_export(properties),
            Body::Policy(Policy {
                kind,
                action: kql::PolicyAction::Alter | kql::PolicyAction::AlterMerge,
                payload: Some(payload),
                ..
            }) => match kind {
                PolicyKind::Update => self.json_policy(payload, Flow::UpdatePolicy),
                PolicyKind::QueryAcceleration => self.json_policy(payload, Flow::QueryAcceleration),
                _ => {}
            },
            _ => {}
        }
    }

    fn policy(
        &mut self,
        command: &Command,
        action: kql::PolicyAction,
        level: &PolicyLevel,
        level_span: Span,
        (payload, payload_span): (Option<&Literal>, Option<Span>),
    ) {
        let action = match action {
            kql::PolicyAction::Alter => PolicyAction::Replace,
            kql::PolicyAction::AlterMerge => PolicyAction::Merge,
            kql::PolicyAction::Delete => PolicyAction::Delete,
            kql::PolicyAction::Show => return,
        };
        let at = self.place(command.verb);
        let level = match level {
            PolicyLevel::Cluster => Level::Cluster,
            PolicyLevel::Database(name) => {
                let named = name.as_ref().map(|name| Name::of(&name.text));
                Level::Database(named.or_else(|| self.script.database.clone()))
            }
        };
        let read = payload.map(|literal| payload::identity_policy(&literal.value, self.place(literal.span)));
        let (entries, mut flaws) = read.map_or_else(Default::default, |read| (read.entries, read.flaws));
        // That a string has no end is told already, and what is in it is no policy yet.
        if payload.is_some_and(|literal| literal.parts.iter().any(|part| !part.terminated)) {
            flaws.clear();
        }
        if let Some(span) =
            payload_span.filter(|span| payload.is_none() && symbolic(&self.script.text.part(*span)).is_known())
        {
            flaws.push(PolicyFlaw {
                kind: FlawKind::NoString,
                at: self.place(span),
            });
        }
        if action != PolicyAction::Delete {
            self.unread_policy(
                payload.map_or(level_span, |literal| literal.span),
                payload.is_some(),
                entries.as_deref(),
            );
        }
        let level_at = self.place(level_span);
        let (cluster, script, order) = (self.script.cluster.clone(), self.id, self.order);
        self.collector.facts.policies.push(PolicyCommand {
            action,
            level,
            level_at,
            cluster,
            entries,
            flaws,
            at,
            verb: self.script.text.editable(command.verb),
            when: self.script.when.clone(),
            script,
            order,
        });
    }

    /// Says what of a policy is not known.
    fn unread_policy(&mut self, span: Span, is_string: bool, entries: Option<&[PolicyEntry]>) {
        let at = self.place(span);
        let undecided = &mut self.collector.facts.undecided;
        match entries {
            None => {
                let why = if is_string {
                    "its text can't be read as JSON"
                } else {
                    "it is no string literal"
                };
                undecided.push(Undecided {
                    at,
                    reason: format!("the policy is not known: {why}"),
                });
            }
            Some(entries) => undecided.extend(entries.iter().filter(|entry| !entry.complete).map(|entry| Undecided {
                at: entry.at,
                reason: "which usages this entry allows is not wholly known".to_owned(),
            })),
        }
    }

    /// Strings that name storage.
    fn storage(&mut self, sources: &[Literal], flow: Flow, database: Option<&Name>) {
        for source in sources {
            self.strings(source, database, flow, |target| on_storage(flow, target));
        }
    }

    fn external_table(&mut self, kind: Option<ExternalTableKind>, sources: &[Literal], properties: &[PropertyPair]) {
        let dialect =
            kql::property(properties, "sqlDialect").and_then(|pair| pair.value.text().known().map(str::to_lowercase));
        for source in sources {
            self.strings(source, None, Flow::ExternalTable, |target| {
                match (dialect.as_deref(), target) {
                    (Some("mysql"), _) | (_, Target::Keywords(Dialect::MySql)) => Flow::MySql,
                    (Some("postgresql"), _) | (_, Target::Keywords(Dialect::PostgreSql)) => Flow::PostgreSql,
                    (_, Target::Storage(Store::DataLakeGen1)) if kind != Some(ExternalTableKind::Sql) => {
                        Flow::DataLakeGen1
                    }
                    (Some("cosmosdbsql"), _) | (_, Target::Keywords(Dialect::CosmosDb)) => Flow::CosmosDbTable,
                    _ => on_storage(Flow::ExternalTable, target),
                }
            });
        }
    }

    fn operators(&mut self, operators: &[OperatorUse]) {
        for used in operators {
            if used.name == "external_table" {
                self.queried_table(used);
            }
            // The documents leave open whether an identity works with `infer_storage_schema_with_suggestions`; other
            // operators without a flow have no place for one.
            let Some(of_operator) = Flow::of_operator(used.name) else {
                continue;
            };
            let flow = |target: Target| match (of_operator, target) {
                (Flow::ExternalData | Flow::InlineExternalTable, Target::Storage(Store::DataLakeGen1)) => {
                    Flow::DataLakeGen1
                }
                _ => on_storage(of_operator, target),
            };
            self.addressed_elsewhere(of_operator, used);
            for literal in &used.strings {
                self.strings(literal, None, of_operator, flow);
            }
        }
    }

    fn continuous_export(&mut self, properties: &[PropertyPair]) {
        let Some(pair) = kql::property(properties, "managedIdentity") else {
            return;
        };
        let at = self.place(pair.value.span());
        self.identity(Flow::ContinuousExport, pair.value.text(), at);
    }

    /// A policy whose JSON may name an identity in `ManagedIdentity`.
    fn json_policy(&mut self, literal: &Literal, flow: Flow) {
        for object in payload::objects(&literal.value).unwrap_or_default() {
            let Some(node) = object.get("ManagedIdentity") else {
                continue;
            };
            let Some(text) = node.string(&literal.value).filter(|text| !text.trimmed().is_empty()) else {
                continue;
            };
            let at = literal
                .value
                .source(node.span)
                .unwrap_or_else(|| self.place(literal.span));
            self.identity(flow, &text, at);
        }
    }

    fn identity(&mut self, flow: Flow, text: &MappedText, at: FileSpan) {
        let identity = IdentityRef::new(text, at);
        self.push(flow, identity, at, None, None);
    }

    /// A connection string of `of`, and the identities that it names. `flow` tells from what the string leads to in
    /// which flow they are used.
    fn strings(&mut self, literal: &Literal, database: Option<&Name>, of: Flow, flow: impl Fn(Target) -> Flow) {
        let text = &literal.value;
        if text.len() > MAX_CONNECTION {
            let reason = format!("a connection string of more than {MAX_CONNECTION} bytes was not read");
            let at = self.place(literal.span);
            self.collector.facts.undecided.push(Undecided { at, reason });
            return;
        }
        let parsed = connection::parse(text);
        let flow = flow(parsed.target());
        let found = Found {
            at: self.place(literal.span),
            carrier: Carrier::Query(of),
            bounded: true,
            commented: false,
            named_outside: Vec::new(),
            script: self.id,
            when: self.script.when.clone(),
        };
        self.collector.connection_string(text, &parsed, found);
        let account = parsed
            .storage()
            .and_then(|storage| storage.account.as_ref())
            .map(|part| Name::of(&part.text));
        self.filled_in_string(flow, literal, &parsed);
        for found in parsed.identities() {
            let at = text.source(found.span).unwrap_or_else(|| self.place(literal.span));
            let identity = identity_of(&found, at);
            self.push(flow, identity, at, database.cloned(), account.clone());
        }
    }

    fn push(&mut self, flow: Flow, identity: IdentityRef, at: FileSpan, database: Option<Name>, account: Option<Name>) {
        self.collector.facts.uses.push(IdentityUse {
            flow,
            identity,
            at,
            database: database.or_else(|| self.script.database.clone()),
            cluster: self.script.cluster.clone(),
            account,
            script: self.id,
            order: self.order,
            when: self.script.when.clone(),
        });
    }
}

/// The flow of a string that leads to `target`: Amazon S3 never takes an identity.
fn on_storage(flow: Flow, target: Target) -> Flow {
    if target == Target::Storage(Store::S3) {
        Flow::AmazonS3
    } else {
        flow
    }
}

/// The identity that a connection string names at `at`; SQL strings mean the system-assigned one by naming none.
pub(super) fn identity_of(found: &connection::Identity, at: FileSpan) -> IdentityRef {
    match &found.value {
        Some(value) => IdentityRef::new(&value.text, at),
        None => IdentityRef {
            identity: Identity::System(None),
            at,
            written: "system".to_owned(),
        },
    }
}
