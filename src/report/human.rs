//! The format for people: each finding with the lines it speaks of, then one line that sums up.

use std::collections::BTreeSet;
use std::io::{self, Write};

use codespan_reporting::diagnostic as printed;
use codespan_reporting::term;

use super::escape;
use super::excerpt::{Excerpt, Excerpts, Shown};
use super::model::{Question, Report, Told};
use super::style::{BOLD, Styled};
use crate::diagnostic::{Applicability, Diagnostic, Fix, Label, Severity};
use crate::engine::Outcome;
use crate::redact::Redactor;
use crate::text::{FileId, Sources, Span};

/// Places of one finding that are shown; the others are counted.
pub(super) const PLACES: usize = 8;
/// Characters of a title, label or reason that are shown.
const WORDS: usize = 400;

/// What the human format shows.
#[derive(Clone, Copy, Debug)]
pub struct HumanOptions {
    /// Whether each value that could not be decided is listed.
    pub show_undecided: bool,
    /// How many findings are shown; the others are counted. Zero means all.
    pub max_findings: usize,
}

/// Writes the outcome for people, with ANSI styles.
///
/// # Errors
/// When `out` cannot be written.
pub(super) fn human(report: &Report<'_>, options: HumanOptions, out: &mut dyn Write) -> io::Result<()> {
    let outcome = report.outcome;
    let printer = Printer {
        sources: &outcome.sources,
        redactor: &outcome.redactor,
        config: term::Config::default(),
    };
    let (first, hidden) = shown(report, options);
    for told in first {
        out.write_all(&printer.finding(told.finding)?)?;
    }
    if let Some(hidden) = hidden {
        writeln!(out, "{hidden}\n")?;
    }
    if options.show_undecided && !report.not_analysed.is_empty() {
        undecided(report, out)?;
    }
    writeln!(out, "{}", summary(report, options.show_undecided))
}

/// The findings that are shown one by one, and what is said of the others.
pub(super) fn shown<'r, 'o>(report: &'r Report<'o>, options: HumanOptions) -> (&'r [Told<'o>], Option<String>) {
    let all = report.findings.as_slice();
    let most = match options.max_findings {
        0 => all.len(),
        most => most.min(all.len()),
    };
    let (first, others) = all.split_at_checked(most).unwrap_or((all, &[]));
    let problems = count(others.len(), "more problem");
    let hidden = (!others.is_empty()).then(|| format!("…and {problems} (`--max-findings 0` shows all)"));
    (first, hidden)
}

fn undecided(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{BOLD}not decided:{BOLD:#}")?;
    for Question { at, reason } in &report.not_analysed {
        let path = escape::one_line(&at.path);
        writeln!(out, "  {path}:{}:{}: {}", at.start.line, at.start.column, words(reason))?;
    }
    writeln!(out)
}

/// The last line: what was found in how many files, what was set aside, and what was not decided.
pub(super) fn summary(report: &Report<'_>, listed: bool) -> String {
    let outcome = report.outcome;
    let files = count(outcome.files, "file");
    let left_out = outcome.left_out.as_ref().filter(|_| report.findings.is_empty());
    let mut text = if let Some(why) = left_out {
        format!("no files to check: {}", words(why))
    } else if report.findings.is_empty() && outcome.files == 0 {
        "no files to check: name a KQL script, a template or a settings file, or a folder that holds some".to_owned()
    } else if report.findings.is_empty() {
        format!("no problems in {files}")
    } else {
        let kinds: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
            .into_iter()
            .map(|severity| (severity, report.count(severity)))
            .filter(|(_, number)| *number > 0)
            .map(|(severity, number)| count(number, severity.as_str()))
            .collect();
        let problems = count(report.findings.len(), "problem");
        format!("{problems} ({}) in {files}", kinds.join(", "))
    };
    if let Some(fixable) = fixable(outcome) {
        text.push_str(&format!("; {fixable}"));
    }
    let revision = report.set_aside.iter().find_map(|(_, by)| by.older_than());
    let older = format!("older than `{}`", words(revision.unwrap_or_default()));
    for (number, how) in [
        (report.suppressed(), "suppressed"),
        (report.baselined(), "in the baseline"),
        (report.older(), &older),
    ] {
        if number > 0 {
            text.push_str(&format!("; {number} {how}"));
        }
    }
    let unread = report.unread();
    let files: BTreeSet<&str> = unread.iter().map(|at| at.path.as_str()).collect();
    if !files.is_empty() {
        text.push_str(&format!("; {} not wholly read", count(files.len(), "file")));
    }
    let values = report.not_analysed.len().saturating_sub(unread.len());
    if values > 0 {
        text.push_str(&format!("; {} could not be decided", count(values, "value")));
    }
    if !report.not_analysed.is_empty() && !listed {
        text.push_str(" (`--show-undecided`)");
    }
    text
}

/// A number with what is counted: "1 file", "2 files".
#[must_use]
pub fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

/// Words on one line, not longer than anyone reads.
pub(super) fn words(text: &str) -> String {
    match text.char_indices().nth(WORDS) {
        Some((at, _)) => escape::one_line(Span::of(0, at).of_text(text)).into_owned() + "…",
        None => escape::one_line(text).into_owned(),
    }
}

/// Prints findings.
struct Printer<'a> {
    sources: &'a Sources,
    redactor: &'a Redactor,
    config: term::Config,
}

