//! `sh` and its descendants: quoted strings with what touches them, and here-documents.

use super::draft::{Draft, Escapes, Form, Holes, PLAIN};
use super::scan::{Lines, Scan, Scanned};
use super::special::{shell_hole, starts};
use crate::text::{Escape, MappedText};

/// What `"…"` and an unquoted here-document have in common.
const FILLED: Form = Form {
    lines: true,
    escapes: Escapes::Shell,
    holes: Holes::Shell,
    ..PLAIN
};

pub(super) fn scan(text: &MappedText) -> Scanned {
    let mut scan = Scan::new(text, true);
    let lines = Lines::of(scan.src);
    while let Some(byte) = scan.byte() {
        let leads = scan
            .before()
            .is_none_or(|before| before.is_ascii_whitespace() || before == b';');
        if byte == b'#' && leads {
            scan.skip_remark();
        } else if byte == b'\\' {
            scan.at += 2;
        } else if !here_document(&mut scan, &lines) && !word(&mut scan) {
            scan.at += 1;
        }
    }
    scan.finish()
}

/// The rest of a word from its first quote on.
fn word(scan: &mut Scan<'_>) -> bool {
    if opening(scan).is_none() {
        return false;
    }
    let mut draft = scan.draft(scan.at);
    loop {
        if let Some((from, form)) = opening(scan) {
            match draft.read(scan.src, from, &form) {
                Ok(end) => scan.at = end,
                Err(reached) => {
                    scan.at = reached.max(from);
                    return true;
                }
            }
        } else if !bare(scan, &mut draft) {
            break;
        }
    }
    let end = scan.at;
    draft.text.wrap_from(0, Escape::Words);
    scan.keep(draft, end);
    true
}

/// A character or an expression outside of quotes.
fn bare(scan: &mut Scan<'_>, draft: &mut Draft<'_>) -> bool {
    let (at, rest) = (scan.at, scan.src.get(scan.at..).unwrap_or_default());
    let Some(first) = rest
        .chars()
        .next()
        .filter(|first| !first.is_whitespace() && !";|&()<>\"'`\\".contains(*first))
    else {
        return false;
    };
    if let Some(length) = shell_hole(scan.src, at) {
        scan.at += length;
        draft.hole(at, scan.at);
    } else {
        scan.at += first.len_utf8();
        draft.plain(at, scan.at);
    }
    true
}

/// The start of the content of a quoted part of a word, and its form.
pub(super) fn opening(scan: &Scan<'_>) -> Option<(usize, Form)> {
    if scan.starts("$'") {
        let form = Form {
            close: "'",
            lines: true,
            escapes: Escapes::Backslash,
            ..PLAIN
        };
        return Some((scan.at + 2, form));
    }
    match scan.byte()? {
        b'\'' => Some((
            scan.at + 1,
            Form {
                close: "'",
                lines: true,
                ..PLAIN
            },
        )),
        // In `"$(cat <<EOF`, it is the here-document that counts.
        b'"' if !(scan.starts("\"$(") && holds_here_document(scan)) => {
            Some((scan.at + 1, Form { close: "\"", ..FILLED }))
        }
        _ => None,
    }
}

fn holds_here_document(scan: &Scan<'_>) -> bool {
    let line = scan.near(scan.at);
    line.contains("<<") && !line.contains("<<<")
}

/// A here-document and the line that asks for it.
fn here_document(scan: &mut Scan<'_>, lines: &Lines<'_>) -> bool {
    if !scan.starts("<<") || scan.starts("<<<") || scan.before() == Some(b'<') {
        return false;
    }
    let rest = scan.near(scan.at + 2);
    let rest = rest.strip_prefix('-').unwrap_or(rest).trim_start();
    let quoted = rest.starts_with(['\'', '"', '\\']);
    let is_name = |character: char| character.is_ascii_alphanumeric() || character == '_' || character == '-';
    let word = rest.trim_start_matches(['\'', '"', '\\']);
    let word = word
        .get(..word.find(|character| !is_name(character)).unwrap_or(word.len()))
        .unwrap_or_default();
    if !word.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        return false;
    }
    let Some(close) = lines.next(word, scan.at + 2) else {
        return false;
    };
    let end = scan.line_end(scan.at);
    if close < end {
        return false;
    }
    scan.block(scan.at, end, close, if quoted { &PLAIN } else { &FILLED });
    scan.at = scan.line_end(close);
    let after = scan.src.get(scan.at..).unwrap_or_default();
    let blank = after.len() - after.trim_start().len();
    if starts(scan.src, scan.at + blank, ")\"") {
        scan.at += blank + 2;
    }
    true
}
