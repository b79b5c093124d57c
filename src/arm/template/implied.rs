//! What a resource waits for without a `dependsOn`: the resources of the template that its properties read by name.

use super::Source;
use crate::arm::evaluate::{Scope, evaluate};
use crate::arm::value::Node;
use crate::syntax::expression::{Expression, Kind, inner_span, is_escaped, parse};
use crate::syntax::json;
use crate::text::{MappedText, Span};

/// The member of a deployment whose expressions need not be its own.
const TEMPLATE: &str = "template";

/// The first arguments of `reference()` and of the functions `list…()` in the properties of a resource. Those of the
/// template that a deployment deploys are left out.
pub(super) fn read_by_name(source: Source<'_>, resource: &json::Node, scope: &dyn Scope) -> Vec<Node> {
    let Some(properties) = resource.get("properties") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut open = vec![properties];
    while let Some(node) = open.pop() {
        open.extend(node.elements());
        let members = node.members().iter();
        open.extend(
            members
                .filter(|member| !member.name.eq_ignore_ascii_case(TEMPLATE))
                .map(|member| &member.value),
        );
        let text = node.string(source.text).filter(|text| text.as_str().starts_with('['));
        let own = text.and_then(|text| match scope.of_escaping_template() {
            Some(_) => is_escaped(text.as_str()).then(|| text.part(Span::new(1, text.len()))),
            None => Some(text),
        });
        if let Some(text) = own {
            found.extend(in_expression(&text, scope));
        }
    }
    found
}

/// The same of one text, which may be an expression.
fn in_expression(text: &MappedText, scope: &dyn Scope) -> Vec<Node> {
    let Some(inner) = inner_span(text).filter(|_| may_read(text.as_str())) else {
        return Vec::new();
    };
    let parsed = parse(text, inner);
    let mut found = Vec::new();
    let mut open = vec![&parsed.tree];
    while let Some(expression) = open.pop() {
        match &expression.kind {
            Kind::Call(call) => {
                let reads = call.namespace.is_none() && reads(&call.name);
                let name = call.args.first().filter(|_| reads);
                // An argument that has no value is told of where the expression itself is evaluated.
                found.extend(name.and_then(|name: &Expression| evaluate(name, text, scope).ok()));
                open.extend(&call.args);
            }
            Kind::Property { base, .. } => open.push(base),
            Kind::Index { base, index, .. } => open.extend([&**base, &**index]),
            Kind::String(_) | Kind::Integer(_) | Kind::Float(_) | Kind::Broken => {}
        }
    }
    found
}

/// Whether a function reads what a resource is like once it is deployed.
fn reads(function: &str) -> bool {
    let starts = |start: &str| {
        function
            .get(..start.len())
            .is_some_and(|own| own.eq_ignore_ascii_case(start))
    };
    function.eq_ignore_ascii_case("reference") || starts("list")
}

/// Whether a text may hold a call of such a function.
fn may_read(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.contains("reference") || lower.contains("list")
}
