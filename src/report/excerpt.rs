//! The lines of a file that a finding shows: cut around the labels, with secrets masked and
//! characters that a terminal would obey made visible.

use std::collections::BTreeMap;
use std::ops::Range;

use codespan_reporting::files::{Error, Files, Location};

use super::escape;
use crate::redact::{Redactor, shown_path};
use crate::syntax::connection::MASK;
use crate::text::{FileId, SourceFile, Span, offset};

/// A line of no more characters is shown whole.
const WHOLE: usize = 160;
/// Characters that are shown before and after a label in a longer line.
const AROUND: usize = 80;
/// Characters of a label that are shown in a longer line.
const INSIDE: usize = 120;

/// Text of the line that is shown, and the bytes of the file it stands for.
struct Piece {
    source: Span,
    shown: Range<usize>,
}

/// One line as it is shown.
#[derive(Default)]
struct Line {
    text: String,
    pieces: Vec<Piece>,
}

impl Line {
    /// The text of a line that starts at `start` of the file, cut around `marks`.
    fn new(text: &str, start: u32, marks: &[Span], secrets: &[Span]) -> Self {
        let mut line = Self::default();
        let mut from = 0;
        for kept in kept(text, start, marks) {
            line.cut(Span::of(from, kept.start).shift(start));
            line.keep(text, kept.clone(), start, secrets);
            from = kept.end;
        }
        line.cut(Span::of(from, text.len()).shift(start));
        line
    }

    fn push(&mut self, source: Span, shown: &str) {
        let from = self.text.len();
        self.text.push_str(shown);
        self.pieces.push(Piece {
            source,
            shown: from..self.text.len(),
        });
    }

    fn cut(&mut self, gap: Span) {
        if !gap.is_empty() {
            self.push(gap, "…");
        }
    }

    fn keep(&mut self, text: &str, kept: Range<usize>, start: u32, secrets: &[Span]) {
        let end = start + offset(kept.end);
        let mut hidden_to = 0;
        for (at, character) in text.get(kept.clone()).unwrap_or("").char_indices() {
            let here = start + offset(kept.start + at);
            if here < hidden_to {
                continue;
            }
            let next = secrets.partition_point(|secret| secret.end <= here);
            if let Some(secret) = secrets.get(next).filter(|secret| secret.contains(here)) {
                hidden_to = secret.end.min(end);
                self.push(Span::new(here, hidden_to), MASK);
                continue;
            }
            let source = Span::new(here, here + offset(character.len_utf8()));
            if escape::breaks_out(text, kept.start + at, character) {
                self.push(source, &escape::visible(character));
            } else {
                self.push(source, character.encode_utf8(&mut [0; 4]));
            }
        }
    }

    /// Where the bytes `source` of the file are shown in the line.
    fn shown(&self, source: Span) -> Range<usize> {
        let first = self.pieces.partition_point(|piece| piece.source.end <= source.start);
        let start = self
            .pieces
            .get(first)
            .map_or(self.text.len(), |piece| piece.shown.start);
        let last = self.pieces.partition_point(|piece| piece.source.end < source.end);
        let end = self.pieces.get(last).map_or(self.text.len(), |piece| piece.shown.end);
        start..if source.is_empty() { start } else { end.max(start) }
    }
}

/// The parts of a line that are shown, in order.
fn kept(text: &str, start: u32, marks: &[Span]) -> Vec<Range<usize>> {
    if text.char_indices().nth(WHOLE).is_none() {
        return std::iter::once(0..text.len()).collect();
    }
    let mut parts: Vec<Range<usize>> = marks
        .iter()
        .map(|mark| {
            let from = text.floor_char_boundary((mark.start - start) as usize);
            let to = (mark.end - start) as usize;
            let inside = forward(text, from, INSIDE);
            let to = if to <= inside {
                forward(text, to, AROUND)
            } else {
                inside
            };
            backward(text, from, AROUND)..to
        })
        .collect();
    if parts.is_empty() {
        parts.push(0..forward(text, 0, WHOLE));
    }
    parts.sort_by_key(|part| (part.start, part.end));
    parts.dedup_by(|next, part| {
        let joined = next.start <= part.end;
        if joined {
            part.end = part.end.max(next.end);
        }
        joined
    });
    parts
}

