//! The payload of managed identity policies, and the JSON of other policies.

use crate::facts::{IdentityRef, PolicyEntry, UsageWord};
use crate::service::Usage;
use crate::syntax::json::{self, Dialect, Kind, Node};
use crate::syntax::placeholder::symbolic;
use crate::text::{FileSpan, MappedText, Span, offset};

/// The objects of a policy's payload; `None` when it is not JSON.
///
/// A single object stands for a list of one, so that what it grants is not taken for missing.
pub(super) fn objects(payload: &MappedText) -> Option<Vec<Node>> {
    let parsed = json::parse(payload, Dialect::Policy);
    if !parsed.errors.is_empty() {
        return None;
    }
    match parsed.tree.kind {
        Kind::Array(elements) => Some(elements),
        Kind::Object(_) => Some(vec![parsed.tree]),
        _ => None,
    }
}

/// The entries of a managed identity policy; `at` is named where a text has no place of its own.
pub(super) fn entries(payload: &MappedText, at: FileSpan) -> Option<Vec<PolicyEntry>> {
    let objects = objects(payload)?;
    Some(objects.iter().map(|object| entry(object, payload, at)).collect())
}

fn entry(object: &Node, payload: &MappedText, at: FileSpan) -> PolicyEntry {
    let place = |span: Span| payload.source(span).unwrap_or(at);
    let identity = object.get("ObjectId").and_then(|node| node.string(payload));
    let usages = object.get("AllowedUsages").and_then(|node| node.string(payload));
    let usages = usages.map(|text| symbolic(&text));
    let Some(usages) = usages else {
        let identity = identity.map(|text| IdentityRef::new(&text, at));
        return PolicyEntry {
            identity,
            usages: Vec::new(),
            complete: false,
            at: place(object.span),
        };
    };
    let whole = usages.whole_source().unwrap_or_else(|| place(object.span));
    PolicyEntry {
        identity: identity.map(|text| IdentityRef::new(&text, at)),
        complete: usages.is_known(),
        usages: words(&usages, whole),
        at: whole,
    }
}

/// The words of `AllowedUsages`, which commas separate. A word with a hole is left out.
fn words(usages: &MappedText, at: FileSpan) -> Vec<UsageWord> {
    let mut words = Vec::new();
    let mut start = 0;
    for piece in usages.as_str().split(',') {
        let word = piece.trim();
        let from = start + offset(piece.len() - piece.trim_start().len());
        let span = Span::new(from, from + offset(word.len()));
        if !word.is_empty() && !usages.has_hole_in(span) {
            let at = usages.source(span).unwrap_or(at);
            words.push(UsageWord {
                usage: Usage::named(word),
                word: word.to_owned(),
                at,
            });
        }
        start += offset(piece.len()) + 1;
    }
    words
}
