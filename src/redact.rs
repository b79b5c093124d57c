//! What may leave the program. Text of an input goes out as [`Redacted`] alone, and only a [`Redactor`] makes that: what
//! looks like a secret is masked, and so is every piece of a secret that the files of the run hold, wherever a message
//! or a view has taken it.

mod own_words;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Deref;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::syntax::connection::{Declared, Finder, Hidden, MASK, Secret, mask, may_name_secret, random_in, secrets_in};
use crate::text::{FileId, Sources, Span};

/// Something without secrets. There is no other way to one than [`Redactor::redacted`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redacted<T>(T);

impl<T> Deref for Redacted<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<'a, T> IntoIterator for &'a Redacted<Vec<T>> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T> IntoIterator for Redacted<Vec<T>> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<T: Serialize> Serialize for Redacted<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<T> Redacted<Vec<T>> {
    /// Those whose number `is_first` says so of, and the others, both in their order.
    #[must_use]
    pub fn partition(self, is_first: impl Fn(usize) -> bool) -> (Self, Self) {
        let mut parts = (Vec::new(), Vec::new());
        for (index, item) in self.0.into_iter().enumerate() {
            if is_first(index) {
                parts.0.push(item);
            } else {
                parts.1.push(item);
            }
        }
        (Self(parts.0), Self(parts.1))
    }

    /// Each item with the item of the same number of `others`, as far as both go. `join` is a function without a view of
    /// anything else, so that nothing else gets in.
    #[must_use]
    pub fn joined_with<U, V>(self, others: Redacted<Vec<U>>, join: fn(T, U) -> V) -> Redacted<Vec<V>> {
        Redacted(
            self.0
                .into_iter()
                .zip(others.0)
                .map(|(one, two)| join(one, two))
                .collect(),
        )
    }

    /// All of both, in an order; of equal ones those of `self` come first.
    #[must_use]
    pub fn merged_with(mut self, others: Self, order: impl Fn(&T, &T) -> Ordering) -> Self {
        self.0.extend(others.0);
        self.0.sort_by(order);
        self
    }
}

impl Redacted<String> {
    /// The program's own words.
    #[must_use]
    pub fn ours(text: &'static str) -> Self {
        Self(text.to_owned())
    }
}

impl Redacted<Value> {
    /// The program's own words, in which examples of secrets stand: lists and pages of rules.
    #[must_use]
    pub fn own_words(value: Value) -> Self {
        Self(value)
    }
}

/// What can be made free of secrets.
pub trait Redact {
    /// Masks every secret in it.
    fn redact(&mut self, redactor: &Redactor);
}

/// Sentences of findings, and names that were read: what only looks made at random is a name there.
impl Redact for String {
    fn redact(&mut self, redactor: &Redactor) {
        if let Some(masked) = Redactor::masked(self, joined(redactor.known_in(self))) {
            *self = masked;
        }
    }
}

impl<T: Redact> Redact for Vec<T> {
    fn redact(&mut self, redactor: &Redactor) {
        self.iter_mut().for_each(|item| item.redact(redactor));
    }
}

impl<T: Redact> Redact for Option<T> {
    fn redact(&mut self, redactor: &Redactor) {
        self.iter_mut().for_each(|item| item.redact(redactor));
    }
}

/// Every string of it: secrets that show in the text itself, and those that the name of the member tells (also in
/// `{"name": …, "value": …}`). Names of members are masked by their looks, since most are this program's own words.
impl Redact for Value {
    fn redact(&mut self, redactor: &Redactor) {
        match self {
            Self::String(text) => {
                if let Some(masked) = Redactor::masked(text, redactor.secrets_in(text)) {
                    *text = masked;
                }
            }
            Self::Array(items) => items.redact(redactor),
            Self::Object(members) => {
                let label = members.get("name").and_then(Self::as_str).map(str::to_owned);
                let redacted = std::mem::take(members).into_iter().map(|(name, mut value)| {
                    if is_told_by(&name, label.as_deref(), &value) {
                        value = MASK.into();
                    } else if !is_path(&name, &value) {
                        value.redact(redactor);
                    }
                    (mask(&name).into_owned(), value)
                });
                *members = redacted.collect();
            }
            _ => {}
        }
    }
}

