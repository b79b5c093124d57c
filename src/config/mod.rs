//! The configuration, `kustolint.toml`: what it may say, and what is wrong with it. One file for each section.
//!
//! A section is a table of keys (`shape.rs`): the parser checks by it (`check.rs`), and the JSON schema, what
//! `config show` lists and what `config init` writes are made of it. A new section is a file with its keys and a `read`,
//! and a row in `SECTIONS`. Nothing in a file is passed over in silence: a key, a rule or a value that is not known is an
//! error, since a setting that does not count is worse than none. Reading a file runs nothing, asks for nothing from the
//! environment and follows no address.

mod check;
mod checking;
mod connection_strings;
mod customer_managed_keys;
mod environments;
mod files;
mod granted;
mod identities;
mod name_pattern;
mod paths;
mod pattern;
mod read;
mod rules;
mod schema;
mod settings;
mod shape;
mod starter;
mod suppress;
#[cfg(test)]
mod tests;

use toml::de::DeTable;

use crate::text::{Base, Span};

pub use checking::{Checking, FAIL_ON, FailOn};
pub use connection_strings::ConnectionStrings;
pub use customer_managed_keys::{ACCEPTABLE, AcceptableKey, CustomerManagedKeys, Scope};
pub use environments::Environment;
pub use files::FileSettings;
pub use granted::{Grant, Granted, Grantee};
pub use identities::{Identities, KnownIdentity};
pub use paths::PathSettings;
pub use pattern::Patterns;
pub use rules::{NEVER_OFF, RuleSetting, RuleSettings};
pub use schema::{SCHEMA_ID, schema};
pub use settings::{Origin, Setting, settings};
pub use starter::starter;
pub use suppress::{ConfiguredSuppression, NEVER_SET_ASIDE, NEVER_SUPPRESSED, never_suppressed};

use check::Check;
use read::{Problems, span_of};
use shape::{Key, Kind};

/// The name of the file.
pub const FILE_NAME: &str = "kustolint.toml";

/// The sections that there are, sorted.
const SECTIONS: &[Key] = &[
    Key::new("check", Kind::Table(checking::KEYS), "What a check ends with"),
    Key::new(
        "connection-strings",
        Kind::Table(connection_strings::KEYS),
        "What connection strings may name",
    ),
    Key::new(
        "customer-managed-keys",
        Kind::Table(customer_managed_keys::KEYS),
        "Which keys are accepted, and which vaults and keys are looked at",
    ),
    Key::new(
        "environments",
        Kind::Tables(&[environments::KEYS]),
        "Which files are deployed together: facts of two environments are never joined",
    ),
    Key::new("files", Kind::Table(files::KEYS), "Which files are looked at"),
    Key::new(
        "granted",
        Kind::Tables(granted::FORMS),
        "What identities are given outside of these files, so that its absence is no finding",
    ),
    Key::new(
        "identities",
        identities::KIND,
        "Names for managed identities, and by what else the files know them",
    ),
    Key::new(
        "paths",
        Kind::Tables(&[paths::KEYS]),
        "Rules for some files; of several entries the last one counts",
    ),
    Key::new(
        "rules",
        Kind::Rules,
        "Which rules run, and how severe their findings are",
    ),
    Key::new(
        "suppress",
        Kind::Tables(&[suppress::KEYS]),
        "Findings that are set aside, each with a reason",
    ),
];

