//! `[check]`: what a check ends with.

use toml::de::DeTable;

use super::read::text;
use super::shape::{Key, Kind, PATH, Words};
use crate::diagnostic::Severity;

/// What makes the exit status of a check 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// Errors.
    Error,
    /// Errors and warnings.
    Warning,
    /// Any finding.
    Note,
    /// No finding.
    Never,
}

/// The words for it, each with what it means.
pub const FAIL_ON: [(&str, FailOn, &str); 4] = [
    ("error", FailOn::Error, "Errors"),
    ("warning", FailOn::Warning, "Errors and warnings"),
    ("note", FailOn::Note, "Any finding"),
    ("never", FailOn::Never, "No finding"),
];

const WORDS: Words = Words {
    what: "severity",
    plural: "severities",
    list: || FAIL_ON.map(|(word, ..)| word).to_vec(),
    missed: None,
};

pub(super) const KEYS: &[Key] = &[
    Key::new(
        "baseline",
        Kind::Text(&PATH),
        "The file with the findings that were there before, which do not fail a check",
    ),
    Key::new(
        "fail-on",
        Kind::Word(&WORDS),
        "The least severity that makes the exit status 1; `--fail-on` and KUSTOLINT_FAIL_ON go before it",
    )
    .default("\"warning\""),
];

/// The section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checking {
    /// The path of the baseline, from the folder of the configuration.
    pub baseline: Option<String>,
    /// What makes the exit status 1, if that is said.
    pub fail_on: Option<FailOn>,
}

impl FailOn {
    /// The least severity that counts; `None` if none does.
    #[must_use]
    pub fn least(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Note => Some(Severity::Note),
            Self::Never => None,
        }
    }

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        let found = FAIL_ON.iter().find(|(_, one, _)| *one == self);
        found.map_or("", |(word, ..)| word)
    }
}

impl Checking {
    pub(super) fn read(&mut self, table: &DeTable<'_>) {
        self.baseline = text(table, "baseline").map(ToOwned::to_owned);
        let word = text(table, "fail-on");
        let found = FAIL_ON.iter().find(|(known, ..)| Some(*known) == word);
        self.fail_on = found.map(|(_, fail_on, _)| *fail_on);
    }
}
