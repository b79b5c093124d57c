//! Secrets that a program puts into a string: `$"…;AppKey={key};…"` and `const key = "…"`, `"…AppKey={0}…".format("…")`,
//! `concat('…AppKey=', variables('key'))`. What follows the name is a gap; what fills it stands elsewhere in the text.
//!
//! No language is parsed. A gap has the name of a variable or the number of an argument; the text is read once for what the
//! names are set to, however many there are.

use std::collections::BTreeMap;
use std::ops::Range;

use memchr::{memchr2, memrchr2};

use super::certain::{AFTER, BEFORE, is_made, telling};
use super::defined::{Definitions, Wanted, looked_up, operand_names};
use super::positions::argument_at;
use super::site::{appended, is_space, skip_blanks};
use super::value::{Ends, Value, is_quote, is_reference, read, stands_in};
use super::{Secret, SecretKind, Telling, byte, plain, rest, skip};
use crate::text::Span;

/// Bytes from a gap to the end of its literal, and from there to the arguments, that are looked at.
const LITERAL: usize = 2048;

/// Gaps of one text that are read together with what fills them; what fills others is masked and not reported.
const MOST_FILLED: usize = 1024;

/// Bytes of a value that any output may show.
const SHORTEST: usize = 6;

/// Bytes before a literal in which the name stands that it is set to.
const BACK: usize = 96;

/// Calls that fill a text after which they stand, in lower case.
pub(super) const FORMATS: [&str; 4] = [".format(", ".formatted(", ".format_map(", ".fmt("];

/// How sure it is that what fills a gap is a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// The name of a secret is set to a name: what looks made is masked.
    Loose,
    /// The gap is the value of a keyword in a string: whatever is no plain word is masked.
    InString,
    /// It is declared to be a secret: all is masked.
    Declared,
}

/// A place after the name of a secret that something else fills.
#[derive(Clone, Debug)]
pub(super) struct Gap {
    /// The bytes that stand for the secret.
    pub(super) place: Range<usize>,
    pub(super) kind: SecretKind,
    pub(super) strength: Strength,
    /// The names that fill it, in lower case.
    pub(super) names: Vec<String>,
    /// The names, in lower case, of the text that holds it, each with the number of the argument that fills it where a call
    /// fills that text.
    pub(super) uses: Vec<(String, usize)>,
}

/// What fills a gap: the value as it stands, and whether nothing else may.
#[derive(Clone, Copy, Debug)]
pub(super) struct Filling {
    pub(super) value: Value,
    /// Whether it is a literal and the whole of what the name is set to there.
    pub(super) is_whole: bool,
    /// Whether the gap is filled with nothing else.
    pub(super) is_sole: bool,
}

impl Filling {
    pub(super) fn whole(value: Value) -> Self {
        Self {
            value,
            is_whole: true,
            is_sole: true,
        }
    }

    /// A part of an expression, or what stands without quotes.
    pub(super) fn part(value: Value) -> Self {
        Self {
            is_whole: false,
            ..Self::whole(value)
        }
    }
}

impl Gap {
    /// The gap that a value is, or holds: `{key}`, `${key}`, `$key`, `%s`, `[parameters('key')]`.
    pub(super) fn of_value(text: &str, value: &Value, kind: SecretKind) -> Option<Self> {
        let written = text.get(value.start..value.end)?;
        let signs = |byte: u8| matches!(byte, b'{' | b'$' | b'%' | b'[' | b'#');
        (written.bytes().any(signs) || written.starts_with("__")).then_some(())?;
        Some(Self {
            place: value.start..value.end,
            kind,
            strength: Strength::InString,
            names: Vec::new(),
            uses: Vec::new(),
        })
    }

    /// The gap after a literal that ends with the name: `"…AppKey=" + key`.
    pub(super) fn after_literal(text: &str, quote: usize, kind: SecretKind) -> Self {
        let start = skip(text, quote, |byte| is_quote(byte) || byte == b'\\');
        let start = appended(text, start).unwrap_or(start);
        let sign = skip_blanks(text, start, |byte| {
            is_space(byte) || matches!(byte, b'+' | b'&' | b',' | b'.')
        });
        Self {
            place: quote..quote,
            kind,
            strength: Strength::InString,
            names: operand_names(text, sign),
            uses: Vec::new(),
        }
    }

    /// What fills parameters that are secrets by their type.
    pub(super) fn declared(names: Vec<String>) -> Option<Self> {
        (!names.is_empty()).then_some(Self {
            place: 0..0,
            kind: SecretKind::Password,
            strength: Strength::Declared,
            names,
            uses: Vec::new(),
        })
    }

    /// The gap that a name is, to which the name of a secret is set, or that is an argument of a call: `app_key=key`.
    pub(super) fn of_name(text: &str, at: usize, kind: SecretKind, strength: Strength) -> Option<Self> {
        let names = operand_names(text, at);
        (!names.is_empty()).then_some(Self {
            place: at..at,
            kind,
            strength,
            names,
            uses: Vec::new(),
        })
    }
}

