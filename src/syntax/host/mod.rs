//! Management commands inside files of other languages: documentation, scripts, programs, settings.
//!
//! One small scanner for each language finds its string literals and decodes them; none parses the language,
//! and none runs it. A text counts when it starts with a command and is passed over in silence otherwise. What
//! the host fills in when it runs is a hole.

mod bicep;
pub mod command_line;
mod csharp;
mod draft;
mod json;
mod markdown;
mod powershell;
mod program;
mod python;
mod scan;
mod shell;
mod special;
mod terraform;
mod yaml;

pub use program::is_program;

use std::sync::LazyLock;

use regex::Regex;

use command_line::Dialect;
use scan::Scanned;

use crate::text::{MappedText, Span};

/// A language in whose files commands are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// Documentation: fenced code.
    Markdown,
    /// Quoted strings and here-strings.
    PowerShell,
    /// `sh` and its descendants: quoted strings and here-documents.
    Shell,
    /// Block and flow scalars, and the shell scripts in them.
    Yaml,
    /// Strings of one and of several lines.
    Bicep,
    /// Ordinary, verbatim, raw and interpolated strings.
    CSharp,
    /// Strings with all prefixes.
    Python,
    /// Quoted strings and heredocs.
    Terraform,
    /// Values of any JSON that is no template; cells of notebooks.
    Json,
}

/// The hosts by the extensions of their files.
const EXTENSIONS: &[(&str, Host)] = &[
    ("azcli", Host::Shell),
    ("bash", Host::Shell),
    ("bicep", Host::Bicep),
    ("bicepparam", Host::Bicep),
    ("cs", Host::CSharp),
    ("csx", Host::CSharp),
    ("hcl", Host::Terraform),
    ("ipynb", Host::Json),
    ("json", Host::Json),
    ("jsonc", Host::Json),
    ("markdown", Host::Markdown),
    ("md", Host::Markdown),
    ("mdx", Host::Markdown),
    ("ps1", Host::PowerShell),
    ("psm1", Host::PowerShell),
    ("py", Host::Python),
    ("sh", Host::Shell),
    ("tf", Host::Terraform),
    ("tfvars", Host::Terraform),
    ("yaml", Host::Yaml),
    ("yml", Host::Yaml),
    ("zsh", Host::Shell),
];

impl Host {
    /// The language of a file, by the extension of its name.
    #[must_use]
    pub fn of_path(path: &str) -> Option<Self> {
        let (_, extension) = path.rsplit_once('.')?;
        EXTENSIONS
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(extension))
            .map(|(_, host)| *host)
    }

    /// Whether its commands are examples for readers, which nobody runs from there.
    #[must_use]
    pub fn is_documentation(self) -> bool {
        self == Self::Markdown
    }
}

/// The language of a fragment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// KQL: one management command or several.
    Kql,
    /// A script of a shell, or a program with what stands for a command line.
    Script(Dialect),
}

/// A text of another language in a host.
#[derive(Clone, Debug)]
pub struct Fragment {
    /// Its language.
    pub language: Language,
    /// The text as the host decodes it.
    pub text: MappedText,
    /// The bytes in the host's text, quotes included.
    pub span: Span,
}

/// What any fragment must hold somewhere. Escapes are no part of a verb.
static COMMAND: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\.[a-z][a-z-]*[\s\\]").ok());

/// What any script must hold that is looked at.
static COMMAND_LINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern =
        r"(?i)\baz(\.cmd)?[ \t]+(keyvault|kusto|role)\b|-Az(KeyVault|Kusto|RoleAssignment)|\bKustoKeyVaultProperties\b";
    Regex::new(pattern).ok()
});

fn holds_command_line(text: &str) -> bool {
    COMMAND_LINE.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

/// The scripts with command lines in a text of the language `host`, which may be one itself.
#[must_use]
pub fn scripts(text: &MappedText, host: Host) -> Vec<Fragment> {
    if !holds_command_line(text.as_str()) {
        return Vec::new();
    }
    let whole = |dialect| {
        vec![Fragment {
            language: Language::Script(dialect),
            text: text.clone(),
            span: Span::new(0, text.len()),
        }]
    };
    match host {
        Host::Shell => whole(Dialect::Shell),
        Host::PowerShell => whole(Dialect::PowerShell),
        Host::CSharp => whole(Dialect::CSharp),
        Host::Yaml => yaml::scripts(text).fragments,
        _ => Vec::new(),
    }
}

/// The commands in a text of the language `host`, in order and without overlap.
#[must_use]
pub fn fragments(text: &MappedText, host: Host) -> Vec<Fragment> {
    if !COMMAND.as_ref().is_some_and(|pattern| pattern.is_match(text.as_str())) {
        return Vec::new();
    }
    scanned(text, host).fragments
}

/// The comments in a text of the language `host`, in order; of JSON none.
#[must_use]
pub fn comments(text: &MappedText, host: Host) -> Vec<Span> {
    let mut comments = scanned(text, host).comments;
    comments.sort();
    comments.dedup_by(|next, kept| next.start < kept.end);
    comments
}

fn scanned(text: &MappedText, host: Host) -> Scanned {
    match host {
        Host::Markdown => markdown::scan(text),
        Host::PowerShell => powershell::scan(text),
        Host::Shell => shell::scan(text),
        Host::Yaml => yaml::scan(text),
        Host::Bicep => bicep::scan(text),
        Host::CSharp => csharp::scan(text),
        Host::Python => python::scan(text),
        Host::Terraform => terraform::scan(text),
        Host::Json => json::scan(text, 0),
    }
}

#[cfg(test)]
mod tests;
