//! Names and ids of resources.

use crate::arm::evaluate::{DeploymentScope, Scope, evaluate};
use crate::arm::value::{Node, Value};
use crate::syntax::expression::{Call, Expression, Kind};
use crate::text::{FileSpan, MappedText, Span, Symbol};

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

/// What the id of a resource starts with when it is deployed to another place than the template.
#[derive(Clone, Debug, Default)]
pub(super) struct Elsewhere {
    /// `subscriptionId`.
    pub(super) subscription: Option<MappedText>,
    /// `resourceGroup`.
    pub(super) group: Option<MappedText>,
    /// `scope`: what it extends, or what it is deployed to.
    pub(super) scope: Option<MappedText>,
}

/// The id of the resource of a type and a whole name.
pub(super) fn id_of(kind: &str, name: &MappedText, elsewhere: &Elsewhere, scope: &dyn Scope) -> MappedText {
    let place = name.whole_source().unwrap_or_default();
    let here = scope.deployment();
    let mut id = match elsewhere {
        Elsewhere { scope: Some(owner), .. } => scope_id(owner, here, place),
        Elsewhere {
            subscription: None,
            group: None,
            ..
        } => return id_here(kind, name, scope),
        Elsewhere {
            subscription, group, ..
        } => {
            let mut id = MappedText::computed("/subscriptions/", place);
            let known = subscription.clone().or_else(|| here.subscription.clone());
            id.push(&known.unwrap_or_else(|| fact("subscription().subscriptionId", place)));
            if let Some(group) = group {
                id.push(&MappedText::computed("/resourceGroups/", place));
                id.push(group);
            }
            id
        }
    };
    id.push(&MappedText::computed("/providers", place));
    let (mut segments, text) = (kind.split('/'), name.as_str());
    let provider = segments.next().unwrap_or_default();
    id.push(&MappedText::computed(format!("/{provider}"), place));
    let mut start = 0;
    for segment in segments {
        id.push(&MappedText::computed(format!("/{segment}/"), place));
        let rest = text.get(start..).unwrap_or_default();
        let end = rest.find('/').map_or(text.len(), |at| start + at);
        id.push_part(name, Span::of(start.min(end), end));
        start = end + 1;
    }
    id
}

/// The id that the member `scope` of a resource stands for: whole, from the root, or within the deployment.
fn scope_id(owner: &MappedText, here: &DeploymentScope, place: FileSpan) -> MappedText {
    let text = owner.as_str();
    if text == "/" {
        return MappedText::default();
    }
    let is_whole = text.starts_with('/') || owner.holes().first().is_some_and(|hole| hole.at == 0);
    if is_whole {
        return owner.clone();
    }
    let tenant_wide = "microsoft.management/managementgroups/";
    let mut id = if text.to_ascii_lowercase().starts_with(tenant_wide) {
        MappedText::default()
    } else {
        let part = |known: &Option<MappedText>, otherwise| known.clone().unwrap_or_else(|| fact(otherwise, place));
        let mut id = MappedText::computed("/subscriptions/", place);
        id.push(&part(&here.subscription, "subscription().subscriptionId"));
        id.push(&MappedText::computed("/resourceGroups/", place));
        id.push(&part(&here.resource_group, "resourceGroup().name"));
        id
    };
    id.push(&MappedText::computed("/providers/", place));
    id.push(owner);
    id
}

/// A fact of the deployment that is not known.
fn fact(expression: &str, place: FileSpan) -> MappedText {
    MappedText::hole(Symbol::Expression(expression.to_owned()).into(), place)
}

/// The id of a resource that is deployed where its template is, as `resourceId()` makes it.
fn id_here(kind: &str, name: &MappedText, scope: &dyn Scope) -> MappedText {
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
            kind: Kind::String(text),
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
        kind: Kind::Call(call),
    };
    let id = evaluate(&expression, name, scope).ok().and_then(|node| node.as_text());
    id.unwrap_or_else(|| name.clone())
}
