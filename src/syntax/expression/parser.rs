//! The parser of the expression language. It stops at the first mistake.

use super::lexer::{Token, TokenKind, tokens};
use super::{Call, Expression, Kind};
use crate::syntax::{Parsed, SyntaxError};
use crate::text::{Escape, MappedText, Span, offset};

/// How high the tree of an expression may be; calls, property names and indices each count.
pub const MAX_HEIGHT: u32 = 128;

/// Parses the expression that stands on the bytes `span` of a text, without brackets or `@` around it.
#[must_use]
pub fn parse(source: &MappedText, span: Span) -> Parsed<Expression> {
    parse_with(source, span, &[])
}

/// The words that are values in the language of Data Factory and Logic Apps; each is read as a call without
/// arguments.
const WORDS: &[&str] = &["false", "null", "true"];

/// Parses an expression of Data Factory or Logic Apps that stands on the bytes `span` of a text, without `@`
/// or braces around it.
#[must_use]
pub fn parse_run_time(source: &MappedText, span: Span) -> Parsed<Expression> {
    parse_with(source, span, WORDS)
}

fn parse_with(source: &MappedText, span: Span, words: &'static [&'static str]) -> Parsed<Expression> {
    let text = span.of_text(source.as_str());
    let mut parser = Parser {
        source,
        tokens: tokens(text, span.start),
        at: 0,
        words,
        end: span.start + offset(text.len()),
    };
    let read = parser.expression(1).and_then(|read| match parser.peek() {
        None => Ok(read),
        Some(token) => Err(SyntaxError::new(token.span, "expected the end of the expression")),
    });
    match read {
        Ok(read) => Parsed {
            tree: read.expression,
            errors: Vec::new(),
        },
        Err(error) => Parsed {
            tree: Expression {
                span: Span::new(span.start, parser.end),
                kind: Kind::Broken,
            },
            errors: vec![error],
        },
    }
}

struct Parser<'t> {
    source: &'t MappedText,
    tokens: Vec<Token>,
    at: usize,
    /// Names that need no parentheses.
    words: &'static [&'static str],
    /// First byte after the expression.
    end: u32,
}

/// An expression and the height of its tree.
struct Read {
    expression: Expression,
    height: u32,
}

type Result<T> = std::result::Result<T, SyntaxError>;

