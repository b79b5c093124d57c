//! Scripts that a deployment runs: their commands, and where their texts come from.

use super::kql::Reader;
use super::object::changes_identity_policy;
use super::possible::{possible, read_bool, reason};
use super::template::placed;
use super::{Collector, Errors, Script, collect_script};
use crate::arm::template::Resource;
use crate::arm::value::{Node, Property, Value};
use crate::diagnostic::Undecided;
use crate::facts::{Known, Possible, ScriptCommand, ScriptLevel, ScriptSource, ScriptToken, TokenFrom};
use crate::syntax::kql::Command;
use crate::text::{FileSpan, HOLE, MappedText, Span, Symbol};

impl Collector<'_> {
    /// A `Microsoft.Kusto/clusters/databases/scripts`.
    pub(super) fn script(&mut self, resource: &Resource) -> Errors {
        let Property::Present(properties) = resource.body.property("properties") else {
            return Vec::new();
        };
        self.script_source(resource);
        let (level, goes_on) = (level(resource), goes_on(resource));
        let mut errors = Vec::new();
        let Property::Present(content) = properties.property("scriptContent") else {
            return errors;
        };
        for (when, node) in content.alternatives() {
            let Some(text) = self.script_text(&node) else { continue };
            let Some(when) = when.and(&resource.condition) else {
                continue;
            };
            let script = Script {
                text: &text,
                cluster: self.parent_name(&resource.name, 0),
                database: self.parent_name(&resource.name, 1),
                deployed: Some(Deployed {
                    level: level.clone(),
                    goes_on: goes_on.clone(),
                }),
                when,
            };
            errors.extend(placed(&text, collect_script(self, &script)));
        }
        errors
    }

    /// Where the text of a script resource comes from.
    fn script_source(&mut self, resource: &Resource) {
        let content = given(resource, "scriptContent");
        let (url, token) = (given(resource, "scriptUrl"), given(resource, "scriptUrlSasToken"));
        let identity = given(resource, "managedIdentityResourceId");
        let doubtful = |one: &Given, two: &Given| one.may() && two.may() && !(one.is_certain() && two.is_certain());
        if doubtful(&content, &url) || doubtful(&content, &token) {
            let reason = "which of the script's sources are given is not known".to_owned();
            let at = resource.properties_site;
            self.facts.undecided.push(Undecided { at, reason });
        }
        self.facts.script_sources.push(ScriptSource {
            name: self.name(&resource.name),
            at: resource.properties_site,
            content: content.certain(),
            url: url.certain(),
            token: token_of(resource, &token),
            needs_token: !token.may() && !identity.may() && !may_hold_token(resource),
            when: resource.condition.clone(),
            case: self.case,
        });
    }
}

/// What is known of a script that a deployment runs.
#[derive(Clone)]
pub struct Deployed {
    /// What it may run.
    level: Known<ScriptLevel>,
    /// Whether it goes on after an error: the value of `continueOnErrors`, and its place.
    goes_on: (Known<bool>, FileSpan),
}

impl Reader<'_, '_> {
    /// A command right in the text of a script that a deployment runs.
    pub(super) fn deployed(&mut self, command: &Command) {
        let Some(Deployed { level, goes_on }) = self.script.deployed.clone() else {
            return;
        };
        let text = self.script.text.as_str();
        let mut words = command.name.iter().flat_map(|name| name.split(' '));
        self.collector.facts.script_commands.push(ScriptCommand {
            verb: command.verb.of_text(text).to_owned(),
            of_cluster: words.nth(1) == Some("cluster"),
            sets_identities: changes_identity_policy(command),
            level,
            goes_on,
            at: self.place(Span::new(command.span.start, command.verb.end)),
            when: self.script.when.clone(),
            script: self.id,
        });
    }
}

/// The forms of a property that may be left out.
struct Given(Vec<Possible<()>>);

impl Given {
    /// Whether it may be there.
    fn may(&self) -> bool {
        self.0.iter().any(|form| form.value != Known::Absent)
    }

    /// Whether it is there.
    fn is_certain(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|form| form.value == Known::Value(()))
    }

    /// Where it is, if it is there.
    fn certain(&self) -> Option<FileSpan> {
        self.0.first().filter(|_| self.is_certain()).map(|form| form.site)
    }
}

