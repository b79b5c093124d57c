//! The commands of a script of a shell or of PowerShell: their words, and what is assigned to variables.
//!
//! Words are cut and decoded as the shell would do it; nothing is run, and no control flow is followed. What a
//! variable or another command fills in is a hole.

mod initializer;
mod powershell;
mod shell;

use super::draft::Draft;
use super::scan::Scan;
use super::special::balanced;
use crate::syntax::SyntaxError;
use crate::text::{MappedText, Span};

/// A language of command lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `sh` and its descendants.
    Shell,
    /// PowerShell.
    PowerShell,
    /// C#: an object initialiser is read as a command, its members as options.
    CSharp,
}

/// A command or an assignment.
#[derive(Clone, Debug, Default)]
pub struct Statement {
    /// The variable that takes the value or the output, if one does.
    pub assigned: Option<Assigned>,
    /// The words of the command; of an assignment without one, its value.
    pub words: Vec<Word>,
    /// The substitution that it stands in; `None` right in the script.
    pub inside: Option<Span>,
    /// Whether the words are those of a value and not of a command.
    pub is_value: bool,
}

/// A variable that is assigned to.
#[derive(Clone, Debug)]
pub struct Assigned {
    /// Its name, without `$`; in lower case where letter case does not count.
    pub name: String,
    /// Whether the value counts from there on, whatever happens: no branch, loop or function is around it.
    pub certain: bool,
}

/// A word of a command.
#[derive(Clone, Debug, Default)]
pub struct Word {
    /// The word as the command gets it.
    pub text: MappedText,
    /// Its bytes in the script, quotes included.
    pub span: Span,
    /// Whether it starts with a quote, and so is no option.
    pub quoted: bool,
    /// Whether it is a further element of the list that the word before it is of.
    pub joined: bool,
    /// Whether it may stand for any number of words: `"$@"`, `@splatted`.
    pub spills: bool,
    /// The command whose output it is, if it is nothing else but a name and `=` before it: the bytes inside of the
    /// parentheses.
    pub substitution: Option<Span>,
    /// What is read of the output of that command: `.VaultUri`.
    pub member: String,
}

/// In how many substitutions commands are looked for.
const MAX_DEPTH: usize = 4;

/// Commands of one script that are read.
const MAX_STATEMENTS: usize = 5_000;

/// How long what stands in parentheses may be to be taken for one word.
const LONGEST_GROUP: usize = 4096;

/// What was read of a script.
#[derive(Clone, Debug, Default)]
pub struct Commands {
    /// The statements in order; those in a substitution before the one that it is a part of.
    pub statements: Vec<Statement>,
    /// The limit that was hit, if one was.
    pub limit: Option<SyntaxError>,
}

/// The assignments of a script, and those of its commands whose first word (in lower case) is wanted.
#[must_use]
pub fn parse(text: &MappedText, dialect: Dialect, wanted: &dyn Fn(&str) -> bool) -> Commands {
    let mut reader = Reader {
        scan: Scan::new(text, true),
        wanted,
        inside: None,
        found: Vec::new(),
        nested: Vec::new(),
        broken: 0,
        depth: 0,
        chained: false,
        limit: None,
    };
    let mut levels = Vec::new();
    let mut ranges = vec![(None, Span::of(0, text.as_str().len()))];
    for _ in 0..=MAX_DEPTH {
        for (inside, range) in std::mem::take(&mut ranges) {
            reader.enter(text, inside, range);
            match dialect {
                Dialect::Shell => shell::read(&mut reader),
                Dialect::PowerShell => powershell::read(&mut reader),
                Dialect::CSharp => initializer::read(&mut reader),
            }
        }
        levels.push(std::mem::take(&mut reader.found));
        ranges = reader.nested.drain(..).map(|span| (Some(span), span)).collect();
    }
    Commands {
        statements: in_order(levels),
        limit: reader.limit,
    }
}

/// The statements by where they end, so that what a value is made of comes before it.
fn in_order(levels: Vec<Vec<Statement>>) -> Vec<Statement> {
    let mut all: Vec<_> = levels.into_iter().flatten().collect();
    let end = |statement: &Statement| statement.words.last().map_or(0, |word| word.span.end);
    all.sort_by_key(|statement| (end(statement), std::cmp::Reverse(start(statement))));
    all
}

fn start(statement: &Statement) -> u32 {
    statement.words.first().map_or(0, |word| word.span.start)
}

/// A script that is being read.
struct Reader<'t, 'w> {
    scan: Scan<'t>,
    wanted: &'w dyn Fn(&str) -> bool,
    /// The substitution that is being read.
    inside: Option<Span>,
    found: Vec<Statement>,
    /// Substitutions in the words that were kept.
    nested: Vec<Span>,
    /// Up to where no substitution has an end.
    broken: usize,
    /// How many branches, loops, functions and parentheses are open.
    depth: usize,
    /// Whether the last separator makes what follows depend on what stood before.
    chained: bool,
    limit: Option<SyntaxError>,
}

impl<'t> Reader<'t, '_> {
    fn enter(&mut self, text: &'t MappedText, inside: Option<Span>, range: Span) {
        let mut scan = Scan::new(text, true);
        scan.src = text.as_str().get(..range.range().end).unwrap_or_default();
        scan.at = range.range().start;
        (self.scan, self.inside) = (scan, inside);
        (self.depth, self.chained, self.broken) = (usize::from(inside.is_some()), false, 0);
    }

    /// The end of the group whose bracket opens at `open`. One without an end is not looked for again in what was
    /// looked through.
    fn group(&mut self, open: usize, escape: u8) -> Option<usize> {
        if open < self.broken {
            return None;
        }
        match balanced(self.scan.src, open, LONGEST_GROUP, true, Some(escape)) {
            Ok(end) => Some(end),
            Err(reached) => {
                self.broken = reached;
                None
            }
        }
    }

    /// Keeps a statement that assigns something, or that is a command which is wanted.
    fn keep(&mut self, mut statement: Statement) {
        let first = statement.words.first().and_then(|word| word.text.known());
        let wanted = first.is_some_and(|first| (self.wanted)(&first.to_ascii_lowercase()));
        statement.is_value = !wanted;
        if !wanted && statement.assigned.is_none() {
            // What a program is given may be the output of a command that is wanted.
            self.nested
                .extend(statement.words.iter().filter_map(|word| word.substitution));
            return;
        }
        if self.found.len() >= MAX_STATEMENTS {
            let message = format!("this script has more than {MAX_STATEMENTS} commands: the rest was not read");
            let at = statement.words.first().map_or(Span::default(), |word| word.span);
            self.limit.get_or_insert_with(|| SyntaxError::limit(at, message));
            return;
        }
        self.nested
            .extend(statement.words.iter().filter_map(|word| word.substitution));
        statement.inside = self.inside;
        self.found.push(statement);
    }

    /// The word that `draft` holds, from `from` up to the scan's place.
    fn finish(&self, draft: Draft<'_>, from: usize, quoted: bool) -> Word {
        Word {
            text: draft.text,
            span: Span::of(from, self.scan.at),
            quoted,
            ..Word::default()
        }
    }

    /// Whether a line end stands at an offset.
    fn line_break(&self, at: usize) -> Option<usize> {
        match (self.scan.byte_at(at), self.scan.byte_at(at + 1)) {
            (Some(b'\r'), Some(b'\n')) => Some(2),
            (Some(b'\n'), _) => Some(1),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
