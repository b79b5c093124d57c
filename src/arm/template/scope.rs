//! What the expressions of one template can see.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::declared::Declared;
use super::resources::child_scope;
use super::user_function::{UserCall, UserFunctions};
use super::{MAX_NESTING, Source, level_of, symbolic};
use crate::arm::evaluate::{
    Budget, CopyPosition, DeploymentScope, EvalError, Scope, evaluate_copy, evaluate_json, evaluate_text,
};
use crate::arm::trail::Passage;
use crate::arm::value::{Atom, Condition, MAX_ALTERNATIVES, Node, Value};
use crate::syntax::json;
use crate::text::{FileSpan, MappedText, Symbol};

/// What all scopes of one evaluation share.
#[derive(Clone, Copy)]
pub(super) struct Shared<'t> {
    pub(super) source: Source<'t>,
    pub(super) budget: &'t Budget,
    pub(super) errors: &'t RefCell<Vec<EvalError>>,
    /// Whether it was reported that the budget is spent.
    pub(super) spent: &'t Cell<bool>,
}

/// What an allowed value takes in memory, at least: itself and the condition that it is the one.
const ALTERNATIVE: usize = 512;

/// A value that is being evaluated, or was.
enum Slot {
    Busy,
    Done(Result<Node, EvalError>),
}

/// The template of a nested deployment, and its own scope if it has one.
struct Child<'t> {
    template: &'t json::Node,
    scope: Option<TemplateScope<'t>>,
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
    declared: Declared<'t>,
    functions: UserFunctions<'t>,
    /// Nested deployments by their evaluated name in lower case, once one of them was asked for.
    computed: RefCell<Option<BTreeMap<String, &'t json::Node>>>,
    /// Nested deployments whose outputs were asked for, by where they start.
    children: RefCell<BTreeMap<u32, Option<Rc<Child<'t>>>>>,
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
            declared: Declared::default(),
            functions: UserFunctions::default(),
            computed: RefCell::default(),
            children: RefCell::default(),
            slots: RefCell::default(),
        }
    }

    /// The same scope for a template that is deployed to another subscription or resource group.
    pub(super) fn deployed_to(mut self, subscription: Option<String>, resource_group: Option<String>) -> Self {
        self.deployment.subscription = subscription.or(self.deployment.subscription);
        self.deployment.resource_group = resource_group.or(self.deployment.resource_group);
        self
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

    /// What is known of a parameter that nobody gives a value: its default, the values it may have, nothing.
    fn undetermined(&self, member: &json::Member) -> Node {
        let site = FileSpan::new(self.shared.source.file, member.name_span);
        if self.is_secure(member) {
            return self.without_value(member, "is secure: its value is not looked at");
        }
        if let Some(default) = member.value.get("defaultValue") {
            let node = self.json(default, &DefaultScope { template: self });
            let at = node.site;
            return node.handed_on(Passage::Default(member.name.as_str().into()), at);
        }
        if self.is_nullable(&member.value) {
            return Node::written(Value::Null, site);
        }
        let subject = self.symbol(member).key();
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
            self.shared.budget.charge(0, allowed.len() * ALTERNATIVE);
            let values = allowed.iter().map(|value| self.json(value, self));
            let alternatives = values.map(|node| (when(node.canonical()), node)).collect();
            return Node::one_of(alternatives, site);
        }
        self.without_value(member, "has no value")
    }

    /// A parameter of which nothing is known but its name, for a reason that goes on from the name.
    fn without_value(&self, member: &json::Member, reason: &str) -> Node {
        let site = FileSpan::new(self.shared.source.file, member.name_span);
        let why = format!("parameter `{}` {reason}", member.name);
        Node::written(Value::unknown(self.symbol(member), why), site)
    }

    fn symbol(&self, member: &json::Member) -> Symbol {
        Symbol::Parameter {
            scope: self.id.clone(),
            name: member.name.clone(),
        }
    }

    /// Whether the value of a parameter is a secret by its type. It is never evaluated, so that it can't be shown.
    fn is_secure(&self, member: &json::Member) -> bool {
        let kind = member
            .value
            .get("type")
            .and_then(|kind| kind.string(self.shared.source.text));
        kind.is_some_and(|kind| {
            let kind = kind.as_str();
            kind.eq_ignore_ascii_case("securestring") || kind.eq_ignore_ascii_case("secureobject")
        })
    }

    /// Whether a parameter may be left out and is null then, by its own word or by that of its type.
    fn is_nullable(&self, declaration: &json::Node) -> bool {
        let says = |node: &json::Node| {
            matches!(
                node.get("nullable").map(|node| &node.kind),
                Some(json::Kind::Bool(true))
            )
        };
        let reference = declaration
            .get("$ref")
            .and_then(|node| node.string(self.shared.source.text));
        let defined = reference.and_then(|path| {
            let name = path.known()?.strip_prefix("#/definitions/")?;
            self.declared.definition(self.template, name)
        });
        says(declaration) || defined.is_some_and(|defined| says(&defined.value))
    }

    /// The value of an output of the nested deployment whose canonical name is `deployment`.
    fn output_of(&self, deployment: &str, output: &str) -> Option<Node> {
        let deployments = self.declared.deployments(self.template, self.shared.source.text);
        let node = deployments
            .literal
            .get(&deployment.to_ascii_lowercase())
            .copied()
            .or_else(|| self.computed_deployment(deployment))?;
        let child = self.child(node)?;
        let value = child.template.get("outputs")?.get(output)?.get("value")?;
        Some(match &child.scope {
            Some(inner) => inner.json(value, inner),
            None => self.json(value, self),
        })
    }

    /// The template of a nested deployment, with its scope: made once, since each has the values of all parameters.
    fn child(&self, node: &'t json::Node) -> Option<Rc<Child<'t>>> {
        let at = node.span.start;
        if let Some(known) = self.children.borrow().get(&at) {
            return known.clone();
        }
        // While its parameters are evaluated, nothing is known of it: they may not depend on what it gives.
        self.children.borrow_mut().insert(at, None);
        let (scope, template) = child_scope(self, node)?;
        let child = Some(Rc::new(Child { template, scope }));
        self.children.borrow_mut().insert(at, child.clone());
        child
    }

    /// The nested deployment whose name is an expression with the value `deployment`. All those names are evaluated
    /// when the first is asked for: one search through them for each reference would take quadratic time. While
    /// they are, none is known: a name may not depend on what a deployment gives.
    fn computed_deployment(&self, deployment: &str) -> Option<&'t json::Node> {
        if self.computed.borrow().is_none() {
            *self.computed.borrow_mut() = Some(BTreeMap::new());
            let deployments = self.declared.deployments(self.template, self.shared.source.text);
            let mut named = BTreeMap::new();
            for node in &deployments.computed {
                if let Some(name) = self.name_of(node) {
                    named.entry(name.canonical().to_ascii_lowercase()).or_insert(*node);
                }
            }
            *self.computed.borrow_mut() = Some(named);
        }
        let computed = self.computed.borrow();
        computed.as_ref()?.get(&deployment.to_ascii_lowercase()).copied()
    }

    /// The evaluated name of a resource.
    fn name_of(&self, node: &json::Node) -> Option<MappedText> {
        self.name_in(node, self)
    }

    /// The name of a resource, evaluated in a round of its loop.
    pub(super) fn name_in(&self, node: &json::Node, scope: &dyn Scope) -> Option<MappedText> {
        let name = node.get("name")?;
        let text = name.string(self.shared.source.text)?;
        evaluate_text(text, FileSpan::new(self.shared.source.file, name.span), scope)
            .ok()?
            .as_text()
    }

    /// The resource of a symbolic name.
    pub(super) fn symbolic(&self, name: &str) -> Option<&'t json::Node> {
        self.declared.symbolic(self.template, name)
    }
}

