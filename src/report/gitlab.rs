//! The format of GitLab's Code Quality: a list of findings, as its documentation on implementing a custom tool
//! (docs.gitlab.com, Code Quality, 2026) tells it.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use super::each::Each;
use super::forge::ForgePath;
use super::model::{Located, Report, Told};
use super::sink::Sink;
use crate::diagnostic::Severity;
use crate::text::Position;

#[derive(Serialize)]
struct Violation<'r> {
    description: &'r str,
    check_name: &'static str,
    fingerprint: &'r str,
    severity: &'static str,
    location: Location<'r>,
}

#[derive(Serialize)]
struct Location<'r> {
    path: Cow<'r, str>,
    positions: Positions,
}

#[derive(Serialize)]
struct Positions {
    begin: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: u32,
    column: u32,
}

/// Writes the findings that count as one list and a line feed. What was set aside is left out: GitLab shows all that
/// it is given.
///
/// # Errors
/// When `out` cannot be written.
pub(super) fn gitlab(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut sink = Sink::new(out);
    sink.json(&Each(|| report.findings.iter().map(violation)))?;
    sink.ours("\n")
}

fn violation<'r>(told: &'r Told<'_>) -> Violation<'r> {
    Violation {
        description: &told.finding.message,
        check_name: told.finding.rule,
        fingerprint: &told.fingerprint,
        severity: severity(told.finding.severity),
        location: location(&told.at),
    }
}

/// GitLab has five words, from `info` to `blocker`.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warning => "major",
        Severity::Note => "info",
    }
}

fn location(at: &Located) -> Location<'_> {
    Location {
        path: ForgePath::of(at).path,
        positions: Positions {
            begin: point(at.start),
            end: point(at.end),
        },
    }
}

fn point(position: Position) -> Point {
    Point {
        line: position.line,
        column: position.column,
    }
}
