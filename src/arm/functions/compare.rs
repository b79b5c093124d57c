//! Equality and order.

use std::cell::Cell;
use std::cmp::Ordering;

use super::{Call, Function, Outcome, Stop, plain};
use crate::arm::value::{Node, Value};
use crate::text::{MappedText, Symbol};

pub(super) static FUNCTIONS: &[Function] = &[
    plain("equals", 2, 2, equals),
    plain("less", 2, 2, |call, args| compare(call, args, Ordering::is_lt)),
    plain("lessOrEquals", 2, 2, |call, args| compare(call, args, Ordering::is_le)),
    plain("greater", 2, 2, |call, args| compare(call, args, Ordering::is_gt)),
    plain("greaterOrEquals", 2, 2, |call, args| {
        compare(call, args, Ordering::is_ge)
    }),
];

/// Values that one comparison looks at before it gives up.
const FUEL: u32 = 100_000;

/// Whether two values are equal, as far as that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Same {
    Yes,
    No,
    Maybe,
}

impl Same {
    fn of(equal: bool) -> Self {
        if equal { Self::Yes } else { Self::No }
    }

    /// Whether both pairs are equal.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Maybe,
        }
    }
}

fn equals(call: &Call<'_>, args: &[Node]) -> Outcome {
    match same(call, call.arg(args, 0)?, call.arg(args, 1)?) {
        Same::Yes => call.made(Value::Bool(true)),
        Same::No => call.made(Value::Bool(false)),
        Same::Maybe => Err(Stop::Unknown),
    }
}

/// Whether two values are equal. Texts compare with their letter case.
pub(super) fn same(call: &Call<'_>, one: &Node, other: &Node) -> Same {
    let fuel = Cell::new(FUEL);
    let budget = call.scope.budget();
    if budget.is_spent() {
        return Same::Maybe;
    }
    let result = same_within(one, other, &fuel);
    budget.charge(u64::from(FUEL - fuel.get()), 0);
    result
}

fn same_within(one: &Node, other: &Node, fuel: &Cell<u32>) -> Same {
    if fuel.get() == 0 {
        return Same::Maybe;
    }
    fuel.set(fuel.get() - 1);
    match (&one.value, &other.value) {
        (Value::Unknown(one), Value::Unknown(other)) => {
            if same_symbol(&one.symbol, &other.symbol) {
                Same::Yes
            } else {
                Same::Maybe
            }
        }
        (Value::Unknown(_) | Value::OneOf(_), _) | (_, Value::Unknown(_) | Value::OneOf(_)) => Same::Maybe,
        (Value::Null, Value::Null) => Same::Yes,
        (Value::Bool(one), Value::Bool(other)) => Same::of(one == other),
        (Value::Int(one), Value::Int(other)) => Same::of(one == other),
        (Value::Float(one), Value::Float(other)) => Same::of(one.total_cmp(other).is_eq()),
        (Value::Int(_), Value::Float(_)) | (Value::Float(_), Value::Int(_)) => Same::Maybe,
        (Value::String(one), Value::String(other)) => same_text(one, other),
        (Value::Array(one), Value::Array(other)) => {
            if one.len() != other.len() {
                return Same::No;
            }
            all(one.iter().zip(other.iter()), fuel)
        }
        (Value::Object(one), Value::Object(other)) => {
            let mut members = one.members().iter().chain(other.members());
            if members.any(|member| !member.name.is_known()) {
                return Same::Maybe;
            }
            if one.members().len() != other.members().len() {
                return Same::No;
            }
            let mut pairs = Vec::with_capacity(one.members().len());
            for member in one.members() {
                match other.get(member.name.as_str()) {
                    Some(found) => pairs.push((&member.node, &found.node)),
                    None => return Same::No,
                }
            }
            all(pairs.into_iter(), fuel)
        }
        _ => Same::No,
    }
}