/// Adds the secrets that fill gaps.
pub(super) fn find(text: &str, mut gaps: Vec<Gap>, found: &mut Vec<Secret>) {
    let mut filled: Vec<(usize, Filling)> = Vec::new();
    // Each takes a page at most, so that all of them take no longer than the text allows.
    let mut counted = 4096 + text.len() / 128;
    for (index, gap) in gaps.iter_mut().enumerate() {
        references(text, index, gap, &mut counted, &mut filled);
    }
    let mut wanted: Wanted = Wanted::new();
    for (index, gap) in gaps.iter().enumerate() {
        for name in &gap.names {
            wanted.entry(name.clone()).or_default().push(index);
        }
    }
    let mut uses: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    for (index, gap) in gaps.iter().enumerate() {
        for (name, number) in &gap.uses {
            uses.entry(name.clone()).or_default().push((index, *number));
        }
    }
    if !wanted.is_empty() || !uses.is_empty() {
        let strengths = gaps.iter().map(|gap| gap.strength).collect();
        let mut definitions = Definitions::new(text, wanted, strengths);
        definitions.uses(&uses, &mut filled);
        definitions.read(&mut filled);
    }
    let mut judged = 0;
    for (index, filling) in filled {
        let Some(gap) = gaps.get(index) else { continue };
        judged += 1;
        found.extend(secret(text, gap, &filling, judged <= MOST_FILLED));
    }
}

/// The secret that a gap is filled with, if it is one.
pub(super) fn secret(text: &str, gap: &Gap, filling: &Filling, may_judge: bool) -> Option<Secret> {
    let value = filling.value;
    let written = text.get(value.start..value.end)?;
    if value.known == 0
        || written.len() < SHORTEST
        || written.trim_start().starts_with(['[', ','])
        || stands_in(written)
        || is_reference(written)
        || value.start < gap.place.end && gap.place.start < value.end
    {
        return None;
    }
    let told = telling(written);
    // A text with gaps of its own, or of names of what Azure has, is no secret.
    let is_known = value.known == written.len() && !written.contains("icrosoft.");
    let wanted = match gap.strength {
        Strength::Declared => filling.is_whole || is_made(written),
        Strength::InString => told != Telling::Nothing && is_known && (filling.is_whole || is_made(written)),
        Strength::Loose => is_made(written),
    };
    let judged = (wanted && may_judge && filling.is_whole && filling.is_sole && gap.strength == Strength::InString)
        .then(|| judge(text, gap, written))
        .flatten();
    let (certain, told) = judged.map_or((false, told), |secret| (secret.certain, told.max(secret.telling)));
    wanted.then(|| Secret {
        span: Span::of(value.start, value.end),
        kind: gap.kind,
        certain,
        telling: told,
    })
}

/// What is found of a value where its gap is: the string that the program makes.
fn judge(text: &str, gap: &Gap, value: &str) -> Option<Secret> {
    let from = text.floor_char_boundary(gap.place.start.saturating_sub(BEFORE));
    let before = text.get(from..gap.place.start)?;
    let before = before.get(memrchr2(b'\n', b'\r', before.as_bytes()).map_or(0, |end| end + 1)..)?;
    let after = text.get(gap.place.end..text.floor_char_boundary(gap.place.end.saturating_add(AFTER)))?;
    let after = after.get(..memchr2(b'\n', b'\r', after.as_bytes()).unwrap_or(after.len()))?;
    let made = [before, value, after].concat();
    let span = Span::of(before.len(), before.len() + value.len());
    let found = plain(&made, &mut Vec::new());
    found.into_iter().find(|secret| secret.span == span)
}

/// Adds what a gap names, and the arguments that it counts.
fn references(text: &str, index: usize, gap: &mut Gap, left: &mut usize, filled: &mut Vec<(usize, Filling)>) {
    let Some(written) = text.get(gap.place.clone()) else {
        return;
    };
    if written.starts_with('[') {
        gap.names = looked_up(written);
        return;
    }
    if written.starts_with("__") {
        gap.names.push(written.to_ascii_lowercase());
        return;
    }
    let mut at = 0;
    while let Some(next) = written.get(at..).and_then(|rest| rest.find(['{', '$', '%', '['])) {
        let sign = at + next;
        at = sign + 1;
        let inner = skip(written, at, |byte| matches!(byte, b'{' | b'(' | b'%' | b' ' | b'$'));
        let number = skip(written, inner, |byte| byte.is_ascii_digit());
        let is_printf = byte(written, sign) == Some(b'%')
            && rest(written, at).starts_with(['s', 'v', 'q', 'd', '@'])
            && !byte(written, at + 1).is_some_and(|next| next.is_ascii_alphanumeric());
        let is_counted = byte(written, sign) == Some(b'{')
            && matches!(byte(written, number), Some(b'}' | b':' | b',' | b'!'))
            && (number > inner || byte(written, number) == Some(b'}'));
        if is_printf || is_counted {
            let count = written.get(inner..number).and_then(|digits| digits.parse().ok());
            let Some(rest) = left.checked_sub(1) else { return };
            *left = rest;
            let number = count.unwrap_or_else(|| counted_before(text, gap.place.start + sign));
            argument(text, index, gap, (gap.place.end, number), filled);
        } else {
            gap.names.extend(operand_names(written, inner));
        }
        at = at.max(number);
    }
}

