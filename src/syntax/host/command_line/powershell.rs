//! PowerShell.

use super::super::powershell::opening;
use super::super::special::is_name;
use super::{Assigned, Reader, Statement, Word};
use crate::text::Span;

/// Words before a command that leave it what it is.
const BEFORE: &[&str] = &["&", ".", "return", "[void]"];

pub(super) fn read(reader: &mut Reader<'_, '_>) {
    while reader.scan.at < reader.scan.src.len() {
        statement(reader);
    }
}

/// What stands between the words of a command.
enum Gap {
    /// Nothing that matters.
    Blank,
    /// What parts two commands.
    Separator(u8),
    /// The next word.
    Word,
    /// The end.
    End,
}

/// Passes over blanks, comments and line ends that do not count.
fn gap(reader: &mut Reader<'_, '_>) -> Gap {
    let at = reader.scan.at;
    let Some(byte) = reader.scan.byte() else {
        return Gap::End;
    };
    match byte {
        b' ' | b'\t' | b'\r' => reader.scan.at += 1,
        // The other one is what a shell uses: a script that is taken for PowerShell by mistake loses no option.
        b'`' | b'\\' if reader.line_break(at + 1).is_some() => {
            reader.scan.at += 1 + reader.line_break(at + 1).unwrap_or_default();
        }
        b'<' if reader.scan.starts("<#") => reader.scan.skip_past("#>"),
        b'#' => reader.scan.at = reader.scan.line_end(at),
        b'\n' | b';' | b'|' | b'&' | b'{' | b'}' | b'(' | b')' => return Gap::Separator(byte),
        _ => return Gap::Word,
    }
    Gap::Blank
}

fn statement(reader: &mut Reader<'_, '_>) {
    let mut statement = Statement::default();
    let mut is_command = false;
    let mut in_list = false;
    loop {
        match gap(reader) {
            Gap::Blank => continue,
            Gap::End => break,
            Gap::Separator(b')') if in_list => {
                (in_list, reader.scan.at) = (false, reader.scan.at + 1);
                continue;
            }
            Gap::Separator(b'\n') if in_list => {
                reader.scan.at += 1;
                continue;
            }
            Gap::Separator(b'(' | b'{') if takes_group(&statement, is_command) && group(reader, &mut statement) => {
                continue;
            }
            Gap::Separator(byte) => {
                separator(reader, byte);
                break;
            }
            Gap::Word => {}
        }
        if is_command && reader.scan.starts("@(") {
            (in_list, reader.scan.at) = (true, reader.scan.at + 2);
            continue;
        }
        if is_command && reader.scan.starts("@{") {
            reader.scan.at += 1;
            continue;
        }
        let joined = follows_comma(reader);
        if statement.words.is_empty() && statement.assigned.is_none() {
            assignment(reader, &mut statement);
            if statement.assigned.is_some() {
                continue;
            }
        }
        let Some(mut word) = word(reader) else { continue };
        word.joined = joined;
        if statement.words.is_empty() {
            let first = word.text.as_str().to_ascii_lowercase();
            if BEFORE.contains(&first.as_str()) {
                continue;
            }
            is_command = (reader.wanted)(&first);
        }
        statement.words.push(word);
    }
    if !statement.words.is_empty() || statement.assigned.is_some() {
        let is_literal = |word: &Word| word.quoted || word.text.sole_hole().is_some();
        if !is_command && !matches!(statement.words.as_slice(), [value] if is_literal(value)) {
            // An expression of which the first part is not the value.
            statement
                .assigned
                .iter_mut()
                .for_each(|assigned| assigned.certain = false);
        }
        reader.keep(statement);
    }
}

/// Whether parentheses at this place are a value.
fn takes_group(statement: &Statement, is_command: bool) -> bool {
    is_command || (statement.words.is_empty() && statement.assigned.is_some())
}

/// Passes over what parts two commands.
fn separator(reader: &mut Reader<'_, '_>, byte: u8) {
    match byte {
        b'(' | b'{' => reader.depth += 1,
        b')' | b'}' => reader.depth = reader.depth.saturating_sub(1),
        _ => {}
    }
    reader.scan.at += 1;
}

/// Reads what stands in parentheses or braces as one word, with the members that are read of it.
fn group(reader: &mut Reader<'_, '_>, statement: &mut Statement) -> bool {
    let from = reader.scan.at;
    let is_expression = reader.scan.byte() == Some(b'(');
    let Some(end) = reader.group(from, b'`') else {
        return false;
    };
    let members = members(reader, end);
    reader.scan.at = end + members.len();
    let mut draft = reader.scan.draft(from);
    draft.hole(from, reader.scan.at);
    let mut word = reader.finish(draft, from, true);
    if is_expression {
        word.substitution = Some(Span::of(from + 1, end - 1));
        word.member = members;
    }
    statement.words.push(word);
    true
}