fn all<'n>(pairs: impl Iterator<Item = (&'n Node, &'n Node)>, fuel: &Cell<u32>) -> Same {
    let mut result = Same::Yes;
    for (one, other) in pairs {
        result = result.and(same_within(one, other, fuel));
        if result == Same::No {
            break;
        }
    }
    result
}

/// Whether two symbols certainly stand for the same value; letter case counts in the texts of a call.
fn same_symbol(one: &Symbol, other: &Symbol) -> bool {
    match (one, other) {
        (Symbol::Expression(one), Symbol::Expression(other)) if one.contains('\'') => one == other,
        _ => one.key() == other.key(),
    }
}

fn same_text(one: &MappedText, other: &MappedText) -> Same {
    if let (Some(one), Some(other)) = (one.known(), other.known()) {
        return Same::of(one == other);
    }
    let holes_agree = one.holes().len() == other.holes().len()
        && one
            .holes()
            .iter()
            .zip(other.holes())
            .all(|(one, other)| one.at == other.at && same_symbol(&one.symbol, &other.symbol));
    if holes_agree && one.as_str() == other.as_str() {
        return Same::Yes;
    }
    let differ = |one: &str, other: &str| !one.starts_with(other) && !other.starts_with(one);
    let reversed = |text: &str| text.chars().rev().collect::<String>();
    if differ(known_start(one), known_start(other))
        || differ(&reversed(known_end(one)), &reversed(known_end(other)))
        || too_short(one, other)
        || too_short(other, one)
    {
        return Same::No;
    }
    Same::Maybe
}

/// Whether a known text is shorter than the known parts of another.
fn too_short(known: &MappedText, other: &MappedText) -> bool {
    let holes = other.holes().len() * crate::text::HOLE.len_utf8();
    known.is_known() && known.as_str().len() < other.as_str().len() - holes
}

/// The text before the first hole.
pub(super) fn known_start(text: &MappedText) -> &str {
    let end = text.holes().first().map_or(text.len(), |hole| hole.at);
    crate::text::Span::new(0, end).of_text(text.as_str())
}

/// The text after the last hole.
pub(super) fn known_end(text: &MappedText) -> &str {
    let width = crate::text::offset(crate::text::HOLE.len_utf8());
    let start = text.holes().last().map_or(0, |hole| hole.at + width);
    crate::text::Span::new(start, text.len()).of_text(text.as_str())
}

fn compare(call: &Call<'_>, args: &[Node], accepts: fn(Ordering) -> bool) -> Outcome {
    let one = call.arg(args, 0)?;
    let other = call.arg(args, 1)?;
    let order = match (&one.value, &other.value) {
        (Value::Unknown(_) | Value::OneOf(_), _) | (_, Value::Unknown(_) | Value::OneOf(_)) => {
            return Err(Stop::Unknown);
        }
        (Value::Int(one), Value::Int(other)) => one.cmp(other),
        (Value::Float(one), Value::Float(other)) => one.total_cmp(other),
        (Value::Int(_), Value::Float(_)) | (Value::Float(_), Value::Int(_)) => return Err(Stop::Unknown),
        (Value::String(one), Value::String(other)) => match (one.known(), other.known()) {
            (Some(one), Some(other)) => text_order(one, other).ok_or(Stop::Unknown)?,
            _ => return Err(Stop::Unknown),
        },
        (one, other) => {
            return call.failed(format_args!(
                "compares two numbers or two texts, not {} and {}",
                one.type_name(),
                other.type_name()
            ));
        }
    };
    call.made(Value::Bool(accepts(order)))
}

/// The order of two texts in the invariant culture, where letter case counts last and lower case comes
/// first. Texts with characters other than ASCII letters and digits are ordered by tables of the service.
fn text_order(one: &str, other: &str) -> Option<Ordering> {
    if one == other {
        return Some(Ordering::Equal);
    }
    let simple = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !simple(one) || !simple(other) {
        return None;
    }
    let by_letter = one.to_ascii_lowercase().cmp(&other.to_ascii_lowercase());
    Some(by_letter.then_with(|| other.cmp(one)))
}
