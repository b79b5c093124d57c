//! Strings that are known before a query runs: literals, names that `let` binds to them, and what `strcat`, `strcat_delim`
//! and `base64_decode_tostring` make of both.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cursor::Cursor;
use super::lexer::TokenKind;
use super::literal::Literal;
use crate::syntax::connection::base64_text;
use crate::text::{MappedText, Span, Symbol};

/// Strings that one range of tokens may stand for.
const STRINGS: usize = 32;

/// Bytes of an argument that is kept as it is written where it is not constant.
const LONGEST: usize = 200;

/// How deep names bound by `let` and calls of `strcat` are followed.
const DEPTH: usize = 8;

/// Tokens and bytes that may be looked at or copied, for each that the block has: a name that is used often
/// is read several times, but not without end.
const LOOKS: usize = 8;

/// The function whose argument is the base64 of what it gives.
const DECODE: &str = "base64_decode_tostring";

/// The strings in a block that are made of several literals, or of a literal that stands for another text.
pub(super) fn assembled(cursor: &Cursor<'_>, block: Span) -> Vec<Literal> {
    let text = block.of_text(cursor.source().as_str()).as_bytes();
    if ["strcat", DECODE]
        .iter()
        .all(|name| memchr::memmem::find(text, name.as_bytes()).is_none())
    {
        return Vec::new();
    }
    let mut strings = Constants::new(cursor).strings(0, cursor.tokens().len());
    strings.retain(|string| {
        let written: u32 = string.parts.iter().map(|part| part.value.len()).sum();
        let mut parts = string.parts.iter().skip(1);
        parts.any(|part| !part.joined) || written != string.value.len()
    });
    strings
}

/// A reader of constant strings among the tokens of one block.
pub(super) struct Constants<'c, 'a> {
    cursor: &'c Cursor<'a>,
    /// The tokens of the value of each name that a `let` binds; read when first asked for.
    lets: Option<BTreeMap<&'a str, (usize, usize)>>,
    tokens: usize,
    bytes: usize,
}

impl<'c, 'a> Constants<'c, 'a> {
    pub(super) fn new(cursor: &'c Cursor<'a>) -> Self {
        let tokens = cursor.tokens();
        let length = cursor.span(0, tokens.len()).range().len();
        Self {
            cursor,
            lets: None,
            tokens: 4096 + LOOKS * tokens.len(),
            bytes: 4096 + LOOKS * length,
        }
    }

    /// The strings among the tokens `from..to`, in order. A name that a `let` binds stands for the strings of
    /// its value; a `strcat` is one string.
    pub(super) fn strings(&mut self, from: usize, to: usize) -> Vec<Literal> {
        let mut found = Vec::new();
        self.collect(from, to, 0, &mut found);
        found
    }

    fn collect(&mut self, from: usize, to: usize, depth: usize, found: &mut Vec<Literal>) {
        let mut at = from;
        while at < to && self.spend(1) && (depth == 0 || found.len() < STRINGS) {
            let next = at + 1;
            at = if let Some((literal, end)) = self.adjacent(at, to) {
                found.push(literal);
                end
            } else if self.is_call(at) {
                let close = self.cursor.closing(next).min(to);
                self.tokens = self.tokens.saturating_sub(close - at);
                found.extend(self.called(at, close, depth + 1));
                close + 1
            } else {
                if let Some((start, end)) = self.bound(at).filter(|_| depth < DEPTH) {
                    let first = found.len();
                    self.collect(start, end, depth + 1, found);
                    found.iter_mut().skip(first).for_each(Literal::share);
                }
                next
            };
        }
    }

    /// The string at `at`, with those that follow it before `to`, and the token after it.
    fn adjacent(&mut self, at: usize, to: usize) -> Option<(Literal, usize)> {
        let mut literal: Option<Literal> = None;
        let mut end = at;
        while end < to && self.is_string(end) && self.afford(end) {
            let part = self.cursor.part(end)?;
            match &mut literal {
                Some(literal) => literal.join(part),
                None => literal = Some(Literal::new(part)),
            }
            end += 1;
        }
        Some((literal?, end))
    }

    /// Whether a call starts at `at` that makes a string of constants.
    fn is_call(&self, at: usize) -> bool {
        matches!(self.cursor.text(at), "strcat" | "strcat_delim" | DECODE) && self.cursor.text(at + 1) == "("
    }

    /// What the call at `at` gives, whose arguments end at `close`.
    fn called(&mut self, at: usize, close: usize, depth: usize) -> Option<Literal> {
        let first = at + 2;
        match self.cursor.text(at) {
            "strcat" => self.joined(first, close, None, depth),
            DECODE => {
                let mut literal = self.constant(first, close, depth)?;
                let text = base64_text(literal.value.known()?)?;
                literal.value = MappedText::computed(text, literal.value.whole_source()?);
                Some(literal)
            }
            _ => {
                let end = self.argument_end(first, close);
                let delimiter = match self.constant(first, end, depth) {
                    Some(delimiter) => delimiter.value,
                    None => self.hole(first, end),
                };
                self.joined(end + 1, close, Some(&delimiter.shared()), depth)
            }
        }
    }

