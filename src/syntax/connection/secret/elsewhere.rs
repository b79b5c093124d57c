//! Values that say where the real one is: in a vault, in a file, in the output of a command, or in a blank that is filled in
//! later. They are masked as everything after such a name is, and no rule speaks of them.

use super::certain::is_wordy;

/// What addresses of secrets start with, in lower case.
const STARTS: &[&str] = &[
    "arn:aws",
    "vault:",
    "keyvault:",
    "secretsmanager:",
    "ssm:",
    "sops:",
    "env:",
    "file:",
    "cmd:",
];

/// What expressions of templates and pipelines start with, before a path of names.
const ROOTS: &[&str] = &[
    "data",
    "var",
    "local",
    "module",
    "each",
    "secrets",
    "vars",
    "env",
    "inputs",
    "steps",
    "needs",
    "values",
    "process",
    "config",
    "settings",
    "variables",
    "parameters",
];

/// Marks around the name of a value that is filled in later. Between the last of them, which secrets have as well, only
/// plain words are a name.
const DOUBLED: &[(&str, &str)] = &[("((", "))"), ("[[", "]]"), ("@@", "@@"), ("%(", ")s"), ("{%", "%}")];
const SINGLE: &[(&str, &str)] = &[("~", "~"), ("|", "|"), ("%", "%"), ("@", "@"), ("!", "!"), ("^", "^")];

/// Whether a value tells where the secret is and is none itself.
pub(super) fn is_elsewhere(value: &str) -> bool {
    is_encrypted(value)
        || is_marked(value)
        || is_path(value)
        || is_address(value)
        || is_expression(value)
        || is_command(value)
}

/// A value that was encrypted before it came into the file: `ENC[AES256_GCM,…]`.
fn is_encrypted(value: &str) -> bool {
    value.starts_with("ENC[") || value.starts_with("ENC(")
}

fn between<'v>(value: &'v str, (open, close): &(&str, &str)) -> Option<&'v str> {
    value.strip_prefix(open)?.strip_suffix(close)
}

/// A name between marks: `((app_key1))`, `@@KEY1@@`.
fn is_marked(value: &str) -> bool {
    let doubled = DOUBLED.iter().filter_map(|marks| between(value, marks));
    let single = SINGLE.iter().filter_map(|marks| between(value, marks));
    doubled.map(str::trim).any(is_name) || single.map(str::trim).any(|name| is_name(name) && is_wordy(name))
}

/// A name as programs have them: a letter, and letters, digits and marks of a path of names.
fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':' | b'/'))
}

/// The path of a file, each part of it of plain words: `/run/secrets/app_key1`, `C:\secrets\key1.txt`.
fn is_path(value: &str) -> bool {
    let drive = value.as_bytes().get(1) == Some(&b':') && value.starts_with(|first: char| first.is_ascii_alphabetic());
    let rest = if drive {
        value.get(2..).unwrap_or_default()
    } else {
        value.trim_start_matches(['.', '~'])
    };
    let mut parts = rest.split(['/', '\\']).filter(|part| !part.is_empty());
    rest.starts_with(['/', '\\']) && parts.clone().nth(1).is_some() && parts.all(is_part)
}

/// A part of a path: words and numbers, with an extension at most.
fn is_part(part: &str) -> bool {
    let stem = part.rsplit_once('.').filter(|(_, extension)| {
        (1..=5).contains(&extension.len()) && extension.bytes().all(|byte| byte.is_ascii_lowercase())
    });
    is_wordy(stem.map_or(part, |(stem, _)| stem))
}

/// The address of a secret in what holds it: `vault:secret/data/kusto#key1`, `projects/p1/secrets/k/versions/1`.
fn is_address(value: &str) -> bool {
    let folded = value.to_ascii_lowercase();
    STARTS.iter().any(|start| folded.starts_with(start))
        || folded.starts_with("projects/") && folded.contains("/secrets/")
        || folded.starts_with("/subscriptions/")
}

/// A path of names in an expression: `data.azurerm_key1.x.value`.
fn is_expression(value: &str) -> bool {
    let mut names = value.trim_start_matches('.').split('.');
    let first = names.next().unwrap_or_default().to_ascii_lowercase();
    let is_root = ROOTS.contains(&first.as_str()) || first.starts_with("azurerm_") || first.starts_with("azuread_");
    is_root && names.clone().next().is_some() && names.all(is_name)
}

/// A command in brackets: `(Get-Secret key1)`.
fn is_command(value: &str) -> bool {
    let inner = between(value, &("(", ")")).unwrap_or_default();
    let (name, arguments) = inner.split_once(' ').unwrap_or((inner, ""));
    !arguments.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
}
