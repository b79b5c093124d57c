//! Objects.

use std::sync::Arc;

use super::{Call, Function, MANY, Outcome, Stop, plain, whole};
use crate::arm::evaluate::element;
use crate::arm::value::{Member, Node, Object, Value};
use crate::text::MappedText;

pub(super) static FUNCTIONS: &[Function] = &[
    whole("createObject", 0, MANY, create),
    plain("items", 1, 1, items),
    plain("objectKeys", 1, 1, keys),
    plain("shallowMerge", 1, 1, shallow_merge),
    plain("tryGet", 2, MANY, try_get),
];

/// An argument that is an object.
pub(super) fn object_arg<'n>(call: &Call<'_>, args: &'n [Node], index: usize) -> Result<&'n Arc<Object>, Stop> {
    let node = call.arg(args, index)?;
    match &node.value {
        Value::Object(object) => Ok(object),
        _ => call.mismatch(node, "an object"),
    }
}

fn create(call: &Call<'_>, args: &[Node]) -> Outcome {
    if !args.len().is_multiple_of(2) {
        return call.failed("takes pairs of a name and a value");
    }
    let mut members = Vec::with_capacity(args.len() / 2);
    for pair in args.chunks_exact(2) {
        let [name, node] = pair else { continue };
        let name = match name.as_text() {
            Some(name) => name,
            None => return call.mismatch(name, "texts as names"),
        };
        members.push(Member {
            name,
            node: node.clone(),
        });
    }
    call.made(Value::Object(Arc::new(Object::new(members))))
}

/// The members in the order of their names, which the service compares without letter case.
fn sorted<'n>(call: &Call<'_>, args: &'n [Node]) -> Result<Vec<&'n Member>, Stop> {
    let object = object_arg(call, args, 0)?;
    if object.has_variants() || object.members().iter().any(|member| !member.name.is_known()) {
        return Err(Stop::Unknown);
    }
    let mut members: Vec<_> = object.members().iter().collect();
    members.sort_by_cached_key(|member| member.name.as_str().to_uppercase());
    Ok(members)
}

fn key(call: &Call<'_>, name: &MappedText) -> Node {
    let origin = name.whole_source().unwrap_or(call.site);
    Node::copied(Value::String(name.clone()), origin, call.site)
}

fn items(call: &Call<'_>, args: &[Node]) -> Outcome {
    let named = |name: &str, node: Node| Member {
        name: MappedText::computed(name, call.site),
        node,
    };
    let made = sorted(call, args)?
        .into_iter()
        .map(|member| {
            let entry = Object::new(vec![
                named("key", key(call, &member.name)),
                named("value", member.node.clone()),
            ]);
            Node::written(Value::Object(Arc::new(entry)), call.site)
        })
        .collect();
    call.list(made)
}

fn keys(call: &Call<'_>, args: &[Node]) -> Outcome {
    let made = sorted(call, args)?
        .into_iter()
        .map(|member| key(call, &member.name))
        .collect();
    call.list(made)
}

fn shallow_merge(call: &Call<'_>, args: &[Node]) -> Outcome {
    let mut merged = Object::default();
    for node in call.list_arg(args, 0)?.iter() {
        match &node.value {
            Value::Object(object) => object.members().iter().for_each(|member| merged.insert(member.clone())),
            _ => return call.mismatch(node, "a list of objects"),
        }
    }
    call.made(Value::Object(Arc::new(merged)))
}

/// `tryGet(value, step, …)`: `null` where a step leads nowhere.
fn try_get(call: &Call<'_>, args: &[Node]) -> Outcome {
    let Some((base, steps)) = args.split_first() else {
        return Err(Stop::Unknown);
    };
    let mut node = base.clone();
    for step in steps {
        node = element(call.scope, &node, step, true, call.site)?;
    }
    Ok(node)
}
