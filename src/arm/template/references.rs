//! What `reference()` tells of the deployments of the same template: their outputs.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::nested::{Deployed, Holder, deployed};
use super::scope::TemplateScope;
use super::{MAX_NESTING, MAX_RESOURCES};
use crate::arm::evaluate::{EvalError, Scope, evaluate_copy, evaluate_json};
use crate::arm::trail::Passage;
use crate::arm::value::Node;
use crate::syntax::json;
use crate::text::FileSpan;

/// The type of nested deployments in an id.
const IN_ID: &str = "/microsoft.resources/deployments/";

/// One round of a deployment, or the deployment itself if it has no loop.
#[derive(Clone, Copy)]
struct Instance<'t> {
    node: &'t json::Node,
    round: Option<i64>,
    /// Whether it stands right in the resources of the template.
    direct: bool,
}

/// The deployments of one template by their canonical name in lower case.
type ByName<'t> = BTreeMap<String, Vec<Instance<'t>>>;

/// Deployments of one name by their ids.
type ById<'t> = BTreeMap<String, Option<Instance<'t>>>;

/// The deployments of one template, listed when the first of them is asked for.
#[derive(Default)]
pub(super) struct Deployments<'t> {
    listed: RefCell<Option<Rc<ByName<'t>>>>,
    /// Whether they are being listed: a name that asks for one of them has no value.
    busy: Cell<bool>,
    /// Of names that several have, the deployments by their ids in lower case; none for an id that several have.
    by_id: RefCell<BTreeMap<String, Rc<ById<'t>>>>,
}

impl<'t> TemplateScope<'t> {
    /// The value of `reference(deployment[, version, 'full']).path` for a path that ends at the value of an output.
    pub(super) fn deployment_output(&self, resource: &str, full: bool, path: &[String]) -> Option<Node> {
        let path = match (full, path.split_first()) {
            (true, Some((first, rest))) if first.eq_ignore_ascii_case("properties") => rest,
            (true, _) => return None,
            (false, _) => path,
        };
        let [outputs, output, value] = path else { return None };
        let is_value = outputs.eq_ignore_ascii_case("outputs") && value.eq_ignore_ascii_case("value");
        if !is_value || self.inside.depth > MAX_NESTING {
            return None;
        }
        let lower = resource.to_lowercase();
        let (_, deployment) = lower.rsplit_once(IN_ID)?;
        let key = format!("output {lower} {}", output.to_lowercase());
        let site = FileSpan::default();
        let evaluate = || {
            let found = self
                .instance(deployment, &lower)
                .and_then(|instance| self.output_of(instance, output));
            found.ok_or_else(|| EvalError::failed(site, "no such output"))
        };
        let node = self.once(key, output, site, evaluate).ok()?;
        let at = node.site;
        Some(node.handed_on(Passage::Output(output.as_str().into()), at))
    }

