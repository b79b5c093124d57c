//! What rules have to say, within bounds.

use super::{Diagnostic, Severity, Undecided};
use crate::text::FileSpan;

/// Findings that one run keeps. Those beyond are counted, so that an input can't fill the memory with them; nobody reads
/// as many.
pub const MOST_FINDINGS: usize = 250_000;

/// What rules have to say.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// The findings, at most [`MOST_FINDINGS`].
    pub reported: Vec<Diagnostic>,
    /// The questions on which no verdict was given.
    pub undecided: Vec<Undecided>,
    /// The findings beyond, if there are any.
    pub left_out: Option<LeftOut>,
}

/// Findings that were not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// How many they are.
    pub number: usize,
    /// How bad the worst of them is.
    pub worst: Severity,
    /// The characters of the first of them.
    pub first: FileSpan,
}

impl Findings {
    /// Adds a finding.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        if self.reported.len() < MOST_FINDINGS {
            self.reported.push(diagnostic);
            return;
        }
        self.leave_out(LeftOut {
            number: 1,
            worst: diagnostic.severity,
            first: diagnostic.primary.at,
        });
    }

    /// Adds findings.
    pub fn report_all(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        diagnostics.into_iter().for_each(|diagnostic| self.report(diagnostic));
    }

    /// Adds a question that could not be answered.
    pub fn leave_undecided(&mut self, at: FileSpan, reason: impl Into<String>) {
        self.undecided.push(Undecided {
            at,
            reason: reason.into(),
        });
    }

    /// Adds all that others have to say, after what is here.
    pub fn absorb(&mut self, others: Self) {
        self.report_all(others.reported);
        self.undecided.extend(others.undecided);
        if let Some(left_out) = others.left_out {
            self.leave_out(left_out);
        }
    }

    fn leave_out(&mut self, more: LeftOut) {
        let sum = |before: LeftOut| LeftOut {
            number: before.number + more.number,
            worst: before.worst.max(more.worst),
            first: before.first,
        };
        self.left_out = Some(self.left_out.map_or(more, sum));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{FileId, Span};

    fn finding(severity: Severity, start: u32) -> Diagnostic {
        let at = FileSpan::new(FileId(0), Span::new(start, start + 1));
        Diagnostic::new("some-rule", severity, String::new(), at, String::new())
    }

    #[test]
    fn findings_beyond_the_bound_are_counted_with_the_worst_of_them() {
        let mut findings = Findings::default();
        let many = u32::try_from(MOST_FINDINGS).unwrap();
        findings.report_all((0..many).map(|start| finding(Severity::Note, start)));
        assert_eq!(findings.left_out, None);
        findings.report(finding(Severity::Note, many));
        let mut others = Findings::default();
        others.report(finding(Severity::Error, many + 7));
        others.report(finding(Severity::Warning, many + 8));
        findings.absorb(others);
        assert_eq!(findings.reported.len(), MOST_FINDINGS);
        let left_out = findings.left_out.unwrap();
        assert_eq!((left_out.number, left_out.worst), (3, Severity::Error));
        assert_eq!(left_out.first.span.start, many);
    }

    #[test]
    fn what_others_left_out_stays_counted() {
        let mut full = Findings::default();
        let at = FileSpan::new(FileId(0), Span::new(3, 4));
        let left_out = LeftOut {
            number: 5,
            worst: Severity::Warning,
            first: at,
        };
        full.left_out = Some(left_out);
        let mut findings = Findings::default();
        findings.report(finding(Severity::Note, 0));
        findings.absorb(full);
        assert_eq!(findings.reported.len(), 1);
        assert_eq!(findings.left_out, Some(left_out));
    }
}
