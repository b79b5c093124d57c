//! Deployments inside a template: what they deploy, where, and with which parameters.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::scope::{Inside, Shared, TemplateScope};
use super::{Source, level_of, linked, parameter_values};
use crate::arm::evaluate::{DeploymentScope, Level, Scope, evaluate_json};
use crate::arm::value::{Node, Value};
use crate::syntax::expression::{Expression, Kind, inner_span, is_escaped, parse};
use crate::syntax::json;
use crate::text::{FileSpan, MappedText, Symbol};

/// Types of resources that hold a template.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// `Microsoft.Resources/deployments`.
    Deployment,
    /// `Microsoft.Resources/deploymentStacks`: a deployment whose template has always a scope of its own.
    Stack,
    /// `Microsoft.Resources/templateSpecs/versions`: a template that others deploy.
    Spec,
}

impl Holder {
    /// The holder of that type.
    pub(super) fn of(kind: &str) -> Option<Self> {
        match kind.to_ascii_lowercase().as_str() {
            "microsoft.resources/deployments" => Some(Self::Deployment),
            "microsoft.resources/deploymentstacks" => Some(Self::Stack),
            "microsoft.resources/templatespecs/versions" => Some(Self::Spec),
            _ => None,
        }
    }
}

/// What a deployment deploys.
pub(super) enum Deployed<'t> {
    /// No template at all.
    Nothing,
    /// A template that was not read: where it is named, and why.
    Unread(FileSpan, String),
    /// A template whose expressions see what is around it.
    Outer(&'t json::Node),
    /// A template with a scope of its own.
    Inner(Rc<TemplateScope<'t>>),
    /// Templates with a scope of their own whose expressions are escaped.
    Escaped(Vec<&'t json::Node>, Box<Start>),
}

/// What a template starts with.
pub(super) struct Start {
    values: BTreeMap<String, Node>,
    place: DeploymentScope,
    inside: Inside,
}

impl Start {
    /// The scope of an escaped template, whose text is evaluated in `around` first.
    pub(super) fn scope<'a>(
        &self,
        shared: Shared<'a>,
        source: Source<'a>,
        template: &'a json::Node,
        around: &'a dyn Scope,
    ) -> TemplateScope<'a> {
        let mut place = self.place.clone();
        place.level = level_of(template, source.text).unwrap_or(place.level);
        let values = self.values.clone();
        // The variable that the template stands in may be deployed by others.
        let inside = Inside {
            repeats: true,
            ..self.inside.clone()
        };
        TemplateScope::new(shared, source, template, values, place, inside).escaped_in(Some(around))
    }
}

/// What the deployment `node` in `outer` deploys. Its own members see `around`. With a `round` it stands right in
/// the resources of the template, and what is found is kept for the next one who asks.
pub(super) fn deployed<'t>(
    outer: &TemplateScope<'t>,
    around: &dyn Scope,
    (node, holder): (&'t json::Node, Holder),
    round: Option<Option<i64>>,
) -> Deployed<'t> {
    let key = round.map(|round| (node.span.start, round));
    let known = key.and_then(|key| outer.children.borrow().get(&key).cloned());
    if let Some(child) = known {
        return Deployed::Inner(child);
    }
    let found = read(outer, around, (node, holder), round.flatten());
    if let (Some(key), Deployed::Inner(child)) = (key, &found) {
        outer.children.borrow_mut().insert(key, Rc::clone(child));
    }
    found
}

fn read<'t>(
    outer: &TemplateScope<'t>,
    around: &dyn Scope,
    (node, holder): (&'t json::Node, Holder),
    round: Option<i64>,
) -> Deployed<'t> {
    let Some(properties) = node.get("properties") else {
        return Deployed::Nothing;
    };
    let reader = Reader {
        outer,
        around,
        node,
        properties,
        round,
    };
    if holder == Holder::Spec {
        return reader.spec();
    }
    if let Some(template) = properties.get("template") {
        return reader.inline(template, holder);
    }
    match properties.member("templateLink") {
        Some(link) => reader.link(link),
        None => Deployed::Nothing,
    }
}

/// The members of one deployment.
struct Reader<'s, 't> {
    outer: &'s TemplateScope<'t>,
    around: &'s dyn Scope,
    node: &'t json::Node,
    properties: &'t json::Node,
    round: Option<i64>,
}

