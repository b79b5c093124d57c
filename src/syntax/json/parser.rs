//! A JSON parser that reads on after a mistake.

use super::{Dialect, Kind, Member, Node, string};
use crate::syntax::{Parsed, SyntaxError};
use crate::text::{MappedText, Span, offset};

/// How deep arrays and objects may nest. What lies deeper is skipped and reported as a limit.
pub const MAX_DEPTH: u32 = 256;

/// A byte-order mark, which is white space here.
const MARK: char = '\u{feff}';

/// Errors kept of one text; later ones say nothing new.
const MAX_ERRORS: usize = 16;

/// Parses a text that holds one JSON value.
#[must_use]
pub fn parse(source: &MappedText, dialect: Dialect) -> Parsed<Node> {
    let mut parser = Parser {
        source,
        text: source.as_str(),
        at: 0,
        depth: 0,
        dialect,
        errors: Vec::new(),
    };
    parser.trivia();
    let tree = if parser.peek().is_some() {
        parser.value()
    } else {
        parser.missing("expected a JSON value, the text is empty")
    };
    parser.trivia();
    if parser.peek().is_some() {
        let next = parser.next_character();
        parser.error(next, "expected the end of the text after the JSON value");
    }
    Parsed {
        tree,
        errors: parser.errors,
    }
}

