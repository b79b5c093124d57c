//! Secrets in other forms than their own: with the escapes of URLs and of JSON, in base64, and cut into literals that
//! are joined.

use memchr::memmem;

use super::value::is_quote;
use super::{Secret, byte, plain, rest, skip};
use crate::text::Span;

/// Characters of base64 that are decoded to look for a piece of a secret in them.
const SHORTEST_RUN: usize = 8;

/// Characters of base64 that may be a text with a secret and its name.
const SHORTEST_TEXT: usize = 20;

/// Bytes before a value in which its name stands.
const NAME: usize = 32;

/// Bytes of a line that are read before and after the place where two literals are joined.
const AROUND: usize = 2048;

/// The longest way from one literal to the next.
const BETWEEN: usize = 256;

/// How often a text is decoded: a base64 of a URL, in a JSON string.
const DEPTH: usize = 2;

/// What a text holds in another form, with the place of each byte in the text.
#[derive(Debug, Default)]
pub(super) struct Decoded {
    bytes: Vec<u8>,
    /// Where the characters start that stand for a byte, and where they end.
    places: Vec<(usize, usize)>,
}

impl Decoded {
    fn push(&mut self, decoded: u8, start: usize, end: usize) {
        self.bytes.push(decoded);
        self.places.push((start, end));
    }

    /// Adds what stands at `start..end` of the text as it is.
    fn copy(&mut self, text: &str, start: usize, end: usize) {
        for (at, byte) in text.bytes().enumerate().take(end).skip(start) {
            self.push(byte, at, at + 1);
        }
    }

    /// The characters that stand for the bytes `start..end`.
    fn source(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let first = self.places.get(start)?;
        let last = self.places.get(end.checked_sub(1)?)?;
        Some((first.0, last.1))
    }

    fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }
}

/// Ranges of bytes.
pub(super) type Ranges = Vec<(usize, usize)>;

/// Finds ranges in bytes.
type Read<'r> = &'r dyn Fn(&[u8]) -> Ranges;

/// Adds where characters stand that `read` finds, as ranges of bytes, in what a text holds in another form.
pub(super) fn in_other_forms(bytes: &[u8], read: Read<'_>, found: &mut Ranges) {
    forms_below(bytes, DEPTH, read, found);
}

fn forms_below(bytes: &[u8], depth: usize, read: Read<'_>, found: &mut Ranges) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let mut look = |decoded: &Decoded| {
        let mut inside = read(&decoded.bytes);
        forms_below(&decoded.bytes, depth, read, &mut inside);
        let places = inside.into_iter();
        found.extend(places.filter_map(|(start, end)| decoded.source(start, end)));
    };
    if let Some(decoded) = without_escapes(bytes) {
        look(&decoded);
    }
    for (start, end) in runs(bytes, SHORTEST_RUN) {
        for shift in 0..4 {
            look(&of_base64(bytes, start + shift, end));
        }
    }
}

/// A text with `%2B`, `\u002b`, `\x2b`, `\/` and doubled single quotes decoded; `None` without any of them.
fn without_escapes(bytes: &[u8]) -> Option<Decoded> {
    memchr::memchr2(b'%', b'\\', bytes).or_else(|| memmem::find(bytes, b"''"))?;
    let mut out = Decoded::default();
    let mut at = 0;
    while let Some(first) = bytes.get(at) {
        let (decoded, length) = escape(bytes.get(at..).unwrap_or_default()).unwrap_or((*first, 1));
        out.push(decoded, at, at + length);
        at += length;
    }
    Some(out)
}

/// The byte that an escape at the start stands for, and the length of the escape.
fn escape(bytes: &[u8]) -> Option<(u8, usize)> {
    let code = |from: usize, to: usize| {
        let digits = std::str::from_utf8(bytes.get(from..to)?).ok()?;
        let digits = Some(digits).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
        u8::try_from(u32::from_str_radix(digits, 16).ok()?).ok()
    };
    match bytes {
        [b'%', ..] => Some((code(1, 3)?, 3)),
        [b'\\', b'u' | b'U', ..] => Some((code(2, 6)?, 6)),
        [b'\\', b'x', ..] => Some((code(2, 4)?, 4)),
        [b'\\', next, ..] if !next.is_ascii_alphanumeric() => Some((*next, 2)),
        [b'\'', b'\'', ..] => Some((b'\'', 2)),
        _ => None,
    }
}

