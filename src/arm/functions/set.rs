//! `union()` and `intersection()`.

use std::sync::Arc;

use super::array::holds;
use super::compare::{Same, same};
use super::object::object_arg;
use super::{Call, Function, MANY, Outcome, Stop, plain};
use crate::arm::value::{Member, Node, Object, Value};

pub(super) static FUNCTIONS: &[Function] = &[
    plain("union", 2, MANY, union),
    plain("distinct", 1, 1, distinct),
    plain("intersection", 2, MANY, intersection),
];

fn union(call: &Call<'_>, args: &[Node]) -> Outcome {
    if args.iter().any(|arg| matches!(arg.value, Value::Unknown(_))) {
        return Err(Stop::Unknown);
    }
    if let Value::Object(first) = &call.arg(args, 0)?.value {
        let mut merged = Object::clone(first);
        for index in 1..args.len() {
            merge(call, &mut merged, object_arg(call, args, index)?)?;
        }
        return call.made(Value::Object(Arc::new(merged)));
    }
    let mut made: Vec<Node> = Vec::new();
    for index in 0..args.len() {
        for element in call.list_arg(args, index)?.iter() {
            match holds(call, &made, element) {
                Same::No => call.push(&mut made, element)?,
                Same::Yes => {}
                Same::Maybe => return Err(Stop::Unknown),
            }
        }
    }
    call.list(made)
}

fn distinct(call: &Call<'_>, args: &[Node]) -> Outcome {
    call.list_arg(args, 0)?;
    union(call, args)
}

/// Puts the members of `other` over those of `merged`; objects are merged, all else is replaced.
fn merge(call: &Call<'_>, merged: &mut Object, other: &Object) -> Result<(), Stop> {
    for member in other.members() {
        let node = match (
            member.name.known().and_then(|name| merged.get(name)),
            &member.node.value,
        ) {
            (None, _) => member.node.clone(),
            (Some(known), Value::Object(over)) => match &known.node.value {
                Value::Object(under) => {
                    let mut inner = Object::clone(under);
                    merge(call, &mut inner, over)?;
                    Node::written(Value::Object(Arc::new(inner)), call.site)
                }
                Value::Unknown(_) | Value::OneOf(_) => undecided(call, &known.node, &member.node)?,
                _ => member.node.clone(),
            },
            // Whether `null` takes a value away differs between descriptions of the service.
            (Some(known), Value::Null | Value::Unknown(_) | Value::OneOf(_)) => {
                match same(call, &known.node, &member.node) {
                    Same::Yes => member.node.clone(),
                    _ => undecided(call, &known.node, &member.node)?,
                }
            }
            (Some(_), _) => member.node.clone(),
        };
        merged.insert(Member {
            name: member.name.clone(),
            node,
        });
    }
    Ok(())
}

fn undecided(call: &Call<'_>, under: &Node, over: &Node) -> Result<Node, Stop> {
    call.unknown(&[under.clone(), over.clone()]).map_err(Stop::from)
}

fn intersection(call: &Call<'_>, args: &[Node]) -> Outcome {
    if args.iter().any(|arg| matches!(arg.value, Value::Unknown(_))) {
        return Err(Stop::Unknown);
    }
    if let Value::Object(first) = &call.arg(args, 0)?.value {
        let mut members = first.members().to_vec();
        for index in 1..args.len() {
            let other = object_arg(call, args, index)?;
            let mut kept = Vec::new();
            for member in members {
                let found = other.get(&member.name.canonical());
                match found.map_or(Same::No, |found| same(call, &member.node, &found.node)) {
                    Same::Yes => kept.push(member),
                    Same::No => {}
                    Same::Maybe => return Err(Stop::Unknown),
                }
            }
            members = kept;
        }
        return call.made(Value::Object(Arc::new(Object::new(members))));
    }
    let mut elements = Vec::clone(call.list_arg(args, 0)?);
    let any_twice = has_twice(call, &elements)?;
    for index in 1..args.len() {
        let other = call.list_arg(args, index)?;
        let mut kept: Vec<Node> = Vec::new();
        for element in elements {
            match holds(call, other, &element) {
                Same::Yes => kept.push(element),
                Same::No => {}
                Same::Maybe => return Err(Stop::Unknown),
            }
        }
        elements = kept;
    }
    // Whether what stands in the first list twice comes out twice is not documented.
    if any_twice && has_twice(call, &elements)? {
        return Err(Stop::Unknown);
    }
    call.list(elements)
}

/// Whether a list may hold a value twice.
fn has_twice(call: &Call<'_>, elements: &[Node]) -> Result<bool, Stop> {
    for (index, element) in elements.iter().enumerate() {
        let before = elements.get(..index).unwrap_or_default();
        if holds(call, before, element) != Same::No {
            return Ok(true);
        }
        if call.scope.budget().is_spent() {
            return Err(Stop::Unknown);
        }
    }
    Ok(false)
}
