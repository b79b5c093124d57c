//! Links from a template to another file: only relative paths are followed.

use crate::arm::evaluate::{Scope, evaluate, evaluate_json, for_people};
use crate::arm::value::{Node, Value};
use crate::syntax::expression::{Call, Expression, Kind, inner_span, is_escaped, parse};
use crate::syntax::json;
use crate::text::{HOLE, MappedText, Symbol};

use super::Source;
use super::scope::TemplateScope;

/// A longer path is that of no file.
const LONGEST_PATH: usize = 1024;

/// The parameter that, by a custom of template authors, holds the address of the folder of the main template.
const ARTIFACTS: &str = "_artifactsLocation";

/// A relative path and the folder that it starts from.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// With `/`.
    pub(super) path: String,
    /// Whether it starts from the folder of the template with the link; otherwise from that of the template that
    /// is deployed by itself.
    pub(super) from_own: bool,
    /// Whether the address is certainly one of this repository: not one that starts with any parameter.
    pub(super) certain: bool,
}

/// What `templateLink` or `parametersLink` leads to, and whether it certainly does.
///
/// # Errors
/// Why it is not followed, in words that go on from "not followed: ".
pub(super) fn document<'t>(
    template: &TemplateScope<'t>,
    around: &dyn Scope,
    link: &json::Node,
) -> Result<(Source<'t>, bool), String> {
    let target = target(template, around, link)?;
    let (own, root) = (template.source.file, template.shared.root);
    let (first, second) = if target.from_own { (own, root) } else { (root, own) };
    let documents = template.shared.documents;
    let found = documents.find(first, &target.path).or_else(|error| {
        if first == second {
            return Err(error);
        }
        documents.find(second, &target.path).map_err(|_| error)
    })?;
    Ok((found, target.certain))
}

fn target(template: &TemplateScope<'_>, around: &dyn Scope, link: &json::Node) -> Result<Target, String> {
    let Source { file, text, .. } = template.source;
    if let Some(path) = link.get("relativePath") {
        let path = evaluate_json(path, text, file, around);
        let path = path.as_str().ok_or("its path is not known")?;
        return Ok(Target {
            path: relative(path)?,
            from_own: true,
            certain: true,
        });
    }
    let Some(uri) = link.get("uri") else {
        return Err(if link.get("id").is_some() {
            "it is a template spec".to_owned()
        } else {
            "it names no file".to_owned()
        });
    };
    if let Some(found) = uri.string(text).and_then(|uri| beside_artifacts(&uri, around)) {
        return found;
    }
    of_uri(&evaluate_json(uri, text, file, around))
}

/// A path that is written after `parameters('_artifactsLocation')`, whose value is the address of the template's
/// own folder, or of a copy of it.
fn beside_artifacts(uri: &MappedText, around: &dyn Scope) -> Option<Result<Target, String>> {
    let inner = inner_span(uri).filter(|_| !is_escaped(uri.as_str()))?;
    let parsed = parse(uri, inner);
    let Kind::Call(call) = &parsed.tree.kind else {
        return None;
    };
    let joins = ["uri", "concat"]
        .iter()
        .any(|name| call.name.eq_ignore_ascii_case(name));
    let (base, rest) = call.args.split_first()?;
    if !joins || call.namespace.is_some() || !is_artifacts(base) {
        return None;
    }
    let mut path = MappedText::default();
    for part in rest {
        match evaluate(part, uri, around).ok().and_then(|node| node.as_text()) {
            Some(text) => path.push(&text),
            None => return Some(Err("its path is not known".to_owned())),
        }
    }
    Some(known_path(path.as_str()).map(|path| Target {
        path,
        from_own: false,
        certain: true,
    }))
}

fn is_artifacts_symbol(symbol: &Symbol) -> bool {
    matches!(symbol, Symbol::Parameter { name, .. } if name.eq_ignore_ascii_case(ARTIFACTS))
}

fn is_artifacts(base: &Expression) -> bool {
    let Kind::Call(Call { name, args, .. }) = &base.kind else {
        return false;
    };
    let named = matches!(
        args.as_slice(),
        [Expression { kind: Kind::String(text), .. }] if text.as_str().eq_ignore_ascii_case(ARTIFACTS)
    );
    name.eq_ignore_ascii_case("parameters") && named
}