/// Where at least `least` characters of base64 stand in a row, with their padding.
fn runs(bytes: &[u8], least: usize) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, byte) in bytes.iter().chain(std::iter::once(&b' ')).enumerate() {
        if digit(*byte).is_some() {
            continue;
        }
        if at - start >= least {
            found.push((start, at));
        }
        start = at + 1;
    }
    found
}

/// The value of a character of base64, of either alphabet.
fn digit(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

/// What characters of base64 stand for, each byte with the four characters that hold it. Zeros are left out: they are
/// every second byte of UTF-16.
fn of_base64(bytes: &[u8], start: usize, end: usize) -> Decoded {
    let mut out = Decoded::default();
    let (mut bits, mut count) = (0_u32, 0_u32);
    for at in start..end {
        let Some(value) = bytes.get(at).and_then(|byte| digit(*byte)) else {
            break;
        };
        bits = (bits << 6 | value) & 0xFFFF;
        count += 6;
        if count >= 8 {
            count -= 8;
            let decoded = u8::try_from(bits >> count & 0xFF).unwrap_or_default();
            if decoded != 0 {
                let group = at - (at - start) % 4;
                out.push(decoded, group, (group + 4).min(end));
            }
        }
    }
    out
}

/// The text that a base64 stands for; `None` if it is none of characters.
#[must_use]
pub fn base64_text(base64: &str) -> Option<String> {
    let stem = base64.trim_end_matches('=');
    let is_base64 = stem.bytes().all(|byte| digit(byte).is_some());
    let decoded = is_base64.then(|| of_base64(stem.as_bytes(), 0, stem.len()))?;
    decoded.text().map(str::to_owned)
}

/// The word that a base64 stands for, if it is one of characters that are printed.
pub(super) fn decoded_word(base64: &str) -> Option<String> {
    let stem = base64.trim_end_matches('=');
    let is_base64 = stem.len() >= SHORTEST_RUN && stem.bytes().all(|byte| digit(byte).is_some());
    let decoded = is_base64.then(|| of_base64(stem.as_bytes(), 0, stem.len()))?;
    let word = decoded.text()?.trim();
    word.bytes()
        .all(|byte| byte.is_ascii_graphic())
        .then(|| word.to_owned())
}

/// Adds the secrets that stand in a text in another form. No rule speaks of them where they stand: what a template or a
/// script makes of them is found when it is read.
pub(super) fn find(text: &str, found: &mut Vec<Secret>) {
    for (start, end) in runs(text.as_bytes(), SHORTEST_TEXT) {
        let decoded = of_base64(text.as_bytes(), start, end);
        if decoded
            .bytes
            .iter()
            .all(|byte| *byte >= b' ' || byte.is_ascii_whitespace())
        {
            add(&decoded, &|_, _| true, found);
        }
    }
    for (start, end) in escaped_lines(text) {
        let line = text.as_bytes().get(start..end).unwrap_or_default();
        if let Some(mut decoded) = without_escapes(line) {
            for place in &mut decoded.places {
                *place = (place.0 + start, place.1 + start);
            }
            add(&decoded, &|_, _| true, found);
        }
    }
    for decoded in joined(text) {
        // What lies in one literal is found without this.
        let crosses = |start: usize, end: usize| {
            let from = start.saturating_sub(NAME);
            let ends = [decoded.places.get(from), decoded.places.get(end.saturating_sub(1))];
            matches!(ends, [Some(first), Some(last)] if last.1 - first.0 > end - from)
        };
        add(&decoded, &crosses, found);
    }
}

/// Adds the secrets of a decoded text whose bytes are `wanted`, in the pieces in which they stand.
fn add(decoded: &Decoded, wanted: &dyn Fn(usize, usize) -> bool, found: &mut Vec<Secret>) {
    let Some(text) = decoded.text() else { return };
    for secret in plain(text, &mut Vec::new()) {
        let range = secret.span.range();
        if !wanted(range.start, range.end) {
            continue;
        }
        let places = decoded.places.get(range).unwrap_or_default();
        for piece in places.chunk_by(|one, next| one.1 >= next.0) {
            if let (Some(first), Some(last)) = (piece.first(), piece.last()) {
                found.push(Secret {
                    span: Span::of(first.0, last.1),
                    certain: false,
                    ..secret
                });
            }
        }
    }
}

/// The lines in which letters, signs of a pair or blanks are escaped, so that a name or the end of a value may be.
fn escaped_lines(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut lines: Vec<(usize, usize)> = Vec::new();
    for at in memchr::memchr2_iter(b'%', b'\\', bytes) {
        if lines.last().is_some_and(|(_, end)| at < *end) {
            continue;
        }
        let escaped = bytes.get(at..).and_then(escape).filter(|(_, length)| *length > 2);
        if escaped.is_some_and(|(byte, _)| byte.is_ascii_alphanumeric() || b" ;:=?&_-".contains(&byte)) {
            let start = memchr::memrchr2(b'\n', b'\r', bytes.get(..at).unwrap_or_default()).map_or(0, |end| end + 1);
            let after = bytes.get(at..).unwrap_or_default();
            let end = memchr::memchr2(b'\n', b'\r', after).map_or(bytes.len(), |end| at + end);
            lines.push((start, end));
        }
    }
    lines
}

/// The lines in which literals are joined, each run of them without what stands between two literals.
fn joined(text: &str) -> Vec<Decoded> {
    let mut out = Vec::new();
    let mut chain: Vec<(usize, usize)> = Vec::new();
    let (mut from, mut end) = (0, 0);
    let mut at = 0;
    while let Some(next) = text
        .as_bytes()
        .get(at..)
        .and_then(|rest| rest.iter().position(|byte| is_quote(*byte)))
    {
        let quote = at + next;
        at = quote + 1;
        let Some(after) = junction(text, quote) else { continue };
        if quote >= end {
            out.extend(without(text, from, end, &chain));
            chain.clear();
            from = start_of_line(text, quote).max(end);
        }
        let slashes = text.as_bytes().get(from..quote).unwrap_or_default();
        let slashes = slashes.iter().rev().take_while(|byte| **byte == b'\\').count();
        chain.push((quote - slashes, after));
        if end < after + AROUND / 2 {
            end = end_of_line(text, after);
        }
        at = after;
    }
    out.extend(without(text, from, end, &chain));
    out
}

/// The text at `start..end` without the `gaps`.
fn without(text: &str, start: usize, end: usize, gaps: &[(usize, usize)]) -> Option<Decoded> {
    (!gaps.is_empty()).then(|| {
        let mut out = Decoded::default();
        let mut from = start;
        for (gap, after) in gaps {
            out.copy(text, from, *gap);
            from = *after;
        }
        out.copy(text, from, end);
        out
    })
}

fn start_of_line(text: &str, at: usize) -> usize {
    let from = text.floor_char_boundary(at.saturating_sub(AROUND));
    let before = text.as_bytes().get(from..at).unwrap_or_default();
    memchr::memrchr2(b'\n', b'\r', before).map_or(from, |end| from + end + 1)
}

fn end_of_line(text: &str, at: usize) -> usize {
    let to = text.floor_char_boundary(at.saturating_add(AROUND));
    let after = text.as_bytes().get(at..to).unwrap_or_default();
    memchr::memchr2(b'\n', b'\r', after).map_or(to, |end| at + end)
}

/// Where the next literal's text starts, if the quote at `at` ends one that is joined to it: `" + "`, `', '`, `' h'`.
fn junction(text: &str, at: usize) -> Option<usize> {
    let mark = byte(text, at)?;
    let limit = text.get(..text.floor_char_boundary(at.saturating_add(BETWEEN)))?;
    let blank = |byte: u8| byte.is_ascii_whitespace() || byte == b'\\';
    let blanks = skip(limit, at + 1, blank);
    let sign = match byte(limit, blanks) {
        Some(b'+' | b'&') => 1,
        // A list in JSON has commas as well, between strings that have nothing to do with one another.
        Some(b',') if mark == b'\'' => 1,
        _ => 0,
    };
    let literal = skip(limit, blanks + sign, blank);
    let prefix = skip(limit, literal, |byte| b"hHfFrRbBuUN$@".contains(&byte));
    let quote = skip(limit, prefix, |byte| byte == b'\\');
    let is_apart = sign > 0 || rest(limit, at + 1).starts_with(|letter: char| letter.is_ascii_whitespace());
    (is_apart && prefix - literal <= 2 && byte(limit, quote) == Some(mark)).then_some(quote + 1)
}

#[cfg(test)]
mod tests {
    use super::super::{find_secrets, mask};
    use super::*;
    use crate::syntax::growth::assert_linear;

    fn found(text: &str) -> Vec<&str> {
        let mut secrets = Vec::new();
        find(text, &mut secrets);
        secrets.iter().map(|secret| secret.span.of_text(text)).collect()
    }

    #[test]
    fn a_string_in_base64_is_masked_with_its_secret() {
        // Data Source=https://c;AppKey=k9-pond-lily-77;Fed=True
        let text = "x RGF0YSBTb3VyY2U9aHR0cHM6Ly9jO0FwcEtleT1rOS1wb25kLWxpbHktNzc7RmVkPVRydWU= y";
        let masked = mask(text);
        assert!(
            masked.contains("***") && masked.starts_with("x RGF0YSBTb3VyY2U9"),
            "{masked}"
        );
        assert!(!masked.contains("wb25kLWxpbHkt"), "{masked}");
        assert_eq!(found("cGxhaW4gd29yZHMgdGhhdCBhcmUgbm9uZQ=="), Vec::<&str>::new());
    }

    #[test]
    fn escaped_names_and_signs_tell_of_a_value() {
        for text in [
            "App%6Cication%20Key%3Dk9-pond-lily-77%3BFed%3DTrue",
            r"x;App\u004bey\u003dk9-pond-lily-77;Fed=True",
        ] {
            assert_eq!(found(text), ["k9-pond-lily-77"], "{text}");
        }
        assert_eq!(found(r#"{"a": "it\u0027s 100% \u0022sure\u0022"}"#), Vec::<&str>::new());
    }

    #[test]
    fn joined_literals_are_read_as_one() {
        for text in [
            r#"var c = "Data Source=https://c;AppK" + "ey=k9-pond" + "-lily-77;x";"#,
            "var c = \"Data Source=https://c;AppK\" +\n    \"ey=k9-pond\"\n  + $\"-lily-77;x\";",
            "[concat('Data Source=https://c;AppK', 'ey=k9-pond', '-lily-77;x')]",
            r#""a": "strcat(\"Data Source=https://c;AppK\" + \"ey=k9-pond\" + \"-lily-77;x\")""#,
        ] {
            assert_eq!(found(text), ["k9-pond", "-lily-77"], "{text}");
        }
        assert_eq!(found("a = \"AppKey=x\", \"y\"; ''"), Vec::<&str>::new());
    }

    #[test]
    fn a_secret_in_one_piece_is_reported_as_before() {
        let text = "var c = \"Data Source=https://c;Fed=True;AppKey=\" + \"k9-pond-lily-77\";";
        let secrets = find_secrets(text);
        assert_eq!(secrets.len(), 1);
        assert_eq!(
            secrets.first().map(|secret| secret.span.of_text(text)),
            Some("k9-pond-lily-77")
        );
    }

    #[test]
    fn long_texts_take_linear_time() {
        for piece in [
            "' + '",
            "\"AppKey=\" + \"",
            "%3D",
            "\\u003d",
            "''",
            "RGF0YSBTb3VyY2U9",
            "' '\n",
            "\\\"",
        ] {
            assert_linear("other forms", ["", piece, ""], |text| found(text).len());
        }
    }
}
