//! From a text to a script: pieces, decoded strings, commands.

use super::ast::{Block, BlockKind, Body, Command, Script};
use super::cursor::Cursor;
use super::lexer::{Style, Token, TokenKind};
use super::literal::{self, LiteralPart};
use super::note::Directive;
use super::split::{self, Unit, UnitKind};
use super::{command, constant, operator};
use crate::syntax::{Parsed, SyntaxError};
use crate::text::{MappedText, Span};

/// Errors kept of one text; later ones say nothing new.
const MAX_ERRORS: usize = 64;

const UNKNOWN_ESCAPE: &str = "expected an escape that KQL knows: a backslash is written `\\\\`, or `\\` after `@'`";

/// Parses a KQL script: management commands, queries, or both.
///
/// Unknown commands and unknown grammar are no errors; literals and brackets without an end are.
#[must_use]
pub fn parse(source: &MappedText) -> Parsed<Script> {
    let pieces = split::split(source.as_str());
    let mut reader = Reader {
        source,
        tokens: &pieces.tokens,
        blocks: Vec::new(),
        errors: Vec::new(),
    };
    for unit in &pieces.units {
        reader.unit(unit);
    }
    let mut errors = reader.errors;
    errors.extend(unclosed(pieces.unclosed));
    errors.sort_by_key(|error| error.span);
    errors.truncate(MAX_ERRORS);
    let mut blocks = reader.blocks;
    if blocks.is_empty() {
        blocks.push(empty(source));
    }
    let of_kind = |kind: TokenKind| {
        let tokens = pieces.tokens.iter().filter(move |token| token.kind == kind);
        tokens.map(|token| token.span)
    };
    let comments: Vec<Span> = of_kind(TokenKind::Comment).collect();
    Parsed {
        tree: Script {
            blocks,
            directives: of_kind(TokenKind::Directive)
                .map(|span| Directive::new(source, span))
                .collect(),
            comments,
        },
        errors,
    }
}

/// The first brackets without a partner.
fn unclosed(mut brackets: Vec<(char, Span)>) -> impl Iterator<Item = SyntaxError> {
    brackets.sort_by_key(|(_, span)| *span);
    brackets
        .into_iter()
        .take(MAX_ERRORS)
        .map(|(partner, span)| SyntaxError::new(span, format!("expected `{partner}`: this bracket is not closed")))
}

/// The one block of a script that says nothing.
fn empty(source: &MappedText) -> Block {
    Block {
        span: Span::new(0, source.len()),
        kind: BlockKind::Empty,
        command: None,
        literals: Vec::new(),
        assembled: Vec::new(),
        operators: Vec::new(),
    }
}

struct Reader<'a> {
    source: &'a MappedText,
    tokens: &'a [Token],
    blocks: Vec<Block>,
    errors: Vec<SyntaxError>,
}

impl Reader<'_> {
    fn unit(&mut self, unit: &Unit) {
        let tokens: Vec<Token> = self
            .tokens
            .get(unit.tokens.clone())
            .unwrap_or_default()
            .iter()
            .copied()
            .filter(|token| !token.kind.is_trivia() && token.kind != TokenKind::Directive)
            .collect();
        let span = match (self.tokens.get(unit.tokens.start), self.tokens.get(unit.tokens.end - 1)) {
            (Some(first), Some(last)) => first.span.cover(last.span),
            _ => return,
        };
        let known_errors = self.errors.len();
        let literals = self.literals(&tokens);
        let mut cursor = Cursor::new(self.source, &tokens, &literals);
        let assembled = constant::assembled(&cursor, span);
        match unit.kind {
            UnitKind::Command | UnitKind::ScriptHead => {
                let command = command::read(&mut cursor);
                self.push(span, BlockKind::Command, Some(Box::new(command)), literals);
            }
            UnitKind::Nested => {
                let command = command::read(&mut cursor);
                self.nested(span, command, literals);
            }
            UnitKind::Query => {
                let operators = operator::find(&cursor);
                self.push(span, BlockKind::Query, None, literals);
                if let Some(block) = self.blocks.last_mut() {
                    block.operators = operators;
                }
            }
            UnitKind::Directive => self.push(span, BlockKind::Directive, None, literals),
            UnitKind::Foreign => {
                self.errors.truncate(known_errors);
                self.push(span, BlockKind::Unknown, None, literals);
            }
        }
        if let Some(block) = self.blocks.last_mut() {
            block.assembled.extend(assembled);
        }
    }

    fn push(&mut self, span: Span, kind: BlockKind, command: Option<Box<Command>>, literals: Vec<LiteralPart>) {
        self.blocks.push(Block {
            span,
            kind,
            command,
            literals,
            assembled: Vec::new(),
            operators: Vec::new(),
        });
    }

    /// Puts a command into the script command before it.
    fn nested(&mut self, span: Span, command: Command, literals: Vec<LiteralPart>) {
        let script = self.blocks.last_mut().filter(|block| {
            block
                .command
                .as_ref()
                .is_some_and(|outer| matches!(outer.body, Body::ExecuteScript { .. }))
        });
        let Some(block) = script else {
            return self.push(span, BlockKind::Command, Some(Box::new(command)), literals);
        };
        block.span = block.span.cover(span);
        block.literals.extend(literals);
        if let Some(Body::ExecuteScript { commands, .. }) = block.command.as_mut().map(|outer| &mut outer.body) {
            commands.push(command);
        }
    }

    fn error(&mut self, span: Span, message: &str) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(SyntaxError::new(span, message));
        }
    }

    /// Decodes the string tokens and reports what is wrong with them. Only the first literal without an
    /// end is reported of each piece: the quotes after it no longer pair as they were meant.
    fn literals(&mut self, tokens: &[Token]) -> Vec<LiteralPart> {
        let is_string = |token: &&Token| matches!(token.kind, TokenKind::String(_));
        let mut parts: Vec<LiteralPart> = Vec::with_capacity(tokens.iter().filter(is_string).count());
        let mut broken = false;
        let mut joined = false;
        for token in tokens {
            let TokenKind::String(form) = token.kind else {
                joined = false;
                continue;
            };
            let (mut part, unknown) = literal::decode(self.source, token.span, form);
            part.joined = joined;
            joined = true;
            if !part.terminated && !broken {
                broken = true;
                let quote = Span::new(token.span.start, token.span.start + form.open);
                self.error(quote, &unterminated(self.source, quote, token.span, form.style));
            }
            for escape in unknown {
                self.error(escape, UNKNOWN_ESCAPE);
            }
            parts.push(part);
        }
        parts
    }
}

/// What is wrong with the string `literal` that `open` opens, and where it should end.
fn unterminated(source: &MappedText, open: Span, literal: Span, style: Style) -> String {
    let opening = open.of_text(source.as_str()).trim_start_matches(['h', 'H', '@']);
    if style != Style::Multiline {
        return format!("expected a closing {opening} on the line where this string starts");
    }
    let after = Span::new(literal.end, source.len()).of_text(source.as_str());
    let command: Vec<&str> = after.split_whitespace().take(2).collect();
    match command.as_slice() {
        [verb, object] if verb.starts_with('.') => {
            format!("expected {opening} at the end of this string, before `{verb} {object}`")
        }
        _ => format!("expected {opening} at the end of this string"),
    }
}
