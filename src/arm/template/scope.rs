//! What the expressions of one template can see.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::declared::Declared;
use super::references::Deployments;
use super::symbolic::Named;
use super::types::{Types, misfit};
use super::user_function::{UserCall, UserFunctions};
use super::{Documents, Source};
use crate::arm::evaluate::{Budget, CopyPosition, DeploymentScope, EvalError, Scope, evaluate_copy, evaluate_json};
use crate::arm::trail::Passage;
use crate::arm::value::{Atom, Condition, MAX_ALTERNATIVES, NOT_LOOKED_AT, Node, Value};
use crate::syntax::json;
use crate::text::{FileId, FileSpan, MappedText, Symbol};

/// What all scopes of one evaluation share.
#[derive(Clone, Copy)]
pub(super) struct Shared<'t> {
    /// The file of the template that is deployed by itself.
    pub(super) root: FileId,
    pub(super) documents: &'t dyn Documents,
    pub(super) budget: &'t Budget,
    pub(super) errors: &'t RefCell<Vec<EvalError>>,
    /// Whether it was reported that the budget is spent.
    pub(super) spent: &'t Cell<bool>,
    /// The files whose templates were evaluated as linked ones.
    pub(super) linked: &'t RefCell<BTreeSet<FileId>>,
}

/// Where a template stands among the deployments around it.
#[derive(Clone)]
pub(super) struct Inside {
    /// Text that no other scope of the run has.
    pub(super) id: String,
    /// How many deployments it is nested in.
    pub(super) depth: u32,
    /// The files of the templates around it and its own.
    pub(super) files: Vec<FileId>,
    /// Whether its text is evaluated elsewhere, too: in another round, or where another deployment links to it.
    pub(super) repeats: bool,
}

/// What an allowed value takes in memory, at least: itself and the condition that it is the one.
const ALTERNATIVE: usize = 512;

/// Scopes of deployments, by the place of the deployment in the text and the round of its loop.
type Children<'t> = BTreeMap<(u32, Option<i64>), Rc<TemplateScope<'t>>>;

/// A value that is being evaluated, or was.
enum Slot {
    Busy,
    Done(Result<Node, EvalError>),
}

/// The scope of a template: its parameters, variables and functions.
pub(super) struct TemplateScope<'t> {
    pub(super) shared: Shared<'t>,
    /// The document that the template stands in.
    pub(super) source: Source<'t>,
    /// The template's object.
    pub(super) template: &'t json::Node,
    /// Values given from outside, by name in lower case.
    values: BTreeMap<String, Node>,
    pub(super) inside: Inside,
    deployment: DeploymentScope,
    /// What evaluates the text that the template stands in, when the template is a value there.
    escaped_in: Option<&'t dyn Scope>,
    pub(super) declared: Declared<'t>,
    functions: UserFunctions<'t>,
    pub(super) named: Named<'t>,
    slots: RefCell<BTreeMap<String, Slot>>,
    pub(super) deployments: Deployments<'t>,
    /// The scopes of the deployments that stand right in this template.
    pub(super) children: RefCell<Children<'t>>,
}

impl<'t> TemplateScope<'t> {
    pub(super) fn new(
        shared: Shared<'t>,
        source: Source<'t>,
        template: &'t json::Node,
        values: BTreeMap<String, Node>,
        deployment: DeploymentScope,
        inside: Inside,
    ) -> Self {
        Self {
            shared,
            source,
            template,
            values,
            inside,
            deployment,
            escaped_in: None,
            declared: Declared::default(),
            functions: UserFunctions::default(),
            named: Named::default(),
            slots: RefCell::default(),
            deployments: Deployments::default(),
            children: RefCell::default(),
        }
    }

    /// The same scope for a template whose text is evaluated in another one before.
    pub(super) fn escaped_in(mut self, around: Option<&'t dyn Scope>) -> Self {
        self.escaped_in = around;
        self
    }

