//! How what a fact was read of is written, so that a rule can say what to type there.

use crate::service::{CommandRow, Effect, Typed};

/// How a source writes the properties of what it declares: as members of a template, or as options of a command.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wording(Option<&'static CommandRow>);

impl Wording {
    /// That of a command.
    #[must_use]
    pub fn of_command(row: &'static CommandRow) -> Self {
        Self(Some(row))
    }

    /// Whether the source is a command.
    #[must_use]
    pub fn is_command(self) -> bool {
        self.0.is_some()
    }

    /// Whether the source is a command that changes what exists, and leaves as it is what it does not name.
    #[must_use]
    pub fn changes(self) -> bool {
        self.0.is_some_and(|row| row.effect == Effect::Changes)
    }

    /// The name of a property: `enablePurgeProtection`, `--enable-purge-protection`. A property that no option stands
    /// for keeps its own.
    #[must_use]
    pub fn named(self, property: &str) -> &str {
        let option = self.0.and_then(|row| row.name_of(property));
        option.unwrap_or(property)
    }

    /// A property with a value, as one types it: `"enablePurgeProtection": true`, `--enable-purge-protection true`.
    #[must_use]
    pub fn typed(self, property: &str, value: Typed<'_>) -> String {
        let option = self.0.and_then(|row| row.typed(property, value));
        option.unwrap_or_else(|| match value {
            Typed::Text(text) => format!("\"{property}\": \"{text}\""),
            Typed::Number(number) => format!("\"{property}\": {number}"),
            Typed::Truth(truth) => format!("\"{property}\": {truth}"),
            Typed::Words(words) => format!("\"{property}\": [ \"{}\" ]", words.join("\", \"")),
        })
    }

    /// The command of the same program that makes a resource of another type, with such options; `None` in a template.
    #[must_use]
    pub fn command(self, kind: &str, options: &[(&str, Typed<'_>)]) -> Option<String> {
        let row = self.0?.beside(kind)?;
        let options = options
            .iter()
            .filter_map(|(property, value)| row.typed(property, *value));
        let words = row.words.iter().map(|word| (*word).to_owned());
        Some(words.chain(options).collect::<Vec<_>>().join(" "))
    }
}
