//! The texts of secrets, in a form that finds them again and shows nothing of them.

use std::collections::BTreeSet;
use std::fmt;

use super::encoded::{decoded_word, in_other_forms};
use super::{Secret, Telling};
use crate::text::Span;

/// Bytes of a secret that no output may show in a row.
const PIECE: usize = 6;

/// Letters of a phrase in a row that tell of it. Fewer may be a word of any text.
const PHRASE: usize = 12;

/// Pieces that are kept without a look at which are equal.
const MANY: usize = 1 << 18;

/// Bits of an index into the table that tells quickly that a piece is none of a secret: the least and the most. The
/// table has 16 bits for each piece as long as that is not too many.
const LEAST: u32 = 16;
const MOST: u32 = 25;

/// The pieces of secrets: every run of [`PIECE`] bytes of each, in lower case. It has no way to give one back.
#[derive(Clone, Default)]
pub struct Hidden {
    pieces: Vec<u64>,
    /// Those pieces of phrases that are of one word.
    letters: Vec<u64>,
    /// Secrets whose pieces are there: the same one comes up in a file, in its strings and in each round of a loop.
    added: BTreeSet<Box<str>>,
    /// How many of the pieces were there when equal ones were last made one.
    distinct: usize,
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden")
    }
}

impl Hidden {
    /// Adds a secret that was found in a text, as far as it tells of itself.
    pub fn learn(&mut self, secret: &Secret, text: &str) {
        match secret.telling {
            Telling::Nothing => {}
            Telling::Phrase => self.add_forms(secret.span.of_text(text), true),
            Telling::Pieces => self.add(secret.span.of_text(text)),
        }
    }

    /// Adds the text of a secret, as it is written and with its escapes decoded.
    pub fn add(&mut self, secret: &str) {
        self.add_forms(secret, false);
    }

    fn add_forms(&mut self, secret: &str, is_phrase: bool) {
        if self.added.contains(secret) {
            return;
        }
        self.added.insert(secret.into());
        self.add_pieces(secret.as_bytes(), is_phrase);
        let mut text = secret.to_owned();
        let forms: [fn(&str) -> Option<String>; 4] = [unescaped, unquoted, percent_decoded, decoded_word];
        for decode in forms {
            if let Some(decoded) = decode(&text) {
                self.add_pieces(decoded.as_bytes(), is_phrase);
                text = decoded;
            }
        }
    }

    fn add_pieces(&mut self, secret: &[u8], is_phrase: bool) {
        for piece in secret.windows(PIECE) {
            if is_phrase && is_of_one_word(piece) {
                self.letters.push(key(piece));
            } else {
                self.pieces.push(key(piece));
            }
        }
        self.settle();
    }

    /// Adds the pieces of other secrets.
    pub fn extend(&mut self, mut other: Self) {
        self.added.append(&mut other.added);
        self.pieces.extend(other.pieces);
        self.letters.extend(other.letters);
        self.settle();
    }

    /// Makes equal pieces one when there are many: a loop of a template makes the same secret again and again.
    fn settle(&mut self) {
        if self.pieces.len() + self.letters.len() > MANY + 2 * self.distinct {
            for pieces in [&mut self.pieces, &mut self.letters] {
                pieces.sort_unstable();
                pieces.dedup();
            }
            self.distinct = self.pieces.len() + self.letters.len();
        }
    }

    /// Makes them ready to be looked for.
    #[must_use]
    pub fn finder(mut self) -> Finder {
        for pieces in [&mut self.pieces, &mut self.letters] {
            pieces.sort_unstable();
            pieces.dedup();
        }
        let count = self.pieces.len() + self.letters.len();
        let bits = count.saturating_mul(16).max(1).ilog2() + 1;
        let bits = bits.clamp(LEAST, MOST);
        let mut table = vec![0; if count == 0 { 0 } else { 1 << (bits - 6) }];
        for piece in self.pieces.iter().chain(&self.letters) {
            let (word, bit) = slot(*piece, bits);
            if let Some(word) = table.get_mut(word) {
                *word |= bit;
            }
        }
        Finder {
            pieces: self.pieces,
            letters: self.letters,
            table,
            bits,
        }
    }
}

/// Finds pieces of secrets in texts.
#[derive(Clone, Default)]
pub struct Finder {
    pieces: Vec<u64>,
    letters: Vec<u64>,
    table: Vec<u64>,
    /// Bits of an index into the table.
    bits: u32,
}

impl fmt::Debug for Finder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Finder")
    }
}

/// Pieces that follow one another.
struct Row {
    start: usize,
    end: usize,
    /// Whether one of them tells by itself.
    telling: bool,
}

