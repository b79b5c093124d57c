//! Copy loops inside JSON values: `"copy": [{"name", "count", "input"}]`.

use std::sync::Arc;

use super::symbolic::placed_symbol;
use super::{Budget, CopyPosition, DeploymentScope, EvalError, Scope, evaluate_json};
use crate::arm::value::{Node, Value};
use crate::syntax::json;
use crate::text::{FileId, FileSpan, MappedText};

/// More rounds than this are not evaluated; the service refuses them, too.
pub const MAX_COPIES: i64 = 800;

/// A scope inside one round of a copy loop.
pub struct CopyScope<'s> {
    /// The scope around the loop.
    pub outer: &'s dyn Scope,
    /// The loop's name.
    pub name: &'s str,
    /// The round.
    pub position: CopyPosition,
    /// Whether `copyIndex()` without a name means this loop (a resource's) and not one around it.
    pub of_resource: bool,
}

impl Scope for CopyScope<'_> {
    fn parameter(&self, name: &str, site: FileSpan) -> Result<Node, EvalError> {
        self.outer.parameter(name, site)
    }

    fn variable(&self, name: &str, site: FileSpan) -> Result<Node, EvalError> {
        self.outer.variable(name, site)
    }

    fn copy_index(&self, name: Option<&str>) -> Option<CopyPosition> {
        let meant = name.map_or(self.of_resource, |name| name.eq_ignore_ascii_case(self.name));
        if meant {
            Some(self.position.clone())
        } else {
            self.outer.copy_index(name)
        }
    }

    fn user_function(&self, namespace: &str, name: &str, args: Vec<Node>, site: FileSpan) -> Result<Node, EvalError> {
        self.outer.user_function(namespace, name, args, site)
    }

    fn deployment(&self) -> &DeploymentScope {
        self.outer.deployment()
    }

    fn resource_id_of_symbolic_name(&self, name: &str) -> Option<MappedText> {
        self.outer.resource_id_of_symbolic_name(name)
    }

    fn resource_ids_of_loop(&self, name: &str) -> Option<Vec<MappedText>> {
        self.outer.resource_ids_of_loop(name)
    }

    fn resolve_reference(&self, resource: &str, full: bool, path: &[String]) -> Option<Node> {
        self.outer.resolve_reference(resource, full, path)
    }

    fn in_parameter_default(&self) -> bool {
        self.outer.in_parameter_default()
    }

    fn of_escaping_template(&self) -> Option<&dyn Scope> {
        self.outer.of_escaping_template()
    }

    fn repeats(&self) -> bool {
        true
    }

    fn report(&self, error: EvalError) {
        self.outer.report(error);
    }

    fn budget(&self) -> &Budget {
        self.outer.budget()
    }
}

/// The list that one entry of a `copy` array makes. Its elements are evaluated one by one; the list is
/// not known when the number of rounds is not.
#[must_use]
pub fn evaluate_copy(entry: &json::Node, source: &MappedText, file: FileId, scope: &dyn Scope) -> Node {
    let site = place(source, file, entry);
    let name = entry
        .get("name")
        .and_then(|name| name.string(source))
        .unwrap_or_default();
    let count = entry
        .get("count")
        .map(|count| evaluate_json(count, source, file, scope));
    let Some(count) = count else {
        return no_count(site, scope);
    };
    let made = count.alternatives().into_iter().map(|(when, count)| {
        let list = match count.value {
            Value::Int(rounds) => elements(entry, source, file, scope, rounds),
            Value::Unknown(unknown) => {
                let symbol = placed_symbol(&format!("copy('{}')", name.as_str()), site);
                let why = format!("the number of its elements is not known: {}", unknown.why);
                Node::written(Value::unknown(symbol, why), site)
            }
            _ => no_count(site, scope),
        };
        (when, list)
    });
    Node::one_of(made.collect(), site)
}

fn no_count(site: FileSpan, scope: &dyn Scope) -> Node {
    let error = EvalError::failed(site, "the count of a copy loop must be a whole number");
    scope.report(error.clone());
    error.into_node("copy()", site)
}

fn elements(entry: &json::Node, source: &MappedText, file: FileId, scope: &dyn Scope, rounds: i64) -> Node {
    let site = place(source, file, entry);
    let name = entry
        .get("name")
        .and_then(|name| name.string(source))
        .unwrap_or_default();
    let Some(input) = entry.get("input") else {
        let error = EvalError::failed(site, "a copy loop needs `input`");
        scope.report(error.clone());
        return error.into_node("copy()", site);
    };
    if !(0..=MAX_COPIES).contains(&rounds) {
        let message = format!("a copy loop makes from 0 to {MAX_COPIES} elements, not {rounds}");
        let error = EvalError::limit(site, message);
        scope.report(error.clone());
        return error.into_node("copy()", site);
    }
    let made = (0..rounds)
        .take_while(|_| !scope.budget().is_spent())
        .map(|index| {
            let round = CopyScope {
                outer: scope,
                name: name.as_str(),
                position: CopyPosition { index: Ok(index) },
                // The loop of an output has no name.
                of_resource: name.is_empty(),
            };
            evaluate_json(input, source, file, &round)
        })
        .collect();
    if let Err(error) = scope
        .budget()
        .take_bytes(0, site)
        .and_then(|()| scope.budget().take_steps(0, site))
    {
        if scope.budget().is_news(&error) {
            scope.report(error.clone());
        }
        return error.into_node("copy()", site);
    }
    Node::written(Value::Array(Arc::new(made)), site)
}

fn place(source: &MappedText, file: FileId, node: &json::Node) -> FileSpan {
    source
        .source(node.span)
        .unwrap_or_else(|| FileSpan::new(file, node.span))
}
