//! The functions of pipelines and workflows whose results the documents settle. Each gives nothing where they do
//! not: for arguments that are not known, of another type, or that the service might compare in another way.

use std::sync::Arc;

use crate::arm::evaluate::{EvalError, MAX_TEXT};
use crate::arm::value::{Node, Value};
use crate::text::{Escape, FileSpan, MappedText, Span};

/// A function.
#[derive(Clone, Copy)]
pub(super) struct Function {
    /// Its name in lower case.
    name: &'static str,
    /// What it makes of its arguments, none of them one of several values, at a place.
    make: fn(&[Node], FileSpan) -> Option<Node>,
    /// At most how long the text is that it makes.
    size: fn(&[Node]) -> usize,
}

/// A function whose result is no longer than its arguments.
const fn plain(name: &'static str, make: fn(&[Node], FileSpan) -> Option<Node>) -> Function {
    Function {
        name,
        make,
        size: |_| 0,
    }
}

/// `concat(…)`, which `@{…}` in a text does as well.
pub(super) const CONCAT: Function = Function {
    name: "concat",
    make: concat,
    size: |args| args.iter().map(text_len).sum(),
};

/// The functions by their names.
const FUNCTIONS: &[Function] = &[
    plain("and", and),
    plain("coalesce", coalesce),
    CONCAT,
    plain("contains", contains),
    plain("createarray", create_array),
    plain("empty", empty),
    plain("endswith", ends_with),
    plain("equals", equals),
    plain("false", |args, site| word(args, Value::Bool(false), site)),
    plain("first", first),
    Function {
        name: "join",
        make: join,
        size: joined_len,
    },
    plain("last", last),
    plain("length", length),
    plain("not", not),
    plain("null", |args, site| word(args, Value::Null, site)),
    plain("or", or),
    Function {
        name: "replace",
        make: replace,
        size: replaced_len,
    },
    plain("split", split),
    plain("startswith", starts_with),
    plain("string", string),
    plain("substring", substring),
    plain("tolower", |args, site| change_case(args, site, false)),
    plain("toupper", |args, site| change_case(args, site, true)),
    plain("trim", trim),
    plain("true", |args, site| word(args, Value::Bool(true), site)),
];

/// The function of a name, whose letter case does not matter.
pub(super) fn named(name: &str) -> Option<Function> {
    let name = name.to_ascii_lowercase();
    let at = FUNCTIONS.binary_search_by(|known| known.name.cmp(name.as_str())).ok()?;
    FUNCTIONS.get(at).copied()
}

impl Function {
    /// What it makes of its arguments, if the documents settle it.
    pub(super) fn call(&self, args: &[Node], site: FileSpan) -> Result<Option<Node>, EvalError> {
        if (self.size)(args) > MAX_TEXT {
            let message = format!("`{}` makes a value that is too large", self.name);
            return Err(EvalError::limit(site, message));
        }
        Ok((self.make)(args, site))
    }
}

fn text_len(node: &Node) -> usize {
    match &node.value {
        Value::String(text) => text.as_str().len(),
        _ => 0,
    }
}

fn joined_len(args: &[Node]) -> usize {
    let [list, delimiter] = args else { return 0 };
    let elements = list.elements();
    let between = elements.len().saturating_mul(text_len(delimiter));
    elements.iter().map(text_len).sum::<usize>().saturating_add(between)
}

fn replaced_len(args: &[Node]) -> usize {
    let [from, old, new] = args else { return 0 };
    let (Some(from), Some(old)) = (known(from), known(old).filter(|old| !old.is_empty())) else {
        return 0;
    };
    let count = from.as_str().matches(old.as_str()).count();
    from.as_str().len().saturating_add(count.saturating_mul(text_len(new)))
}

fn made(value: Value, site: FileSpan) -> Option<Node> {
    Some(Node::written(value, site))
}

/// A text that was put together of others as they are.
fn joined(text: MappedText, site: FileSpan) -> Option<Node> {
    made(Value::text(text), site)
}

/// A text that was made of another one.
fn text(text: MappedText, site: FileSpan) -> Option<Node> {
    joined(text.wrapped(Escape::Made), site)
}