/// Whether a property of a script resource is there; one that is empty is not.
fn given(resource: &Resource, name: &str) -> Given {
    let read = |node: &Node| match (&node.value, node.as_text()) {
        (Value::Null, _) => Known::Absent,
        (_, Some(text)) if text.trimmed().is_empty() => Known::Absent,
        (_, Some(text)) if text.as_str().chars().any(|c| c != HOLE) => Known::Value(()),
        // A parameter that must be given may be given an empty text; a secret one is there to be used.
        (Value::Unknown(unknown), _) if unknown.is_secret() => Known::Value(()),
        _ => Known::Unknown(reason(node)),
    };
    let path = ["properties", name];
    Given(possible(
        &resource.body,
        &path,
        &resource.condition,
        resource.properties_site,
        &read,
    ))
}

/// What a script resource may run.
fn level(resource: &Resource) -> Known<ScriptLevel> {
    let read = |node: &Node| match (&node.value, node.as_str().map(str::to_ascii_lowercase).as_deref()) {
        (Value::Null, _) | (_, Some("database")) => Known::Value(ScriptLevel::Database),
        (_, Some("cluster")) => Known::Value(ScriptLevel::Cluster),
        _ => Known::Unknown(reason(node)),
    };
    let (level, _) = sole(resource, "scriptLevel", &read);
    match level {
        Known::Absent => Known::Value(ScriptLevel::Database),
        level => level,
    }
}

/// `continueOnErrors` of a script resource, and its place.
fn goes_on(resource: &Resource) -> (Known<bool>, FileSpan) {
    sole(resource, "continueOnErrors", &read_bool)
}

/// The value of a property that has only one.
fn sole<T: Clone>(resource: &Resource, name: &str, read: &dyn Fn(&Node) -> Known<T>) -> (Known<T>, FileSpan) {
    let path = ["properties", name];
    let forms = possible(
        &resource.body,
        &path,
        &resource.condition,
        resource.properties_site,
        read,
    );
    match forms.as_slice() {
        [form] => (form.value.clone(), form.site),
        _ => {
            let reason = format!("`{name}` has one of several values");
            (Known::Unknown(reason), resource.properties_site)
        }
    }
}

/// The token of a script resource, the most telling of the forms that it may have.
fn token_of(resource: &Resource, token: &Given) -> Option<ScriptToken> {
    let read = |node: &Node| Known::Value(of_token(node));
    let path = ["properties", "scriptUrlSasToken"];
    let forms = possible(
        &resource.body,
        &path,
        &resource.condition,
        resource.properties_site,
        &read,
    );
    let order = [TokenFrom::Text, TokenFrom::OpenParameter, TokenFrom::Elsewhere];
    let found = order.into_iter().find_map(|from| {
        let given = forms.iter().find(|form| form.value == Known::Value(from))?;
        Some((from, given.clone()))
    });
    let (from, given) = found.filter(|_| token.may())?;
    Some(ScriptToken {
        at: given.site,
        from,
        given,
        certain: token.is_certain(),
    })
}

/// Whether the address of a script may end in a token of its own.
fn may_hold_token(resource: &Resource) -> bool {
    let url = super::possible::present(&resource.body, &["properties", "scriptUrl"]);
    let forms = url.iter().flat_map(Node::alternatives);
    let mut texts = forms.map(|(_, url)| url.as_text());
    texts.any(|url| url.is_none_or(|url| url.as_str().contains('?') || url.as_str().ends_with(HOLE)))
}

fn of_token(node: &Node) -> TokenFrom {
    match &node.value {
        Value::Unknown(unknown) if unknown.is_secret() => TokenFrom::Elsewhere,
        Value::Unknown(unknown) if matches!(*unknown.symbol, Symbol::Parameter { .. }) => TokenFrom::OpenParameter,
        Value::String(text) if is_written(text) => TokenFrom::Text,
        _ => TokenFrom::Elsewhere,
    }
}

/// Whether the signature itself stands in the text, not only the parameters before it.
fn is_written(text: &MappedText) -> bool {
    let text = crate::syntax::placeholder::symbolic(text);
    let signature = text
        .as_str()
        .split(['?', '&'])
        .find_map(|part| part.strip_prefix("sig="));
    signature.is_some_and(|value| !value.is_empty() && !value.contains(HOLE))
}
