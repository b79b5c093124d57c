//! `sh` and its descendants.

use super::super::scan::Lines;
use super::super::shell::opening;
use super::super::special::{is_name, shell_hole};
use super::{Assigned, Reader, Statement, Word};
use crate::text::{HOLE, Span};

/// Words that may stand before a command and leave it what it is.
const BEFORE: &[&str] = &[
    "!", "command", "do", "elif", "else", "exec", "if", "sudo", "then", "time", "until", "while", "{",
];

/// Words before assignments.
const DECLARING: &[&str] = &["declare", "export", "local", "readonly", "typeset"];

/// Words that open what may be run never, or more than once.
const OPENING: &[&str] = &["case", "for", "function", "if", "select", "until", "while", "{"];

/// Words that close it.
const CLOSING: &[&str] = &["done", "esac", "fi", "}"];

pub(super) fn read(reader: &mut Reader<'_, '_>) {
    let base = reader.scan.at;
    let lines = (base, Lines::of(reader.scan.src.get(base..).unwrap_or_default()));
    while reader.scan.at < reader.scan.src.len() {
        let chained = reader.chained;
        let words = words(reader, &lines);
        statement(reader, words, chained);
    }
}

/// The words up to the next separator, which is passed.
fn words(reader: &mut Reader<'_, '_>, lines: &(usize, Lines<'_>)) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut documents: Vec<String> = Vec::new();
    while let Some(byte) = reader.scan.byte() {
        let at = reader.scan.at;
        match byte {
            b'\\' | b'`' if reader.line_break(at + 1).is_some() => {
                reader.scan.at += 1 + reader.line_break(at + 1).unwrap_or_default();
            }
            b' ' | b'\t' | b'\r' => reader.scan.at += 1,
            b'#' => reader.scan.at = reader.scan.line_end(at),
            b'<' | b'>' | b'&' if byte != b'&' || reader.scan.byte_at(at + 1) == Some(b'>') => {
                documents.extend(redirection(reader, &mut words));
            }
            b'\n' | b';' | b'&' | b'|' | b'(' | b')' => {
                separator(reader, byte);
                if byte == b'\n' {
                    skip_documents(reader, &documents, lines);
                }
                return words;
            }
            _ => {
                let word = word(reader);
                words.push(word);
            }
        }
    }
    words
}

/// Passes over what parts two commands.
fn separator(reader: &mut Reader<'_, '_>, byte: u8) {
    let doubled = reader.scan.byte_at(reader.scan.at + 1) == Some(byte);
    match byte {
        b'(' => reader.depth += 1,
        b')' => reader.depth = reader.depth.saturating_sub(1),
        _ => {}
    }
    reader.chained = byte == b'|' || (byte == b'&' && doubled);
    reader.scan.at += if doubled && matches!(byte, b'|' | b'&') { 2 } else { 1 };
}

/// Passes over a redirection and its target; returns the end of the here-document that it asks for.
fn redirection(reader: &mut Reader<'_, '_>, words: &mut Vec<Word>) -> Option<String> {
    let at = reader.scan.at;
    let touches = words.last().is_some_and(|word| word.span.range().end == at);
    let is_number = |word: &Word| word.text.as_str().bytes().all(|byte| byte.is_ascii_digit());
    if touches && words.last().is_some_and(is_number) {
        words.pop();
    }
    let is_document = reader.scan.starts("<<") && !reader.scan.starts("<<<");
    while matches!(reader.scan.byte(), Some(b'<' | b'>' | b'&' | b'|' | b'-')) {
        reader.scan.at += 1;
    }
    while matches!(reader.scan.byte(), Some(b' ' | b'\t')) {
        reader.scan.at += 1;
    }
    if reader.scan.byte().is_none_or(is_border) {
        return None;
    }
    let target = word(reader);
    is_document.then(|| target.text.as_str().to_owned())
}

/// Passes over here-documents, which start at the scan's place. One without an end is none.
fn skip_documents(reader: &mut Reader<'_, '_>, documents: &[String], (base, lines): &(usize, Lines<'_>)) {
    for end in documents {
        let Some(close) = lines.next(end, reader.scan.at - base) else {
            return;
        };
        reader.scan.at = reader.scan.line_end(base + close);
    }
}

/// Whether a byte ends a word.
fn is_border(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>'
    )
}

fn word(reader: &mut Reader<'_, '_>) -> Word {
    let from = reader.scan.at;
    let mut draft = reader.scan.draft(from);
    let quoted = matches!(reader.scan.byte(), Some(b'"' | b'\''));
    while let Some(byte) = reader.scan.byte().filter(|byte| !is_border(*byte)) {
        let at = reader.scan.at;
        if byte == b'\\' {
            escaped(reader, &mut draft);
        } else if let Some((content, form)) = opening(&reader.scan) {
            match draft.read(reader.scan.src, content, &form) {
                Ok(end) => reader.scan.at = end,
                Err(reached) => reader.scan.at = reached.max(content),
            }
        } else if matches!(byte, b'$' | b'`') && at >= reader.broken {
            if reader.line_break(at + 1).is_some() {
                break;
            }
            match shell_hole(reader.scan.src, at) {
                Some(length) => {
                    reader.scan.at += length;
                    draft.hole(at, reader.scan.at);
                }
                None => {
                    substitution_without_end(reader);
                    draft.plain(at, reader.scan.at);
                }
            }
        } else {
            // At least one character, and up to the next that may mean something.
            let rest = reader.scan.src.as_bytes().get(at + 1..).unwrap_or_default();
            let plain = rest
                .iter()
                .take_while(|byte| !is_border(**byte) && !matches!(byte, b'\\' | b'\'' | b'"' | b'$' | b'`'));
            reader.scan.at = at + 1 + plain.count();
            draft.plain(at, reader.scan.at);
        }
    }
    let mut word = reader.finish(draft, from, quoted);
    let written = word.span.of_text(reader.scan.src);
    let named = written.bytes().position(|byte| !is_name(byte) && byte != b'-');
    let value = named
        .filter(|end| written.as_bytes().get(*end) == Some(&b'='))
        .map_or(0, |end| end + 1);
    word.substitution = substitution(written.get(value..).unwrap_or_default(), from + value);
    let bare = written.trim_matches('"');
    word.spills = (!quoted && word.text.as_str() == HOLE.to_string() && word.substitution.is_none())
        || matches!(bare, "$@" | "$*")
        || ["${@", "${*"].iter().any(|all| bare.starts_with(all))
        || (bare.starts_with("${") && bare.contains("[@]"));
    word
}

/// Passes over the start of a substitution that has no end near by, and remembers up to where.
fn substitution_without_end(reader: &mut Reader<'_, '_>) {
    let at = reader.scan.at;
    if matches!(reader.scan.byte_at(at + 1), Some(b'(' | b'{')) || reader.scan.byte() == Some(b'`') {
        reader.broken = at + 1024;
    }
    reader.scan.at += 1;
}

/// A character after a backslash.
fn escaped(reader: &mut Reader<'_, '_>, draft: &mut super::super::draft::Draft<'_>) {
    let at = reader.scan.at;
    if let Some(length) = reader.line_break(at + 1) {
        reader.scan.at += 1 + length;
        return;
    }
    let next = reader.scan.src.get(at + 1..).and_then(|rest| rest.chars().next());
    reader.scan.at += 1 + next.map_or(0, char::len_utf8);
    if let Some(next) = next {
        draft.decoded(&next.to_string(), at, reader.scan.at);
    }
}

/// The inside of `$(…)` or a pair of backticks, if the text, which starts at `value`, is nothing else.
fn substitution(whole: &str, value: usize) -> Option<Span> {
    let quotes = usize::from(whole.len() > 1 && whole.starts_with('"') && whole.ends_with('"'));
    let inner = whole.get(quotes..whole.len() - quotes)?;
    let sides = match inner {
        _ if inner.starts_with("$(") && inner.ends_with(')') && !inner.starts_with("$((") => (2, 1),
        _ if inner.len() > 1 && inner.starts_with('`') && inner.ends_with('`') => (1, 1),
        _ => return None,
    };
    let start = value + quotes + sides.0;
    let end = value + quotes + inner.len() - sides.1;
    (start <= end).then(|| Span::of(start, end))
}

/// The variable that a word assigns to.
fn name_of(written: &str) -> Option<&str> {
    let end = written.bytes().position(|byte| !is_name(byte))?;
    let name = written.get(..end)?;
    let is_assignment = written.as_bytes().get(end) == Some(&b'=');
    (is_assignment && !name.is_empty() && !name.starts_with(|first: char| first.is_ascii_digit())).then_some(name)
}

/// Keeps what the words say.
fn statement(reader: &mut Reader<'_, '_>, words: Vec<Word>, chained: bool) {
    let mut words = words.into_iter().peekable();
    let mut before = reader.depth;
    while let Some(first) = words.peek() {
        let text = first.text.as_str();
        if first.quoted {
            break;
        }
        if OPENING.contains(&text) {
            reader.depth += 1;
        }
        if CLOSING.contains(&text) {
            reader.depth = reader.depth.saturating_sub(1);
        }
        before = before.max(reader.depth);
        if matches!(text, "for" | "select") || matches!(text, "read" | "unset" | "mapfile" | "readarray") {
            let all = text != "for" && text != "select";
            let named = words.skip(1).take(if all { usize::MAX } else { 1 });
            let names: Vec<_> = named.filter_map(|word| word.text.known().map(str::to_owned)).collect();
            names.into_iter().for_each(|name| uncertain(reader, name));
            return;
        }
        if !BEFORE.contains(&text) && !DECLARING.contains(&text) && !CLOSING.contains(&text) {
            break;
        }
        words.next();
    }
    let mut assignments = Vec::new();
    let src = reader.scan.src;
    while let Some(word) = words.peek() {
        let written = word.span.of_text(src);
        if written.starts_with('-') && assignments.is_empty() {
            // An option of `declare` and the like; no command starts so.
            words.next();
            continue;
        }
        if let Some(name) = name_of(written) {
            let name = name.to_owned();
            let word = words.next().unwrap_or_default();
            assignments.push((name, word));
        } else if let Some(name) = written.split_once("+=").map(|(name, _)| name.to_owned()) {
            uncertain(reader, name);
            words.next();
        } else {
            break;
        }
    }
    let command: Vec<_> = words.collect();
    if !command.is_empty() {
        reader.keep(Statement {
            words: command,
            ..Statement::default()
        });
        return;
    }
    let certain = before == 0 && !chained;
    for (name, word) in assignments {
        let text = word
            .text
            .part(Span::new(crate::text::offset(name.len() + 1), word.text.len()));
        reader.keep(Statement {
            assigned: Some(Assigned {
                name,
                certain: certain && !text.is_empty(),
            }),
            words: vec![Word { text, ..word }],
            ..Statement::default()
        });
    }
}

/// A variable that gets a value which is not read.
fn uncertain(reader: &mut Reader<'_, '_>, name: String) {
    reader.keep(Statement {
        assigned: Some(Assigned { name, certain: false }),
        ..Statement::default()
    });
}
