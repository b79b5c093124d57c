//! Holds a file to the tables of what it may hold: unknown keys, wrong kinds, missing keys, limits.

use regex::Regex;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::read::{Problems, listed, quoted, span_of};
use super::rules;
use super::shape::{Form, Key, Kind, MOST_ELEMENTS, Words};
use super::suppress::{NEVER_SUPPRESSED, day, never_suppressed};
use crate::text::Span;

/// A check of a file.
pub(super) struct Check<'c> {
    pub(super) rules: &'c [&'c str],
    pub(super) problems: &'c mut Problems,
}

impl Check<'_> {
    /// Checks a table. `what` is one of its keys for an error: "section", "key of `[files]` called".
    pub(super) fn table(&mut self, table: &DeTable<'_>, at: Span, keys: &[Key], what: &str) {
        for (name, value) in table {
            match keys.iter().find(|key| key.name == name.get_ref().as_ref()) {
                Some(key) => self.value(key.name, key.kind, value),
                None => {
                    let known: Vec<&str> = keys.iter().map(|key| key.name).collect();
                    self.problems
                        .unknown(span_of(name.span()), what, name.get_ref(), &known);
                }
            }
        }
        let is_there = |key: &&Key| table.keys().any(|name| name.get_ref() == key.name);
        let missing = keys.iter().filter(|key| key.required && !is_there(key));
        let missing: Vec<&str> = missing.map(|key| key.name).collect();
        if !missing.is_empty() {
            self.problems.add(at, format!("this needs {}", listed(&missing)));
        }
    }

    fn value(&mut self, name: &str, kind: Kind, value: &Spanned<DeValue<'_>>) {
        match kind {
            Kind::Word(words) => self.word(name, words, value),
            Kind::Text(form) => match value.get_ref().as_str() {
                Some(text) => self.text(name, form, text, span_of(value.span())),
                None => self.problems.expected(value, name, form.what),
            },
            Kind::Yes => {
                if value.get_ref().as_bool() != Some(true) {
                    self.problems.expected(value, name, "`true`, or left out");
                }
            }
            Kind::List(of) => self.list(name, *of, value),
            Kind::OneOrMore(of) if value.get_ref().as_array().is_some() => self.some(name, *of, value),
            Kind::OneOrMore(of) => self.value(name, *of, value),
            Kind::Rule => self.rule(name, value),
            Kind::Day => {
                self.day(name, value);
            }
            Kind::Table(keys) => {
                if let Some(table) = self.a_table(name, value) {
                    self.table(table, span_of(value.span()), keys, &format!("key of `[{name}]` called"));
                }
            }
            Kind::Tables(forms) => self.tables(name, forms, value),
            Kind::Map(form, of) => self.map(name, form, *of, value),
            Kind::Rules => {
                if let Some(table) = self.a_table(name, value) {
                    rules::check(table, self.rules, self.problems);
                }
            }
        }
    }

    fn day(&mut self, name: &str, value: &Spanned<DeValue<'_>>) {
        match value.get_ref() {
            found if day(found).is_some() => {}
            DeValue::String(text) => {
                let message = format!(
                    "`{name}` is to be a day of the calendar: 2027-03-31; `{}` is none",
                    quoted(text)
                );
                self.problems.add(span_of(value.span()), message);
            }
            _ => self.problems.expected(value, name, "a day: 2027-03-31"),
        }
    }

    fn a_table<'v, 'i>(&mut self, name: &str, value: &'v Spanned<DeValue<'i>>) -> Option<&'v DeTable<'i>> {
        super::read::table(name, value, self.problems)
    }

    fn word(&mut self, name: &str, words: &Words, value: &Spanned<DeValue<'_>>) {
        let list = (words.list)();
        let Some(word) = value.get_ref().as_str() else {
            let wanted = match list.len() {
                ..=12 => format!("one of {} in quotes", listed(&list)),
                _ => format!("the name of a {} in quotes", words.what),
            };
            return self.problems.expected(value, name, &wanted);
        };
        if list.contains(&word) {
            return;
        }
        match words.missed {
            Some(missed) => self.problems.add(span_of(value.span()), missed(word)),
            None => self.problems.unknown(span_of(value.span()), words.what, word, &list),
        }
    }

    fn text(&mut self, name: &str, form: &Form, text: &str, at: Span) {
        // The patterns are the program's own: one that can't be read is a mistake that the tests find.
        let fits = Regex::new(&whole(form.pattern)).is_ok_and(|pattern| pattern.is_match(text));
        if text.chars().nth(form.longest).is_some() {
            self.problems
                .add(at, format!("`{name}` is longer than {} characters", form.longest));
        } else if !fits {
            let message = format!("`{name}` is to be {}; this is `{}`", form.what, quoted(text));
            self.problems.add(at, message);
        }
    }

    fn list(&mut self, name: &str, of: Kind, value: &Spanned<DeValue<'_>>) {
        let what = || match of {
            Kind::Text(form) => format!("a list of which each element is {}", form.what),
            Kind::Word(words) => {
                let first = (words.list)().first().copied().unwrap_or_default();
                format!("a list of {}: [\"{first}\"]", words.plural)
            }
            _ => "a list".to_owned(),
        };
        let Some(list) = value.get_ref().as_array() else {
            return self.problems.expected(value, name, &what());
        };
        self.bounded(name, list.len(), span_of(value.span()));
        for element in list.iter().take(MOST_ELEMENTS) {
            if element.get_ref().as_str().is_some() {
                self.value(name, of, element);
            } else {
                self.problems.expected(element, name, &what());
            }
        }
    }

    /// A list that is not empty.
    fn some(&mut self, name: &str, of: Kind, value: &Spanned<DeValue<'_>>) {
        if value.get_ref().as_array().is_some_and(|list| list.is_empty()) {
            let message = format!("`{name}` is empty; leave it out where all are meant");
            self.problems.add(span_of(value.span()), message);
        }
        self.list(name, of, value);
    }

    fn rule(&mut self, name: &str, value: &Spanned<DeValue<'_>>) {
        let at = span_of(value.span());
        match value.get_ref().as_str() {
            Some(rule) if NEVER_SUPPRESSED.contains(&rule) => {
                let (why, instead) = never_suppressed(rule);
                let message = format!("`{rule}` can't be suppressed: {why}; {instead}");
                self.problems.add(at, message);
            }
            Some(rule) if self.rules.contains(&rule) => {}
            Some(rule) => self.problems.unknown(at, "rule", rule, self.rules),
            None => self
                .problems
                .expected(value, name, "the name of a rule in quotes, or a list of them"),
        }
    }

    fn tables(&mut self, name: &str, forms: &[&[Key]], value: &Spanned<DeValue<'_>>) {
        let Some(list) = value.get_ref().as_array() else {
            let wanted = format!("a list of tables: start each with `[[{name}]]`");
            return self.problems.expected(value, name, &wanted);
        };
        self.bounded(name, list.len(), span_of(value.span()));
        for element in list.iter().take(MOST_ELEMENTS) {
            let Some(table) = element.get_ref().as_table() else {
                self.problems.expected(element, name, "a list of tables");
                continue;
            };
            let open = incomplete(table, forms);
            if open.len() > 1 {
                let message = format!("this needs {}", open.join(", or "));
                self.problems.add(span_of(element.span()), message);
            } else if let Some(keys) = meant(table, forms) {
                self.table(
                    table,
                    span_of(element.span()),
                    keys,
                    &format!("key of `[[{name}]]` called"),
                );
            }
        }
    }

    fn map(&mut self, name: &str, form: &Form, of: Kind, value: &Spanned<DeValue<'_>>) {
        let Some(table) = self.a_table(name, value) else { return };
        self.bounded(name, table.len(), span_of(value.span()));
        for (key, value) in table.iter().take(MOST_ELEMENTS) {
            self.text(
                &format!("the key of `[{name}]`"),
                form,
                key.get_ref(),
                span_of(key.span()),
            );
            let own = format!("{name}.{}", quoted(key.get_ref()));
            match (of, value.get_ref().as_table()) {
                (Kind::Table(keys), Some(table)) if table.is_empty() => {
                    let known: Vec<&str> = keys.iter().map(|key| key.name).collect();
                    let message = format!("`{own}` says nothing: give it one of {}", listed(&known));
                    self.problems.add(span_of(value.span()), message);
                }
                _ => self.value(&own, of, value),
            }
        }
    }

    fn bounded(&mut self, name: &str, count: usize, at: Span) {
        if count > MOST_ELEMENTS {
            let message = format!("`{name}` has {count} elements, more than the {MOST_ELEMENTS} that it may have");
            self.problems.add(at, message);
        }
    }
}

