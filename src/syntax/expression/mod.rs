//! The expression language of Resource Manager templates (`[concat('a', parameters('b'))]`), and that of Data
//! Factory and Logic Apps (`@concat('a', pipeline().parameters.b)`), which has the same grammar and other
//! functions.

mod lexer;
mod parser;

use crate::text::{MappedText, Span};

pub use parser::{MAX_HEIGHT, parse, parse_run_time};

/// A part of an expression and the bytes it stands on.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// The bytes in the text that was parsed.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// The kinds of expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A literal in single quotes: its text without the quotes, `''` read as one quote.
    String(MappedText),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction, or one that is too large for 64 bits.
    Float(f64),
    /// A call of a function.
    Call(Call),
    /// `base.name`.
    Property {
        /// The value whose property is read.
        base: Box<Expression>,
        /// The property's name as written.
        name: String,
        /// Where the name stands.
        name_span: Span,
        /// Whether an absent property is `null` (`base?.name`).
        safe: bool,
    },
    /// `base[index]`.
    Index {
        /// The value that is indexed.
        base: Box<Expression>,
        /// The position or the property's name.
        index: Box<Expression>,
        /// Whether an absent element is `null` (`base?[index]`).
        safe: bool,
    },
    /// Something that could not be read.
    Broken,
}

/// A call of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The namespace of a function that the template itself defines: `ns` in `ns.f()`.
    pub namespace: Option<String>,
    /// The function's name as written.
    pub name: String,
    /// Where the name stands, the namespace included.
    pub name_span: Span,
    /// The arguments.
    pub args: Vec<Expression>,
}

/// Whether a string of a template is an expression: in brackets, of which the first is not doubled.
#[must_use]
pub fn is_expression(text: &str) -> bool {
    text.len() >= 2 && text.starts_with('[') && !text.starts_with("[[") && text.ends_with(']')
}

/// Whether a string of a template is a literal whose first bracket is doubled.
#[must_use]
pub fn is_escaped(text: &str) -> bool {
    text.starts_with("[[") && text.ends_with(']')
}

/// The bytes between the brackets of a string that [is an expression](is_expression).
#[must_use]
pub fn inner_span(text: &MappedText) -> Option<Span> {
    is_expression(text.as_str()).then(|| Span::new(1, text.len().saturating_sub(1)))
}

#[cfg(test)]
mod tests;
