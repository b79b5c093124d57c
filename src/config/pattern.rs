//! Patterns of paths. They are matched in time linear in the path, whatever they hold.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use toml::de::DeTable;

use super::read::{Problems, texts};
use super::shape::MOST_PATTERNS;

/// Patterns of paths from the folder of the configuration.
///
/// `*` stands for a part of a name, `**` for any folders, `?` for a character, `{a,b}` for one of two texts. A pattern
/// without `/` means a name at any depth; one that fits a folder means all that is in it.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    written: Vec<String>,
    set: GlobSet,
}

/// Two are one if they were written in the same way.
impl PartialEq for Patterns {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Eq for Patterns {}

impl Patterns {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.written.is_empty()
    }

    /// Whether one of them means a path, as [`Base::way_to`](crate::text::Base::way_to) tells it.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        !self.is_empty() && self.set.is_match(path)
    }

    /// The patterns in the list behind a key.
    pub(super) fn read(table: &DeTable<'_>, name: &str, problems: &mut Problems) -> Self {
        Self::of(&texts(table, name), problems)
    }

    /// Patterns, each with its place.
    pub(super) fn of(written: &[(&str, crate::text::Span)], problems: &mut Problems) -> Self {
        let mut builder = GlobSetBuilder::new();
        let mut patterns = Self::default();
        for (text, at) in written {
            problems.patterns += 1;
            if problems.patterns > MOST_PATTERNS {
                problems.add(
                    *at,
                    format!("there are more than {MOST_PATTERNS} patterns in this file"),
                );
                break;
            }
            match globs(text) {
                Ok(globs) => {
                    for glob in globs {
                        builder.add(glob);
                    }
                    patterns.written.push((*text).to_owned());
                }
                Err(error) => problems.add(*at, format!("this pattern can't be read: {}", error.kind())),
            }
        }
        match (builder.build(), written.first()) {
            (Ok(set), _) => patterns.set = set,
            (Err(_), Some((_, at))) => problems.add(*at, "these patterns are too large to be matched together"),
            (Err(_), None) => {}
        }
        patterns
    }
}

/// What a pattern means: a path, and all below it.
fn globs(text: &str) -> Result<[Glob; 2], globset::Error> {
    let plain = text.trim_end_matches('/');
    let plain = plain.strip_prefix("./").unwrap_or(plain);
    let anchored = match plain.strip_prefix('/') {
        Some(rest) => rest.to_owned(),
        None if plain.contains('/') || plain == "**" => plain.to_owned(),
        None => format!("**/{plain}"),
    };
    let glob = |text: &str| {
        GlobBuilder::new(text)
            .literal_separator(true)
            .backslash_escape(false)
            .build()
    };
    Ok([glob(&anchored)?, glob(&format!("{anchored}/**"))?])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn patterns(written: &[&str]) -> Result<Patterns, Vec<super::super::ConfigError>> {
        let placed: Vec<_> = written.iter().map(|text| (*text, Span::default())).collect();
        let mut problems = Problems::default();
        let patterns = Patterns::of(&placed, &mut problems);
        problems.finish().map(|()| patterns)
    }

    #[test]
    fn patterns_mean_paths_from_the_folder_names_and_whole_folders() {
        for (pattern, path, expected) in [
            ("samples/**", "samples/a/b.kql", true),
            ("samples", "a/samples/b.kql", true),
            ("samples/", "samples/b.kql", true),
            ("/samples", "a/samples/b.kql", false),
            ("/samples", "samples/b.kql", true),
            ("./samples/a", "samples/a/x.kql", true),
            ("*.txt", "a/b/c.txt", true),
            ("*.txt", "../c.txt", true),
            ("a/*.txt", "a/b/c.txt", false),
            ("a/**/c.txt", "a/c.txt", true),
            ("a/{b,c}.kql", "a/c.kql", true),
            ("a?.kql", "ab.kql", true),
            ("a?.kql", "a/.kql", false),
            ("../kql/*.kql", "../kql/a.kql", true),
            ("**", "a", true),
            ("a.kql", "A.KQL", false),
        ] {
            assert_eq!(
                patterns(&[pattern]).unwrap().matches(path),
                expected,
                "{pattern} {path}"
            );
        }
        assert!(!Patterns::default().matches("a"));
    }

    #[test]
    fn hostile_patterns_are_refused_or_matched_in_linear_time() {
        let stars = "**/".repeat(80) + "x";
        let words = "{a,aa,aaa}".repeat(25);
        let both = patterns(&[&stars, &words]).unwrap();
        assert!(!both.matches(&"a/".repeat(20_000)) && !both.matches(&"a".repeat(20_000)));
        for broken in ["[a", "{a", "a]b["] {
            let error = patterns(&[broken]).unwrap_err();
            assert!(error[0].message.starts_with("this pattern can't be read"), "{broken}");
        }
        let many = vec!["a/b"; MOST_PATTERNS + 1];
        assert!(patterns(&many).unwrap_err()[0].message.contains("more than 1000"));
    }
}
