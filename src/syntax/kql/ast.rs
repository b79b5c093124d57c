//! What a script says: blocks, commands, names, properties, uses of operators.

mod body;
mod principal;

use super::{Directive, Literal, LiteralPart};
use crate::text::{MappedText, Span};

pub use body::{
    Body, Entity, EntityKind, ExternalTableKind, ExternalTableVerb, Policy, PolicyAction, PolicyKind, PolicyLevel,
    RoleAction,
};
pub use principal::{Principal, PrincipalKind};

/// A KQL script. All spans are bytes of the text that was parsed.
#[derive(Clone, Debug)]
pub struct Script {
    /// Commands, queries and directives, in order.
    pub blocks: Vec<Block>,
    /// The lines for client tools, wherever they stand.
    pub directives: Vec<Directive>,
    /// The comments, each from `//` to the end of its line.
    pub comments: Vec<Span>,
}

impl Script {
    /// Every command in the order of the text, those inside `.execute database script` after it.
    pub fn commands(&self) -> impl Iterator<Item = &Command> {
        self.blocks
            .iter()
            .filter_map(|block| block.command.as_deref())
            .flat_map(|command| std::iter::once(command).chain(command.nested()))
    }

    /// Every use of an operator that reaches out of the cluster, in queries and in commands.
    pub fn operators(&self) -> impl Iterator<Item = &OperatorUse> {
        let of_queries = self.blocks.iter().flat_map(|block| &block.operators);
        of_queries.chain(self.commands().flat_map(|command| &command.operators))
    }
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// A management command; [`Block::command`] tells more.
    Command,
    /// A query, or text that is nothing else.
    Query,
    /// A line for client tools, such as `#connect`.
    Directive,
    /// A text without any token but comments and white space.
    Empty,
    /// Text in another language, SQL by its looks.
    Unknown,
}

/// A piece of a script.
#[derive(Clone, Debug)]
pub struct Block {
    /// From its first to its last token; of a script command with the commands inside.
    pub span: Span,
    /// What it is.
    pub kind: BlockKind,
    /// The command, for [`BlockKind::Command`].
    pub command: Option<Box<Command>>,
    /// Every string token, in order, with those of nested commands.
    pub literals: Vec<LiteralPart>,
    /// The strings that `strcat` makes of several literals; what is not constant in one is a hole.
    pub assembled: Vec<Literal>,
    /// Uses of operators in a query; those in a command are in [`Command::operators`].
    pub operators: Vec<OperatorUse>,
}

/// A management command.
#[derive(Clone, Debug)]
pub struct Command {
    /// From its dot to the end of its last token; without the commands inside it.
    pub span: Span,
    /// Its keywords without names, such as `alter-merge database policy managed_identity`; `None` for an
    /// unknown verb.
    pub name: Option<String>,
    /// The first word after the dot.
    pub verb: Span,
    /// The database that the command names, as its object or before the name of a table.
    pub database: Option<Name>,
    /// What it says.
    pub body: Body,
    /// Uses of operators in its query, its function body or anywhere else.
    pub operators: Vec<OperatorUse>,
}

impl Command {
    /// The commands of an `.execute database script`; none for others.
    #[must_use]
    pub fn nested(&self) -> &[Command] {
        match &self.body {
            Body::ExecuteScript { commands, .. } => commands,
            _ => &[],
        }
    }
}

/// A name in any of its spellings: bare, `['x']`, `["x"]`, `'x'`, or a place-holder of another tool.
#[derive(Clone, Debug)]
pub struct Name {
    /// The name itself. A place-holder such as `<name>` is a hole.
    pub text: MappedText,
    /// The bytes with brackets and quotes.
    pub span: Span,
}

/// One property after `with`.
#[derive(Clone, Debug)]
pub struct PropertyPair {
    /// The name as written.
    pub name: String,
    /// Where the name stands.
    pub name_span: Span,
    /// The value.
    pub value: PropertyValue,
}

/// The value of a property.
#[derive(Clone, Debug)]
pub enum PropertyValue {
    /// A string.
    Literal(Literal),
    /// Anything else as written: a number, a word, a GUID without quotes.
    Bare {
        /// The text.
        text: MappedText,
        /// Where it stands; empty if nothing follows the `=`.
        span: Span,
    },
}

impl PropertyValue {
    /// The decoded text of a string, or the text of another value.
    #[must_use]
    pub fn text(&self) -> &MappedText {
        match self {
            Self::Literal(literal) => &literal.value,
            Self::Bare { text, .. } => text,
        }
    }

    /// Where the value stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Literal(literal) => literal.span,
            Self::Bare { span, .. } => *span,
        }
    }
}

/// The property whose name equals `name` without letter case; the last one if there are several.
#[must_use]
pub fn property<'a>(properties: &'a [PropertyPair], name: &str) -> Option<&'a PropertyPair> {
    properties
        .iter()
        .rev()
        .find(|pair| pair.name.eq_ignore_ascii_case(name))
}

/// One use of an operator or a plugin that reaches out of the cluster, or names something outside of the database.
#[derive(Clone, Debug)]
pub struct OperatorUse {
    /// Its name.
    pub name: &'static str,
    /// The place of the name.
    pub span: Span,
    /// The strings among its arguments that may be addresses or names, in order. A name that a `let` of the
    /// same block binds stands for the strings of that `let`, and a `strcat` is one string, in which what is
    /// not constant is a hole.
    pub strings: Vec<Literal>,
}
