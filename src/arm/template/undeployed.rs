//! Resources that no deployment makes: what stands in the template all the same, and is listed without evaluation.

use std::collections::BTreeSet;

use super::Source;
use super::names::placed;
use super::nested::Holder;
use crate::arm::evaluate::placed_symbol;
use crate::arm::value::{Node, Value};
use crate::syntax::expression::{is_escaped, is_expression};
use crate::syntax::json;
use crate::text::FileSpan;

/// A resource that is never deployed with the parameters at hand: its condition, or that of a deployment around it,
/// is false, or its loop has no rounds.
#[derive(Clone, Debug)]
pub struct Undeployed {
    /// The whole type, parents included.
    pub kind: String,
    /// The whole name as far as it is written out.
    pub name: Node,
    /// Whether it is only referred to.
    pub existing: bool,
    /// The resource's object.
    pub site: FileSpan,
}

/// Collects them, each place once.
#[derive(Default)]
pub(super) struct Aside {
    found: Vec<Undeployed>,
    sites: BTreeSet<FileSpan>,
}

impl Aside {
    /// What was found, without the places at which something is deployed after all (by another round of a loop).
    pub(super) fn finish(self, deployed: impl Iterator<Item = FileSpan>) -> Vec<Undeployed> {
        let deployed: BTreeSet<_> = deployed.collect();
        let mut found = self.found;
        found.retain(|one| !deployed.contains(&one.site));
        found
    }

    /// Adds a resource whose type and name are known, and those of the template in it.
    pub(super) fn deployment(&mut self, source: Source<'_>, node: &json::Node, kind: String, name: Node) {
        if self.add(source, node, kind.clone(), name) {
            self.template(source, node, &kind);
        }
    }

    /// Adds a resource and all that stands inside it.
    pub(super) fn whole(&mut self, source: Source<'_>, node: &json::Node, parent: Option<&(String, Node)>) {
        let Some(kind) = node.get("type").and_then(|kind| kind.string(source.text)) else {
            return;
        };
        let (kind, name, _) = placed(kind.as_str(), name_of(source, node), parent);
        if self.add(source, node, kind.clone(), name.clone()) {
            self.template(source, node, &kind);
            let inside = (kind, name);
            for child in listed(node) {
                self.whole(source, child, Some(&inside));
            }
        }
    }

    /// Whether the place is new.
    fn add(&mut self, source: Source<'_>, node: &json::Node, kind: String, name: Node) -> bool {
        let site = source.site(node.span);
        if !self.sites.insert(site) {
            return false;
        }
        self.found.push(Undeployed {
            kind,
            name,
            existing: is_existing(node),
            site,
        });
        true
    }

    fn template(&mut self, source: Source<'_>, node: &json::Node, kind: &str) {
        if Holder::of(kind) != Some(Holder::Deployment) {
            return;
        }
        let template = node.get("properties").and_then(|properties| properties.get("template"));
        for inner in template.into_iter().flat_map(listed) {
            self.whole(source, inner, None);
        }
    }
}

/// The name where it is no expression: those are not evaluated.
fn name_of(source: Source<'_>, node: &json::Node) -> Node {
    let name = node.get("name");
    let site = source.site(name.unwrap_or(node).span);
    let text = name.and_then(|name| name.string(source.text)).unwrap_or_default();
    if name.is_some() && !is_expression(text.as_str()) && !is_escaped(text.as_str()) {
        return Node::written(Value::text(text), site);
    }
    let symbol = placed_symbol(&text.display(), site);
    Node::written(Value::unknown(symbol, "the resource is not deployed"), site)
}

/// The resources of a template or of a resource, in either form.
fn listed(owner: &json::Node) -> impl Iterator<Item = &json::Node> {
    let resources = owner.get("resources");
    let elements = resources.map(json::Node::elements).unwrap_or_default();
    let members = resources.map(json::Node::members).unwrap_or_default();
    elements.iter().chain(members.iter().map(|member| &member.value))
}

/// Whether a resource is only referred to.
pub(super) fn is_existing(node: &json::Node) -> bool {
    matches!(
        node.get("existing").map(|node| &node.kind),
        Some(json::Kind::Bool(true))
    )
}
