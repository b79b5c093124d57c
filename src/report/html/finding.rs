//! One finding of the page: its title, its place, the lines it speaks of, what to do.

use std::io;

use super::{code, place, text};
use crate::diagnostic::{Applicability, Edit, Fix, Label};
use crate::engine::Outcome;
use crate::report::human::{PLACES, by_file, count};
use crate::report::model::{Located, Told};
use crate::report::sink::Sink;

/// Characters of a text of a finding that are shown.
const LONGEST: usize = 4000;

/// Writes a finding.
pub(super) fn finding(sink: &mut Sink<'_>, told: &Told<'_>, outcome: &Outcome) -> io::Result<()> {
    let finding = told.finding;
    let severity = finding.severity.as_str();
    sink.ours("<article tabindex=\"-1\" class=\"")?;
    sink.ours(severity)?;
    sink.ours("\" id=\"f-")?;
    text(sink, &told.fingerprint)?;
    sink.ours("\" data-severity=\"")?;
    sink.ours(severity)?;
    sink.ours("\" data-rule=\"")?;
    sink.ours(finding.rule)?;
    sink.ours("\" data-file=\"")?;
    text(sink, &told.at.path)?;
    sink.ours("\">\n<h2><span class=\"severity\">")?;
    sink.ours(severity)?;
    sink.ours("</span> ")?;
    words(sink, &finding.message)?;
    sink.ours("</h2>\n<p class=\"at\">")?;
    place(sink, &told.at)?;
    sink.ours(" <a class=\"rule\" href=\"#f-")?;
    text(sink, &told.fingerprint)?;
    sink.ours("\" title=\"Link to this finding\">")?;
    sink.ours(finding.rule)?;
    sink.ours("</a></p>\n")?;
    held(sink, &finding.place)?;
    let labels: Vec<&Label> = std::iter::once(&finding.primary).chain(&finding.related).collect();
    for (file, labels) in by_file(labels.iter().take(PLACES)) {
        code::lines(sink, file, &labels, &finding.primary, outcome)?;
    }
    if labels.len() > PLACES {
        sink.ours("<p class=\"more\">…and ")?;
        text(sink, &count(labels.len() - PLACES, "more place"))?;
        sink.ours(" in the JSON output.</p>\n")?;
    }
    notes(sink, &finding.notes)?;
    if let Some(fix) = &finding.fix {
        mend(sink, fix, outcome)?;
    }
    sink.ours("</article>\n")
}

/// What holds the place: the resource, the command.
fn held(sink: &mut Sink<'_>, names: &[String]) -> io::Result<()> {
    if names.is_empty() {
        return Ok(());
    }
    sink.ours("<p class=\"held\">in ")?;
    for (index, name) in names.iter().enumerate() {
        sink.ours(if index == 0 { "<code>" } else { " › <code>" })?;
        text(sink, cut(name))?;
        sink.ours("</code>")?;
    }
    sink.ours("</p>\n")
}

fn notes(sink: &mut Sink<'_>, notes: &[String]) -> io::Result<()> {
    if notes.is_empty() {
        return Ok(());
    }
    sink.ours("<ul class=\"notes\">\n")?;
    for note in notes {
        sink.ours("<li>")?;
        match command(note) {
            Some((what, command)) => {
                words(sink, what)?;
                sink.ours(": <code class=\"run\">")?;
                lines(sink, command, text)?;
                sink.ours("</code>")?;
            }
            None => lines(sink, note, words)?,
        }
        sink.ours("</li>\n")?;
    }
    sink.ours("</ul>\n")
}

/// A note that gives a command to run: what is said before it, and the command, which is shown to be copied.
fn command(note: &str) -> Option<(&str, &str)> {
    let (what, command) = note.split_once(": ")?;
    (what.starts_with("run") && command.starts_with('.')).then_some((what, command))
}

/// What the fix of a finding does, how to have it done, and what it writes where.
fn mend(sink: &mut Sink<'_>, fix: &Fix, outcome: &Outcome) -> io::Result<()> {
    sink.ours("<div class=\"fix\"><p><strong>Fix</strong> ")?;
    words(sink, &fix.title)?;
    sink.ours(match fix.applicability {
        Applicability::Safe => ". The meaning stays: <code>kustolint check --fix</code></p>\n",
        Applicability::Unsafe => ". To be looked at: <code>kustolint check --fix --unsafe-fixes</code></p>\n",
    })?;
    sink.ours("<details><summary>What it writes</summary>\n<ul>\n")?;
    for edit in &fix.edits {
        written(sink, edit, outcome)?;
    }
    sink.ours("</ul>\n</details></div>\n")
}

fn written(sink: &mut Sink<'_>, edit: &Edit, outcome: &Outcome) -> io::Result<()> {
    sink.ours("<li>")?;
    place(sink, &Located::new(edit.at, outcome))?;
    sink.ours(match (edit.at.span.is_empty(), edit.text.is_empty()) {
        (true, _) => " add",
        (false, true) => " take out what stands there",
        (false, false) => " write instead",
    })?;
    if !edit.text.is_empty() {
        // The line feed after the tag is none of the text.
        sink.ours("<pre>\n")?;
        lines(sink, &edit.text, text)?;
        sink.ours("</pre>")?;
    }
    sink.ours("</li>\n")
}

/// Writes each line by itself, so that its line break stays one.
fn lines(sink: &mut Sink<'_>, whole: &str, write: impl Fn(&mut Sink<'_>, &str) -> io::Result<()>) -> io::Result<()> {
    for (index, line) in cut(whole).split('\n').enumerate() {
        if index > 0 {
            sink.ours("\n")?;
        }
        write(sink, line.trim_end_matches('\r'))?;
    }
    Ok(())
}

/// Writes a text of one line; what stands between two backticks is code. Several in a row are quotes of KQL.
pub(super) fn words(sink: &mut Sink<'_>, line: &str) -> io::Result<()> {
    let mut rest = cut(line);
    while let Some((before, (code, after))) =
        at_backtick(rest).and_then(|(before, after)| Some((before, at_backtick(after)?)))
    {
        text(sink, before)?;
        sink.ours("<code>")?;
        text(sink, code)?;
        sink.ours("</code>")?;
        rest = after;
    }
    text(sink, rest)
}

/// The text before and after the first backtick that stands alone.
fn at_backtick(line: &str) -> Option<(&str, &str)> {
    let parts = line.match_indices('`').filter_map(|(at, _)| line.split_at_checked(at));
    let mut parts = parts.filter_map(|(before, after)| Some((before, after.strip_prefix('`')?)));
    parts.find(|(before, after)| !before.ends_with('`') && !after.starts_with('`'))
}

/// The start of a text that is longer than anyone reads.
fn cut(whole: &str) -> &str {
    let end = whole.char_indices().nth(LONGEST).map_or(whole.len(), |(at, _)| at);
    whole.get(..end).unwrap_or(whole)
}
