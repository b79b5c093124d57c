//! The configuration, `kustolint.toml`: what it may say, and what is wrong with it. One file for each section.
//!
//! Nothing in it is passed over in silence: a key, a rule or a value that is not known is an error, since a setting
//! that does not count is worse than none.

mod customer_managed_keys;
mod pattern;
mod read;
mod rules;
mod suppress;
#[cfg(test)]
mod tests;

use toml::de::DeTable;

use crate::text::Span;

pub use customer_managed_keys::{ACCEPTABLE, AcceptableKey, CustomerManagedKeys, Scope};
pub use rules::{NEVER_OFF, RuleSetting, RuleSettings};
pub use suppress::{ConfiguredSuppression, NEVER_SUPPRESSED};

use read::{Problems, span_of};

/// The name of the file.
pub const FILE_NAME: &str = "kustolint.toml";

/// The sections that there are, sorted.
const SECTIONS: &[&str] = &["customer-managed-keys", "rules", "suppress"];

/// What the user has set; the default is what holds without a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// `[rules]`: which rules run, and how severe their findings are.
    pub rules: RuleSettings,
    /// `[customer-managed-keys]`: which keys are accepted, and which vaults and keys are looked at.
    pub customer_managed_keys: CustomerManagedKeys,
    /// `[[suppress]]`: findings that are set aside, each with a reason.
    pub suppress: Vec<ConfiguredSuppression>,
    /// The path of the file, as outputs show it; empty without one.
    pub path: String,
}

/// Something wrong in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// What is wrong, and what was probably meant. It may quote the file.
    pub message: String,
    /// The characters that are wrong.
    pub at: Span,
}

impl Config {
    /// Reads the text of a file. `rules` are the names of the rules that there are.
    ///
    /// # Errors
    /// All that is wrong with the text, in its order.
    pub fn parse(text: &str, rules: &[&str]) -> Result<Self, Vec<ConfigError>> {
        let mut problems = Problems::default();
        let mut config = Self::default();
        match DeTable::parse(text) {
            // What else was read of broken TOML may have lost its section: it is not judged.
            Err(error) => {
                let at = error.span().map(span_of).unwrap_or_default();
                problems.add(at, format!("this is no TOML: {}", error.message()));
            }
            Ok(root) => config.read(root.get_ref(), (text, rules), &mut problems),
        }
        problems.finish()?;
        Ok(config)
    }

    fn read(&mut self, root: &DeTable<'_>, (text, rules): (&str, &[&str]), problems: &mut Problems) {
        for (key, value) in root {
            match key.get_ref().as_ref() {
                "customer-managed-keys" => self.customer_managed_keys.read(value, problems),
                "rules" => self.rules.read(value, rules, problems),
                "suppress" => self.suppress = suppress::read(value, rules, text, problems),
                other => problems.unknown(span_of(key.span()), "section", other, SECTIONS),
            }
        }
    }
}
