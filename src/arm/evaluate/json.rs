//! Evaluation of whole JSON values.

use std::sync::Arc;

use super::budget::{MAX_WEIGHT, NODE_WEIGHT};
use super::{EvalError, Scope, evaluate_copy, evaluate_text, weight};
use crate::arm::value::{Member, Node, Object, Value};
use crate::syntax::expression::{is_escaped, is_expression};
use crate::syntax::json;
use crate::text::{FileId, FileSpan, MappedText, Span};

/// Bytes of a value that are weighed in one step of the budget.
const WEIGHT_A_STEP: usize = 64 * NODE_WEIGHT;

/// Evaluates a JSON value of a template with all expressions in it. An expression that fails is not
/// known; the error is its reason and goes to [`Scope::report`].
#[must_use]
pub fn evaluate_json(node: &json::Node, source: &MappedText, file: FileId, scope: &dyn Scope) -> Node {
    let reader = Reader { source, file, scope };
    let result = reader.node(node);
    let weighed = weight(&result, MAX_WEIGHT);
    // A value may share its parts with others, which weigh again in each: the walk through them takes its time.
    let walked = weighed.unwrap_or(MAX_WEIGHT) / WEIGHT_A_STEP;
    scope.budget().charge(u64::try_from(walked).unwrap_or(u64::MAX), 0);
    if weighed.is_none() {
        let message = format!("a value is larger than {MAX_WEIGHT} bytes or nested too deep");
        return reader.error(EvalError::limit(result.site, message), "…", result.site);
    }
    result
}

/// A JSON value in which no text is an expression: an entry of a parameter file, the result of `json()`.
#[must_use]
pub fn literal_json(node: &json::Node, source: &MappedText, file: FileId) -> Node {
    let site = source
        .source(node.span)
        .unwrap_or_else(|| FileSpan::new(file, node.span));
    let value = match &node.kind {
        json::Kind::Null => Value::Null,
        json::Kind::Broken => Value::unknown(super::placed_symbol("…", site), "the JSON value cannot be read"),
        json::Kind::Bool(value) => Value::Bool(*value),
        json::Kind::Number(digits) => number(digits),
        json::Kind::String => Value::text(node.string(source).unwrap_or_default()),
        json::Kind::Array(elements) => {
            let elements = elements.iter().map(|element| literal_json(element, source, file));
            Value::Array(Arc::new(elements.collect()))
        }
        json::Kind::Object(members) => {
            let members = members.iter().map(|member| Member {
                name: written_name(member, source),
                node: literal_json(&member.value, source, file),
            });
            Value::Object(Arc::new(Object::new(members.collect())))
        }
    };
    Node::written(value, site)
}

/// The decoded name of a member with its places.
fn written_name(member: &json::Member, source: &MappedText) -> MappedText {
    let name = json::Node {
        span: member.name_span,
        kind: json::Kind::String,
    };
    name.string(source).unwrap_or_default()
}

/// What an object takes in memory, at least.
const OBJECT: usize = 512;

#[derive(Clone, Copy)]
struct Reader<'a> {
    source: &'a MappedText,
    file: FileId,
    scope: &'a dyn Scope,
}

impl Reader<'_> {
    /// Where a value stands in its file; the text need not be that of the file itself.
    fn site(&self, span: Span) -> FileSpan {
        self.source
            .source(span)
            .unwrap_or_else(|| FileSpan::new(self.file, span))
    }

    fn error(&self, error: EvalError, text: &str, site: FileSpan) -> Node {
        if self.scope.budget().is_news(&error) {
            self.scope.report(error.clone());
        }
        error.into_node(text, site)
    }

    fn node(&self, node: &json::Node) -> Node {
        let site = self.site(node.span);
        let budget = self.scope.budget();
        budget.charge(0, NODE_WEIGHT);
        if let Err(error) = budget.enter(site) {
            return self.error(error, "…", site);
        }
        let result = self.inner(node, site);
        budget.leave();
        result
    }

    fn inner(&self, node: &json::Node, site: FileSpan) -> Node {
        let value = match &node.kind {
            json::Kind::Null => Value::Null,
            json::Kind::Bool(value) => Value::Bool(*value),
            json::Kind::Number(text) => number(text),
            json::Kind::String => {
                let text = node.string(self.source).unwrap_or_default();
                return self.string(text, site);
            }
            json::Kind::Array(elements) => {
                Value::Array(Arc::new(elements.iter().map(|element| self.node(element)).collect()))
            }
            json::Kind::Object(members) => return self.object(members, site),
            json::Kind::Broken => {
                let error = EvalError::failed(site, "the JSON value cannot be read");
                return error.into_node("…", site);
            }
        };
        Node::written(value, site)
    }

    fn string(&self, text: MappedText, site: FileSpan) -> Node {
        self.scope.budget().charge(0, text.as_str().len());
        // Only expressions fail.
        let shown = if is_expression(text.as_str()) {
            text.display()
        } else {
            String::new()
        };
        evaluate_text(text, site, self.scope).unwrap_or_else(|error| self.error(error, &shown, site))
    }

    fn object(&self, members: &[json::Member], site: FileSpan) -> Node {
        if let Err(error) = self.scope.budget().take_bytes(OBJECT, site) {
            return self.error(error, "…", site);
        }
        let mut made = Vec::with_capacity(members.len());
        for member in members {
            let is_copy = member.name.eq_ignore_ascii_case("copy") && matches!(member.value.kind, json::Kind::Array(_));
            if is_copy {
                made.extend(member.value.elements().iter().map(|entry| self.copied(entry)));
                continue;
            }
            let node = self.node(&member.value);
            match self.name(member) {
                Ok(name) => made.push(Member { name, node }),
                Err(failed) => return failed.used_at(site),
            }
        }
        Node::written(Value::Object(Arc::new(Object::new(made))), site)
    }

    fn copied(&self, entry: &json::Node) -> Member {
        Member {
            name: entry
                .get("name")
                .and_then(|name| name.string(self.source))
                .unwrap_or_default(),
            node: evaluate_copy(entry, self.source, self.file, self.scope),
        }
    }

    /// The name of a member, which may be an expression; an unknown value if it has none.
    fn name(&self, member: &json::Member) -> Result<MappedText, Node> {
        let site = self.site(member.name_span);
        let text = written_name(member, self.source);
        self.scope.budget().charge(0, text.as_str().len());
        if !is_expression(text.as_str()) && !is_escaped(text.as_str()) {
            return Ok(text);
        }
        let shown = text.display();
        match evaluate_text(text, site, self.scope) {
            Ok(node) => match (node.as_text(), node.value) {
                (Some(name), _) => Ok(name),
                (None, Value::OneOf(_)) => {
                    let symbol = super::placed_symbol(&shown, site);
                    Ok(MappedText::hole(Arc::new(symbol), site))
                }
                (None, value) => {
                    let message = format!("the name of a property must be a text, not {}", value.type_name());
                    Err(self.error(EvalError::failed(site, message), &shown, site))
                }
            },
            Err(error) => Err(self.error(error, &shown, site)),
        }
    }
}

/// The value of a JSON number.
fn number(text: &str) -> Value {
    match text.parse() {
        Ok(whole) => Value::Int(whole),
        Err(_) => text.parse().map_or(Value::Null, Value::Float),
    }
}
