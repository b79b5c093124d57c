//! The baseline: findings that were there before, so that only new ones fail a run. Text in, text out.
//!
//! A finding is remembered by its rule, the path of its file from the root of the repository, the names of what holds it
//! (a resource, a command) and of what it is about (an account, an identity), never by lines: what moves is found again.
//! Of a text it holds names alone, and those went through the redactor.

mod matching;
mod read;
#[cfg(test)]
mod tests;
mod write;

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use crate::config::NEVER_SET_ASIDE;
use crate::diagnostic::Diagnostic;
use crate::engine::Outcome;
use crate::redact::shown_path;

pub use matching::{Matching, Reach, set_aside};
pub use read::BaselineError;

/// The name of the file.
pub const FILE_NAME: &str = "kustolint-baseline.json";

/// Bytes of the largest file that is read: some hundred thousand entries.
pub const LARGEST: u64 = 16 << 20;

/// The version of the file's shape.
const VERSION: u32 = 1;

/// What a finding is remembered by. Files come first in the order, so that a change of one shows in one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The path of the file from the root, with `/`, in the composed form of Unicode (NFC).
    pub path: String,
    /// The name of the rule.
    pub rule: String,
    /// The names of what holds the place, the outermost first; empty where nothing has a name.
    pub place: Vec<String>,
    /// What the finding is about, such as an account or an identity; empty where that has no name.
    pub subject: Vec<String>,
}

/// Findings that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// How many findings of each key are known; never none.
    entries: BTreeMap<Key, u32>,
}

impl Baseline {
    /// The findings of an outcome that count. Those in files outside of the root have no path that another run would
    /// know again, and are left out.
    #[must_use]
    pub fn of(outcome: &Outcome) -> Self {
        let mut baseline = Self::default();
        for key in outcome.findings.iter().filter_map(|finding| Key::of(finding, outcome)) {
            baseline.add(key, 1);
        }
        baseline
    }

    /// The entries, sorted.
    pub fn entries(&self) -> impl Iterator<Item = (&Key, u32)> {
        self.entries.iter().map(|(key, count)| (key, *count))
    }

    /// How many findings it holds.
    #[must_use]
    pub fn count(&self) -> usize {
        self.entries.values().map(|count| *count as usize).sum()
    }

    /// The findings of both.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        for (key, count) in other.entries {
            self.add(key, count);
        }
        self
    }

    /// The same findings in files of other names: by the old paths, the new ones.
    #[must_use]
    pub fn renamed(self, paths: &BTreeMap<String, String>) -> Self {
        let mut renamed = Self::default();
        for (mut key, count) in self.entries {
            if let Some(path) = paths.get(&key.path) {
                key.path.clone_from(path);
            }
            renamed.add(key, count);
        }
        renamed
    }

    /// Adds findings of a key.
    fn add(&mut self, key: Key, count: u32) {
        if count > 0 {
            let known = self.entries.entry(key).or_default();
            *known = known.saturating_add(count);
        }
    }
}

impl Key {
    /// Whether it would be told again elsewhere.
    fn has_name(&self) -> bool {
        !self.place.is_empty() || !self.subject.is_empty()
    }

    /// What a finding of an outcome is remembered by; `None` in a file outside of the root, and of what says that something
    /// was not read: a list of that would hide all that is there to be found.
    #[must_use]
    pub fn of(finding: &Diagnostic, outcome: &Outcome) -> Option<Self> {
        if NEVER_SET_ASIDE.contains(&finding.rule) {
            return None;
        }
        Some(Self {
            path: path_of(outcome.sources.path(finding.primary.at.file), outcome)?,
            rule: finding.rule.to_owned(),
            place: finding.place.clone(),
            // Letter case tells secrets from other texts, so that it is folded in what went through the redactor.
            subject: lower(finding.subject.clone()),
        })
    }
}

/// What something is about, as names are compared: letter case tells no hosts, accounts and ids apart.
fn lower(subject: Vec<String>) -> Vec<String> {
    subject.into_iter().map(|name| name.to_lowercase()).collect()
}

/// What entries call a file that outputs show as `path`; `None` outside of the root.
fn path_of(path: &str, outcome: &Outcome) -> Option<String> {
    outcome.root.path_of(path).map(|path| composed(&shown_path(&path)))
}

/// A path in the composed form of Unicode: some file systems hand out names in the decomposed one.
#[must_use]
pub fn composed(path: &str) -> String {
    path.nfc().collect()
}

/// The same path in the decomposed form.
#[must_use]
pub fn decomposed(path: &str) -> String {
    path.nfd().collect()
}