/// The names of members that stand at an offset: `.identity.principalId`.
fn members(reader: &Reader<'_, '_>, at: usize) -> String {
    let rest = reader.scan.src.get(at..).unwrap_or_default();
    let mut length = 0;
    while let Some(after) = rest.get(length..).and_then(|rest| rest.strip_prefix('.')) {
        match after.bytes().take_while(|byte| is_name(*byte)).count() {
            0 => break,
            name => length += 1 + name,
        }
    }
    rest.get(..length).unwrap_or_default().to_owned()
}

/// Whether a comma stands at the scan's place; it is passed.
fn follows_comma(reader: &mut Reader<'_, '_>) -> bool {
    let mut found = false;
    while reader.scan.byte() == Some(b',') {
        found = true;
        reader.scan.at += 1;
        while matches!(reader.scan.byte(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            reader.scan.at += 1;
        }
    }
    found
}

/// Reads `$name =` at the start of a statement.
fn assignment(reader: &mut Reader<'_, '_>, statement: &mut Statement) {
    let start = reader.scan.at;
    let src = reader.scan.src;
    let mut rest = src.get(start..).unwrap_or_default();
    if let Some((cast, _)) = rest
        .strip_prefix('[')
        .and_then(|_| reader.scan.near(start).split_once(']'))
    {
        rest = src
            .get(start + cast.len() + 1..)
            .unwrap_or_default()
            .trim_start_matches(' ');
    }
    let Some(after) = rest.strip_prefix('$') else { return };
    let length = after.bytes().take_while(|byte| is_name(*byte) || *byte == b':').count();
    let name = after.get(..length).unwrap_or_default().to_ascii_lowercase();
    let name = name.rsplit(':').next().unwrap_or_default().to_owned();
    let value = after.get(length..).unwrap_or_default().trim_start_matches([' ', '\t']);
    let (sign, certain) = match value.as_bytes() {
        [b'=', next, ..] if *next != b'=' => (1, reader.depth == 0),
        [b'+' | b'-' | b'?', b'=', ..] => (2, false),
        _ => return,
    };
    if name.is_empty() {
        return;
    }
    reader.scan.at = src.len() - value.len() + sign;
    statement.assigned = Some(Assigned { name, certain });
}

/// A word; `None` for what is none, which is passed.
fn word(reader: &mut Reader<'_, '_>) -> Option<Word> {
    let from = reader.scan.at;
    let mut draft = reader.scan.draft(from);
    if let Some((content, form)) = opening(&reader.scan) {
        match draft.read(reader.scan.src, content, &form) {
            Ok(end) => reader.scan.at = end,
            Err(reached) => {
                reader.scan.at = reached.max(content);
                return None;
            }
        }
        return Some(reader.finish(draft, from, true));
    }
    let splat = reader.scan.byte() == Some(b'@');
    let mut plain = from;
    while let Some(byte) = reader.scan.byte() {
        let at = reader.scan.at;
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b';' | b'|' | b'(' | b')' | b'{' | b'}' | b',' => break,
            b'`' if reader.line_break(at + 1).is_some() => break,
            // `-Name:'value'` goes on with the literal.
            b'"' | b'\'' if at > from => {
                let Some((content, form)) = opening(&reader.scan) else {
                    break;
                };
                draft.plain(plain, at);
                match draft.read(reader.scan.src, content, &form) {
                    Ok(end) => reader.scan.at = end,
                    Err(reached) => reader.scan.at = reached.max(content),
                }
                plain = reader.scan.at;
            }
            b'$' => {
                draft.plain(plain, at);
                variable(reader);
                draft.hole(at, reader.scan.at);
                plain = reader.scan.at;
            }
            _ => reader.scan.at += 1,
        }
    }
    let end = reader.scan.at;
    draft.plain(plain, end);
    if end == from {
        reader.scan.at += 1;
        return None;
    }
    let mut word = reader.finish(draft, from, false);
    word.spills = splat;
    let written = word.span.of_text(reader.scan.src);
    if word.text.sole_hole().is_some() && written.starts_with("$(") && written.ends_with(')') {
        word.substitution = Some(Span::of(from + 2, end - 1));
    }
    Some(word)
}

/// Passes over a variable with its members, or over `$(…)`.
fn variable(reader: &mut Reader<'_, '_>) {
    let at = reader.scan.at;
    let closed = matches!(reader.scan.byte_at(at + 1), Some(b'(' | b'{'));
    let end = match closed.then(|| reader.group(at + 1, b'`')) {
        Some(Some(end)) => end,
        Some(None) => at + 1,
        None => {
            let rest = reader.scan.src.as_bytes().get(at + 1..).unwrap_or_default();
            at + 1 + rest.iter().take_while(|byte| is_name(**byte) || **byte == b':').count()
        }
    };
    reader.scan.at = end + members(reader, end).len();
}
