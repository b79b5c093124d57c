//! Parameter files: values for the parameters of a template.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Source;
use crate::arm::evaluate::number;
use crate::arm::value::{Member, Node, Object, Value};
use crate::syntax::json::{self, Kind};
use crate::text::{FileSpan, Symbol};

/// The values that a parameter file gives, by the parameter's name in lower case. Values are taken as they
/// stand: expressions are not evaluated there.
#[must_use]
pub fn parameter_values(source: Source<'_>) -> BTreeMap<String, Node> {
    let members = source
        .tree
        .get("parameters")
        .map(json::Node::members)
        .unwrap_or_default();
    let value = |member: &json::Member| {
        if let Some(value) = member.value.get("value") {
            return Some(literal(value, source));
        }
        let reference = member.value.get("reference")?;
        let symbol = Symbol::Parameter {
            scope: format!("file {}", source.file.0),
            name: member.name.clone(),
        };
        let why = format!("parameter `{}` comes from a key vault", member.name);
        Some(Node::written(
            Value::unknown(symbol, why),
            FileSpan::new(source.file, reference.span),
        ))
    };
    members
        .iter()
        .filter_map(|member| Some((member.name.to_lowercase(), value(member)?)))
        .collect()
}

/// The template that a parameter file names in its metadata: a path relative to the file.
#[must_use]
pub fn template_link(source: Source<'_>) -> Option<String> {
    let link = source.tree.get("metadata")?.get("template")?.string(source.text)?;
    link.known().map(str::to_owned)
}

/// A JSON value as it stands.
fn literal(node: &json::Node, source: Source<'_>) -> Node {
    let site = FileSpan::new(source.file, node.span);
    let value = match &node.kind {
        Kind::Null => Value::Null,
        Kind::Bool(value) => Value::Bool(*value),
        Kind::Number(text) => number(text),
        Kind::String => Value::text(node.string(source.text).unwrap_or_default()),
        Kind::Array(elements) => Value::Array(Arc::new(
            elements.iter().map(|element| literal(element, source)).collect(),
        )),
        Kind::Object(members) => {
            let members = members.iter().map(|member| Member {
                name: json::Node {
                    span: member.name_span,
                    kind: Kind::String,
                }
                .string(source.text)
                .unwrap_or_default(),
                node: literal(&member.value, source),
            });
            Value::Object(Arc::new(Object::new(members.collect())))
        }
        Kind::Broken => Value::unknown(
            Symbol::Expression(format!("broken JSON at {site:?}")),
            "the JSON value cannot be read",
        ),
    };
    Node::written(value, site)
}
