//! The format of reviewdog: one `DiagnosticResult` of its diagnostic format (github.com/reviewdog/reviewdog,
//! `proto/rdf/reviewdog.proto`, as of v0.21). It is read in the folder where the run took place, so paths are relative
//! to that. Columns count the bytes of a line in UTF-8 from 1, and ends are exclusive.

use std::io::{self, Write};

use serde::Serialize;

use super::each::Each;
use super::forge::{HOME, page_address};
use super::model::{Located, Report, Told};
use super::sink::Sink;
use crate::diagnostic::{Diagnostic, Edit, Severity};
use crate::engine::Outcome;
use crate::rules;
use crate::text::{FileSpan, SourceFile, Span};

/// Bytes between the first and the last edit of a fix that is told as one suggestion.
const LONGEST_SUGGESTION: u32 = 4096;

#[derive(Serialize)]
struct DiagnosticResult<D> {
    source: Source,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'static str>,
    diagnostics: D,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
    url: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'r> {
    message: String,
    location: Location<'r>,
    severity: &'static str,
    code: Code,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Related<'r>>,
}

#[derive(Serialize)]
struct Location<'r> {
    path: &'r str,
    range: Range,
}

#[derive(Serialize)]
struct Range {
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Code {
    value: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct Suggestion {
    range: Range,
    text: String,
}

#[derive(Serialize)]
struct Related<'r> {
    message: &'r str,
    location: Location<'r>,
}

/// Writes the findings that count as one object and a line feed.
///
/// # Errors
/// When `out` cannot be written.
pub(super) fn rdjson(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let worst = report.findings.iter().map(|told| told.finding.severity).max();
    let result = DiagnosticResult {
        source: Source {
            name: env!("CARGO_PKG_NAME"),
            url: HOME,
        },
        severity: worst.map(severity),
        diagnostics: Each(|| report.findings.iter().map(|told| entry(told, report.outcome))),
    };
    let mut sink = Sink::new(out);
    sink.json(&result)?;
    sink.ours("\n")
}

fn entry<'r>(told: &'r Told<'_>, outcome: &'r Outcome) -> Entry<'r> {
    let finding = told.finding;
    let related = finding.related.iter().zip(&told.related);
    let related = related.map(|(label, (at, message))| Related {
        message,
        location: location(at, label.at, outcome),
    });
    Entry {
        message: message(finding),
        location: location(&told.at, finding.primary.at, outcome),
        severity: severity(finding.severity),
        code: Code {
            value: finding.rule,
            url: rules::find(finding.rule).map(page_address),
        },
        suggestions: suggestion(finding, outcome).into_iter().collect(),
        related_locations: related.collect(),
    }
}

/// The title, and on lines of their own what to do.
fn message(finding: &Diagnostic) -> String {
    let notes = finding.notes.iter().map(String::as_str);
    let lines: Vec<&str> = std::iter::once(finding.message.as_str()).chain(notes).collect();
    lines.join("\n")
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Note => "INFO",
    }
}

fn location<'r>(at: &'r Located, span: FileSpan, outcome: &Outcome) -> Location<'r> {
    Location {
        path: &at.path,
        range: range(span, outcome),
    }
}

fn range(at: FileSpan, outcome: &Outcome) -> Range {
    let file = outcome.sources.get(at.file);
    let point = |offset| file.map_or(Point { line: 1, column: 1 }, |file| point(file, offset));
    Range {
        start: point(at.span.start),
        end: point(at.span.end),
    }
}

/// Where an offset of the text lies. A byte-order mark of UTF-8 is a part of the first line for who reads bytes, and a
/// byte that is no UTF-8 is one byte there; other encodings are told as if they were UTF-8.
fn point(file: &SourceFile, offset: u32) -> Point {
    let position = file.position(offset);
    let index = file.line_of(offset);
    let start = file.line_span(index).unwrap_or_default().start;
    let before = if file.encoding().is_utf16() {
        offset.saturating_sub(start)
    } else {
        let first = if index == 0 { 0 } else { file.position(start).byte };
        position.byte.saturating_sub(first)
    };
    Point {
        line: position.line,
        column: before + 1,
    }
}

