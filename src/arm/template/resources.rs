//! Resources: loops, conditions, children, nested deployments.

use std::sync::Arc;

use super::implied::read_by_name;
use super::names::placed;
use super::nested::{Deployed, Holder, Start, deployed};
use super::scope::TemplateScope;
use super::undeployed::{Aside, Undeployed, is_existing};
use super::{Copy, MAX_NESTING, MAX_RESOURCES, MIN_WEIGHT, Resource, Source};
use crate::arm::evaluate::{CopyPosition, CopyScope, EvalError, MAX_COPIES, Scope, evaluate_json, outcomes, weight};
use crate::arm::value::{Condition, Member, Node, Object, Value};
use crate::syntax::json;
use crate::text::{FileSpan, MappedText, Symbol};

/// Members of a resource that are read for themselves and not kept in its body.
const OWN_MEMBERS: [&str; 6] = ["type", "name", "condition", "copy", "resources", "dependsOn"];

/// What lies around a resource.
#[derive(Clone, Default)]
struct Around {
    /// When the deployment that holds it takes place.
    condition: Condition,
    /// The type and the name of the resource that it stands inside.
    parent: Option<(String, Node)>,
    /// The innermost deployment, by its place in the list of resources.
    deployment: Option<usize>,
    /// How many deployments it is nested in.
    depth: u32,
    /// Whether it stands in something whose rounds its template scope does not tell apart.
    indirect: bool,
}

/// A resource and where it is evaluated.
#[derive(Clone, Copy)]
struct At<'s, 'a> {
    template: &'s TemplateScope<'a>,
    /// What its expressions see.
    scope: &'s dyn Scope,
    /// Its symbolic name.
    symbol: Option<&'s str>,
    /// The round of its own loop, with that loop.
    copy: Option<&'s Copy>,
}

/// A resource's own members, as far as they are read by themselves.
struct Own {
    kind: String,
    name: Node,
    parent: Option<(String, Node)>,
    condition: Condition,
    condition_reason: Option<String>,
    unread: Option<(FileSpan, String)>,
    deployment: Option<usize>,
    /// Whether its body is left out: the resources of its template are listed themselves.
    listed: bool,
}

/// Makes the list of a template's resources.
pub(super) struct Expansion<'w> {
    wanted: &'w dyn Fn(&str) -> bool,
    resources: Vec<Resource>,
    /// Bytes that names and bodies of resources may still weigh. What stands in a text hardly ever weighs that
    /// much; what loops and variables make of it may.
    left: usize,
    full: bool,
    aside: Aside,
}

impl<'w> Expansion<'w> {
    pub(super) fn new(text: &MappedText, wanted: &'w dyn Fn(&str) -> bool) -> Self {
        Self {
            wanted,
            resources: Vec::new(),
            left: MIN_WEIGHT.max(8 * text.as_str().len()),
            full: false,
            aside: Aside::default(),
        }
    }

    /// The resources, and those that are never deployed.
    pub(super) fn finish(self) -> (Vec<Resource>, Vec<Undeployed>) {
        let undeployed = self.aside.finish(self.resources.iter().map(|resource| resource.site));
        (self.resources, undeployed)
    }

    /// Adds the resources of a template that is deployed by itself.
    pub(super) fn template(&mut self, scope: &TemplateScope<'_>) {
        self.list(scope.template, scope, scope, &Around::default());
    }

