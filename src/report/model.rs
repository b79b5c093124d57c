//! An outcome as every format tells it: places in lines and columns, fingerprints, counts.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, SetAsideBy, Severity};
use crate::engine::Outcome;
use crate::redact::shown_path;
use crate::rules::input::SYNTAX_ERROR;
use crate::text::{FileSpan, Position};

/// What a run has to say.
#[derive(Debug)]
pub struct Report<'o> {
    /// What it is made of.
    pub outcome: &'o Outcome,
    /// The findings, sorted by path, byte and rule.
    pub findings: Vec<Told<'o>>,
    /// The findings that somebody decided on before, in the same order.
    pub set_aside: Vec<(Told<'o>, &'o SetAsideBy)>,
    /// What could not be decided, and the mistakes that were set aside and behind which a file may not have been read,
    /// sorted by path and byte.
    pub not_analysed: Vec<Question<'o>>,
    /// What a forge tells this run from others of the same commit by: it ends in `/`.
    pub category: String,
    /// Whether the run fails: by what `check` fails on where nothing else is asked, unless [`Report::failing`] says.
    pub fails: bool,
}

/// The category of a run that was given none.
pub const CATEGORY: &str = "kustolint/";

/// Why there is a question behind a mistake in the text that somebody set aside.
const SET_ASIDE_UNREAD: &str =
    "what follows this mistake may not have been read, and so not checked: the finding on it was set aside";

/// A finding with its place.
#[derive(Debug)]
pub struct Told<'o> {
    /// The finding.
    pub finding: &'o Diagnostic,
    /// The characters to change.
    pub at: Located,
    /// Other places, each with its words.
    pub related: Vec<(Located, &'o str)>,
    /// The same from run to run while the finding stays in what holds it (a resource, a command), wherever that moves in
    /// its file; no two findings of a run share one. No text of the input can be read from it.
    pub fingerprint: String,
}

/// A question without an answer, with its place.
#[derive(Debug)]
pub struct Question<'o> {
    /// The value that is not known.
    pub at: Located,
    /// Why it is not known.
    pub reason: &'o str,
}

/// Some characters of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Located {
    /// The path of the file, relative to the working directory.
    pub path: String,
    /// Where they start.
    pub start: Position,
    /// Where the first character after them stands.
    pub end: Position,
    /// The path of the file from the root of the repository; the other path for a file outside of it.
    pub rooted: String,
}

impl Located {
    /// Where the characters `at` of a run's file stand.
    #[must_use]
    pub fn new(at: FileSpan, outcome: &Outcome) -> Self {
        let zero = Position {
            line: 1,
            column: 1,
            byte: 0,
        };
        let (start, end) = outcome.sources.get(at.file).map_or((zero, zero), |file| {
            let place = file.place(at.span);
            (place.start, place.end)
        });
        let path = outcome.sources.path(at.file);
        let rooted = outcome.root.path_of(path).unwrap_or_else(|| path.to_owned());
        Self {
            path: shown_path(path).into_owned(),
            rooted: shown_path(&rooted).into_owned(),
            start,
            end,
        }
    }
}

impl<'o> Report<'o> {
    /// What an outcome has to say.
    #[must_use]
    pub fn new(outcome: &'o Outcome) -> Self {
        let shown = outcome.findings.iter().map(|finding| (finding, None));
        let aside = outcome.set_aside.iter().map(|aside| (&aside.finding, Some(&aside.by)));
        let mut all: Vec<(Told<'o>, Option<&SetAsideBy>)> = shown
            .chain(aside)
            .map(|(finding, by)| (Told::new(finding, outcome), by))
            .collect();
        all.sort_by(|(one, _), (two, _)| one.order().cmp(&two.order()));
        number(&mut all);
        let mut report = Self {
            outcome,
            findings: Vec::new(),
            set_aside: Vec::new(),
            not_analysed: outcome
                .undecided
                .iter()
                .map(|question| Question {
                    at: Located::new(question.at, outcome),
                    reason: &question.reason,
                })
                .collect(),
            category: CATEGORY.to_owned(),
            fails: outcome.incomplete || outcome.findings.iter().any(|found| found.severity >= Severity::Warning),
        };
        for (told, by) in all {
            if by.is_some() && told.finding.rule == SYNTAX_ERROR.name {
                report.not_analysed.push(Question {
                    at: told.at.clone(),
                    reason: SET_ASIDE_UNREAD,
                });
            }
            match by {
                Some(by) => report.set_aside.push((told, by)),
                None => report.findings.push(told),
            }
        }
        report
            .not_analysed
            .sort_by(|one, two| (&one.at, one.reason).cmp(&(&two.at, two.reason)));
        report
    }

    /// What of `not_analysed` are mistakes that were set aside.
    #[must_use]
    pub fn unread(&self) -> Vec<&Located> {
        let aside = self.set_aside.iter().map(|(told, _)| told);
        let mistakes = aside.filter(|told| told.finding.rule == SYNTAX_ERROR.name);
        mistakes.map(|told| &told.at).collect()
    }

    /// The report of a run that fails, or does not.
    #[must_use]
    pub fn failing(mut self, fails: bool) -> Self {
        self.fails = fails;
        self
    }

    /// The findings, the worst first and otherwise in their order: for readers that stop after some.
    #[must_use]
    pub fn worst_first(&self) -> Vec<&Told<'o>> {
        let mut worst: Vec<&Told<'o>> = self.findings.iter().collect();
        worst.sort_by_key(|told| Reverse(told.finding.severity));
        worst
    }

