//! Resources: loops, conditions, children, nested deployments.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::scope::{Shared, TemplateScope};
use super::undeployed::{Aside, Undeployed, is_existing};
use super::{MAX_NESTING, MAX_RESOURCES, MIN_WEIGHT, Resource};
use crate::arm::evaluate::{
    CopyPosition, CopyScope, EvalError, MAX_COPIES, Scope, evaluate, evaluate_json, outcomes, weight,
};
use crate::arm::value::{Condition, Member, Node, Object, Value};
use crate::syntax::expression::{Call, Expression, Kind as ExpressionKind};
use crate::syntax::json;
use crate::text::{FileSpan, MappedText, Span, Symbol};

/// Members of a resource that are read for themselves and not kept in its body.
const OWN_MEMBERS: [&str; 5] = ["type", "name", "condition", "copy", "resources"];

/// The type of nested deployments, in lower case.
pub(super) const DEPLOYMENTS: &str = "microsoft.resources/deployments";

/// What lies around a resource.
#[derive(Clone, Default)]
pub(super) struct Around {
    /// When the deployment that holds it takes place.
    condition: Condition,
    /// The type and the name of the resource that it stands inside.
    parent: Option<(String, Node)>,
    /// How many deployments it is nested in.
    depth: u32,
}

/// Makes the list of a template's resources.
pub(super) struct Expansion<'t, 'w> {
    shared: Shared<'t>,
    wanted: &'w dyn Fn(&str) -> bool,
    resources: Vec<Resource>,
    aside: Aside<'t>,
    /// Bytes that names and bodies of resources may still weigh. What stands in a text hardly ever weighs that
    /// much; what loops and variables make of it may.
    left: usize,
    full: bool,
}

impl<'t, 'w> Expansion<'t, 'w> {
    pub(super) fn new(shared: Shared<'t>, wanted: &'w dyn Fn(&str) -> bool) -> Self {
        Self {
            shared,
            wanted,
            resources: Vec::new(),
            aside: Aside::new(shared.source),
            left: MIN_WEIGHT.max(8 * shared.source.text.as_str().len()),
            full: false,
        }
    }

    /// The resources, and those that are never deployed.
    pub(super) fn finish(self) -> (Vec<Resource>, Vec<Undeployed>) {
        let undeployed = self.aside.finish(self.resources.iter().map(|resource| resource.site));
        (self.resources, undeployed)
    }

    /// Adds the resources of a template, whose expressions see `scope`.
    pub(super) fn template(&mut self, template: &'t json::Node, scope: &TemplateScope<'t>, around: Around) {
        self.list(template, scope, scope, &around);
    }

    fn list(&mut self, owner: &'t json::Node, template: &TemplateScope<'t>, scope: &dyn Scope, around: &Around) {
        let Some(resources) = owner.get("resources") else {
            return;
        };
        let members = resources.members().iter().map(|member| &member.value);
        for node in resources.elements().iter().chain(members) {
            self.resource(node, template, scope, around);
        }
    }

    /// Adds a resource, or one for each round of its loop.
    fn resource(&mut self, node: &'t json::Node, template: &TemplateScope<'t>, scope: &dyn Scope, around: &Around) {
        let Some(copy) = node.get("copy").filter(|copy| !copy.members().is_empty()) else {
            return self.round(node, template, scope, around);
        };
        let name = copy
            .get("name")
            .and_then(|name| name.string(self.shared.source.text))
            .unwrap_or_default();
        let count = copy.get("count").map(|count| self.json(count, scope));
        let rounds: Vec<_> = match count.as_ref().map(|count| &count.value) {
            Some(Value::Int(count)) if (0..=MAX_COPIES).contains(count) => (0..*count).map(Ok).collect(),
            Some(Value::Int(count)) => {
                let message =
                    format!("a copy loop makes from 0 to {MAX_COPIES} resources, not {count}: none of them was read");
                scope.report(EvalError::limit(self.site(copy), message));
                return;
            }
            Some(Value::Unknown(_) | Value::OneOf(_)) | None => vec![self.any_round(copy, name.as_str())],
            Some(_) => {
                let message = "the count of a copy loop must be a whole number: one round stands for all";
                scope.report(EvalError::failed(self.site(copy), message));
                vec![self.any_round(copy, name.as_str())]
            }
        };
        if rounds.is_empty() {
            self.aside.whole(node, around.parent.as_ref());
        }
        for index in rounds {
            let round = CopyScope {
                outer: scope,
                name: name.as_str(),
                position: CopyPosition { index },
                of_resource: true,
            };
            self.round(node, template, &round, around);
        }
    }

