//! `[[environments]]`: which files are deployed together, and with which parameters.

use toml::Spanned;
use toml::de::DeValue;

use super::pattern::Patterns;
use super::read::{Problems, place, quoted, tables, text, texts};
use super::shape::{Key, Kind, NAME, PATTERN, PATTERNS};

pub(super) const KEYS: &[Key] = &[
    Key::new("name", Kind::Text(&NAME), "What it is called").required(),
    Key::new("parameters", PATTERNS, "Its parameter files"),
    Key::new(
        "template",
        Kind::Text(&PATTERN),
        "The template that these parameter files belong to; without it, their names and contents tell",
    ),
    Key::new(
        "files",
        PATTERNS,
        "Scripts and templates of this environment alone. What is in no environment counts in all of them",
    ),
];

/// An entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// Its parameter files.
    pub parameters: Patterns,
    /// The template that they belong to.
    pub template: Patterns,
    /// Its other files.
    pub files: Patterns,
}

pub(super) fn read(value: &Spanned<DeValue<'_>>, problems: &mut Problems) -> Vec<Environment> {
    let mut found: Vec<Environment> = Vec::new();
    for (table, at) in tables(value) {
        let name = text(table, "name").unwrap_or_default().to_owned();
        if !name.is_empty() && found.iter().any(|known| known.name == name) {
            let message = format!("there is an environment `{}` already", quoted(&name));
            problems.add(place(table, "name", at), message);
        }
        let template: Vec<_> = text(table, "template")
            .map(|text| (text, place(table, "template", at)))
            .into_iter()
            .collect();
        if texts(table, "parameters").is_empty() && texts(table, "files").is_empty() {
            problems.add(at, "this environment has no files: name its `parameters` or `files`");
        }
        found.push(Environment {
            name,
            parameters: Patterns::read(table, "parameters", problems),
            template: Patterns::of(&template, problems),
            files: Patterns::read(table, "files", problems),
        });
    }
    found
}