    fn list<'a>(&mut self, owner: &'a json::Node, template: &TemplateScope<'a>, scope: &dyn Scope, around: &Around) {
        let Some(resources) = owner.get("resources") else {
            return;
        };
        if !matches!(
            resources.kind,
            json::Kind::Array(_) | json::Kind::Object(_) | json::Kind::Broken
        ) {
            let message = "`resources` must be a list or an object";
            return scope.report(EvalError::failed(template.source.site(resources.span), message));
        }
        for node in resources.elements() {
            self.resource(node, None, (template, scope), around);
        }
        for member in resources.members() {
            self.resource(&member.value, Some(&member.name), (template, scope), around);
        }
    }

    /// Adds a resource, or one for each round of its loop.
    fn resource<'a>(
        &mut self,
        node: &'a json::Node,
        symbol: Option<&str>,
        (template, scope): (&TemplateScope<'a>, &dyn Scope),
        around: &Around,
    ) {
        let Some(copy) = node.get("copy").filter(|copy| !copy.members().is_empty()) else {
            let at = At {
                template,
                scope,
                symbol,
                copy: None,
            };
            return self.round(node, at, around);
        };
        let name = copy
            .get("name")
            .and_then(|name| name.string(template.source.text))
            .unwrap_or_default();
        let site = template.source.site(copy.span);
        let count = copy.get("count").map(|count| json(template.source, count, scope));
        let rounds: Vec<_> = match count.as_ref().map(|count| &count.value) {
            Some(Value::Int(count)) if (0..=MAX_COPIES).contains(count) => (0..*count).map(Ok).collect(),
            Some(Value::Int(count)) => {
                let message =
                    format!("a copy loop makes from 0 to {MAX_COPIES} resources, not {count}: none of them was read");
                scope.report(EvalError::limit(site, message));
                return;
            }
            Some(Value::Unknown(_) | Value::OneOf(_)) | None => vec![any_round(site, name.as_str())],
            Some(_) => {
                let message = "the count of a copy loop must be a whole number: one round stands for all";
                scope.report(EvalError::failed(site, message));
                vec![any_round(site, name.as_str())]
            }
        };
        let batch = batch(template.source, copy, scope);
        if rounds.is_empty() {
            self.aside.whole(template.source, node, around.parent.as_ref());
        }
        for index in rounds {
            let round = index.as_ref().ok().copied();
            let inside = CopyScope {
                outer: scope,
                name: name.as_str(),
                position: CopyPosition { index },
                of_resource: true,
            };
            let indirect = around.indirect || round.is_none();
            let around = Around {
                indirect,
                ..around.clone()
            };
            let copy = Copy {
                name: name.as_str().to_owned(),
                round,
                batch,
            };
            let at = At {
                template,
                scope: &inside,
                symbol,
                copy: Some(&copy),
            };
            self.round(node, at, &around);
        }
    }

    /// Adds one resource and what stands inside it.
    fn round<'a>(&mut self, node: &'a json::Node, at: At<'_, 'a>, around: &Around) {
        let At { template, scope, .. } = at;
        let round = at.copy.and_then(|copy| copy.round);
        let source = template.source;
        if !self.has_room(source.site(node.span), scope) {
            return;
        }
        let Some(kind) = node
            .get("type")
            .map(|kind| json(source, kind, scope))
            .and_then(|kind| kind.as_str().map(str::to_owned))
        else {
            return;
        };
        let (kind, name, parent) = placed(&kind, own_name(source, node, scope), around.parent.as_ref());
        let holder = Holder::of(&kind);
        let inside = Around {
            parent: Some((kind.clone(), name.clone())),
            indirect: true,
            ..around.clone()
        };
        if let Some((condition, condition_reason)) = condition(source, node, scope, &around.condition) {
            let round = (!around.indirect).then_some(round);
            let found = holder.map(|holder| self.held((node, holder), at, around, round));
            let own = Own {
                kind,
                name,
                parent,
                condition: condition.clone(),
                condition_reason,
                unread: match &found {
                    Some(Deployed::Unread(site, why)) => Some((*site, why.clone())),
                    _ => None,
                },
                deployment: around.deployment,
                listed: matches!(
                    &found,
                    Some(Deployed::Outer(_) | Deployed::Inner(_) | Deployed::Escaped(..))
                ),
            };
            self.add(node, own, at);
            let nested = Around {
                condition,
                parent: None,
                deployment: self.resources.len().checked_sub(1),
                depth: around.depth + 1,
                indirect: true,
            };
            if let Some(found) = found {
                self.nested(&found, at, nested);
            }
        } else {
            self.aside.deployment(source, node, kind, name);
        }
        // The condition of a resource says nothing of those inside it: each has its own.
        if holder.is_none() {
            self.list(node, template, scope, &inside);
        }
    }

    /// Whether another resource may be added; that there are too many is told once.
    fn has_room(&mut self, at: FileSpan, scope: &dyn Scope) -> bool {
        if !self.full && self.resources.len() >= MAX_RESOURCES {
            self.full = true;
            let message = format!("the template deploys more than {MAX_RESOURCES} resources: the rest was not read");
            scope.report(EvalError::limit(at, message));
        }
        !self.full
    }

    /// Adds what a deployment deploys.
    fn nested<'a>(&mut self, found: &Deployed<'a>, at: At<'_, 'a>, around: Around) {
        match found {
            Deployed::Outer(child) => self.list(child, at.template, at.scope, &around),
            Deployed::Inner(inner) => {
                let around = Around {
                    indirect: false,
                    ..around
                };
                self.list(inner.template, inner, &**inner, &around);
            }
            Deployed::Escaped(children, start) => self.escaped(children, start, at, &around),
            Deployed::Unread(..) | Deployed::Nothing => {}
        }
    }

    /// What a deployment deploys, unless it is nested too deep.
    fn held<'a>(
        &self,
        (node, holder): (&'a json::Node, Holder),
        At { template, scope, .. }: At<'_, 'a>,
        around: &Around,
        round: Option<Option<i64>>,
    ) -> Deployed<'a> {
        if around.depth < MAX_NESTING {
            return deployed(template, scope, (node, holder), round);
        }
        let site = template.source.site(node.span);
        let message = format!("deployments are nested more than {MAX_NESTING} levels deep: the rest was not read");
        scope.report(EvalError::limit(site, message));
        Deployed::Nothing
    }

    /// Adds the resources of templates whose expressions are escaped in the text of the one around them.
    fn escaped(&mut self, children: &[&json::Node], start: &Start, at: At<'_, '_>, around: &Around) {
        let around = Around {
            indirect: false,
            ..around.clone()
        };
        for child in children {
            let inner = start.scope(at.template.shared, at.template.source, child, at.scope);
            self.list(child, &inner, &inner, &around);
        }
    }

    /// Adds a resource itself.
    fn add(&mut self, node: &json::Node, own: Own, at: At<'_, '_>) {
        let At { template, scope, .. } = at;
        let source = template.source;
        let site = source.site(node.span);
        let depends_on = match node.get("dependsOn") {
            Some(depends_on) => json(source, depends_on, scope),
            None => Node::written(Value::Null, site),
        };
        let lower = own.kind.to_lowercase();
        let wanted = (self.wanted)(&lower);
        let reads = if wanted || own.listed {
            read_by_name(source, node, scope)
        } else {
            Vec::new()
        };
        let body = if wanted && !own.listed {
            body(source, node, scope)
        } else {
            Node::written(Value::Null, site)
        };
        let parts = [&own.name, &body, &depends_on].into_iter().chain(&reads);
        let size = parts
            .into_iter()
            .try_fold(0, |size, part| Some(size + weight(part, self.left.checked_sub(size)?)?));
        let Some(size) = size else {
            self.full = true;
            let message = "the resources of the template are too large once evaluated: the rest was not read";
            return scope.report(EvalError::limit(site, message));
        };
        self.left -= size;
        let name_site = source.site(node.get("name").unwrap_or(node).span);
        let properties = node.member("properties");
        self.resources.push(Resource {
            kind: own.kind,
            name: own.name,
            condition: own.condition,
            condition_reason: own.condition_reason,
            depends_on,
            reads,
            symbol: at.symbol.map(str::to_owned),
            copy: at.copy.cloned(),
            deployment: own.deployment,
            existing: is_existing(node),
            parent: own.parent,
            body,
            unread: own.unread,
            site,
            name_site,
            properties_site: properties.map_or(name_site, |member| source.site(member.name_span)),
        });
    }
}

