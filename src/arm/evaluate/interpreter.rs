//! The walk over the tree of an expression.

use super::symbolic::extended;
use super::{EvalError, Scope, argument_text, call_symbol, placed_symbol, site_of};
use crate::arm::functions;
use crate::arm::value::{Condition, Node, Unknown, Value};
use crate::syntax::expression::{Expression, Kind};
use crate::text::{FileSpan, MappedText, Span, Symbol};

/// Evaluates a parsed expression. `source` is the text that it was parsed from.
///
/// # Errors
/// When the expression fails or hits a limit.
pub fn evaluate(expression: &Expression, source: &MappedText, scope: &dyn Scope) -> Result<Node, EvalError> {
    let context = Context {
        source,
        scope,
        locals: None,
    };
    context.node(expression)
}

/// Where an expression is evaluated.
#[derive(Clone, Copy)]
pub(in crate::arm) struct Context<'a> {
    /// The text that the expression was parsed from.
    pub(in crate::arm) source: &'a MappedText,
    /// What it can see.
    pub(in crate::arm) scope: &'a dyn Scope,
    /// The variables of the lambdas around it, innermost first.
    pub(in crate::arm) locals: Option<&'a Local<'a>>,
}

/// A variable of a lambda.
pub(in crate::arm) struct Local<'a> {
    pub(in crate::arm) name: &'a str,
    pub(in crate::arm) value: &'a Node,
    pub(in crate::arm) outer: Option<&'a Local<'a>>,
}

impl Context<'_> {
    /// Where a part of the expression stands.
    pub(in crate::arm) fn site(self, expression: &Expression) -> FileSpan {
        site_of(expression, self.source)
    }

    /// The place of some bytes of the expression.
    pub(in crate::arm) fn place(self, span: Span, otherwise: FileSpan) -> FileSpan {
        self.source.source(span).unwrap_or(otherwise)
    }

    /// The value of a part of the expression.
    pub(in crate::arm) fn node(self, expression: &Expression) -> Result<Node, EvalError> {
        let site = self.site(expression);
        let budget = self.scope.budget();
        budget.enter(site)?;
        let result = self.inner(expression, site);
        budget.leave();
        if let Ok(Node {
            value: Value::String(text),
            ..
        }) = &result
        {
            budget.take_bytes(text.as_str().len(), site)?;
        }
        result
    }

    /// The values of several parts.
    pub(in crate::arm) fn nodes(self, expressions: &[Expression]) -> Result<Vec<Node>, EvalError> {
        expressions.iter().map(|expression| self.node(expression)).collect()
    }

    fn inner(self, expression: &Expression, site: FileSpan) -> Result<Node, EvalError> {
        match &expression.kind {
            Kind::String(text) => {
                let node = Node::written(Value::text(text.clone()), site);
                // A lambda is evaluated for each element of a list.
                let repeats = self.locals.is_some() || self.scope.repeats();
                Ok(if repeats { node.shared() } else { node })
            }
            Kind::Integer(value) => Ok(Node::written(Value::Int(*value), site)),
            Kind::Float(value) => Ok(Node::written(Value::Float(*value), site)),
            Kind::Call(call) => functions::call(self, call, site),
            Kind::Property { base, name, safe, .. } => {
                let base = self.node(base)?;
                property(self.scope, &base, name, *safe, site)
            }
            Kind::Index { base, index, safe } => {
                let base = self.node(base)?;
                let index = self.node(index)?;
                element(self.scope, &base, &index, *safe, site)
            }
            Kind::Broken => Err(EvalError::failed(site, "the expression cannot be read")),
        }
    }
}

/// The result of `of` for each alternative of a value. What fails under some conditions only is not
/// known under them.
pub(in crate::arm) fn with_alternatives(
    node: &Node,
    site: FileSpan,
    of: &mut dyn FnMut(&Node) -> Result<Node, EvalError>,
) -> Result<Node, EvalError> {
    let results = node
        .alternatives()
        .into_iter()
        .map(|(when, node)| (when, of(&node)))
        .collect();
    joined(results, site)
}

/// One value of several results under conditions.
pub(in crate::arm) fn joined(
    results: Vec<(Condition, Result<Node, EvalError>)>,
    site: FileSpan,
) -> Result<Node, EvalError> {
    let all_failed = results.iter().all(|(_, result)| result.is_err());
    let mut made = Vec::with_capacity(results.len());
    for (when, result) in results {
        match result {
            Ok(node) => made.push((when, node)),
            Err(error @ EvalError::Limit { .. }) => return Err(error),
            Err(error) if all_failed => return Err(error),
            Err(error) => made.push((when, error.into_node("fail()", site))),
        }
    }
    if let Some(same) = single(&made) {
        return Ok(same);
    }
    let result = Node::one_of(made, site);
    Ok(match &result.value {
        Value::OneOf(alternatives) if alternatives.is_empty() => {
            let why = "its conditions exclude one another";
            Node::written(Value::unknown(placed_symbol("if()", site), why), site)
        }
        _ => result,
    })
}

/// The value that all alternatives agree on: a truth value, a number or `null`.
fn single(made: &[(Condition, Node)]) -> Option<Node> {
    let ((_, first), rest) = made.split_first()?;
    let same = |node: &Node| match (&first.value, &node.value) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(one), Value::Bool(other)) => one == other,
        (Value::Int(one), Value::Int(other)) => one == other,
        _ => false,
    };
    (!rest.is_empty() && rest.iter().all(|(_, node)| same(node))).then(|| first.clone())
}

