//! The files of a run, and where an offset of their text lies for a person and on disk.

use super::decode::Decoded;
use super::span::{Span, offset};
use super::{Encoding, FileId, FileSpan, Replaced};

/// A place in a file as people and tools name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, counted from 1. Lines end with CR, LF or CRLF and with nothing else.
    pub line: u32,
    /// Column, counted from 1 in Unicode characters. A byte-order mark has no column.
    pub column: u32,
    /// Offset of the byte in the file as it is on disk, counted from 0.
    pub byte: u32,
}

/// The two ends of a span; `end` is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Where it starts.
    pub start: Position,
    /// Where the first character after it stands.
    pub end: Position,
}

/// Bytes of text between two entries of [`SourceFile::counts`].
const BLOCK: usize = 2048;

/// Characters and 16-bit units before a block of text.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    characters: u32,
    units: u32,
}

/// One decoded file of a run.
#[derive(Debug)]
pub struct SourceFile {
    path: String,
    text: String,
    encoding: Encoding,
    replaced: Vec<Replaced>,
    lines: Vec<u32>,
    counts: Vec<Count>,
}

impl SourceFile {
    /// A file under the path that outputs show: relative to the working directory, with `/`.
    #[must_use]
    pub fn new(path: impl Into<String>, decoded: Decoded) -> Self {
        let lines = line_starts(&decoded.text);
        let counts = block_counts(&decoded.text);
        Self {
            path: path.into(),
            text: decoded.text,
            encoding: decoded.encoding,
            replaced: decoded.replaced,
            lines,
            counts,
        }
    }

    /// A file that was never on disk; its text counts as UTF-8.
    #[must_use]
    pub fn in_memory(path: impl Into<String>, text: &str) -> Self {
        Self::new(
            path,
            Decoded {
                text: text.to_owned(),
                encoding: Encoding::Utf8,
                replaced: Vec::new(),
            },
        )
    }

    /// The path, as outputs show it.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The decoded text, without a byte-order mark.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How the file is encoded.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The places that could not be decoded.
    #[must_use]
    pub fn replaced(&self) -> &[Replaced] {
        &self.replaced
    }

    /// Index, from 0, of the line that holds the offset `at`.
    #[must_use]
    pub fn line_of(&self, at: u32) -> usize {
        self.lines.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// The bytes of a line, counted from 0, with its line break.
    #[must_use]
    pub fn line_span(&self, line: usize) -> Option<Span> {
        let start = *self.lines.get(line)?;
        Some(Span::new(
            start,
            self.lines.get(line + 1).copied().unwrap_or(offset(self.text.len())),
        ))
    }

    /// Where the offset `at` of the text lies. Offsets past the end count as the end; offsets inside a
    /// character count as its first byte.
    #[must_use]
    pub fn position(&self, at: u32) -> Position {
        let at = offset(self.text.floor_char_boundary(at as usize));
        let line = self.line_of(at);
        let start = self.lines.get(line).copied().unwrap_or(0);
        let here = self.count(at);
        Position {
            line: offset(line) + 1,
            column: here.characters - self.count(start).characters + 1,
            byte: self.disk_byte(at, here),
        }
    }

    /// Where both ends of a span lie.
    #[must_use]
    pub fn place(&self, span: Span) -> Place {
        Place {
            start: self.position(span.start),
            end: self.position(span.end),
        }
    }

    /// Offset on disk of the character at the offset `at` of the text.
    fn disk_byte(&self, at: u32, count: Count) -> u32 {
        if self.encoding.is_utf16() {
            return self.encoding.mark_length() + 2 * count.units;
        }
        let before = self.replaced.partition_point(|replaced| replaced.text < at);
        match before.checked_sub(1).and_then(|last| self.replaced.get(last)) {
            Some(last) => {
                last.disk_end + (at - last.text).saturating_sub(offset(char::REPLACEMENT_CHARACTER.len_utf8()))
            }
            None => self.encoding.mark_length() + at,
        }
    }

    /// Characters and units before the offset `at`.
    fn count(&self, at: u32) -> Count {
        let block = at as usize / BLOCK;
        let base = self.counts.get(block).copied().unwrap_or_default();
        let from = self.text.ceil_char_boundary(block * BLOCK);
        let rest = self.text.get(from..at as usize).unwrap_or("");
        rest.chars().fold(base, Count::add)
    }
}

impl Count {
    fn add(self, character: char) -> Self {
        Self {
            characters: self.characters + 1,
            units: self.units + offset(character.len_utf16()),
        }
    }
}

fn line_starts(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        let crlf = bytes.get(at) == Some(&b'\r') && bytes.get(at + 1) == Some(&b'\n');
        if !crlf {
            starts.push(offset(at + 1));
        }
    }
    starts
}

