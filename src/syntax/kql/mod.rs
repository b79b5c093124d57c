//! KQL scripts: management commands, the string literals in them, and the operators that reach out of
//! the cluster.
//!
//! The parser is total: it takes any text, runs in time that grows with its length, and reads on after
//! a mistake. A lexer tiles the text, a splitter finds the commands, a table says which are understood.

mod ast;
mod body;
mod boundary;
mod command;
mod constant;
mod cursor;
mod lexer;
mod literal;
mod note;
mod object;
mod operator;
mod parser;
mod split;
mod table;

pub use ast::{
    Block, BlockKind, Body, Command, Entity, EntityKind, ExternalTableKind, ExternalTableVerb, Name, OperatorUse,
    Policy, PolicyAction, PolicyKind, PolicyLevel, Principal, PrincipalKind, PropertyPair, PropertyValue, RoleAction,
    Script, property,
};
pub use boundary::starts_with_command;
pub use lexer::Style;
pub use literal::{Literal, LiteralPart};
pub use note::Directive;
pub use parser::parse;

use crate::text::{Span, offset};

/// The tokens of a text, one after the other: they tile it.
pub fn tokens(text: &str) -> impl Iterator<Item = Span> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (_, length) = lexer::token(text.get(at..)?)?;
        let span = Span::new(offset(at), offset(at) + length);
        at = span.end as usize;
        Some(span)
    })
}

/// The commands, queries and directives of a script, not yet read: from the first token of each to its last.
#[must_use]
pub fn pieces(text: &str) -> Vec<Span> {
    let pieces = split::split(text);
    let of = |unit: &split::Unit| {
        let tokens = pieces.tokens.get(unit.tokens.clone())?;
        Some(tokens.first()?.span.cover(tokens.last()?.span))
    };
    pieces.units.iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests;