    /// The one deployment of a name; of several in different places, that with the id.
    fn instance(&self, name: &str, id: &str) -> Option<Instance<'t>> {
        let listed = self.listed_deployments()?;
        match listed.get(name)?.as_slice() {
            [only] => Some(*only),
            several => {
                let known = self.deployments.by_id.borrow().get(name).map(Rc::clone);
                let by_id = known.unwrap_or_else(|| self.by_id(name, several));
                by_id.get(id).copied().flatten()
            }
        }
    }

    /// The deployments of one name by their ids, found out once. While they are, none of them is known.
    fn by_id(&self, name: &str, several: &[Instance<'t>]) -> Rc<ById<'t>> {
        let keep = |by_id: ById<'t>| {
            let by_id = Rc::new(by_id);
            self.deployments
                .by_id
                .borrow_mut()
                .insert(name.to_owned(), Rc::clone(&by_id));
            by_id
        };
        keep(ById::new());
        let mut by_id = ById::new();
        for instance in several {
            let id = self.in_round(instance.node, instance.round, |scope| self.id(instance.node, scope));
            if let Some(id) = id.flatten() {
                let known = by_id.entry(id.canonical().to_lowercase()).or_insert(Some(*instance));
                // The first that has an id stands for it until another one has it, too.
                if known.is_some_and(|known| !std::ptr::eq(known.node, instance.node) || known.round != instance.round)
                {
                    *known = None;
                }
            }
        }
        keep(by_id)
    }

    fn listed_deployments(&self) -> Option<Rc<ByName<'t>>> {
        if let Some(listed) = self.deployments.listed.borrow().as_ref() {
            return Some(Rc::clone(listed));
        }
        if self.deployments.busy.replace(true) {
            return None;
        }
        let mut found = ByName::new();
        self.list_deployments(self.template, 0, &mut found, &mut 0);
        self.deployments.busy.set(false);
        let found = Rc::new(found);
        *self.deployments.listed.borrow_mut() = Some(Rc::clone(&found));
        Some(found)
    }

    /// Adds the deployments of a template, and those of deployments in it that share its scope.
    fn list_deployments(&self, template: &'t json::Node, depth: u32, found: &mut ByName<'t>, count: &mut usize) {
        let Some(resources) = template.get("resources").filter(|_| depth <= MAX_NESTING) else {
            return;
        };
        let members = resources.members().iter().map(|member| &member.value);
        for node in resources.elements().iter().chain(members) {
            let kind = node.get("type").and_then(|kind| kind.string(self.source.text));
            if kind.and_then(|kind| Holder::of(kind.as_str())) != Some(Holder::Deployment) {
                continue;
            }
            for round in self.rounds(node) {
                *count += 1;
                if *count > MAX_RESOURCES || self.shared.budget.is_spent() {
                    return;
                }
                let name = self.in_round(node, round, |scope| self.text(node, "name", scope));
                if let Some(name) = name.flatten() {
                    found
                        .entry(name.canonical().to_lowercase())
                        .or_default()
                        .push(Instance {
                            node,
                            round,
                            direct: depth == 0,
                        });
                }
            }
            let inner = node.get("properties").filter(|properties| !self.is_inner(properties));
            if let Some(template) = inner.and_then(|properties| properties.get("template")) {
                self.list_deployments(template, depth + 1, found, count);
            }
        }
    }

    fn is_inner(&self, properties: &json::Node) -> bool {
        let options = properties.get("expressionEvaluationOptions");
        let option = options.and_then(|options| options.get("scope")?.string(self.source.text));
        option.is_some_and(|option| option.as_str().eq_ignore_ascii_case("inner"))
    }

    /// The value of an output of one deployment.
    fn output_of(&self, instance: Instance<'t>, output: &str) -> Option<Node> {
        let Instance { node, round, direct } = instance;
        self.in_round(node, round, |around| {
            match deployed(self, around, (node, Holder::Deployment), direct.then_some(round)) {
                Deployed::Inner(inner) => {
                    let output = inner.declared.output(inner.template, output)?;
                    inner.output_value(output, &*inner)
                }
                Deployed::Outer(template) => self.output_value(template.get("outputs")?.get(output)?, around),
                _ => None,
            }
        })?
    }

    /// The value of an output: written down, or a list that a loop makes.
    fn output_value(&self, output: &'t json::Node, scope: &dyn Scope) -> Option<Node> {
        let (text, file) = (self.source.text, self.source.file);
        if self.is_secret(output) {
            return None;
        }
        if let Some(condition) = output.get("condition")
            && self.json(condition, scope).as_bool() == Some(false)
        {
            return None;
        }
        match (output.get("value"), output.get("copy")) {
            (Some(value), _) => Some(evaluate_json(value, text, file, scope)),
            (None, Some(copy)) => Some(evaluate_copy(copy, text, file, scope)),
            (None, None) => None,
        }
    }
}