    /// How many findings have a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        let findings = self.findings.iter();
        findings.filter(|told| told.finding.severity == severity).count()
    }

    /// How many findings suppressions set aside.
    #[must_use]
    pub fn suppressed(&self) -> usize {
        self.set_aside.len() - self.baselined() - self.older()
    }

    /// How many findings the baseline sets aside.
    #[must_use]
    pub fn baselined(&self) -> usize {
        self.set_aside.iter().filter(|(_, by)| by.is_baseline()).count()
    }

    /// How many findings are set aside because a commit has them as well.
    #[must_use]
    pub fn older(&self) -> usize {
        self.set_aside
            .iter()
            .filter(|(_, by)| by.older_than().is_some())
            .count()
    }
}

impl<'o> Told<'o> {
    fn new(finding: &'o Diagnostic, outcome: &Outcome) -> Self {
        let related = finding.related.iter();
        Self {
            finding,
            at: Located::new(finding.primary.at, outcome),
            related: related
                .map(|label| (Located::new(label.at, outcome), label.message.as_str()))
                .collect(),
            fingerprint: String::new(),
        }
    }

    /// What findings are sorted by.
    fn order(&self) -> (&str, u32, &str, u32, &str) {
        let Located { path, start, end, .. } = &self.at;
        (path, start.byte, self.finding.rule, end.byte, &self.finding.message)
    }

    /// What the finding is remembered by, but for its number among equal ones: the rule, the file, the names of what holds
    /// it and of what it is about.
    fn key(&self) -> String {
        let subject: Vec<String> = self.finding.subject.iter().map(|name| name.to_lowercase()).collect();
        let held = self.finding.place.iter().chain(&subject);
        let names = std::iter::once(self.at.rooted.as_str()).chain(held.map(String::as_str));
        names.fold(self.finding.rule.to_owned(), |key, name| key + "\0" + name)
    }
}

/// Gives every finding its fingerprint.
fn number(all: &mut [(Told<'_>, Option<&SetAsideBy>)]) {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for (told, _) in all {
        let key = told.key();
        let ordinal = seen.get(&key).map_or(0, |last| last + 1);
        told.fingerprint = format!("{:016x}", fnv1a(&format!("{key}\0{ordinal}")));
        seen.insert(key, ordinal);
    }
}

/// The hash FNV-1a of 64 bits.
pub(super) fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::SetAside;
    use crate::redact::Redactor;
    use crate::text::{FileId, Root, SourceFile, Sources, Span};

    fn finding(start: u32, place: &[&str]) -> Diagnostic {
        let at = FileSpan::new(FileId(0), Span::new(start, start + 1));
        let mut finding = Diagnostic::new("some-rule", Severity::Warning, format!("title {start}"), at, "");
        finding.place = place.iter().map(|name| (*name).to_owned()).collect();
        finding
    }

    fn outcome(findings: Vec<Diagnostic>, aside: Vec<Diagnostic>) -> Outcome {
        let mut sources = Sources::new();
        sources.add(SourceFile::in_memory("../a.kql", "0123456789"));
        let aside = aside.into_iter().map(|finding| SetAside {
            finding,
            by: SetAsideBy::Baseline,
        });
        Outcome {
            sources,
            findings: Redactor::default().redacted(findings),
            set_aside: Redactor::default().redacted(aside.collect::<Vec<_>>()),
            root: Root::new("/r", "kql"),
            ..Outcome::default()
        }
    }

    #[test]
    fn fingerprints_follow_what_holds_the_finding_and_differ() {
        let of = |outcome: &Outcome| -> Vec<String> {
            let report = Report::new(outcome);
            report.findings.into_iter().map(|told| told.fingerprint).collect()
        };
        let before = of(&outcome(
            vec![finding(0, &["x"]), finding(4, &["y"]), finding(5, &["y"])],
            vec![],
        ));
        let moved = of(&outcome(
            vec![finding(2, &["x"]), finding(6, &["y"]), finding(8, &["y"])],
            vec![],
        ));
        assert_eq!(before, moved);
        assert_ne!(before[1], before[2]);
        let aside = of(&outcome(
            vec![finding(0, &["x"]), finding(5, &["y"])],
            vec![finding(4, &["y"])],
        ));
        assert_eq!(
            [&aside[0], &aside[1]],
            [&before[0], &before[2]],
            "what is set aside keeps its number"
        );
        let elsewhere = of(&outcome(vec![finding(0, &["z"])], vec![]));
        assert_ne!(elsewhere[0], before[0]);
        assert_eq!(fnv1a(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a("a"), 0xaf63_dc4c_8601_ec8c);
    }

    #[test]
    fn places_are_told_from_here_and_from_the_root() {
        let outcome = outcome(vec![finding(3, &[])], vec![finding(1, &[])]);
        let report = Report::new(&outcome);
        assert_eq!(
            (
                report.findings[0].at.path.as_str(),
                report.findings[0].at.rooted.as_str()
            ),
            ("../a.kql", "a.kql")
        );
        assert_eq!(
            (report.baselined(), report.suppressed(), report.count(Severity::Warning)),
            (1, 0, 1)
        );
    }
}
