//! PowerShell: here-strings and quoted strings.

use super::draft::{Escapes, Form, Holes, PLAIN};
use super::scan::{Glue, Scan, Scanned};
use crate::text::MappedText;

pub(super) fn scan(text: &MappedText) -> Scanned {
    let mut scan = Scan::new(text, true);
    while let Some(byte) = scan.byte() {
        if scan.starts("<#") {
            scan.skip_block("<#", "#>");
        } else if byte == b'#' {
            scan.skip_remark();
        } else if byte == b'`' {
            scan.at += 2;
        } else if !scan.literals(opening, Glue::Plus) {
            scan.at += 1;
        }
    }
    scan.finish()
}

/// The start of the content of a literal, and its form.
pub(super) fn opening(scan: &Scan<'_>) -> Option<(usize, Form)> {
    let rest = scan.src.get(scan.at..)?;
    if rest.starts_with("@'") || rest.starts_with("@\"") {
        // The content starts at the line end, so that an empty one ends with that line end.
        let line = scan.near(scan.at + 2);
        let end = scan.at + 2 + line.len();
        let blank = line.trim().is_empty() && matches!(scan.byte_at(end), Some(b'\n' | b'\r'));
        return blank.then_some((end, here(rest.starts_with("@\""))));
    }
    if rest.starts_with('\'') {
        let form = Form {
            close: "'",
            lines: true,
            doubled: true,
            ..PLAIN
        };
        return Some((scan.at + 1, form));
    }
    rest.starts_with('"').then_some((
        scan.at + 1,
        Form {
            close: "\"",
            lines: true,
            doubled: true,
            escapes: Escapes::Backtick,
            holes: Holes::PowerShell,
            ..PLAIN
        },
    ))
}

fn here(filled: bool) -> Form {
    let plain = Form {
        close: "\n'@",
        lines: true,
        ..PLAIN
    };
    if !filled {
        return plain;
    }
    Form {
        close: "\n\"@",
        escapes: Escapes::Backtick,
        holes: Holes::PowerShell,
        ..plain
    }
}
