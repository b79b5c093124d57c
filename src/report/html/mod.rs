//! The format for people with a browser: one file that loads nothing, with filters where scripts may run.
//!
//! Its policy allows the one style and the one script that are compiled in, by their hashes, and nothing else. All else
//! in the page is text: there is no element, attribute or address that an input makes.

mod code;
mod finding;

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::human::{count, summary};
use super::map;
use super::model::{Located, Report, Told};
use super::sink::{Grammar, Sink};
use crate::diagnostic::{SetAsideBy, Severity};
use crate::rules;

/// What the page is drawn by, what filters it, and the SHA-256 of each in base64: made by `build.rs`.
mod made {
    include!(concat!(env!("OUT_DIR"), "/page.rs"));
}

/// Findings that one page shows; a browser takes long over more.
const FINDINGS: usize = 2000;
/// Rows of the tables of what was set aside and of what could not be decided.
const ROWS: usize = 2000;

/// Writes the page.
///
/// # Errors
/// When `out` cannot be written.
pub(super) fn html(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut sink = Sink::new(out);
    head(&mut sink, report)?;
    sink.ours(
        "<body>\n<header>\n<p class=\"mark\">kustolint</p>\n<label id=\"themes\" hidden>Theme <select id=\"theme\">\
         <option value=\"\">Like the system</option><option value=\"light\">Light</option>\
         <option value=\"dark\">Dark</option></select></label>\n<h1>",
    )?;
    text(&mut sink, &headline(report))?;
    sink.ours("</h1>\n")?;
    counts(&mut sink, report)?;
    sink.ours("</header>\n")?;
    let all = report.worst_first();
    let (shown, others) = all.split_at_checked(FINDINGS).unwrap_or((&all, &[]));
    if !shown.is_empty() {
        filters(&mut sink, shown)?;
    }
    sink.ours("<main>\n")?;
    if shown.is_empty() {
        sink.ours("<p class=\"none\">Nothing was found")?;
        sink.ours(match report.not_analysed.as_slice() {
            [] => ".</p>\n",
            _ => " in what could be decided.</p>\n",
        })?;
    }
    for told in shown {
        finding::finding(&mut sink, told, report.outcome)?;
    }
    if !others.is_empty() {
        sink.ours("<p class=\"more\">…and ")?;
        text(&mut sink, &count(others.len(), "more problem"))?;
        sink.ours(" that this page leaves out; the JSON output has all of them.</p>\n")?;
    }
    sink.ours("<p class=\"none\" id=\"no-match\" hidden>No finding matches the filters.</p>\n</main>\n")?;
    by_rule(&mut sink, report)?;
    not_analysed(&mut sink, report)?;
    set_aside(&mut sink, report)?;
    if let Some(map) = report.outcome.map.as_deref().filter(|map| !map.identities.is_empty()) {
        section(
            &mut sink,
            "Access map: what the files let each identity do and reach",
            map.identities.len(),
        )?;
        sink.ours("<div class=\"map\" tabindex=\"0\">\n")?;
        map::inline(map, report.outcome.files, out)?;
        sink = Sink::new(out);
        sink.ours("</div>\n<p>✓ given and needed, · given and not needed by the files, ✗ missing, ! wrong, ? not known</p>\n</details>\n")?;
    }
    sink.ours("<footer>kustolint ")?;
    sink.ours(env!("CARGO_PKG_VERSION"))?;
    sink.ours(". This page loads nothing and sends nothing.</footer>\n<script>")?;
    sink.ours(made::SCRIPT)?;
    sink.ours("</script>\n</body>\n</html>\n")
}

fn head(sink: &mut Sink<'_>, report: &Report<'_>) -> io::Result<()> {
    sink.ours(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-",
    )?;
    sink.ours(made::STYLE_HASH)?;
    sink.ours("'; script-src 'sha256-")?;
    sink.ours(made::SCRIPT_HASH)?;
    sink.ours(
        "'; base-uri 'none'; form-action 'none'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>kustolint: ",
    )?;
    text(sink, &headline(report))?;
    sink.ours("</title>\n<style>")?;
    sink.ours(made::STYLE)?;
    sink.ours("</style>\n</head>\n")
}

