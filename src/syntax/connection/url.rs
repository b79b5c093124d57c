//! The URL at the start of a connection string, or in one of its values.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_till, take_while, take_while1};
use nom::character::complete::char;
use nom::combinator::{opt, recognize};
use nom::sequence::{preceded, terminated};
use nom::{IResult, Parser};

use super::Part;
use crate::text::{MappedText, Span};

/// A URL in pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    /// The whole URL.
    pub span: Span,
    /// What stands before `://`.
    pub scheme: Part,
    /// What stands before `@` in the authority: the file system in `abfss://fs@account…`.
    pub user: Option<Part>,
    /// The host, without its port.
    pub host: Part,
    /// The port.
    pub port: Option<Part>,
    /// The path with its first `/`; empty when there is none.
    pub path: Part,
    /// What stands after `?`.
    pub query: Option<Part>,
}

/// The pieces of a URL as slices of the text.
struct Pieces<'t> {
    scheme: &'t str,
    user: Option<&'t str>,
    host: &'t str,
    port: Option<&'t str>,
    path: &'t str,
    query: Option<&'t str>,
}

fn scheme(text: &str) -> IResult<&str, &str> {
    terminated(
        recognize((
            take_while1(|c: char| c.is_ascii_alphabetic()),
            take_while(|c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')),
        )),
        tag("://"),
    )
    .parse(text)
}

fn user(text: &str) -> IResult<&str, &str> {
    terminated(take_till(|c| matches!(c, '@' | '/' | '?' | ';' | '#')), char('@')).parse(text)
}

fn authority_part(text: &str) -> IResult<&str, &str> {
    alt((
        recognize((char('['), take_till(|c| matches!(c, ']' | ';')), char(']'))),
        take_till(|c| matches!(c, ':' | '/' | '?' | ';' | '#')),
    ))
    .parse(text)
}

fn url(text: &str) -> IResult<&str, Pieces<'_>> {
    let (text, scheme) = scheme(text)?;
    let (text, user) = opt(user).parse(text)?;
    let (text, host) = authority_part(text)?;
    let (text, port) = opt(preceded(char(':'), take_till(|c| matches!(c, '/' | '?' | ';' | '#')))).parse(text)?;
    let (text, path) = take_till(|c| matches!(c, '?' | ';')).parse(text)?;
    let (text, query) = opt(preceded(char('?'), take_till(|c| c == ';'))).parse(text)?;
    let pieces = Pieces {
        scheme,
        user,
        host,
        port,
        path,
        query,
    };
    Ok((text, pieces))
}

impl Url {
    /// The URL that starts at the start of `span` in `source`, up to the first `;`.
    #[must_use]
    pub fn parse(source: &MappedText, span: Span) -> Option<Self> {
        let text = span.of_text(source.as_str());
        let (rest, pieces) = url(text).ok()?;
        let length = text.len() - rest.len();
        let whole = text.get(..length)?.trim_end();
        let mut at = span.start as usize;
        let mut take = |piece: &str, sign: usize| {
            let part = Span::of(at, at + piece.len());
            at += piece.len() + sign;
            Part::of(source, part)
        };
        let after_host = usize::from(pieces.port.is_some());
        let scheme = take(pieces.scheme, 3);
        let user = pieces.user.map(|user| take(user, 1));
        let host = take(pieces.host, after_host);
        let port = pieces.port.map(|port| take(port, 0));
        let path = take(pieces.path, 1);
        let query = pieces.query.map(|query| take(query, 0));
        Some(Self {
            span: Span::of(span.start as usize, span.start as usize + whole.len()),
            scheme,
            user,
            host,
            port,
            path,
            query,
        })
    }

    /// The value of a parameter of the query, found without letter case.
    #[must_use]
    pub fn parameter(&self, source: &MappedText, name: &str) -> Option<Part> {
        let query = self.query.as_ref()?;
        let mut at = query.span.start as usize;
        for piece in query.as_str().split('&') {
            let (key, value) = piece.split_once('=').unwrap_or((piece, ""));
            if key.eq_ignore_ascii_case(name) {
                let start = at + piece.len() - value.len();
                return Some(Part::of(source, Span::of(start, start + value.trim_end().len())));
            }
            at += piece.len() + 1;
        }
        None
    }

    /// The steps of the path that are not empty, with their bytes.
    pub(super) fn steps(&self, source: &MappedText) -> Vec<Part> {
        let mut at = self.path.span.start as usize;
        let mut steps = Vec::new();
        for step in self.path.as_str().trim_end().split('/') {
            if !step.is_empty() {
                steps.push(Part::of(source, Span::of(at, at + step.len())));
            }
            at += step.len() + 1;
        }
        steps
    }
}