    /// The arguments `from..to` of a `strcat` as one string, in which an argument that is not constant is a
    /// hole; none if all are. Between two of them stands the `delimiter`.
    fn joined(&mut self, from: usize, to: usize, delimiter: Option<&MappedText>, depth: usize) -> Option<Literal> {
        let mut whole: Option<Literal> = None;
        let mut ahead = MappedText::default();
        let mut start = from;
        while start < to && self.spend(1) {
            let end = self.argument_end(start, to);
            let piece = self.constant(start, end, depth);
            if let Some(delimiter) = delimiter.filter(|_| start > from) {
                whole
                    .as_mut()
                    .map_or(&mut ahead, |whole| &mut whole.value)
                    .push(delimiter);
            }
            match (&mut whole, piece) {
                (Some(whole), Some(piece)) => whole.append(&piece),
                (Some(whole), None) => whole.value.push(&self.hole(start, end)),
                (None, Some(mut piece)) => {
                    ahead.push(&piece.value);
                    piece.value = std::mem::take(&mut ahead);
                    whole = Some(piece);
                }
                (None, None) => ahead.push(&self.hole(start, end)),
            }
            start = end + 1;
        }
        whole
    }

    /// The one string that the tokens `from..to` are.
    fn constant(&mut self, from: usize, to: usize, depth: usize) -> Option<Literal> {
        if depth > DEPTH || !self.spend(to.saturating_sub(from)) {
            return None;
        }
        if let Some((literal, end)) = self.adjacent(from, to) {
            return (end == to).then_some(literal);
        }
        if self.is_call(from) {
            let close = self.cursor.closing(from + 1);
            return (close + 1 == to).then(|| self.called(from, close, depth + 1)).flatten();
        }
        let (start, end) = self.bound(from).filter(|_| from + 1 == to)?;
        let mut found = self.constant(start, end, depth + 1)?;
        found.share();
        Some(found)
    }

    /// The comma after the argument at `from`, or `to`.
    fn argument_end(&mut self, from: usize, to: usize) -> usize {
        let mut at = from;
        while at < to && self.cursor.text(at) != "," && self.spend(1) {
            at = match self.cursor.text(at) {
                "(" | "[" | "{" => self.cursor.closing(at) + 1,
                _ => at + 1,
            };
        }
        at.min(to)
    }

    /// What stands for the argument `from..to`, which only a run of the query tells.
    fn hole(&self, from: usize, to: usize) -> MappedText {
        let span = self.cursor.span(from, to);
        let text = self.cursor.source().part(span);
        if text.as_str().len() > LONGEST {
            // Its place tells it from others.
            let place = text.whole_source().unwrap_or_default();
            return MappedText::hole(
                Arc::new(Symbol::Expression(format!("expression at byte {}", place.span.start))),
                place,
            );
        }
        match text.whole_source() {
            Some(place) if text.is_known() => {
                MappedText::hole(Arc::new(Symbol::Expression(text.as_str().to_owned())), place)
            }
            _ => text,
        }
    }

    /// The tokens of the value of the name at `index`, if a `let` binds it elsewhere.
    fn bound(&mut self, index: usize) -> Option<(usize, usize)> {
        let cursor = self.cursor;
        if cursor.tokens().get(index)?.kind != TokenKind::Word {
            return None;
        }
        let lets = self.lets.get_or_insert_with(|| lets(cursor));
        let (from, to) = lets.get(cursor.text(index)).copied()?;
        (!(from..to).contains(&index)).then_some((from, to))
    }

    fn is_string(&self, index: usize) -> bool {
        let token = self.cursor.tokens().get(index);
        token.is_some_and(|token| matches!(token.kind, TokenKind::String(_)))
    }

    /// Takes the bytes of the token `index` from what is left.
    fn afford(&mut self, index: usize) -> bool {
        let length = self
            .cursor
            .tokens()
            .get(index)
            .map_or(0, |token| token.span.range().len());
        let enough = self.bytes >= length;
        self.bytes = self.bytes.saturating_sub(length);
        enough
    }

    fn spend(&mut self, tokens: usize) -> bool {
        let enough = self.tokens >= tokens;
        self.tokens = self.tokens.saturating_sub(tokens);
        enough
    }
}

/// The tokens after `let NAME =`, up to the semicolon, of every name; the last binding wins.
fn lets<'a>(cursor: &Cursor<'a>) -> BTreeMap<&'a str, (usize, usize)> {
    let mut lets = BTreeMap::new();
    let mut open = None;
    for index in 0..cursor.tokens().len() {
        match cursor.text(index) {
            "let" if cursor.text(index + 2) == "=" => open = Some((cursor.text(index + 1), index + 3)),
            ";" => {
                if let Some((name, from)) = open.take() {
                    lets.insert(name, (from, index));
                }
            }
            _ => {}
        }
    }
    lets
}