/// How many rounds of a loop are deployed at a time: all of them unless its `mode` is `serial`.
fn batch(source: Source<'_>, copy: &json::Node, scope: &dyn Scope) -> Option<i64> {
    let mode = json(source, copy.get("mode")?, scope);
    let serial = mode.as_str().is_some_and(|mode| mode.eq_ignore_ascii_case("serial"));
    let size = copy.get("batchSize").map(|size| json(source, size, scope).value);
    match size {
        _ if !serial => None,
        Some(Value::Int(size)) => Some(size),
        // A size that is not known may be one.
        _ => Some(1),
    }
}

/// The round that stands for all of them when their number is not known.
fn any_round(site: FileSpan, name: &str) -> Result<i64, Arc<Symbol>> {
    let symbol = format!("copyIndex('{name}') at {site:?}");
    Err(Arc::new(Symbol::Expression(symbol)))
}

fn json(source: Source<'_>, node: &json::Node, scope: &dyn Scope) -> Node {
    evaluate_json(node, source.text, source.file, scope)
}

fn own_name(source: Source<'_>, node: &json::Node, scope: &dyn Scope) -> Node {
    match node.get("name") {
        Some(name) => json(source, name, scope),
        None => {
            let site = source.site(node.span);
            let symbol = Symbol::Expression(format!("name at {site:?}"));
            Node::written(Value::unknown(symbol, "the resource has no name"), site)
        }
    }
}

/// When a resource is deployed, and what is not known of it; `None` if never.
fn condition(
    source: Source<'_>,
    node: &json::Node,
    scope: &dyn Scope,
    around: &Condition,
) -> Option<(Condition, Option<String>)> {
    let Some(condition) = node.get("condition") else {
        return Some((around.clone(), None));
    };
    let condition = json(source, condition, scope);
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

fn body(source: Source<'_>, node: &json::Node, scope: &dyn Scope) -> Node {
    let site = source.site(node.span);
    let kept = node
        .members()
        .iter()
        .filter(|member| !OWN_MEMBERS.iter().any(|own| member.name.eq_ignore_ascii_case(own)));
    let members = kept.map(|member| Member {
        name: MappedText::verbatim(&member.name, source.site(member.name_span)),
        node: json(source, &member.value, scope),
    });
    Node::written(Value::Object(Arc::new(Object::new(members.collect()))), site)
}
