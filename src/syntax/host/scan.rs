//! What the scanners share: a place in the host's text, and the literals that stand together.

use std::collections::BTreeMap;

use super::command_line::Dialect;
use super::draft::{Draft, Form};
use super::special::{balanced, starts};
use super::{Fragment, Language, holds_command_line, json};
use crate::syntax::kql;
use crate::text::{MappedText, Span};

/// How long an expression between two literals may be.
const LONGEST_OPERAND: usize = 256;

/// How much of a line is looked at to see what starts there.
const LONGEST_LINE: usize = 160;

/// In how many strings JSON is read.
const MAX_DEPTH: usize = 2;

/// A scan over a host's text.
pub(super) struct Scan<'t> {
    pub(super) source: &'t MappedText,
    pub(super) src: &'t str,
    pub(super) at: usize,
    shared: bool,
    /// How many strings of JSON it stands in.
    depth: usize,
    /// How a comment starts that goes to the end of its line and may stand between two literals.
    remark: Option<&'static str>,
    /// Whether scripts are looked for, and not commands of KQL.
    scripts: bool,
    found: Vec<Fragment>,
    comments: Vec<Span>,
}

/// What a scan found.
#[derive(Default)]
pub(super) struct Scanned {
    /// The texts of other languages, in order.
    pub(super) fragments: Vec<Fragment>,
    /// The comments, in order.
    pub(super) comments: Vec<Span>,
}

/// How literals are put together to one text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Glue {
    /// They are not.
    Nothing,
    /// With `+`.
    Plus,
    /// With `+`, or one right after the other.
    PlusOrNext,
}

