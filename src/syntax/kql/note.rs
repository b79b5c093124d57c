//! What a script says to tools and not to the service: directives of clients, and comments that name rules
//! of this program.

use super::lexer::{is_blank, is_line_end};
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

/// A comment `// kustolint: ignore[rule, rule] reason`.
#[derive(Clone, Debug)]
pub struct Ignore {
    /// The names in brackets, known or not, with their places.
    pub rules: Vec<(String, Span)>,
    /// The words after the brackets, perhaps none.
    pub reason: String,
    /// The comment.
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

impl Ignore {
    /// What the comment at `span` says, if it speaks to this program. Brackets that are not closed name no
    /// rule.
    pub(super) fn new(source: &str, span: Span) -> Option<Self> {
        let text = span.of_text(source);
        let said = text.trim_start_matches('/').trim_start_matches(is_blank);
        let said = said.strip_prefix("kustolint:")?.trim_start_matches(is_blank);
        let listed = said.strip_prefix("ignore")?.trim_start_matches(is_blank);
        let (inside, reason) = listed.strip_prefix('[')?.split_once(']')?;
        let mut at = span.end as usize - reason.len() - 1 - inside.len();
        let mut rules = Vec::new();
        for piece in inside.split(',') {
            let name = piece.trim();
            let start = at + (piece.len() - piece.trim_start().len());
            if !name.is_empty() {
                rules.push((name.to_owned(), Span::of(start, start + name.len())));
            }
            at += piece.len() + 1;
        }
        let ends = |character: char| is_blank(character) || is_line_end(character);
        Some(Self {
            rules,
            reason: reason.trim_matches(ends).to_owned(),
            span,
        })
    }
}