/// A regular expression that matches the whole of a text.
pub(super) fn whole(pattern: &str) -> String {
    format!("^(?:{pattern})$")
}

/// What a table lacks of each set of keys that it may be meant to have; nothing if it has one of them, or keys of none.
fn incomplete(table: &DeTable<'_>, forms: &[&[Key]]) -> Vec<String> {
    let has = |key: &Key| table.keys().any(|name| name.get_ref() == key.name);
    let knows = |keys: &[Key]| {
        let mut names = table.keys();
        names.all(|name| keys.iter().any(|key| key.name == name.get_ref().as_ref()))
    };
    let mut open: Vec<(usize, Vec<&str>)> = Vec::new();
    for keys in forms.iter().filter(|keys| knows(keys)) {
        let missing = keys.iter().filter(|key| key.required && !has(key));
        let missing = (misfits(table, keys), missing.map(|key| key.name).collect());
        if !open.contains(&missing) {
            open.push(missing);
        }
    }
    let fewest = open.iter().map(|(misfits, _)| *misfits).min();
    open.retain(|(misfits, _)| Some(*misfits) == fewest);
    if open.iter().any(|(_, missing)| missing.is_empty()) {
        return Vec::new();
    }
    let named = open.iter().map(|(_, missing)| match missing.split_last() {
        Some((last, [])) => listed(&[*last]),
        Some((last, others)) => format!("{} and {}", listed(others), listed(&[*last])),
        None => String::new(),
    });
    named.collect()
}