/// A text that is known and in which bytes are characters, as the service counts them.
fn ascii(node: &Node) -> Option<&MappedText> {
    match &node.value {
        Value::String(text) => text.known().filter(|known| known.is_ascii()).map(|_| text),
        _ => None,
    }
}

fn known(node: &Node) -> Option<&MappedText> {
    match &node.value {
        Value::String(text) => text.is_known().then_some(text),
        _ => None,
    }
}

/// What two comparisons agree on.
fn agreed(exact: bool, without_case: bool, site: FileSpan) -> Option<Node> {
    (exact == without_case).then(|| Node::written(Value::Bool(exact), site))
}

fn word(args: &[Node], value: Value, site: FileSpan) -> Option<Node> {
    args.is_empty().then(|| Node::written(value, site))
}

/// Texts one after the other.
fn concat(args: &[Node], site: FileSpan) -> Option<Node> {
    let mut out = MappedText::default();
    for arg in args {
        out.push(&arg.as_text()?);
    }
    joined(out, site)
}

fn join(args: &[Node], site: FileSpan) -> Option<Node> {
    let [list, delimiter] = args else { return None };
    let Value::Array(elements) = &list.value else {
        return None;
    };
    let delimiter = delimiter.as_text()?.shared();
    let mut out = MappedText::default();
    for (index, element) in elements.iter().enumerate() {
        if index > 0 {
            out.push(&delimiter);
        }
        out.push(&element.as_text()?);
    }
    joined(out, site)
}

fn string(args: &[Node], site: FileSpan) -> Option<Node> {
    let [arg] = args else { return None };
    match &arg.value {
        Value::String(_) => Some(arg.clone()),
        Value::Int(number) => text(MappedText::computed(number.to_string(), site), site),
        _ => None,
    }
}

/// The text with other letters; each keeps its place.
fn change_case(args: &[Node], site: FileSpan, upper: bool) -> Option<Node> {
    let [arg] = args else { return None };
    let from = ascii(arg)?;
    let mut out = MappedText::default();
    let mut plain = 0;
    for (at, byte) in from.as_str().bytes().enumerate() {
        let changed = if upper {
            byte.to_ascii_uppercase()
        } else {
            byte.to_ascii_lowercase()
        };
        if changed == byte {
            continue;
        }
        let span = Span::of(at, at + 1);
        out.push_part(from, Span::of(plain, at));
        let letter = char::from(changed).to_string();
        out.push(&match from.source(span) {
            Some(place) if place.span.len() == 1 => MappedText::verbatim(&letter, place),
            place => MappedText::computed(letter, place.unwrap_or(site)),
        });
        plain = at + 1;
    }
    out.push_part(from, Span::of(plain, from.as_str().len()));
    text(out, site)
}

fn trim(args: &[Node], site: FileSpan) -> Option<Node> {
    let [arg] = args else { return None };
    text(known(arg)?.trimmed(), site)
}

/// `replace(text, old, new)`, which minds the letter case. What `new` holds need not be known.
fn replace(args: &[Node], site: FileSpan) -> Option<Node> {
    let [from, old, new] = args else { return None };
    let (from, old, new) = (known(from)?, known(old)?.as_str(), new.as_text()?);
    if old.is_empty() {
        return None;
    }
    let mut out = MappedText::default();
    let mut plain = 0;
    for (at, _) in from.as_str().match_indices(old) {
        out.push_part(from, Span::of(plain, at));
        out.push(&new);
        plain = at + old.len();
    }
    out.push_part(from, Span::of(plain, from.as_str().len()));
    text(out, site)
}

fn substring(args: &[Node], site: FileSpan) -> Option<Node> {
    let [from, start, length] = args else { return None };
    let (Value::Int(start), Value::Int(length)) = (&start.value, &length.value) else {
        return None;
    };
    let from = ascii(from)?;
    let start = usize::try_from(*start).ok()?;
    let end = start.checked_add(usize::try_from(*length).ok()?)?;
    (end <= from.as_str().len())
        .then(|| text(from.part(Span::of(start, end)), site))
        .flatten()
}