/// Whether the name before a value says that it is a secret.
fn is_told_by(name: &str, label: Option<&str>, value: &Value) -> bool {
    value.as_str().is_some_and(|text| {
        let named = if name == "value" { label.unwrap_or(name) } else { name };
        may_name_secret(named) && !secrets_in(&format!("\"{named}\": \"{text}\"")).is_empty()
    })
}

/// The path of a file as outputs show it: whole, so that tools open what it names, unless it holds what looks like a secret.
#[must_use]
pub fn shown_path(path: &str) -> std::borrow::Cow<'_, str> {
    mask(path)
}

/// Whether a value is the path of a file: it comes from the command line or the disk, and tools open what it names.
fn is_path(name: &str, value: &Value) -> bool {
    matches!(name, "path" | "parameters") && value.as_str().is_some_and(|text| secrets_in(text).is_empty())
}

/// Knows the secrets of a run.
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    finder: Finder,
    places: BTreeMap<FileId, Vec<Span>>,
    declared: Declared,
    /// Whether what only looks made at random is shown.
    shows_random: bool,
}

impl Redactor {
    /// Knows what was found in the text of each file, and what was put together of pieces.
    #[must_use]
    pub fn new(sources: &Sources, found: &[Vec<Secret>], mut hidden: Hidden) -> Self {
        let mut places = BTreeMap::new();
        for ((file, source), secrets) in sources.iter().zip(found) {
            for secret in secrets {
                hidden.learn(secret, source.text());
            }
            if !secrets.is_empty() {
                places.insert(file, secrets.iter().map(|secret| secret.span).collect());
            }
        }
        Self {
            finder: hidden.finder(),
            places,
            declared: Declared::of(sources.iter().map(|(_, source)| source.text())),
            shows_random: false,
        }
    }

    /// Knows what stands in the text of each file.
    #[must_use]
    pub fn of(sources: &Sources, hidden: Hidden) -> Self {
        let declared = Declared::of(sources.iter().map(|(_, source)| source.text()));
        let found: Vec<_> = sources
            .iter()
            .map(|(_, source)| declared.secrets_of(source.text()))
            .collect();
        Self::new(sources, &found, hidden)
    }