    /// The round that stands for all of them when their number is not known.
    fn any_round(&self, copy: &json::Node, name: &str) -> Result<i64, Arc<Symbol>> {
        let symbol = format!("copyIndex('{name}') at {:?}", self.site(copy));
        Err(Arc::new(Symbol::Expression(symbol)))
    }

    /// Adds one resource and what stands inside it.
    fn round(&mut self, node: &'t json::Node, template: &TemplateScope<'t>, scope: &dyn Scope, around: &Around) {
        if self.full {
            return;
        }
        if self.resources.len() >= MAX_RESOURCES {
            self.full = true;
            let message = format!("the template deploys more than {MAX_RESOURCES} resources: the rest was not read");
            return scope.report(EvalError::limit(self.site(node), message));
        }
        let Some(kind) = node
            .get("type")
            .map(|kind| self.json(kind, scope))
            .and_then(|kind| kind.as_str().map(str::to_owned))
        else {
            return;
        };
        let own_name = self.name(node, scope);
        let (kind, name, parent) = placed(&kind, own_name, around.parent.as_ref());
        let is_deployment = kind.eq_ignore_ascii_case(DEPLOYMENTS);
        let inside = Around {
            condition: around.condition.clone(),
            parent: Some((kind.clone(), name.clone())),
            depth: around.depth,
        };
        let deployed = self.condition(node, scope, &around.condition);
        if let Some((condition, reason)) = deployed {
            let within = condition.clone();
            self.add(node, scope, (kind, name, parent), (condition, reason));
            if is_deployment {
                let depth = around.depth + 1;
                let nested = Around {
                    condition: within,
                    parent: None,
                    depth,
                };
                return self.deployment(node, template, scope, &nested);
            }
        } else {
            self.aside.deployment(node, kind, name);
        }
        // The condition of a resource says nothing of those inside it: each has its own.
        if !is_deployment {
            self.list(node, template, scope, &inside);
        }
    }

    fn name(&self, node: &json::Node, scope: &dyn Scope) -> Node {
        let site = self.name_site(node);
        match node.get("name") {
            Some(name) => self.json(name, scope),
            None => {
                let symbol = Symbol::Expression(format!("name at {site:?}"));
                Node::written(Value::unknown(symbol, "the resource has no name"), site)
            }
        }
    }

    fn name_site(&self, node: &json::Node) -> FileSpan {
        self.site(node.get("name").unwrap_or(node))
    }

    /// Adds a resource itself.
    fn add(
        &mut self,
        node: &json::Node,
        scope: &dyn Scope,
        (kind, name, parent): (String, Node, Option<(String, Node)>),
        (condition, condition_reason): (Condition, Option<String>),
    ) {
        // Of a nested deployment, the resources are listed themselves.
        let is_inline = node
            .get("properties")
            .is_some_and(|properties| properties.get("template").is_some());
        let lower = kind.to_lowercase();
        let body = if (self.wanted)(&lower) && !(lower == DEPLOYMENTS && is_inline) {
            self.body(node, scope)
        } else {
            Node::written(Value::Null, self.site(node))
        };
        let size = weight(&name, self.left).and_then(|size| Some(size + weight(&body, self.left - size)?));
        let Some(size) = size else {
            self.full = true;
            let message = "the resources of the template are too large once evaluated: the rest was not read";
            return scope.report(EvalError::limit(self.site(node), message));
        };
        self.left -= size;
        let name_site = self.name_site(node);
        let properties = node.member("properties");
        self.resources.push(Resource {
            kind,
            name,
            condition,
            condition_reason,
            existing: is_existing(node),
            parent,
            body,
            site: self.site(node),
            name_site,
            properties_site: properties.map_or(name_site, |member| FileSpan::new(name_site.file, member.name_span)),
        });
    }

