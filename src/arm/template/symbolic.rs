//! Symbolic names (language version 2.0): `reference('vault')`, `reference('vaults[1]')`, `references('vaults')`.

use super::resources::id_of;
use super::scope::TemplateScope;
use crate::arm::evaluate::{CopyPosition, CopyScope, MAX_COPIES, Scope, evaluate_json};
use crate::arm::value::Value;
use crate::syntax::json;
use crate::text::MappedText;

/// The id of the resource with a symbolic name, or of one round of a loop: `vaults[1]`.
pub(super) fn resource_id(scope: &TemplateScope<'_>, name: &str) -> Option<MappedText> {
    let round = name.strip_suffix(']').and_then(|name| name.rsplit_once('['));
    match round {
        None => id_in(scope, scope.symbolic(name)?, scope),
        Some((name, index)) => {
            let node = scope.symbolic(name)?;
            id_of_round(scope, node, node.get("copy")?, index.parse().ok()?)
        }
    }
}

/// The ids of the resources of a loop; `None` when it is not known how many there are, or when some of them may
/// not be deployed.
pub(super) fn loop_ids(scope: &TemplateScope<'_>, name: &str) -> Option<Vec<MappedText>> {
    let node = scope.symbolic(name)?;
    let copy = node.get("copy").filter(|_| node.get("condition").is_none())?;
    let source = scope.shared.source;
    match evaluate_json(copy.get("count")?, source.text, source.file, scope).value {
        Value::Int(count) if (0..=MAX_COPIES).contains(&count) => {
            (0..count).map(|index| id_of_round(scope, node, copy, index)).collect()
        }
        _ => None,
    }
}

fn id_of_round(scope: &TemplateScope<'_>, node: &json::Node, copy: &json::Node, index: i64) -> Option<MappedText> {
    let name = copy.get("name")?.string(scope.shared.source.text)?;
    let round = CopyScope {
        outer: scope,
        name: name.as_str(),
        position: CopyPosition { index: Ok(index) },
        of_resource: true,
    };
    id_in(scope, node, &round)
}

/// The id of a resource whose name is evaluated in `inner`.
fn id_in(scope: &TemplateScope<'_>, node: &json::Node, inner: &dyn Scope) -> Option<MappedText> {
    let kind = node.get("type")?.string(scope.shared.source.text)?;
    let name = scope.name_in(node, inner)?;
    Some(id_of(kind.as_str(), &name, inner))
}

#[cfg(test)]
mod tests;