impl Printer<'_> {
    fn finding(&self, finding: &Diagnostic) -> io::Result<Vec<u8>> {
        let labels: Vec<&Label> = std::iter::once(&finding.primary).chain(&finding.related).collect();
        let mut excerpts = Vec::new();
        let mut shown = Vec::new();
        for (id, labels) in by_file(labels.iter().take(PLACES)) {
            self.file(id, &labels, &finding.primary, &mut excerpts, &mut shown);
        }
        let mut notes: Vec<String> = finding
            .notes
            .iter()
            .map(|note| escape::lines(note).into_owned())
            .collect();
        notes.extend(finding.fix.as_ref().map(help));
        if labels.len() > PLACES {
            notes.push(format!(
                "and {} in the JSON output",
                count(labels.len() - PLACES, "more place")
            ));
        }
        let diagnostic = printed::Diagnostic::new(severity(finding.severity))
            .with_code(finding.rule)
            .with_message(words(&finding.message))
            .with_labels(shown)
            .with_notes(notes);
        let mut buffer = Vec::new();
        term::emit_to_write_style(&mut Styled(&mut buffer), &self.config, &Excerpts(excerpts), &diagnostic)
            .map_err(io::Error::other)?;
        Ok(buffer)
    }

    /// Adds the labels that stand in one file.
    fn file(
        &self,
        id: FileId,
        labels: &[&Label],
        primary: &Label,
        excerpts: &mut Vec<Excerpt>,
        shown: &mut Vec<printed::Label<usize>>,
    ) {
        let Some(file) = self.sources.get(id) else {
            return;
        };
        let spans: Vec<Span> = labels.iter().map(|label| label.at.span).collect();
        let (excerpt, places) = Excerpt::new((id, file), &spans, self.redactor);
        for (label, Shown { range, until }) in labels.iter().zip(places) {
            let style = if std::ptr::eq(*label, primary) {
                printed::LabelStyle::Primary
            } else {
                printed::LabelStyle::Secondary
            };
            let message = match until {
                Some(line) => format!("{} (up to line {line})", words(&label.message)),
                None => words(&label.message),
            };
            shown.push(printed::Label::new(style, excerpts.len(), range).with_message(message.trim_start()));
        }
        excerpts.push(excerpt);
    }
}

/// Labels by their file, the files in the order in which they come up.
pub(super) fn by_file<'a>(labels: impl Iterator<Item = &'a &'a Label>) -> Vec<(FileId, Vec<&'a Label>)> {
    let mut files: Vec<(FileId, Vec<&Label>)> = Vec::new();
    for label in labels {
        match files.iter_mut().find(|(id, _)| *id == label.at.file) {
            Some((_, labels)) => labels.push(label),
            None => files.push((label.at.file, vec![label])),
        }
    }
    files
}

/// What a fix does, and how to have it done.
fn help(fix: &Fix) -> String {
    let how = match fix.applicability {
        Applicability::Safe => "--fix",
        Applicability::Unsafe => "--fix --unsafe-fixes",
    };
    format!("fix: {} (apply with `{how}`)", words(&fix.title))
}

/// How many findings have a fix; nothing when none has.
fn fixable(outcome: &Outcome) -> Option<String> {
    let of = |applicability| {
        let fixes = outcome.findings.iter().filter_map(|finding| finding.fix.as_ref());
        fixes.filter(|fix| fix.applicability == applicability).count()
    };
    match (of(Applicability::Safe), of(Applicability::Unsafe)) {
        (0, 0) => None,
        (safe, 0) => Some(format!("{safe} fixable with `--fix`")),
        (0, more) => Some(format!("{more} fixable with `--fix --unsafe-fixes`")),
        (safe, more) => Some(format!(
            "{safe} fixable with `--fix` ({more} more with `--unsafe-fixes`)"
        )),
    }
}

fn severity(severity: Severity) -> printed::Severity {
    match severity {
        Severity::Note => printed::Severity::Note,
        Severity::Warning => printed::Severity::Warning,
        Severity::Error => printed::Severity::Error,
    }
}

#[cfg(test)]
mod tests;