fn split(args: &[Node], site: FileSpan) -> Option<Node> {
    let [from, delimiter] = args else { return None };
    let (from, delimiter) = (known(from)?, known(delimiter)?.as_str());
    if delimiter.is_empty() {
        return None;
    }
    let part = |start: usize, end: usize| {
        let part = from.part(Span::of(start, end)).wrapped(Escape::Made);
        Node::written(Value::text(part), site)
    };
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _) in from.as_str().match_indices(delimiter) {
        parts.push(part(start, at));
        start = at + delimiter.len();
    }
    parts.push(part(start, from.as_str().len()));
    made(Value::Array(Arc::new(parts)), site)
}

fn create_array(args: &[Node], site: FileSpan) -> Option<Node> {
    made(Value::Array(Arc::new(args.to_vec())), site)
}

fn first(args: &[Node], site: FileSpan) -> Option<Node> {
    let [from] = args else { return None };
    match &from.value {
        Value::Array(elements) => elements.first().cloned(),
        _ => {
            let from = ascii(from).filter(|from| !from.is_empty())?;
            text(from.part(Span::new(0, 1)), site)
        }
    }
}

fn last(args: &[Node], site: FileSpan) -> Option<Node> {
    let [from] = args else { return None };
    match &from.value {
        Value::Array(elements) => elements.last().cloned(),
        _ => {
            let from = ascii(from).filter(|from| !from.is_empty())?;
            text(from.part(Span::new(from.len() - 1, from.len())), site)
        }
    }
}

fn length(args: &[Node], site: FileSpan) -> Option<Node> {
    let [from] = args else { return None };
    let count = match &from.value {
        Value::Array(elements) => elements.len(),
        _ => ascii(from)?.as_str().len(),
    };
    made(Value::Int(i64::try_from(count).ok()?), site)
}

fn empty(args: &[Node], site: FileSpan) -> Option<Node> {
    let [from] = args else { return None };
    let is_empty = match &from.value {
        Value::Array(elements) => elements.is_empty(),
        _ => known(from)?.is_empty(),
    };
    made(Value::Bool(is_empty), site)
}

/// The first value that is not `null`.
fn coalesce(args: &[Node], _: FileSpan) -> Option<Node> {
    let first = args.iter().find(|arg| !matches!(arg.value, Value::Null))?;
    (!matches!(first.value, Value::Unknown(_))).then(|| first.clone())
}

/// Whether texts that differ in letter case only are equal is not documented.
fn equals(args: &[Node], site: FileSpan) -> Option<Node> {
    let [one, other] = args else { return None };
    match (&one.value, &other.value) {
        (Value::Bool(one), Value::Bool(other)) => made(Value::Bool(one == other), site),
        (Value::Int(one), Value::Int(other)) => made(Value::Bool(one == other), site),
        _ => {
            let (one, other) = (known(one)?.as_str(), known(other)?.as_str());
            agreed(one == other, one.to_lowercase() == other.to_lowercase(), site)
        }
    }
}

fn compare(args: &[Node], site: FileSpan, test: fn(&str, &str) -> bool) -> Option<Node> {
    let [text, part] = args else { return None };
    let (text, part) = (known(text)?.as_str(), known(part)?.as_str());
    agreed(test(text, part), test(&text.to_lowercase(), &part.to_lowercase()), site)
}

fn contains(args: &[Node], site: FileSpan) -> Option<Node> {
    compare(args, site, |text, part| text.contains(part))
}

fn starts_with(args: &[Node], site: FileSpan) -> Option<Node> {
    compare(args, site, |text, part| text.starts_with(part))
}

fn ends_with(args: &[Node], site: FileSpan) -> Option<Node> {
    compare(args, site, |text, part| text.ends_with(part))
}

fn not(args: &[Node], site: FileSpan) -> Option<Node> {
    let [arg] = args else { return None };
    made(Value::Bool(!arg.as_bool()?), site)
}

fn and(args: &[Node], site: FileSpan) -> Option<Node> {
    let all = args.iter().map(Node::as_bool).collect::<Option<Vec<_>>>()?;
    (all.len() > 1).then(|| Node::written(Value::Bool(all.iter().all(|one| *one)), site))
}

fn or(args: &[Node], site: FileSpan) -> Option<Node> {
    let all = args.iter().map(Node::as_bool).collect::<Option<Vec<_>>>()?;
    (all.len() > 1).then(|| Node::written(Value::Bool(all.iter().any(|one| *one)), site))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_sorted_so_that_they_are_found() {
        assert!(FUNCTIONS.is_sorted_by_key(|function| function.name));
    }
}
