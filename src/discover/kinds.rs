//! Which files and folders a walk looks at, by name. What a file is, its content decides later.

use std::ffi::OsStr;
use std::path::Path;

use crate::baseline;

/// Scripts and templates: they supply facts to each other.
const SCRIPTS_AND_TEMPLATES: &[&str] = &["csl", "json", "jsonc", "kql", "kusto"];

/// Files of other languages whose commands supply facts as well: all that `Host` knows but documentation.
const HOSTS: &[&str] = &[
    "bash",
    "bicep",
    "bicepparam",
    "cs",
    "csx",
    "ipynb",
    "ps1",
    "psm1",
    "py",
    "sh",
    "tf",
    "tfvars",
    "yaml",
    "yml",
    "zsh",
];

/// Other files that may carry commands or connection strings.
const CARRIERS: &[&str] = &[
    "bat",
    "cfg",
    "cmd",
    "conf",
    "config",
    "env",
    "fs",
    "go",
    "hcl",
    "http",
    "ini",
    "java",
    "js",
    "markdown",
    "md",
    "mdx",
    "properties",
    "psd1",
    "rest",
    "rs",
    "sql",
    "toml",
    "ts",
    "txt",
    "vb",
    "xml",
];

/// Folders that tools fill, and that hold nothing a person wrote.
const SKIPPED: &[&str] = &[
    ".git",
    ".gradle",
    ".hg",
    ".jj",
    ".mypy_cache",
    ".next",
    ".nox",
    ".pytest_cache",
    ".ruff_cache",
    ".svn",
    ".terraform",
    ".tox",
    ".venv",
    ".yarn",
    "__pycache__",
    "node_modules",
];

/// Which files of a folder are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Whatever may hold something to check.
    All,
    /// What may supply facts to the files that are checked.
    Context,
}

impl Wanted {
    /// Whether a file of that name is looked at.
    pub(super) fn takes(self, path: &Path) -> bool {
        // It tells of commands, and holds none.
        if path.file_name() == Some(OsStr::new(baseline::FILE_NAME)) {
            return false;
        }
        let extension = path
            .extension()
            .and_then(OsStr::to_str)
            .unwrap_or("")
            .to_ascii_lowercase();
        let is = |list: &[&str]| list.contains(&extension.as_str());
        let environment = || {
            let name = path.file_name().and_then(OsStr::to_str).unwrap_or("");
            name == ".env" || name.starts_with(".env.")
        };
        is(SCRIPTS_AND_TEMPLATES) || is(HOSTS) || self == Self::All && (is(CARRIERS) || environment())
    }
}

/// Whether a folder of that name is left out.
pub(super) fn skips_folder(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| SKIPPED.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_decide_what_a_walk_looks_at() {
        let all = |name: &str| Wanted::All.takes(Path::new(name));
        assert!(all("a.kql") && all("A.KQL") && all(".env") && all(".env.local") && all("prod.env") && all("x.tf"));
        assert!(!all("a/kustolint-baseline.json") && all("baseline.json"));
        assert!(!all("a.exe") && !all("kql") && !all(".environment") && !all("a"));
        let context = |name: &str| Wanted::Context.takes(Path::new(name));
        assert!(context("a.csl") && context("a.jsonc") && context("a.py") && !context("a.md") && !context(".env"));
        assert!(skips_folder(OsStr::new(".git")) && !skips_folder(OsStr::new(".github")));
    }
}
