//! What the expressions of one template can see.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::resources::child_scope;
use super::{MAX_NESTING, Source, level_of};
use crate::arm::evaluate::{
    Budget, CopyPosition, DeploymentScope, EvalError, Scope, evaluate_copy, evaluate_json, evaluate_text,
};
use crate::arm::value::{Atom, Condition, MAX_ALTERNATIVES, Node, Value};
use crate::syntax::json::{self, Kind};
use crate::text::{FileSpan, MappedText, Symbol};

/// What all scopes of one evaluation share.
#[derive(Clone, Copy)]
pub(super) struct Shared<'t> {
    pub(super) source: Source<'t>,
    pub(super) budget: &'t Budget,
    pub(super) errors: &'t RefCell<Vec<EvalError>>,
}

/// A value that is being evaluated, or was.
enum Slot {
    Busy,
    Done(Result<Node, EvalError>),
}

/// The scope of a template: its parameters, variables and functions.
pub(super) struct TemplateScope<'t> {
    pub(super) shared: Shared<'t>,
    /// The template's object.
    pub(super) template: &'t json::Node,
    /// Values given from outside, by name in lower case.
    values: BTreeMap<String, Node>,
    /// Text that no other scope of the run has.
    pub(super) id: String,
    /// How many deployments it is nested in.
    pub(super) depth: u32,
    deployment: DeploymentScope,
    slots: RefCell<BTreeMap<String, Slot>>,
}

impl<'t> TemplateScope<'t> {
    pub(super) fn new(
        shared: Shared<'t>,
        template: &'t json::Node,
        values: BTreeMap<String, Node>,
        id: String,
        depth: u32,
    ) -> Self {
        let deployment = DeploymentScope {
            level: level_of(template, shared.source.text),
            ..DeploymentScope::default()
        };
        Self {
            shared,
            template,
            values,
            id,
            depth,
            deployment,
            slots: RefCell::default(),
        }
    }

    /// Evaluates something once; a value that needs itself has none.
    fn once(
        &self,
        key: String,
        name: &str,
        site: FileSpan,
        evaluate: impl FnOnce() -> Result<Node, EvalError>,
    ) -> Result<Node, EvalError> {
        match self.slots.borrow().get(&key) {
            Some(Slot::Done(result)) => return result.clone(),
            Some(Slot::Busy) => return Err(EvalError::failed(site, format!("`{name}` depends on itself"))),
            None => {}
        }
        self.slots.borrow_mut().insert(key.clone(), Slot::Busy);
        let result = evaluate();
        self.slots.borrow_mut().insert(key, Slot::Done(result.clone()));
        result
    }

    fn json(&self, node: &json::Node, scope: &dyn Scope) -> Node {
        evaluate_json(node, self.shared.source.text, self.shared.source.file, scope)
    }

    fn declared(&self, section: &str, name: &str) -> Option<&'t json::Member> {
        self.template.get(section)?.member(name)
    }

    /// What is known of a parameter that nobody gives a value: its default, the values it may have, nothing.
    fn undetermined(&self, member: &json::Member) -> Node {
        let site = FileSpan::new(self.shared.source.file, member.name_span);
        if let Some(default) = member.value.get("defaultValue") {
            return self.json(default, &DefaultScope { template: self });
        }
        if self.is_nullable(&member.value) {
            return Node::written(Value::Null, site);
        }
        let symbol = Symbol::Parameter {
            scope: self.id.clone(),
            name: member.name.clone(),
        };
        let subject = symbol.key();
        let why = format!("parameter `{}` has no value", member.name);
        let unknown = Node::written(Value::unknown(symbol, why), site);
        let name = format!("`{}`", member.name);
        let when = |value: String| {
            Condition::that(Atom {
                subject: subject.clone(),
                name: name.clone(),
                value,
            })
        };
        if let Some(allowed) = member.value.get("allowedValues").map(json::Node::elements)
            && (1..=MAX_ALTERNATIVES).contains(&allowed.len())
        {
            let values = allowed.iter().map(|value| self.json(value, self));
            let alternatives = values.map(|node| (when(node.canonical()), node)).collect();
            return Node::one_of(alternatives, site);
        }
        let kind = member
            .value
            .get("type")
            .and_then(|kind| kind.string(self.shared.source.text));
        if kind.is_some_and(|kind| kind.as_str().eq_ignore_ascii_case("bool")) {
            let alternatives =
                [true, false].map(|value| (when(value.to_string()), Node::written(Value::Bool(value), site)));
            return Node::one_of(alternatives.to_vec(), site);
        }
        unknown
    }

    /// Whether a parameter may be left out and is null then, by its own word or by that of its type.
    fn is_nullable(&self, declaration: &json::Node) -> bool {
        let says = |node: &json::Node| matches!(node.get("nullable").map(|node| &node.kind), Some(Kind::Bool(true)));
        let reference = declaration
            .get("$ref")
            .and_then(|node| node.string(self.shared.source.text));
        let defined = reference.and_then(|path| {
            let name = path.known()?.strip_prefix("#/definitions/")?;
            self.template.get("definitions")?.get(name)
        });
        says(declaration) || defined.is_some_and(says)
    }

    /// The members of `resources`, whether it is a list or an object of symbolic names.
    pub(super) fn resource_nodes(&self) -> Vec<(Option<&'t str>, &'t json::Node)> {
        let Some(resources) = self.template.get("resources") else {
            return Vec::new();
        };
        let listed = resources.elements().iter().map(|node| (None, node));
        listed
            .chain(
                resources
                    .members()
                    .iter()
                    .map(|member| (Some(member.name.as_str()), &member.value)),
            )
            .collect()
    }

    /// The value of an output of the nested deployment whose canonical name is `deployment`.
    fn output_of(&self, deployment: &str, output: &str) -> Option<Node> {
        let text = self.shared.source.text;
        let node = self.resource_nodes().into_iter().map(|(_, node)| node).find(|node| {
            let kind = node.get("type").and_then(|kind| kind.string(text));
            kind.is_some_and(|kind| kind.as_str().eq_ignore_ascii_case("Microsoft.Resources/deployments"))
                && self
                    .name_of(node)
                    .is_some_and(|name| name.canonical().eq_ignore_ascii_case(deployment))
        })?;
        let (inner, template) = child_scope(self, node)?;
        let value = template.get("outputs")?.get(output)?.get("value")?;
        Some(match inner {
            Some(inner) => inner.json(value, &inner),
            None => self.json(value, self),
        })
    }

    /// The evaluated name of a resource.
    fn name_of(&self, node: &json::Node) -> Option<MappedText> {
        let name = node.get("name")?;
        let text = name.string(self.shared.source.text)?;
        evaluate_text(text, FileSpan::new(self.shared.source.file, name.span), self)
            .ok()?
            .as_text()
    }
}