impl Scope for TemplateScope<'_> {
    fn parameter(&self, name: &str, site: FileSpan) -> Result<Node, EvalError> {
        let key = name.to_lowercase();
        let Some(member) = self.declared.parameter(self.template, name) else {
            return Err(EvalError::failed(
                site,
                format!("the template has no parameter `{name}`"),
            ));
        };
        if let Some(value) = self.values.get(&key).filter(|_| !self.is_secure(member)) {
            return Ok(value
                .clone()
                .handed_on(Passage::Given(member.name.as_str().into()), site));
        }
        let node = self.once(format!("parameter {key}"), name, site, || Ok(self.undetermined(member)))?;
        Ok(node.used_at(site))
    }

    fn variable(&self, name: &str, site: FileSpan) -> Result<Node, EvalError> {
        let key = format!("variable {}", name.to_lowercase());
        let node = self.once(key, name, site, || {
            let Source { file, text, .. } = self.shared.source;
            if let Some(member) = self.declared.variable(self.template, name) {
                return Ok(self.json(&member.value, self));
            }
            match self.declared.variable_loop(self.template, text, name) {
                Some(entry) => Ok(evaluate_copy(entry, text, file, self)),
                None => Err(EvalError::failed(
                    site,
                    format!("the template has no variable `{name}`"),
                )),
            }
        })?;
        Ok(node.handed_on(Passage::Variable(name.into()), site))
    }

    fn copy_index(&self, _name: Option<&str>) -> Option<CopyPosition> {
        None
    }

    fn deployment(&self) -> &DeploymentScope {
        &self.deployment
    }

    fn resource_id_of_symbolic_name(&self, name: &str) -> Option<MappedText> {
        symbolic::resource_id(self, name)
    }

    fn resource_ids_of_loop(&self, name: &str) -> Option<Vec<MappedText>> {
        symbolic::loop_ids(self, name)
    }

    fn user_function(&self, namespace: &str, name: &str, args: Vec<Node>, site: FileSpan) -> Result<Node, EvalError> {
        let call = UserCall::new(namespace, name, args, site);
        let source = Source {
            tree: self.template,
            ..self.shared.source
        };
        self.functions.call(source, self, call)
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
        let node = self.once(key, output, site, evaluate).ok()?;
        let at = node.site;
        Some(node.handed_on(Passage::Output(output.as_str().into()), at))
    }

    /// Keeps an error. All that comes after the budget is spent has that for its reason: it is said once.
    fn report(&self, error: EvalError) {
        let limit = matches!(error, EvalError::Limit { .. });
        if limit && self.shared.budget.is_spent() && self.shared.spent.replace(true) {
            return;
        }
        self.shared.errors.borrow_mut().push(error);
    }

    fn budget(&self) -> &Budget {
        self.shared.budget
    }
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

    fn user_function(&self, namespace: &str, name: &str, args: Vec<Node>, site: FileSpan) -> Result<Node, EvalError> {
        self.template.user_function(namespace, name, args, site)
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
