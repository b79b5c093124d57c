//! Arguments that are one of several values.

use std::sync::Arc;

use crate::arm::value::{Condition, MAX_ALTERNATIVES, Member, Node, Object, Value};
use crate::text::FileSpan;

/// Bytes of the texts that stand for a value or its alternatives.
pub(super) fn text_size(node: &Node) -> usize {
    match &node.value {
        Value::String(text) => text.as_str().len(),
        Value::OneOf(alternatives) => alternatives.iter().map(|one| text_size(&one.node)).sum(),
        _ => 0,
    }
}

/// Whether a list or an object holds elements that are one of several.
pub(super) fn has_choices(node: &Node) -> bool {
    let is_choice = |node: &Node| matches!(node.value, Value::OneOf(_));
    node.elements().iter().any(is_choice) || node.members().iter().any(|member| is_choice(&member.node))
}

/// A list or an object of which elements are one of several, as one of several; others as they are.
pub(super) fn lifted(node: &Node, site: FileSpan) -> Node {
    if !has_choices(node) {
        return node.clone();
    }
    let inner: Vec<Node> = match &node.value {
        Value::Array(elements) => elements.to_vec(),
        _ => node.members().iter().map(|member| member.node.clone()).collect(),
    };
    let Some(combinations) = combinations(&inner) else {
        return node.clone();
    };
    let made = combinations.into_iter().map(|(when, inner)| {
        let value = match &node.value {
            Value::Object(object) => {
                let members = object.members().iter().zip(inner);
                let members = members.map(|(member, node)| Member {
                    name: member.name.clone(),
                    node,
                });
                Value::Object(Arc::new(Object::new(members.collect())))
            }
            _ => Value::Array(Arc::new(inner)),
        };
        (when, Node { value, ..node.clone() })
    });
    Node::one_of(made.collect(), site)
}

/// The alternatives of all arguments that go together; `None` when there are too many.
pub(in crate::arm) fn combinations(args: &[Node]) -> Option<Vec<(Condition, Vec<Node>)>> {
    let mut made = vec![(Condition::default(), Vec::with_capacity(args.len()))];
    for arg in args {
        let alternatives = arg.alternatives();
        let mut next = Vec::new();
        for (when, before) in &made {
            for (inner, node) in &alternatives {
                if let Some(when) = when.and(inner) {
                    let mut args = before.clone();
                    args.push(node.clone());
                    next.push((when, args));
                }
                if next.len() > MAX_ALTERNATIVES {
                    return None;
                }
            }
        }
        made = next;
    }
    Some(made)
}
