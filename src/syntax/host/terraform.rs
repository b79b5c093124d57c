//! Terraform: `"…"` with escapes, heredocs, `${…}` and `%{…}` in both.

use super::draft::{Escapes, Form, Holes, PLAIN};
use super::scan::{Glue, Lines, Scan, Scanned};
use crate::text::MappedText;

pub(super) fn scan(text: &MappedText) -> Scanned {
    let mut scan = Scan::new(text, true);
    let lines = Lines::of(scan.src);
    while let Some(byte) = scan.byte() {
        if byte == b'#' {
            scan.skip_remark();
        } else if !scan.skips_comment() && !heredoc(&mut scan, &lines) && !scan.literals(opening, Glue::Nothing) {
            scan.at += 1;
        }
    }
    scan.finish()
}

fn opening(scan: &Scan<'_>) -> Option<(usize, Form)> {
    scan.starts("\"").then_some((
        scan.at + 1,
        Form {
            close: "\"",
            escapes: Escapes::Backslash,
            holes: Holes::Terraform,
            ..PLAIN
        },
    ))
}

fn heredoc(scan: &mut Scan<'_>, lines: &Lines<'_>) -> bool {
    if !scan.starts("<<") {
        return false;
    }
    let line = scan.near(scan.at + 2);
    let end = scan.at + 2 + line.len();
    let word = line.strip_prefix('-').unwrap_or(line).trim();
    let is_name = |character: char| character.is_alphanumeric() || character == '_' || character == '-';
    if word.is_empty() || !word.chars().all(is_name) {
        return false;
    }
    let Some(close) = lines.next(word, end) else {
        return false;
    };
    let form = Form {
        holes: Holes::Terraform,
        ..PLAIN
    };
    scan.block(scan.at, end, close, &form);
    scan.at = scan.line_end(close);
    true
}
