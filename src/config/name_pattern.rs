//! Patterns of names with stars, matched in time that grows with the text alone.

use regex::{Regex, RegexBuilder};

/// Bytes that a compiled pattern may take.
const LARGEST: usize = 1 << 20;

/// A pattern of names in which `*` stands for any characters. Letter case does not count.
#[derive(Clone, Debug)]
pub struct NamePattern {
    written: String,
    compiled: Regex,
}

impl NamePattern {
    /// Reads a pattern; `None` if it is too large.
    pub(super) fn new(written: &str) -> Option<Self> {
        let parts: Vec<String> = written.split('*').map(regex::escape).collect();
        let compiled = RegexBuilder::new(&format!("(?is)^{}$", parts.join(".*")))
            .size_limit(LARGEST)
            .build();
        Some(Self {
            written: written.to_owned(),
            compiled: compiled.ok()?,
        })
    }

    /// Whether it matches a name: all of it, or without the type or the verb before it (`kv1` of
    /// `Microsoft.KeyVault/vaults kv1`), or its last word.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        let without_first = name.split_once(' ').map(|(_, rest)| rest);
        let last = name.rsplit_once(' ').map(|(_, last)| last);
        let mut forms = std::iter::once(name).chain(without_first).chain(last);
        forms.any(|form| self.compiled.is_match(form))
    }
}

/// Patterns are the same if they are written the same.
impl PartialEq for NamePattern {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Eq for NamePattern {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_matched_with_and_without_their_types() {
        let matches = |pattern: &str, name: &str| NamePattern::new(pattern).unwrap().matches(name);
        assert!(
            matches("kv-quay", "Microsoft.KeyVault/vaults KV-quay")
                && matches("kv-*", "Microsoft.KeyVault/vaults kv-x")
        );
        assert!(matches("Microsoft.KeyVault/*", "Microsoft.KeyVault/vaults kv-x") && matches("*", ""));
        assert!(
            matches("Orders", ".create external table Orders") && !matches("Order", ".create external table Orders")
        );
        assert!(!matches("kv.quay", "Microsoft.KeyVault/vaults kv-quay"));
    }

    #[test]
    fn hostile_patterns_are_fast() {
        let names = NamePattern::new(&"*a".repeat(128)).unwrap();
        assert!(!names.matches(&"b".repeat(100_000)));
    }
}
