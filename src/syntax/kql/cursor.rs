//! A cursor over the tokens of one command or query that have a meaning.

use std::sync::Arc;

use super::ast::{Name, PropertyPair, PropertyValue};
use super::lexer::{Token, TokenKind};
use super::literal::{Literal, LiteralPart};
use crate::syntax::placeholder::symbolic;
use crate::text::{HOLE, MappedText, Span, Symbol};

/// Tokens that may make up a bare name or a place-holder; longer runs are no names.
const NAME_TOKENS: usize = 16;

/// The tokens of a command or query, without white space and comments, and a place among them.
pub(super) struct Cursor<'a> {
    source: &'a MappedText,
    tokens: &'a [Token],
    /// The string tokens among them, decoded, in order.
    parts: &'a [LiteralPart],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(source: &'a MappedText, tokens: &'a [Token], parts: &'a [LiteralPart]) -> Self {
        Self {
            source,
            tokens,
            parts,
            at: 0,
        }
    }

    /// Index of the next token.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Goes to the token `at`.
    pub(super) fn go(&mut self, at: usize) {
        self.at = at;
    }

    pub(super) fn tokens(&self) -> &'a [Token] {
        self.tokens
    }

    /// The text that the tokens were cut from.
    pub(super) fn source(&self) -> &'a MappedText {
        self.source
    }

    fn token(&self, index: usize) -> Option<Token> {
        self.tokens.get(index).copied()
    }

    /// The text of the token `index`; empty past the end.
    pub(super) fn text(&self, index: usize) -> &'a str {
        self.token(index)
            .map_or("", |token| token.span.of_text(self.source.as_str()))
    }

    /// The next token's text; empty at the end.
    pub(super) fn peek(&self) -> &'a str {
        self.text(self.at)
    }

    pub(super) fn at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    fn kind(&self, index: usize) -> Option<TokenKind> {
        self.token(index).map(|token| token.kind)
    }

    /// Whether nothing stands between the token `index` and the one before it.
    fn touches(&self, index: usize) -> bool {
        match (
            index.checked_sub(1).and_then(|before| self.token(before)),
            self.token(index),
        ) {
            (Some(before), Some(token)) => before.span.end == token.span.start,
            _ => false,
        }
    }

    /// The bytes of the tokens `from..to`.
    pub(super) fn span(&self, from: usize, to: usize) -> Span {
        match (self.token(from), to.checked_sub(1).and_then(|last| self.token(last))) {
            (Some(first), Some(last)) => Span::new(first.span.start, last.span.end),
            _ => self
                .tokens
                .last()
                .map_or_else(Span::default, |last| Span::at(last.span.end)),
        }
    }

    /// Whether the next token is this symbol, which is stepped over then.
    pub(super) fn eat(&mut self, symbol: &str) -> bool {
        let eaten = self.kind(self.at) == Some(TokenKind::Symbol) && self.peek() == symbol;
        self.at += usize::from(eaten);
        eaten
    }

    /// Index after the word at `index`: words and hyphens that touch.
    fn word_end(&self, index: usize) -> usize {
        if self.kind(index) != Some(TokenKind::Word) {
            return index;
        }
        let mut end = index + 1;
        while self.text(end) == "-" && self.touches(end) && self.touches(end + 1) {
            match self.kind(end + 1) {
                Some(TokenKind::Word | TokenKind::Number) => end += 2,
                _ => break,
            }
        }
        end
    }

    /// The next word with its hyphenated parts; empty if there is none.
    pub(super) fn peek_word(&self) -> &'a str {
        let end = self.word_end(self.at);
        if end == self.at {
            return "";
        }
        self.span(self.at, end).of_text(self.source.as_str())
    }

    /// Steps over the next word.
    pub(super) fn word(&mut self) -> Option<Span> {
        let from = self.at;
        self.at = self.word_end(from);
        (self.at > from).then(|| self.span(from, self.at))
    }

    /// Whether the next word is `word`, which is stepped over then.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let found = self.peek_word() == word;
        if found {
            self.at = self.word_end(self.at);
        }
        found
    }

    /// The string at the next token: all adjacent string tokens.
    pub(super) fn literal(&mut self) -> Option<Literal> {
        let mut literal = Literal::new(self.part(self.at)?);
        self.at += 1;
        while let Some(part) = self.part(self.at) {
            literal.join(part);
            self.at += 1;
        }
        Some(literal)
    }

    /// The string token that is next, without those that continue it: where a name and a text follow each
    /// other, each is one token.
    pub(super) fn literal_token(&mut self) -> Option<Literal> {
        let part = self.part(self.at)?;
        self.at += 1;
        Some(Literal::new(part))
    }

    /// The decoded string token `index`.
    pub(super) fn part(&self, index: usize) -> Option<LiteralPart> {
        let token = self.token(index)?;
        if !matches!(token.kind, TokenKind::String(_)) {
            return None;
        }
        let found = self
            .parts
            .binary_search_by_key(&token.span.start, |part| part.span.start);
        self.parts.get(found.ok()?).cloned()
    }

    /// Index of the bracket that closes the one at `open`, or the end of the tokens.
    pub(super) fn closing(&self, open: usize) -> usize {
        let mut depth = 0usize;
        for index in open..self.tokens.len() {
            match self.text(index) {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                _ => continue,
            }
            if depth == 0 {
                return index;
            }
        }
        self.tokens.len()
    }

    /// The next name: bare, in quotes, in brackets, or a place-holder.
    pub(super) fn name(&mut self) -> Option<Name> {
        let from = self.at;
        let text = match self.kind(from)? {
            TokenKind::String(_) => {
                self.at += 1;
                self.part(from).map(|part| symbolic(&part.value))
            }
            TokenKind::Symbol if self.peek() == "[" => self.bracketed(),
            TokenKind::Word | TokenKind::Number | TokenKind::Symbol => self.bare_name(),
            _ => None,
        };
        let Some(text) = text else {
            self.at = from;
            return None;
        };
        let span = self.span(from, self.at);
        Some(Name { text, span })
    }

    /// A bare name, place-holders in it. Hyphens are no part of one, but are read as such.
    fn bare_name(&mut self) -> Option<MappedText> {
        let limit = self.at + NAME_TOKENS;
        let mut name = self.name_piece()?;
        while self.at < limit && self.touches(self.at) {
            let piece = if self.eat("-") {
                self.source.part(self.span(self.at - 1, self.at))
            } else if let Some(piece) = self.name_piece() {
                piece
            } else {
                break;
            };
            name.push(&piece);
        }
        Some(name)
    }

    fn name_piece(&mut self) -> Option<MappedText> {
        if let Some(text) = self.placeholder() {
            return Some(text);
        }
        if !matches!(self.kind(self.at), Some(TokenKind::Word | TokenKind::Number)) {
            return None;
        }
        self.at += 1;
        Some(self.source.part(self.span(self.at - 1, self.at)))
    }

    /// A name in brackets.
    fn bracketed(&mut self) -> Option<MappedText> {
        let from = self.at;
        let close = (from + 1..from + NAME_TOKENS).find(|index| self.text(*index) == "]")?;
        self.at = from + 1;
        let text = match self.literal() {
            Some(literal) if self.at == close => symbolic(&literal.value),
            _ => {
                let inner = self.span(from + 1, close);
                if close == from + 1 {
                    return None;
                }
                symbolic(&self.source.part(inner))
            }
        };
        self.at = close + 1;
        Some(text)
    }

    /// A place-holder of another tool, such as `<name>`, `{name}`, `{{name}}`, `$(name)`, `%%name%%`,
    /// `#{name}#`, `@@name@@`.
    fn placeholder(&mut self) -> Option<MappedText> {
        let from = self.at;
        if self.text(from).starts_with("#{") && self.kind(from) == Some(TokenKind::Word) {
            self.at += 1;
            return Some(symbolic(&self.source.part(self.span(from, self.at))));
        }
        let closing = match self.text(from) {
            "<" => ">",
            "{" => "}",
            "$" if self.text(from + 1) == "{" => "}",
            "$" if self.text(from + 1) == "(" => ")",
            "@" if self.text(from + 1) != "@" => return None,
            mark @ ("%" | "$" | "@") => mark,
            _ => return None,
        };
        let limit = from + NAME_TOKENS;
        let mut end = (from + 2..limit).find(|index| self.text(*index) == closing)? + 1;
        while end < limit && self.touches(end) && self.text(end) == closing {
            end += 1;
        }
        let span = self.span(from, end);
        let written = span.of_text(self.source.as_str());
        if written.contains(['\n', '\r']) {
            return None;
        }
        self.at = end;
        let symbol = Arc::new(Symbol::Placeholder(written.to_owned()));
        let mut text = MappedText::default();
        match self.source.source(span) {
            Some(place) if !written.contains(HOLE) => text.push(&MappedText::hole(symbol, place)),
            _ => text = self.source.part(span),
        }
        Some(text)
    }

    /// A name with the name of its database before it: `T`, `D.T`, `database('D').T`.
    pub(super) fn qualified_name(&mut self) -> Option<(Option<Name>, Name)> {
        if self.peek() == "database" && self.text(self.at + 1) == "(" {
            let start = self.at;
            self.at += 2;
            let database = self.name();
            if self.eat(")") && self.eat(".") {
                return Some((database, self.name()?));
            }
            self.at = start;
        }
        let first = self.name()?;
        if self.peek() == "." && self.touches(self.at) && self.touches(self.at + 1) {
            self.at += 1;
            if let Some(second) = self.name() {
                return Some((Some(first), second));
            }
        }
        Some((None, first))
    }

    /// The names of a list in parentheses, those with a database before them without it.
    pub(super) fn names(&mut self) -> Vec<Name> {
        if !self.eat("(") {
            return Vec::new();
        }
        let close = self.closing(self.at - 1);
        let mut names = Vec::new();
        while self.at < close {
            match self.qualified_name() {
                Some((_, name)) => names.push(name),
                None => self.at += 1,
            }
        }
        self.at = close + 1;
        names
    }

    /// The strings of a list in parentheses, separated by commas, or one string without parentheses.
    pub(super) fn literals(&mut self) -> Vec<Literal> {
        if !self.eat("(") {
            return self.literal().into_iter().collect();
        }
        let close = self.closing(self.at - 1);
        let mut literals = Vec::new();
        while self.at < close {
            match self.literal() {
                Some(literal) => literals.push(literal),
                None => self.at += 1,
            }
        }
        self.at = close + 1;
        literals
    }

    /// The properties of `with (…)`, if `with` is next.
    pub(super) fn properties(&mut self) -> Vec<PropertyPair> {
        let start = self.at;
        if !(self.eat_word("with") && self.eat("(")) {
            self.at = start;
            return Vec::new();
        }
        let close = self.closing(self.at - 1);
        let mut pairs = Vec::new();
        while self.at < close {
            pairs.extend(self.property(close));
        }
        self.at = close + 1;
        pairs
    }

    /// One property and the comma after it.
    fn property(&mut self, close: usize) -> Option<PropertyPair> {
        let name = self.property_name();
        let assigned = self.eat("=");
        let from = self.at;
        let literal = self.literal().filter(|_| self.at >= close || self.peek() == ",");
        self.at = from;
        while self.at < close && self.peek() != "," {
            self.at = match self.peek() {
                "(" | "[" | "{" => self.closing(self.at) + 1,
                _ => self.at + 1,
            };
        }
        let to = self.at.min(close);
        self.at = to + 1;
        let (name, name_span) = name.filter(|_| assigned)?;
        let span = if to > from {
            self.span(from, to)
        } else {
            Span::at(name_span.end)
        };
        let value = literal.map_or_else(
            || PropertyValue::Bare {
                text: self.source.part(span),
                span,
            },
            PropertyValue::Literal,
        );
        Some(PropertyPair { name, name_span, value })
    }

    fn property_name(&mut self) -> Option<(String, Span)> {
        if let Some(part) = self.part(self.at) {
            self.at += 1;
            return Some((part.value.as_str().to_owned(), part.span));
        }
        let span = self.word()?;
        Some((span.of_text(self.source.as_str()).to_owned(), span))
    }
}
