//! Evaluation of template expressions as far as their values are known.

mod budget;
mod copy;
mod interpreter;
mod json;
mod symbolic;

use std::sync::Arc;

use super::value::{Node, Value};
use crate::syntax::expression::{Expression, Kind, inner_span, is_escaped, parse};
use crate::text::{FileSpan, MappedText, Span, Symbol};

pub use budget::Budget;
pub use copy::{CopyScope, MAX_COPIES, evaluate_copy};
pub use interpreter::evaluate;
pub use json::{evaluate_json, literal_json};
pub use symbolic::{for_people, outcomes, truth};

pub(super) use budget::{MAX_MADE, MAX_TEXT, NODE_WEIGHT};
pub(super) use interpreter::{Context, Local, element, joined, with_alternatives};
pub(super) use symbolic::{
    alternatives_symbol, argument_text, call_symbol, fixed_length, list_symbol, placed_symbol, reference_symbol,
    weight, wrapped,
};

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvalError {
    /// The deployment would fail here.
    Failed {
        /// The part of the expression that fails.
        at: FileSpan,
        /// Why, in lower case and without a full stop.
        message: String,
    },
    /// The text between the brackets is no expression.
    Unreadable {
        /// The characters that do not fit.
        at: FileSpan,
        /// What was expected, in lower case and without a full stop.
        message: String,
    },
    /// A limit was hit.
    Limit {
        /// The part of the expression that went too far.
        at: FileSpan,
        /// Which limit, in lower case and without a full stop.
        message: String,
    },
}

impl EvalError {
    /// The deployment would fail at `at`.
    #[must_use]
    pub fn failed(at: FileSpan, message: impl Into<String>) -> Self {
        let message = message.into();
        Self::Failed { at, message }
    }

    /// A limit was hit at `at`.
    #[must_use]
    pub fn limit(at: FileSpan, message: impl Into<String>) -> Self {
        let message = message.into();
        Self::Limit { at, message }
    }

    /// The place and the message.
    #[must_use]
    pub fn parts(&self) -> (FileSpan, &str) {
        match self {
            Self::Failed { at, message } | Self::Unreadable { at, message } | Self::Limit { at, message } => {
                (*at, message)
            }
        }
    }

    /// The unknown value that stands for the failed expression `text` at `site`.
    #[must_use]
    pub fn into_node(self, text: &str, site: FileSpan) -> Node {
        let (_, message) = self.parts();
        let why: Arc<str> = format!("it has no value: {message}").into();
        Node::written(Value::unknown(placed_symbol(text, site), why), site)
    }
}

/// The level at which a template is deployed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// Into a resource group.
    #[default]
    ResourceGroup,
    /// Into a subscription.
    Subscription,
    /// Into a management group.
    ManagementGroup,
    /// Into a tenant.
    Tenant,
}

/// What is known of the place that a template is deployed to; `None` is a hole in every text.
#[derive(Clone, Debug, Default)]
pub struct DeploymentScope {
    /// The level, which decides what `resourceId()` starts with.
    pub level: Level,
    /// `subscription().subscriptionId`.
    pub subscription: Option<MappedText>,
    /// `resourceGroup().name`.
    pub resource_group: Option<MappedText>,
    /// `managementGroup().name`.
    pub management_group: Option<MappedText>,
    /// `tenant().tenantId`.
    pub tenant: Option<MappedText>,
    /// `resourceGroup().location` (`deployment().location` at the other levels).
    pub location: Option<MappedText>,
}

/// The position in a copy loop.
#[derive(Clone, Debug)]
pub struct CopyPosition {
    /// The index, or the symbol that stands for it in a loop whose number of rounds is not known.
    pub index: Result<i64, Arc<Symbol>>,
}

/// What an expression can see.
pub trait Scope {
    /// The value of a parameter, used at `site`.
    ///
    /// # Errors
    /// When the parameter is not declared or its default value has no value.
    fn parameter(&self, name: &str, site: FileSpan) -> Result<Node, EvalError>;

    /// The value of a variable, used at `site`.
    ///
    /// # Errors
    /// When the variable is not declared or has no value.
    fn variable(&self, name: &str, site: FileSpan) -> Result<Node, EvalError>;

    /// The position in the loop of that name, or in the loop of the resource if no name is given; `None`
    /// outside of such a loop.
    fn copy_index(&self, name: Option<&str>) -> Option<CopyPosition>;