impl<'t> Reader<'_, 't> {
    /// A template that stands in the deployment, or in a variable.
    fn inline(&self, template: &'t json::Node, holder: Holder) -> Deployed<'t> {
        let options = self.properties.get("expressionEvaluationOptions");
        let option = options.and_then(|options| options.get("scope")?.string(self.outer.source.text));
        let inner =
            holder == Holder::Stack || option.is_some_and(|option| option.as_str().eq_ignore_ascii_case("inner"));
        let in_variable = variable(self.outer, template);
        match (in_variable, inner) {
            // The variable is evaluated with what is around it, in either scope; what was escaped there is evaluated
            // by the deployment.
            (Some(template), _) => Deployed::Escaped(vec![template], Box::new(self.start(template))),
            (None, _) if matches!(template.kind, json::Kind::String) => {
                let why = "it is the value of an expression";
                Deployed::Unread(self.outer.source.site(template.span), why.to_owned())
            }
            (None, _) if template.members().is_empty() => Deployed::Nothing,
            (None, false) => Deployed::Outer(template),
            (None, true) => self.inner(self.outer.source, template, &self.outer.inside.files),
        }
    }

    fn inner(&self, source: Source<'t>, template: &'t json::Node, files: &[crate::text::FileId]) -> Deployed<'t> {
        let mut start = self.start_of(source, template);
        start.inside.files = files.to_vec();
        start.inside.repeats |= files.len() > 1;
        let Start { values, place, inside } = start;
        let scope = TemplateScope::new(self.outer.shared, source, template, values, place, inside);
        let in_same_text = std::ptr::eq(source.text, self.outer.source.text);
        let around = self.outer.escaping().filter(|_| in_same_text);
        Deployed::Inner(Rc::new(scope.escaped_in(around)))
    }

    /// The templates of a template spec: nobody gives their parameters values here.
    fn spec(&self) -> Deployed<'t> {
        let linked = self.properties.get("linkedTemplates").map(json::Node::elements);
        let linked = linked
            .unwrap_or_default()
            .iter()
            .filter_map(|entry| entry.get("template"));
        let all = self.properties.get("mainTemplate").into_iter().chain(linked);
        let templates: Vec<_> = all
            .map(|template| variable(self.outer, template).unwrap_or(template))
            .filter(|template| !template.members().is_empty())
            .collect();
        match self.properties.get("mainTemplate") {
            Some(main) if templates.is_empty() && matches!(main.kind, json::Kind::String) => {
                let why = "it is the value of an expression";
                Deployed::Unread(self.outer.source.site(main.span), why.to_owned())
            }
            _ => Deployed::Escaped(
                templates,
                Box::new(Start {
                    values: BTreeMap::new(),
                    place: DeploymentScope::default(),
                    inside: self.inside(),
                }),
            ),
        }
    }

    /// A template in another file.
    fn link(&self, link: &'t json::Member) -> Deployed<'t> {
        let site = self.outer.source.site(link.value.span);
        let unread = |why: String| Deployed::Unread(site, why);
        let (source, is_certain) = match linked::document(self.outer, self.around, &link.value) {
            Ok(found) => found,
            Err(why) => return unread(why),
        };
        if source.tree.get("resources").is_none() {
            return unread("the file is no template".to_owned());
        }
        let files = &self.outer.inside.files;
        if files.contains(&source.file) {
            return unread("the template would be deployed inside itself".to_owned());
        }
        let mut around: Vec<_> = files.clone();
        around.push(source.file);
        // A template that may be another one is evaluated by itself as well.
        if is_certain {
            self.outer.shared.linked.borrow_mut().insert(source.file);
        }
        self.inner(source, source.tree, &around)
    }

    fn start(&self, template: &json::Node) -> Start {
        self.start_of(self.outer.source, template)
    }

    fn start_of(&self, source: Source<'_>, template: &json::Node) -> Start {
        Start {
            values: self.values(template),
            place: self.place(level_of(template, source.text)),
            inside: self.inside(),
        }
    }

    fn inside(&self) -> Inside {
        let Inside { id, depth, files, .. } = &self.outer.inside;
        let file = self.outer.source.file.0;
        let round = self.round.map(|round| format!("[{round}]")).unwrap_or_default();
        Inside {
            id: format!("{id}/deployment at {file}:{}{round}", self.node.span.start),
            depth: depth + 1,
            files: files.clone(),
            repeats: self.round.is_some() || self.around.repeats(),
        }
    }

    fn json(&self, node: &json::Node) -> Node {
        let Source { file, text, .. } = self.outer.source;
        evaluate_json(node, text, file, self.around)
    }

    /// The values that the deployment gives the parameters of its template.
    fn values(&self, template: &json::Node) -> BTreeMap<String, Node> {
        let mut values = BTreeMap::new();
        if let Some(link) = self.properties.get("parametersLink") {
            match linked::document(self.outer, self.around, link) {
                Ok((source, _)) => values = parameter_values(source),
                Err(why) => {
                    let why = format!("its parameter file was not followed: {why}");
                    values = self.unknown(template, link, &why);
                }
            }
        }
        let Some(parameters) = self.properties.get("parameters") else {
            return values;
        };
        if matches!(parameters.kind, json::Kind::String) {
            let given = self.json(parameters);
            if !matches!(given.value, Value::Object(_)) {
                return self.unknown(template, parameters, "the parameters of the deployment are not known");
            }
            for member in given.members() {
                if let Some(value) = member.node.member("value") {
                    values.insert(member.name.canonical().to_lowercase(), value.node.clone());
                }
            }
        }
        for member in parameters.members() {
            let value = match member.value.get("value") {
                Some(value) => self.json(value),
                None => self.secret(member),
            };
            values.insert(member.name.to_lowercase(), value);
        }
        values
    }

    fn secret(&self, member: &json::Member) -> Node {
        let site = self.outer.source.site(member.name_span);
        let symbol = Symbol::Expression(format!("secret {} of {:?}", member.name, site));
        let why = format!("parameter `{}` comes from a key vault", member.name);
        Node::written(Value::unknown(symbol, why), site)
    }

    /// Values of all parameters of a template of which nothing is known.
    fn unknown(&self, template: &json::Node, at: &json::Node, why: &str) -> BTreeMap<String, Node> {
        let site = self.outer.source.site(at.span);
        let declared = template.get("parameters").map(json::Node::members).unwrap_or_default();
        let value = |member: &json::Member| {
            let symbol = Symbol::Expression(format!("value of {} at {:?}", member.name, site));
            Node::written(Value::unknown(symbol, why), site)
        };
        declared
            .iter()
            .map(|member| (member.name.to_lowercase(), value(member)))
            .collect()
    }

    fn text(&self, name: &str) -> Option<MappedText> {
        let node = self.json(self.node.get(name)?);
        // One of several places is none that can be told.
        node.as_text().or_else(|| {
            let symbol = Symbol::Expression(format!("{name} at {:?}", node.site));
            matches!(node.value, Value::OneOf(_)).then(|| MappedText::hole(symbol.into(), node.site))
        })
    }

    /// Where the template is deployed to: where the one around it is, unless the deployment says otherwise.
    fn place(&self, level: Option<Level>) -> DeploymentScope {
        let mut place = self.around.deployment().clone();
        let (subscription, group, scope) = (
            self.text("subscriptionId"),
            self.text("resourceGroup"),
            self.text("scope"),
        );
        let moved = subscription.is_some() || group.is_some() || scope.is_some();
        let by_members = if group.is_some() {
            Level::ResourceGroup
        } else if subscription.is_some() {
            Level::Subscription
        } else {
            place.level
        };
        place.level = level.unwrap_or(by_members);
        if let Some(subscription) = subscription {
            place.subscription = Some(subscription);
            place.resource_group = None;
        }
        if let Some(group) = group {
            place.resource_group = Some(group);
        }
        if let Some(scope) = scope {
            place.management_group = management_group(&scope).or(place.management_group);
        }
        let site = self.outer.source.site(self.node.span);
        place.location = match place.level {
            Level::ResourceGroup if moved => {
                let symbol = Symbol::Expression(format!("resourceGroup().location⟨{}⟩", self.outer.inside.id));
                Some(MappedText::hole(symbol.into(), site))
            }
            Level::ResourceGroup => place.location,
            _ => self.text("location").or(place.location),
        };
        place
    }
}

/// The management group that a `scope` names.
fn management_group(scope: &MappedText) -> Option<MappedText> {
    let text = scope.as_str();
    let (owner, _) = text.rsplit_once('/')?;
    let named = owner
        .to_ascii_lowercase()
        .ends_with("microsoft.management/managementgroups");
    let start = crate::text::offset(owner.len() + 1);
    named.then(|| scope.part(crate::text::Span::new(start, scope.len())))
}

/// The variable whose value an expression is, if it is nothing but that: `[variables('name')]`.
fn variable<'t>(template: &TemplateScope<'t>, node: &json::Node) -> Option<&'t json::Node> {
    let text = node.string(template.source.text)?;
    let inner = inner_span(&text).filter(|_| !is_escaped(text.as_str()))?;
    let Kind::Call(call) = parse(&text, inner).tree.kind else {
        return None;
    };
    let [
        Expression {
            kind: Kind::String(name),
            ..
        },
    ] = call.args.as_slice()
    else {
        return None;
    };
    if !call.name.eq_ignore_ascii_case("variables") || call.namespace.is_some() {
        return None;
    }
    let member = template.declared.variable(template.template, name.known()?)?;
    (!member.value.members().is_empty()).then_some(&member.value)
}
