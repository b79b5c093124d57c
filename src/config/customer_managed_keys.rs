//! `[customer-managed-keys]`: which keys are accepted, and which vaults and keys are looked at.

use toml::de::DeTable;

use super::read::{listed, quoted, text, texts};
use super::shape::{Key, Kind, Words};

/// A kind of key with its size, as far as some document of the service accepts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AcceptableKey {
    /// Whether it is kept in a hardware module (`RSA-HSM`).
    pub hsm: bool,
    /// Its size in bits.
    pub bits: i64,
}

/// The words of `accepted`. Keys of other kinds and sizes the service refuses, so nobody can accept them.
///
/// Source: customer-managed-keys.md, 03/15/2026.
pub const ACCEPTABLE: [(&str, AcceptableKey); 6] = [
    ("RSA-2048", key(false, 2048)),
    ("RSA-3072", key(false, 3072)),
    ("RSA-4096", key(false, 4096)),
    ("RSA-HSM-2048", key(true, 2048)),
    ("RSA-HSM-3072", key(true, 3072)),
    ("RSA-HSM-4096", key(true, 4096)),
];

const fn key(hsm: bool, bits: i64) -> AcceptableKey {
    AcceptableKey { hsm, bits }
}

/// Which vaults and keys the rules look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// All: also those with no cluster in sight.
    #[default]
    All,
    /// Those that encrypt a cluster of the files, or may do so.
    Cmk,
}

const SCOPES: [(&str, Scope); 2] = [("all", Scope::All), ("cmk", Scope::Cmk)];

const KINDS: Words = Words {
    what: "kind of key",
    plural: "kinds of keys",
    list: || ACCEPTABLE.map(|(word, _)| word).to_vec(),
    missed: Some(not_accepted),
};
const SCOPE: Words = Words {
    what: "scope",
    plural: "scopes",
    list: || SCOPES.map(|(word, _)| word).to_vec(),
    missed: None,
};

pub(super) const KEYS: &[Key] = &[
    Key::new(
        "accepted",
        Kind::List(&Kind::Word(&KINDS)),
        "Kinds of keys that are accepted besides RSA keys of 2048 bits",
    )
    .default("[]"),
    Key::new(
        "scope",
        Kind::Word(&SCOPE),
        "Which vaults and keys are looked at: all, or those that encrypt, or may encrypt, a cluster in the files",
    )
    .default("\"all\""),
];

/// What to say of a word that is no kind of key.
fn not_accepted(word: &str) -> String {
    let words = ACCEPTABLE.map(|(word, _)| word);
    let advice = match words.iter().find(|known| is_spelt_as(known, word)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("what can are {}", listed(&words)),
    };
    format!("`{}` can't be accepted; {advice}", quoted(word))
}

/// The section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerManagedKeys {
    /// What is accepted besides RSA keys of 2048 bits.
    accepted: Vec<AcceptableKey>,
    /// Which vaults and keys are looked at.
    pub scope: Scope,
}

/// Whether two words are one but for letter case and what stands between letters and digits. A word that is only near
/// stands for another kind of key.
fn is_spelt_as(known: &str, word: &str) -> bool {
    let letters = |word: &str| -> String {
        let letters = word.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_lowercase()).collect()
    };
    word.len() <= 2 * known.len() && letters(known) == letters(word)
}

impl CustomerManagedKeys {
    /// Whether the user accepts keys of a kind and size. RSA keys of 2048 bits are accepted always.
    #[must_use]
    pub fn accepts(&self, hsm: bool, bits: i64) -> bool {
        (!hsm && bits == 2048) || self.accepted.contains(&key(hsm, bits))
    }

    /// Whether the user accepts keys in hardware modules, of some size.
    #[must_use]
    pub fn accepts_hsm(&self) -> bool {
        self.accepted.iter().any(|key| key.hsm)
    }

    pub(super) fn read(&mut self, table: &DeTable<'_>) {
        for (word, _) in texts(table, "accepted") {
            let known = ACCEPTABLE.iter().find(|(known, _)| *known == word);
            if let Some((_, key)) = known.filter(|(_, key)| !self.accepted.contains(key)) {
                self.accepted.push(*key);
            }
        }
        let word = text(table, "scope");
        let scope = SCOPES.iter().find(|(known, _)| Some(*known) == word);
        self.scope = scope.map_or(Scope::default(), |(_, scope)| *scope);
    }
}
