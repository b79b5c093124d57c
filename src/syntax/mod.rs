//! Parsers. Each takes text and returns a tree and a list of errors; none ever fails.

pub mod connection;
pub mod expression;
#[cfg(test)]
pub(crate) mod growth;
pub mod host;
pub mod json;
pub mod kql;
pub mod placeholder;
pub mod remark;
pub mod suppression;

use crate::text::Span;

/// What was wrong with a piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The bytes in the text that was parsed.
    pub span: Span,
    /// What was expected, in lower case and without a full stop.
    pub message: String,
    /// Whether a limit was hit; the rest of the text was not read then.
    pub limit: bool,
}

impl SyntaxError {
    /// An error at `span`.
    #[must_use]
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            limit: false,
        }
    }

    /// A limit that was hit at `span`.
    #[must_use]
    pub fn limit(span: Span, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            limit: true,
        }
    }
}

/// A tree, and what was wrong with the text.
#[derive(Clone, Debug)]
pub struct Parsed<T> {
    /// What could be read.
    pub tree: T,
    /// What could not, in the order of the text.
    pub errors: Vec<SyntaxError>,
}
