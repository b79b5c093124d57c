//! Lists.

use super::compare::{Same, same};
use super::{Call, Function, MANY, Outcome, Stop, plain, whole};
use crate::arm::value::{Node, Value};

pub(super) static FUNCTIONS: &[Function] = &[
    whole("createArray", 0, MANY, |call, args| call.list(args.to_vec())),
    plain("array", 1, 1, array),
    plain("flatten", 1, 1, flatten),
    plain("range", 2, 2, range),
    plain("indexFromEnd", 2, 2, |call, args| from_end(call, args, false)),
    plain("tryIndexFromEnd", 2, 2, |call, args| from_end(call, args, true)),
];

/// More numbers than this are not made by `range()`; the service refuses them, too.
const MAX_RANGE: i64 = 10_000;

/// What start and count of `range()` may add up to.
const MAX_RANGE_END: i64 = 2_147_483_647;

fn array(call: &Call<'_>, args: &[Node]) -> Outcome {
    let node = call.arg(args, 0)?;
    match node.value {
        Value::Array(_) => Ok(node.clone().used_at(call.site)),
        Value::Unknown(_) => Err(Stop::Unknown),
        _ => call.list(vec![node.clone()]),
    }
}

fn flatten(call: &Call<'_>, args: &[Node]) -> Outcome {
    let mut made = Vec::new();
    for node in call.list_arg(args, 0)?.iter() {
        match &node.value {
            Value::Array(elements) => made.extend(elements.iter().cloned()),
            _ => return call.mismatch(node, "a list of lists"),
        }
    }
    call.list(made)
}

fn range(call: &Call<'_>, args: &[Node]) -> Outcome {
    let start = call.int_arg(args, 0)?;
    let count = call.int_arg(args, 1)?;
    if !(0..=MAX_RANGE).contains(&count) {
        return call.failed(format_args!("makes from 0 to {MAX_RANGE} numbers, not {count}"));
    }
    let Some(end) = start.checked_add(count).filter(|end| *end <= MAX_RANGE_END) else {
        return call.failed(format_args!("makes no numbers beyond {MAX_RANGE_END}"));
    };
    call.list(
        (start..end)
            .map(|number| Node::written(Value::Int(number), call.site))
            .collect(),
    )
}

/// The element at a position that is counted from 1 at the end.
fn from_end(call: &Call<'_>, args: &[Node], safe: bool) -> Outcome {
    let elements = call.list_arg(args, 0)?;
    let back = call.int_arg(args, 1)?;
    let found = usize::try_from(back)
        .ok()
        .filter(|back| *back > 0)
        .and_then(|back| elements.len().checked_sub(back))
        .and_then(|index| elements.get(index));
    match found {
        Some(element) => Ok(element.clone().used_at(call.site)),
        None if safe => call.made(Value::Null),
        None => call.failed(format_args!("has no element {back} in a list of {}", elements.len())),
    }
}

/// Whether a list holds a value.
pub(super) fn holds(call: &Call<'_>, elements: &[Node], wanted: &Node) -> Same {
    let mut result = Same::No;
    for element in elements {
        match same(call, element, wanted) {
            Same::Yes => return Same::Yes,
            Same::Maybe => result = Same::Maybe,
            Same::No => {}
        }
    }
    result
}