fn forward(text: &str, from: usize, characters: usize) -> usize {
    let rest = text.get(from..).unwrap_or("");
    rest.char_indices()
        .nth(characters)
        .map_or(text.len(), |(at, _)| from + at)
}

fn backward(text: &str, from: usize, characters: usize) -> usize {
    let before = text.get(..from).unwrap_or("");
    before
        .char_indices()
        .rev()
        .nth(characters.saturating_sub(1))
        .map_or(0, |(at, _)| at)
}

/// A line in the text of an [`Excerpt`].
struct Place {
    /// Index of the line in the file.
    index: usize,
    /// Its text in the excerpt, with a line feed.
    range: Range<usize>,
}

/// Where a label is shown.
pub(super) struct Shown {
    /// Its range in the text of the excerpt.
    pub(super) range: Range<usize>,
    /// The number of the line it ends on, if that is another one than it starts on.
    pub(super) until: Option<usize>,
}

/// The lines of one file that a finding shows.
pub(super) struct Excerpt {
    name: String,
    text: String,
    places: Vec<Place>,
    locations: BTreeMap<usize, Location>,
}

impl Excerpt {
    /// The lines on which `labels` start, and where each label is shown.
    pub(super) fn new((id, file): (FileId, &SourceFile), labels: &[Span], redactor: &Redactor) -> (Self, Vec<Shown>) {
        let mut excerpt = Self {
            name: escape::one_line(&shown_path(file.path())).into_owned(),
            text: String::new(),
            places: Vec::new(),
            locations: BTreeMap::new(),
        };
        let mut wanted: BTreeMap<usize, Vec<Span>> = BTreeMap::new();
        for label in labels {
            let line = file.line_of(label.start);
            wanted.entry(line).or_default().push(clipped(file, line, *label));
        }
        // The printer fills a gap of one line.
        for between in gaps(&wanted) {
            wanted.entry(between).or_default();
        }
        let mut lines = BTreeMap::new();
        for (index, marks) in wanted {
            let span = content(file, index);
            let secrets = redactor.hidden_in(id, file.text(), span);
            let line = Line::new(span.of_text(file.text()), span.start, &marks, &secrets);
            let from = excerpt.text.len();
            excerpt.text.push_str(&line.text);
            excerpt.text.push('\n');
            let range = from..excerpt.text.len();
            excerpt.places.push(Place { index, range });
            lines.insert(index, (from, line));
        }
        let ranges = labels.iter().map(|label| excerpt.label(file, *label, &lines)).collect();
        (excerpt, ranges)
    }

    /// The path of the file, on one line.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The text of all its lines.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Its lines: the number of each in the file, and its range in the text of the excerpt, without the line feed.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, Range<usize>)> {
        let lines = self.places.iter();
        lines.map(|place| (place.index + 1, place.range.start..place.range.end.saturating_sub(1)))
    }

    fn label(&mut self, file: &SourceFile, label: Span, lines: &BTreeMap<usize, (usize, Line)>) -> Shown {
        let first = file.line_of(label.start);
        let last = file.line_of(label.end.saturating_sub(1).max(label.start));
        let shown = lines.get(&first).map_or(0..0, |(from, line)| {
            let shown = line.shown(clipped(file, first, label));
            from + shown.start..from + shown.end
        });
        let position = file.position(label.start);
        self.locations.entry(shown.start).or_insert(Location {
            line_number: position.line as usize,
            column_number: position.column as usize,
        });
        Shown {
            range: shown,
            until: (last > first).then_some(last + 1),
        }
    }

    fn place(&self, index: usize) -> Result<&Place, Error> {
        let found = self.places.binary_search_by_key(&index, |place| place.index);
        found
            .ok()
            .and_then(|at| self.places.get(at))
            .ok_or(Error::LineTooLarge {
                given: index,
                max: self.places.last().map_or(0, |place| place.index),
            })
    }
}

