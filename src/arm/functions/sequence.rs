//! Functions of texts and of lists alike.

use super::array::holds;
use super::compare::{Same, known_end, known_start, same};
use super::serialize::scalar_text;
use super::string::{cut, units};
use super::{Call, Function, MANY, Outcome, Stop, plain};
use crate::arm::evaluate::fixed_length;
use crate::arm::value::{Node, Value};
use crate::text::{HOLE, MappedText, Span};

pub(super) static FUNCTIONS: &[Function] = &[
    plain("concat", 1, MANY, concat),
    plain("contains", 2, 2, contains),
    plain("empty", 1, 1, empty),
    plain("length", 1, 1, length),
    plain("first", 1, 1, |call, args| end(call, args, false)),
    plain("last", 1, 1, |call, args| end(call, args, true)),
    plain("indexOf", 2, 2, |call, args| index_of(call, args, false)),
    plain("lastIndexOf", 2, 2, |call, args| index_of(call, args, true)),
    plain("take", 2, 2, |call, args| split_at(call, args, true)),
    plain("skip", 2, 2, |call, args| split_at(call, args, false)),
    plain("startsWith", 2, 2, starts_with),
    plain("endsWith", 2, 2, ends_with),
];

fn concat(call: &Call<'_>, args: &[Node]) -> Outcome {
    if let [node] = args {
        return match node.value {
            Value::Array(_) | Value::String(_) | Value::Unknown(_) => Ok(node.clone().used_at(call.site)),
            _ => call.text(scalar_text(node)?),
        };
    }
    if args.iter().any(|arg| matches!(arg.value, Value::Array(_))) {
        let mut made = Vec::new();
        for index in 0..args.len() {
            for element in call.list_arg(args, index)?.iter() {
                call.push(&mut made, element)?;
            }
        }
        return call.list(made);
    }
    if args.iter().all(|arg| matches!(arg.value, Value::Unknown(_))) {
        // Texts or lists: that is not known, either.
        return Err(Stop::Unknown);
    }
    let mut out = MappedText::default();
    for arg in args {
        if matches!(arg.value, Value::Object(_) | Value::Null) {
            return Err(Stop::Unknown);
        }
        out.push(&scalar_text(arg)?);
        call.check_length(&out)?;
    }
    call.text(out)
}

fn contains(call: &Call<'_>, args: &[Node]) -> Outcome {
    let container = call.arg(args, 0)?;
    let item = call.arg(args, 1)?;
    let found = match &container.value {
        Value::Array(elements) => holds(call, elements, item),
        Value::Object(object) => {
            let name = call.str_arg(args, 1)?;
            match object.get(name) {
                Some(_) => Same::Yes,
                None if object.members().iter().all(|member| member.name.is_known()) => Same::No,
                None => Same::Maybe,
            }
        }
        Value::String(text) => {
            let item = scalar_text(item)?;
            match (item.known(), text.known()) {
                (Some(item), _) if text.as_str().contains(item) && !item.contains(HOLE) => Same::Yes,
                (Some(_), Some(_)) => Same::No,
                _ => Same::Maybe,
            }
        }
        Value::Null => return Err(Stop::Unknown),
        _ => return call.mismatch(container, "a text, a list or an object"),
    };
    match found {
        Same::Yes => call.made(Value::Bool(true)),
        Same::No => call.made(Value::Bool(false)),
        Same::Maybe => Err(Stop::Unknown),
    }
}

fn empty(call: &Call<'_>, args: &[Node]) -> Outcome {
    let node = call.arg(args, 0)?;
    let empty = match &node.value {
        Value::Null => true,
        Value::Array(elements) => elements.is_empty(),
        Value::Object(object) => object.members().is_empty(),
        Value::String(text) => {
            let holes = text.holes().len() * HOLE.len_utf8();
            if text.as_str().len() == holes && holes > 0 {
                return Err(Stop::Unknown);
            }
            text.is_empty()
        }
        Value::Unknown(unknown) if fixed_length(&unknown.symbol).is_some() => false,
        _ => return call.mismatch(node, "a text, a list or an object"),
    };
    call.made(Value::Bool(empty))
}

fn length(call: &Call<'_>, args: &[Node]) -> Outcome {
    let node = call.arg(args, 0)?;
    let length = match &node.value {
        Value::Array(elements) => elements.len(),
        Value::Object(object) => {
            let unknown = object.members().iter().any(|member| !member.name.is_known());
            if object.has_variants() || (unknown && object.members().len() > 1) {
                return Err(Stop::Unknown);
            }
            object.members().len()
        }
        Value::String(_) | Value::Unknown(_) => units(&call.text_arg(args, 0)?)?,
        _ => return call.mismatch(node, "a text, a list or an object"),
    };
    call.made(Value::Int(i64::try_from(length).unwrap_or(i64::MAX)))
}