impl Parser<'_> {
    fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    fn next_is(&self, kind: TokenKind) -> bool {
        self.peek().is_some_and(|token| token.kind == kind)
    }

    fn take(&mut self, kind: TokenKind) -> Option<Token> {
        let token = self.peek().filter(|token| token.kind == kind)?;
        self.at += 1;
        Some(token)
    }

    fn expect(&mut self, kind: TokenKind, what: &str) -> Result<Token> {
        self.take(kind).ok_or_else(|| self.expected(what))
    }

    fn expected(&self, what: &str) -> SyntaxError {
        let span = self.peek().map_or(Span::at(self.end), |token| token.span);
        SyntaxError::new(span, format!("expected {what}"))
    }

    fn text(&self, span: Span) -> &str {
        span.of_text(self.source.as_str())
    }

    /// The span from `start` to the end of the last token that was read.
    fn since(&self, start: u32) -> Span {
        let last = self.at.checked_sub(1).and_then(|index| self.tokens.get(index));
        Span::new(start, last.map_or(start, |token| token.span.end))
    }

    fn expression(&mut self, depth: u32) -> Result<Read> {
        let mut read = self.primary(depth)?;
        while let Some(safe) = self.accessor() {
            read = if self.take(TokenKind::Dot).is_some() {
                let safe = self.take(TokenKind::Question).is_some() || safe;
                self.property(read, safe)?
            } else {
                self.index(read, safe, depth)?
            };
            if depth + read.height > MAX_HEIGHT {
                return Err(too_deep(read.expression.span));
            }
        }
        Ok(read)
    }

    /// Whether a property or an index follows; the `?` before it is skipped and told.
    fn accessor(&mut self) -> Option<bool> {
        let follows = |token: Option<&Token>| {
            token.is_some_and(|token| matches!(token.kind, TokenKind::Dot | TokenKind::OpenBracket))
        };
        if follows(self.tokens.get(self.at)) {
            return Some(false);
        }
        if self.next_is(TokenKind::Question) && follows(self.tokens.get(self.at + 1)) {
            self.at += 1;
            return Some(true);
        }
        None
    }

    fn property(&mut self, base: Read, safe: bool) -> Result<Read> {
        let token = self.expect(TokenKind::Name, "the name of a property after the dot")?;
        Ok(Read {
            height: base.height + 1,
            expression: Expression {
                span: self.since(base.expression.span.start),
                kind: Kind::Property {
                    base: Box::new(base.expression),
                    name: self.text(token.span).to_owned(),
                    name_span: token.span,
                    safe,
                },
            },
        })
    }

    fn index(&mut self, base: Read, safe: bool, depth: u32) -> Result<Read> {
        self.expect(TokenKind::OpenBracket, "a bracket")?;
        let index = self.nested(depth)?;
        self.expect(TokenKind::CloseBracket, "a bracket that closes the index")?;
        Ok(Read {
            height: base.height.max(index.height) + 1,
            expression: Expression {
                span: self.since(base.expression.span.start),
                kind: Kind::Index {
                    base: Box::new(base.expression),
                    index: Box::new(index.expression),
                    safe,
                },
            },
        })
    }

    fn nested(&mut self, depth: u32) -> Result<Read> {
        if depth >= MAX_HEIGHT {
            return Err(too_deep(self.peek().map_or(Span::at(self.end), |token| token.span)));
        }
        self.expression(depth + 1)
    }

    fn primary(&mut self, depth: u32) -> Result<Read> {
        let Some(token) = self.peek() else {
            return Err(self.expected("a value or the name of a function"));
        };
        let kind = match token.kind {
            TokenKind::Name => return self.call(depth),
            TokenKind::Number => number(self.text(token.span)),
            TokenKind::String { closed: true } => Kind::String(literal(self.source, token.span)),
            TokenKind::String { closed: false } => {
                return Err(SyntaxError::new(
                    Span::new(token.span.start, token.span.start + 1),
                    "the quote that closes this text is missing",
                ));
            }
            _ => return Err(self.expected("a value or the name of a function")),
        };
        self.at += 1;
        Ok(Read {
            expression: Expression { span: token.span, kind },
            height: 1,
        })
    }

    fn call(&mut self, depth: u32) -> Result<Read> {
        let first = self.expect(TokenKind::Name, "the name of a function")?;
        let (namespace, last) = match self.take(TokenKind::Dot) {
            None => (None, first),
            Some(_) => (
                Some(self.text(first.span).to_owned()),
                self.expect(TokenKind::Name, "the name of a function after its namespace")?,
            ),
        };
        let name = self.text(last.span).to_owned();
        let is_word = namespace.is_none() && self.words.contains(&name.as_str()) && !self.next_is(TokenKind::Open);
        let (args, height) = if is_word {
            (Vec::new(), 0)
        } else {
            self.expect(TokenKind::Open, "a parenthesis after the name of a function")?;
            self.arguments(depth)?
        };
        Ok(Read {
            height: height + 1,
            expression: Expression {
                span: self.since(first.span.start),
                kind: Kind::Call(Call {
                    namespace,
                    name,
                    name_span: first.span.cover(last.span),
                    args,
                }),
            },
        })
    }

    /// The arguments up to the closing parenthesis, and the height of the highest.
    fn arguments(&mut self, depth: u32) -> Result<(Vec<Expression>, u32)> {
        let mut args = Vec::new();
        let mut height = 0;
        if self.take(TokenKind::Close).is_some() {
            return Ok((args, height));
        }
        loop {
            let read = self.nested(depth)?;
            height = height.max(read.height);
            args.push(read.expression);
            if self.take(TokenKind::Comma).is_none() {
                self.expect(TokenKind::Close, "a comma or a parenthesis that closes the call")?;
                return Ok((args, height));
            }
        }
    }
}

fn too_deep(span: Span) -> SyntaxError {
    SyntaxError::limit(
        span,
        format!("the expression is nested more than {MAX_HEIGHT} levels deep"),
    )
}

fn number(text: &str) -> Kind {
    match text.parse() {
        Ok(number) => Kind::Integer(number),
        Err(_) => text.parse().map_or(Kind::Broken, Kind::Float),
    }
}

/// The text of the literal at `span`, quotes included.
fn literal(source: &MappedText, span: Span) -> MappedText {
    let inner = Span::new(span.start + 1, span.end.saturating_sub(1));
    let text = inner.of_text(source.as_str());
    let mut out = MappedText::default();
    let mut plain = 0;
    for (at, _) in text.match_indices("''") {
        out.push_part(source, Span::of(plain, at).shift(inner.start));
        out.push_decoded("'", source, Span::of(at, at + 2).shift(inner.start));
        plain = at + 2;
    }
    out.push_part(source, Span::of(plain, text.len()).shift(inner.start));
    out.wrapped(Escape::Expression)
}
