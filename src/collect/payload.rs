//! The payload of managed identity policies, and the JSON of other policies.

use crate::facts::{FlawKind, Identity, IdentityRef, PolicyEntry, PolicyFlaw, UsageWord};
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

/// What the payload of a managed identity policy says.
pub(super) struct Payload {
    /// Its entries; `None` when it is no JSON at all.
    pub(super) entries: Option<Vec<PolicyEntry>>,
    /// What the service refuses in it.
    pub(super) flaws: Vec<PolicyFlaw>,
}

/// Reads the payload of a managed identity policy; `at` is named where a text has no place of its own.
///
/// A text with holes that is not JSON as it stands may be JSON once they are filled in: that is no flaw.
pub(super) fn identity_policy(payload: &MappedText, at: FileSpan) -> Payload {
    let place = |span: Span| payload.source(span).unwrap_or(at);
    let parsed = json::parse(payload, Dialect::Policy);
    if let Some(error) = parsed.errors.first() {
        let flaw = || PolicyFlaw {
            kind: FlawKind::NoJson(error.message.clone()),
            at: place(error.span),
        };
        let is_certain = symbolic(payload).is_known() && !error.limit;
        return Payload {
            entries: None,
            flaws: is_certain.then(flaw).into_iter().collect(),
        };
    }
    let mut flaws = Vec::new();
    let tree = parsed.tree;
    let nodes = match &tree.kind {
        Kind::Array(nodes) => nodes.as_slice(),
        // A single object stands for a list of one, so that what it grants is not taken for missing.
        kind => {
            flaws.push(PolicyFlaw {
                kind: FlawKind::NoList(kind_of(kind)),
                at: place(tree.span),
            });
            std::slice::from_ref(&tree)
        }
    };
    let mut entries = Vec::new();
    for node in nodes {
        match &node.kind {
            Kind::Object(_) => entries.push(entry(node, payload, at, &mut flaws)),
            // A value that is no list has been told of.
            _ if !matches!(tree.kind, Kind::Array(_)) => {}
            kind => flaws.push(PolicyFlaw {
                kind: FlawKind::NoObject(kind_of(kind)),
                at: place(node.span),
            }),
        }
    }
    Payload {
        entries: Some(entries),
        flaws,
    }
}

/// What a value is, for a sentence.
fn kind_of(kind: &Kind) -> &'static str {
    match kind {
        Kind::Null => "`null`",
        Kind::Bool(_) => "a truth value",
        Kind::Number(_) => "a number",
        Kind::String => "a text",
        Kind::Array(_) => "a list",
        Kind::Object(_) => "an object",
        Kind::Broken => "something unreadable",
    }
}

fn entry(object: &Node, payload: &MappedText, at: FileSpan, flaws: &mut Vec<PolicyFlaw>) -> PolicyEntry {
    let place = |span: Span| payload.source(span).unwrap_or(at);
    let mut flaw = |kind: FlawKind, span: Span| flaws.push(PolicyFlaw { kind, at: place(span) });
    let identity = object.get("ObjectId").and_then(|node| {
        let identity = node.string(payload).map(|text| IdentityRef::new(&text, at));
        match &identity {
            Some(named) if matches!(named.identity, Identity::Malformed) => {
                flaw(FlawKind::NoId(named.written.clone()), node.span);
            }
            Some(_) => {}
            None => flaw(FlawKind::NoId(kind_of(&node.kind).to_owned()), node.span),
        }
        identity
    });
    if object.get("ObjectId").is_none() {
        flaw(FlawKind::NoObjectId, object.span);
    }
    let usages = object.get("AllowedUsages");
    match usages.map(|node| (&node.kind, node.span)) {
        None => flaw(FlawKind::NoUsages, object.span),
        Some((Kind::String, _)) => {}
        Some((_, span)) => {
            let words = usages.map(Node::elements).unwrap_or_default().iter();
            let words: Option<Vec<_>> = words
                .map(|word| word.string(payload).and_then(|word| word.known().map(str::to_owned)))
                .collect();
            let joined = words.filter(|words| !words.is_empty()).map(|words| words.join(", "));
            flaw(FlawKind::UsagesNoText(joined), span);
        }
    }
    let Some(usages) = usages.and_then(|node| node.string(payload)).map(|text| symbolic(&text)) else {
        return PolicyEntry {
            identity,
            usages: Vec::new(),
            complete: false,
            at: place(object.span),
            end: None,
        };
    };
    let whole = usages.whole_source().unwrap_or_else(|| place(object.span));
    PolicyEntry {
        identity,
        complete: usages.is_known(),
        usages: words(&usages, whole),
        at: whole,
        end: usages.editable(end(usages.as_str())),
    }
}

/// Where another word can be added: after the last one, with the commas that nothing follows.
fn end(usages: &str) -> Span {
    let end = usages.trim_end().len();
    let of_words = usages.trim_end_matches(|c: char| c == ',' || c.is_whitespace()).len();
    Span::new(offset(of_words), offset(end))
}

/// The words of `AllowedUsages`, which commas separate. A word with a hole is left out.
fn words(usages: &MappedText, at: FileSpan) -> Vec<UsageWord> {
    let mut words = Vec::new();
    let mut start = 0;
    // Where the word before ends, with its comma or without.
    let mut before: Option<u32> = None;
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
                editable: usages.editable(span),
                with_comma: before.and_then(|before| usages.editable(Span::new(before, span.end))),
            });
        }
        before = Some(if word.is_empty() {
            start + offset(piece.len())
        } else {
            span.end
        });
        start += offset(piece.len()) + 1;
    }
    words
}
