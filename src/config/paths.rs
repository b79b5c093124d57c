//! `[[paths]]`: rules that are set for some files.

use toml::Spanned;
use toml::de::DeValue;

use super::pattern::Patterns;
use super::read::{Problems, tables};
use super::rules::RuleSettings;
use super::shape::{Key, Kind, PATTERNS};

pub(super) const KEYS: &[Key] = &[
    Key::new("files", PATTERNS, "The files whose findings are meant").required(),
    Key::new("rules", Kind::Rules, "Rules as in `[rules]`, for these files").required(),
];

/// An entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathSettings {
    /// The files.
    pub files: Patterns,
    /// What is set for them.
    pub rules: RuleSettings,
}

pub(super) fn read(value: &Spanned<DeValue<'_>>, problems: &mut Problems) -> Vec<PathSettings> {
    let entries = tables(value).into_iter().map(|(table, _)| {
        let mut entry = PathSettings {
            files: Patterns::read(table, "files", problems),
            ..PathSettings::default()
        };
        let rules = super::read::value(table, "rules").and_then(|value| value.get_ref().as_table());
        if let Some(rules) = rules {
            entry.rules.read(rules);
        }
        entry
    });
    entries.collect()
}