/// What was found, in one line: "3 problems in 41 files".
fn headline(report: &Report<'_>) -> String {
    match report.findings.len() {
        0 => summary(report, true).split(';').next().unwrap_or_default().to_owned(),
        number => format!(
            "{} in {}",
            count(number, "problem"),
            count(report.outcome.files, "file")
        ),
    }
}

fn counts(sink: &mut Sink<'_>, report: &Report<'_>) -> io::Result<()> {
    sink.ours("<dl class=\"counts\">\n")?;
    for (class, name, number) in [
        ("error", "Errors", report.count(Severity::Error)),
        ("warning", "Warnings", report.count(Severity::Warning)),
        ("note", "Notes", report.count(Severity::Note)),
        ("quiet", "Not decided", report.not_analysed.len()),
        ("quiet", "Suppressed", report.suppressed()),
        ("quiet", "In the baseline", report.baselined()),
        ("quiet", "Older", report.older()),
    ] {
        // What need not be asked for is shown if there is some.
        if number == 0 && class == "quiet" {
            continue;
        }
        sink.ours("<div class=\"")?;
        sink.ours(class)?;
        sink.ours(if number == 0 { " zero\"><dt>" } else { "\"><dt>" })?;
        sink.ours(name)?;
        sink.ours("</dt><dd>")?;
        sink.number(number)?;
        sink.ours("</dd></div>\n")?;
    }
    sink.ours("</dl>\n")
}

/// What the script needs to filter by: hidden until it runs.
fn filters(sink: &mut Sink<'_>, shown: &[&Told<'_>]) -> io::Result<()> {
    sink.ours(
        "<form id=\"filters\" role=\"search\" aria-label=\"Filter the findings\" hidden>\n\
         <label class=\"find\"><span>Search</span><input id=\"find\" type=\"search\" autocomplete=\"off\" \
         spellcheck=\"false\" placeholder=\"Text of findings, press /\"></label>\n\
         <fieldset><legend>Severity</legend>\n",
    )?;
    for (value, name) in [("error", "Errors"), ("warning", "Warnings"), ("note", "Notes")] {
        if shown.iter().all(|told| told.finding.severity.as_str() != value) {
            continue;
        }
        sink.ours("<label class=\"")?;
        sink.ours(value)?;
        sink.ours("\"><input type=\"checkbox\" name=\"severity\" value=\"")?;
        sink.ours(value)?;
        sink.ours("\" checked> ")?;
        sink.ours(name)?;
        sink.ours("</label>\n")?;
    }
    sink.ours("</fieldset>\n")?;
    let rules = shown.iter().map(|told| told.finding.rule);
    choice(
        sink,
        "<label><span>Rule</span><select id=\"rule\"><option value=\"\">All rules</option>\n",
        rules,
    )?;
    let files = shown.iter().map(|told| told.at.path.as_str());
    choice(
        sink,
        "<label><span>File</span><select id=\"file\"><option value=\"\">All files</option>\n",
        files,
    )?;
    sink.ours("<button type=\"reset\">Reset</button>\n<output id=\"shown\" aria-live=\"polite\"></output>\n</form>\n")
}

/// A list to choose a value from, each with how often it comes up.
fn choice<'v>(sink: &mut Sink<'_>, start: &'static str, values: impl Iterator<Item = &'v str>) -> io::Result<()> {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    for value in values {
        *numbers.entry(value).or_default() += 1;
    }
    sink.ours(start)?;
    for (value, number) in numbers {
        sink.ours("<option value=\"")?;
        text(sink, value)?;
        sink.ours("\">")?;
        text(sink, value)?;
        sink.ours(" (")?;
        sink.number(number)?;
        sink.ours(")</option>\n")?;
    }
    sink.ours("</select></label>\n")
}

