//! Markdown: fenced code that is labelled as KQL, or not at all.

use super::Fragment;
use super::scan::Scan;
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

/// In how many fences Markdown is read: documents show how a document is written, and hardly go on from there.
const MAX_DEPTH: usize = 2;

pub(super) fn scan(text: &MappedText) -> Vec<Fragment> {
    nested(text, 0)
}

/// The commands in Markdown that stands in so many fences.
fn nested(text: &MappedText, depth: usize) -> Vec<Fragment> {
    let mut scan = Scan::new(text, true);
    while scan.at < scan.src.len() {
        let start = scan.at;
        let line = next_line(&mut scan);
        if let Some((fence, info)) = opening(line) {
            block(&mut scan, start, fence, info, depth);
        }
    }
    scan.finish()
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
        let found = nested(&draft.text, depth + 1);
        scan.take(found, Span::of(start, end));
    }
}
