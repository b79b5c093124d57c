//! `format()`: texts with numbered places.

use std::collections::BTreeSet;

use super::serialize::scalar_text;
use super::{Call, Function, MANY, Outcome, Stop, plain};
use crate::arm::evaluate::MAX_TEXT;
use crate::arm::value::{Node, Value};
use crate::text::{Escape, MappedText, Span};

pub(super) static FUNCTIONS: &[Function] = &[plain("format", 1, MANY, format)];

/// A place in a format: `{index,width:form}`.
struct Place<'t> {
    index: usize,
    width: i64,
    form: &'t str,
}

fn format(call: &Call<'_>, args: &[Node]) -> Outcome {
    let pattern = call.text_arg(args, 0)?;
    // What is not known could hold braces, too.
    if !pattern.is_known() {
        return Err(Stop::Unknown);
    }
    let pattern = pattern.wrapped(Escape::Format);
    let values = args.get(1..).unwrap_or_default();
    let text = pattern.as_str();
    let mut out = MappedText::default();
    let mut used = BTreeSet::new();
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find(['{', '}'])) {
        let brace = at + found;
        out.push_part(&pattern, Span::of(at, brace));
        let rest = text.get(brace..).unwrap_or_default();
        if rest.starts_with("{{") || rest.starts_with("}}") {
            let (decoded, _) = rest.split_at(1);
            out.push_decoded(decoded, &pattern, Span::of(brace, brace + 2));
            at = brace + 2;
            continue;
        }
        let Some(end) = rest.starts_with('{').then(|| rest.find('}')).flatten() else {
            return call.failed("has a brace without its counterpart");
        };
        let Some(place) = rest.get(1..end).and_then(place) else {
            return call.failed(format_args!(
                "has a place that is not a number: `{}`",
                Span::of(0, end + 1).of_text(rest)
            ));
        };
        let Some(value) = values.get(place.index) else {
            return call.failed(format_args!("has no value for the place {{{}}}", place.index));
        };
        push_padded(call, &mut out, &formatted(value, place.form)?, place.width)?;
        if !used.insert(place.index) {
            out = out.shared();
        }
        call.check_length(&out)?;
        at = brace + end + 1;
    }
    out.push_part(&pattern, Span::of(at, text.len()));
    call.text(out)
}

fn place(text: &str) -> Option<Place<'_>> {
    let (head, form) = text.split_once(':').unwrap_or((text, ""));
    let (index, width) = head.split_once(',').unwrap_or((head, "0"));
    Some(Place {
        index: index.trim_end().parse().ok()?,
        width: width.trim().parse().ok()?,
        form,
    })
}

/// Appends a value, padded on its left or, for a negative width, on its right.
fn push_padded(call: &Call<'_>, out: &mut MappedText, value: &MappedText, width: i64) -> Result<(), Stop> {
    if width == 0 {
        out.push(value);
        return Ok(());
    }
    let wanted = usize::try_from(width.unsigned_abs()).unwrap_or(usize::MAX);
    if wanted > MAX_TEXT {
        return call.too_large();
    }
    let missing = wanted.saturating_sub(super::string::units(value)?);
    let padding = MappedText::computed(" ".repeat(missing), call.site);
    if width > 0 {
        out.push(&padding);
    }
    out.push(value);
    if width < 0 {
        out.push(&padding);
    }
    Ok(())
}

/// The text of a value in a numeric form; forms change nothing about texts and truth values.
fn formatted(node: &Node, form: &str) -> Result<MappedText, Stop> {
    match node.value {
        Value::Int(value) if !form.is_empty() => Ok(MappedText::computed(number(value, form)?, node.origin)),
        Value::Unknown(_) | Value::Float(_) if !form.is_empty() => Err(Stop::Unknown),
        _ => scalar_text(node),
    }
}

/// A whole number in one of the standard forms `D`, `X`, `N`, `F`, `G` or in zeros; others are not known.
fn number(value: i64, form: &str) -> Result<String, Stop> {
    let (kind, digits) = form.split_at_checked(1).ok_or(Stop::Unknown)?;
    if form.bytes().all(|byte| byte == b'0') {
        return signed(value, &padded(value.unsigned_abs().to_string(), form.len())?);
    }
    let precision: Option<usize> = match digits {
        "" => None,
        _ => Some(digits.parse().map_err(|_| Stop::Unknown)?),
    };
    match kind {
        "D" | "d" => signed(
            value,
            &padded(value.unsigned_abs().to_string(), precision.unwrap_or(0))?,
        ),
        "G" | "g" if precision.is_none() => Ok(value.to_string()),
        "X" if value >= 0 => padded(format!("{value:X}"), precision.unwrap_or(0)),
        "x" if value >= 0 => padded(format!("{value:x}"), precision.unwrap_or(0)),
        // Without a number, how many digits follow the point is up to the culture of the service.
        "N" | "n" | "F" | "f" => {
            let digits = value.unsigned_abs().to_string();
            let whole = if kind.eq_ignore_ascii_case("n") {
                grouped(&digits)
            } else {
                digits
            };
            let fraction = "0".repeat(precision.ok_or(Stop::Unknown)?.min(99));
            let dot = if fraction.is_empty() { "" } else { "." };
            signed(value, &format!("{whole}{dot}{fraction}"))
        }
        _ => Err(Stop::Unknown),
    }
}

fn signed(value: i64, digits: &str) -> Result<String, Stop> {
    Ok(if value < 0 {
        format!("-{digits}")
    } else {
        digits.to_owned()
    })
}

fn padded(digits: String, width: usize) -> Result<String, Stop> {
    if width > 999 {
        return Err(Stop::Unknown);
    }
    Ok(format!("{digits:0>width$}"))
}

fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
