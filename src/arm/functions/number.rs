//! Arithmetic.

use super::{Call, Function, MANY, Outcome, Stop, plain};
use crate::arm::value::{Node, Value};

pub(super) static FUNCTIONS: &[Function] = &[
    plain("add", 2, 2, |call, args| arithmetic(call, args, i64::checked_add)),
    plain("sub", 2, 2, |call, args| arithmetic(call, args, i64::checked_sub)),
    plain("mul", 2, 2, |call, args| arithmetic(call, args, i64::checked_mul)),
    plain("div", 2, 2, |call, args| divide(call, args, i64::checked_div)),
    plain("mod", 2, 2, |call, args| divide(call, args, i64::checked_rem)),
    plain("int", 1, 1, int),
    plain("float", 1, 1, float),
    plain("max", 1, MANY, |call, args| extreme(call, args, i64::max)),
    plain("min", 1, MANY, |call, args| extreme(call, args, i64::min)),
];

fn arithmetic(call: &Call<'_>, args: &[Node], of: fn(i64, i64) -> Option<i64>) -> Outcome {
    match of(call.int_arg(args, 0)?, call.int_arg(args, 1)?) {
        Some(result) => call.made(Value::Int(result)),
        None => call.failed("gives a number that is too large"),
    }
}

fn divide(call: &Call<'_>, args: &[Node], of: fn(i64, i64) -> Option<i64>) -> Outcome {
    if call.int_arg(args, 1)? == 0 {
        return call.failed("divides by zero");
    }
    arithmetic(call, args, of)
}

fn int(call: &Call<'_>, args: &[Node]) -> Outcome {
    let node = call.arg(args, 0)?;
    match &node.value {
        Value::Int(_) => Ok(node.clone().used_at(call.site)),
        // How fractions are rounded is not documented.
        Value::Float(_) => Err(Stop::Unknown),
        _ => {
            let text = call.str_arg(args, 0)?;
            match text.trim().parse() {
                Ok(value) => call.made(Value::Int(value)),
                Err(_) if text.parse::<f64>().is_ok() => Err(Stop::Unknown),
                Err(_) => call.failed(format_args!("cannot read '{text}' as a whole number")),
            }
        }
    }
}

fn float(call: &Call<'_>, args: &[Node]) -> Outcome {
    let node = call.arg(args, 0)?;
    match &node.value {
        Value::Float(_) => Ok(node.clone().used_at(call.site)),
        Value::Int(value) => match value.to_string().parse() {
            Ok(value) => call.made(Value::Float(value)),
            Err(_) => Err(Stop::Unknown),
        },
        _ => {
            let text = call.str_arg(args, 0)?;
            match text.trim().parse::<f64>() {
                Ok(value) if value.is_finite() => call.made(Value::Float(value)),
                _ => call.failed(format_args!("cannot read '{text}' as a number")),
            }
        }
    }
}

/// The largest or smallest of whole numbers and of lists of them.
fn extreme(call: &Call<'_>, args: &[Node], of: fn(i64, i64) -> i64) -> Outcome {
    let mut result = None;
    let mut add = |node: &Node| match &node.value {
        Value::Int(value) => {
            result = Some(result.map_or(*value, |best| of(best, *value)));
            Ok(())
        }
        _ => call.mismatch(node, "whole numbers or lists of them"),
    };
    for arg in args {
        match &arg.value {
            Value::Array(elements) => elements.iter().try_for_each(&mut add)?,
            _ => add(arg)?,
        }
    }
    match result {
        Some(result) => call.made(Value::Int(result)),
        None => call.failed("needs a number"),
    }
}
