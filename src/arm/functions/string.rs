//! Texts. What a function passes through keeps its places and holes.

use std::sync::Arc;

use super::serialize::scalar_text;
use super::{Call, Function, Outcome, Stop, plain};
use crate::arm::evaluate::{MAX_TEXT, fixed_length, wrapped};
use crate::arm::value::{Node, Value};
use crate::text::{Escape, HOLE, Hole, MappedText, Span, Symbol, offset};

pub(super) static FUNCTIONS: &[Function] = &[
    plain("toLower", 1, 1, |call, args| change_case(call, args, false)),
    plain("toUpper", 1, 1, |call, args| change_case(call, args, true)),
    plain("trim", 1, 1, trim),
    plain("substring", 2, 3, substring),
    plain("replace", 3, 3, replace),
    plain("split", 2, 2, split),
    plain("join", 2, 2, join),
    plain("padLeft", 2, 3, pad_left),
];

/// More delimiters than this are not looked for at once.
const MAX_DELIMITERS: usize = 64;

/// Number of characters as the service counts them (UTF-16).
pub(super) fn units(text: &MappedText) -> Result<usize, Stop> {
    let mut total = 0;
    for (_, width) in widths(text) {
        total += width.ok_or(Stop::Unknown)?;
    }
    Ok(total)
}

/// The byte before which `count` characters stand; `None` when the text is shorter.
pub(super) fn cut(text: &MappedText, count: usize) -> Result<Option<u32>, Stop> {
    let mut total = 0;
    for (at, width) in widths(text) {
        if total >= count {
            // More when a character would be cut in two.
            return if total == count {
                Ok(Some(at))
            } else {
                Err(Stop::Unknown)
            };
        }
        total += width.ok_or(Stop::Unknown)?;
    }
    match total.cmp(&count) {
        std::cmp::Ordering::Less => Ok(None),
        std::cmp::Ordering::Equal => Ok(Some(text.len())),
        std::cmp::Ordering::Greater => Err(Stop::Unknown),
    }
}

/// The characters and holes of a text: where each starts and how long it is, if that is certain.
fn widths(text: &MappedText) -> impl Iterator<Item = (u32, Option<usize>)> {
    let mut holes = text.holes().iter().peekable();
    text.as_str().char_indices().map(move |(at, character)| {
        let at = offset(at);
        match holes.next_if(|hole| hole.at == at) {
            Some(hole) => (at, fixed_length(&hole.symbol)),
            None => (at, Some(character.len_utf16())),
        }
    })
}

/// The text with every hole put through `of`.
fn with_holes(text: &MappedText, of: impl Fn(&Hole) -> Arc<Symbol>) -> MappedText {
    let mut out = MappedText::default();
    let mut from = 0;
    let width = offset(HOLE.len_utf8());
    for hole in text.holes() {
        out.push_part(text, Span::new(from, hole.at));
        let place = text.source(Span::new(hole.at, hole.at + width)).unwrap_or_default();
        out.push(&MappedText::hole(of(hole), place));
        from = hole.at + width;
    }
    out.push_part(text, Span::new(from, text.len()));
    out
}

fn change_case(call: &Call<'_>, args: &[Node], upper: bool) -> Outcome {
    let text = call.text_arg(args, 0)?;
    let text = with_holes(&text, |hole| {
        if !upper && fixed_length(&hole.symbol).is_some() {
            Arc::clone(&hole.symbol)
        } else {
            wrapped(call.name, &hole.symbol, "")
        }
    });
    let mut out = MappedText::default();
    let mut plain = 0;
    for (at, character) in text.as_str().char_indices() {
        let changed: String = if upper {
            character.to_uppercase().collect()
        } else {
            character.to_lowercase().collect()
        };
        if character == HOLE || changed.chars().eq([character]) {
            continue;
        }
        // The service changes one character into one; which of these it leaves as they are is not documented.
        if changed.chars().count() > 1 {
            return Err(Stop::Unknown);
        }
        let span = Span::of(at, at + character.len_utf8());
        out.push_part(&text, Span::new(plain, span.start));
        out.push(&replaced(&text, span, &changed));
        plain = span.end;
    }
    out.push_part(&text, Span::new(plain, text.len()));
    call.changed(out)
}