/// Lines between two wanted ones that have nothing else between them.
fn gaps(wanted: &BTreeMap<usize, Vec<Span>>) -> Vec<usize> {
    let next = wanted.keys().skip(1);
    wanted
        .keys()
        .zip(next)
        .filter(|(line, next)| **line + 2 == **next)
        .map(|(line, _)| line + 1)
        .collect()
}

/// The bytes of a line without its line break.
fn content(file: &SourceFile, line: usize) -> Span {
    let span = file.line_span(line).unwrap_or_default();
    let text = span.of_text(file.text()).trim_end_matches(['\r', '\n']);
    Span::new(span.start, span.start + offset(text.len()))
}

/// What of a label stands on the line that it starts on.
fn clipped(file: &SourceFile, line: usize, label: Span) -> Span {
    let end = content(file, line).end;
    Span::new(label.start.min(end), label.end.min(end))
}

/// The excerpts of one finding, for the printer.
pub(super) struct Excerpts(pub(super) Vec<Excerpt>);

impl Excerpts {
    fn excerpt(&self, id: usize) -> Result<&Excerpt, Error> {
        self.0.get(id).ok_or(Error::FileMissing)
    }
}

impl<'a> Files<'a> for Excerpts {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(&self.excerpt(id)?.name)
    }

    fn source(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(&self.excerpt(id)?.text)
    }

    fn line_index(&'a self, id: usize, byte: usize) -> Result<usize, Error> {
        let places = &self.excerpt(id)?.places;
        let after = places.partition_point(|place| place.range.start <= byte);
        let place = after.checked_sub(1).and_then(|at| places.get(at));
        place.map(|place| place.index).ok_or(Error::FileMissing)
    }

    fn line_range(&'a self, id: usize, line: usize) -> Result<Range<usize>, Error> {
        Ok(self.excerpt(id)?.place(line)?.range.clone())
    }

    fn location(&'a self, id: usize, byte: usize) -> Result<Location, Error> {
        let location = self.excerpt(id)?.locations.get(&byte);
        location.copied().ok_or(Error::InvalidCharBoundary { given: byte })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, marks: &[Span], secrets: &[Span]) -> Line {
        Line::new(text, 0, marks, secrets)
    }

    #[test]
    fn short_lines_are_whole_and_exact() {
        let line = line("é😀x", &[Span::new(2, 6)], &[]);
        assert_eq!(line.text, "é😀x");
        assert_eq!(line.shown(Span::new(2, 6)), 2..6);
        assert_eq!(line.shown(Span::at(7)), 7..7);
    }

    #[test]
    fn long_lines_are_cut_around_marks_on_character_borders() {
        let text = "é".repeat(5000);
        let marks = [Span::new(2000, 2004), Span::new(8000, 9900)];
        let line = line(&text, &marks, &[]);
        let parts: Vec<usize> = line.text.split('…').map(|part| part.chars().count()).collect();
        assert_eq!(parts, [0, 80 + 2 + 80, 80 + 120, 0]);
        assert_eq!(line.text.get(line.shown(marks[0])), Some("éé"));
    }

    #[test]
    fn secrets_are_hidden_even_where_they_are_cut() {
        let text = format!("{}SECRET{}", "a".repeat(500), "b".repeat(500));
        for at in 400..620 {
            let line = line(&text, &[Span::new(at, at + 2)], &[Span::new(500, 506)]);
            assert!(!line.text.contains(['S', 'E', 'C', 'R', 'T']), "{}", line.text);
        }
        let line = line("key=SECRET;", &[Span::new(5, 7)], &[Span::new(4, 10)]);
        assert_eq!(line.text, "key=***;");
        assert_eq!(line.shown(Span::new(5, 7)), 4..7);
    }

    #[test]
    fn controls_are_shown_and_marks_move_along() {
        let line = line("a\u{1b}b##[c", &[Span::new(2, 3)], &[]);
        assert_eq!(line.text, "a\\u{1b}b#\\u{23}[c");
        assert_eq!(line.text.get(line.shown(Span::new(2, 3))), Some("b"));
    }
}
