//! The lines that a finding speaks of, with marks on the characters and what is said of them below.

use std::io;
use std::ops::Range;

use super::{finding, text};
use crate::diagnostic::Label;
use crate::engine::Outcome;
use crate::report::excerpt::{Excerpt, Shown};
use crate::report::sink::Sink;
use crate::text::{FileId, Span};

/// A label on the lines of an excerpt.
struct Mark<'l> {
    label: &'l Label,
    shown: Shown,
    primary: bool,
}

/// Writes the lines of one file that labels stand on.
pub(super) fn lines(
    sink: &mut Sink<'_>,
    id: FileId,
    labels: &[&Label],
    primary: &Label,
    outcome: &Outcome,
) -> io::Result<()> {
    let Some(file) = outcome.sources.get(id) else {
        return Ok(());
    };
    let spans: Vec<Span> = labels.iter().map(|label| label.at.span).collect();
    let (excerpt, places) = Excerpt::new((id, file), &spans, &outcome.redactor);
    let marks: Vec<Mark<'_>> = labels
        .iter()
        .zip(places)
        .map(|(label, shown)| Mark {
            label,
            shown,
            primary: std::ptr::eq(*label, primary),
        })
        .collect();
    sink.ours("<figure><figcaption>")?;
    text(sink, excerpt.name())?;
    sink.ours("</figcaption>\n<div class=\"code\" tabindex=\"0\">\n")?;
    let mut next = None;
    for (number, line) in excerpt.lines() {
        if next.is_some_and(|next| next != number) {
            sink.ours("<div class=\"gap\">⋮</div>\n")?;
        }
        next = Some(number + 1);
        sink.ours("<div class=\"line\"><span class=\"nr\">")?;
        sink.number(number)?;
        sink.ours("</span><code>")?;
        let mut here: Vec<&Mark<'_>> = marks.iter().filter(|mark| mark.stands_on(&line)).collect();
        here.sort_by_key(|mark| !mark.primary);
        marked(sink, excerpt.text(), &line, &here)?;
        sink.ours("</code></div>\n")?;
        for mark in here {
            said(sink, mark)?;
        }
    }
    sink.ours("</div></figure>\n")
}

impl Mark<'_> {
    fn stands_on(&self, line: &Range<usize>) -> bool {
        line.contains(&self.shown.range.start) || line.end == self.shown.range.start
    }
}

/// Writes a line, cut where marks start and end. The mark of the place to change covers the others.
fn marked(sink: &mut Sink<'_>, whole: &str, line: &Range<usize>, marks: &[&Mark<'_>]) -> io::Result<()> {
    let mut cuts = vec![line.start, line.end];
    for mark in marks {
        cuts.extend([mark.shown.range.start, mark.shown.range.end.min(line.end)]);
    }
    cuts.sort_unstable();
    cuts.dedup();
    for (index, from) in cuts.iter().enumerate() {
        if let Some(mark) = marks.iter().find(|mark| mark.shown.range == (*from..*from)) {
            sink.ours(if mark.primary {
                "<mark class=\"point here\">"
            } else {
                "<mark class=\"point\">"
            })?;
            sink.ours("</mark>")?;
        }
        let Some(to) = cuts.get(index + 1) else {
            break;
        };
        let covering = |mark: &&&Mark<'_>| mark.shown.range.start <= *from && *to <= mark.shown.range.end;
        let primary = marks.iter().filter(covering).map(|mark| mark.primary).max();
        sink.ours(match primary {
            Some(true) => "<mark class=\"here\">",
            Some(false) => "<mark>",
            None => "",
        })?;
        text(sink, whole.get(*from..*to).unwrap_or_default())?;
        sink.ours(if primary.is_some() { "</mark>" } else { "" })?;
    }
    Ok(())
}

/// Writes what is said of a place.
fn said(sink: &mut Sink<'_>, mark: &Mark<'_>) -> io::Result<()> {
    if mark.label.message.is_empty() && mark.shown.until.is_none() {
        return Ok(());
    }
    sink.ours(if mark.primary {
        "<div class=\"said here\">"
    } else {
        "<div class=\"said\">"
    })?;
    finding::words(sink, &mark.label.message)?;
    if let Some(line) = mark.shown.until {
        sink.ours(" (up to line ")?;
        sink.number(line)?;
        sink.ours(")")?;
    }
    sink.ours("</div>\n")
}
