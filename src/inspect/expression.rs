//! The view of a template expression: its value, or why it is not known.

use std::cell::{Cell, RefCell};

use serde_json::{Map, Number, Value as Json, json};

use crate::arm::evaluate::{
    Budget, CopyPosition, DeploymentScope, EvalError, Scope, evaluate_copy, evaluate_json, evaluate_text, literal_json,
};
use crate::arm::template::{Source, UserCall, UserFunctions};
use crate::arm::value::{Node, Value};
use crate::syntax::json::{self as syntax, Dialect};
use crate::text::{FileId, FileSpan, MappedText, Span};

/// The expression's text.
const EXPRESSION: FileId = FileId(0);

/// The context's text.
const CONTEXT: FileId = FileId(1);

/// The answer to one line `{"id", "expression", "context"}` (a context has `parameters`, `parameterDefaults`,
/// `variables`, `functions`, `languageVersion`, `scope`, `copy` and `placement`, as far as needed): `{"id", "value"}` when the value is wholly
/// known, otherwise `{"id", "unknown"}` or `{"id", "error"}` with the reason.
#[must_use]
pub fn view(question: &Json) -> Json {
    let id = question.get("id").cloned().unwrap_or_default();
    let Some(expression) = question.get("expression").and_then(Json::as_str) else {
        return json!({ "id": id, "error": "the question has no expression" });
    };
    let empty = json!({});
    let context = Context::new(question.get("context").unwrap_or(&empty));
    let text = MappedText::of_file(EXPRESSION, expression);
    let site = FileSpan::new(EXPRESSION, Span::of(0, expression.len()));
    match evaluate_text(text, site, &context) {
        Err(error) => json!({ "id": id, "error": error.parts().1 }),
        Ok(node) => match known(&node) {
            Some(value) => json!({ "id": id, "value": value }),
            None => json!({ "id": id, "unknown": reason(&node) }),
        },
    }
}

/// A value as JSON if it is wholly known.
fn known(node: &Node) -> Option<Json> {
    Some(match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) => Json::Number((*value).into()),
        Value::Float(value) => Json::Number(Number::from_f64(*value)?),
        Value::String(text) => Json::String(text.known()?.to_owned()),
        Value::Array(elements) => Json::Array(elements.iter().map(known).collect::<Option<_>>()?),
        Value::Object(object) if object.has_variants() => return None,
        Value::Object(object) => {
            let members = object
                .members()
                .iter()
                .map(|member| Some((member.name.known()?.to_owned(), known(&member.node)?)));
            Json::Object(members.collect::<Option<Map<_, _>>>()?)
        }
        Value::Unknown(_) | Value::OneOf(_) => return None,
    })
}

fn reason(node: &Node) -> String {
    match &node.value {
        Value::Unknown(unknown) => unknown.why.to_string(),
        Value::String(text) => format!("it is known in part: {}", text.display()),
        Value::OneOf(_) => "it has several possible values".to_owned(),
        _ => "it holds values that are not known".to_owned(),
    }
}

/// The context of a question as a scope.
struct Context {
    source: MappedText,
    tree: syntax::Node,
    deployment: DeploymentScope,
    copy: Option<(String, i64)>,
    /// Whether the default value of a parameter is being evaluated.
    in_default: Cell<bool>,
    budget: Budget,
    /// The variables and defaults that are being evaluated.
    open: RefCell<Vec<String>>,
}

impl Context {
    fn new(context: &Json) -> Self {
        let source = MappedText::of_file(CONTEXT, &context.to_string());
        let tree = syntax::parse(&source, Dialect::Template).tree;
        let scope = |name: &str| {
            let text = context.get("scope")?.get(name)?.as_str()?;
            Some(MappedText::computed(text, FileSpan::default()))
        };
        let copy = context.get("copy").and_then(|copy| {
            let name = copy.get("name").and_then(Json::as_str).unwrap_or_default();
            Some((name.to_owned(), copy.get("index")?.as_i64()?))
        });
        Self {
            source,
            tree,
            deployment: DeploymentScope {
                subscription: scope("subscriptionId"),
                resource_group: scope("resourceGroup"),
                management_group: scope("managementGroup"),
                tenant: scope("tenantId"),
                location: scope("location"),
                ..DeploymentScope::default()
            },
            copy,
            in_default: Cell::new(context.get("placement").and_then(Json::as_str) == Some("parameter default")),
            budget: Budget::default(),
            open: RefCell::new(Vec::new()),
        }
    }

    fn section(&self, section: &str, name: &str) -> Option<&syntax::Node> {
        self.tree.get(section)?.get(name)
    }

    /// Evaluates a part of the context unless that is under way already.
    fn once(&self, name: String, site: FileSpan, evaluate: impl FnOnce() -> Node) -> Result<Node, EvalError> {
        if self.open.borrow().contains(&name) {
            return Err(EvalError::failed(site, format!("{name} depends on itself")));
        }
        self.open.borrow_mut().push(name);
        let node = evaluate();
        self.open.borrow_mut().pop();
        Ok(node)
    }
}

impl Scope for Context {
    fn parameter(&self, name: &str, site: FileSpan) -> Result<Node, EvalError> {
        if let Some(given) = self.section("parameters", name) {
            return Ok(literal_json(given, &self.source, CONTEXT).used_at(site));
        }
        match self.section("parameterDefaults", name) {
            Some(default) => self.once(format!("parameters('{name}')"), site, || {
                let outside = self.in_default.replace(true);
                let node = evaluate_json(default, &self.source, CONTEXT, self);
                self.in_default.set(outside);
                node
            }),
            None => Err(EvalError::failed(site, format!("there is no parameter `{name}`"))),
        }
    }

    fn variable(&self, name: &str, site: FileSpan) -> Result<Node, EvalError> {
        let copied = self.section("variables", "copy").and_then(|copies| {
            copies.elements().iter().find(|copy| {
                let own = copy.get("name").and_then(|own| own.string(&self.source));
                own.is_some_and(|own| own.as_str().eq_ignore_ascii_case(name))
            })
        });
        let key = format!("variables('{name}')");
        if let Some(copy) = copied {
            return self.once(key, site, || evaluate_copy(copy, &self.source, CONTEXT, self));
        }
        match self.section("variables", name) {
            Some(variable) => self.once(key, site, || evaluate_json(variable, &self.source, CONTEXT, self)),
            None => Err(EvalError::failed(site, format!("there is no variable `{name}`"))),
        }
    }

    fn copy_index(&self, name: Option<&str>) -> Option<CopyPosition> {
        let (own, index) = self.copy.as_ref()?;
        let meant = name.is_none_or(|name| name.eq_ignore_ascii_case(own));
        meant.then_some(CopyPosition { index: Ok(*index) })
    }

    fn user_function(&self, namespace: &str, name: &str, args: Vec<Node>, site: FileSpan) -> Result<Node, EvalError> {
        let source = Source {
            file: CONTEXT,
            text: &self.source,
            tree: &self.tree,
        };
        UserFunctions::default().call(source, self, UserCall::new(namespace, name, args, site))
    }

    fn deployment(&self) -> &DeploymentScope {
        &self.deployment
    }

    fn in_parameter_default(&self) -> bool {
        self.in_default.get()
    }

    fn budget(&self) -> &Budget {
        &self.budget
    }
}
