//! The ways of a resource's values: from the literals of templates and parameter files to their use.

use serde_json::{Value as Json, json};

use super::location;
use crate::arm::value::{Node, Value};
use crate::text::Sources;

/// The ways of the values in `node` that are not written on the spot. `at` is the JSON pointer under which the
/// view shows the value.
pub(super) fn ways(node: &Node, at: &str, sources: &Sources, out: &mut Vec<Json>) {
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
                    &format!("{at}/{}", pointer(&member.name.display())),
                    sources,
                    out,
                );
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                ways(element, &format!("{at}/{index}"), sources, out);
            }
        }
        Value::OneOf(alternatives) => {
            for (index, alternative) in alternatives.iter().enumerate() {
                ways(&alternative.node, &format!("{at}/$oneOf/{index}/value"), sources, out);
            }
        }
        _ => {}
    }
}

/// A name as a step of a JSON pointer (RFC 6901).
fn pointer(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
