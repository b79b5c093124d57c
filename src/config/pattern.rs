//! Patterns of paths and names with stars, matched in time that grows with the text alone.

use regex::{Regex, RegexBuilder};

/// Characters of a pattern.
const LONGEST: usize = 512;

/// Bytes that a compiled pattern may take.
const LARGEST: usize = 1 << 20;

/// A pattern of paths: `*` and `?` stand for characters of one name, `**` for any folders. A pattern without a slash
/// matches a name in any folder, and what matches a folder matches all in it. All other characters stand for themselves.
#[derive(Clone, Debug)]
pub struct PathPattern {
    written: String,
    compiled: Regex,
}

/// A pattern of names in which `*` stands for any characters. Letter case does not count.
#[derive(Clone, Debug)]
pub struct NamePattern {
    written: String,
    compiled: Regex,
}

impl PathPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// Why it is none.
    pub(super) fn new(written: &str) -> Result<Self, String> {
        bounded(written)?;
        if written.contains('\\') {
            return Err("folders are written with `/`".to_owned());
        }
        let bare = written.strip_prefix("./").unwrap_or(written);
        let is_anchored = bare.trim_end_matches('/').contains('/');
        let bare = bare.trim_matches('/');
        if bare.split('/').any(|name| matches!(name, "" | "." | "..")) {
            return Err("it is to lead down from the folder of the configuration".to_owned());
        }
        let mut pattern = String::from(if is_anchored { "^" } else { "^(?:.*/)?" });
        let mut rest = bare;
        while let Some(next) = rest.chars().next() {
            let (taken, meaning) = match next {
                '*' if rest.starts_with("**/") => (3, "(?:.*/)?".to_owned()),
                '*' if rest.starts_with("**") => (2, ".*".to_owned()),
                '*' => (1, "[^/]*".to_owned()),
                '?' => (1, "[^/]".to_owned()),
                other => (other.len_utf8(), regex::escape(other.encode_utf8(&mut [0; 4]))),
            };
            pattern.push_str(&meaning);
            rest = rest.get(taken..).unwrap_or_default();
        }
        pattern.push_str("(?:/.*)?$");
        Ok(Self {
            written: written.to_owned(),
            compiled: compiled(&pattern)?,
        })
    }

    /// Whether it matches a path, as names with `/` between them.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        self.compiled.is_match(path)
    }
}

impl NamePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// Why it is none.
    pub(super) fn new(written: &str) -> Result<Self, String> {
        bounded(written)?;
        let parts: Vec<String> = written.split('*').map(regex::escape).collect();
        Ok(Self {
            written: written.to_owned(),
            compiled: compiled(&format!("(?i)^{}$", parts.join(".*")))?,
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
impl PartialEq for PathPattern {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Eq for PathPattern {}

/// Patterns are the same if they are written the same.
impl PartialEq for NamePattern {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Eq for NamePattern {}

fn bounded(written: &str) -> Result<(), String> {
    match written.chars().count() {
        _ if written.trim().is_empty() => Err("it is empty".to_owned()),
        0..=LONGEST => Ok(()),
        _ => Err(format!("it is longer than {LONGEST} characters")),
    }
}

fn compiled(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern)
        .size_limit(LARGEST)
        .dot_matches_new_line(true)
        .build()
        .map_err(|_| "it is too large".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_matched_by_names_and_folders() {
        for (pattern, yes, no) in [
            ("*.kql", &["a.kql", "x/y/a.kql"][..], &["a.kqlx", "a.kq"][..]),
            ("legacy", &["legacy/a", "x/legacy/b/c", "legacy"], &["legacy2/a"]),
            ("legacy/", &["legacy/a", "x/legacy/b"], &["alegacy/b"]),
            ("/legacy/", &["legacy/a"], &["x/legacy/b"]),
            ("kql/*.kql", &["kql/a.kql"], &["kql/b/a.kql", "x/kql/a.kql"]),
            ("kql/**/*.kql", &["kql/a.kql", "kql/b/c/a.kql"], &["a.kql"]),
            ("**/test/*", &["test/a", "x/test/a/b"], &["tests/a"]),
            (
                "./infra/ma?n.json",
                &["infra/main.json"],
                &["infra/maiin.json", "infra/ma/n.json"],
            ),
            ("a[1].(x)", &["a[1].(x)"], &["a1.x"]),
        ] {
            let read = PathPattern::new(pattern).unwrap();
            yes.iter()
                .for_each(|path| assert!(read.matches(path), "{pattern} {path}"));
            no.iter()
                .for_each(|path| assert!(!read.matches(path), "{pattern} {path}"));
        }
        for wrong in ["", " ", "a\\b", "../a", "a/../b", "a//b", "/", &"x".repeat(513)] {
            assert!(PathPattern::new(wrong).is_err(), "{wrong}");
        }
    }

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
    fn hostile_patterns_are_refused_or_fast() {
        let stars = PathPattern::new(&"*a".repeat(256)).unwrap();
        assert!(!stars.matches(&"a".repeat(100_000)) || stars.matches(&"a".repeat(300)));
        let names = NamePattern::new(&"*a".repeat(256)).unwrap();
        assert!(!names.matches(&"b".repeat(100_000)));
    }
}