impl Scope for TemplateScope<'_> {
    fn parameter(&self, name: &str, site: FileSpan) -> Result<Node, EvalError> {
        let key = name.to_lowercase();
        if let Some(value) = self.values.get(&key) {
            return Ok(value.clone().used_at(site));
        }
        let Some(member) = self.declared("parameters", name) else {
            return Err(EvalError::failed(
                site,
                format!("the template has no parameter `{name}`"),
            ));
        };
        let node = self.once(format!("parameter {key}"), name, site, || Ok(self.undetermined(member)))?;
        Ok(node.used_at(site))
    }

    fn variable(&self, name: &str, site: FileSpan) -> Result<Node, EvalError> {
        let key = format!("variable {}", name.to_lowercase());
        let node = self.once(key, name, site, || {
            if let Some(member) = self.declared("variables", name).filter(|member| !is_copy_list(member)) {
                return Ok(self.json(&member.value, self));
            }
            let loops = self
                .declared("variables", "copy")
                .map(|member| member.value.elements())
                .unwrap_or_default();
            let text = self.shared.source.text;
            let named = |entry: &&json::Node| {
                entry
                    .get("name")
                    .and_then(|node| node.string(text))
                    .is_some_and(|text| text.as_str().eq_ignore_ascii_case(name))
            };
            match loops.iter().find(named) {
                Some(entry) => Ok(evaluate_copy(entry, text, self.shared.source.file, self)),
                None => Err(EvalError::failed(
                    site,
                    format!("the template has no variable `{name}`"),
                )),
            }
        })?;
        Ok(node.used_at(site))
    }

    fn copy_index(&self, _name: Option<&str>) -> Option<CopyPosition> {
        None
    }

    fn deployment(&self) -> &DeploymentScope {
        &self.deployment
    }

    fn resource_id_of_symbolic_name(&self, name: &str) -> Option<MappedText> {
        let text = self.shared.source.text;
        let node = self.template.get("resources")?.get(name)?;
        let kind = node.get("type")?.string(text)?;
        let name = self.name_of(node)?;
        Some(super::resources::id_of(kind.as_str(), &name, self))
    }

    fn resolve_reference(&self, resource: &str, full: bool, path: &[String]) -> Option<Node> {
        let path = if full {
            path.strip_prefix(&["properties".to_owned()])?
        } else {
            path
        };
        let [outputs, output, value] = path else { return None };
        if !outputs.eq_ignore_ascii_case("outputs") || !value.eq_ignore_ascii_case("value") || self.depth > MAX_NESTING
        {
            return None;
        }
        let lower = resource.to_lowercase();
        let (_, deployment) = lower.rsplit_once("/microsoft.resources/deployments/")?;
        let key = format!("output {deployment} {}", output.to_lowercase());
        let site = FileSpan::default();
        let evaluate = || {
            self.output_of(deployment, output)
                .ok_or_else(|| EvalError::failed(site, "no such output"))
        };
        self.once(key, output, site, evaluate).ok()
    }

    fn report(&self, error: EvalError) {
        self.shared.errors.borrow_mut().push(error);
    }

    fn budget(&self) -> &Budget {
        self.shared.budget
    }
}

/// Whether a member of `variables` is the list of loops and not a variable called `copy`.
fn is_copy_list(member: &json::Member) -> bool {
    member.name.eq_ignore_ascii_case("copy")
        && matches!(&member.value.kind, Kind::Array(elements) if elements.iter().all(|entry| entry.get("count").is_some()))
}

/// The scope of the default value of a parameter, where `newGuid()` and `utcNow()` are allowed.
struct DefaultScope<'s, 't> {
    template: &'s TemplateScope<'t>,
}

impl Scope for DefaultScope<'_, '_> {
    fn parameter(&self, name: &str, site: FileSpan) -> Result<Node, EvalError> {
        self.template.parameter(name, site)
    }

    fn variable(&self, name: &str, site: FileSpan) -> Result<Node, EvalError> {
        self.template.variable(name, site)
    }

    fn copy_index(&self, _name: Option<&str>) -> Option<CopyPosition> {
        None
    }

    fn deployment(&self) -> &DeploymentScope {
        self.template.deployment()
    }

    fn in_parameter_default(&self) -> bool {
        true
    }

    fn report(&self, error: EvalError) {
        self.template.report(error);
    }

    fn budget(&self) -> &Budget {
        self.template.budget()
    }
}
