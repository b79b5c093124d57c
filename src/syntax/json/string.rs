//! Decoding of JSON strings, byte for byte mapped to where they stand.

use crate::text::{Escape, MappedText, Span, offset};

/// The text of the string literal at `span` (quotes included) of `source`.
/// Escapes that JSON does not know are kept as they stand.
pub(super) fn decode(source: &MappedText, span: Span) -> MappedText {
    let literal = span.of_text(source.as_str());
    let quote = literal.chars().next().unwrap_or('"');
    let closed = literal.len() >= 2 && literal.ends_with(quote) && !ends_escaped(literal);
    let inner = Span::new(span.start + 1, if closed { span.end - 1 } else { span.end });
    let text = inner.of_text(source.as_str());
    let mut out = MappedText::default();
    let mut plain = 0;
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', text.as_bytes().get(at..).unwrap_or_default()) {
        let escape = at + found;
        let rest = text.get(escape..).unwrap_or_default();
        let (decoded, length) = escape_sequence(rest);
        if let Some(character) = decoded {
            out.push_part(source, Span::of(plain, escape).shift(inner.start));
            let mut buffer = [0; 4];
            out.push_decoded(
                character.encode_utf8(&mut buffer),
                source,
                Span::of(escape, escape + length).shift(inner.start),
            );
            plain = escape + length;
        }
        at = escape + length;
    }
    out.push_part(source, Span::of(plain, text.len()).shift(inner.start));
    out.wrapped(if quote == '\'' {
        Escape::JsonSingle
    } else {
        Escape::JsonDouble
    })
}

/// Whether the last quote of a literal belongs to an escape.
fn ends_escaped(literal: &str) -> bool {
    let before = literal.get(1..literal.len() - 1).unwrap_or_default();
    before.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

/// The character that an escape at the start of `text` stands for, and its length in bytes.
fn escape_sequence(text: &str) -> (Option<char>, usize) {
    let mut characters = text.chars();
    characters.next();
    let Some(kind) = characters.next() else {
        return (None, text.len());
    };
    let simple = match kind {
        '"' | '\'' | '\\' | '/' => kind,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return unicode_escape(text),
        _ => return (None, 1 + kind.len_utf8()),
    };
    (Some(simple), 2)
}

/// `\uXXXX`, or a surrogate pair of two; a lone surrogate stands for U+FFFD.
fn unicode_escape(text: &str) -> (Option<char>, usize) {
    let Some(high) = code_unit(text) else { return (None, 2) };
    if let Some(low) = text.get(6..).filter(|rest| rest.starts_with("\\u")).and_then(code_unit)
        && let Some(Ok(character)) = char::decode_utf16([high, low]).next()
        && character.len_utf16() == 2
    {
        return (Some(character), 12);
    }
    (
        Some(char::from_u32(u32::from(high)).unwrap_or(char::REPLACEMENT_CHARACTER)),
        6,
    )
}

fn code_unit(text: &str) -> Option<u16> {
    let digits = text.get(2..6)?;
    digits
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit())
        .then(|| u16::from_str_radix(digits, 16).ok())
        .flatten()
}

/// Length in bytes of the string literal at the start of `text`, and whether its end was found.
/// Line breaks do not end it: the Resource Manager takes strings over several lines.
pub(super) fn literal_length(text: &str) -> (usize, bool) {
    let bytes = text.as_bytes();
    let quote = bytes.first().copied().unwrap_or(b'"');
    let mut at = 1;
    while let Some(found) = memchr::memchr2(quote, b'\\', bytes.get(at..).unwrap_or_default()) {
        let here = at + found;
        if bytes.get(here) == Some(&quote) {
            return (here + 1, true);
        }
        let escaped = text
            .get(here + 1..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8);
        at = here + 1 + escaped;
    }
    (text.len(), false)
}

/// The decoded text of a member name.
pub(super) fn plain(source: &MappedText, span: Span) -> String {
    let literal = span.of_text(source.as_str());
    let inner = literal.get(1..literal.len().saturating_sub(1)).unwrap_or_default();
    if inner.contains('\\') || offset(inner.len()) + 2 != span.len() {
        return decode(source, span).as_str().to_owned();
    }
    inner.to_owned()
}
