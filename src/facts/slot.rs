//! Where the text of a template takes another member or element, or can do without one. Only fixes ask for it.

use std::collections::BTreeMap;

use crate::text::{Editable, FileSpan};

/// A place in an object or a list at which something can be put.
#[derive(Clone, Debug)]
pub struct Slot {
    /// The place.
    pub at: Editable,
    /// What has to stand before that which is put there.
    pub before: String,
    /// What has to stand after it.
    pub after: String,
    /// The names that the members of the object have, in lower case; `None` for a list.
    pub names: Option<Vec<String>>,
}

impl Slot {
    /// What to write to add a member, whose value is JSON; `None` if the object has one of that name, or is none.
    #[must_use]
    pub fn member(&self, name: &str, value: &str) -> Option<String> {
        let known = self.names.as_ref()?;
        let is_new = !known.contains(&name.to_lowercase());
        is_new.then(|| self.filled(&format!("\"{name}\": {value}")))
    }

    /// What to write to add elements of JSON; `None` without any, or in an object.
    #[must_use]
    pub fn elements(&self, elements: &[String]) -> Option<String> {
        (self.names.is_none() && !elements.is_empty()).then(|| self.filled(&elements.join(", ")))
    }

    fn filled(&self, text: &str) -> String {
        [&self.before, text, &self.after].concat()
    }
}

/// The slots of a template and the like, each found by the place that a fact names.
#[derive(Clone, Debug, Default)]
pub struct Slots {
    /// In or beside the value at a place.
    pub open: BTreeMap<FileSpan, Slot>,
    /// The members with the values at places: what goes when they go.
    pub removable: BTreeMap<FileSpan, Editable>,
    /// The strings of JSON at places, with their quotes.
    pub strings: BTreeMap<FileSpan, String>,
    /// What to write where, so that a value (by its place and its origin) is what it is meant to be.
    pub rewritten: BTreeMap<(FileSpan, FileSpan), (Editable, String)>,
}

impl Slots {
    /// Adds those of another file, or of another case of the same one.
    pub fn extend(&mut self, other: Self) {
        self.open.extend(other.open);
        self.removable.extend(other.removable);
        self.strings.extend(other.strings);
        self.rewritten.extend(other.rewritten);
    }

    /// Where to add a member in or beside the value at a place, and the text.
    #[must_use]
    pub fn member(&self, of: FileSpan, name: &str, value: &str) -> Option<(Editable, String)> {
        let slot = self.open.get(&of)?;
        Some((slot.at, slot.member(name, value)?))
    }

    /// Where to add words to the list at a place, and the text.
    #[must_use]
    pub fn words(&self, of: FileSpan, words: &[&str]) -> Option<(Editable, String)> {
        let slot = self.open.get(&of)?;
        let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        Some((slot.at, slot.elements(&words)?))
    }
}