/// `new`, which stands for the bytes `span` of a text, byte for byte where both are of one length.
fn replaced(text: &MappedText, span: Span, new: &str) -> MappedText {
    match text.source(span) {
        Some(place) if place.span.len() == offset(new.len()) => MappedText::verbatim(new, place),
        Some(place) => MappedText::computed(new, place),
        None => MappedText::computed(new, crate::text::FileSpan::default()),
    }
}

fn trim(call: &Call<'_>, args: &[Node]) -> Outcome {
    let trimmed = call.text_arg(args, 0)?.trimmed();
    let last = trimmed.len().saturating_sub(offset(HOLE.len_utf8()));
    let text = with_holes(&trimmed, |hole| {
        let inner = hole.at > 0 && hole.at < last;
        if inner || fixed_length(&hole.symbol).is_some() {
            Arc::clone(&hole.symbol)
        } else {
            wrapped(call.name, &hole.symbol, "")
        }
    });
    call.changed(text)
}

fn substring(call: &Call<'_>, args: &[Node]) -> Outcome {
    let text = call.text_arg(args, 0)?;
    let outside = || call.failed("reaches beyond the text");
    let Ok(start) = usize::try_from(call.int_arg(args, 1)?) else {
        return outside();
    };
    let Some(from) = cut(&text, start)? else {
        return outside();
    };
    if args.len() < 3 {
        return call.changed(text.part(Span::new(from, text.len())));
    }
    let end = usize::try_from(call.int_arg(args, 2)?)
        .ok()
        .and_then(|length| start.checked_add(length));
    let to = match end {
        Some(end) => cut(&text, end)?,
        None => None,
    };
    match to {
        Some(to) => call.changed(text.part(Span::new(from, to))),
        None => outside(),
    }
}

/// Whether no hole of a text can hold any part of `item`.
fn holes_are_free_of(text: &MappedText, item: &str) -> bool {
    let possible = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    text.holes().iter().all(|hole| match fixed_length(&hole.symbol) {
        Some(13) => !item.bytes().any(|byte| possible(byte) && byte != b'-'),
        Some(_) => !item.bytes().any(possible),
        None => scope_marks(&hole.symbol).is_some_and(|marks| {
            let possible = |byte: u8| !byte.is_ascii() || byte.is_ascii_alphanumeric() || marks.contains(&byte);
            !item.bytes().any(possible)
        }),
    })
}

/// The characters beside letters and digits that the name of a scope may be made of, where that is certain: ids are
/// GUIDs, and the names of resource groups have a rule of their own (naming rules for Azure resources, 2026).
fn scope_marks(symbol: &Symbol) -> Option<&'static [u8]> {
    let Symbol::Expression(text) = symbol else {
        return None;
    };
    match text.to_ascii_lowercase().as_str() {
        "subscription().subscriptionid" | "subscription().tenantid" | "tenant().tenantid" => Some(b"-"),
        "resourcegroup().name" => Some(b"-_.()"),
        _ => None,
    }
}