impl Finder {
    /// Where pieces of secrets stand in a text, as they are or in another form, in order and without overlap, on borders
    /// of characters. The time grows with the text alone, but for the search of what may be a piece among the pieces.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Span> {
        if self.table.is_empty() {
            return Vec::new();
        }
        let mut found = self.rows(text.as_bytes());
        in_other_forms(text.as_bytes(), &|bytes| self.rows(bytes), &mut found);
        found.sort_unstable();
        let mut spans: Vec<Span> = Vec::new();
        for (start, end) in found {
            let (start, end) = (text.floor_char_boundary(start), text.ceil_char_boundary(end));
            match spans.last_mut() {
                Some(last) if start <= last.range().end => {
                    *last = Span::of(last.range().start, end.max(last.range().end));
                }
                _ => spans.push(Span::of(start, end)),
            }
        }
        spans
    }

    /// Where pieces stand in a row that tells of a secret.
    fn rows(&self, bytes: &[u8]) -> Vec<(usize, usize)> {
        let mut rows: Vec<Row> = Vec::new();
        let mut window = 0;
        for (at, byte) in bytes.iter().enumerate() {
            window = push(window, *byte);
            if at + 1 < PIECE {
                continue;
            }
            let Some(telling) = self.tells(window) else { continue };
            let (start, end) = (at + 1 - PIECE, at + 1);
            match rows.last_mut() {
                Some(last) if start <= last.end => {
                    last.end = end;
                    last.telling |= telling;
                }
                _ => rows.push(Row { start, end, telling }),
            }
        }
        rows.retain(|row| row.telling || row.end - row.start >= PHRASE);
        rows.into_iter().map(|row| (row.start, row.end)).collect()
    }

    /// Whether a piece tells of a secret by itself; `None` if it is none of a secret.
    fn tells(&self, piece: u64) -> Option<bool> {
        let (word, bit) = slot(piece, self.bits);
        self.table.get(word).filter(|word| **word & bit != 0)?;
        if self.pieces.binary_search(&piece).is_ok() {
            return Some(true);
        }
        self.letters.binary_search(&piece).is_ok().then_some(false)
    }
}

fn push(window: u64, byte: u8) -> u64 {
    (window << 8 | u64::from(byte.to_ascii_lowercase())) & 0xFFFF_FFFF_FFFF
}

fn key(piece: &[u8]) -> u64 {
    piece.iter().fold(0, |window, byte| push(window, *byte))
}

/// Whether a piece of a phrase holds letters of one word alone, with what stands around it.
fn is_of_one_word(piece: &[u8]) -> bool {
    let letters = |byte: &u8| byte.is_ascii_alphabetic();
    let start = piece.iter().position(letters).unwrap_or_default();
    let end = piece.iter().rposition(letters).map_or(0, |last| last + 1);
    let word = piece.get(start..end).unwrap_or_default();
    word.iter().all(letters) && !piece.iter().any(u8::is_ascii_digit)
}

/// The word and the bit of a piece in a table whose indexes have `bits` bits.
fn slot(piece: u64, bits: u32) -> (usize, u64) {
    let hash = (piece.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - bits)) as usize;
    (hash / 64, 1 << (hash % 64))
}

/// The text with backslash escapes decoded; `None` without any.
fn unescaped(text: &str) -> Option<String> {
    text.contains('\\').then(|| {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('\\') {
            out.push_str(rest.get(..at).unwrap_or_default());
            let after = rest.get(at + 1..).unwrap_or_default();
            let code = after.strip_prefix(['u', 'U']).and_then(|code| code.get(..4));
            let character = code.and_then(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?));
            rest = match (character, after.chars().next()) {
                (Some(character), _) => {
                    out.push(character);
                    after.get(5..).unwrap_or_default()
                }
                (None, Some(escaped)) => {
                    out.push(escaped);
                    after.get(escaped.len_utf8()..).unwrap_or_default()
                }
                (None, None) => after,
            };
        }
        out.push_str(rest);
        out
    })
}

/// The text with doubled quotes as one.
fn unquoted(text: &str) -> Option<String> {
    (text.contains("''") || text.contains("\"\"")).then(|| text.replace("''", "'").replace("\"\"", "\""))
}

