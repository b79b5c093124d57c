//! Parameter files: values for the parameters of a template.

use std::collections::BTreeMap;

use super::Source;
use crate::arm::evaluate::literal_json;
use crate::arm::value::{Node, Value};
use crate::syntax::json;
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
            return Some(literal_json(value, source.text, source.file));
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