/// The fix as one text in the place of another: reviewdog lets people take over each suggestion by itself, so a fix of
/// several edits is told only where it is one with what stands between them, and no secret does.
fn suggestion(finding: &Diagnostic, outcome: &Outcome) -> Option<Suggestion> {
    let mut edits: Vec<&Edit> = finding.fix.as_ref()?.edits.iter().collect();
    edits.sort();
    let (first, last) = (edits.first()?.at, edits.last()?.at);
    let file = finding.primary.at.file;
    let whole = FileSpan::new(file, Span::new(first.span.start, last.span.end));
    let source = outcome.sources.get(file)?;
    let here = edits.iter().all(|edit| edit.at.file == file);
    let hidden = || !outcome.redactor.hidden_in(file, source.text(), whole.span).is_empty();
    if !here || edits.len() > 1 && (whole.span.len() > LONGEST_SUGGESTION || hidden()) {
        return None;
    }
    let mut text = String::new();
    let mut from = first.span.start;
    for edit in edits {
        text.push_str(Span::new(from, edit.at.span.start).of_text(source.text()));
        text.push_str(&edit.text);
        from = edit.at.span.end;
    }
    Some(Suggestion {
        range: range(whole, outcome),
        text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Applicability, Fix};
    use crate::redact::Redactor;
    use crate::text::{FileId, Sources, decode};

    fn at(start: u32, end: u32) -> FileSpan {
        FileSpan::new(FileId(0), Span::new(start, end))
    }

    fn outcome(bytes: &[u8]) -> Outcome {
        let mut sources = Sources::new();
        sources.add(SourceFile::new("a.kql", decode(bytes).unwrap()));
        Outcome {
            redactor: Redactor::of(&sources, Default::default()),
            sources,
            ..Outcome::default()
        }
    }

    #[test]
    fn columns_count_bytes_in_utf_8() {
        let of = |bytes: &[u8], offset| {
            let Point { line, column } = range(at(offset, offset), &outcome(bytes)).start;
            (line, column)
        };
        assert_eq!(of("a😀b".as_bytes(), 5), (1, 6));
        assert_eq!(of("x\r\né😀b".as_bytes(), 9), (2, 7));
        assert_eq!(
            of("\u{feff}ab\ncd".as_bytes(), 1),
            (1, 5),
            "the mark is there for who reads bytes"
        );
        assert_eq!(of("\u{feff}ab\ncd".as_bytes(), 4), (2, 2));
        assert_eq!(of(b"a\xFFb", 4), (1, 3), "a replaced byte is one byte on disk");
        let utf16: Vec<u8> = [0xFF, 0xFE]
            .into_iter()
            .chain("é😀\né😀b".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(of(&utf16, 13), (2, 7));
    }

    #[test]
    fn a_fix_of_several_edits_is_one_suggestion_or_none() {
        let fixed = |edits: &[(u32, u32, &str)]| {
            let edit = |(start, end, text): &(u32, u32, &str)| Edit {
                at: at(*start, *end),
                text: (*text).to_owned(),
            };
            Diagnostic::new("some-rule", Severity::Error, "title", at(0, 1), "").fixed_by(Some(Fix {
                applicability: Applicability::Safe,
                title: "mend it".to_owned(),
                edits: edits.iter().map(edit).collect(),
            }))
        };
        let plain = outcome(b"one two three");
        let told = suggestion(&fixed(&[(8, 13, "3"), (0, 3, "1")]), &plain).unwrap();
        assert_eq!(
            (told.text.as_str(), told.range.start.column, told.range.end.column),
            ("1 two 3", 1, 14)
        );
        let told = suggestion(&fixed(&[(4, 4, "and ")]), &plain).unwrap();
        assert_eq!(
            (told.text.as_str(), told.range.start.column, told.range.end.column),
            ("and ", 5, 5)
        );
        let secret = outcome(b"one AppKey=k9-pond-lily-77;x three");
        assert!(suggestion(&fixed(&[(0, 3, "1"), (29, 34, "3")]), &secret).is_none());
        let long = outcome("one ".repeat(2000).as_bytes());
        assert!(suggestion(&fixed(&[(0, 3, "1"), (7000, 7003, "3")]), &long).is_none());
    }
}
