//! String literals: decoding, byte for byte mapped to where they stand, and the joining of adjacent ones.

use super::lexer::{Form, Style};
use crate::text::{Escape, MappedText, Span};

/// One string token.
#[derive(Clone, Debug)]
pub struct LiteralPart {
    /// The bytes in the text that was parsed, prefix and quotes included.
    pub span: Span,
    /// How it is written.
    pub style: Style,
    /// Whether `h` or `H` stands before it, which keeps it out of the service's logs.
    pub obfuscated: bool,
    /// Whether its end was found.
    pub terminated: bool,
    /// Whether it continues the string token before it: nothing but white space and comments between.
    pub joined: bool,
    /// The decoded text.
    pub value: MappedText,
}

/// A string as the service reads it: adjacent string tokens are one text.
#[derive(Clone, Debug)]
pub struct Literal {
    /// The bytes in the text that was parsed, from the first token to the last.
    pub span: Span,
    /// The tokens, at least one.
    pub parts: Vec<LiteralPart>,
    /// The decoded texts of all parts, joined.
    pub value: MappedText,
}

impl Literal {
    /// A literal of one token.
    pub(super) fn new(part: LiteralPart) -> Self {
        Self {
            span: part.span,
            value: part.value.clone(),
            parts: vec![part],
        }
    }

    /// Appends an adjacent token.
    pub(super) fn join(&mut self, part: LiteralPart) {
        self.span = self.span.cover(part.span);
        self.value.push(&part.value);
        self.parts.push(part);
    }

    /// Appends a string that stands elsewhere; the place stays that of the first.
    pub(super) fn append(&mut self, other: &Self) {
        self.value.push(&other.value);
        self.parts.extend(other.parts.iter().cloned());
    }

    /// Says that the string is used at other places, too.
    pub(super) fn share(&mut self) {
        self.value = std::mem::take(&mut self.value).shared();
    }

    /// Whether every byte of the text is kept out of the service's logs.
    #[must_use]
    pub fn is_obfuscated(&self) -> bool {
        self.parts.iter().all(|part| part.obfuscated)
    }
}

/// Decodes the string token at `span` of `source`, and gives the places of escapes that KQL does not
/// know; they are kept as they stand.
pub(super) fn decode(source: &MappedText, span: Span, form: Form) -> (LiteralPart, Vec<Span>) {
    let inner = Span::new(span.start + form.open, span.end.saturating_sub(form.close));
    let mut unknown = Vec::new();
    let value = match form.style {
        Style::Double => unescape(source, inner, &mut unknown).wrapped(Escape::BackslashDouble),
        Style::Single => unescape(source, inner, &mut unknown).wrapped(Escape::BackslashSingle),
        Style::Verbatim => undouble(source, inner, span),
        Style::Multiline => source.part(inner).wrapped(Escape::Fenced),
    };
    let part = LiteralPart {
        span,
        style: form.style,
        obfuscated: form.obfuscated,
        terminated: form.close > 0,
        joined: false,
        value,
    };
    (part, unknown)
}

/// Text in which `""` (or `''`) stands for one quote.
fn undouble(source: &MappedText, inner: Span, literal: Span) -> MappedText {
    let text = inner.of_text(source.as_str());
    let opening = Span::new(literal.start, inner.start).of_text(source.as_str());
    let (mark, quote) = if opening.ends_with('"') {
        ("\"", b'"')
    } else {
        ("'", b'\'')
    };
    let mut out = MappedText::default();
    let mut from = 0;
    while let Some(found) = memchr::memchr(quote, text.as_bytes().get(from..).unwrap_or_default()) {
        let first = from + found;
        let pair = Span::of(first, first + 2).shift(inner.start);
        out.push_part(source, Span::of(from, first).shift(inner.start));
        out.push_decoded(mark, source, pair);
        from = first + 2;
    }
    out.push_part(source, Span::of(from, text.len()).shift(inner.start));
    out.wrapped(if quote == b'"' {
        Escape::DoubledDouble
    } else {
        Escape::DoubledSingle
    })
}

/// Text with backslash escapes.
fn unescape(source: &MappedText, inner: Span, unknown: &mut Vec<Span>) -> MappedText {
    let text = inner.of_text(source.as_str());
    let mut out = MappedText::default();
    let mut plain = 0;
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', text.as_bytes().get(at..).unwrap_or_default()) {
        let start = at + found;
        let rest = text.get(start..).unwrap_or_default();
        if let Some((character, length)) = escape(rest) {
            let here = Span::of(start, start + length).shift(inner.start);
            out.push_part(source, Span::of(plain, start).shift(inner.start));
            let mut buffer = [0; 4];
            out.push_decoded(character.encode_utf8(&mut buffer), source, here);
            plain = start + length;
            at = plain;
        } else {
            let length = 1 + rest.chars().nth(1).map_or(0, char::len_utf8);
            unknown.push(Span::of(start, start + length).shift(inner.start));
            at = start + length;
        }
    }
    out.push_part(source, Span::of(plain, text.len()).shift(inner.start));
    out
}

