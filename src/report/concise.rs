//! The format of one line for each finding: for logs, for `grep`, for editors that read such lines.

use std::io::{self, Write};

use super::human::{HumanOptions, shown, summary};
use super::model::{Located, Report, Told};
use super::sink::{Grammar, Sink};

/// Writes each finding as `path:line:column: severity[rule]: title`, and the line that sums up.
///
/// # Errors
/// When `out` cannot be written.
pub(super) fn concise(report: &Report<'_>, options: HumanOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut sink = Sink::new(out);
    let (first, hidden) = shown(report, options);
    for told in first {
        line(&mut sink, told)?;
    }
    if let Some(hidden) = hidden {
        sink.text(Grammar::Line, &hidden)?;
        sink.ours("\n")?;
    }
    undecided(&mut sink, report, options)?;
    sink.text(Grammar::Line, &summary(report, options.show_undecided))?;
    sink.ours("\n")
}

/// Writes the line of one finding.
pub(super) fn line(sink: &mut Sink<'_>, told: &Told<'_>) -> io::Result<()> {
    let finding = told.finding;
    place(sink, &told.at)?;
    sink.ours(finding.severity.as_str())?;
    sink.ours("[")?;
    sink.ours(finding.rule)?;
    sink.ours("]: ")?;
    sink.text(Grammar::Line, &finding.message)?;
    sink.ours("\n")
}

/// Writes a line for each value that could not be decided, if they are asked for.
pub(super) fn undecided(sink: &mut Sink<'_>, report: &Report<'_>, options: HumanOptions) -> io::Result<()> {
    for question in report.not_analysed.iter().filter(|_| options.show_undecided) {
        place(sink, &question.at)?;
        sink.ours("not decided: ")?;
        sink.text(Grammar::Line, question.reason)?;
        sink.ours("\n")?;
    }
    Ok(())
}

fn place(sink: &mut Sink<'_>, at: &Located) -> io::Result<()> {
    sink.text(Grammar::Line, &at.path)?;
    for number in [at.start.line, at.start.column] {
        sink.ours(":")?;
        sink.number(number as usize)?;
    }
    sink.ours(": ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Diagnostic, Severity};
    use crate::engine::Outcome;
    use crate::redact::Redactor;
    use crate::text::{FileId, FileSpan, SourceFile, Sources, Span};

    #[test]
    fn a_finding_is_a_line_whatever_it_holds() {
        let mut sources = Sources::new();
        sources.add(SourceFile::in_memory("a\n::error::.kql", "é\nabc"));
        let at = FileSpan::new(FileId(0), Span::new(4, 5));
        let finding = Diagnostic::new("some-rule", Severity::Error, "one\ntwo ##[x]", at, "");
        let outcome = Outcome {
            files: 1,
            sources,
            findings: Redactor::default().redacted(vec![finding.clone(), finding]),
            ..Outcome::default()
        };
        let options = HumanOptions {
            show_undecided: false,
            max_findings: 1,
        };
        let mut out = Vec::new();
        concise(&Report::new(&outcome), options, &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "a\\u{a}:\\u{3a}error::.kql:2:2: error[some-rule]: one\\u{a}two #\\u{23}[x]\n\
             …and 1 more problem (`--max-findings 0` shows all)\n2 problems (2 errors) in 1 file\n"
        );
    }
}