/// Counts at each multiple of [`BLOCK`], of the characters that start before it.
fn block_counts(text: &str) -> Vec<Count> {
    let mut counts = vec![Count::default()];
    let mut count = Count::default();
    // The first bytes of characters are counted: one of four bytes is two units.
    for block in text.as_bytes().chunks_exact(BLOCK) {
        let characters: u32 = block.iter().map(|byte| u32::from(byte & 0xc0 != 0x80)).sum();
        let pairs: u32 = block.iter().map(|byte| u32::from(*byte >= 0xf0)).sum();
        count.characters += characters;
        count.units += characters + pairs;
        counts.push(count);
    }
    counts
}

/// All files of a run, each under its [`FileId`].
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// No files yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file and returns its id.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        self.files.push(file);
        FileId(offset(self.files.len() - 1))
    }

    /// The file with that id.
    #[must_use]
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The files with their ids, in the order of the ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files
            .iter()
            .enumerate()
            .map(|(index, file)| (FileId(offset(index)), file))
    }

    /// The path of a file; empty for an id that is not of this run.
    #[must_use]
    pub fn path(&self, id: FileId) -> &str {
        self.get(id).map_or("", SourceFile::path)
    }

    /// The text at a place; empty for a place that is not of this run.
    #[must_use]
    pub fn text(&self, at: FileSpan) -> &str {
        self.get(at.file).map_or("", |file| at.span.of_text(file.text()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::decode;

    #[test]
    fn lines_end_with_cr_lf_and_crlf_only() {
        let file = SourceFile::in_memory("a", "a\r\nb\rc\nd\u{2028}e");
        assert_eq!(file.position(9).line, 4);
        assert_eq!(file.line_span(0), Some(Span::new(0, 3)));
    }

    #[test]
    fn columns_count_characters_and_bytes_count_the_disk() {
        let mut bytes = vec![0xFF, 0xFE];
        bytes.extend("é😀x\ny".encode_utf16().flat_map(u16::to_le_bytes));
        let file = SourceFile::new("a", decode(&bytes).unwrap());
        let at = offset(file.text().find('x').unwrap());
        assert_eq!(
            file.position(at),
            Position {
                line: 1,
                column: 3,
                byte: 8
            }
        );
        assert_eq!(
            file.position(at + 2),
            Position {
                line: 2,
                column: 1,
                byte: 12
            }
        );
        let bom = SourceFile::new("a", decode(b"\xEF\xBB\xBF\xC3\xA9x").unwrap());
        assert_eq!(
            bom.position(2),
            Position {
                line: 1,
                column: 2,
                byte: 5
            }
        );
    }

    #[test]
    fn replaced_bytes_keep_later_offsets_right() {
        let file = SourceFile::new("a", decode(b"a\xFFb\xE2\x82c").unwrap());
        let at = |character| offset(file.text().find(character).unwrap());
        assert_eq!(file.position(at('b')).byte, 2);
        assert_eq!(file.position(at('c')).byte, 5);
    }

    #[test]
    fn blocks_count_the_characters_that_start_before_them() {
        for piece in ["a", "é", "€", "😀", "a😀", "\u{0}é"] {
            let text = piece.repeat(3 * BLOCK / piece.len() + 1);
            for (number, count) in block_counts(&text).into_iter().enumerate() {
                let before = text.char_indices().take_while(|(at, _)| *at < number * BLOCK);
                let plain = before.fold(Count::default(), |count, (_, character)| count.add(character));
                assert_eq!(
                    (count.characters, count.units),
                    (plain.characters, plain.units),
                    "{piece}"
                );
            }
            assert_eq!(block_counts(&text).len(), text.len() / BLOCK + 1);
        }
    }

    #[test]
    fn long_lines_are_counted_in_blocks() {
        let text = "é".repeat(5000);
        let file = SourceFile::in_memory("a", &text);
        assert_eq!(file.position(9000).column, 4501);
        assert_eq!(file.position(10_000).column, 5001);
    }
}
