//! The splitter: it finds where commands and queries begin, and where reading goes on after a mistake.
//!
//! A dot that is the first token of its line starts a command, outside strings and brackets. This is how
//! the service reads scripts; empty lines only separate queries.

use std::ops::Range;

use super::boundary;
use super::lexer::{self, Token, TokenKind};
use crate::text::{HOLE, Span, offset};

/// What a run of tokens is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnitKind {
    /// A command: its first token is the dot.
    Command,
    /// The head of `.execute database script <|`, without the commands of the script.
    ScriptHead,
    /// A command of such a script.
    Nested,
    /// Text that is not a command.
    Query,
    /// A line for client tools.
    Directive,
    /// Text in another language, SQL by its looks.
    Foreign,
}

/// A command or another piece of a script.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    /// What it is.
    pub(super) kind: UnitKind,
    /// Its tokens, from the first to the last that has a meaning.
    pub(super) tokens: Range<usize>,
}

/// A text cut to pieces.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// All tokens; they tile the text.
    pub(super) tokens: Vec<Token>,
    /// The pieces, in order; between them lies only trivia.
    pub(super) units: Vec<Unit>,
    /// Brackets without a partner: the partner, and where the bracket stands.
    pub(super) unclosed: Vec<(char, Span)>,
}

/// Cuts a text to pieces.
pub(super) fn split(text: &str) -> Pieces {
    let mut splitter = Splitter {
        text,
        pieces: Pieces::default(),
        open: None,
        in_script: false,
        brackets: Brackets::default(),
        line: Line::default(),
        last: Last::Nothing,
    };
    let mut at = 0;
    while let Some((kind, length)) = lexer::token(text.get(at as usize..).unwrap_or_default()) {
        let token = Token {
            kind,
            span: Span::new(at, at + length),
        };
        at = splitter.take(token);
    }
    splitter.close_unit();
    splitter.pieces
}

/// Words that a query can start with, besides the name of a table.
const QUERY_WORDS: &[&str] = &[
    "alias",
    "datatable",
    "declare",
    "evaluate",
    "externaldata",
    "find",
    "let",
    "print",
    "range",
    "restrict",
    "search",
    "union",
];

/// What the splitter knows of the current line.
struct Line {
    /// No token with a meaning yet.
    leads: bool,
    /// Nothing but white space yet.
    empty: bool,
    /// An empty line lies between the last token with a meaning and here.
    after_empty: bool,
    /// Offset of the line's first byte.
    start: u32,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            leads: true,
            empty: true,
            after_empty: true,
            start: 0,
        }
    }
}

/// The last token with a meaning, as far as it matters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    /// `<|` of a command whose body is a query.
    Feed,
    /// A token after which a query goes on, even over an empty line.
    Joint,
    Other,
}

/// The piece that is being read.
struct Open {
    kind: UnitKind,
    first: usize,
    last: usize,
    /// Whether `<|` came: what follows is a query or data.
    fed: bool,
}

struct Splitter<'t> {
    text: &'t str,
    pieces: Pieces,
    open: Option<Open>,
    in_script: bool,
    brackets: Brackets,
    line: Line,
    last: Last,
}

