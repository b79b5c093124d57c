//! What rules have to say.

use super::{Diagnostic, Undecided};
use crate::text::FileSpan;

/// What rules have to say.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// The findings.
    pub reported: Vec<Diagnostic>,
    /// The questions on which no verdict was given.
    pub undecided: Vec<Undecided>,
}

impl Findings {
    /// Adds a finding.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.reported.push(diagnostic);
    }

    /// Adds findings.
    pub fn report_all(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.reported.extend(diagnostics);
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
        self.reported.extend(others.reported);
        self.undecided.extend(others.undecided);
    }
}