    /// Knows the secrets in texts that are no files.
    #[must_use]
    pub fn of_texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut hidden = Hidden::default();
        let texts: Vec<&str> = texts.into_iter().collect();
        let declared = Declared::of(texts.iter().copied());
        for text in texts {
            for secret in &declared.secrets_of(text) {
                hidden.learn(secret, text);
            }
        }
        Self {
            finder: hidden.finder(),
            places: BTreeMap::new(),
            declared,
            shows_random: false,
        }
    }

    /// The same, for answers to questions about values: what only looks made at random is what was asked for.
    #[must_use]
    pub fn for_answers(self) -> Self {
        Self {
            shows_random: true,
            ..self
        }
    }

    /// What of a text looks made at random, unless that is shown.
    #[must_use]
    pub fn random_in(&self, text: &str) -> Vec<Span> {
        if self.shows_random { Vec::new() } else { random_in(text) }
    }

    /// The value without secrets.
    #[must_use]
    pub fn redacted<T: Redact>(&self, mut value: T) -> Redacted<T> {
        value.redact(self);
        Redacted(value)
    }

    /// A value that knew of secrets of its own alone, without those that this redactor knows.
    #[must_use]
    pub fn redacted_further<T: Redact>(&self, value: Redacted<T>) -> Redacted<T> {
        self.redacted(value.0)
    }

    /// The secrets that stand in the text of a file, in order and without overlap.
    #[must_use]
    pub fn secrets_of(&self, file: FileId) -> &[Span] {
        self.places.get(&file).map(Vec::as_slice).unwrap_or_default()
    }

    /// What of the bytes `span` of a file, whose text is `text`, is not shown: secrets that stand there, and pieces of
    /// others, and what looks made at random. In order and without overlap.
    #[must_use]
    pub fn hidden_in(&self, file: FileId, text: &str, span: Span) -> Vec<Span> {
        let secrets = self.secrets_of(file);
        let first = secrets.partition_point(|secret| secret.end <= span.start);
        let here = secrets.iter().skip(first).take_while(|secret| secret.start < span.end);
        let shown = span.of_text(text);
        let pieces = self.pieces_in(shown).into_iter().chain(self.random_in(shown));
        joined(
            here.copied()
                .chain(pieces.map(|piece| piece.shift(span.start)))
                .collect(),
        )
    }

    /// Whether a text holds a secret or a piece of one.
    #[must_use]
    pub fn hides(&self, text: &str) -> bool {
        !self.known_in(text).is_empty()
    }

    /// Where secrets, pieces of known ones and what looks made at random stand in a text, in order and without overlap.
    #[must_use]
    pub fn secrets_in(&self, text: &str) -> Vec<Span> {
        let mut found = self.known_in(text);
        found.extend(self.random_in(text));
        joined(found)
    }

    /// Where secrets and pieces of known ones stand in a text.
    fn known_in(&self, text: &str) -> Vec<Span> {
        let secrets = self.declared.secrets_of(text).into_iter();
        let mut found: Vec<Span> = secrets.map(|secret| secret.span).collect();
        found.extend(self.pieces_in(text));
        found
    }

    /// Where pieces of known secrets stand in a text. What is made of the program's own words tells nothing: whatever a
    /// file holds, findings stay readable and the names in views stay what they are.
    #[must_use]
    pub fn pieces_in(&self, text: &str) -> Vec<Span> {
        let mut found = self.finder.find(text);
        found.retain(|span| !own_words::make_up(text, *span));
        found
    }

    /// The text with a mask for each of some places in order; `None` if there are none.
    fn masked(text: &str, spans: Vec<Span>) -> Option<String> {
        if spans.is_empty() {
            return None;
        }
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for span in spans {
            let range = span.range();
            out.push_str(text.get(from..range.start).unwrap_or_default());
            out.push_str(MASK);
            from = range.end;
        }
        out.push_str(text.get(from..).unwrap_or_default());
        Some(out)
    }
}

