//! Markdown: fenced code that is labelled as KQL, or not at all.

use super::scan::{Scan, Scanned};
use crate::text::{Escape, MappedText, Span};

/// Labels of code that may be KQL.
const LABELS: &[&str] = &[
    "",
    "console",
    "csl",
    "kql",
    "kusto",
    "plain",
    "plaintext",
    "sql",
    "text",
    "txt",
];

/// How a comment starts.
const OPEN: &str = "<!--";
/// How it ends.
const CLOSE: &str = "-->";

/// In how many fences Markdown is read: documents show how a document is written, and hardly go on from there.
const MAX_DEPTH: usize = 2;

pub(super) fn scan(text: &MappedText) -> Scanned {
    nested(text, 0)
}

/// The commands in Markdown that stands in so many fences.
fn nested(text: &MappedText, depth: usize) -> Scanned {
    let mut scan = Scan::new(text, true);
    let mut commented = 0;
    while scan.at < scan.src.len() {
        let start = scan.at;
        let line = next_line(&mut scan);
        if let Some((fence, info)) = opening(line) {
            block(&mut scan, start, fence, info, depth);
        } else {
            commented = comments(&mut scan, start, line, commented);
        }
    }
    scan.finish()
}

/// Keeps the comments that start on the line at `start`, of which all up to `known` are known; says up to where they are
/// then. What is marked as code on the line is none.
fn comments(scan: &mut Scan<'_>, start: usize, line: &str, mut known: usize) -> usize {
    let (mut from, mut marks) = (0, 0);
    while let Some(at) = line.get(from..).and_then(|rest| rest.find(OPEN)).map(|at| from + at) {
        let between = line.get(from..at).unwrap_or_default();
        marks += between.bytes().filter(|byte| *byte == b'`').count();
        from = at + OPEN.len();
        let in_code = !marks.is_multiple_of(2);
        if in_code || start + at < known {
            continue;
        }
        let rest = scan.src.as_bytes().get(start + from..).unwrap_or_default();
        let length = memchr::memmem::find(rest, CLOSE.as_bytes());
        // Without an end, no later one has an end either.
        known = length.map_or(scan.src.len(), |length| start + from + length + CLOSE.len());
        if length.is_some() {
            scan.remember_comment(start + at, known);
        }
    }
    known
}

/// The line at the scan's place, which moves to the next one.
fn next_line<'t>(scan: &mut Scan<'t>) -> &'t str {
    let start = scan.at;
    scan.skip_past("\n");
    scan.src.get(start..scan.at).unwrap_or_default()
}

/// A fence: its character and how many of them.
#[derive(Clone, Copy)]
struct Fence {
    character: char,
    length: usize,
}

/// The line without the marks of quotations, and how long they are.
fn unquoted(line: &str) -> (&str, usize) {
    let rest = line.trim_start_matches([' ', '\t', '>']);
    let marks = line.get(..line.len() - rest.len()).unwrap_or_default();
    match marks.rfind('>') {
        Some(at) => (line.get(at + 1..).unwrap_or_default(), at + 1),
        None => (line, 0),
    }
}

fn opening(line: &str) -> Option<(Fence, &str)> {
    let line = unquoted(line).0.trim();
    // Lists may have a fence right after their mark.
    let line = line.trim_start_matches(['-', '*', '+', ' ']);
    let character = line.chars().next().filter(|first| matches!(first, '`' | '~'))?;
    let info = line.trim_start_matches(character);
    let length = line.len() - info.len();
    let opens = length >= 3 && (character == '~' || !info.contains('`'));
    opens.then_some((Fence { character, length }, info.trim()))
}

impl Fence {
    fn is_closed_by(self, line: &str) -> bool {
        let line = unquoted(line).0.trim();
        line.len() >= self.length && line.chars().all(|character| character == self.character)
    }
}

/// The code after a fence, up to the fence that closes it.
fn block(scan: &mut Scan<'_>, start: usize, fence: Fence, info: &str, depth: usize) {
    let mut draft = scan.draft(start);
    while scan.at < scan.src.len() {
        let from = scan.at;
        let line = next_line(scan);
        if fence.is_closed_by(line) {
            break;
        }
        draft.plain(from + unquoted(line).1, scan.at);
    }
    draft.text.wrap_from(0, Escape::Line);
    let word = info.split([' ', '\t', ',', ':']).next().unwrap_or_default();
    let label = word.trim_matches(['{', '}', '.']).to_lowercase();
    let end = scan.at;
    if LABELS.contains(&label.as_str()) {
        scan.keep(draft, end);
    } else if depth < MAX_DEPTH && matches!(label.as_str(), "md" | "markdown") {
        // What a document shows of another one are no comments of its own.
        let mut found = nested(&draft.text, depth + 1);
        found.comments.clear();
        scan.take(found, &draft.text, Span::of(start, end));
    }
}
