//! The value after a name: where it ends, and whether it is a real one.

use super::certain::{is_mixed, is_wordy};
use super::{byte, rest, skip};

/// How far the end of a placeholder may lie from its start.
const PLACEHOLDER: usize = 256;
/// How far the end of a template expression may lie from its start.
const EXPRESSION: usize = 1024;
/// How far it is looked for the `;` that makes a blank part of a value.
const LOOK_AHEAD: usize = 96;
/// A value that is longer than this is never taken for prose or code.
pub(super) const LONG: usize = 256;

/// Where values of a kind end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    /// At the next `;`, quote or line: a pair of a connection string.
    Pair,
    /// At the next blank as well: an assignment.
    Word,
    /// At the next `&` or blank as well: a parameter of a URL.
    Query,
    /// At the next blank or quote only, also after `;`: the argument of a command.
    Argument,
}

/// A value as it stands in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Bytes that are not part of a placeholder.
    pub(super) known: usize,
    pub(super) quoted: bool,
}

/// A quotation mark as it stands in text that may itself be quoted.
#[derive(Clone, Copy, Debug)]
struct Quote {
    /// Offset after it.
    end: usize,
    mark: u8,
    /// Backslashes before it.
    slashes: usize,
    /// Whether it is written twice, as inside a verbatim literal.
    doubled: bool,
}

pub(super) fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

impl Quote {
    /// The quote that opens at `at`.
    fn open(text: &str, at: usize) -> Option<Self> {
        let mark_at = skip(text, at, |byte| byte == b'\\');
        let mark = byte(text, mark_at).filter(|byte| is_quote(*byte))?;
        let after = byte(text, mark_at + 2);
        let doubled = byte(text, mark_at + 1) == Some(mark)
            && after
                .is_some_and(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b';' | b',' | b')' | b'}' | b']'));
        Some(Self {
            end: mark_at + 1 + usize::from(doubled),
            mark,
            slashes: mark_at - at,
            doubled,
        })
    }

    /// Whether the literal ends with the mark at `at`, before which `slashes` backslashes stand.
    fn closes(self, text: &str, at: usize, slashes: usize) -> bool {
        if byte(text, at) != Some(self.mark) {
            return false;
        }
        if self.doubled {
            return byte(text, at + 1) == Some(self.mark);
        }
        slashes <= self.slashes || slashes.is_multiple_of(2)
    }
}

/// Reads the value at `at`, with or without quotes.
pub(super) fn read(text: &str, at: usize, ends: Ends) -> Value {
    let quote = Quote::open(text, at);
    let start = quote.map_or(at, |quote| quote.end);
    let mut here = start;
    let mut known = 0;
    let mut slashes = 0;
    while let Some(current) = byte(text, here) {
        let over = match quote {
            Some(quote) => matches!(current, b'\n' | b'\r') || quote.closes(text, here, slashes),
            None => ends_bare(text, here, current, ends),
        };
        if over {
            break;
        }
        if let Some(length) = placeholder(text, here, here == start) {
            let all = here == start && byte(text, here + length) == Some(b',');
            here += length;
            slashes = 0;
            if all {
                break;
            }
            continue;
        }
        slashes = if current == b'\\' { slashes + 1 } else { 0 };
        known += 1;
        here += 1;
    }
    let end = if quote.is_some() {
        here - slashes.min(here - start)
    } else {
        here
    };
    Value {
        start,
        end,
        known: known - slashes.min(known) * usize::from(quote.is_some()),
        quoted: quote.is_some(),
    }
}

/// Whether a value without quotes ends before the byte at `at`.
fn ends_bare(text: &str, at: usize, current: u8, ends: Ends) -> bool {
    match current {
        b'\n' | b'\r' => true,
        b';' => ends != Ends::Argument,
        b' ' | b'\t' => ends != Ends::Pair || !blank_belongs(text, at),
        b'"' | b'\'' | b'`' => ends_quote(text, at),
        b'&' => ends == Ends::Query || starts_parameter(rest(text, at + 1)) || rest(text, at).starts_with("&quot;"),
        b'<' => closes_element(rest(text, at)),
        b'\\' => escaped_end(rest(text, at)),
        b'%' => rest(text, at)
            .get(..3)
            .is_some_and(|escape| escape.eq_ignore_ascii_case("%3b") || escape == "%26"),
        _ => false,
    }
}

/// A quote ends a value, unless it stands in the middle of a word.
fn ends_quote(text: &str, at: usize) -> bool {
    !byte(text, at + 1)
        .is_some_and(|next| next.is_ascii_alphanumeric() || matches!(next, b'!' | b'#' | b'$' | b'%' | b'^'))
}

