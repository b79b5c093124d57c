//! Lines that certainly start a command: where reading goes on after a mistake or after raw data.

use super::lexer::{is_blank, is_line_end};
use crate::text::HOLE;

/// The first words of commands, as far as they are known. Other words after a dot start commands too,
/// but are no reason to give up an open bracket.
pub(super) const VERBS: &[&str] = &[
    "add",
    "alter",
    "alter-merge",
    "append",
    "apply",
    "attach",
    "cancel",
    "clear",
    "create",
    "create-merge",
    "create-or-alter",
    "define",
    "delete",
    "detach",
    "disable",
    "drop",
    "drop-pretend",
    "dup-next-failed-ingest",
    "dup-next-ingest",
    "enable",
    "execute",
    "export",
    "ingest",
    "ingest-from-storage-queued",
    "list",
    "load",
    "make",
    "merge",
    "move",
    "patch",
    "purge",
    "refresh",
    "reload",
    "remove",
    "rename",
    "replace",
    "restore",
    "run",
    "save",
    "set",
    "set-or-append",
    "set-or-replace",
    "show",
    "undo",
    "unlock",
];

/// Whether `line` (which may be followed by more text) is a dot, a known verb that touches it, blanks
/// and a letter or digit, after any blanks.
pub(super) fn is_command_line(line: &str) -> bool {
    let Some(rest) = line.trim_start_matches(is_blank).strip_prefix('.') else {
        return false;
    };
    let length = rest
        .bytes()
        .take_while(|byte| byte.is_ascii_lowercase() || *byte == b'-')
        .count();
    let (verb, after) = rest.split_at_checked(length).unwrap_or(("", rest));
    VERBS.contains(&verb)
        && after.starts_with(is_blank)
        && after
            .trim_start_matches(is_blank)
            .starts_with(|first: char| first.is_ascii_alphanumeric())
}

/// Whether a text, taken as a script, starts with a command that is known: a dot and a known verb, after any
/// white space, comments and directives.
#[must_use]
pub fn starts_with_command(text: &str) -> bool {
    let is_space = |character| is_blank(character) || is_line_end(character);
    let mut rest = text.trim_start_matches(is_space);
    while rest.starts_with("//") || rest.starts_with('#') {
        let line = rest.find(is_line_end).unwrap_or(rest.len());
        rest = rest.get(line..).unwrap_or_default().trim_start_matches(is_space);
    }
    let Some(rest) = rest.strip_prefix('.') else {
        return false;
    };
    let length = rest
        .bytes()
        .take_while(|byte| byte.is_ascii_lowercase() || *byte == b'-')
        .count();
    let (verb, after) = rest.split_at_checked(length).unwrap_or(("", rest));
    let object = after.trim_start_matches(is_space);
    VERBS.contains(&verb)
        && object.len() < after.len()
        && object
            .starts_with(|first: char| first.is_ascii_alphanumeric() || first == HOLE || "_[{<$%'\"".contains(first))
}

/// Offset of the first line that starts a command and stands after an empty line.
pub(super) fn next_command(text: &str) -> Option<usize> {
    commands(text).next().map(|(at, _)| at)
}

/// The same for the content of a fenced literal whose closing fence may belong to a later command: its
/// last paragraph starts a command.
pub(super) fn command_before_fence(content: &str) -> Option<usize> {
    let mut lines = commands(content);
    let (first, paragraph) = lines.next()?;
    let after = lines.last().map_or(paragraph, |(_, paragraph)| paragraph);
    (!lines_from(after, 0).any(|(_, line)| is_empty_line(line))).then_some(first)
}

/// The lines that start a command after an empty line and perhaps comments: offset, and text from there.
fn commands(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let first = text.split_inclusive(is_line_end).next().unwrap_or_default();
    let mut after_empty = false;
    lines_from(text, first.len()).filter_map(move |(at, line)| {
        let starts = after_empty && is_command_line(line);
        after_empty = is_empty_line(line) || (after_empty && line.trim_start_matches(is_blank).starts_with("//"));
        if starts { Some((at, text.get(at..)?)) } else { None }
    })
}

/// Length of the raw data at the start of `text`: up to an empty line or a line that starts a command,
/// without the line break at its end. The rest of the first line is always data.
pub(super) fn raw_data(text: &str) -> usize {
    let first = text.split_inclusive(is_line_end).next().unwrap_or_default();
    let end = lines_from(text, first.len())
        .find(|(_, line)| is_empty_line(line) || is_command_line(line))
        .map_or(text.len(), |(at, _)| at);
    text.get(..end).map_or(end, |data| data.trim_end().len())
}

/// The lines that start at `from` or later, with their offsets. The two characters of CRLF count as one
/// line end.
fn lines_from(text: &str, from: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut at = from;
    std::iter::from_fn(move || {
        let mut rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        if rest.starts_with('\n') && text.get(..at).is_some_and(|before| before.ends_with('\r')) {
            at += 1;
            rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        }
        let length = rest.find(is_line_end).map_or(rest.len(), |end| {
            end + rest
                .get(end..)
                .and_then(|end| end.chars().next())
                .map_or(0, char::len_utf8)
        });
        let line = (at, rest.get(..length).unwrap_or_default());
        at += length;
        Some(line)
    })
}

fn is_empty_line(line: &str) -> bool {
    line.chars()
        .all(|character| is_blank(character) || is_line_end(character))
}
