//! Truth values and choices.

use super::{Call, Function, MANY, Outcome, Stop, lazy, plain};
use crate::arm::evaluate::{Context, EvalError, for_people, joined, outcomes, truth};
use crate::arm::value::{Atom, Condition, Node, Value};
use crate::syntax::expression::Expression;

pub(super) static FUNCTIONS: &[Function] = &[
    lazy("and", 2, MANY, and),
    lazy("or", 2, MANY, or),
    lazy("if", 3, 3, choose),
    lazy("coalesce", 1, MANY, coalesce),
    plain("not", 1, 1, not),
    plain("bool", 1, 1, to_bool),
    plain("true", 0, 0, |call, _| call.made(Value::Bool(true))),
    plain("false", 0, 0, |call, _| call.made(Value::Bool(false))),
    plain("null", 0, 0, |call, _| call.made(Value::Null)),
    plain("fail", 1, 1, fail),
];

fn and(context: Context<'_>, call: &Call<'_>, args: &[Expression]) -> Result<Node, EvalError> {
    connect(context, call, args, false)
}

fn or(context: Context<'_>, call: &Call<'_>, args: &[Expression]) -> Result<Node, EvalError> {
    connect(context, call, args, true)
}

/// `and` and `or`: the first argument that is `decides` decides, and those after it are not evaluated.
fn connect(context: Context<'_>, call: &Call<'_>, args: &[Expression], decides: bool) -> Result<Node, EvalError> {
    let mut open = Vec::new();
    for arg in args {
        let node = match context.node(arg) {
            Ok(node) => node,
            // Whether it is evaluated at all is not known.
            Err(EvalError::Failed { .. }) if !open.is_empty() => return call.unknown(&open),
            Err(error) => return Err(error),
        };
        match node.value {
            Value::Bool(value) if value == decides => return Ok(Node::written(Value::Bool(decides), call.site)),
            Value::Bool(_) => {}
            Value::Unknown(_) | Value::OneOf(_) => open.push(node),
            _ if open.is_empty() => return call.finish(call.mismatch(&node, "truth values"), &[]),
            _ => return call.unknown(&open),
        }
    }
    match open.len() {
        0 => Ok(Node::written(Value::Bool(!decides), call.site)),
        1 => Ok(open.remove(0).used_at(call.site)),
        _ if decides => call.distribute(&open, |call, args| decide(call, args, true)),
        _ => call.distribute(&open, |call, args| decide(call, args, false)),
    }
}

fn decide(call: &Call<'_>, args: &[Node], decides: bool) -> Outcome {
    if args.iter().any(|arg| arg.as_bool() == Some(decides)) {
        return call.made(Value::Bool(decides));
    }
    let mut open = args.iter().filter(|arg| arg.as_bool().is_none());
    match (open.next(), open.next()) {
        (None, _) => call.made(Value::Bool(!decides)),
        (Some(only), None) => Ok(only.clone().used_at(call.site)),
        _ => Err(Stop::Unknown),
    }
}

/// `if(test, then, otherwise)`: a branch is evaluated only when it may be taken.
fn choose(context: Context<'_>, call: &Call<'_>, args: &[Expression]) -> Result<Node, EvalError> {
    let [test, then, otherwise] = args else {
        return call.unknown(&[]);
    };
    let test = context.node(test)?;
    let branch = |value: bool| context.node(if value { then } else { otherwise });
    match &test.value {
        Value::Bool(value) => Ok(branch(*value)?.chosen_by(&test)),
        Value::Unknown(_) | Value::OneOf(_) => {
            let (yes, no) = outcomes(&test);
            let mut results = Vec::new();
            for (value, conditions) in [(true, yes), (false, no)] {
                if conditions.is_empty() {
                    continue;
                }
                let result = branch(value);
                results.extend(conditions.into_iter().map(|when| (when, result.clone())));
            }
            joined(results, call.site)
        }
        _ => call.finish(call.mismatch(&test, "a truth value as its first argument"), &[]),
    }
}

/// `coalesce`: the first value that is not `null`; those after it are not evaluated.
fn coalesce(context: Context<'_>, call: &Call<'_>, args: &[Expression]) -> Result<Node, EvalError> {
    let Some((first, rest)) = args.split_first() else {
        return Ok(Node::written(Value::Null, call.site));
    };
    let first = context.node(first)?;
    let mut results = Vec::new();
    let mut nulls = Vec::new();
    for (when, node) in first.alternatives() {
        match &node.value {
            Value::Null => nulls.push(when),
            Value::Unknown(unknown) if !rest.is_empty() => {
                let atom = |value: &str| {
                    Condition::that(Atom {
                        subject: format!("null {}", unknown.symbol.key()),
                        name: format!("`equals({}, null())`", for_people(&unknown.symbol.to_string())),
                        value: value.to_owned(),
                    })
                };
                nulls.extend(when.and(&atom("true")));
                results.extend(when.and(&atom("false")).map(|when| (when, Ok(node))));
            }
            _ => results.push((when, Ok(node))),
        }
    }
    if nulls.is_empty() {
        return Ok(first);
    }
    let rest = coalesce(context, call, rest);
    if results.is_empty() {
        return rest;
    }
    results.extend(nulls.into_iter().map(|when| (when, rest.clone())));
    joined(results, call.site)
}

fn not(call: &Call<'_>, args: &[Node]) -> Outcome {
    let node = call.arg(args, 0)?;
    match &node.value {
        Value::Bool(value) => call.made(Value::Bool(!value)),
        Value::Unknown(unknown) => {
            let (is_true, is_false) = truth(unknown);
            let result = |value: bool| Node::written(Value::Bool(value), call.site);
            Ok(Node::one_of(
                vec![(is_true, result(false)), (is_false, result(true))],
                call.site,
            ))
        }
        _ => call.mismatch(node, "a truth value"),
    }
}

fn to_bool(call: &Call<'_>, args: &[Node]) -> Outcome {
    let node = call.arg(args, 0)?;
    match &node.value {
        Value::Bool(_) => Ok(node.clone().used_at(call.site)),
        Value::Int(value) => call.made(Value::Bool(*value != 0)),
        Value::String(text) => match text.known() {
            None => Err(Stop::Unknown),
            Some(text) if text.eq_ignore_ascii_case("true") => call.made(Value::Bool(true)),
            Some(text) if text.eq_ignore_ascii_case("false") => call.made(Value::Bool(false)),
            // The service may read numbers in texts, too.
            Some(text) if text.trim().parse::<i64>().is_ok() => Err(Stop::Unknown),
            Some(text) => call.failed(format_args!("cannot read '{text}' as a truth value")),
        },
        _ => call.mismatch(node, "a text or a whole number"),
    }
}

fn fail(call: &Call<'_>, args: &[Node]) -> Outcome {
    let message = call.text_arg(args, 0)?.display();
    Err(Stop::Failed(message))
}