/// `base.name`, per alternative of the base.
pub(in crate::arm) fn property(
    scope: &dyn Scope,
    base: &Node,
    name: &str,
    safe: bool,
    site: FileSpan,
) -> Result<Node, EvalError> {
    let absent = |what: String| {
        if safe {
            Ok(Node::written(Value::Null, site))
        } else {
            Err(EvalError::failed(site, what))
        }
    };
    match &base.value {
        Value::Object(object) => match object.get(name) {
            Some(member) => Ok(member.node.clone().part_of(base).used_at(site)),
            None if object.members().iter().any(|member| !member.name.is_known()) => Ok(unknown_step(base, name, site)),
            None => absent(format!("the object has no property `{name}`")),
        },
        Value::Null => absent(format!("`null` has no property `{name}`")),
        Value::Unknown(unknown) => Ok(step(scope, unknown, name, &dotted(name), site)),
        Value::OneOf(_) => with_alternatives(base, site, &mut |node| property(scope, node, name, safe, site)),
        other => {
            let message = format!("a value of type {} has no property `{name}`", other.type_name());
            Err(EvalError::failed(site, message))
        }
    }
}

/// `base[index]`, per alternative of the base and the index.
pub(in crate::arm) fn element(
    scope: &dyn Scope,
    base: &Node,
    index: &Node,
    safe: bool,
    site: FileSpan,
) -> Result<Node, EvalError> {
    match (&base.value, &index.value) {
        (Value::OneOf(_), _) => with_alternatives(base, site, &mut |base| element(scope, base, index, safe, site)),
        (_, Value::OneOf(_)) => with_alternatives(index, site, &mut |index| element(scope, base, index, safe, site)),
        (Value::Unknown(unknown), Value::Int(position)) => {
            let accessor = format!("[{position}]");
            Ok(step(scope, unknown, &position.to_string(), &accessor, site))
        }
        (_, Value::Unknown(_)) => {
            let symbol = call_symbol("tryGet", &[base.clone(), index.clone()], scope.budget(), site);
            Ok(Node::written(Value::unknown(symbol, "its index is not known"), site))
        }
        (_, Value::String(name)) => match name.known() {
            Some(name) => property(scope, base, name, safe, site),
            None => Ok(unknown_step(base, &name.display(), site)),
        },
        (Value::Array(elements), Value::Int(position)) => {
            let found = usize::try_from(*position)
                .ok()
                .and_then(|position| elements.get(position));
            match found {
                Some(element) => Ok(element.clone().part_of(base).used_at(site)),
                None if safe => Ok(Node::written(Value::Null, site)),
                None => {
                    let message = format!("the index {position} lies outside of a list of {}", elements.len());
                    Err(EvalError::failed(site, message))
                }
            }
        }
        (Value::Array(elements), Value::Object(step)) if step.get("fromEnd").is_some() => {
            let count = i64::try_from(elements.len()).unwrap_or(i64::MAX);
            let member = |name: &str| step.get(name).map(|member| &member.node.value);
            let position = match (member("value"), member("fromEnd")) {
                (Some(Value::Int(back)), Some(Value::Bool(true))) => count.saturating_sub(*back),
                (Some(Value::Int(position)), Some(Value::Bool(false))) => *position,
                _ => return element(scope, base, &unknown_index(site), safe, site),
            };
            let position = Node::written(Value::Int(position), site);
            element(scope, base, &position, safe, site)
        }
        (Value::Null, _) if safe => Ok(Node::written(Value::Null, site)),
        (base, index) => {
            let message = format!(
                "a value of type {} cannot be indexed with one of type {}",
                base.type_name(),
                index.type_name()
            );
            Err(EvalError::failed(site, message))
        }
    }
}

fn unknown_index(site: FileSpan) -> Node {
    Node::written(Value::unknown(placed_symbol("index", site), "it is not known"), site)
}

fn dotted(name: &str) -> String {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if plain {
        format!(".{name}")
    } else {
        format!("['{}']", name.replace('\'', "''"))
    }
}

/// A property of something unknown: asked of the deployment and of the template first.
fn step(scope: &dyn Scope, unknown: &Unknown, name: &str, accessor: &str, site: FileSpan) -> Node {
    let symbol = extended(&unknown.symbol, name, accessor);
    let known = match &symbol {
        Symbol::Reference { resource, full, path } => scope.resolve_reference(resource, *full, path),
        Symbol::Expression(text) => functions::deployment_fact(text, scope.deployment(), site),
        _ => None,
    };
    known.map_or_else(
        || {
            Node::written(
                Value::Unknown(Unknown {
                    why: unknown.why.clone(),
                    symbol: symbol.into(),
                }),
                site,
            )
        },
        |node| node.used_at(site),
    )
}

/// A member of an object whose members are not all known.
fn unknown_step(base: &Node, name: &str, site: FileSpan) -> Node {
    let symbol = match argument_text(base) {
        Some(text) => super::symbolic::expression_symbol(format!("{text}{}", dotted(name))),
        None => placed_symbol(&format!("….{name}"), site),
    };
    Node::written(
        Value::unknown(symbol, "the names of the object are not all known"),
        site,
    )
}
