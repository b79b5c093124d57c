//! `[files]`: which files are looked at, and which are KQL scripts.

use toml::de::DeTable;

use super::pattern::Patterns;
use super::read::Problems;
use super::shape::{Key, PATTERNS};

pub(super) const KEYS: &[Key] = &[
    Key::new(
        "exclude",
        PATTERNS,
        "Files and folders that are left out, and supply no facts either. A file that is named on the command line is read all the same, unless `--force-exclude` is given",
    )
    .default("[]"),
    Key::new(
        "include",
        PATTERNS,
        "Files that are looked at in folders whatever their extension is. What git ignores stays out",
    )
    .default("[]"),
    Key::new(
        "kql",
        PATTERNS,
        "Files that are KQL scripts whatever their names are; they are looked at in folders as well",
    )
    .default("[]"),
];

/// The section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSettings {
    /// What is left out.
    pub exclude: Patterns,
    /// What is looked at besides the usual extensions.
    pub include: Patterns,
    /// What is a KQL script.
    pub kql: Patterns,
}

impl FileSettings {
    pub(super) fn read(&mut self, table: &DeTable<'_>, problems: &mut Problems) {
        self.exclude = Patterns::read(table, "exclude", problems);
        self.include = Patterns::read(table, "include", problems);
        self.kql = Patterns::read(table, "kql", problems);
    }
}