    /// The scope that evaluates the text of this template, and of those inside it, before its own.
    pub(super) fn escaping(&self) -> Option<&'t dyn Scope> {
        self.escaped_in
    }

    /// Evaluates something once; a value that needs itself has none.
    pub(super) fn once(
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

    pub(super) fn json(&self, node: &json::Node, scope: &dyn Scope) -> Node {
        evaluate_json(node, self.source.text, self.source.file, scope)
    }

    fn types(&self) -> Types<'_, 't> {
        Types {
            declared: &self.declared,
            template: self.template,
            text: self.source.text,
        }
    }

    /// Whether the value of a declaration is a secret by its type.
    pub(super) fn is_secret(&self, declaration: &'t json::Node) -> bool {
        self.types().resolved(declaration).is_secure(self.source.text)
    }

    /// The value that a parameter is given, as far as it may be looked at.
    fn given(&self, member: &'t json::Member, value: &Node) -> Result<Node, EvalError> {
        let declared = self.types().resolved(&member.value);
        if declared.is_secure(self.source.text) {
            return Ok(self.without_value(member, &format!("is secure: {NOT_LOOKED_AT}")));
        }
        if matches!(value.value, Value::Null) && !declared.is_nullable() {
            // The documents do not say whether the default counts then.
            return Ok(self.without_value(member, "is given `null`"));
        }
        if let Some(problem) = misfit(&value.value, &declared.kind(self.source.text)) {
            let message = format!("parameter `{}` {problem}", member.name);
            return Err(EvalError::failed(value.site, message));
        }
        Ok(self.types().without_secrets(value.clone(), &member.value))
    }

    /// What is known of a parameter that nobody gives a value: its default, the values it may have, nothing.
    fn undetermined(&self, member: &'t json::Member) -> Node {
        let site = self.source.site(member.name_span);
        let declared = self.types().resolved(&member.value);
        if declared.is_secure(self.source.text) {
            return self.without_value(member, &format!("is secure: {NOT_LOOKED_AT}"));
        }
        if let Some(default) = member.value.get("defaultValue") {
            let node = self.json(default, &DefaultScope { template: self });
            let at = node.site;
            let node = self.types().without_secrets(node, &member.value);
            return node.handed_on(Passage::Default(member.name.as_str().into()), at);
        }
        if declared.is_nullable() {
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
        // A list may hold any of its allowed values.
        let is_list = declared.kind(self.source.text) == "array";
        if let Some(allowed) = declared.get("allowedValues").map(json::Node::elements)
            && (1..=MAX_ALTERNATIVES).contains(&allowed.len())
            && !is_list
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
        let site = self.source.site(member.name_span);
        let why = format!("parameter `{}` {reason}", member.name);
        Node::written(Value::unknown(self.symbol(member), why), site)
    }

    fn symbol(&self, member: &json::Member) -> Symbol {
        Symbol::Parameter {
            scope: self.inside.id.clone(),
            name: member.name.clone(),
        }
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
        let value = self.values.get(&key);
        let node = self.once(format!("parameter {key}"), name, site, || match value {
            Some(value) => self.given(member, value),
            None => Ok(self.undetermined(member)),
        })?;
        Ok(match value {
            Some(_) => node.handed_on(Passage::Given(member.name.as_str().into()), site),
            None => node.used_at(site),
        })
    }

    fn variable(&self, name: &str, site: FileSpan) -> Result<Node, EvalError> {
        let key = format!("variable {}", name.to_lowercase());
        let node = self.once(key, name, site, || {
            let Source { file, text, .. } = self.source;
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
        self.symbolic_id(name)
    }

    fn resource_ids_of_loop(&self, name: &str) -> Option<Vec<MappedText>> {
        self.loop_ids(name)
    }

    fn user_function(&self, namespace: &str, name: &str, args: Vec<Node>, site: FileSpan) -> Result<Node, EvalError> {
        let call = UserCall::new(namespace, name, args, site);
        let source = Source {
            tree: self.template,
            ..self.source
        };
        self.functions.call(source, self, call)
    }

    fn resolve_reference(&self, resource: &str, full: bool, path: &[String]) -> Option<Node> {
        self.deployment_output(resource, full, path)
    }

    fn of_escaping_template(&self) -> Option<&dyn Scope> {
        self.escaped_in
    }

    fn repeats(&self) -> bool {
        self.inside.repeats
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

    fn of_escaping_template(&self) -> Option<&dyn Scope> {
        self.template.of_escaping_template()
    }

    fn repeats(&self) -> bool {
        self.template.repeats()
    }

    fn report(&self, error: EvalError) {
        self.template.report(error);
    }

    fn budget(&self) -> &Budget {
        self.template.budget()
    }
}