/// The start of the content of a literal that starts at the scan's place, and its form.
pub(super) type Opening = fn(&Scan<'_>) -> Option<(usize, Form)>;

impl<'t> Scan<'t> {
    /// A scan from the start. With `shared`, equal expressions anywhere in the file are equal values; otherwise
    /// only those in one text are, since they may be variables of two functions.
    pub(super) fn new(source: &'t MappedText, shared: bool) -> Self {
        Self {
            source,
            src: source.as_str(),
            at: 0,
            shared,
            depth: 0,
            remark: None,
            scripts: false,
            found: Vec::new(),
            comments: Vec::new(),
        }
    }

    /// A scan of JSON that stands in so many strings.
    pub(super) fn of_json(source: &'t MappedText, depth: usize) -> Self {
        Self {
            depth,
            ..Self::new(source, true)
        }
    }

    /// A scan of a program, where such comments may stand between two literals.
    pub(super) fn of_program(source: &'t MappedText, remark: &'static str) -> Self {
        Self {
            remark: Some(remark),
            ..Self::new(source, false)
        }
    }

    /// A scan for scripts of a shell and of PowerShell.
    pub(super) fn of_scripts(source: &'t MappedText) -> Self {
        Self {
            scripts: true,
            ..Self::new(source, true)
        }
    }

    /// Whether scripts are looked for, and not commands of KQL.
    pub(super) fn seeks_scripts(&self) -> bool {
        self.scripts
    }

    /// What was found.
    pub(super) fn finish(self) -> Scanned {
        Scanned {
            fragments: self.found,
            comments: self.comments,
        }
    }

    /// The byte at the place.
    pub(super) fn byte(&self) -> Option<u8> {
        self.byte_at(self.at)
    }

    pub(super) fn byte_at(&self, at: usize) -> Option<u8> {
        self.src.as_bytes().get(at).copied()
    }

    /// The byte before the place.
    pub(super) fn before(&self) -> Option<u8> {
        self.byte_at(self.at.checked_sub(1)?)
    }

    pub(super) fn starts(&self, wanted: &str) -> bool {
        starts(self.src, self.at, wanted)
    }

    /// The offset of the next line end, or of the end.
    pub(super) fn line_end(&self, from: usize) -> usize {
        let rest = self.src.as_bytes().get(from..).unwrap_or_default();
        memchr::memchr2(b'\n', b'\r', rest).map_or(self.src.len(), |length| from + length)
    }

    /// The rest of the line from an offset on, cut to a length that no line with a meaning here exceeds: long lines
    /// are not searched again and again.
    pub(super) fn near(&self, from: usize) -> &'t str {
        let rest = self.src.get(from..).unwrap_or_default();
        let end = rest
            .char_indices()
            .take(LONGEST_LINE)
            .find(|(_, character)| matches!(character, '\n' | '\r'));
        let cut = || rest.char_indices().nth(LONGEST_LINE).map_or(rest.len(), |(at, _)| at);
        rest.get(..end.map_or_else(cut, |(at, _)| at)).unwrap_or_default()
    }

    /// Goes on after the next `end`, or to the end of the text.
    pub(super) fn skip_past(&mut self, end: &str) {
        let rest = self.src.as_bytes().get(self.at..).unwrap_or_default();
        self.at = memchr::memmem::find(rest, end.as_bytes()).map_or(self.src.len(), |at| self.at + at + end.len());
    }

    /// Passes over a comment that starts with `//` or `/*`.
    pub(super) fn skips_comment(&mut self) -> bool {
        if self.starts("//") {
            self.skip_remark();
        } else if self.starts("/*") {
            self.skip_block("/*", "*/");
        } else {
            return false;
        }
        true
    }

    /// Passes over a comment that goes to the end of its line.
    pub(super) fn skip_remark(&mut self) {
        let start = self.at;
        self.at = self.line_end(start);
        self.remember_comment(start, self.at);
    }

    /// Passes over a comment that starts with `open`, up to `close` or the end of the text.
    pub(super) fn skip_block(&mut self, open: &str, close: &str) {
        let start = self.at;
        self.at += open.len();
        self.skip_past(close);
        self.remember_comment(start, self.at);
    }

    /// Keeps the place of a comment.
    pub(super) fn remember_comment(&mut self, start: usize, end: usize) {
        self.comments.push(Span::of(start, end));
    }

    /// An empty text that starts at the place.
    pub(super) fn draft(&self, start: usize) -> Draft<'t> {
        Draft::new(self.source, start, self.shared)
    }

    /// Keeps a text that ends at `end`, if it starts with a command, or what is found in it, if it is JSON such as
    /// the body of a request; says whether it does.
    pub(super) fn keep(&mut self, draft: Draft<'_>, end: usize) -> bool {
        let span = Span::of(draft.start, end);
        if kql::starts_with_command(draft.text.as_str()) {
            self.found.push(Fragment {
                language: Language::Kql,
                text: draft.text,
                span,
            });
            return true;
        }
        if self.depth < MAX_DEPTH && draft.text.as_str().trim_start().starts_with(['{', '[']) {
            let mut nested = json::scan(&draft.text, self.depth + 1);
            nested.comments.clear();
            self.take(nested, &draft.text, span);
        }
        false
    }

    /// Keeps a script that ends at `end` if it holds a command line; says whether it does.
    pub(super) fn keep_script(&mut self, draft: Draft<'_>, end: usize, dialect: Option<Dialect>) -> bool {
        let Some(dialect) = dialect.filter(|_| holds_command_line(draft.text.as_str())) else {
            return false;
        };
        self.found.push(Fragment {
            language: Language::Script(dialect),
            span: Span::of(draft.start, end),
            text: draft.text,
        });
        true
    }

    /// Takes in what was found in a part of the text, which was decoded to `text`. `outer` is the bytes of the part. The
    /// text of a scan is that of a file, or of a part of one.
    pub(super) fn take(&mut self, found: Scanned, text: &MappedText, outer: Span) {
        self.found.extend(found.fragments.into_iter().map(|fragment| Fragment {
            span: outer,
            ..fragment
        }));
        let base = self.source.source(outer).map_or(0, |place| place.span.start);
        let back = |comment: Span| {
            let at = text.source(comment)?.span;
            let start = outer.start + at.start.checked_sub(base)?;
            Some(Span::new(start, start + at.len()))
        };
        self.comments.extend(found.comments.into_iter().filter_map(back));
    }

    /// Reads the literal that starts at the place, if one does, and those that are joined to it.
    pub(super) fn literals(&mut self, opening: Opening, glue: Glue) -> bool {
        let start = self.at;
        let Some(mut open) = opening(self) else { return false };
        let mut draft = self.draft(start);
        loop {
            match draft.read(self.src, open.0, &open.1) {
                Ok(end) => self.at = end,
                Err(reached) => {
                    self.at = reached.max(open.0);
                    return true;
                }
            }
            match self.joined(&mut draft, opening, glue) {
                Some(next) => open = next,
                None => break,
            }
        }
        let end = self.at;
        self.keep(draft, end);
        true
    }

    /// The next literal of the same text; expressions before it are holes.
    fn joined(&mut self, draft: &mut Draft<'_>, opening: Opening, glue: Glue) -> Option<(usize, Form)> {
        if glue == Glue::Nothing {
            return None;
        }
        loop {
            let end = self.at;
            self.skip_white();
            let plus = self.byte() == Some(b'+') && self.byte_at(self.at + 1) != Some(b'=');
            if plus {
                self.at += 1;
                self.skip_white();
            }
            if (plus || glue == Glue::PlusOrNext)
                && let Some(open) = opening(self)
            {
                return Some(open);
            }
            if !plus {
                self.at = end;
                return None;
            }
            let operand = self.at;
            self.skip_operand();
            draft.hole(operand, self.at);
            if self.at == operand {
                return None;
            }
        }
    }

    fn skip_white(&mut self) {
        while let Some(byte) = self.byte() {
            if self.remark.is_some_and(|mark| self.starts(mark)) {
                self.skip_remark();
                continue;
            }
            let continued = byte == b'\\' && matches!(self.byte_at(self.at + 1), Some(b'\n' | b'\r'));
            if !byte.is_ascii_whitespace() && !continued {
                break;
            }
            self.at += 1;
        }
    }

    /// Passes over a name with members, calls and indices.
    fn skip_operand(&mut self) {
        while let Some(byte) = self.byte() {
            match byte {
                b'(' | b'[' => match balanced(self.src, self.at, LONGEST_OPERAND, true, None) {
                    Ok(end) => self.at = end,
                    Err(_) => return,
                },
                b'_' | b'.' | b'$' | b':' | b'?' | b'!' => self.at += 1,
                _ if byte.is_ascii_alphanumeric() => self.at += 1,
                _ => return,
            }
        }
    }

    /// Reads the text up to `end` that starts at `from`, such as a here-document.
    pub(super) fn block(&mut self, start: usize, from: usize, end: usize, form: &Form) {
        let mut draft = self.draft(start);
        let form = Form {
            close: "",
            lines: true,
            ..*form
        };
        if draft.read(self.src.get(..end).unwrap_or_default(), from, &form).is_ok() {
            self.keep(draft, end);
        }
    }
}

/// The lines of a text by what stands on them, so that the end of a here-document is found without a search
/// for each.
pub(super) struct Lines<'t> {
    starts: BTreeMap<&'t str, Vec<usize>>,
}

impl<'t> Lines<'t> {
    pub(super) fn of(src: &'t str) -> Self {
        let mut starts: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut at = 0;
        for line in src.split_inclusive('\n') {
            let word = line.trim();
            if !word.is_empty() && word.len() < 64 {
                starts.entry(word).or_default().push(at);
            }
            at += line.len();
        }
        Self { starts }
    }

    /// The first line from `from` on that holds `word` and nothing else: its start.
    pub(super) fn next(&self, word: &str, from: usize) -> Option<usize> {
        let starts = self.starts.get(word)?;
        starts.get(starts.partition_point(|start| *start < from)).copied()
    }
}
