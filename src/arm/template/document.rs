//! What kind of document a JSON file is, by its content.

use crate::arm::evaluate::Level;
use crate::syntax::json::{Kind, Node};
use crate::text::MappedText;

/// A kind of JSON document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// A deployment template.
    Template,
    /// Values for the parameters of a template.
    Parameters,
    /// Something else.
    Other,
}

/// What the document is: by its schema, or without one by its members.
#[must_use]
pub fn classify(tree: &Node, source: &MappedText) -> Document {
    let schema = schema(tree, source);
    if schema.contains("deploymenttemplate") {
        return Document::Template;
    }
    if schema.contains("deploymentparameters") {
        return Document::Parameters;
    }
    let versioned = tree.get("contentVersion").is_some();
    let is_list = |name: &str| {
        tree.get(name)
            .is_some_and(|node| matches!(node.kind, Kind::Array(_) | Kind::Object(_)))
    };
    if versioned && is_list("resources") {
        return Document::Template;
    }
    let parameters = tree.get("parameters").map(Node::members).unwrap_or_default();
    let valued = |node: &Node| {
        ["value", "reference", "expression"]
            .into_iter()
            .any(|name| node.get(name).is_some())
    };
    if versioned && !parameters.is_empty() && parameters.iter().all(|member| valued(&member.value)) {
        return Document::Parameters;
    }
    Document::Other
}

/// The level at which a template is deployed, by its schema.
#[must_use]
pub fn level_of(tree: &Node, source: &MappedText) -> Option<Level> {
    let schema = schema(tree, source);
    if schema.contains("subscriptiondeploymenttemplate") {
        Some(Level::Subscription)
    } else if schema.contains("managementgroupdeploymenttemplate") {
        Some(Level::ManagementGroup)
    } else if schema.contains("tenantdeploymenttemplate") {
        Some(Level::Tenant)
    } else {
        schema.contains("deploymenttemplate").then_some(Level::ResourceGroup)
    }
}

/// The template and the parameters in the output of `bicep build-params --stdout`: both are JSON in a string.
#[must_use]
pub fn built(tree: &Node, source: &MappedText) -> Option<(Option<MappedText>, MappedText)> {
    let parameters = tree.get("parametersJson")?.string(source)?;
    let template = tree.get("templateJson").and_then(|node| node.string(source));
    Some((template, parameters))
}

/// `$schema` in lower case; empty without one.
fn schema(tree: &Node, source: &MappedText) -> String {
    let schema = tree.get("$schema").and_then(|node| node.string(source));
    schema
        .map(|schema| schema.as_str().chars().take(300).collect::<String>().to_lowercase())
        .unwrap_or_default()
}