/// The character that an escape at the start of `text` stands for, and its length in bytes.
fn escape(text: &str) -> Option<(char, usize)> {
    let simple = match text.chars().nth(1)? {
        kind @ ('\\' | '\'' | '"') => kind,
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        'u' => return utf16(text),
        'U' => return hexadecimal(text, 8).map(|code| (scalar(code), 10)),
        'x' => return hexadecimal(text, 2).map(|code| (scalar(code), 4)),
        _ => return octal(text),
    };
    Some((simple, 2))
}

/// `\uXXXX`, or two of them that encode one character.
fn utf16(text: &str) -> Option<(char, usize)> {
    let high = hexadecimal(text, 4)?;
    let pair = text
        .get(6..)
        .filter(|rest| rest.starts_with("\\u"))
        .and_then(|rest| hexadecimal(rest, 4))
        .and_then(|low| Some([u16::try_from(high).ok()?, u16::try_from(low).ok()?]))
        .and_then(|units| char::decode_utf16(units).next()?.ok())
        .filter(|character| character.len_utf16() == 2);
    Some(pair.map_or((scalar(high), 6), |character| (character, 12)))
}

/// One to three octal digits; the third only after a first one below 4.
fn octal(text: &str) -> Option<(char, usize)> {
    let digits = text
        .bytes()
        .skip(1)
        .take(3)
        .take_while(|byte| matches!(byte, b'0'..=b'7'));
    let count = match (digits.clone().count(), digits.clone().next()) {
        (3, Some(b'4'..)) => 2,
        (count, _) => count,
    };
    let code = digits
        .take(count)
        .fold(0, |code, digit| code * 8 + u32::from(digit - b'0'));
    (count > 0).then(|| (scalar(code), 1 + count))
}

/// The number that `count` hexadecimal digits after the first two bytes of `text` write.
fn hexadecimal(text: &str, count: usize) -> Option<u32> {
    let digits = text.get(2..2 + count)?;
    digits
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit())
        .then(|| u32::from_str_radix(digits, 16).ok())
        .flatten()
}

fn scalar(code: u32) -> char {
    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::kql::lexer::{TokenKind, token};
    use crate::text::{FileId, offset};

    fn decoded(text: &str) -> (LiteralPart, usize) {
        let source = MappedText::of_file(FileId(0), text);
        let Some((TokenKind::String(form), length)) = token(text) else {
            panic!("{text} is not a string literal");
        };
        assert_eq!(length, offset(text.len()), "{text}");
        let (part, unknown) = decode(&source, Span::new(0, length), form);
        (part, unknown.len())
    }

    #[test]
    fn every_form_is_decoded() {
        let cases: &[(&str, &str, Style, bool)] = &[
            (r#""a'b""#, "a'b", Style::Double, false),
            (r#"'a"b'"#, "a\"b", Style::Single, false),
            (
                r#""q\"\\\n\t\x41\u0042\U00000043\101\8""#,
                "q\"\\\n\tABCA\\8",
                Style::Double,
                false,
            ),
            (r#""\uD83D\uDE00\uD83D""#, "😀\u{FFFD}", Style::Double, false),
            (r"'\478'", "'8", Style::Single, false),
            (r#"h@"C:\x ""y""""#, r#"C:\x "y""#, Style::Verbatim, true),
            ("H@'it''s'", "it's", Style::Verbatim, true),
            ("```a\n\\n'```", "a\n\\n'", Style::Multiline, false),
            ("h~~~x```y~~~", "x```y", Style::Multiline, true),
            ("''", "", Style::Single, false),
            ("h''", "", Style::Single, true),
        ];
        for (text, value, style, obfuscated) in cases {
            let (part, _) = decoded(text);
            assert_eq!(part.value.as_str(), *value, "{text}");
            assert_eq!(
                (part.style, part.obfuscated, part.terminated),
                (*style, *obfuscated, true),
                "{text}"
            );
        }
    }

    #[test]
    fn unterminated_literals_keep_what_they_hold() {
        for (text, value) in [
            ("'abc", "abc"),
            ("\"a\\", "a\\"),
            ("@'a''", "a'"),
            ("```x", "x"),
            ("h\"", ""),
        ] {
            let (part, _) = decoded(text);
            assert_eq!((part.value.as_str(), part.terminated), (value, false), "{text}");
        }
    }

    #[test]
    fn unknown_escapes_are_kept_and_counted() {
        let (part, unknown) = decoded(r#""C:\path\q\xZZ""#);
        assert_eq!((part.value.as_str(), unknown), (r"C:\path\q\xZZ", 3));
    }

    #[test]
    fn a_decoded_byte_knows_its_escape() {
        let text = r#""a\u0041b""#;
        let (part, _) = decoded(text);
        assert_eq!(part.value.source(Span::new(1, 2)).unwrap().span, Span::new(2, 8));
        assert_eq!(part.value.source(Span::new(2, 3)).unwrap().span, Span::new(8, 9));
    }
}
