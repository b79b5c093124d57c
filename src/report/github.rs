//! The format for GitHub Actions: a workflow command for each finding, which shows beside its line in a pull request.

use std::io::{self, Write};

use super::annotation::{last_line, message};
use super::concise::undecided;
use super::human::{HumanOptions, summary};
use super::model::{Report, Told};
use super::sink::{Grammar, Sink};
use crate::diagnostic::Severity;

/// Writes each finding as `::error file=…,line=…,…::title and notes`, and a line that sums up. The worst come first, since
/// only the first ten of each kind and step are shown.
///
/// # Errors
/// When `out` cannot be written.
pub(super) fn github(report: &Report<'_>, options: HumanOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut sink = Sink::new(out);
    for told in report.worst_first() {
        command(&mut sink, told)?;
    }
    undecided(&mut sink, report, options)?;
    sink.text(Grammar::Line, &summary(report, options.show_undecided))?;
    sink.ours("\n")
}

fn command(sink: &mut Sink<'_>, told: &Told<'_>) -> io::Result<()> {
    let finding = told.finding;
    sink.ours(match finding.severity {
        Severity::Error => "::error file=",
        Severity::Warning => "::warning file=",
        Severity::Note => "::notice file=",
    })?;
    let at = &told.at;
    sink.text(Grammar::GithubProperty, &at.rooted)?;
    property(sink, ",line=", at.start.line)?;
    property(sink, ",endLine=", last_line(at))?;
    // Columns of a place on several lines are refused. The end is the column of the first character behind it, as in the
    // tools that GitHub's own matchers read; the documents do not say (issue 40038 of github/docs, 2025-08-27).
    if at.start.line == at.end.line {
        property(sink, ",col=", at.start.column)?;
        property(sink, ",endColumn=", at.end.column)?;
    }
    sink.ours(",title=")?;
    sink.ours(finding.rule)?;
    sink.ours("::")?;
    message(sink, Grammar::GithubMessage, told)?;
    sink.ours("\n")
}

fn property(sink: &mut Sink<'_>, name: &'static str, number: u32) -> io::Result<()> {
    sink.ours(name)?;
    sink.number(number as usize)
}
