//! Values as texts and texts as values: `string()` and `json()`.

use super::{Call, Function, Outcome, Stop, plain};
use crate::arm::evaluate::{MAX_TEXT, literal_json, wrapped};
use crate::arm::value::{Node, Value};
use crate::syntax::json::{self, Dialect};
use crate::text::{MappedText, Span};

pub(super) static FUNCTIONS: &[Function] = &[
    plain("string", 1, 1, string),
    plain("json", 1, 1, |call, args| read(call, &call.text_arg(args, 0)?)),
];

/// A value as `concat()`, `format()` and `join()` write it; how they write lists and objects is not
/// documented.
pub(super) fn scalar_text(node: &Node) -> Result<MappedText, Stop> {
    let text = match &node.value {
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => float_text(*value)?,
        Value::Null => String::new(),
        _ => return node.as_text().ok_or(Stop::Unknown),
    };
    Ok(MappedText::computed(text, node.origin))
}

fn string(call: &Call<'_>, args: &[Node]) -> Outcome {
    let node = call.arg(args, 0)?;
    match &node.value {
        Value::String(_) => Ok(node.clone().used_at(call.site)),
        Value::Unknown(_) | Value::Null => Err(Stop::Unknown),
        Value::Array(_) | Value::Object(_) => {
            let mut out = MappedText::default();
            write_json(call, node, &mut out)?;
            call.text(out)
        }
        _ => call.text(scalar_text(node)?),
    }
}

/// A number with a fraction; how the service writes very large and very small ones is not known.
fn float_text(value: f64) -> Result<String, Stop> {
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e15).contains(&size) {
        return Err(Stop::Unknown);
    }
    Ok(value.to_string())
}

/// Writes a value as JSON without white space.
fn write_json(call: &Call<'_>, node: &Node, out: &mut MappedText) -> Result<(), Stop> {
    if out.as_str().len() > MAX_TEXT {
        return Err(Stop::Limit(format!(
            "`{}` makes a text of more than {MAX_TEXT} bytes",
            call.name
        )));
    }
    let mut push = |text: &str| out.push(&MappedText::computed(text, node.origin));
    match &node.value {
        Value::Null => push("null"),
        Value::Bool(value) => push(if *value { "true" } else { "false" }),
        Value::Int(value) => push(&value.to_string()),
        // Newtonsoft writes a fraction, always.
        Value::Float(_) | Value::OneOf(_) => return Err(Stop::Unknown),
        Value::Object(object) if object.has_variants() => return Err(Stop::Unknown),
        Value::String(text) => quote(text, node, out),
        Value::Unknown(unknown) => {
            let symbol = wrapped("jsonText", &unknown.symbol, "");
            out.push(&MappedText::hole(symbol, node.site));
        }
        Value::Array(elements) => {
            push("[");
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    out.push(&MappedText::computed(",", node.origin));
                }
                write_json(call, element, out)?;
            }
            out.push(&MappedText::computed("]", node.origin));
        }
        Value::Object(object) => {
            push("{");
            for (index, member) in object.members().iter().enumerate() {
                if index > 0 {
                    out.push(&MappedText::computed(",", node.origin));
                }
                quote(&member.name, node, out);
                out.push(&MappedText::computed(":", node.origin));
                write_json(call, &member.node, out)?;
            }
            out.push(&MappedText::computed("}", node.origin));
        }
    }
    Ok(())
}

/// Writes a text as a JSON string; holes stay holes.
fn quote(text: &MappedText, node: &Node, out: &mut MappedText) {
    out.push(&MappedText::computed("\"", node.origin));
    let mut plain = 0;
    for (at, character) in text.as_str().char_indices() {
        let escape = match character {
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            '\n' => "\\n".to_owned(),
            '\r' => "\\r".to_owned(),
            '\t' => "\\t".to_owned(),
            '\u{8}' => "\\b".to_owned(),
            '\u{c}' => "\\f".to_owned(),
            '\u{85}' | '\u{2028}' | '\u{2029}' | '\0'..' ' => format!("\\u{:04x}", u32::from(character)),
            _ => continue,
        };
        let span = Span::of(at, at + character.len_utf8());
        out.push_part(text, Span::new(plain, span.start));
        out.push_decoded(&escape, text, span);
        plain = span.end;
    }
    out.push_part(text, Span::new(plain, text.len()));
    out.push(&MappedText::computed("\"", node.origin));
}

/// The value that a JSON text stands for. Its texts keep the places that they have in `text`.
pub(super) fn read(call: &Call<'_>, text: &MappedText) -> Outcome {
    let parsed = json::parse(text, Dialect::Policy);
    if let Some(error) = parsed.errors.first() {
        return if error.limit {
            Err(Stop::Limit(error.message.clone()))
        } else if text.is_known() {
            call.failed(format_args!("cannot read the text as JSON: {}", error.message))
        } else {
            Err(Stop::Unknown)
        };
    }
    Ok(literal_json(&parsed.tree, text, call.site.file).used_at(call.site))
}
