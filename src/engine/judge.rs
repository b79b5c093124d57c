//! The rules, one after another, on what the files say.

use super::settings::Settings;
use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::link::Workspace;
use crate::rules::{self, input::LIMIT_REACHED};
use crate::text::FileSpan;

/// Findings that one run keeps of those that it is to show, and as many of others, which only show what suppressions are
/// good for. Nobody reads as many, and an input can't fill the memory with them.
pub(super) const MOST_FINDINGS: usize = 250_000;

/// What all rules find.
pub(super) struct Judged {
    pub(super) findings: Findings,
    /// Whether findings were left out, because there were too many.
    pub(super) cut: bool,
}

/// What all rules find, after what was found before, as far as the settings ask for it. `shown_at` tells where a finding
/// is shown, if it is.
pub(super) fn judged(
    early: Findings,
    workspace: &Workspace,
    settings: &Settings<'_>,
    shown_at: &dyn Fn(&Diagnostic) -> Option<FileSpan>,
) -> Judged {
    let keep = |findings: &mut Findings| findings.reported.retain_mut(|finding| settings.takes(finding));
    let mut kept = Kept::new(shown_at);
    let mut early = early;
    keep(&mut early);
    kept.take(early);
    let on = |rule: &&rules::Rule| workspace.config.runs(rule.name, rule.is_on_by_default());
    // The joins keep a count of their comparisons, so rules run one after another.
    for rule in rules::ALL.iter().copied().filter(on) {
        let mut found = Findings::default();
        if let Some(check) = rule.check {
            check(workspace, &mut found);
        }
        keep(&mut found);
        found
            .undecided
            .retain(|question| settings.runs_on(rule.name, question.at.file));
        kept.take(found);
    }
    let mut limits = Findings::default();
    limits.report_all(workspace.gave_up_at().map(not_compared));
    limits.report_all(kept.left_out.map(left_out));
    keep(&mut limits);
    kept.findings.absorb(limits);
    Judged {
        cut: kept.cut,
        findings: kept.findings,
    }
}

/// Findings within a bound.
struct Kept<'r> {
    shown_at: &'r dyn Fn(&Diagnostic) -> Option<FileSpan>,
    findings: Findings,
    /// How many of those that are kept are shown.
    shown: usize,
    /// How many of them are not.
    others: usize,
    /// Those beyond that would be shown.
    left_out: Option<LeftOut>,
    cut: bool,
}

/// Findings that would be shown and were not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct LeftOut {
    number: usize,
    /// How bad the worst of them is.
    worst: Severity,
    /// Where the first of them would be shown.
    first: FileSpan,
}

impl<'r> Kept<'r> {
    fn new(shown_at: &'r dyn Fn(&Diagnostic) -> Option<FileSpan>) -> Self {
        Self {
            shown_at,
            findings: Findings::default(),
            shown: 0,
            others: 0,
            left_out: None,
            cut: false,
        }
    }

    fn take(&mut self, found: Findings) {
        self.findings.undecided.extend(found.undecided);
        for finding in found.reported {
            let shown_at = (self.shown_at)(&finding);
            let number = if shown_at.is_some() {
                &mut self.shown
            } else {
                &mut self.others
            };
            if *number < MOST_FINDINGS {
                *number += 1;
                self.findings.report(finding);
                continue;
            }
            self.cut = true;
            if let Some(at) = shown_at {
                self.leave_out(finding.severity, at);
            }
        }
    }

    fn leave_out(&mut self, severity: Severity, at: FileSpan) {
        let left_out = self.left_out.get_or_insert(LeftOut {
            number: 0,
            worst: severity,
            first: at,
        });
        left_out.number += 1;
        left_out.worst = left_out.worst.max(severity);
    }
}

/// Says that not all facts were compared with one another.
fn not_compared(at: FileSpan) -> Diagnostic {
    let title =
        "the files have too many policies, uses and role assignments to compare them all: the rest was not compared";
    let label = "comparing stopped here";
    Diagnostic::new(LIMIT_REACHED.name, Severity::Warning, title, at, label)
}

/// Says that findings were not kept; as severe as the worst of them, so that a run fails as it would with them.
fn left_out(left_out: LeftOut) -> Diagnostic {
    let others = match left_out.number {
        1 => "one more, which stands here, is".to_owned(),
        number => format!("{number} others, from here on, are"),
    };
    let title = format!("more than {MOST_FINDINGS} problems: {others} not shown");
    let severity = left_out.worst.max(Severity::Warning);
    let label = "the first one that is not shown";
    Diagnostic::new(LIMIT_REACHED.name, severity, title, left_out.first, label)
        .note("check fewer files at once, or turn off the rule that has most of them")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{FileId, Span};

    /// A finding; those in file 0 are shown.
    fn finding(file: u32, severity: Severity, start: u32) -> Diagnostic {
        let at = FileSpan::new(FileId(file), Span::new(start, start + 1));
        Diagnostic::new("some-rule", severity, String::new(), at, String::new())
    }

    fn found(findings: impl IntoIterator<Item = Diagnostic>) -> Findings {
        let mut found = Findings::default();
        found.report_all(findings);
        found
    }

    fn shown_at(finding: &Diagnostic) -> Option<FileSpan> {
        Some(finding.primary.at).filter(|at| at.file == FileId(0))
    }

    #[test]
    fn findings_beyond_the_bound_are_counted_with_the_worst_of_them() {
        let many = u32::try_from(MOST_FINDINGS).unwrap();
        let mut kept = Kept::new(&shown_at);
        kept.take(found((0..many).map(|start| finding(0, Severity::Note, start))));
        assert_eq!((kept.left_out, kept.cut), (None, false));
        let more = [Severity::Note, Severity::Error, Severity::Warning];
        kept.take(found(
            (many..).zip(more).map(|(start, severity)| finding(0, severity, start)),
        ));
        assert_eq!(kept.findings.reported.len(), MOST_FINDINGS);
        let left_out = kept.left_out.unwrap();
        assert_eq!((left_out.number, left_out.worst), (3, Severity::Error));
        assert_eq!(left_out.first.span.start, many);
        assert!(kept.cut);
    }

    #[test]
    fn findings_that_are_not_shown_take_no_room_from_those_that_are() {
        let many = u32::try_from(MOST_FINDINGS).unwrap();
        let mut kept = Kept::new(&shown_at);
        kept.take(found((0..many + 5).map(|start| finding(1, Severity::Error, start))));
        assert_eq!((kept.left_out, kept.cut), (None, true));
        kept.take(found([finding(0, Severity::Note, 3)]));
        assert_eq!(kept.findings.reported.len(), MOST_FINDINGS + 1);
        assert_eq!(kept.left_out, None);
    }
}
