//! The formats for programs: one JSON object, or one for each finding. Their shapes are promises, told by `version`.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use super::each::Each;
use super::model::{Located, Report, Told};
use super::sink::Sink;
use crate::diagnostic::{Fix, SetAsideBy, Severity};
use crate::engine::Outcome;
use crate::redact::Redacted;
use crate::text::Position;

/// The version of the shapes.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Whole<F, S, N> {
    version: u32,
    tool: Tool,
    findings: F,
    suppressed: S,
    not_analysed: N,
    summary: Summary,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Finding<'r> {
    rule: &'static str,
    severity: &'static str,
    message: &'r str,
    location: Location<'r>,
    place: &'r [String],
    related: Vec<Related<'r>>,
    notes: &'r [String],
    fix: Option<FixTold<'r>>,
    fingerprint: &'r str,
}

#[derive(Serialize)]
struct FixTold<'r> {
    applicability: &'static str,
    title: &'r str,
    edits: Vec<EditTold<'r>>,
}

#[derive(Serialize)]
struct EditTold<'r> {
    location: Location<'r>,
    text: &'r str,
}

#[derive(Serialize)]
struct Related<'r> {
    message: &'r str,
    location: Location<'r>,
}

/// A finding that does not count, and why.
#[derive(Serialize)]
struct Suppressed<'r> {
    by: &'static str,
    reason: Option<&'r str>,
    finding: Finding<'r>,
}

#[derive(Serialize)]
struct NotAnalysed<'r> {
    reason: &'r str,
    location: Location<'r>,
}

#[derive(Serialize)]
struct Location<'r> {
    path: Cow<'r, str>,
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: u32,
    column: u32,
    byte: u32,
}

#[derive(Clone, Serialize)]
struct Summary {
    files: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
    suppressed: usize,
    baselined: usize,
    older: usize,
    not_analysed: usize,
}

/// Writes the whole outcome as one object and a line feed.
///
/// # Errors
/// When `out` cannot be written.
pub(super) fn json(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let whole = Whole {
        version: VERSION,
        tool: TOOL,
        findings: Each(|| report.findings.iter().map(|told| finding(told, report.outcome))),
        suppressed: Each(|| {
            let aside = report.set_aside.iter();
            aside.map(|(told, by)| suppressed(told, by, report.outcome))
        }),
        not_analysed: Each(|| not_analysed(report)),
        summary: summary(report),
    };
    line(&whole, out)
}

const TOOL: Tool = Tool {
    name: env!("CARGO_PKG_NAME"),
    version: env!("CARGO_PKG_VERSION"),
};

/// One line of the format `jsonl`.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Line<'r> {
    Tool { version: u32, tool: Tool },
    Finding(Finding<'r>),
    Suppressed(Suppressed<'r>),
    NotAnalysed(NotAnalysed<'r>),
    Summary(Summary),
}

/// Writes the outcome as one object a line, each with its `kind`: first the tool, then what was found, last the summary.
/// A report without its summary is not complete.
///
/// # Errors
/// When `out` cannot be written.
pub(super) fn jsonl(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let first = Line::Tool {
        version: VERSION,
        tool: TOOL,
    };
    line(&first, out)?;
    for told in &report.findings {
        line(&Line::Finding(finding(told, report.outcome)), out)?;
    }
    for (told, by) in &report.set_aside {
        line(&Line::Suppressed(suppressed(told, by, report.outcome)), out)?;
    }
    for question in not_analysed(report) {
        line(&Line::NotAnalysed(question), out)?;
    }
    line(&Line::Summary(summary(report)), out)
}

fn summary(report: &Report<'_>) -> Summary {
    Summary {
        files: report.outcome.files,
        errors: report.count(Severity::Error),
        warnings: report.count(Severity::Warning),
        notes: report.count(Severity::Note),
        suppressed: report.suppressed(),
        baselined: report.baselined(),
        older: report.older(),
        not_analysed: report.not_analysed.len(),
    }
}

fn finding<'r>(told: &'r Told<'_>, outcome: &Outcome) -> Finding<'r> {
    let related = told.related.iter().map(|(at, message)| Related {
        message,
        location: location(at),
    });
    Finding {
        rule: told.finding.rule,
        severity: told.finding.severity.as_str(),
        message: &told.finding.message,
        location: location(&told.at),
        place: &told.finding.place,
        related: related.collect(),
        notes: &told.finding.notes,
        fix: told.finding.fix.as_ref().map(|fix| fix_told(fix, outcome)),
        fingerprint: &told.fingerprint,
    }
}

fn suppressed<'r>(told: &'r Told<'_>, by: &'r SetAsideBy, outcome: &Outcome) -> Suppressed<'r> {
    Suppressed {
        by: match by {
            SetAsideBy::Source { .. } => "source",
            SetAsideBy::Configuration { .. } => "configuration",
            SetAsideBy::Baseline => "baseline",
            SetAsideBy::Older { .. } => "older",
        },
        reason: by.reason(),
        finding: finding(told, outcome),
    }
}

fn fix_told<'r>(fix: &'r Fix, outcome: &Outcome) -> FixTold<'r> {
    let edits = fix.edits.iter().map(|edit| {
        let Located { path, start, end, .. } = Located::new(edit.at, outcome);
        EditTold {
            location: Location {
                path: path.into(),
                start: point(start),
                end: point(end),
            },
            text: &edit.text,
        }
    });
    FixTold {
        applicability: fix.applicability.as_str(),
        title: &fix.title,
        edits: edits.collect(),
    }
}

fn not_analysed<'r>(report: &'r Report<'_>) -> impl Iterator<Item = NotAnalysed<'r>> {
    report.not_analysed.iter().map(|question| NotAnalysed {
        reason: question.reason,
        location: location(&question.at),
    })
}

fn location(at: &Located) -> Location<'_> {
    Location {
        path: Cow::Borrowed(&at.path),
        start: point(at.start),
        end: point(at.end),
    }
}

fn point(position: Position) -> Point {
    Point {
        line: position.line,
        column: position.column,
        byte: position.byte,
    }
}

/// Writes a value as JSON on one line. What a terminal or an agent would obey is written as `\uXXXX`,
/// which stands for the same text.
///
/// # Errors
/// When `out` cannot be written.
pub fn json_line(value: &Redacted<impl Serialize>, out: &mut dyn Write) -> io::Result<()> {
    line(&**value, out)
}

fn line(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut sink = Sink::new(out);
    sink.json(value)?;
    sink.ours("\n")
}

#[cfg(test)]
mod tests;
