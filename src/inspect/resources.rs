//! The view of a template's resources after evaluation.

use serde_json::{Map, Value as Json, json};

use super::{location, provenance};
use crate::arm::template::Resource;
use crate::arm::value::{Node, Unknown, Value};
use crate::engine::{self, Input};
use crate::facts::Case;
use crate::syntax::connection::MASK;
use crate::text::{MappedText, Sources, Span};

/// One object a resource, in the order of the files' paths and of their text; a template with several
/// parameter files is shown with each of them.
#[must_use]
pub fn view(inputs: Vec<Input>) -> Vec<Json> {
    let (sources, evaluated) = engine::resources(inputs);
    let shown = evaluated
        .iter()
        .flat_map(|(case, resources)| resources.iter().map(|resource| (*case, resource)));
    shown.map(|(case, resource)| object(case, resource, &sources)).collect()
}

fn object(case: Case, resource: &Resource, sources: &Sources) -> Json {
    let member = |name: &str| {
        resource
            .body
            .member(name)
            .map_or(Json::Null, |member| value(&member.node))
    };
    let condition = match (&resource.condition_reason, resource.condition.is_always()) {
        (None, true) => json!(true),
        (reason, _) => json!({ "$unknown": reason, "when": resource.condition.to_string() }),
    };
    let mut ways = Vec::new();
    provenance::ways(&resource.name, "/name", sources, &mut ways);
    for shown in ["apiVersion", "scope", "kind", "identity", "properties"] {
        if let Some(member) = resource.body.member(shown) {
            provenance::ways(&member.node, &format!("/{shown}"), sources, &mut ways);
        }
    }
    json!({
        "path": sources.path(case.file),
        "parameters": case.parameters.map(|file| sources.path(file)),
        "type": resource.kind,
        "apiVersion": member("apiVersion"),
        "name": value(&resource.name),
        "existing": resource.existing,
        "scope": member("scope"),
        "condition": condition,
        "kind": member("kind"),
        "identity": member("identity"),
        "properties": properties(resource, member("properties")),
        "provenance": ways,
        "location": location(resource.site, sources),
    })
}

/// The properties without what is a secret by the type of the resource.
fn properties(resource: &Resource, mut properties: Json) -> Json {
    let is_secret = resource.kind.eq_ignore_ascii_case("Microsoft.KeyVault/vaults/secrets");
    if let Some(value) = properties
        .get_mut("value")
        .filter(|value| is_secret && value.is_string())
    {
        *value = json!(MASK);
    }
    properties
}

/// A value as JSON. What is not known is an object with one member whose name starts with `$`.
pub(super) fn value(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Int(value) => json!(value),
        Value::Float(value) => json!(value),
        Value::String(text) if text.is_known() => json!(text.as_str()),
        Value::String(text) => json!({ "$partial": pieces(text) }),
        Value::Array(elements) => elements.iter().map(value).collect(),
        Value::Object(object) => {
            let members = object
                .members()
                .iter()
                .map(|member| (member.name.display(), value(&member.node)));
            Json::Object(members.collect::<Map<_, _>>())
        }
        Value::Unknown(unknown) => json!({ "$unknown": &*unknown.why }),
        Value::OneOf(alternatives) => {
            let alternatives = alternatives
                .iter()
                .map(|one| json!({ "when": one.when.to_string(), "value": value(&one.node) }));
            json!({ "$oneOf": alternatives.collect::<Vec<_>>() })
        }
    }
}

/// The known pieces of a text and what stands between them.
fn pieces(text: &MappedText) -> Vec<Json> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for hole in text.holes() {
        let before = Span::new(from, hole.at).of_text(text.as_str());
        if !before.is_empty() {
            pieces.push(json!(before));
        }
        pieces.push(json!({ "$unknown": &*Unknown::of(hole.symbol.clone()).why }));
        from = hole.at + crate::text::offset(crate::text::HOLE.len_utf8());
    }
    let rest = Span::new(from, text.len()).of_text(text.as_str());
    if !rest.is_empty() {
        pieces.push(json!(rest));
    }
    pieces
}