struct Parser<'t> {
    source: &'t MappedText,
    text: &'t str,
    at: usize,
    depth: u32,
    dialect: Dialect,
    errors: Vec<SyntaxError>,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn error(&mut self, span: Span, message: &str) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(SyntaxError::new(span, message));
        }
    }

    /// Where the next character stands; empty at the end of the text.
    fn next_character(&self) -> Span {
        let width = self.rest().chars().next().map_or(0, char::len_utf8);
        Span::of(self.at, self.at + width)
    }

    /// A value that is not there, reported where it should stand.
    fn missing(&mut self, message: &str) -> Node {
        let next = self.next_character();
        self.error(next, message);
        Node {
            span: Span::at(next.start),
            kind: Kind::Broken,
        }
    }

    /// Skips white space and comments.
    fn trivia(&mut self) {
        loop {
            let white = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
            self.at += self.rest().bytes().take_while(white).count();
            let rest = self.rest();
            if rest.starts_with(MARK) {
                self.at += MARK.len_utf8();
            } else if rest.starts_with("//") {
                self.at += memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                // The star that opens a comment does not close it: `/*/` is open.
                let inner = rest.as_bytes().get(2..).unwrap_or_default();
                if let Some(end) = memchr::memmem::find(inner, b"*/") {
                    self.at += end + 4;
                } else {
                    let start = offset(self.at);
                    self.at = self.text.len();
                    self.error(Span::new(start, start + 2), "expected `*/`: this comment is not closed");
                }
            } else {
                return;
            }
        }
    }

    fn value(&mut self) -> Node {
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => self.string(),
            Some(b'\'') => {
                if self.dialect == Dialect::Template {
                    self.error(Span::of(self.at, self.at + 1), "expected a string in double quotes");
                }
                self.string()
            }
            Some(b'-' | b'+' | b'.' | b'0'..=b'9') => self.number(),
            Some(byte) if byte.is_ascii_alphabetic() => self.word(),
            _ => self.missing("expected a JSON value"),
        }
    }

    fn nested(&mut self, parse: fn(&mut Self) -> Node) -> Node {
        if self.depth == MAX_DEPTH {
            let start = self.at;
            self.skip_balanced();
            let span = Span::of(start, start + 1);
            if !self.errors.iter().any(|error| error.limit) {
                self.errors.push(SyntaxError::limit(
                    span,
                    format!("more than {MAX_DEPTH} levels of nesting: what lies deeper was not read"),
                ));
            }
            return Node {
                span: Span::of(start, self.at),
                kind: Kind::Broken,
            };
        }
        self.depth += 1;
        let node = parse(self);
        self.depth -= 1;
        node
    }

    /// Steps over a bracket and everything up to its partner, without recursion.
    fn skip_balanced(&mut self) {
        let mut open = 0usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.at += string::literal_length(self.rest()).0;
                    continue;
                }
                b'/' if self.rest().starts_with("//") || self.rest().starts_with("/*") => {
                    self.trivia();
                    continue;
                }
                b'{' | b'[' => open += 1,
                b'}' | b']' => open = open.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return;
            }
        }
    }

    fn string(&mut self) -> Node {
        let (length, closed) = string::literal_length(self.rest());
        let span = Span::of(self.at, self.at + length);
        self.at += length;
        if !closed {
            self.error(
                Span::new(span.start, span.start + 1),
                "expected a closing quote: this string never ends",
            );
        }
        Node {
            span,
            kind: Kind::String,
        }
    }

    fn number(&mut self) -> Node {
        let length = self
            .rest()
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.'))
            .count();
        let span = Span::of(self.at, self.at + length);
        self.at += length;
        let text = span.of_text(self.text);
        if is_number(text) {
            return Node {
                span,
                kind: Kind::Number(text.to_owned()),
            };
        }
        self.error(span, "expected a number as JSON writes it");
        Node {
            span,
            kind: Kind::Broken,
        }
    }

    fn word(&mut self) -> Node {
        let length = self
            .rest()
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'-' | b'.'))
            .count();
        let span = Span::of(self.at, self.at + length);
        self.at += length;
        let kind = match span.of_text(self.text) {
            "null" => Kind::Null,
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            _ => {
                self.error(span, "expected a JSON value: a text needs double quotes");
                Kind::Broken
            }
        };
        Node { span, kind }
    }

    fn array(&mut self) -> Node {
        let start = self.at;
        self.at += 1;
        let mut elements = Vec::new();
        loop {
            self.trivia();
            match self.peek() {
                None => {
                    self.error(Span::of(start, start + 1), "expected `]`: this array is not closed");
                    break;
                }
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                Some(b'}') => {
                    self.error(
                        Span::of(start, start + 1),
                        "expected `]` before `}`: this array is not closed",
                    );
                    break;
                }
                Some(_) => {
                    let before = self.at;
                    elements.push(self.value());
                    self.separator(b']', before);
                }
            }
        }
        Node {
            span: Span::of(start, self.at),
            kind: Kind::Array(elements),
        }
    }

    fn object(&mut self) -> Node {
        let start = self.at;
        self.at += 1;
        let mut members = Vec::new();
        loop {
            self.trivia();
            match self.peek() {
                None => {
                    self.error(Span::of(start, start + 1), "expected `}`: this object is not closed");
                    break;
                }
                Some(b'}') => {
                    self.at += 1;
                    break;
                }
                Some(b']') => {
                    self.error(
                        Span::of(start, start + 1),
                        "expected `}` before `]`: this object is not closed",
                    );
                    break;
                }
                Some(_) => {
                    let before = self.at;
                    if let Some(member) = self.member() {
                        members.push(member);
                    }
                    self.separator(b'}', before);
                }
            }
        }
        Node {
            span: Span::of(start, self.at),
            kind: Kind::Object(members),
        }
    }

    fn member(&mut self) -> Option<Member> {
        let single = self.dialect == Dialect::Policy && self.peek() == Some(b'\'');
        if self.peek() != Some(b'"') && !single {
            self.missing("expected a property name in double quotes");
            return None;
        }
        let name = self.string();
        self.trivia();
        if self.peek() == Some(b':') {
            self.at += 1;
        } else {
            self.missing("expected `:` after the property name");
        }
        self.trivia();
        let value = match self.peek() {
            None | Some(b',' | b'}' | b']') => self.missing("expected a value for this property"),
            Some(_) => self.value(),
        };
        Some(Member {
            name: string::plain(self.source, name.span),
            name_span: name.span,
            value,
        })
    }

    /// Steps over the comma between two elements; after a mistake, on to the next comma or bracket.
    fn separator(&mut self, close: u8, before: usize) {
        self.trivia();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                return;
            }
            Some(b'}' | b']') | None => return,
            Some(b'"' | b'{' | b'[') if self.at > before => {
                let closing = char::from(close);
                self.missing(&format!("expected `,` or `{closing}`"));
                return;
            }
            Some(_) => {
                if self.at > before {
                    self.missing("expected `,`");
                }
            }
        }
        while let Some(byte) = self.peek() {
            match byte {
                b',' => {
                    self.at += 1;
                    return;
                }
                b'}' | b']' => return,
                b'"' => self.at += string::literal_length(self.rest()).0,
                b'{' | b'[' => self.skip_balanced(),
                _ => self.at += self.rest().chars().next().map_or(1, char::len_utf8),
            }
        }
    }
}

/// Whether a text is a number as JSON defines it.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = text
        .split_once(['e', 'E'])
        .map_or((text, None), |(mantissa, exponent)| (mantissa, Some(exponent)));
    let (whole, fraction) = mantissa
        .split_once('.')
        .map_or((mantissa, None), |(whole, fraction)| (whole, Some(fraction)));
    digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

/// The comments in a text of JSON, in order.
#[must_use]
pub fn comments(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(next) = memchr::memchr2(b'"', b'/', rest.as_bytes()) else {
            break;
        };
        let (start, rest) = (at + next, rest.get(next..).unwrap_or_default());
        at = if rest.starts_with('"') {
            start + string::literal_length(rest).0.max(1)
        } else if rest.starts_with("//") {
            start + memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            let inner = rest.as_bytes().get(2..).unwrap_or_default();
            start + memchr::memmem::find(inner, b"*/").map_or(rest.len(), |end| end + 4)
        } else {
            start + 1
        };
        if rest.starts_with("//") || rest.starts_with("/*") {
            found.push(Span::of(start, at));
        }
    }
    found
}
