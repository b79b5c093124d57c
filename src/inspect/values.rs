//! Values of templates as JSON, without the secrets in them.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use crate::arm::value::{Node, Unknown, Value};
use crate::redact::Redactor;
use crate::syntax::connection::MASK;
use crate::text::{FileId, FileSpan, HOLE, MappedText, Sources, Span, offset};

/// Shows values of the templates of a run. A text of which a part came from a secret in a file is shown without that
/// part, however it was cut, joined or changed since.
pub(super) struct Values<'s> {
    sources: &'s Sources,
    redactor: &'s Redactor,
}

impl<'s> Values<'s> {
    /// For values that came from these files.
    pub(super) fn of(sources: &'s Sources, redactor: &'s Redactor) -> Self {
        Self { sources, redactor }
    }

    /// The files.
    pub(super) fn sources(&self) -> &'s Sources {
        self.sources
    }

    /// A value as JSON. What is not known is an object with one member whose name starts with `$`.
    pub(super) fn show(&self, node: &Node) -> Json {
        match &node.value {
            Value::Null => Json::Null,
            Value::Bool(value) => json!(value),
            Value::Int(value) => json!(value),
            Value::Float(value) => json!(value),
            Value::String(text) => {
                let text = self.masked(text);
                if text.is_known() {
                    json!(text.as_str())
                } else {
                    json!({ "$partial": pieces(&text) })
                }
            }
            Value::Array(elements) => elements.iter().map(|element| self.show(element)).collect(),
            Value::Object(object) => {
                let members = object
                    .members()
                    .iter()
                    .map(|member| (self.masked(&member.name).display(), self.show(&member.node)));
                Json::Object(members.collect::<Map<_, _>>())
            }
            Value::Unknown(unknown) => json!({ "$unknown": &*unknown.why }),
            Value::OneOf(alternatives) => {
                let alternatives = alternatives
                    .iter()
                    .map(|one| json!({ "when": one.when.to_string(), "value": self.show(&one.node) }));
                json!({ "$oneOf": alternatives.collect::<Vec<_>>() })
            }
        }
    }

    /// The text with a mask in place of what came from secrets.
    pub(super) fn masked(&self, text: &MappedText) -> MappedText {
        let files: BTreeSet<FileId> = text.pieces().map(|piece| piece.file).collect();
        let mut hidden: Vec<Span> = Vec::new();
        for file in files {
            for secret in self.redactor.secrets_of(file) {
                hidden.extend(text.spans_from(FileSpan::new(file, *secret)));
            }
        }
        hidden.extend(self.redactor.pieces_in(text.as_str()));
        hidden.extend(self.redactor.random_in(text.as_str()));
        if hidden.is_empty() {
            return text.clone();
        }
        hidden.sort();
        let (mut out, mut at) = (MappedText::default(), 0);
        for span in hidden {
            if span.start < at {
                at = at.max(span.end);
                continue;
            }
            out.push_part(text, Span::new(at, span.start));
            out.push(&MappedText::computed(MASK, FileSpan::default()));
            at = span.end;
        }
        out.push_part(text, Span::new(at, text.len()));
        out
    }
}

/// The known pieces of a text and what stands between them.
fn pieces(text: &MappedText) -> Vec<Json> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for hole in text.holes() {
        let before = Span::new(from, hole.at).of_text(text.as_str());
        if !before.is_empty() {
            pieces.push(json!(before));
        }
        pieces.push(json!({ "$unknown": &*Unknown::of(hole.symbol.clone()).why }));
        from = hole.at + offset(HOLE.len_utf8());
    }
    let rest = Span::new(from, text.len()).of_text(text.as_str());
    if !rest.is_empty() {
        pieces.push(json!(rest));
    }
    pieces
}