/// The text with the escapes of URLs decoded; `None` without any, and for what is no text then.
fn percent_decoded(text: &str) -> Option<String> {
    text.contains('%').then_some(())?;
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| *first == b'%');
        let byte = code.and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        out.push(byte.unwrap_or(*first));
        rest = after.get(if byte.is_some() { 2 } else { 0 }..).unwrap_or_default();
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finder(secret: &str) -> Finder {
        let mut hidden = Hidden::default();
        hidden.add(secret);
        hidden.finder()
    }

    fn found(secret: &str, text: &str) -> Vec<Span> {
        finder(secret).find(text)
    }

    #[test]
    fn pieces_are_found_in_any_letter_case() {
        assert_eq!(found("k9-pond-lily", "x POND-LI y"), [Span::new(2, 9)]);
        assert_eq!(found("k9-pond-lily", "pond-"), []);
        assert_eq!(found("short", "short"), []);
        assert_eq!(found("a%2Fb%2Bc%3D12", "see a/b+c="), [Span::new(4, 10)]);
        assert_eq!(found("ab\\\"cd\\u002fef", "ab\"cd/ef"), [Span::new(0, 8)]);
        assert_eq!(found("ab''cdefg", "ab'cdefg"), [Span::new(0, 8)]);
    }

    #[test]
    fn a_phrase_is_found_by_what_no_word_is() {
        let phrase = |secret: &str, text: &str| {
            let mut hidden = Hidden::default();
            let secret_found = Secret {
                span: Span::of(0, secret.len()),
                kind: crate::syntax::connection::SecretKind::Password,
                certain: false,
                telling: Telling::Phrase,
            };
            hidden.learn(&secret_found, secret);
            hidden.finder().find(text)
        };
        let horse = "correct-horse-battery";
        assert_eq!(phrase(horse, "correct Horse, Battery"), []);
        assert_eq!(phrase(horse, "x Correct-Horse-Battery y"), [Span::new(2, 23)]);
        assert_eq!(phrase(horse, "ct-hor"), [Span::new(0, 6)]);
        assert_eq!(phrase("hunterpassphrase", "a hunter"), []);
        assert_eq!(phrase("hunterpassphrase", "terpassphrase"), [Span::new(0, 13)]);
    }

    #[test]
    fn pieces_are_found_in_other_forms() {
        for text in [
            "azktcG9uZC1saWx5",       // k9-pond-lily
            "YWs5LXBvbmQtbGlseS1i",   // ak9-pond-lily-b
            "YWFrOS1wb25kLWxpbHk",    // aak9-pond-lily
            "x/azktcG9uZC1saWx5",     // after what is no part of it
            "awA5AC0AcABvAG4AZAAtAA", // UTF-16
            "k9%2Dpond%2Dlily",
            r"k9\u002dpond\u002dlily",
            "YXprdGNHOXVaQzFzYVd4NQ", // in base64 twice
        ] {
            assert!(!found("k9-pond-lily", text).is_empty(), "{text}");
            assert_eq!(found("q7-tide-rock", text), [], "{text}");
        }
        // The word in base64 is known as well.
        assert_eq!(found("azktcG9uZC1saWx5", "k9-pond-lily"), [Span::new(0, 12)]);
    }

    #[test]
    fn nothing_of_a_secret_is_printed() {
        assert_eq!(
            format!("{:?} {:?}", Hidden::default(), finder("k9-pond-lily")),
            "Hidden Finder"
        );
    }

    #[test]
    fn a_secret_that_comes_up_often_is_kept_once() {
        let mut hidden = Hidden::default();
        for _ in 0..100_000 {
            hidden.add("k9-pond-lily-77");
        }
        assert_eq!(hidden.pieces.len(), "k9-pond-lily-77".len() - PIECE + 1);
    }

    #[test]
    fn most_texts_need_no_search_however_many_pieces_there_are() {
        let mut hidden = Hidden::default();
        for number in 0..20_000 {
            hidden.add(&format!("k{number}-pond-{number}"));
        }
        let finder = hidden.finder();
        let set: u32 = finder.table.iter().map(|word| word.count_ones()).sum();
        assert!(u64::from(set) * 8 < 1 << finder.bits, "{set} of 2^{}", finder.bits);
        assert_eq!(finder.find("see 777-pond-777"), [Span::new(4, 16)]);
    }

    #[test]
    fn long_texts_take_linear_time() {
        let finder = finder("k9-pond-lily-77");
        crate::syntax::growth::assert_linear("pieces of secrets", ["", "pond-lily k9", ""], |text| finder.find(text));
    }

    proptest! {
        #[test]
        fn every_piece_is_covered(
            before in "\\PC{0,20}", after in "\\PC{0,20}", secret in "\\PC{6,30}", from in 0..30usize, length in 6..12usize,
        ) {
            let piece: String = secret.chars().skip(from).take(length).collect();
            prop_assume!(piece.chars().count() >= PIECE);
            let text = format!("{before}{piece}{after}");
            let spans = found(&secret, &text);
            let (start, end) = (before.len(), before.len() + piece.len());
            prop_assert!(spans.iter().all(|span| text.get(span.range()).is_some()));
            prop_assert!(spans.iter().any(|span| span.range().start <= start && end <= span.range().end), "{text:?} {spans:?}");
        }
    }
}