/// The path at the end of an address that starts with something that is not known.
fn of_uri(uri: &Node) -> Result<Target, String> {
    match &uri.value {
        Value::String(text) => {
            let hole = text.holes().first().filter(|hole| hole.at == 0);
            let Some(hole) = hole else {
                return Err(absolute(text.as_str()));
            };
            let after = text.as_str().get(HOLE.len_utf8()..).unwrap_or_default();
            Ok(Target {
                path: known_path(after)?,
                from_own: is_own(&hole.symbol.to_string()),
                certain: is_own(&hole.symbol.to_string()) || is_artifacts_symbol(&hole.symbol),
            })
        }
        Value::Unknown(unknown) => match &*unknown.symbol {
            Symbol::Expression(text) => of_call(text),
            _ => Err("its address is not known".to_owned()),
        },
        Value::OneOf(_) => Err("its address depends on a condition".to_owned()),
        _ => Err("its address is no text".to_owned()),
    }
}

/// The path in the canonical text of a call of `uri()` whose first argument is not known.
fn of_call(text: &str) -> Result<Target, String> {
    let text = for_people(text);
    let Some((base, path)) = arguments_of_uri(&text) else {
        return Err("its address is not known".to_owned());
    };
    let Some(path) = path.strip_prefix('\'') else {
        return Err("its path is not known".to_owned());
    };
    if let Some(base) = base.strip_prefix('\'')
        && !base.starts_with('{')
    {
        return Err(absolute(base));
    }
    // What is not known of the path stands between braces; more than one such part at its end is no signature.
    let known = path.split(['{', '\'']).next().unwrap_or_default();
    let rest = path.get(known.len()..).unwrap_or_default();
    if rest.starts_with('{') && closing_brace(rest).is_none_or(|end| rest.get(end..) != Some("'")) {
        return Err("its path is not known".to_owned());
    }
    Ok(Target {
        path: known_path(known)?,
        from_own: is_own(base),
        certain: is_own(base) || base.to_ascii_lowercase().contains(&ARTIFACTS.to_ascii_lowercase()),
    })
}

/// The two arguments in the canonical text of a call of `uri()`.
fn arguments_of_uri(text: &str) -> Option<(&str, &str)> {
    let arguments = text.strip_prefix("uri(")?.strip_suffix(')')?;
    let (mut in_text, mut braces, mut brackets) = (false, 0_u32, 0_u32);
    for (at, character) in arguments.char_indices() {
        match character {
            '{' => braces += 1,
            '}' => braces = braces.saturating_sub(1),
            // Between braces stands a hole, with quotes of its own.
            _ if braces > 0 => {}
            '\'' => in_text = !in_text,
            '(' | '[' if !in_text => brackets += 1,
            ')' | ']' if !in_text => brackets = brackets.saturating_sub(1),
            ',' if !in_text && brackets == 0 => {
                let (base, path) = arguments.split_at_checked(at)?;
                return Some((base, path.strip_prefix(", ")?));
            }
            _ => {}
        }
    }
    None
}

/// Where the part in braces ends with which a text starts.
fn closing_brace(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    for (at, character) in text.char_indices() {
        match character {
            '{' => open += 1,
            '}' => open = open.saturating_sub(1),
            _ => {}
        }
        if open == 0 {
            return Some(at + character.len_utf8());
        }
    }
    None
}

/// Whether an address is that of the template with the link itself.
fn is_own(base: &str) -> bool {
    base.to_ascii_lowercase().contains("deployment()")
}

/// The path at the start of a text, before a query, or before one part at the end that is not known: a signature.
fn known_path(text: &str) -> Result<String, String> {
    let end = text.find(['?', HOLE]).unwrap_or(text.len());
    let rest = text.get(end..).unwrap_or_default();
    if rest.starts_with(HOLE) && rest.chars().count() > 1 {
        return Err("its path is not known".to_owned());
    }
    let path = text.get(..end).unwrap_or_default();
    relative(path.strip_prefix('/').unwrap_or(path))
}

/// The path if it is a relative one.
fn relative(path: &str) -> Result<String, String> {
    let problem = if path.is_empty() {
        "its path is not known"
    } else if path.len() > LONGEST_PATH {
        "its path is too long"
    } else if path.contains('\\') {
        "its path has backslashes"
    } else if path.starts_with(['/', '~']) {
        "its path is not relative"
    } else if path.contains(':') {
        return Err(absolute(path));
    } else if path.chars().any(char::is_control) {
        "its path has control characters"
    } else {
        return Ok(path.to_owned());
    };
    Err(problem.to_owned())
}

/// Why an address that is no relative path is not followed.
fn absolute(address: &str) -> String {
    let lower = address.to_ascii_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") {
        "it is on the network".to_owned()
    } else {
        "its address is not relative to the template".to_owned()
    }
}
