//! The format for Azure Pipelines: a logging command for each finding, which shows in the summary of the run.

use std::io::{self, Write};

use super::annotation::message;
use super::concise::{line, undecided};
use super::human::{HumanOptions, summary};
use super::model::{Report, Told};
use super::sink::{Grammar, Sink};
use crate::diagnostic::Severity;

/// Writes each error and warning as `##vso[task.logissue …]title and notes`, the worst first. There are no issues below a
/// warning, so notes are lines of the log. A run that finds something and does not fail ends "with issues".
///
/// # Errors
/// When `out` cannot be written.
pub(super) fn azure(report: &Report<'_>, options: HumanOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut sink = Sink::new(out);
    let mut issues = false;
    for told in report.worst_first() {
        let kind = match told.finding.severity {
            Severity::Error => "##vso[task.logissue type=error;sourcepath=",
            Severity::Warning => "##vso[task.logissue type=warning;sourcepath=",
            Severity::Note => {
                line(&mut sink, told)?;
                continue;
            }
        };
        issues = true;
        sink.ours(kind)?;
        issue(&mut sink, told)?;
    }
    undecided(&mut sink, report, options)?;
    sink.text(Grammar::Line, &summary(report, options.show_undecided))?;
    sink.ours("\n")?;
    if issues && !report.fails {
        sink.ours("##vso[task.complete result=SucceededWithIssues;]\n")?;
    }
    Ok(())
}

/// The rest of a command, from the value of `sourcepath` on.
fn issue(sink: &mut Sink<'_>, told: &Told<'_>) -> io::Result<()> {
    sink.text(Grammar::AzureProperty, &told.at.rooted)?;
    for (name, number) in [
        (";linenumber=", told.at.start.line),
        (";columnnumber=", told.at.start.column),
    ] {
        sink.ours(name)?;
        sink.number(number as usize)?;
    }
    sink.ours(";code=")?;
    sink.ours(told.finding.rule)?;
    sink.ours("]")?;
    message(sink, Grammar::AzureMessage, told)?;
    sink.ours("\n")
}
