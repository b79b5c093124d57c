//! Parameter files: values for the parameters of a template.

use std::collections::{BTreeMap, BTreeSet};

use super::Source;
use super::declared::Declared;
use super::types::Types;
use crate::arm::evaluate::literal_json;
use crate::arm::value::{Node, Value};
use crate::syntax::json;
use crate::text::Symbol;

/// The values that a parameter file gives, by the parameter's name in lower case. Values are taken as they
/// stand: expressions are not evaluated there.
#[must_use]
pub fn parameter_values(source: Source<'_>) -> BTreeMap<String, Node> {
    let value = |member: &json::Member| {
        if let Some(value) = member.value.get("value") {
            return Some(literal_json(value, source.text, source.file));
        }
        let (at, why) = match (member.value.get("reference"), member.value.get("expression")) {
            (Some(at), _) => (at, "comes from a key vault"),
            (None, Some(at)) => (
                at,
                "is known at deployment only: an expression of the parameter file gives it",
            ),
            (None, None) => return None,
        };
        let symbol = Symbol::Parameter {
            scope: format!("file {}", source.file.0),
            name: member.name.clone(),
        };
        let why = format!("parameter `{}` {why}", member.name);
        Some(Node::written(Value::unknown(symbol, why), source.site(at.span)))
    };
    members(source)
        .iter()
        .filter_map(|member| Some((member.name.to_lowercase(), value(member)?)))
        .collect()
}

/// The names, in lower case, of the parameters that a parameter file gives.
#[must_use]
pub fn given(source: Source<'_>) -> BTreeSet<String> {
    members(source)
        .iter()
        .map(|member| member.name.to_lowercase())
        .collect()
}

fn members<'t>(source: Source<'t>) -> &'t [json::Member] {
    let parameters = source.tree.get("parameters");
    parameters.map(json::Node::members).unwrap_or_default()
}

/// The parameters that a template declares, by their names in lower case.
#[derive(Clone, Debug, Default)]
pub struct Signature {
    declared: BTreeSet<String>,
    required: BTreeSet<String>,
}

impl Signature {
    /// Whether parameters of these names are all declared, and all that are required are among them.
    #[must_use]
    pub fn fits(&self, given: &BTreeSet<String>) -> bool {
        given.is_subset(&self.declared) && self.required.is_subset(given)
    }
}

/// The parameters of a template.
#[must_use]
pub fn signature(source: Source<'_>) -> Signature {
    let declared = Declared::default();
    let types = Types {
        declared: &declared,
        template: source.tree,
        text: source.text,
    };
    let mut signature = Signature::default();
    for member in members(source) {
        let name = member.name.to_lowercase();
        let optional = member.value.get("defaultValue").is_some() || types.resolved(&member.value).is_nullable();
        if !optional {
            signature.required.insert(name.clone());
        }
        signature.declared.insert(name);
    }
    signature
}

/// The template that a parameter file names in its metadata: a path relative to the file.
#[must_use]
pub fn template_link(source: Source<'_>) -> Option<String> {
    let link = source.tree.get("metadata")?.get("template")?.string(source.text)?;
    link.known().map(str::to_owned)
}
