//! The bytes of files with edits: in their own encoding, with their own line breaks, and not one other byte changed.

use std::collections::BTreeMap;

use crate::diagnostic::Edit;
use crate::engine::Input;
use crate::text::{Encoding, FileId, SourceFile, Sources};

/// The files with the edits, which don't overlap; `None` if one of them can't be made.
pub(super) fn spliced(inputs: &[Input], sources: &Sources, edits: &[Edit]) -> Option<Vec<Input>> {
    let mut by_file: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    for edit in edits {
        by_file.entry(edit.at.file).or_default().push(edit);
    }
    let mut made = inputs.to_vec();
    for (file, mut edits) in by_file {
        let source = sources.get(file)?;
        edits.sort();
        let mut of_path = made.iter_mut().filter(|input| input.path == source.path());
        let input = of_path.next().filter(|input| input.reported)?;
        // Two files of one name can't be told apart.
        if of_path.next().is_some() {
            return None;
        }
        let bytes = input.bytes.as_ref().ok()?;
        input.bytes = Ok(of_file(bytes, source, &edits)?);
    }
    Some(made)
}

fn of_file(bytes: &[u8], source: &SourceFile, edits: &[&Edit]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for edit in edits {
        let place = source.place(edit.at.span);
        let (start, end) = (place.start.byte as usize, place.end.byte as usize);
        out.extend_from_slice(bytes.get(from..start)?);
        out.extend(encoded(&broken_as_in(&edit.text, source.text()), source.encoding()));
        from = end;
    }
    out.extend_from_slice(bytes.get(from..)?);
    Some(out)
}

/// The text with the line breaks that a file has.
pub(super) fn broken_as_in(text: &str, file: &str) -> String {
    if !text.contains('\n') {
        return text.to_owned();
    }
    let text = text.replace("\r\n", "\n");
    let first = file.find('\n');
    let is_crlf = first.is_some_and(|at| file.get(..at).is_some_and(|line| line.ends_with('\r')));
    if is_crlf { text.replace('\n', "\r\n") } else { text }
}

fn encoded(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 | Encoding::Utf8Bom => text.as_bytes().to_vec(),
        Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{FileSpan, Span, decode};

    fn edited(bytes: &[u8], start: u32, end: u32, text: &str) -> Vec<u8> {
        let input = Input {
            path: "a.kql".to_owned(),
            bytes: Ok(bytes.to_vec()),
            named: true,
            reported: true,
        };
        let mut sources = Sources::new();
        let file = sources.add(SourceFile::new("a.kql", decode(bytes).unwrap()));
        let edit = Edit {
            at: FileSpan::new(file, Span::new(start, end)),
            text: text.to_owned(),
        };
        let made = spliced(&[input], &sources, &[edit]).unwrap();
        made[0].bytes.clone().unwrap()
    }

    #[test]
    fn only_the_bytes_of_the_edit_change() {
        let utf16 = |text: &str| {
            let units = text.encode_utf16().flat_map(u16::to_be_bytes);
            [0xFE, 0xFF].into_iter().chain(units).collect::<Vec<u8>>()
        };
        assert_eq!(edited(&utf16("é😀a\r\nb"), 6, 7, "x\ny"), utf16("é😀x\r\ny\r\nb"));
        assert_eq!(edited(b"\xEF\xBB\xBFab", 0, 1, "z"), b"\xEF\xBB\xBFzb");
        assert_eq!(edited(b"a\xFFb\xFF", 4, 5, "z"), b"a\xFFz\xFF");
        assert_eq!(edited(b"a\nb\r\n", 1, 1, "\r\n"), b"a\n\nb\r\n");
    }
}