/// How many words of a table are none of those that a set of keys asks for.
fn misfits(table: &DeTable<'_>, keys: &[Key]) -> usize {
    let words = keys.iter().filter(|key| match (key.kind, find(table, key.name)) {
        (Kind::Word(words), Some(value)) => value.as_str().is_some_and(|word| !(words.list)().contains(&word)),
        _ => false,
    });
    words.count()
}

/// The set of keys that a table is meant to have: the one that it has, or else the one that it comes closest to.
fn meant<'f>(table: &DeTable<'_>, forms: &[&'f [Key]]) -> Option<&'f [Key]> {
    let has = |name: &str| table.keys().any(|key| key.get_ref() == name);
    let faults = |keys: &[Key]| {
        let unknown = table
            .keys()
            .filter(|name| keys.iter().all(|key| key.name != name.get_ref().as_ref()));
        let missing = keys.iter().filter(|key| key.required && !has(key.name));
        unknown.count() + missing.count()
    };
    let closest = forms.iter().copied();
    // Of two with the same keys, the one whose words fit.
    closest.min_by_key(|keys| (faults(keys), misfits(table, keys)))
}

fn find<'v, 'i>(table: &'v DeTable<'i>, name: &str) -> Option<&'v DeValue<'i>> {
    let found = table.iter().find(|(key, _)| key.get_ref() == name);
    found.map(|(_, value)| value.get_ref())
}
