//! Whether files are better after fixes than before.

use std::collections::BTreeMap;

use super::splice::broken_as_in;
use crate::diagnostic::{Diagnostic, Edit, Severity};
use crate::engine::Outcome;
use crate::rules;
use crate::text::{FileId, FileSpan, SourceFile, Sources, Span, offset};

/// Where places lie after edits.
pub(super) struct Moved {
    /// For each file, the edits in order.
    edits: BTreeMap<FileId, Vec<Step>>,
}

/// One edit.
struct Step {
    gone: Span,
    /// How long what comes is.
    length: u32,
    /// By how much the text has grown before it.
    before: i64,
}

impl Step {
    /// By how much the text has grown after it.
    fn after(&self) -> i64 {
        self.before + i64::from(self.length) - i64::from(self.gone.len())
    }
}

impl Moved {
    /// By these edits, which don't overlap.
    pub(super) fn by(edits: &[Edit], sources: &Sources) -> Self {
        let mut sorted: Vec<&Edit> = edits.iter().collect();
        sorted.sort();
        let mut made: BTreeMap<FileId, Vec<Step>> = BTreeMap::new();
        for edit in sorted {
            let file = sources.get(edit.at.file).map_or("", SourceFile::text);
            let steps = made.entry(edit.at.file).or_default();
            steps.push(Step {
                gone: edit.at.span,
                length: offset(broken_as_in(&edit.text, file).len()),
                before: steps.last().map_or(0, Step::after),
            });
        }
        Self { edits: made }
    }

    /// Where a place lies afterwards; with what was added at either end of it.
    fn place(&self, at: FileSpan) -> FileSpan {
        let steps = self.edits.get(&at.file).map_or(&[][..], Vec::as_slice);
        let number = |at: i64| u32::try_from(at).unwrap_or_default();
        let before = steps.partition_point(|step| step.gone.start < at.span.start);
        let start = match before.checked_sub(1).and_then(|last| steps.get(last)) {
            None => at.span.start,
            Some(step) if step.gone.end <= at.span.start => number(i64::from(at.span.start) + step.after()),
            Some(step) => number(i64::from(step.gone.start) + step.before),
        };
        let before = steps.partition_point(|step| step.gone.end <= at.span.end);
        let grown = before
            .checked_sub(1)
            .and_then(|last| steps.get(last))
            .map_or(0, Step::after);
        let end = match steps.get(before).filter(|step| step.gone.start < at.span.end) {
            None => number(i64::from(at.span.end) + grown),
            Some(step) => number(i64::from(step.gone.start) + step.before + i64::from(step.length)),
        };
        FileSpan::new(at.file, Span::new(start, end))
    }
}

/// Whether all that was to be mended is, and nothing is worse: each file can be read as well as before, and there is no
/// error that was not there. Both outcomes are of the same files, so that their numbers are the same.
pub(super) fn is_better(before: &Outcome, after: &Outcome, fixed: &[&Diagnostic], moved: &Moved) -> bool {
    let index = ByRule::of(after);
    let is_mended = |finding: &&Diagnostic| !index.has(finding.rule, moved.place(finding.primary.at), |_| true);
    let known = ByRule::moved(before, moved);
    let was_there = |finding: &Diagnostic| {
        known.has(finding.rule, finding.primary.at, |severity| {
            severity >= finding.severity
        })
    };
    let is_bad = |finding: &&Diagnostic| finding.severity == Severity::Error || is_input(finding.rule);
    fixed.iter().all(is_mended) && after.findings.iter().filter(is_bad).all(was_there)
}

/// Whether a rule is on files that can't be read, or not wholly.
fn is_input(rule: &str) -> bool {
    [
        rules::input::LIMIT_REACHED.name,
        rules::input::SYNTAX_ERROR.name,
        rules::input::UNREADABLE_FILE.name,
    ]
    .contains(&rule)
}

/// The places of findings by rule and file.
struct ByRule(BTreeMap<(&'static str, FileId), Vec<Place>>);

/// The place of a finding among those of its rule and file, which are in order.
struct Place {
    span: Span,
    severity: Severity,
    /// The furthest end of it and of those before it.
    reach: u32,
}

impl ByRule {
    fn of(outcome: &Outcome) -> Self {
        Self::with(outcome, |at| at)
    }

    fn moved(outcome: &Outcome, moved: &Moved) -> Self {
        Self::with(outcome, |at| moved.place(at))
    }

    fn with(outcome: &Outcome, place: impl Fn(FileSpan) -> FileSpan) -> Self {
        let places = outcome
            .findings
            .iter()
            .map(|finding| (finding, place(finding.primary.at)));
        let mut sorted: Vec<(&Diagnostic, FileSpan)> = places.collect();
        sorted.sort_by_key(|(_, at)| *at);
        let mut made: BTreeMap<_, Vec<Place>> = BTreeMap::new();
        for (finding, at) in sorted {
            let places = made.entry((finding.rule, at.file)).or_default();
            let reach = places.last().map_or(0, |last| last.reach);
            places.push(Place {
                span: at.span,
                severity: finding.severity,
                reach: reach.max(at.span.end),
            });
        }
        Self(made)
    }

    /// Whether the rule has a finding at the place.
    fn has(&self, rule: &'static str, at: FileSpan, fits: impl Fn(Severity) -> bool) -> bool {
        let places = self.0.get(&(rule, at.file)).map_or(&[][..], Vec::as_slice);
        let end = places.partition_point(|place| place.span.start <= at.span.end);
        let before = places.get(..end).unwrap_or_default().iter().rev();
        let mut near = before.take_while(|place| place.reach >= at.span.start);
        near.any(|place| fits(place.severity) && meet(place.span, at.span))
    }
}

fn meet(one: Span, other: Span) -> bool {
    one == other || (one.start < other.end && other.start < one.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: u32, end: u32) -> FileSpan {
        FileSpan::new(FileId(0), Span::new(start, end))
    }

    #[test]
    fn places_move_with_what_is_written_before_them() {
        let edit = |start, end, text: &str| Edit {
            at: at(start, end),
            text: text.to_owned(),
        };
        let edits = [edit(10, 20, "abc"), edit(30, 30, "xy"), edit(40, 45, "")];
        let moved = Moved::by(&edits, &Sources::new());
        for (before, after) in [
            (at(0, 10), at(0, 10)),
            (at(10, 20), at(10, 13)),
            (at(20, 25), at(13, 18)),
            (at(30, 35), at(23, 30)),
            (at(25, 30), at(18, 25)),
            (at(40, 45), at(35, 35)),
            (at(50, 60), at(40, 50)),
            (at(12, 25), at(10, 18)),
            (at(0, 15), at(0, 13)),
        ] {
            assert_eq!(moved.place(before), after, "{before:?}");
        }
    }
}
