//! KQL scripts: management commands, the string literals in them, and the operators that reach out of
//! the cluster.
//!
//! The parser is total: it takes any text, runs in time that grows with its length, and reads on after
//! a mistake. A lexer tiles the text, a splitter finds the commands, a table says which are understood.

mod ast;
mod body;
mod boundary;
mod command;
mod cursor;
mod lexer;
mod literal;
mod operator;
mod parser;
mod split;

pub use ast::{
    Block, BlockKind, Body, Command, ExternalTableKind, ExternalTableVerb, Name, Operator, OperatorUse, PolicyAction,
    PolicyLevel, PropertyPair, PropertyValue, Script, property,
};
pub use boundary::starts_with_command;
pub use lexer::Style;
pub use literal::{Literal, LiteralPart};
pub use parser::parse;

#[cfg(test)]
mod tests;
