//! Bicep: `'…'` with escapes and `${…}`, and `'''…'''` as it stands (with `${…}` after a `$`).

use super::draft::{Escapes, Form, Holes, PLAIN};
use super::scan::{Glue, Scan, Scanned};
use crate::text::MappedText;

pub(super) fn scan(text: &MappedText) -> Scanned {
    let mut scan = Scan::new(text, true);
    while scan.byte().is_some() {
        if !scan.skips_comment() && !scan.literals(opening, Glue::Nothing) {
            scan.at += 1;
        }
    }
    scan.finish()
}

fn opening(scan: &Scan<'_>) -> Option<(usize, Form)> {
    if scan.starts("'''") {
        let filled = scan.before() == Some(b'$');
        let form = Form {
            close: "'''",
            lines: true,
            holes: if filled { Holes::DollarBrace } else { Holes::Nothing },
            ..PLAIN
        };
        return Some((scan.at + 3, form));
    }
    scan.starts("'").then_some((
        scan.at + 1,
        Form {
            close: "'",
            escapes: Escapes::Backslash,
            holes: Holes::DollarBrace,
            ..PLAIN
        },
    ))
}