/// How many gaps without a number stand before one in its literal.
fn counted_before(text: &str, at: usize) -> usize {
    let from = text.floor_char_boundary(at.saturating_sub(LITERAL));
    let before = text.get(from..at).unwrap_or_default();
    let literal = before.rsplit(is_quote_sign).next().unwrap_or_default();
    let printed =
        literal.matches('%').count() - 2 * literal.matches("%%").count().min(literal.matches('%').count() / 2);
    literal.matches("{}").count().max(printed)
}

/// Where the quote stands that opens the literal around `at`.
fn literal_start(text: &str, at: usize) -> usize {
    let from = text.floor_char_boundary(at.saturating_sub(LITERAL));
    let before = text.get(from..at).unwrap_or_default();
    before.rfind(is_quote_sign).map_or(at, |quote| from + quote)
}

/// The name, in lower case, to which the literal at `quote` is set.
fn set_name(text: &str, quote: usize) -> Option<String> {
    let from = text.floor_char_boundary(quote.saturating_sub(BACK));
    let before = text
        .get(from..quote)?
        .trim_end_matches(['$', '@', 'f', 'r', '\\', '"', '\'', '(']);
    let before = before.trim_end().trim_end_matches([':', '=']).trim_end();
    let name = before
        .rsplit(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .next()?;
    (!name.is_empty() && before.len() < quote - from).then(|| name.to_ascii_lowercase())
}

/// Where the words start that fill the literal at `quote`, which goes on at `at`, of a shell's `printf`.
fn words_after(text: &str, quote: usize, at: usize) -> Option<usize> {
    let mark = byte(text, quote)?;
    let from = text.floor_char_boundary(quote.saturating_sub(BACK));
    let before = text.get(from..quote)?.trim_end();
    before.ends_with("printf").then_some(())?;
    Some(skip(text, at, |byte| byte != mark) + 1)
}

/// The word of a command line with a number.
fn word(text: &str, at: usize, number: usize) -> Option<Value> {
    let mut here = at;
    for _ in 0..number.min(text.len() - at.min(text.len())) {
        let value = read(text, skip(text, here, |byte| byte == b' '), Ends::Argument);
        here = value.end + usize::from(value.quoted);
    }
    let start = skip(text, here, |byte| byte == b' ');
    Some(read(text, start, Ends::Argument)).filter(|value| start > here && value.end > value.start)
}

fn is_quote_sign(letter: char) -> bool {
    u8::try_from(letter).is_ok_and(is_quote)
}

/// Adds the argument with a number, of the call that fills the literal in which a gap ends.
fn argument(text: &str, index: usize, gap: &mut Gap, (at, number): (usize, usize), filled: &mut Vec<(usize, Filling)>) {
    let limit = text.floor_char_boundary(at.saturating_add(LITERAL));
    let Some(window) = text.get(..limit) else { return };
    let literal = literal_start(text, gap.place.start);
    if let Some(words) = words_after(window, literal, at) {
        filled.extend(word(window, words, number).map(|value| (index, Filling::whole(value))));
        return;
    }
    let Some(arguments) = arguments_after(window, at) else {
        gap.uses.extend(set_name(text, literal).map(|name| (name, number)));
        return;
    };
    let Some((start, value)) = argument_at(text, arguments, number) else {
        return;
    };
    if value.quoted {
        filled.push((index, Filling::whole(value)));
    } else {
        gap.names.extend(operand_names(text, start));
    }
}

/// Where the arguments start that fill the literal which goes on at `at`.
fn arguments_after(text: &str, at: usize) -> Option<usize> {
    let mut here = at;
    loop {
        let quote = skip(text, here, |byte| !is_quote(byte));
        byte(text, quote)?;
        let end = skip(text, quote, |byte| is_quote(byte) || byte == b'\\');
        let next = skip(text, end, is_space);
        let call = skip(text, next, |byte| byte == b')' || is_space(byte));
        let after = rest(text, call);
        if let Some(format) = FORMATS.iter().find(|format| super::starts_with_folded(after, format)) {
            return Some(call + format.len());
        }
        match byte(text, next)? {
            b',' => return Some(next + 1),
            b'%' => return Some(skip(text, next + 1, |byte| is_space(byte) || byte == b'(')),
            b'-' if super::starts_with_folded(rest(text, next), "-f ") => return Some(next + 3),
            // The literal goes on in the next one.
            sign if is_quote(sign) && next > end => here = next + 1,
            b'+' | b'&' => {
                let literal = skip(text, next + 1, |byte| is_space(byte) || matches!(byte, b'$' | b'@'));
                byte(text, literal).filter(|byte| is_quote(*byte))?;
                here = literal + 1;
            }
            _ => return None,
        }
    }
}
