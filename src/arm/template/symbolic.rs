//! Symbolic names (language version 2.0): `reference('vault')`, `reference('vaults[1]')`, `references('vaults')`.
//! The rounds of resources, which they name.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::names::{Elsewhere, id_of};
use super::scope::TemplateScope;
use crate::arm::evaluate::{CopyPosition, CopyScope, MAX_COPIES, Scope, evaluate_text};
use crate::arm::value::Value;
use crate::syntax::json;
use crate::text::MappedText;

/// The resources right in a template without symbolic names, by their name in lower case; none for a name that
/// several have.
type ByName<'t> = BTreeMap<String, Option<&'t json::Node>>;

/// The resources of a template by name, listed when the first of them is asked for.
#[derive(Default)]
pub(super) struct Named<'t> {
    listed: RefCell<Option<Rc<ByName<'t>>>>,
    /// Whether they are being listed: a name that asks for one of them has no value.
    busy: Cell<bool>,
}

impl<'t> TemplateScope<'t> {
    /// The id of the one resource of the template with a plain name, as `reference('vault')` means it where there are
    /// no symbolic names.
    fn id_of_named(&self, name: &str) -> Option<MappedText> {
        let node = self.named_resources()?.get(&name.to_lowercase()).copied().flatten()?;
        self.id(node, self)
    }

    fn named_resources(&self) -> Option<Rc<ByName<'t>>> {
        if let Some(listed) = self.named.listed.borrow().as_ref() {
            return Some(Rc::clone(listed));
        }
        if self.named.busy.replace(true) {
            return None;
        }
        let mut found = ByName::new();
        let resources = self.template.get("resources").map(json::Node::elements);
        for node in resources.unwrap_or_default() {
            // The name of a loop's resource is another one in each round.
            let name = if node.get("copy").is_some() {
                None
            } else {
                self.text(node, "name", self)
            };
            if let Some(name) = name.as_ref().and_then(MappedText::known) {
                let known = found.entry(name.to_lowercase());
                known.and_modify(|several| *several = None).or_insert(Some(node));
            }
        }
        self.named.busy.set(false);
        let found = Rc::new(found);
        *self.named.listed.borrow_mut() = Some(Rc::clone(&found));
        Some(found)
    }

    /// The id of the resource of a symbolic name: of `vault`, or of a round of a loop, `vault[0]`.
    pub(super) fn symbolic_id(&self, name: &str) -> Option<MappedText> {
        let (name, round) = match name.strip_suffix(']').and_then(|name| name.rsplit_once('[')) {
            Some((name, round)) => (name, Some(round.parse::<i64>().ok()?)),
            None => (name, None),
        };
        match (self.declared.symbolic(self.template, name), round) {
            (Some(node), round) => self.in_round(node, round, |scope| self.id(node, scope))?,
            (None, None) => self.id_of_named(name),
            (None, Some(_)) => None,
        }
    }

    /// The id of a resource that stands right in the template.
    pub(super) fn id(&self, node: &json::Node, scope: &dyn Scope) -> Option<MappedText> {
        let kind = node.get("type")?.string(self.source.text)?;
        let name = self.text(node, "name", scope)?;
        let elsewhere = Elsewhere {
            subscription: self.text(node, "subscriptionId", scope),
            group: self.text(node, "resourceGroup", scope),
            scope: self.text(node, "scope", scope),
        };
        Some(id_of(kind.as_str(), &name, &elsewhere, scope))
    }

    /// What `read` makes of a resource in one of its rounds; nothing for a round that it does not have.
    pub(super) fn in_round<T>(
        &self,
        node: &json::Node,
        round: Option<i64>,
        read: impl FnOnce(&dyn Scope) -> T,
    ) -> Option<T> {
        let copy = node.get("copy").filter(|copy| !copy.members().is_empty());
        match (copy, round) {
            (None, None) => Some(read(self)),
            (Some(copy), Some(index)) if (0..MAX_COPIES).contains(&index) => {
                let name = copy.get("name").and_then(|name| name.string(self.source.text));
                let name = name.unwrap_or_default();
                Some(read(&CopyScope {
                    outer: self,
                    name: name.as_str(),
                    position: CopyPosition { index: Ok(index) },
                    of_resource: true,
                }))
            }
            _ => None,
        }
    }

    /// A member of a resource as text. What fails is reported where the resource is read.
    pub(super) fn text(&self, node: &json::Node, member: &str, scope: &dyn Scope) -> Option<MappedText> {
        let node = node.get(member)?;
        let text = node.string(self.source.text)?;
        let value = evaluate_text(text, self.source.site(node.span), scope).ok()?;
        value.as_text()
    }

    /// The ids of the resources of a loop; `None` when it is not known how many there are, or when some of them may
    /// not be deployed.
    pub(super) fn loop_ids(&self, name: &str) -> Option<Vec<MappedText>> {
        let node = self.declared.symbolic(self.template, name)?;
        let copy = node.get("copy").filter(|_| node.get("condition").is_none())?;
        let count = self.json(copy.get("count")?, self);
        if !matches!(count.value, Value::Int(count) if (0..=MAX_COPIES).contains(&count)) {
            return None;
        }
        let rounds = self.rounds(node).into_iter();
        rounds
            .map(|round| self.in_round(node, round, |scope| self.id(node, scope)).flatten())
            .collect()
    }

    /// The rounds of a resource; none that can be told of a loop whose count is not known.
    pub(super) fn rounds(&self, node: &json::Node) -> Vec<Option<i64>> {
        let Some(copy) = node.get("copy").filter(|copy| !copy.members().is_empty()) else {
            return vec![None];
        };
        let Some(count) = copy.get("count") else {
            return Vec::new();
        };
        match self.json(count, self).value {
            Value::Int(count) if (0..=MAX_COPIES).contains(&count) => (0..count).map(Some).collect(),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests;
