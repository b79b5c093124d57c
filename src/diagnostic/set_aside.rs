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
    /// A commit: it was there then.
    Older {
        /// The revision, as the user named it.
        than: String,
    },
}

impl SetAsideBy {
    /// The reason, if there is one.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Source { reason, .. } | Self::Configuration { reason } => Some(reason),
            Self::Baseline | Self::Older { .. } => None,
        }
    }

    /// Why, for those who read the finding: the reason, or what remembers it.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::Source { reason, .. } | Self::Configuration { reason } => reason.clone(),
            Self::Baseline => "it is in the baseline".to_owned(),
            Self::Older { than } => format!("it is older than {than}"),
        }
    }

    /// The revision that the finding is older than, if that sets it aside.
    #[must_use]
    pub fn older_than(&self) -> Option<&str> {
        match self {
            Self::Older { than } => Some(than),
            _ => None,
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
        self.by.redact(redactor);
    }
}

impl Redact for SetAsideBy {
    fn redact(&mut self, redactor: &Redactor) {
        match self {
            Self::Source { reason, .. } | Self::Configuration { reason } => reason.redact(redactor),
            Self::Older { than } => than.redact(redactor),
            Self::Baseline => {}
        }
    }
}