    /// The result of a function that the template itself defines; not known unless overridden.
    ///
    /// # Errors
    /// When there is no such function or it fails.
    fn user_function(&self, namespace: &str, name: &str, args: Vec<Node>, site: FileSpan) -> Result<Node, EvalError> {
        let symbol = call_symbol(&format!("{namespace}.{name}"), &args, self.budget(), site);
        let why = format!("the function `{namespace}.{name}` is not evaluated");
        Ok(Node::written(Value::unknown(symbol, why), site))
    }

    /// Where the template is deployed to.
    fn deployment(&self) -> &DeploymentScope;

    /// The id of the resource with a symbolic name (`reference('vault')` in language version 2.0).
    fn resource_id_of_symbolic_name(&self, _name: &str) -> Option<MappedText> {
        None
    }

    /// The ids of the resources of a loop with a symbolic name (`references('vaults')`), in order; `None` when it is
    /// not known which they are.
    fn resource_ids_of_loop(&self, _name: &str) -> Option<Vec<MappedText>> {
        None
    }

    /// The value of `reference(resource[, 'full']).path` as far as the templates at hand tell it (outputs of
    /// a nested deployment). `resource` is the canonical text of the id. Asked once for each step of a path.
    fn resolve_reference(&self, _resource: &str, _full: bool, _path: &[String]) -> Option<Node> {
        None
    }

    /// Whether the expression stands in the default value of a parameter, where `newGuid()` and `utcNow()`
    /// are allowed.
    fn in_parameter_default(&self) -> bool {
        false
    }

    /// The scope that evaluates the text of a template which is a value of another one: there, the template's own
    /// expressions are escaped (`[[`), and those that are not belong to the other one.
    fn of_escaping_template(&self) -> Option<&dyn Scope> {
        None
    }

    /// Whether the same expressions are evaluated again in other scopes: in a loop, in a function, in a template
    /// that several deployments link to.
    fn repeats(&self) -> bool {
        false
    }

    /// Told of every expression in a JSON value that has no value.
    fn report(&self, _error: EvalError) {}

    /// What may still be spent. All scopes of a run over one template share one budget.
    fn budget(&self) -> &Budget;
}

/// Evaluates a string of a template at `site`, which is an expression or a literal.
///
/// # Errors
/// When the expression cannot be read, fails, or hits a limit.
pub fn evaluate_text(text: MappedText, site: FileSpan, scope: &dyn Scope) -> Result<Node, EvalError> {
    match scope.of_escaping_template() {
        Some(_) if is_escaped(text.as_str()) => evaluate_own(text.part(Span::new(1, text.len())), site, scope),
        Some(around) => evaluate_own(text, site, around),
        None => evaluate_own(text, site, scope),
    }
}

/// Evaluates a string all of whose expressions belong to `scope`.
fn evaluate_own(text: MappedText, site: FileSpan, scope: &dyn Scope) -> Result<Node, EvalError> {
    if is_escaped(text.as_str()) {
        let unescaped = text.part(Span::new(1, text.len()));
        return Ok(literal(unescaped, site, scope));
    }
    let Some(inner) = inner_span(&text) else {
        return Ok(literal(text, site, scope));
    };
    let parsed = parse(&text, inner);
    if let Some(error) = parsed.errors.first() {
        let at = text.source(error.span).unwrap_or(site);
        return Err(if error.limit {
            EvalError::limit(at, error.message.clone())
        } else {
            let message = error.message.clone();
            EvalError::Unreadable { at, message }
        });
    }
    let node = evaluate(&parsed.tree, &text, scope)?;
    // A literal in brackets is written here; all else keeps the origin it was found with.
    Ok(match parsed.tree.kind {
        Kind::String(_) | Kind::Integer(_) | Kind::Float(_) => Node::written(node.value, site),
        _ => node.used_at(site),
    })
}

/// A text that is no expression.
fn literal(text: MappedText, site: FileSpan, scope: &dyn Scope) -> Node {
    let node = Node::written(Value::text(text), site);
    if scope.repeats() { node.shared() } else { node }
}

/// Where an expression, which was parsed from `source`, stands in its file.
#[must_use]
pub fn site_of(expression: &Expression, source: &MappedText) -> FileSpan {
    source
        .source(expression.span)
        .or_else(|| source.whole_source())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
