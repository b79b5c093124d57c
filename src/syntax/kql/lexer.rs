//! The lexer: it cuts any text into tokens that tile it, each in time that its own length bounds.

use nom::branch::alt;
use nom::bytes::complete::{tag, take, take_till, take_while, take_while1};
use nom::character::complete::{char, one_of, satisfy};
use nom::combinator::{opt, peek, recognize, success, value, verify};
use nom::{IResult, Parser};

use super::boundary;
use crate::syntax::placeholder;
use crate::text::{HOLE, Span, offset};

/// How a string literal is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `"…"` with backslash escapes.
    Double,
    /// `'…'` with backslash escapes.
    Single,
    /// `@"…"` or `@'…'`: the quote is doubled, the backslash is itself.
    Verbatim,
    /// Between two fences of three backticks or three tildes: no escapes, several lines.
    Multiline,
}

/// What the lexer knows of a string literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Form {
    /// How it is written.
    pub(super) style: Style,
    /// Whether `h` or `H` stands before it.
    pub(super) obfuscated: bool,
    /// Bytes of the prefix and the opening quote.
    pub(super) open: u32,
    /// Bytes of the closing quote; none if it is missing.
    pub(super) close: u32,
}

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// White space within a line.
    Blank,
    /// One line break.
    Break,
    /// `//` and the rest of the line.
    Comment,
    /// `#` and the rest of the line.
    Directive,
    /// A keyword or an identifier; holes count as letters.
    Word,
    /// A number, a timespan, or an identifier that starts with a digit.
    Number,
    /// A literal such as `datetime(…)`, whose content is not KQL.
    Enclosed,
    /// A string literal.
    String(Form),
    /// Punctuation or an operator.
    Symbol,
    /// Data of `.ingest inline`, which is not KQL.
    Raw,
    /// A character that the language does not use.
    Stray,
}

impl TokenKind {
    /// Whether the token stands between others without a meaning of its own.
    pub(super) fn is_trivia(self) -> bool {
        matches!(self, Self::Blank | Self::Break | Self::Comment)
    }
}

/// A token and the bytes that it covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: TokenKind,
    /// Where it stands.
    pub(super) span: Span,
}

/// Types whose name directly before a parenthesis opens an [`TokenKind::Enclosed`] literal.
const ENCLOSING: &[&str] = &[
    "bool", "boolean", "date", "datetime", "decimal", "double", "guid", "int", "int32", "int64", "long", "real",
    "time", "timespan", "uniqueid", "uuid",
];

/// Operators of several characters; every other one is a single character.
const OPERATORS: &[&str] = &["<|", "=~", "!~", "..", "=>", "==", "!=", "<=", ">=", "<>"];

type Lexed<'t> = IResult<&'t str, TokenKind>;

/// The token at the start of `rest` and its length in bytes; `None` at the end of the text.
pub(super) fn token(rest: &str) -> Option<(TokenKind, u32)> {
    let first = rest.chars().next()?;
    let mut any = alt((
        blank,
        line_break,
        comment,
        placeholder_word,
        directive,
        string,
        number,
        word,
        symbol,
    ));
    match any.parse(rest) {
        Ok((after, kind)) if after.len() < rest.len() => Some((kind, offset(rest.len() - after.len()))),
        _ => Some((TokenKind::Stray, offset(first.len_utf8()))),
    }
}

/// Whether a character is white space that does not end the line.
pub(super) fn is_blank(character: char) -> bool {
    matches!(
        character,
        ' ' | '\t' | '\u{b}' | '\u{c}' | '\u{a0}' | '\u{1680}' | '\u{180e}' | '\u{2000}'
            ..='\u{200b}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{feff}'
    )
}

/// Whether a character ends a line for the splitter.
pub(super) fn is_line_end(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

fn starts_word(character: char) -> bool {
    character.is_alphabetic() || matches!(character, '_' | '$' | HOLE)
}

fn continues_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | HOLE)
}

fn blank(i: &str) -> Lexed<'_> {
    value(TokenKind::Blank, take_while1(is_blank)).parse(i)
}

fn line_break(i: &str) -> Lexed<'_> {
    value(TokenKind::Break, alt((tag("\r\n"), recognize(satisfy(is_line_end))))).parse(i)
}

fn comment(i: &str) -> Lexed<'_> {
    value(TokenKind::Comment, (tag("//"), take_till(is_line_end))).parse(i)
}

/// `#{name}#`, which is no directive: a name that a pipeline fills in.
fn placeholder_word(i: &str) -> Lexed<'_> {
    peek(tag("#{")).parse(i)?;
    let (after, name) = take_bytes(i, placeholder::length(i).unwrap_or_default());
    verify(success(TokenKind::Word), |_| !name.is_empty()).parse(after)
}

