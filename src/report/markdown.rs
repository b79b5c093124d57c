//! The format for pages: a table of the findings for the summary of a job, a comment or a wiki.

use std::io::{self, Write};

use super::human::{HumanOptions, count, summary};
use super::model::{Located, Question, Report, Told};
use super::sink::{Grammar, Sink};

/// Bytes that a page may have: GitHub refuses the summary of a step that is larger (documents on workflow commands, 2026).
const MOST: usize = 1 << 20;
/// Bytes that are kept for what follows the rows.
const REST: usize = 1024;

/// Writes the line that sums up and a table of the findings, the worst first.
///
/// The table is HTML: no Markdown is read in it up to the next empty line, and no line of an input can make one. What
/// stands in `code` is no mention and no reference to forges.
///
/// # Errors
/// When `out` cannot be written.
pub(super) fn markdown(report: &Report<'_>, options: HumanOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { out, left: MOST - REST };
    page.add(|sink| {
        sink.ours("### kustolint\n\n")?;
        sink.text(Grammar::Markdown, &summary(report, true))?;
        sink.ours("\n")
    })?;
    let findings = report.worst_first();
    let head = "\n<table>\n<tr><th>Severity</th><th>Rule</th><th>Place</th><th>What is wrong</th></tr>\n";
    page.table(head, findings.as_slice(), "more problem", |sink, told| {
        finding(sink, told)
    })?;
    if options.show_undecided {
        let head = "\n<table>\n<tr><th>Place</th><th>Not decided</th></tr>\n";
        page.table(head, &report.not_analysed, "more value", question)?;
    }
    Ok(())
}

/// A page that does not grow beyond its bound.
struct Page<'w> {
    out: &'w mut dyn Write,
    left: usize,
}

impl Page<'_> {
    /// Writes a piece if there is room for it; whether there was.
    fn add(&mut self, write: impl FnOnce(&mut Sink<'_>) -> io::Result<()>) -> io::Result<bool> {
        let mut piece = Vec::new();
        write(&mut Sink::new(&mut piece))?;
        let Some(left) = self.left.checked_sub(piece.len()) else {
            return Ok(false);
        };
        self.left = left;
        self.out.write_all(&piece)?;
        Ok(true)
    }

    /// Writes a table with as many rows as there is room for, and says how many are left out.
    fn table<T>(
        &mut self,
        head: &'static str,
        rows: &[T],
        what: &str,
        row: impl Fn(&mut Sink<'_>, &T) -> io::Result<()>,
    ) -> io::Result<()> {
        if rows.is_empty() || !self.add(|sink| sink.ours(head))? {
            return Ok(());
        }
        let mut written = 0;
        for one in rows {
            if !self.add(|sink| row(sink, one))? {
                break;
            }
            written += 1;
        }
        let mut sink = Sink::new(self.out);
        sink.ours("</table>\n")?;
        if written < rows.len() {
            sink.ours("\n…and ")?;
            sink.text(Grammar::Markdown, &count(rows.len() - written, what))?;
            sink.ours(": this page may not be larger than 1 MiB\n")?;
        }
        Ok(())
    }
}

fn finding(sink: &mut Sink<'_>, told: &Told<'_>) -> io::Result<()> {
    sink.ours("<tr><td>")?;
    sink.ours(told.finding.severity.as_str())?;
    sink.ours("</td><td><code>")?;
    sink.ours(told.finding.rule)?;
    sink.ours("</code></td><td>")?;
    place(sink, &told.at)?;
    sink.ours("</td><td>")?;
    code(sink, &told.finding.message)?;
    sink.ours("</td></tr>\n")
}

fn question(sink: &mut Sink<'_>, question: &Question<'_>) -> io::Result<()> {
    sink.ours("<tr><td>")?;
    place(sink, &question.at)?;
    sink.ours("</td><td>")?;
    code(sink, question.reason)?;
    sink.ours("</td></tr>\n")
}

fn place(sink: &mut Sink<'_>, at: &Located) -> io::Result<()> {
    sink.ours("<code>")?;
    sink.text(Grammar::Markdown, &at.rooted)?;
    for number in [at.start.line, at.start.column] {
        sink.ours(":")?;
        sink.number(number as usize)?;
    }
    sink.ours("</code>")
}

fn code(sink: &mut Sink<'_>, text: &str) -> io::Result<()> {
    sink.ours("<code>")?;
    sink.text(Grammar::Markdown, text)?;
    sink.ours("</code>")
}
