//! The rules. Each is one function in one file, with a page in `rules/<family>/<name>.md` that is the
//! source of everything that is said about it.

pub mod meta;

use crate::diagnostic::Diagnostic;

/// One rule.
pub struct Rule {
    /// Its name, which is also the stem of its page.
    pub name: &'static str,
    /// The folder of its page under `rules/`.
    pub family: &'static str,
    /// The text of its page.
    pub page: &'static str,
    /// What it reports of a workspace.
    pub check: fn(&mut Vec<Diagnostic>),
}

/// All rules, sorted by name.
pub static ALL: &[&Rule] = &[];
