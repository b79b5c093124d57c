//! JSON as Azure reads it: comments, trailing commas, strings over several lines, duplicate names kept.

mod parser;
mod string;

use crate::text::{MappedText, Span};

pub use parser::{MAX_DEPTH, comments, parse};

/// Which liberties a JSON text may take without an error. Both read a byte-order mark as white space, a lone surrogate
/// (`\ud800`) as U+FFFD, `\'` as a quote, keep other escapes that JSON does not know as they stand, and numbers as text,
/// however large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// A template or parameter file: comments, trailing commas, line breaks and other control characters in strings.
    Template,
    /// The payload of a Kusto policy: also strings and names in single quotes.
    Policy,
}

/// A JSON value and the bytes it stands on.
#[derive(Clone, Debug)]
pub struct Node {
    /// The bytes in the text that was parsed, quotes and brackets included.
    pub span: Span,
    /// The value.
    pub kind: Kind,
}

/// A JSON value.
#[derive(Clone, Debug)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, kept as its text.
    Number(String),
    /// A string; [`Node::string`] decodes it.
    String,
    /// An array.
    Array(Vec<Node>),
    /// An object: all members in order, duplicates included.
    Object(Vec<Member>),
    /// A value that could not be read.
    Broken,
}

/// A name and a value of an object.
#[derive(Clone, Debug)]
pub struct Member {
    /// The decoded name.
    pub name: String,
    /// The name with its quotes.
    pub name_span: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The decoded text of a string, with its places; `None` for other kinds. `source` is the text that
    /// was parsed.
    #[must_use]
    pub fn string(&self, source: &MappedText) -> Option<MappedText> {
        matches!(self.kind, Kind::String).then(|| string::decode(source, self.span))
    }

    /// The members of an object; none for other kinds.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        match &self.kind {
            Kind::Object(members) => members,
            _ => &[],
        }
    }

    /// The elements of an array; none for other kinds.
    #[must_use]
    pub fn elements(&self) -> &[Node] {
        match &self.kind {
            Kind::Array(elements) => elements,
            _ => &[],
        }
    }

    /// The member whose name equals `name` without letter case: the last one, as the Resource Manager
    /// takes it when a name stands twice.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members()
            .iter()
            .rev()
            .find(|member| member.name.eq_ignore_ascii_case(name))
    }

    /// The value of [`Node::member`].
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.member(name).map(|member| &member.value)
    }
}

#[cfg(test)]
mod tests;
