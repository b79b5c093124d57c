//! C#: `new KustoKeyVaultProperties { KeyName = "…" }`, and texts that are assigned to names.

use super::super::csharp::{character, opening};
use super::super::special::is_name;
use super::{Assigned, Reader, Statement, Word};

/// How long an expression may be that gives a member its value.
const LONGEST_VALUE: usize = 512;

/// Calls around a text that make nothing else of it.
const WRAPPERS: &[&str] = &["new Uri(", "new System.Uri(", "new("];

pub(super) fn read(reader: &mut Reader<'_, '_>) {
    while let Some(byte) = reader.scan.byte() {
        if reader.scan.skips_comment() || skips_literal(reader) {
            continue;
        }
        if byte == b'\'' {
            reader.scan.at += character(&reader.scan);
        } else if is_name(byte) {
            let name = name(reader);
            if (reader.wanted)(&name.to_ascii_lowercase()) {
                initializer(reader, &name);
            } else {
                assignment(reader, name);
            }
        } else {
            reader.scan.at += 1;
        }
    }
}

/// Passes over a literal.
fn skips_literal(reader: &mut Reader<'_, '_>) -> bool {
    literal(reader).is_some()
}

/// The text of the literal at the scan's place, which is passed; one without an end gives an empty text.
fn literal(reader: &mut Reader<'_, '_>) -> Option<Word> {
    let from = reader.scan.at;
    let (content, form) = opening(&reader.scan)?;
    let mut draft = reader.scan.draft(from);
    match draft.read(reader.scan.src, content, &form) {
        Ok(end) => {
            reader.scan.at = end;
            Some(reader.finish(draft, from, true))
        }
        Err(reached) => {
            reader.scan.at = reached.max(content);
            Some(Word::default())
        }
    }
}

/// A name, which is passed.
fn name(reader: &mut Reader<'_, '_>) -> String {
    let rest = reader.scan.src.get(reader.scan.at..).unwrap_or_default();
    let length = rest.bytes().take_while(|byte| is_name(*byte)).count();
    reader.scan.at += length;
    rest.get(..length).unwrap_or_default().to_owned()
}

fn skip_white(reader: &mut Reader<'_, '_>) {
    while let Some(byte) = reader.scan.byte() {
        if byte.is_ascii_whitespace() {
            reader.scan.at += 1;
        } else if !reader.scan.skips_comment() {
            return;
        }
    }
}

/// Passes over a sign after white space, if it stands there.
fn takes(reader: &mut Reader<'_, '_>, sign: u8) -> bool {
    skip_white(reader);
    let found = reader.scan.byte() == Some(sign);
    reader.scan.at += usize::from(found);
    found
}

/// What stands after a name that is assigned to.
fn assignment(reader: &mut Reader<'_, '_>, name: String) {
    let after = reader.scan.at;
    let is_assigned = takes(reader, b'=') && !matches!(reader.scan.byte(), Some(b'=' | b'>'));
    if !is_assigned {
        reader.scan.at = after;
        return;
    }
    skip_white(reader);
    let words: Vec<_> = literal(reader).into_iter().collect();
    let certain = !words.is_empty() && takes(reader, b';');
    reader.keep(Statement {
        assigned: Some(Assigned { name, certain }),
        words,
        ..Statement::default()
    });
}

/// The members after the name of the class.
fn initializer(reader: &mut Reader<'_, '_>, class: &str) {
    let start = reader.scan.at - class.len();
    let mut draft = reader.scan.draft(start);
    draft.plain(start, reader.scan.at);
    let mut words = vec![reader.finish(draft, start, false)];
    if takes(reader, b'(') && !takes(reader, b')') {
        return;
    }
    if !takes(reader, b'{') {
        return;
    }
    loop {
        skip_white(reader);
        if !reader.scan.byte().is_some_and(is_name) {
            break;
        }
        let from = reader.scan.at;
        let member = name(reader);
        let mut draft = reader.scan.draft(from);
        draft.plain(from, from + member.len());
        words.push(reader.finish(draft, from, false));
        if !takes(reader, b'=') {
            break;
        }
        words.extend(value(reader));
        if !takes(reader, b',') {
            break;
        }
    }
    reader.keep(Statement {
        words,
        ..Statement::default()
    });
}

/// The value of a member; nothing for `null`.
fn value(reader: &mut Reader<'_, '_>) -> Option<Word> {
    skip_white(reader);
    let wrapper = WRAPPERS.iter().find(|wrapper| reader.scan.starts(wrapper));
    reader.scan.at += wrapper.map_or(0, |wrapper| wrapper.len());
    skip_white(reader);
    let from = reader.scan.at;
    let text = literal(reader);
    let ends = |reader: &Reader<'_, '_>| matches!(reader.scan.byte(), Some(b',' | b'}' | b')' | b'\n' | b'\r'));
    skip_white(reader);
    if let Some(text) = text.filter(|_| ends(reader)) {
        if wrapper.is_some() {
            takes(reader, b')');
        }
        return Some(text);
    }
    let end = expression_end(reader);
    reader.scan.at = end;
    let written = reader.scan.src.get(from..end).unwrap_or_default();
    let trimmed = from + written.trim_end().len();
    if wrapper.is_some() {
        takes(reader, b')');
    }
    if written.trim() == "null" {
        return None;
    }
    let mut draft = reader.scan.draft(from);
    draft.hole(from, trimmed);
    reader.scan.at = reader.scan.at.max(end);
    let mut word = reader.finish(draft, from, true);
    word.span = crate::text::Span::of(from, trimmed);
    Some(word)
}

/// Where the expression at the scan's place ends.
fn expression_end(reader: &Reader<'_, '_>) -> usize {
    let rest = reader.scan.src.as_bytes().get(reader.scan.at..).unwrap_or_default();
    let mut depth = 0_usize;
    let mut length = 0;
    for byte in rest.iter().take(LONGEST_VALUE) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b',' | b';' if depth == 0 => break,
            b')' | b']' | b'}' if depth == 0 => break,
            b')' | b']' | b'}' => depth -= 1,
            _ => {}
        }
        length += 1;
    }
    let end = reader.scan.at + length;
    (0..4)
        .map(|back| end.saturating_sub(back))
        .find(|end| reader.scan.src.is_char_boundary(*end))
        .unwrap_or(reader.scan.at)
}
