//! `[rules]`: which rules run, and how severe their findings are.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::DeValue;

use super::read::{Problems, listed, span_of, table};
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

    pub(super) fn read(&mut self, value: &Spanned<DeValue<'_>>, rules: &[&str], problems: &mut Problems) {
        let Some(table) = table("rules", value, problems) else {
            return;
        };
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
                Some((_, RuleSetting::Off)) if NEVER_OFF.contains(&name) => problems.add(
                    at,
                    format!("`{name}` can't be turned off: it tells what was not checked, and that is never silent"),
                ),
                Some((_, RuleSetting::As(Severity::Note))) if NEVER_OFF.contains(&name) => problems.add(
                    at,
                    format!(
                        "`{name}` can't be a note: it tells what was not checked, and a run with that is no success"
                    ),
                ),
                Some((_, setting)) => {
                    self.set.insert(name.to_owned(), *setting);
                }
                None => problems.unknown(at, "setting of a rule called", word, &words),
            }
        }
    }
}