/// The spans in order; those that overlap or follow one another at once are one.
fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort();
    spans.dedup_by(|next, kept| {
        let joined = next.start <= kept.end;
        if joined {
            *kept = kept.cover(*next);
        }
        joined
    });
    spans
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pieces_of_a_known_secret_are_masked_everywhere() {
        let redactor = Redactor::of_texts(["Data Source=https://c.kusto.windows.net;AppKey=pl4nk~ton-77;Fed=True"]);
        let shown = |text: &str| redactor.redacted(text.to_owned()).to_string();
        assert_eq!(
            shown("table `l4nk~ton` and `AppKey=other5678;`"),
            "table `***` and `AppKey=***;`"
        );
        assert_eq!(shown("l4nk~"), "l4nk~");
        let value = json!({ "name": "x", "path": "pl4nk~ton.kql", "rest": ["PL4NK~TON", 7] });
        let redacted = redactor.redacted(value);
        assert_eq!(
            *redacted,
            json!({ "name": "x", "path": "pl4nk~ton.kql", "rest": ["***", 7] })
        );
    }

    #[test]
    fn what_is_taken_apart_and_joined_stays_redacted() {
        let redactor = Redactor::of_texts(["AppKey=pl4nk~ton-77;"]);
        let all = redactor.redacted(["a", "b", "c"].map(str::to_owned).to_vec());
        let (first, others) = all.partition(|index| index != 1);
        assert_eq!(
            (&**first, &**others),
            (&["a".to_owned(), "c".to_owned()][..], &["b".to_owned()][..])
        );
        let merged = others.merged_with(first, Ord::cmp);
        assert_eq!(merged.concat(), "abc");
        let words = redactor.redacted(vec!["pl4nk~ton-77".to_owned(), "AppKey=other5678;".to_owned()]);
        let joined = merged.joined_with(words, |one, two| one + &two);
        assert_eq!(*joined, ["a***", "bAppKey=***;"]);
    }

    #[test]
    fn own_words_stay_readable_whatever_a_file_holds() {
        let redactor = Redactor::of_texts([
            "Data Source=https://c.kusto.windows.net;AppKey=managed-identity7policy~ton-77;Fed=True",
            "Data Source=https://c.kusto.windows.net;AppKey=ExternalTables4q;Fed=True",
        ]);
        for text in [
            "a managed identity that can be allowed",
            "identity-policy",
            "'ExternalTable'",
        ] {
            assert_eq!(*redactor.redacted(text.to_owned()), text);
            assert!(!redactor.hides(text));
        }
        let shown = |text: &str| redactor.redacted(text.to_owned()).to_string();
        assert_eq!(shown("x managed-identity7policy~ton-77 y"), "x *** y");
        assert_eq!(shown("ged-identity7pol"), "***");
        assert_eq!(shown("cy~ton-77 rnalTables4"), "*** ***");
    }

    #[test]
    fn a_word_that_only_might_be_a_secret_is_masked_where_it_stands() {
        for value in [
            "managed1identity",
            "database1",
            "externaltable2",
            "SalesData2024",
            "kusto-app-key-12345",
        ] {
            let redactor = Redactor::of_texts([format!("password = \"{value}\"").as_str()]);
            assert!(!redactor.hides(value), "{value}");
            let text = format!("password = \"{value}\"");
            assert_eq!(*redactor.redacted(text), "password = \"***\"");
        }
        for value in ["k9-pond-lily-77", "aB3dE5gH7", "x8wq2lmt", "q8Zt~vR3mWx1Lp"] {
            let redactor = Redactor::of_texts([format!("password = \"{value}\"").as_str()]);
            assert!(redactor.hides(value), "{value}");
        }
    }

    #[test]
    fn a_passphrase_is_masked_and_ordinary_words_are_not() {
        let string =
            |key: &str| format!("Data Source=https://c.kusto.windows.net;Fed=True;AppKey={key};Authority Id=t");
        for phrase in ["correct-horse-battery", "hunterpassphrase", "Walrus Gondola Velvet"] {
            let redactor = Redactor::of_texts([string(phrase).as_str()]);
            let shown = |text: &str| redactor.redacted(text.to_owned()).to_string();
            assert_eq!(shown(&format!("the table `{phrase}` is x")), "the table `***` is x");
            for text in ["this is not correct", "a hunter", "`Battery` and a gondola", "a horse"] {
                assert_eq!(shown(text), text, "{phrase}");
            }
        }
        for word in ["database", "production", "kusto-app-key", "external-table-policy"] {
            let redactor = Redactor::of_texts([string(word).as_str()]);
            assert!(!redactor.hides(word), "{word}");
            assert_eq!(*redactor.redacted(string(word)), string("***"), "{word}");
        }
    }

    #[test]
    fn names_tell_of_values() {
        let value = json!({ "adminPassword": "k1k2", "list": [{ "name": "AppKey", "value": "k3k4" }] });
        let redacted = Redactor::default().redacted(value);
        assert_eq!(
            *redacted,
            json!({ "adminPassword": "***", "list": [{ "name": "AppKey", "value": "***" }] })
        );
    }
}
