//! The fingerprint by which GitHub knows an alert again: `primaryLocationLineHash`, as the action that uploads reports
//! makes it (github/codeql-action, `src/fingerprints.ts`, 2026). It is taken of the text without its secrets.
//!
//! The hash of a line is a polynomial over the next 100 UTF-16 units of the file from the line's start, without blanks
//! and with every line break as one line feed; after the last unit comes one mark of the end, and then zeros. Equal hashes
//! of a file are numbered. As GitHub takes two alerts of one rule with one fingerprint for the same, further ones on
//! a line get a number of their own.

use std::collections::{BTreeMap, BTreeSet};

use super::selection::Chosen;
use crate::redact::Redactor;
use crate::syntax::connection::MASK;
use crate::text::{Encoding, FileId, SourceFile, Sources, Span, offset};

/// Units that a hash is taken of.
const UNITS: usize = 100;
/// The base of the polynomial.
const BASE: u64 = 37;
/// What stands after the last unit of a file.
const END: u16 = u16::MAX;

/// The fingerprint of each result.
pub(super) fn line_hashes(results: &[Chosen<'_, '_>], sources: &Sources, redactor: &Redactor) -> Vec<String> {
    let mut wanted: BTreeMap<FileId, BTreeSet<u32>> = BTreeMap::new();
    for (told, _) in results {
        let lines = wanted.entry(told.finding.primary.at.file).or_default();
        lines.insert(told.at.start.line);
    }
    let mut hashes: BTreeMap<(FileId, u32), String> = BTreeMap::new();
    for (id, lines) in &wanted {
        if let Some(file) = sources.get(*id) {
            let found = of_lines(&units(*id, file, redactor), lines);
            hashes.extend(found.into_iter().map(|(line, hash)| ((*id, line), hash)));
        }
    }
    let mut seen: BTreeMap<(FileId, u32, &str), usize> = BTreeMap::new();
    let of = |(told, _): &Chosen<'_, '_>| {
        let (file, line) = (told.finding.primary.at.file, told.at.start.line);
        let hash = hashes.get(&(file, line)).cloned().unwrap_or_default();
        let number = seen.entry((file, line, told.finding.rule)).or_default();
        *number += 1;
        if *number == 1 { hash } else { format!("{hash}-{number}") }
    };
    results.iter().map(of).collect()
}

/// The units of a file that hashes are taken of, with a mask for each secret.
fn units(id: FileId, file: &SourceFile, redactor: &Redactor) -> Vec<u16> {
    let text = file.text();
    let hidden = redactor.hidden_in(id, text, Span::of(0, text.len()));
    let mut hidden = hidden.iter().peekable();
    let mut shown = String::with_capacity(text.len());
    if file.encoding() == Encoding::Utf8Bom {
        shown.push('\u{FEFF}');
    }
    for (at, character) in text.char_indices() {
        let at = offset(at);
        while hidden.peek().is_some_and(|secret| secret.end <= at) {
            hidden.next();
        }
        match hidden.peek() {
            Some(secret) if secret.contains(at) => {
                if at == secret.start {
                    shown.push_str(MASK);
                }
                // Lines keep their numbers.
                if matches!(character, '\r' | '\n') {
                    shown.push(character);
                }
            }
            _ => shown.push(character),
        }
    }
    let mut units = Vec::with_capacity(shown.len());
    let mut after_return = false;
    for unit in shown.encode_utf16() {
        let feed = after_return && unit == u16::from(b'\n');
        after_return = unit == u16::from(b'\r');
        match u8::try_from(unit) {
            Ok(b' ' | b'\t') => {}
            _ if feed => {}
            Ok(b'\r') => units.push(u16::from(b'\n')),
            _ => units.push(unit),
        }
    }
    units.push(END);
    units
}

/// The hashes of the lines with those numbers, each with its number among the equal ones of the file.
fn of_lines(units: &[u16], wanted: &BTreeSet<u32>) -> BTreeMap<u32, String> {
    let mut found = BTreeMap::new();
    let mut seen: BTreeMap<u64, u32> = BTreeMap::new();
    let last = wanted.last().copied().unwrap_or(0);
    let mut line = 0;
    let mut starts = true;
    for (at, unit) in units.iter().enumerate() {
        if starts {
            line += 1;
            if line > last {
                break;
            }
            let hash = hash(units.get(at..).unwrap_or_default());
            let count = seen.entry(hash).or_default();
            *count += 1;
            if wanted.contains(&line) {
                found.insert(line, format!("{hash:x}:{count}"));
            }
        }
        starts = *unit == u16::from(b'\n');
    }
    found
}

fn hash(units: &[u16]) -> u64 {
    let units = units.iter().copied().chain(std::iter::repeat(0));
    units.take(UNITS).fold(0, |hash: u64, unit| {
        hash.wrapping_mul(BASE).wrapping_add(u64::from(unit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(text: &str, redactor: &Redactor) -> Vec<String> {
        let file = SourceFile::in_memory("a.kql", text);
        let lines = 1..=offset(text.matches('\n').count()) + 1;
        let found = of_lines(&units(FileId(0), &file, redactor), &lines.collect());
        found.into_values().collect()
    }

    #[test]
    fn an_empty_file_has_the_hash_that_the_action_gives_it() {
        assert_eq!(hashes("", &Redactor::default()), ["c129715d7a2bc9a3:1"]);
    }

    #[test]
    fn blanks_and_the_form_of_line_breaks_do_not_count_and_equal_lines_are_numbered() {
        let plain = hashes("a b\nc\n", &Redactor::default());
        assert_eq!(hashes("ab\r\n\tc \r\n", &Redactor::default()), plain);
        let long = format!("{}\n", "x".repeat(100));
        let equal = hashes(&long.repeat(2), &Redactor::default());
        let (one, two) = (equal[0].split_once(':').unwrap(), equal[1].split_once(':').unwrap());
        assert_eq!((one.0, one.1, two.1), (two.0, "1", "2"));
    }

    #[test]
    fn no_secret_is_hashed() {
        let with = |key: &str| {
            let text = format!("x\nAppKey={key};Fed=True\ny\n");
            let mut sources = Sources::new();
            sources.add(SourceFile::in_memory("a.kql", &text));
            hashes(&text, &Redactor::of(&sources, Default::default()))
        };
        assert_eq!(with("k9-pond-lily-77"), with("q8Zt~vR3mWx1Lp"));
        assert_eq!(with("k9-pond-lily-77").len(), 4);
    }
}
