//! Python: `'…'`, `"…"` and both in threes, with any prefix.

use super::draft::{Escapes, Form, Holes, PLAIN};
use super::scan::{Glue, Scan, Scanned};
use crate::text::MappedText;

pub(super) fn scan(text: &MappedText) -> Scanned {
    let mut scan = Scan::of_program(text, "#");
    while let Some(byte) = scan.byte() {
        if byte == b'#' {
            scan.skip_remark();
        } else if !scan.literals(opening, Glue::PlusOrNext) {
            scan.at += 1;
        }
    }
    scan.finish()
}

fn opening(scan: &Scan<'_>) -> Option<(usize, Form)> {
    let rest = scan.src.get(scan.at..)?;
    let length = rest.bytes().take(3).take_while(u8::is_ascii_alphabetic).count();
    let in_word = scan
        .before()
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let prefix = rest.get(..length)?.to_ascii_lowercase();
    if !prefix.is_empty() && (in_word || !prefix.chars().all(|letter| "rbfut".contains(letter))) {
        return None;
    }
    let quotes = rest.get(length..)?;
    let (close, lines) = ["\"\"\"", "'''", "\"", "'"]
        .into_iter()
        .find(|quote| quotes.starts_with(quote))
        .map(|quote| (quote, quote.len() > 1))?;
    let form = Form {
        close,
        lines,
        escapes: if prefix.contains('r') {
            Escapes::Raw
        } else {
            Escapes::Backslash
        },
        holes: if prefix.contains(['f', 't']) {
            Holes::Braces(1)
        } else {
            Holes::Nothing
        },
        ..PLAIN
    };
    Some((scan.at + length + close.len(), form))
}
