//! `[rules]`: which rules run, and how severe their findings are.

use std::collections::BTreeMap;

use toml::de::DeTable;

use super::read::{Problems, listed, span_of};
use crate::diagnostic::Severity;

/// Rules that can't be turned off, nor made notes: what was not read, or not wholly, must not look like what is right.
pub const NEVER_OFF: [&str; 3] = ["limit-reached", "syntax-error", "unreadable-file"];

/// What a rule may be set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleSetting {
    /// It runs as its page says.
    On,
    /// It does not run.
    Off,
    /// It runs, and all its findings have this severity.
    As(Severity),
}

/// The words for it.
const SETTINGS: [(&str, RuleSetting); 5] = [
    ("error", RuleSetting::As(Severity::Error)),
    ("warning", RuleSetting::As(Severity::Warning)),
    ("note", RuleSetting::As(Severity::Note)),
    ("on", RuleSetting::On),
    ("off", RuleSetting::Off),
];

/// The words that a rule may be set to.
pub(super) fn words_of(rule: &str) -> Vec<&'static str> {
    let fitting = SETTINGS.iter().filter(|(_, setting)| refusal(rule, *setting).is_none());
    fitting.map(|(word, _)| *word).collect()
}

impl RuleSetting {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        let found = SETTINGS.iter().find(|(_, setting)| *setting == self);
        found.map_or("", |(word, _)| word)
    }
}

/// Why a rule can't be set to that.
fn refusal(rule: &str, setting: RuleSetting) -> Option<String> {
    let (what, why) = match setting {
        RuleSetting::Off => ("turned off", "that is never silent"),
        RuleSetting::As(Severity::Note) => ("a note", "a run with that is no success"),
        _ => return None,
    };
    let refused = NEVER_OFF.contains(&rule);
    refused.then(|| format!("`{rule}` can't be {what}: it tells what was not checked, and {why}"))
}

/// The rules that are set, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleSettings {
    set: BTreeMap<String, RuleSetting>,
}

impl RuleSettings {
    /// What a rule is set to, if anything.
    #[must_use]
    pub fn of(&self, rule: &str) -> Option<RuleSetting> {
        self.set.get(rule).copied()
    }

    /// Whether a rule runs that is on or off `by_default`.
    #[must_use]
    pub fn runs(&self, rule: &str, by_default: bool) -> bool {
        self.of(rule).map_or(by_default, |setting| setting != RuleSetting::Off)
    }

    /// The severity that a rule's findings are to have instead of their own.
    #[must_use]
    pub fn severity(&self, rule: &str) -> Option<Severity> {
        match self.of(rule) {
            Some(RuleSetting::As(severity)) => Some(severity),
            _ => None,
        }
    }

    /// What a table sets; what is wrong in it was told by the check before.
    pub(super) fn read(&mut self, table: &DeTable<'_>) {
        for (name, value) in table {
            let word = value.get_ref().as_str();
            if let Some((_, setting)) = SETTINGS.iter().find(|(known, _)| Some(*known) == word) {
                self.set.insert(name.get_ref().to_string(), *setting);
            }
        }
    }
}

/// Tells what is wrong in a table of rules. `rules` are the names that there are.
pub(super) fn check(table: &DeTable<'_>, rules: &[&str], problems: &mut Problems) {
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        if !rules.contains(&name) {
            problems.unknown(span_of(key.span()), "rule", name, rules);
            continue;
        }
        let words = SETTINGS.map(|(word, _)| word);
        let Some(word) = value.get_ref().as_str() else {
            problems.expected(value, name, &format!("one of {} in quotes", listed(&words)));
            continue;
        };
        let at = span_of(value.span());
        match SETTINGS.iter().find(|(known, _)| *known == word) {
            Some((_, setting)) => {
                if let Some(why) = refusal(name, *setting) {
                    problems.add(at, why);
                }
            }
            None => problems.unknown(at, "setting of a rule called", word, &words),
        }
    }
}