fn end(call: &Call<'_>, args: &[Node], last: bool) -> Outcome {
    let node = call.arg(args, 0)?;
    match &node.value {
        Value::Array(elements) => {
            let found = if last { elements.last() } else { elements.first() };
            match found {
                Some(element) => Ok(element.clone().used_at(call.site)),
                None => call.made(Value::Null),
            }
        }
        Value::String(text) => {
            let whole = text.as_str();
            let character = if last {
                whole.chars().next_back()
            } else {
                whole.chars().next()
            };
            let width = character.map_or(0, char::len_utf8);
            let span = if last {
                Span::of(whole.len() - width, whole.len())
            } else {
                Span::of(0, width)
            };
            // Characters outside of the basic plane would be cut in two.
            if text.has_hole_in(span) || width > 3 {
                return Err(Stop::Unknown);
            }
            call.text(text.part(span))
        }
        _ => call.mismatch(node, "a text or a list"),
    }
}

fn index_of(call: &Call<'_>, args: &[Node], last: bool) -> Outcome {
    let node = call.arg(args, 0)?;
    let item = call.arg(args, 1)?;
    let found = match &node.value {
        Value::Array(elements) => index_in_list(call, elements, item, last)?,
        _ => index_in_text(call.str_arg(args, 0)?, call.str_arg(args, 1)?, last)?,
    };
    let index = found.map_or(-1, |index| i64::try_from(index).unwrap_or(i64::MAX));
    call.made(Value::Int(index))
}

fn index_in_list(call: &Call<'_>, elements: &[Node], item: &Node, last: bool) -> Result<Option<usize>, Stop> {
    let order: Vec<usize> = if last {
        (0..elements.len()).rev().collect()
    } else {
        (0..elements.len()).collect()
    };
    for index in order {
        match elements
            .get(index)
            .map_or(Same::No, |element| same(call, element, item))
        {
            Same::Yes => return Ok(Some(index)),
            Same::No => {}
            Same::Maybe => return Err(Stop::Unknown),
        }
    }
    Ok(None)
}

/// Where a text stands in another, without letter case.
fn index_in_text(text: &str, item: &str, last: bool) -> Result<Option<usize>, Stop> {
    if !text.is_ascii() || !item.is_ascii() || (last && item.is_empty()) {
        return Err(Stop::Unknown);
    }
    let (text, item) = (text.to_ascii_lowercase(), item.to_ascii_lowercase());
    Ok(if last { text.rfind(&item) } else { text.find(&item) })
}

fn split_at(call: &Call<'_>, args: &[Node], front: bool) -> Outcome {
    let node = call.arg(args, 0)?;
    let count = usize::try_from(call.int_arg(args, 1)?.max(0)).unwrap_or(usize::MAX);
    if let Value::Array(elements) = &node.value {
        let (before, after) = elements.split_at(count.min(elements.len()));
        return call.list(if front { before.to_vec() } else { after.to_vec() });
    }
    let text = call.text_arg(args, 0)?;
    let middle = cut(&text, count)?.unwrap_or(text.len());
    call.text(text.part(if front {
        Span::new(0, middle)
    } else {
        Span::new(middle, text.len())
    }))
}

fn starts_with(call: &Call<'_>, args: &[Node]) -> Outcome {
    let text = call.text_arg(args, 0)?;
    at_end(call, known_start(&text), text.is_known(), call.str_arg(args, 1)?)
}

fn ends_with(call: &Call<'_>, args: &[Node]) -> Outcome {
    let text = call.text_arg(args, 0)?;
    let reversed = |text: &str| text.chars().rev().collect::<String>();
    let item = reversed(call.str_arg(args, 1)?);
    at_end(call, &reversed(known_end(&text)), text.is_known(), &item)
}

/// Whether a text, of which the start is known, starts with another; letter case does not count.
fn at_end(call: &Call<'_>, start: &str, whole: bool, item: &str) -> Outcome {
    let mut characters = start.chars();
    for wanted in item.chars() {
        match characters.next() {
            Some(character) if character == wanted || character.eq_ignore_ascii_case(&wanted) => {}
            Some(character) if !character.is_ascii() || !wanted.is_ascii() => return Err(Stop::Unknown),
            None if !whole => return Err(Stop::Unknown),
            _ => return call.made(Value::Bool(false)),
        }
    }
    call.made(Value::Bool(true))
}
