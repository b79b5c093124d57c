//! Parameters that are secrets by their type, in templates and in Bicep.

use super::defined::is_word;
use super::{places, rest, skip, starts_with_folded};

/// How the decorator of Bicep starts.
const DECORATORS: [&str; 2] = ["@", "@sys."];

/// Bytes around the type that are looked at.
const AROUND: usize = 512;

/// Names of parameters that as often are those of members.
pub(super) const ANY: [&str; 8] = [
    "name",
    "type",
    "value",
    "id",
    "properties",
    "location",
    "resources",
    "parameters",
];

/// The names, in lower case, of parameters that are secrets by their type: `"key": {"type": "securestring"}`, and
/// `@secure()` before `param key`.
pub(super) fn declared(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for at in places(text, "ecure") {
        let Some(at) = at.checked_sub(1) else { continue };
        let word = rest(text, at);
        if starts_with_folded(word, "securestring") || starts_with_folded(word, "secureobject") {
            names.extend(member_around(text, at));
        } else if starts_with_folded(word, "secure()")
            && text
                .get(..at)
                .is_some_and(|before| DECORATORS.iter().any(|start| before.ends_with(start)))
        {
            names.extend(parameter_after(text, at));
        }
    }
    names.retain(|name| !ANY.contains(&name.as_str()));
    names
}

/// The name of the member whose object holds what stands at `at`.
fn member_around(text: &str, at: usize) -> Option<String> {
    let from = text.floor_char_boundary(at.saturating_sub(AROUND));
    let before = text.get(from..at)?;
    let mut depth = 0_usize;
    let open = before.bytes().enumerate().rev().find(|(_, byte)| {
        match byte {
            b'}' => depth += 1,
            b'{' if depth == 0 => return true,
            b'{' => depth -= 1,
            _ => {}
        }
        false
    });
    let before = before.get(..open?.0)?.trim_end().strip_suffix(':')?.trim_end();
    let name = before.trim_end_matches(['"', '\'', '\\']);
    let start = name.rfind(['"', '\'', '\\'])?;
    let name = name.get(start + 1..)?;
    (!name.is_empty() && name.bytes().all(is_word)).then(|| name.to_ascii_lowercase())
}

/// The name of the parameter of Bicep that is declared next.
fn parameter_after(text: &str, at: usize) -> Option<String> {
    let window = text.get(at..text.floor_char_boundary(at.saturating_add(AROUND)))?;
    let start = window.find("param ")? + "param ".len();
    let end = skip(window, start, is_word);
    window.get(start..end).map(str::to_ascii_lowercase)
}
