//! What a script says to tools and not to the service: directives of clients.

use super::lexer::is_blank;
use crate::text::{MappedText, Span};

/// A line for client tools: `#connect "https://…"`.
#[derive(Clone, Debug)]
pub struct Directive {
    /// The word after `#`, without arguments.
    pub word: String,
    /// The rest of the line; quotes in it have no escapes.
    pub argument: MappedText,
    /// The line from `#` on.
    pub span: Span,
}

impl Directive {
    /// The directive that the token at `span` is.
    pub(super) fn new(source: &MappedText, span: Span) -> Self {
        let text = span.of_text(source.as_str());
        let after = text.strip_prefix('#').unwrap_or(text);
        let word = after.split(is_blank).next().unwrap_or_default();
        let from = span.start as usize + (text.len() - after.len()) + word.len();
        Self {
            word: word.to_owned(),
            argument: source.part(Span::of(from, span.end as usize)).trimmed(),
            span,
        }
    }
}
