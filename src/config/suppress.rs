//! `[[suppress]]`: findings that are set aside by rule, path and name, each with a reason.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::pattern::{NamePattern, PathPattern};
use super::read::{Problems, quoted, span_of};
use crate::text::{Date, Span};

/// Rules whose findings can't be suppressed, wherever one tries: what says that a suppression is wrong must not be
/// silenced by another one.
pub const NEVER_SUPPRESSED: [&str; 4] = [
    "expired-suppression",
    "malformed-suppression",
    "unexplained-suppression",
    "unused-suppression",
];

const KEYS: &[&str] = &["path", "reason", "resource", "rule", "rules", "until"];
/// Patterns of one entry.
const MOST_PATTERNS: usize = 1000;

/// One entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfiguredSuppression {
    /// The rules, which all exist.
    pub rules: Vec<String>,
    /// Why; never empty.
    pub reason: String,
    /// The files, by their path from the folder of the configuration; all if there is no pattern.
    pub paths: Vec<PathPattern>,
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
    /// Whether it covers a finding of a rule in a file, whose place is held by what has these names. The path is that
    /// from the folder of the configuration; `None` for a file outside of it.
    #[must_use]
    pub fn covers(&self, rule: &str, path: Option<&str>, names: &[String]) -> bool {
        self.rules.iter().any(|known| known == rule)
            && (self.paths.is_empty()
                || path.is_some_and(|path| self.paths.iter().any(|pattern| pattern.matches(path))))
            && (self.resources.is_empty()
                || self
                    .resources
                    .iter()
                    .any(|pattern| names.iter().any(|name| pattern.matches(name))))
    }
}

/// Reads all entries.
pub(super) fn read(
    value: &Spanned<DeValue<'_>>,
    rules: &[&str],
    text: &str,
    problems: &mut Problems,
) -> Vec<ConfiguredSuppression> {
    let Some(list) = value.get_ref().as_array() else {
        problems.expected(value, "suppress", "a list of tables: `[[suppress]]`");
        return Vec::new();
    };
    let mut lines = Lines { text, at: 0, line: 1 };
    let mut entries = Vec::new();
    for entry in list.iter() {
        let Some(table) = entry.get_ref().as_table() else {
            problems.expected(entry, "suppress", "a list of tables: `[[suppress]]`");
            continue;
        };
        let at = span_of(entry.span());
        let mut read = ConfiguredSuppression {
            at,
            line: lines.of(at.start as usize),
            ..ConfiguredSuppression::default()
        };
        read.read(table, rules, problems);
        if read.rules.is_empty() && !["rule", "rules"].iter().any(|key| table.contains_key(*key)) {
            problems.add(at, "this entry names no rule: write `rule = \"…\"`");
        }
        if !table.contains_key("reason") {
            problems.add(at, "this entry gives no reason: write `reason = \"…\"`");
        }
        entries.push(read);
    }
    entries
}

impl ConfiguredSuppression {
    fn read(&mut self, table: &DeTable<'_>, rules: &[&str], problems: &mut Problems) {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                name @ ("rule" | "rules") => {
                    for (rule, at) in strings(name, value, problems) {
                        self.rule(rule, at, rules, problems);
                    }
                }
                "reason" => match value.get_ref().as_str().map(str::trim) {
                    Some(reason) if reason.contains(char::is_alphanumeric) => self.reason = reason.to_owned(),
                    Some(_) => problems.add(span_of(value.span()), "this reason says nothing"),
                    None => problems.expected(value, "reason", "a string"),
                },
                "path" => {
                    for (pattern, at) in strings("path", value, problems) {
                        match PathPattern::new(pattern) {
                            Ok(pattern) => self.paths.push(pattern),
                            Err(why) => {
                                problems.add(at, format!("`{}` is no pattern of paths: {why}", quoted(pattern)))
                            }
                        }
                    }
                }
                "resource" => {
                    for (pattern, at) in strings("resource", value, problems) {
                        match NamePattern::new(pattern) {
                            Ok(pattern) => self.resources.push(pattern),
                            Err(why) => {
                                problems.add(at, format!("`{}` is no pattern of names: {why}", quoted(pattern)))
                            }
                        }
                    }
                }
                "until" => self.until(value, problems),
                other => problems.unknown(span_of(key.span()), "key of `[[suppress]]` called", other, KEYS),
            }
        }
    }

    fn rule(&mut self, rule: &str, at: Span, rules: &[&str], problems: &mut Problems) {
        if NEVER_SUPPRESSED.contains(&rule) {
            let why = "it tells of suppressions, and none of them silences it; turn it off in `[rules]`";
            problems.add(at, format!("`{rule}` can't be suppressed: {why}"));
        } else if rules.contains(&rule) {
            self.rules.push(rule.to_owned());
        } else {
            problems.unknown(at, "rule", rule, rules);
        }
    }

    fn until(&mut self, value: &Spanned<DeValue<'_>>, problems: &mut Problems) {
        let written = match value.get_ref() {
            DeValue::String(text) => Some(text.trim().to_owned()),
            DeValue::Datetime(day) => Some(day.to_string()),
            _ => None,
        };
        self.until = written.as_deref().and_then(Date::parse);
        match written {
            None => problems.expected(value, "until", "a day: 2027-03-31"),
            Some(text) if self.until.is_none() => {
                let problem = format!("`{}` is no day such as 2027-03-31", quoted(&text));
                problems.add(span_of(value.span()), problem);
            }
            Some(_) => {}
        }
    }
}

/// A string, or those of a list that is not empty.
fn strings<'v>(key: &str, value: &'v Spanned<DeValue<'_>>, problems: &mut Problems) -> Vec<(&'v str, Span)> {
    const WANTED: &str = "a string, or a list of strings";
    if let Some(text) = value.get_ref().as_str() {
        return vec![(text, span_of(value.span()))];
    }
    let Some(list) = value.get_ref().as_array() else {
        problems.expected(value, key, WANTED);
        return Vec::new();
    };
    if list.is_empty() || list.len() > MOST_PATTERNS {
        let problem = format!("`{key}` is to have from 1 to {MOST_PATTERNS} entries; leave it out where all are meant");
        problems.add(span_of(value.span()), problem);
        return Vec::new();
    }
    let mut found = Vec::new();
    for element in list.iter() {
        match element.get_ref().as_str() {
            Some(text) => found.push((text, span_of(element.span()))),
            None => problems.expected(element, key, WANTED),
        }
    }
    found
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
