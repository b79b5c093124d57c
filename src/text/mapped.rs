//! Text that was taken out of files, with the place that each of its bytes came from.

use std::sync::Arc;

use super::editable::{Editable, Escape, Layers};
use super::span::offset;
use super::{FileId, FileSpan, Span, Symbol};

/// The character that stands in [`MappedText`] for a hole. Whether a character really is a hole is
/// told by [`MappedText::holes`], not by its looks.
pub const HOLE: char = '\u{FFFC}';

/// Bytes of a text that came from one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Segment {
    /// First byte in the text; the segment ends where the next one starts.
    start: u32,
    /// Where it came from.
    source: FileSpan,
    /// Whether each byte stands for one byte of the source. Otherwise the whole stands for the whole
    /// (an escape such as `\n`, or a computed piece).
    exact: bool,
    /// What it is wrapped in there.
    layers: Layers,
}

/// A part of a text that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// Offset of the [`HOLE`] character.
    pub at: u32,
    /// What stands there.
    pub symbol: Arc<Symbol>,
}

/// Text with holes, every byte of which knows the place in a file that it came from.
///
/// This is how text that lies inside other text (KQL in a JSON string in a template, a `format()`
/// result, a decoded literal) keeps its positions: it is never searched for again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MappedText {
    text: String,
    segments: Vec<Segment>,
    holes: Vec<Hole>,
}

impl MappedText {
    /// The whole decoded text of a file.
    #[must_use]
    pub fn of_file(file: FileId, text: &str) -> Self {
        Self::standing(text, FileSpan::new(file, Span::of(0, text.len())), Layers::default())
    }

    /// Text that stands for `source` byte for byte, perhaps in other letters.
    #[must_use]
    pub fn verbatim(text: &str, source: FileSpan) -> Self {
        Self::standing(text, source, Layers::MADE)
    }

    fn standing(text: &str, source: FileSpan, layers: Layers) -> Self {
        let segments = if text.is_empty() {
            Vec::new()
        } else {
            vec![Segment {
                start: 0,
                source,
                exact: true,
                layers,
            }]
        };
        Self {
            text: text.to_owned(),
            segments,
            holes: Vec::new(),
        }
    }

    /// Text that was computed and as a whole stands for `source`.
    #[must_use]
    pub fn computed(text: impl Into<String>, source: FileSpan) -> Self {
        let text = text.into();
        let segments = if text.is_empty() {
            Vec::new()
        } else {
            vec![Segment {
                start: 0,
                source,
                exact: false,
                layers: Layers::MADE,
            }]
        };
        Self {
            text,
            segments,
            holes: Vec::new(),
        }
    }

    /// A text that is not known at all: one hole.
    #[must_use]
    pub fn hole(symbol: Arc<Symbol>, source: FileSpan) -> Self {
        let mut text = Self::computed(HOLE, source);
        text.holes.push(Hole { at: 0, symbol });
        text
    }

    /// The text, with [`HOLE`] characters for its holes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Number of bytes.
    #[must_use]
    pub fn len(&self) -> u32 {
        offset(self.text.len())
    }

    /// Whether there is no text at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The holes, in order.
    #[must_use]
    pub fn holes(&self) -> &[Hole] {
        &self.holes
    }