fn replace(call: &Call<'_>, args: &[Node]) -> Outcome {
    let text = call.text_arg(args, 0)?;
    let old = call.str_arg(args, 1)?;
    let new = call.text_arg(args, 2)?;
    if old.is_empty() {
        return call.failed("needs a text to look for");
    }
    let text = if holes_are_free_of(&text, old) {
        text
    } else if old.chars().count() == 1 && new.is_known() && text.sole_hole().is_none() {
        let rest = format!(
            ", '{}', '{}'",
            old.replace('\'', "''"),
            new.as_str().replace('\'', "''")
        );
        with_holes(&text, |hole| wrapped(call.name, &hole.symbol, &rest))
    } else {
        return Err(Stop::Unknown);
    };
    if old.contains(HOLE) {
        return Err(Stop::Unknown);
    }
    let matches = text.as_str().matches(old).count();
    let kept = text.as_str().len().saturating_sub(matches * old.len());
    if matches.saturating_mul(new.as_str().len()).saturating_add(kept) > MAX_TEXT {
        return call.too_large();
    }
    let mut out = MappedText::default();
    let mut plain = 0;
    for (at, found) in text.as_str().match_indices(old) {
        out.push_part(&text, Span::of(plain, at));
        out.push(&new);
        plain = at + found.len();
    }
    out.push_part(&text, Span::of(plain, text.as_str().len()));
    call.changed(out)
}

fn split(call: &Call<'_>, args: &[Node]) -> Outcome {
    let text = call.text_arg(args, 0)?;
    let delimiters: Vec<&str> = match &call.arg(args, 1)?.value {
        Value::Array(elements) => (0..elements.len())
            .map(|index| call.str_arg(elements, index))
            .collect::<Result<_, _>>()?,
        _ => vec![call.str_arg(args, 1)?],
    };
    if delimiters.len() > MAX_DELIMITERS {
        return call.too_large();
    }
    // Whether an empty delimiter splits nowhere or at white space is not documented.
    if delimiters.iter().all(|delimiter| delimiter.is_empty()) {
        return Err(Stop::Unknown);
    }
    if !delimiters.iter().all(|delimiter| holes_are_free_of(&text, delimiter)) {
        return Err(Stop::Unknown);
    }
    let mut made = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(rest) = text.as_str().get(at..).filter(|rest| !rest.is_empty()) {
        let found = delimiters
            .iter()
            .filter(|delimiter| !delimiter.is_empty() && rest.starts_with(**delimiter))
            .map(|delimiter| delimiter.len())
            .next();
        match found {
            Some(width) => {
                call.push(&mut made, &part(call, &text, Span::of(start, at)))?;
                at += width;
                start = at;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    made.push(part(call, &text, Span::of(start, text.as_str().len())));
    call.list(made)
}

/// A part of a text as a value of its own, which comes from where the part stands.
fn part(call: &Call<'_>, text: &MappedText, span: Span) -> Node {
    let origin = text.source(span).unwrap_or(call.site);
    Node::copied(Value::text(text.part(span).wrapped(Escape::Made)), origin, call.site)
}

fn join(call: &Call<'_>, args: &[Node]) -> Outcome {
    let elements = call.list_arg(args, 0)?;
    let delimiter = call.text_arg(args, 1)?.shared();
    let mut out = MappedText::default();
    for (index, element) in elements.iter().enumerate() {
        if index > 0 {
            out.push(&delimiter);
        }
        out.push(&scalar_text(element)?);
        call.check_length(&out)?;
    }
    // The elements of a list that is used elsewhere are used there, too.
    if call.arg(args, 0)?.trail.is_empty() {
        call.text(out)
    } else {
        call.text(out.shared())
    }
}

fn pad_left(call: &Call<'_>, args: &[Node]) -> Outcome {
    let node = call.arg(args, 0)?;
    let text = match node.value {
        Value::Int(_) => scalar_text(node)?,
        _ => call.text_arg(args, 0)?,
    };
    let Ok(width) = usize::try_from(call.int_arg(args, 1)?) else {
        return call.failed("needs a length that is not negative");
    };
    let padding = if args.len() > 2 { call.str_arg(args, 2)? } else { " " };
    if padding.encode_utf16().count() != 1 {
        return call.failed("pads with one character");
    }
    if width > MAX_TEXT {
        return call.too_large();
    }
    let missing = width.saturating_sub(units(&text)?);
    let mut out = MappedText::computed(padding.repeat(missing), call.site);
    out.push(&text);
    call.changed(out)
}
