//! The ways of a resource's values: from the literals of templates and parameter files to their use.

use serde_json::{Value as Json, json};

use super::location;
use super::values::Values;
use crate::arm::value::{Node, Value};

/// The ways of the values in `node` that are not written on the spot. `at` is the JSON pointer under which the
/// view shows the value.
pub(super) fn ways(node: &Node, at: &str, values: &Values<'_>, out: &mut Vec<Json>) {
    let sources = values.sources();
    if !node.trail.is_empty() {
        let step = |step: &crate::arm::trail::Step| json!({ "by": step.by.to_string(), "location": location(step.at, sources) });
        out.push(json!({
            "at": at,
            "origin": location(node.origin, sources),
            "steps": node.trail.steps().iter().map(step).collect::<Vec<_>>(),
        }));
    }
    match &node.value {
        Value::Object(object) => {
            for member in object.members() {
                ways(
                    &member.node,
                    &format!("{at}/{}", pointer(&values.masked(&member.name).display())),
                    values,
                    out,
                );
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                ways(element, &format!("{at}/{index}"), values, out);
            }
        }
        Value::OneOf(alternatives) => {
            for (index, alternative) in alternatives.iter().enumerate() {
                ways(&alternative.node, &format!("{at}/$oneOf/{index}/value"), values, out);
            }
        }
        _ => {}
    }
}

/// A name as a step of a JSON pointer (RFC 6901).
fn pointer(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