/// The rules that found something, the most frequent first, each with what it looks for.
fn by_rule(sink: &mut Sink<'_>, report: &Report<'_>) -> io::Result<()> {
    let mut numbers: BTreeMap<&'static str, usize> = BTreeMap::new();
    for told in &report.findings {
        *numbers.entry(told.finding.rule).or_default() += 1;
    }
    if numbers.is_empty() {
        return Ok(());
    }
    let mut numbers: Vec<(&'static str, usize)> = numbers.into_iter().collect();
    numbers.sort_by_key(|(rule, number)| (std::cmp::Reverse(*number), *rule));
    section(sink, "Rules that found something", numbers.len())?;
    sink.ours(
        "<table><thead><tr><th>Rule</th><th class=\"number\">Found</th><th>What it finds</th></tr></thead><tbody>\n",
    )?;
    for (rule, number) in numbers {
        sink.ours("<tr><td><code>")?;
        sink.ours(rule)?;
        sink.ours("</code></td><td class=\"number\">")?;
        sink.number(number)?;
        sink.ours("</td><td>")?;
        finding::words(sink, &about(rule))?;
        sink.ours("</td></tr>\n")?;
    }
    sink.ours("</tbody></table>\n<p><code>kustolint explain RULE</code> tells why, and what to write instead.</p>\n</details>\n")
}

/// What a rule looks for, as its page says.
fn about(rule: &str) -> String {
    let page = rules::ALL
        .iter()
        .find(|known| known.name == rule)
        .map(|known| known.page);
    let meta = page.and_then(|page| rules::meta::meta(page).ok());
    meta.map(|meta| meta.summary).unwrap_or_default()
}

fn not_analysed(sink: &mut Sink<'_>, report: &Report<'_>) -> io::Result<()> {
    let all = report.not_analysed.as_slice();
    if all.is_empty() {
        return Ok(());
    }
    section(sink, "Not decided: values that the files do not tell", all.len())?;
    sink.ours("<table><thead><tr><th>Place</th><th>Why</th></tr></thead><tbody>\n")?;
    for question in all.iter().take(ROWS) {
        sink.ours("<tr><td>")?;
        place(sink, &question.at)?;
        sink.ours("</td><td>")?;
        finding::words(sink, question.reason)?;
        sink.ours("</td></tr>\n")?;
    }
    rest(sink, all.len())
}

fn set_aside(sink: &mut Sink<'_>, report: &Report<'_>) -> io::Result<()> {
    let all = report.set_aside.as_slice();
    if all.is_empty() {
        return Ok(());
    }
    section(sink, "Set aside: findings that do not count", all.len())?;
    sink.ours(
        "<table><thead><tr><th>Place</th><th>Rule</th><th>What</th><th>By</th><th>Reason</th></tr></thead><tbody>\n",
    )?;
    for (told, by) in all.iter().take(ROWS) {
        sink.ours("<tr><td>")?;
        place(sink, &told.at)?;
        sink.ours("</td><td><code>")?;
        sink.ours(told.finding.rule)?;
        sink.ours("</code></td><td>")?;
        finding::words(sink, &told.finding.message)?;
        sink.ours("</td><td>")?;
        sink.ours(match by {
            SetAsideBy::Source { .. } => "the file",
            SetAsideBy::Configuration { .. } => "the configuration",
            SetAsideBy::Baseline => "the baseline",
            SetAsideBy::Older { .. } => "an older commit",
        })?;
        sink.ours("</td><td>")?;
        text(sink, &by.in_words())?;
        sink.ours("</td></tr>\n")?;
    }
    rest(sink, all.len())
}

/// The start of a section that is closed at first.
fn section(sink: &mut Sink<'_>, title: &'static str, number: usize) -> io::Result<()> {
    sink.ours("<details>\n<summary>")?;
    sink.ours(title)?;
    sink.ours(" <span class=\"number\">")?;
    sink.number(number)?;
    sink.ours("</span></summary>\n")
}

/// The end of a section with a table of so many rows at most.
fn rest(sink: &mut Sink<'_>, all: usize) -> io::Result<()> {
    sink.ours("</tbody></table>\n")?;
    if all > ROWS {
        sink.ours("<p class=\"more\">…and ")?;
        sink.number(all - ROWS)?;
        sink.ours(" more in the JSON output.</p>\n")?;
    }
    sink.ours("</details>\n")
}

/// `path:line:column`.
fn place(sink: &mut Sink<'_>, at: &Located) -> io::Result<()> {
    sink.ours("<span class=\"place\">")?;
    text(sink, &at.path)?;
    for number in [at.start.line, at.start.column] {
        sink.ours(":")?;
        sink.number(number as usize)?;
    }
    sink.ours("</span>")
}

fn text(sink: &mut Sink<'_>, text: &str) -> io::Result<()> {
    sink.text(Grammar::Markup, text)
}