impl Splitter<'_> {
    /// Takes a token in and says where to read on.
    fn take(&mut self, token: Token) -> u32 {
        match token.kind {
            TokenKind::Blank => self.pieces.tokens.push(token),
            TokenKind::Break => {
                self.pieces.tokens.push(token);
                self.line.after_empty |= self.line.empty;
                self.line.leads = true;
                self.line.empty = true;
                self.line.start = token.span.end;
            }
            TokenKind::Comment => {
                self.pieces.tokens.push(token);
                self.line.empty = false;
            }
            _ => return self.meaning(token),
        }
        token.span.end
    }

    fn meaning(&mut self, token: Token) -> u32 {
        if let Some(kind) = self.starts_unit(token) {
            self.close_unit();
            let here = self.pieces.tokens.len();
            self.open = Some(Open {
                kind,
                first: here,
                last: here,
                fed: false,
            });
        } else if let Some(open) = &mut self.open {
            open.last = self.pieces.tokens.len();
        }
        self.pieces.tokens.push(token);
        self.last = match token.span.of_text(self.text) {
            ";" | "|" | "," => Last::Joint,
            _ => Last::Other,
        };
        // Only a fenced literal that was given up ends with a line.
        let ended = token.span.of_text(self.text).ends_with(lexer::is_line_end);
        self.line = Line {
            leads: ended,
            empty: ended,
            after_empty: ended,
            start: if ended { token.span.end } else { self.line.start },
        };
        if self.open.as_ref().is_some_and(|open| open.kind == UnitKind::Directive) {
            self.close_unit();
        }
        if token.kind == TokenKind::Symbol {
            match token.span.of_text(self.text) {
                "<|" if self.brackets.is_empty() => return self.feed(token),
                symbol => self.brackets.step(symbol, token.span, &mut self.pieces.unclosed),
            }
        }
        token.span.end
    }

    /// Whether a new piece starts with this token, and which.
    fn starts_unit(&mut self, token: Token) -> Option<UnitKind> {
        if self.starts_command(token) {
            return Some(if self.in_script && !self.is_script_head(token.span.start) {
                UnitKind::Nested
            } else {
                UnitKind::Command
            });
        }
        let outside = self.brackets.is_empty();
        if token.kind == TokenKind::Directive && outside && self.line.leads {
            return Some(UnitKind::Directive);
        }
        let fresh = match &self.open {
            None => true,
            Some(open) if open.kind == UnitKind::Query => {
                outside && self.line.after_empty && self.last != Last::Joint && token.kind != TokenKind::Symbol
            }
            Some(open) if open.kind == UnitKind::Foreign => self.line.after_empty,
            Some(open) => outside && self.line.after_empty && !open.fed && self.starts_query(token),
        };
        fresh.then(|| self.text_kind(token))
    }

    /// Whether a command starts with this token, which may be no more than a dot in an expression.
    fn starts_command(&mut self, token: Token) -> bool {
        let after_head = self.in_script && self.open.is_none();
        if token.kind != TokenKind::Symbol || token.span.of_text(self.text) != "." {
            return false;
        }
        let rest = self.rest(token.span.end).trim_start_matches(lexer::is_blank);
        let named = rest.starts_with(|first: char| first.is_alphabetic() || first == HOLE);
        if !named || !(self.line.leads || after_head) {
            return false;
        }
        if self.last == Last::Feed && ["show", "list"].iter().any(|verb| rest.starts_with(verb)) {
            return false;
        }
        if self.brackets.is_empty() {
            return true;
        }
        let certain = (self.line.after_empty || self.line.start == token.span.start)
            && boundary::is_command_line(self.rest(token.span.start));
        if certain {
            self.brackets.give_up(&mut self.pieces.unclosed);
        }
        certain
    }

    /// Whether text after an empty line is a query of its own and not the rest of a command.
    fn starts_query(&self, token: Token) -> bool {
        if token.kind != TokenKind::Word {
            return false;
        }
        let is_space = |character| lexer::is_blank(character) || lexer::is_line_end(character);
        QUERY_WORDS.contains(&token.span.of_text(self.text))
            || self
                .rest(token.span.end)
                .trim_start_matches(is_space)
                .starts_with(['|', ';'])
    }

    /// What a piece is that starts with this token and is not a command.
    fn text_kind(&self, token: Token) -> UnitKind {
        let text = token.span.of_text(self.text);
        let is_sql = text.eq_ignore_ascii_case("select")
            || text.eq_ignore_ascii_case("with")
            || (text == "-" && self.rest(token.span.end).starts_with('-'));
        if is_sql { UnitKind::Foreign } else { UnitKind::Query }
    }

    /// After `<|`: a script, data, or a query.
    fn feed(&mut self, token: Token) -> u32 {
        let Some(open) = &mut self.open else {
            return token.span.end;
        };
        if open.fed || !matches!(open.kind, UnitKind::Command | UnitKind::Nested) {
            return token.span.end;
        }
        open.fed = true;
        let start = self.pieces.tokens.get(open.first).map_or(0, |dot| dot.span.start);
        let head = self.head(start);
        if is_script_head(&head) {
            if let Some(open) = &mut self.open {
                open.kind = UnitKind::ScriptHead;
            }
            self.close_unit();
            self.in_script = true;
            return token.span.end;
        }
        if head.first() == Some(&"ingest") && head.iter().take(3).any(|word| *word == "inline") {
            return self.raw_data(token.span.end);
        }
        self.last = Last::Feed;
        token.span.end
    }

    fn raw_data(&mut self, from: u32) -> u32 {
        let length = offset(boundary::raw_data(self.rest(from)));
        if length == 0 {
            return from;
        }
        if let Some(open) = &mut self.open {
            open.last = self.pieces.tokens.len();
        }
        self.pieces.tokens.push(Token {
            kind: TokenKind::Raw,
            span: Span::new(from, from + length),
        });
        from + length
    }

    fn is_script_head(&self, dot: u32) -> bool {
        is_script_head(&self.head(dot))
    }

    /// The first words of the command at `dot`.
    fn head(&self, dot: u32) -> Vec<&str> {
        let words = self.rest(dot + 1);
        words.split_whitespace().take(4).collect()
    }

    fn rest(&self, from: u32) -> &str {
        self.text.get(from as usize..).unwrap_or_default()
    }

    fn close_unit(&mut self) {
        if self.open.as_ref().is_some_and(|open| open.kind == UnitKind::Foreign) {
            self.brackets = Brackets::default();
        }
        self.brackets.give_up(&mut self.pieces.unclosed);
        if let Some(open) = self.open.take() {
            self.pieces.units.push(Unit {
                kind: open.kind,
                tokens: open.first..open.last + 1,
            });
        }
    }
}

