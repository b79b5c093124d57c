//! Tokens of the expression language. Every text has tokens: what fits nowhere is [`TokenKind::Other`].

use nom::branch::alt;
use nom::bytes::complete::{is_not, tag, take_while, take_while1};
use nom::character::complete::{anychar, char, digit1, multispace1, one_of};
use nom::combinator::{map, opt, recognize, value};
use nom::multi::many0_count;
use nom::{IResult, Parser};

use crate::text::{Span, offset};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name.
    Name,
    /// A literal in single quotes.
    String {
        /// Whether the closing quote is there.
        closed: bool,
    },
    /// A number, with its sign.
    Number,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `[`
    OpenBracket,
    /// `]`
    CloseBracket,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// `?`
    Question,
    /// White space, which the parser never sees.
    Space,
    /// Any other character.
    Other,
}

/// A token and its bytes in the whole text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
}

/// The tokens of `text`, which starts at the byte `base` of the whole text.
pub(super) fn tokens(text: &str, base: u32) -> Vec<Token> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Ok((after, kind)) = token(rest) {
        let from = offset(text.len() - rest.len());
        let to = offset(text.len() - after.len());
        if kind != TokenKind::Space {
            out.push(Token {
                kind,
                span: Span::new(from, to).shift(base),
            });
        }
        rest = after;
    }
    out
}

/// The first token of a text; fails at its end only.
fn token(text: &str) -> IResult<&str, TokenKind> {
    alt((
        value(TokenKind::Space, multispace1),
        value(TokenKind::Name, name),
        string,
        value(TokenKind::Number, number),
        punctuation,
        value(TokenKind::Other, anychar),
    ))
    .parse(text)
}

fn name(text: &str) -> IResult<&str, &str> {
    recognize((
        take_while1(|character: char| character.is_ascii_alphabetic() || character == '_'),
        take_while(|character: char| character.is_ascii_alphanumeric() || character == '_'),
    ))
    .parse(text)
}

fn string(text: &str) -> IResult<&str, TokenKind> {
    map(
        (char('\''), many0_count(alt((is_not("'"), tag("''")))), opt(char('\''))),
        |(_, _, close)| TokenKind::String {
            closed: close.is_some(),
        },
    )
    .parse(text)
}

fn number(text: &str) -> IResult<&str, &str> {
    recognize((
        opt(one_of("+-")),
        digit1,
        opt((char('.'), digit1)),
        opt((one_of("eE"), opt(one_of("+-")), digit1)),
    ))
    .parse(text)
}

fn punctuation(text: &str) -> IResult<&str, TokenKind> {
    alt((
        value(TokenKind::Open, char('(')),
        value(TokenKind::Close, char(')')),
        value(TokenKind::OpenBracket, char('[')),
        value(TokenKind::CloseBracket, char(']')),
        value(TokenKind::Comma, char(',')),
        value(TokenKind::Dot, char('.')),
        value(TokenKind::Question, char('?')),
    ))
    .parse(text)
}