fn directive(i: &str) -> Lexed<'_> {
    value(TokenKind::Directive, (char('#'), take_till(is_line_end))).parse(i)
}

fn number(i: &str) -> Lexed<'_> {
    let digits = || (satisfy(|c| c.is_ascii_digit()), take_while(continues_word));
    value(TokenKind::Number, (digits(), opt((char('.'), digits())))).parse(i)
}

fn word(i: &str) -> Lexed<'_> {
    let (after, name) = recognize((satisfy(starts_word), take_while(continues_word))).parse(i)?;
    if ENCLOSING.contains(&name)
        && let Ok((after, _)) = enclosed(after)
    {
        return Ok((after, TokenKind::Enclosed));
    }
    Ok((after, TokenKind::Word))
}

/// The parentheses of an enclosed literal. They close on their line and hold no others: what does not
/// is an ordinary call, and no character is looked at twice.
fn enclosed(i: &str) -> IResult<&str, &str> {
    let inside = take_while(|c| !matches!(c, '(' | ')') && !is_line_end(c));
    recognize((char('('), inside, char(')'))).parse(i)
}

fn symbol(i: &str) -> Lexed<'_> {
    let operator = verify(take(2usize), |pair: &str| OPERATORS.contains(&pair));
    let single = recognize(satisfy(|c| c.is_ascii_punctuation()));
    value(TokenKind::Symbol, alt((operator, single))).parse(i)
}

fn string(i: &str) -> Lexed<'_> {
    let (after, (prefix, at)) = (opt(one_of("hH")), opt(char('@'))).parse(i)?;
    let (body, quote) = alt((tag("```"), tag("~~~"), tag("\""), tag("'"))).parse(after)?;
    let (style, (content, close)) = match quote {
        "\"" if at.is_none() => (Style::Double, escaped_content(body, b'"')),
        "'" if at.is_none() => (Style::Single, escaped_content(body, b'\'')),
        "\"" => (Style::Verbatim, verbatim_content(body, b'"')),
        "'" => (Style::Verbatim, verbatim_content(body, b'\'')),
        fence => (Style::Multiline, fenced_content(body, fence)),
    };
    let form = Form {
        style,
        obfuscated: prefix.is_some(),
        open: offset(i.len() - body.len()),
        close: offset(close),
    };
    let (after, _) = take_bytes(body, content + close);
    Ok((after, TokenKind::String(form)))
}

/// The text after the first `count` bytes, and those bytes.
fn take_bytes(i: &str, count: usize) -> (&str, &str) {
    i.split_at_checked(count)
        .map_or(("", i), |(taken, after)| (after, taken))
}

/// Lengths of the content and of the closing quote of a literal with backslash escapes.
fn escaped_content(body: &str, quote: u8) -> (usize, usize) {
    let bytes = body.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\n' | b'\r' => return (at, 0),
            b'\\' if !matches!(bytes.get(at + 1), None | Some(b'\n' | b'\r')) => at += 2,
            byte if *byte == quote => return (at, 1),
            _ => at += 1,
        }
    }
    (body.len(), 0)
}

/// Lengths of the content and of the closing quote of a literal whose quotes are doubled.
fn verbatim_content(body: &str, quote: u8) -> (usize, usize) {
    let bytes = body.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\n' | b'\r' => return (at, 0),
            byte if *byte != quote => at += 1,
            _ if bytes.get(at + 1) == Some(&quote) => at += 2,
            _ => return (at, 1),
        }
    }
    (body.len(), 0)
}

/// Lengths of the content and of the closing fence. Without one the literal ends before the next line
/// that certainly starts a command, so that it does not hide the rest of the script; likewise when the
/// only fence left opens the literal of such a command.
fn fenced_content(body: &str, fence: &str) -> (usize, usize) {
    let Some(at) = memchr::memmem::find(body.as_bytes(), fence.as_bytes()) else {
        return (boundary::next_command(body).unwrap_or(body.len()), 0);
    };
    let (content, after) = body.split_at_checked(at).unwrap_or((body, ""));
    let after = after.strip_prefix(fence).unwrap_or(after).trim_start_matches(is_blank);
    let alone = content
        .rsplit(is_line_end)
        .next()
        .is_none_or(|line| line.chars().all(is_blank));
    let may_open = after.starts_with(['[', '{']) || (!alone && after.starts_with(is_line_end));
    match boundary::command_before_fence(content).filter(|_| may_open) {
        Some(command) => (command, 0),
        None => (at, fence.len()),
    }
}
