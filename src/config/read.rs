//! What the sections share: tables and values with their places, and a list of what is wrong.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::ConfigError;
use crate::text::{Span, nearest, offset};

/// Errors that are told one by one; of more, their number is.
const MOST_ERRORS: usize = 20;
/// Characters of the file that an error quotes. A longer word is no slip of the pen.
const MOST_QUOTED: usize = 64;
/// Characters of an error in all.
const LONGEST: usize = 400;

/// What is wrong with a file.
#[derive(Debug, Default)]
pub(super) struct Problems {
    errors: Vec<ConfigError>,
    /// Errors that were not kept.
    more: usize,
}

impl Problems {
    pub(super) fn add(&mut self, at: Span, message: impl AsRef<str>) {
        if self.errors.len() < MOST_ERRORS {
            let message = shortened(message.as_ref(), LONGEST);
            self.errors.push(ConfigError { message, at });
        } else {
            self.more += 1;
        }
    }

    /// Says that there is no `word` among `known`, and which of them was probably meant.
    pub(super) fn unknown(&mut self, at: Span, what: &str, word: &str, known: &[&str]) {
        let quoted = quoted(word);
        let meant = nearest(&quoted, known.iter().copied()).filter(|_| self.errors.len() < MOST_ERRORS);
        let advice = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            // Of many names the list would hide the error.
            None if known.len() > 12 => "`kustolint rules` lists what there is".to_owned(),
            None => format!("there are {}", listed(known)),
        };
        self.add(at, format!("there is no {what} `{quoted}`; {advice}"));
    }

    /// Says that a value is of the wrong kind.
    pub(super) fn expected(&mut self, value: &Spanned<DeValue<'_>>, key: &str, wanted: &str) {
        let found = value.get_ref().type_str();
        let key = quoted(key);
        self.add(
            span_of(value.span()),
            format!("`{key}` is to be {wanted}; this is of the kind {found}"),
        );
    }

    /// Nothing, or all that is wrong.
    pub(super) fn finish(mut self) -> Result<(), Vec<ConfigError>> {
        self.errors.sort_by_key(|error| error.at.start);
        if let (1.., Some(last)) = (self.more, self.errors.last()) {
            let at = last.at;
            let message = format!("there are {} more mistakes, which are not listed", self.more);
            self.errors.push(ConfigError { message, at });
        }
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(self.errors)
        }
    }
}

/// The table that a section is to be.
pub(super) fn table<'v, 'i>(
    name: &str,
    value: &'v Spanned<DeValue<'i>>,
    problems: &mut Problems,
) -> Option<&'v DeTable<'i>> {
    let table = value.get_ref().as_table();
    if table.is_none() {
        problems.expected(value, name, "a table");
    }
    table
}

pub(super) fn span_of(range: Range<usize>) -> Span {
    Span::new(offset(range.start), offset(range.end))
}

/// A word of the file for an error.
pub(super) fn quoted(word: &str) -> String {
    shortened(word, MOST_QUOTED)
}

/// Words for an error: "`a`, `b`".
pub(super) fn listed(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
