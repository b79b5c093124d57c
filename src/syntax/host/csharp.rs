//! C#: `"…"`, `@"…"`, `"""…"""`, and each of them with `$` before it.

use super::draft::{Escapes, Form, Holes, PLAIN};
use super::scan::{Glue, Scan, Scanned};
use crate::text::MappedText;

/// More quotes than any raw string starts with.
const QUOTES: &str = "\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"";

pub(super) fn scan(text: &MappedText) -> Scanned {
    let mut scan = Scan::of_program(text, "//");
    while let Some(byte) = scan.byte() {
        if scan.skips_comment() || scan.literals(opening, Glue::Plus) {
            continue;
        }
        scan.at += match byte {
            b'\'' => character(&scan),
            _ => 1,
        };
    }
    scan.finish()
}

/// Length of the character literal at the scan's place.
pub(super) fn character(scan: &Scan<'_>) -> usize {
    let escaped = scan.byte_at(scan.at + 1) == Some(b'\\');
    let first = if escaped { 3 } else { 2 };
    (first..12)
        .find(|length| scan.byte_at(scan.at + length) == Some(b'\''))
        .filter(|length| escaped || *length < 6)
        .map_or(1, |length| length + 1)
}

/// The start of the content of a literal, and its form.
pub(super) fn opening(scan: &Scan<'_>) -> Option<(usize, Form)> {
    let prefix = scan.src.get(scan.at..)?;
    let length = prefix
        .bytes()
        .take(8)
        .take_while(|byte| matches!(byte, b'$' | b'@'))
        .count();
    let quotes = scan.at + length;
    let run = scan
        .src
        .bytes()
        .skip(quotes)
        .take(QUOTES.len())
        .take_while(|byte| *byte == b'"')
        .count();
    let dollars = prefix.bytes().take(length).filter(|byte| *byte == b'$').count();
    let verbatim = dollars < length;
    let holes = if dollars > 0 {
        Holes::Braces(dollars)
    } else {
        Holes::Nothing
    };
    if run == 0 {
        return None;
    }
    if verbatim {
        let form = Form {
            close: "\"",
            lines: true,
            doubled: true,
            holes,
            ..PLAIN
        };
        return Some((quotes + 1, form));
    }
    if run >= 3 {
        let form = Form {
            close: QUOTES.get(..run)?,
            lines: true,
            holes,
            ..PLAIN
        };
        return Some((quotes + run, form));
    }
    let form = Form {
        close: "\"",
        escapes: Escapes::Backslash,
        holes,
        ..PLAIN
    };
    Some((quotes + 1, form))
}