    /// Whether every character is known.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.holes.is_empty()
    }

    /// The text if every character of it is known.
    #[must_use]
    pub fn known(&self) -> Option<&str> {
        self.is_known().then_some(self.text.as_str())
    }

    /// The symbol if the text is one hole and nothing else.
    #[must_use]
    pub fn sole_hole(&self) -> Option<&Arc<Symbol>> {
        match self.holes.as_slice() {
            [hole] if self.text.len() == HOLE.len_utf8() => Some(&hole.symbol),
            _ => None,
        }
    }

    /// Whether a hole lies inside `span`.
    #[must_use]
    pub fn has_hole_in(&self, span: Span) -> bool {
        let from = self.holes.partition_point(|hole| hole.at < span.start);
        self.holes.get(from).is_some_and(|hole| span.contains(hole.at))
    }

    /// Text that two values share exactly when they are certainly equal: holes are written as
    /// `{key of the symbol}`. Letter case is kept.
    #[must_use]
    pub fn canonical(&self) -> String {
        self.with_holes(|symbol| format!("{{{}}}", symbol.key()))
    }

    /// The text that a canonical form stands for; all of it came from `source`.
    #[must_use]
    pub fn of_canonical(canonical: &str, source: FileSpan) -> Self {
        let mut out = Self::default();
        let (mut open, mut from) = (0usize, 0);
        for (at, character) in canonical.char_indices() {
            match character {
                '{' => {
                    if open == 0 {
                        out.push(&Self::computed(canonical.get(from..at).unwrap_or_default(), source));
                        from = at + 1;
                    }
                    open += 1;
                }
                '}' if open > 0 => {
                    open -= 1;
                    if open == 0 {
                        let key = canonical.get(from..at).unwrap_or_default().to_owned();
                        out.push(&Self::hole(Arc::new(Symbol::Keyed(key)), source));
                        from = at + 1;
                    }
                }
                _ => {}
            }
        }
        out.push(&Self::computed(canonical.get(from..).unwrap_or_default(), source));
        out
    }

    /// The text for people: holes are written as `{expression}`.
    #[must_use]
    pub fn display(&self) -> String {
        self.with_holes(|symbol| format!("{{{symbol}}}"))
    }

    fn with_holes(&self, write: impl Fn(&Symbol) -> String) -> String {
        let mut out = String::with_capacity(self.text.len());
        let mut from = 0;
        for hole in &self.holes {
            out.push_str(Span::new(from, hole.at).of_text(&self.text));
            out.push_str(&write(&hole.symbol));
            from = hole.at + offset(HOLE.len_utf8());
        }
        out.push_str(Span::new(from, self.len()).of_text(&self.text));
        out
    }

    /// The same text with other symbols in its holes.
    #[must_use]
    pub fn with_symbols(mut self, of: impl Fn(&Symbol) -> Symbol) -> Self {
        for hole in &mut self.holes {
            hole.symbol = Arc::new(of(&hole.symbol));
        }
        self
    }

    /// Appends another text with its places and holes.
    pub fn push(&mut self, other: &Self) {
        self.push_part(other, Span::new(0, other.len()));
    }

    /// Appends the bytes `span` of another text, which must lie on character borders (nothing is
    /// appended otherwise).
    pub fn push_part(&mut self, other: &Self, span: Span) {
        let Some(piece) = other.text.get(span.range()) else {
            return;
        };
        let base = self.len();
        let first = other.segment_index(span.start);
        for (index, segment) in other.segments.iter().enumerate().skip(first) {
            if segment.start >= span.end {
                break;
            }
            let from = segment.start.max(span.start);
            let to = other.segment_end(index).min(span.end);
            let source = Segment::source_of(segment, from, to);
            self.add_segment(Segment {
                start: base + (from - span.start),
                source,
                exact: segment.exact,
                layers: segment.layers,
            });
        }
        let first_hole = other.holes.partition_point(|hole| hole.at < span.start);
        for hole in other
            .holes
            .iter()
            .skip(first_hole)
            .take_while(|hole| hole.at < span.end)
        {
            self.holes.push(Hole {
                at: base + (hole.at - span.start),
                symbol: Arc::clone(&hole.symbol),
            });
        }
        self.text.push_str(piece);
    }

    /// Appends `decoded`, which stands for the bytes `span` of `other` (an escape sequence).
    pub fn push_decoded(&mut self, decoded: &str, other: &Self, span: Span) {
        if decoded.is_empty() {
            return;
        }
        if let Some(source) = other.source(span) {
            self.segments.push(Segment {
                start: self.len(),
                source,
                exact: false,
                layers: other.layers_of(span),
            });
        }
        self.text.push_str(decoded);
    }

    /// The bytes `span` as a text of their own.
    #[must_use]
    pub fn part(&self, span: Span) -> Self {
        let mut part = Self::default();
        part.push_part(self, span);
        part
    }

    /// Appends a segment, joined to the last one when both are exact and adjacent.
    fn add_segment(&mut self, segment: Segment) {
        if let Some(last) = self.segments.last_mut() {
            let adjacent = last.exact
                && segment.exact
                && last.layers == segment.layers
                && last.source.file == segment.source.file
                && last.source.span.end == segment.source.span.start;
            if adjacent {
                last.source.span.end = segment.source.span.end;
                return;
            }
        }
        self.segments.push(segment);
    }

    /// Says that what was added from the byte `from` on is the inside of something that escapes it that way.
    pub fn wrap_from(&mut self, from: u32, escape: Escape) {
        let first = self.segments.partition_point(|segment| segment.start < from);
        for segment in self.segments.iter_mut().skip(first) {
            segment.layers = segment.layers.with(escape);
        }
    }

    /// The same text as the inside of something that escapes it that way.
    #[must_use]
    pub fn wrapped(mut self, escape: Escape) -> Self {
        self.wrap_from(0, escape);
        self
    }

    /// The same text, of which more than one thing may be made.
    #[must_use]
    pub fn shared(mut self) -> Self {
        for segment in &mut self.segments {
            segment.layers = segment.layers.shared();
        }
        self
    }

    /// The place where the bytes `span` can be written anew: they stand in one piece in a file, were copied from there
    /// or decoded, and all of what they were decoded from is theirs. An empty span is a place between two bytes.
    #[must_use]
    pub fn editable(&self, span: Span) -> Option<Editable> {
        if span.is_empty() {
            return self.between(span.start);
        }
        self.text.get(span.range())?;
        let mut whole: Option<(FileSpan, Layers)> = None;
        let first = self.segment_index(span.start);
        for (index, segment) in self.segments.iter().enumerate().skip(first) {
            if segment.start >= span.end {
                break;
            }
            let (start, end) = (segment.start, self.segment_end(index));
            let (from, to) = (start.max(span.start), end.min(span.end));
            if !segment.exact && (from, to) != (start, end) {
                return None;
            }
            let source = segment.source_of(from, to);
            whole = match whole {
                None => Some((source, segment.layers)),
                Some((before, layers)) => {
                    let goes_on =
                        layers == segment.layers && before.file == source.file && before.span.end == source.span.start;
                    goes_on.then(|| (FileSpan::new(before.file, before.span.cover(source.span)), layers))
                }
            };
            whole?;
        }
        let (at, layers) = whole?;
        Editable::new(at, layers)
    }

    /// The place between the byte before `at` and the one at it.
    fn between(&self, at: u32) -> Option<Editable> {
        self.text.get(..at as usize)?;
        let index = self.segment_index(at.saturating_sub(1));
        let segment = self.segments.get(index)?;
        let (start, end) = (segment.start, self.segment_end(index));
        let source = segment.source.span;
        let place = match at {
            _ if segment.exact => source.start + (at - start),
            _ if at == start => source.start,
            _ if at == end => source.end,
            _ => return None,
        };
        Editable::new(FileSpan::new(segment.source.file, Span::at(place)), segment.layers)
    }

    /// What the bytes `span` are wrapped in, if they stand in one piece.
    fn layers_of(&self, span: Span) -> Layers {
        self.editable(span).map_or(Layers::MADE, |editable| editable.layers())
    }

    /// Index of the segment that holds `at` (the last one for an offset at the end).
    fn segment_index(&self, at: u32) -> usize {
        self.segments
            .partition_point(|segment| segment.start <= at)
            .saturating_sub(1)
    }

    fn segment_end(&self, index: usize) -> u32 {
        self.segments.get(index + 1).map_or(self.len(), |next| next.start)
    }

    /// Where the bytes `span` came from.
    ///
    /// A range over several pieces gives the range from the first to the last of them as long as they
    /// stand in one file and in order; otherwise the place of the first piece. `None` for text that
    /// came from nowhere (an empty text).
    #[must_use]
    pub fn source(&self, span: Span) -> Option<FileSpan> {
        let index = self.segment_index(span.start);
        let first = self.segments.get(index)?;
        let end = span.end.max(span.start);
        let start = Segment::source_of(first, span.start, end.min(self.segment_end(index)).max(span.start));
        let last_index = if end > span.start {
            self.segment_index(end - 1)
        } else {
            index
        };
        if last_index == index {
            return Some(start);
        }
        let last = self.segments.get(last_index)?;
        let stop = Segment::source_of(last, last.start, end.min(self.segment_end(last_index)));
        if stop.file == start.file && stop.span.start >= start.span.end {
            return Some(FileSpan::new(start.file, Span::new(start.span.start, stop.span.end)));
        }
        Some(start)
    }

    /// Where its pieces came from, in the order of the text; a piece that was computed stands for what made it.
    pub fn pieces(&self) -> impl Iterator<Item = FileSpan> {
        self.segments.iter().map(|segment| segment.source)
    }

    /// The bytes that came from `place`, in order; of a piece that was computed, all of it.
    pub fn spans_from(&self, place: FileSpan) -> impl Iterator<Item = Span> {
        let of = move |(index, segment): (usize, &Segment)| {
            let source = segment.source;
            let span = Span::new(segment.start, self.segment_end(index));
            let (from, to) = (
                source.span.start.max(place.span.start),
                source.span.end.min(place.span.end),
            );
            if source.file != place.file || from >= to {
                return None;
            }
            if !segment.exact {
                return Some(span);
            }
            let base = source.span.start;
            Some(Span::new(span.start + (from - base), span.start + (to - base)))
        };
        self.segments.iter().enumerate().filter_map(of)
    }

    /// Where the whole text came from.
    #[must_use]
    pub fn whole_source(&self) -> Option<FileSpan> {
        self.source(Span::new(0, self.len()))
    }

    /// The same text without the white space at both ends.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        let start = self.text.len() - self.text.trim_start().len();
        let end = start + self.text.trim().len();
        self.part(Span::of(start, end))
    }
}

impl Segment {
    /// The source of the bytes `from..to` of the text, which lie inside this segment.
    fn source_of(&self, from: u32, to: u32) -> FileSpan {
        if !self.exact {
            return self.source;
        }
        let base = self.source.span.start;
        FileSpan::new(
            self.source.file,
            Span::new(base + (from - self.start), base + (to - self.start)),
        )
    }
}