/// Whether a command that starts with these words runs the commands after `<|`.
fn is_script_head(head: &[&str]) -> bool {
    match head {
        ["execute", level @ ("database" | "cluster"), word, ..] => !level.is_empty() && word.starts_with("script"),
        ["execute", word, ..] => word.starts_with("script"),
        _ => false,
    }
}

/// The brackets that are open.
#[derive(Default)]
struct Brackets {
    /// Their closing partners and where they stand.
    open: Vec<(char, Span)>,
    /// How many of `)`, `]` and `}` are among them.
    counts: [usize; 3],
}

impl Brackets {
    fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    fn count(&mut self, closing: char) -> &mut usize {
        let [round, square, curly] = &mut self.counts;
        match closing {
            ')' => round,
            ']' => square,
            _ => curly,
        }
    }

    fn step(&mut self, symbol: &str, span: Span, unclosed: &mut Vec<(char, Span)>) {
        let closing = match symbol {
            "(" => ')',
            "[" => ']',
            "{" => '}',
            ")" | "]" | "}" => return self.close(symbol.chars().next().unwrap_or(')'), unclosed),
            _ => return,
        };
        self.open.push((closing, span));
        *self.count(closing) += 1;
    }

    /// Closes the innermost bracket with that partner and gives up those inside it. Without one the
    /// symbol is passed over.
    fn close(&mut self, closing: char, unclosed: &mut Vec<(char, Span)>) {
        if *self.count(closing) == 0 {
            return;
        }
        while let Some((expected, span)) = self.open.pop() {
            *self.count(expected) -= 1;
            if expected == closing {
                return;
            }
            unclosed.push((expected, span));
        }
    }

    fn give_up(&mut self, unclosed: &mut Vec<(char, Span)>) {
        unclosed.append(&mut self.open);
        self.counts = [0; 3];
    }
}
