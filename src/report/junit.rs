//! The format of JUnit, which Jenkins, GitLab and Azure Pipelines show as results of tests.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::human::{count, summary};
use super::model::{Located, Question, Report, Told};
use super::sink::{Grammar, Sink};
use crate::diagnostic::Severity;

/// The findings of one rule in one file: a test that failed, or one that passed with notes.
struct Case<'r, 'o> {
    found: Vec<&'r Told<'o>>,
    worst: &'r Told<'o>,
}

impl Case<'_, '_> {
    fn fails(&self) -> bool {
        self.worst.finding.severity > Severity::Note
    }
}

/// Writes one suite: a test for each rule that found something in a file, a skipped one for each file in which something
/// could not be decided, and one that passed if nothing was found, so that no run is without a test.
///
/// Elements are those of the schema of Jenkins (`junit-10.xsd` of its xUnit plugin); `file` and `line` of a test are not
/// in it, and are what GitLab and Jenkins link by.
///
/// # Errors
/// When `out` cannot be written.
pub(super) fn junit(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut sink = Sink::new(out);
    let cases = cases(report);
    let open = questions(report);
    let failures = cases.values().filter(|case| case.fails()).count();
    let passed = usize::from(report.findings.is_empty());
    sink.ours("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite name=\"kustolint\"")?;
    for (name, number) in [
        (" tests=\"", cases.len() + open.len() + passed),
        (" failures=\"", failures),
        (" errors=\"", 0),
        (" skipped=\"", open.len()),
    ] {
        sink.ours(name)?;
        sink.number(number)?;
        sink.ours("\"")?;
    }
    sink.ours(" time=\"0\">\n")?;
    properties(&mut sink, report)?;
    if report.findings.is_empty() {
        head(&mut sink, "check", &summary(report, true))?;
        sink.ours("/>\n")?;
    }
    for case in cases.values() {
        test(&mut sink, case)?;
    }
    for (path, open) in &open {
        skipped(&mut sink, path, open)?;
    }
    sink.ours("</testsuite>\n</testsuites>\n")
}

/// The findings by file and rule.
fn cases<'r, 'o>(report: &'r Report<'o>) -> BTreeMap<(&'r str, &'static str), Case<'r, 'o>> {
    let mut cases: BTreeMap<(&str, &'static str), Case<'_, '_>> = BTreeMap::new();
    for told in &report.findings {
        let key = (told.at.rooted.as_str(), told.finding.rule);
        let case = cases.entry(key).or_insert_with(|| Case {
            found: Vec::new(),
            worst: told,
        });
        if told.finding.severity > case.worst.finding.severity {
            case.worst = told;
        }
        case.found.push(told);
    }
    cases
}

/// What could not be decided, by file.
fn questions<'r, 'o>(report: &'r Report<'o>) -> BTreeMap<&'r str, Vec<&'r Question<'o>>> {
    let mut open: BTreeMap<&str, Vec<&Question<'_>>> = BTreeMap::new();
    for question in &report.not_analysed {
        open.entry(&question.at.rooted).or_default().push(question);
    }
    open
}

fn properties(sink: &mut Sink<'_>, report: &Report<'_>) -> io::Result<()> {
    sink.ours("<properties>\n<property name=\"version\" value=\"")?;
    sink.ours(env!("CARGO_PKG_VERSION"))?;
    sink.ours("\"/>\n")?;
    for (name, number) in [
        ("files", report.outcome.files),
        ("errors", report.count(Severity::Error)),
        ("warnings", report.count(Severity::Warning)),
        ("notes", report.count(Severity::Note)),
        ("suppressed", report.suppressed()),
        ("baselined", report.baselined()),
        ("older", report.older()),
        ("not_analysed", report.not_analysed.len()),
    ] {
        sink.ours("<property name=\"")?;
        sink.ours(name)?;
        sink.ours("\" value=\"")?;
        sink.number(number)?;
        sink.ours("\"/>\n")?;
    }
    sink.ours("</properties>\n")
}

/// The start of a test, without the end of its tag. Some readers show the name alone, so it says it all.
fn head(sink: &mut Sink<'_>, class: &'static str, of: &str) -> io::Result<()> {
    sink.ours("<testcase classname=\"kustolint.")?;
    sink.ours(class)?;
    sink.ours("\" name=\"")?;
    sink.ours(class)?;
    sink.ours(": ")?;
    sink.text(Grammar::Markup, of)?;
    sink.ours("\" time=\"0\"")
}

fn place(sink: &mut Sink<'_>, at: &Located) -> io::Result<()> {
    sink.ours(" file=\"")?;
    sink.text(Grammar::Markup, &at.rooted)?;
    sink.ours("\" line=\"")?;
    sink.number(at.start.line as usize)?;
    sink.ours("\">\n")
}

fn test(sink: &mut Sink<'_>, case: &Case<'_, '_>) -> io::Result<()> {
    let (at, worst) = (&case.worst.at, case.worst.finding);
    head(sink, worst.rule, &at.rooted)?;
    place(sink, at)?;
    if !case.fails() {
        sink.ours("<system-out>")?;
        findings(sink, case)?;
        return sink.ours("</system-out>\n</testcase>\n");
    }
    sink.ours("<failure type=\"")?;
    sink.ours(worst.severity.as_str())?;
    sink.ours("\" message=\"")?;
    sink.text(Grammar::Markup, &worst.message)?;
    if case.found.len() > 1 {
        sink.ours(" (and ")?;
        sink.number(case.found.len() - 1)?;
        sink.ours(" more)")?;
    }
    sink.ours("\">")?;
    findings(sink, case)?;
    sink.ours("</failure>\n</testcase>\n")
}

/// A paragraph for each finding: its line, the words at its place, its notes.
fn findings(sink: &mut Sink<'_>, case: &Case<'_, '_>) -> io::Result<()> {
    for told in &case.found {
        let finding = told.finding;
        line(sink, &told.at, finding.severity.as_str(), &finding.message)?;
        let here = std::iter::once(finding.primary.message.as_str()).filter(|words| !words.is_empty());
        for words in here.chain(finding.notes.iter().flat_map(|note| note.lines())) {
            sink.ours("    ")?;
            sink.text(Grammar::Markup, words)?;
            sink.ours("\n")?;
        }
    }
    Ok(())
}

fn skipped(sink: &mut Sink<'_>, path: &str, open: &[&Question<'_>]) -> io::Result<()> {
    let Some(first) = open.first() else {
        return Ok(());
    };
    head(sink, "not-analysed", path)?;
    place(sink, &first.at)?;
    sink.ours("<skipped message=\"")?;
    sink.text(Grammar::Markup, &count(open.len(), "value"))?;
    sink.ours(" could not be decided\">")?;
    for question in open {
        line(sink, &question.at, "not decided", question.reason)?;
    }
    sink.ours("</skipped>\n</testcase>\n")
}

/// `path:line:column: kind: words`.
fn line(sink: &mut Sink<'_>, at: &Located, kind: &'static str, words: &str) -> io::Result<()> {
    sink.text(Grammar::Markup, &at.rooted)?;
    for number in [at.start.line, at.start.column] {
        sink.ours(":")?;
        sink.number(number as usize)?;
    }
    sink.ours(": ")?;
    sink.ours(kind)?;
    sink.ours(": ")?;
    sink.text(Grammar::Markup, words)?;
    sink.ours("\n")
}