    /// Adds the resources of a nested deployment.
    fn deployment(&mut self, node: &'t json::Node, template: &TemplateScope<'t>, scope: &dyn Scope, around: &Around) {
        if around.depth > MAX_NESTING {
            let message = format!("deployments are nested more than {MAX_NESTING} levels deep: the rest was not read");
            return scope.report(EvalError::limit(self.site(node), message));
        }
        match child_scope_in(template, scope, node) {
            Some((Some(inner), child)) => self.list(child, &inner, &inner, around),
            Some((None, child)) => self.list(child, template, scope, around),
            None => {}
        }
    }

    /// When a resource is deployed, and what is not known of it; `None` if never.
    fn condition(
        &self,
        node: &json::Node,
        scope: &dyn Scope,
        around: &Condition,
    ) -> Option<(Condition, Option<String>)> {
        let Some(condition) = node.get("condition") else {
            return Some((around.clone(), None));
        };
        let condition = self.json(condition, scope);
        let word = condition.as_str().map(str::to_ascii_lowercase);
        let reason = match (&condition.value, word.as_deref()) {
            (Value::Bool(true) | Value::Null, _) | (_, Some("true")) => return Some((around.clone(), None)),
            (_, Some("false")) => return None,
            (Value::Unknown(unknown), _) => unknown.why.to_string(),
            (Value::Bool(_) | Value::OneOf(_), _) => "its condition depends on parameters".to_owned(),
            _ => return Some((around.clone(), Some("its condition is no truth value".to_owned()))),
        };
        let (deployed, _) = outcomes(&condition);
        let mut deployed = deployed.into_iter().filter_map(|when| around.and(&when));
        let first = deployed.next()?;
        // With several ways in which it is deployed, none of them can be taken for granted.
        let only = deployed.next().is_none();
        Some((if only { first } else { around.clone() }, Some(reason)))
    }

    fn body(&self, node: &json::Node, scope: &dyn Scope) -> Node {
        let site = self.site(node);
        let kept = node
            .members()
            .iter()
            .filter(|member| !OWN_MEMBERS.iter().any(|own| member.name.eq_ignore_ascii_case(own)));
        let members = kept.map(|member| Member {
            name: MappedText::verbatim(&member.name, FileSpan::new(site.file, member.name_span)),
            node: self.json(&member.value, scope),
        });
        Node::written(Value::Object(Arc::new(Object::new(members.collect()))), site)
    }

    fn json(&self, node: &json::Node, scope: &dyn Scope) -> Node {
        evaluate_json(node, self.shared.source.text, self.shared.source.file, scope)
    }

    fn site(&self, node: &json::Node) -> FileSpan {
        FileSpan::new(self.shared.source.file, node.span)
    }
}

/// The whole type and name of a resource that stands inside another one: a child has its parent's before its
/// own, an extension (a role assignment, a lock) has its own and extends the parent.
pub(super) fn placed(
    kind: &str,
    name: Node,
    around: Option<&(String, Node)>,
) -> (String, Node, Option<(String, Node)>) {
    let Some((parent_kind, parent_name)) = around else {
        return (kind.to_owned(), name, None);
    };
    if kind
        .to_lowercase()
        .starts_with(&format!("{}/", parent_kind.to_lowercase()))
    {
        return (kind.to_owned(), name, around.cloned());
    }
    let namespace = kind.split('/').next().unwrap_or_default();
    if namespace.contains('.') {
        return (kind.to_owned(), name, around.cloned());
    }
    let whole = joined(parent_name, &name);
    (format!("{parent_kind}/{kind}"), whole, around.cloned())
}

