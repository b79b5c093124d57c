//! `[[suppress]]`: findings that are set aside by rule, file and name, each with a reason.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::name_pattern::NamePattern;
use super::pattern::Patterns;
use super::read::{Problems, one_or_more, tables, text, value};
use super::shape::{Form, Key, Kind, LINE, PATTERN};
use crate::text::{Date, Span};

/// Rules whose findings are never set aside, by a suppression, a baseline or an older commit: what was not read at all, or
/// only to some point, must not look like what is right.
pub const NEVER_SET_ASIDE: [&str; 2] = ["limit-reached", "unreadable-file"];

/// Rules whose findings can't be suppressed, wherever one tries: those that are never set aside, and what says that a
/// suppression is wrong, which must not be silenced by another one.
pub const NEVER_SUPPRESSED: [&str; 6] = [
    "expired-suppression",
    "limit-reached",
    "malformed-suppression",
    "unexplained-suppression",
    "unreadable-file",
    "unused-suppression",
];

/// Why a rule of [`NEVER_SUPPRESSED`] can't be suppressed, and what to do instead.
#[must_use]
pub fn never_suppressed(rule: &str) -> (&'static str, &'static str) {
    if NEVER_SET_ASIDE.contains(&rule) {
        let instead = "mend the file, or leave it out with `exclude` under `[files]` in `kustolint.toml`";
        return ("it tells what was not checked", instead);
    }
    let instead = "where it is not wanted at all, turn it off in `kustolint.toml`";
    ("it tells of suppressions", instead)
}

const NAMES: Form = Form {
    what: "the name of a resource, a parameter or a command, in which `*` stands for anything: \"kv-test-*\"",
    pattern: LINE.pattern,
    longest: 256,
};
const REASON: Form = Form {
    what: "a reason in words",
    pattern: r"[^\x00-\x1f\x7f]*[0-9A-Za-z\u00aa-\uffff][^\x00-\x1f\x7f]*",
    longest: 1024,
};

pub(super) const KEYS: &[Key] = &[
    Key::new("rule", Kind::OneOrMore(&Kind::Rule), "The rule, or several").required(),
    Key::new("reason", Kind::Text(&REASON), "Why").required(),
    Key::new(
        "files",
        Kind::OneOrMore(&Kind::Text(&PATTERN)),
        "Patterns of the files; all without it",
    ),
    Key::new(
        "resource",
        Kind::OneOrMore(&Kind::Text(&NAMES)),
        "The name of what holds the finding: a resource, a parameter, a command; any without it",
    ),
    Key::new("until", Kind::Day, "The last day on which it holds"),
];

/// One entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfiguredSuppression {
    /// The rules, which all exist.
    pub rules: Vec<String>,
    /// Why; never empty.
    pub reason: String,
    /// The files, by their path from the folder of the configuration; all if there is no pattern.
    pub files: Patterns,
    /// The names of what holds a finding; any if there is no pattern.
    pub resources: Vec<NamePattern>,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Where it stands in the file.
    pub at: Span,
    /// On which line that is, from 1.
    pub line: u32,
}

impl ConfiguredSuppression {
    /// Whether another entry is about the same: the same rules, files and resources.
    #[must_use]
    pub fn is_about_the_same(&self, other: &Self) -> bool {
        (&self.rules, &self.files, &self.resources) == (&other.rules, &other.files, &other.resources)
    }

    /// Whether it covers a finding of a rule in a file, whose place is held by what has these names. The path is that
    /// from the folder of the configuration; `None` for what is no file.
    #[must_use]
    pub fn covers(&self, rule: &str, path: Option<&str>, names: &[String]) -> bool {
        let is_named = || {
            let mut patterns = self.resources.iter();
            patterns.any(|pattern| names.iter().any(|name| pattern.matches(name)))
        };
        self.rules.iter().any(|known| known == rule)
            && (self.files.is_empty() || path.is_some_and(|path| self.files.matches(path)))
            && (self.resources.is_empty() || is_named())
    }
}

/// Reads all entries of a file with that text.
pub(super) fn read(section: &Spanned<DeValue<'_>>, text: &str, problems: &mut Problems) -> Vec<ConfiguredSuppression> {
    let mut lines = Lines { text, at: 0, line: 1 };
    let entries = tables(section).into_iter();
    let entries = entries.map(|(table, at)| ConfiguredSuppression {
        at,
        line: lines.of(at.start as usize),
        ..entry(table, problems)
    });
    entries.collect()
}

fn entry(table: &DeTable<'_>, problems: &mut Problems) -> ConfiguredSuppression {
    let rules = one_or_more(table, "rule").into_iter().map(|(rule, _)| rule.to_owned());
    let mut resources = Vec::new();
    for (written, at) in one_or_more(table, "resource") {
        match NamePattern::new(written) {
            Some(pattern) => resources.push(pattern),
            None => problems.add(at, "this pattern is too large"),
        }
    }
    ConfiguredSuppression {
        rules: rules.collect(),
        reason: text(table, "reason").unwrap_or_default().trim().to_owned(),
        files: Patterns::of(&one_or_more(table, "files"), problems),
        resources,
        until: value(table, "until").and_then(|value| day(value.get_ref())),
        ..ConfiguredSuppression::default()
    }
}

/// The day that a value is, written as a date of TOML or as a string.
pub(super) fn day(value: &DeValue<'_>) -> Option<Date> {
    match value {
        DeValue::String(text) => Date::parse(text.trim()),
        DeValue::Datetime(day) => Date::parse(&day.to_string()),
        _ => None,
    }
}

/// Counts lines from one place to the next.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u32,
}

impl Lines<'_> {
    /// The line of a place, none of which lies before the last one that was asked for.
    fn of(&mut self, at: usize) -> u32 {
        let between = self.text.get(self.at..at).unwrap_or_default();
        self.line = self.line.saturating_add(crate::text::offset(
            memchr::memchr_iter(b'\n', between.as_bytes()).count(),
        ));
        self.at = self.at.max(at);
        self.line
    }
}