/// Whether the blank at `at` is inside a value: a `;` follows on the line, and no quote before it.
fn blank_belongs(text: &str, at: usize) -> bool {
    text.as_bytes()
        .iter()
        .skip(at)
        .take(LOOK_AHEAD)
        .find(|byte| matches!(**byte, b';' | b'"' | b'\'' | b'`' | b'=' | b'\n' | b'\r'))
        == Some(&b';')
}

/// Whether `text` starts with the end of an element: `</name>`.
fn closes_element(text: &str) -> bool {
    let limit = text.floor_char_boundary(LOOK_AHEAD);
    let name = text.get(..limit).and_then(|start| start.strip_prefix("</"));
    name.is_some_and(|name| {
        let end = skip(name, 0, |byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':')
        });
        byte(name, skip(name, end, |byte| byte == b' ')) == Some(b'>')
    })
}

/// The value in the braces at `at`, as drivers write one in which marks stand: `Pwd={…};`. What is a name in braces is
/// filled in later.
pub(super) fn braced(text: &str, at: usize) -> Option<Value> {
    let here = window(text, at, PLACEHOLDER).strip_prefix('{')?;
    let mut end = 0;
    loop {
        end += here.get(end..)?.find('}')?;
        if byte(here, end + 1) != Some(b'}') {
            break;
        }
        end += 2;
    }
    let value = here.get(..end)?;
    let is_over = byte(here, end + 1).is_none_or(|next| matches!(next, b';' | b'\n' | b'\r' | b'\\') || is_quote(next));
    let is_code = value.contains(['(', '[', '{', '"', '\'', '\n', '\r', '.', '$']);
    (is_over && !is_code && is_mixed(value, 8) && !is_wordy(value)).then_some(Value {
        start: at + 1,
        end: at + 1 + end,
        known: end,
        quoted: true,
    })
}

/// Whether `text` starts with `name=`.
fn starts_parameter(text: &str) -> bool {
    let text = text.strip_prefix("amp;").unwrap_or(text);
    let name = text
        .bytes()
        .take(40)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
        .count();
    name > 0 && byte(text, name) == Some(b'=')
}

/// Whether an escape at the start of `text` stands for a character that ends a value.
fn escaped_end(text: &str) -> bool {
    let after = text.trim_start_matches('\\');
    let slashes = text.len() - after.len();
    match after.as_bytes().first() {
        Some(b'"' | b'\'' | b'`') => true,
        Some(b'n' | b'r' | b't') => slashes == 1,
        Some(b'u') => after
            .get(1..5)
            .is_some_and(|code| matches!(code, "0022" | "0026" | "0027" | "000a" | "000d" | "000A" | "000D")),
        _ => false,
    }
}

/// Length of the placeholder at `at`. `first` tells that a value starts there.
fn placeholder(text: &str, at: usize, first: bool) -> Option<usize> {
    let here = window(text, at, PLACEHOLDER);
    match byte(text, at)? {
        b'<' => between(here, 1, ">").filter(|_| !matches!(byte(here, 1), Some(b'/' | b' '))),
        b'{' if here.starts_with("{{") => between(here, 2, "}}"),
        b'{' => between(here, 1, "}"),
        b'#' if here.starts_with("#{") => between(here, 2, "}"),
        b'$' if here.starts_with("${") => between(here, 2, "}"),
        b'$' if here.starts_with("$(") => between(here, 2, ")"),
        b'$' if first => whole(
            here,
            |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'.' | b'$'),
            2,
        ),
        b'%' if first => {
            let name = skip(here, 1, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
            (name > 3 && byte(here, name) == Some(b'%') && is_over(here, name + 1)).then_some(name + 1)
        }
        b'[' if first => bracketed(window(text, at, EXPRESSION)),
        b'@' if first && here.starts_with("@{") => between(here, 2, "}"),
        b'@' if first => {
            let call = CALLS.iter().find(|call| starts_with_folded(here, call))?;
            let end = here.find(['"', ';', '\n', '\r']).unwrap_or(here.len());
            (end >= call.len()).then_some(end)
        }
        b'_' if first && here.starts_with("__") => {
            let name = skip(here, 0, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
            (name > 4 && here.get(..name)?.ends_with("__") && is_over(here, name)).then_some(name)
        }
        _ => None,
    }
}

/// The text that a placeholder at `at` may take up.
fn window(text: &str, at: usize, length: usize) -> &str {
    let end = text.floor_char_boundary(at.saturating_add(length));
    text.get(at..end).unwrap_or_default()
}

/// Length up to the end of `close`, on the same line.
fn between(text: &str, from: usize, close: &str) -> Option<usize> {
    let inner = text.get(from..)?;
    let end = inner.find(close)?;
    let inner = inner.get(..end)?;
    (!inner.is_empty() && !inner.contains(['\n', '\r', '"', ';'])).then_some(from + end + close.len())
}

/// Length of the word at the start if nothing of the value follows it.
fn whole(text: &str, part: impl Fn(u8) -> bool, least: usize) -> Option<usize> {
    let end = skip(text, 0, part);
    (end >= least && is_over(text, end)).then_some(end)
}

/// `[parameters('x')]`, or `[your key]`.
fn bracketed(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut end = None;
    for (at, current) in text.bytes().enumerate() {
        match current {
            b'[' => depth += 1,
            b']' if depth <= 1 => {
                end = Some(at + 1);
                break;
            }
            b']' => depth -= 1,
            b'\n' | b'\r' | b'"' => return None,
            _ => {}
        }
    }
    let end = end.filter(|end| is_over(text, *end))?;
    let inner = text.get(1..end - 1)?;
    let name = skip(inner, 0, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let expression = name > 0 && byte(inner, name) == Some(b'(');
    let words = inner
        .bytes()
        .all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b' ' | b'-' | b'_'));
    let words = words || inner.contains(['-', ' ', '_']) && is_wordy(inner);
    (expression || words).then_some(end)
}