/// `parent/own`, per alternative of both.
fn joined(parent: &Node, own: &Node) -> Node {
    let mut alternatives = Vec::new();
    for (when, parent) in parent.alternatives() {
        for (also, name) in own.alternatives() {
            let (Some(when), Some(parent), Some(name)) = (when.and(&also), parent.as_text(), name.as_text()) else {
                continue;
            };
            let mut whole = parent;
            whole.push(&MappedText::computed("/", own.site));
            whole.push(&name);
            alternatives.push((when, Node::written(Value::text(whole), own.site)));
        }
    }
    if alternatives.is_empty() {
        own.clone()
    } else {
        Node::one_of(alternatives, own.site)
    }
}

/// The id of the resource of a type and a whole name, as `resourceId()` makes it.
pub(super) fn id_of(kind: &str, name: &MappedText, scope: &dyn Scope) -> MappedText {
    let place = name.whole_source().unwrap_or_default();
    let mut args = vec![MappedText::computed(kind, place)];
    let text = name.as_str();
    let mut start = 0;
    for (at, _) in text.match_indices('/').chain([(text.len(), "")]) {
        args.push(name.part(Span::of(start, at)));
        start = at + 1;
    }
    let args = args
        .into_iter()
        .map(|text| Expression {
            span: Span::default(),
            kind: ExpressionKind::String(text),
        })
        .collect();
    let call = Call {
        namespace: None,
        name: "resourceId".to_owned(),
        name_span: Span::default(),
        args,
    };
    let expression = Expression {
        span: Span::default(),
        kind: ExpressionKind::Call(call),
    };
    let id = evaluate(&expression, name, scope).ok().and_then(|node| node.as_text());
    id.unwrap_or_else(|| name.clone())
}

/// The template of a nested deployment in `scope`, with a scope of its own if its expressions are evaluated in
/// the inner scope. `None` when the template does not stand in the file.
pub(super) fn child_scope<'t>(
    scope: &TemplateScope<'t>,
    node: &'t json::Node,
) -> Option<(Option<TemplateScope<'t>>, &'t json::Node)> {
    child_scope_in(scope, scope, node)
}

/// The same for a deployment inside a loop, whose parameters see `around`.
fn child_scope_in<'t>(
    scope: &TemplateScope<'t>,
    around: &dyn Scope,
    node: &'t json::Node,
) -> Option<(Option<TemplateScope<'t>>, &'t json::Node)> {
    let source = scope.shared.source;
    let properties = node.get("properties")?;
    let template = properties
        .get("template")
        .filter(|template| !template.members().is_empty())?;
    let options = properties
        .get("expressionEvaluationOptions")
        .and_then(|options| options.get("scope"));
    let option = options.and_then(|option| option.string(source.text));
    if !option.is_some_and(|option| option.as_str().eq_ignore_ascii_case("inner")) {
        return Some((None, template));
    }
    let mut values = BTreeMap::new();
    for member in properties
        .get("parameters")
        .map(json::Node::members)
        .unwrap_or_default()
    {
        let value = match member.value.get("value") {
            Some(value) => evaluate_json(value, source.text, source.file, around),
            None => {
                let site = FileSpan::new(source.file, member.name_span);
                let symbol = Symbol::Expression(format!("secret {} of {:?}", member.name, site));
                Node::written(
                    Value::unknown(symbol, format!("parameter `{}` comes from a key vault", member.name)),
                    site,
                )
            }
        };
        values.insert(member.name.to_lowercase(), value);
    }
    let id = format!("{}/deployment at {}", scope.id, node.span.start);
    let known = |name: &str| {
        let value = evaluate_json(node.get(name)?, source.text, source.file, around);
        value.as_str().map(str::to_owned)
    };
    let inner = TemplateScope::new(scope.shared, template, values, id, scope.depth + 1);
    Some((
        Some(inner.deployed_to(known("subscriptionId"), known("resourceGroup"))),
        template,
    ))
}
