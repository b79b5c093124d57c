//! Findings that were found and are not shown, each with the reason why.

use super::Diagnostic;
use crate::redact::{Redact, Redactor};
use crate::text::FileSpan;

/// A finding that somebody decided on before: it does not count for the exit status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// The finding.
    pub finding: Diagnostic,
    /// Who decided on it.
    pub by: SetAsideBy,
}

/// What sets a finding aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetAsideBy {
    /// A comment or a member of `metadata` in the file, with its reason.
    Source {
        /// Why, in the words of who wrote it.
        reason: String,
        /// The comment or the member.
        at: FileSpan,
    },
    /// An entry of the configuration, with its reason.
    Configuration {
        /// Why, in the words of who wrote it.
        reason: String,
    },
    /// The baseline: it was there when the baseline was made.
    Baseline,
}

impl SetAsideBy {
    /// The reason, if there is one.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Source { reason, .. } | Self::Configuration { reason } => Some(reason),
            Self::Baseline => None,
        }
    }

    /// Whether the baseline sets it aside.
    #[must_use]
    pub fn is_baseline(&self) -> bool {
        matches!(self, Self::Baseline)
    }
}

impl Redact for SetAside {
    fn redact(&mut self, redactor: &Redactor) {
        self.finding.redact(redactor);
        match &mut self.by {
            SetAsideBy::Source { reason, .. } | SetAsideBy::Configuration { reason } => reason.redact(redactor),
            SetAsideBy::Baseline => {}
        }
    }
}