/// Whether a value ends at `at`: there is no character that could belong to it.
fn is_over(text: &str, at: usize) -> bool {
    byte(text, at).is_none_or(|next| {
        next.is_ascii_whitespace()
            || matches!(
                next,
                b';' | b'"' | b'\'' | b'`' | b'\\' | b'&' | b',' | b')' | b'<' | b'}'
            )
    })
}

/// Whether the text starts with `prefix`, which is in lower case.
pub(in super::super) fn starts_with_folded(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// What starts a reference to a vault, or an expression of Data Factory.
const CALLS: &[&str] = &[
    "@microsoft.keyvault(",
    "@pipeline(",
    "@activity(",
    "@dataset(",
    "@linkedservice(",
    "@concat(",
    "@variables(",
    "@parameters(",
    "@item(",
    "@triggerbody(",
];

/// Words that stand for a secret in documents and samples.
const WORDS: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "pass",
    "secret",
    "secretkey",
    "token",
    "key",
    "accountkey",
    "storagekey",
    "appkey",
    "examplekey",
    "example",
    "sample",
    "dummy",
    "test",
    "changeme",
    "change_me",
    "change-me",
    "changeit",
    "replaceme",
    "placeholder",
    "redacted",
    "removed",
    "hidden",
    "masked",
    "null",
    "none",
    "nil",
    "undefined",
    "true",
    "false",
    "todo",
    "tbd",
    "string",
    "securestring",
    "secureobject",
    "object",
    "dynamic",
    "bool",
    "int",
    "empty",
];

/// Keys that are printed in the manuals of the emulators and open nothing else.
const PUBLIC: &[&str] = &[
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
    "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==",
];

/// Whether a whole value only stands for one that is filled in elsewhere: `<key>`, `$(key)`, `...`,
/// `changeme`, the published key of an emulator.
#[must_use]
pub fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    let mut at = 0;
    let mut known = 0;
    while at < value.len() {
        match placeholder(value, at, at == 0) {
            Some(length) => at += length,
            None => {
                known += 1;
                at += 1;
            }
        }
    }
    known == 0 || stands_in(value)
}

/// Whether a value is the address of what holds the real one: `op://vault/kusto/key`, `ref+azurekeyvault://…`.
pub(super) fn is_reference(value: &str) -> bool {
    let scheme = value.split_once("://").map(|(scheme, _)| scheme).unwrap_or_default();
    let part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.');
    let letter_first = scheme.starts_with(|first: char| first.is_ascii_lowercase());
    (2..=32).contains(&scheme.len()) && letter_first && scheme.bytes().all(part)
}

/// Whether a value without marks of a placeholder is none of its own.
pub(super) fn stands_in(value: &str) -> bool {
    let value = value.trim();
    let abbreviated = value.trim_end_matches(['=', ';']);
    if abbreviated.starts_with("...") || abbreviated.ends_with("...") || value.contains('…') || PUBLIC.contains(&value)
    {
        return true;
    }
    if value.len() > LONG {
        return false;
    }
    let filler = |byte: u8| {
        matches!(
            byte,
            b'x' | b'X' | b'*' | b'.' | b'-' | b'_' | b'?' | b'#' | b'0' | b'=' | b'+'
        )
    };
    let word = value.to_ascii_lowercase();
    let plain = word
        .bytes()
        .all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b' '));
    value.bytes().all(filler)
        || matches!(value, "{}" | "%s" | "%v" | "%q")
        || WORDS.contains(&word.as_str())
        || ["placeholder", "changeme", "change_me", "examplekey"]
            .iter()
            .any(|part| word.contains(part))
        || plain
            && ["your", "insert", "replace", "enter", "my-", "my_", "some-", "the-"]
                .iter()
                .any(|start| word.starts_with(start))
}
