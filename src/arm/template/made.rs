//! Templates that stand in a variable, or that are the content of another resource: their own expressions are
//! escaped, so that the template around them does not evaluate them.

use crate::syntax::expression::{Expression, Kind};
use crate::syntax::expression::{inner_span, is_escaped, parse};
use crate::syntax::{Parsed, json};
use crate::text::{MappedText, Span};

use super::scope::TemplateScope;

/// The variable whose value an expression is, if it is nothing but that: `[variables('name')]`.
pub(super) fn variable<'t>(template: &TemplateScope<'t>, node: &json::Node) -> Option<&'t json::Node> {
    let text = node.string(template.source.text)?;
    let inner = inner_span(&text).filter(|_| !is_escaped(text.as_str()))?;
    let Kind::Call(call) = parse(&text, inner).tree.kind else {
        return None;
    };
    let [
        Expression {
            kind: Kind::String(name),
            ..
        },
    ] = call.args.as_slice()
    else {
        return None;
    };
    if !call.name.eq_ignore_ascii_case("variables") || call.namespace.is_some() {
        return None;
    }
    let member = template.declared.variable(template.template, name.known()?)?;
    (!member.value.members().is_empty()).then_some(&member.value)
}

/// The text of a template without the escapes of its expressions (`[[` at the start of a string).
pub(super) fn unescaped(text: &MappedText, template: &json::Node) -> (MappedText, Parsed<json::Node>) {
    let mut escapes = Vec::new();
    collect(text, template, &mut escapes);
    let mut made = MappedText::default();
    let mut from = template.span.start;
    for at in escapes {
        made.push_part(text, Span::new(from, at));
        from = at + 1;
    }
    made.push_part(text, Span::new(from, template.span.end));
    let parsed = json::parse(&made, json::Dialect::Template);
    (made, parsed)
}

/// The places of the brackets that escape an expression, in the order of the text. The tree is as deep as the parser
/// lets it be.
fn collect(text: &MappedText, node: &json::Node, escapes: &mut Vec<u32>) {
    match &node.kind {
        json::Kind::String => {
            let inside = Span::new(node.span.start + 1, node.span.end).of_text(text.as_str());
            if inside.starts_with("[[") {
                escapes.push(node.span.start + 1);
            }
        }
        json::Kind::Array(elements) => elements.iter().for_each(|element| collect(text, element, escapes)),
        json::Kind::Object(members) => members.iter().for_each(|member| collect(text, &member.value, escapes)),
        _ => {}
    }
}