/// What the user has set; the default is what holds without a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// `[check]`: what a check ends with.
    pub check: Checking,
    /// `[connection-strings]`: what connection strings may name.
    pub connection_strings: ConnectionStrings,
    /// `[customer-managed-keys]`: which keys are accepted, and which vaults and keys are looked at.
    pub customer_managed_keys: CustomerManagedKeys,
    /// `[[environments]]`: which files are deployed together.
    pub environments: Vec<Environment>,
    /// `[files]`: which files are looked at.
    pub files: FileSettings,
    /// `[[granted]]`: what identities are given outside of the files.
    pub granted: Vec<Granted>,
    /// `[identities]`: names for managed identities.
    pub identities: Identities,
    /// `[[paths]]`: rules for some files.
    pub paths: Vec<PathSettings>,
    /// `[rules]`: which rules run, and how severe their findings are.
    pub rules: RuleSettings,
    /// `[[suppress]]`: findings that are set aside.
    pub suppress: Vec<ConfiguredSuppression>,
    /// The path of the file, as outputs show it; empty without one.
    pub path: String,
    /// The text of the file, by which a file of a run is known to be it.
    pub text: String,
    /// The folder of the file, from which its patterns are told.
    pub base: Base,
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
            Ok(root) => {
                let mut check = Check {
                    rules,
                    problems: &mut problems,
                };
                check.table(root.get_ref(), Span::default(), SECTIONS, "section");
                config.read(root.get_ref(), text, &mut problems);
            }
        }
        problems.finish()?;
        Ok(config)
    }

    /// Takes what the check before did not complain of, and tells what only a section knows to be wrong.
    fn read(&mut self, root: &DeTable<'_>, text: &str, problems: &mut Problems) {
        let names = |name: &str| root.iter().find(move |(key, _)| key.get_ref() == name);
        // Entries of `[[granted]]` name identities.
        if let Some((_, value)) = names("identities") {
            self.identities = identities::read(value, problems);
        }
        for (key, value) in root {
            let section = value.get_ref().as_table();
            match (key.get_ref().as_ref(), section) {
                ("check", Some(table)) => self.check.read(table),
                ("connection-strings", Some(table)) => self.connection_strings.read(table),
                ("customer-managed-keys", Some(table)) => self.customer_managed_keys.read(table),
                ("environments", _) => self.environments = environments::read(value, problems),
                ("files", Some(table)) => self.files.read(table, problems),
                ("granted", _) => self.granted = granted::read(value, &self.identities, problems),
                ("paths", _) => self.paths = paths::read(value, problems),
                ("rules", Some(table)) => self.rules.read(table),
                ("suppress", _) => self.suppress = suppress::read(value, text, problems),
                _ => {}
            }
        }
    }

    /// Whether a rule that is on or off `by_default` runs for any file.
    #[must_use]
    pub fn runs(&self, rule: &str, by_default: bool) -> bool {
        let on = |entry: &PathSettings| entry.rules.of(rule).is_some_and(|setting| setting != RuleSetting::Off);
        self.rules.runs(rule, by_default) || self.paths.iter().any(on)
    }

    /// The entries of `[[paths]]` that mean a file, the last one first. `shown` is its path as outputs show it.
    #[must_use]
    pub fn entries_for(&self, shown: &str) -> Vec<usize> {
        let Some(way) = self.base.way_to(shown).filter(|_| !self.paths.is_empty()) else {
            return Vec::new();
        };
        let entries = self.paths.iter().enumerate().rev();
        let meant = entries.filter(|(_, entry)| entry.files.matches(&way));
        meant.map(|(index, _)| index).collect()
    }

    /// What a rule is set to for a file, `entries` being those that mean it; and which of them says so.
    #[must_use]
    pub fn setting_of(&self, rule: &str, entries: &[usize]) -> Option<(RuleSetting, Option<usize>)> {
        let by_path = entries.iter().find_map(|index| {
            let setting = self.paths.get(*index)?.rules.of(rule)?;
            Some((setting, Some(*index)))
        });
        by_path.or_else(|| Some((self.rules.of(rule)?, None)))
    }

    /// Whether a file or folder is left out. `shown` is its path as outputs show it.
    #[must_use]
    pub fn excludes(&self, shown: &str) -> bool {
        !self.files.exclude.is_empty()
            && self
                .base
                .way_to(shown)
                .is_some_and(|way| self.files.exclude.matches(&way))
    }

    /// Whether a file is looked at whatever its extension is.
    #[must_use]
    pub fn includes(&self, shown: &str) -> bool {
        !self.files.include.is_empty()
            && self
                .base
                .way_to(shown)
                .is_some_and(|way| self.files.include.matches(&way))
    }

    /// Whether a file is said to be a KQL script.
    #[must_use]
    pub fn is_kql(&self, shown: &str) -> bool {
        !self.files.kql.is_empty() && self.base.way_to(shown).is_some_and(|way| self.files.kql.matches(&way))
    }

    /// The environment that a file belongs to: the last one that names it.
    #[must_use]
    pub fn environment_of(&self, shown: &str) -> Option<u16> {
        let way = self.base.way_to(shown).filter(|_| !self.environments.is_empty())?;
        let names = |environment: &Environment| environment.parameters.matches(&way) || environment.files.matches(&way);
        let found = self.environments.iter().rposition(names)?;
        u16::try_from(found).ok()
    }
}
