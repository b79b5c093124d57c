//! What the sections share: tables and values with their places, and a list of what is wrong.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::ConfigError;
use super::shape::MOST_ELEMENTS;
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
    /// Patterns that were read so far: their number is limited for the file as a whole.
    pub(super) patterns: usize,
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
            None if known.len() > 12 && what == "rule" => "`kustolint rules` lists what there is".to_owned(),
            None if known.len() > 12 => "`kustolint config schema` holds what there is".to_owned(),
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

/// The value of a key, if the table has it.
pub(super) fn value<'v, 'i>(table: &'v DeTable<'i>, name: &str) -> Option<&'v Spanned<DeValue<'i>>> {
    let found = table.iter().find(|(key, _)| key.get_ref() == name);
    found.map(|(_, value)| value)
}

/// The text behind a key. What is there and no text was told by the check before.
pub(super) fn text<'v>(table: &'v DeTable<'_>, name: &str) -> Option<&'v str> {
    value(table, name)?.get_ref().as_str()
}

/// The texts of a list behind a key, each with its place.
pub(super) fn texts<'v>(table: &'v DeTable<'_>, name: &str) -> Vec<(&'v str, Span)> {
    let list = value(table, name).and_then(|value| value.get_ref().as_array());
    let texts = list.into_iter().flatten();
    let texts = texts.filter_map(|entry| Some((entry.get_ref().as_str()?, span_of(entry.span()))));
    texts.take(MOST_ELEMENTS).collect()
}

/// The text behind a key, or those of the list there, each with its place.
pub(super) fn one_or_more<'v>(table: &'v DeTable<'_>, name: &str) -> Vec<(&'v str, Span)> {
    let one = value(table, name).and_then(|value| Some((value.get_ref().as_str()?, span_of(value.span()))));
    one.map_or_else(|| texts(table, name), |one| vec![one])
}

/// The tables of a list, each with its place.
pub(super) fn tables<'v, 'i>(value: &'v Spanned<DeValue<'i>>) -> Vec<(&'v DeTable<'i>, Span)> {
    let list = value.get_ref().as_array().into_iter().flatten();
    let tables = list.filter_map(|entry| Some((entry.get_ref().as_table()?, span_of(entry.span()))));
    tables.take(MOST_ELEMENTS).collect()
}

/// Where the value of a key stands, or else the table.
pub(super) fn place(table: &DeTable<'_>, name: &str, or: Span) -> Span {
    value(table, name).map_or(or, |value| span_of(value.span()))
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
