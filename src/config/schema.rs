//! The JSON schema of the file, for editors: made of the tables by which the parser checks.

use serde_json::{Map, Value, json};

use super::SECTIONS;
use super::check::whole;
use super::rules::{NEVER_OFF, words_of};
use super::shape::{Form, Key, Kind, MOST_ELEMENTS};
use super::suppress::NEVER_SUPPRESSED;

/// Where the schema is to be found.
pub const SCHEMA_ID: &str = "kustolint.schema.json";

/// The schema, in JSON Schema draft 07, which editors for TOML know. `rules` are the names of the rules with their
/// summaries.
///
/// It knows all but what lies between two places of a file: that `[[granted]]` names an identity that there is, that no
/// id stands for two identities, that patterns are sound and not too many.
#[must_use]
pub fn schema(rules: &[(&str, &str)]) -> Value {
    let mut root = object(SECTIONS, false);
    if let Some(members) = root.as_object_mut() {
        let head = json!({
            "$schema": "http://json-schema.org/draft-07/schema#",
            "$id": SCHEMA_ID,
            "title": "kustolint.toml",
            "description": "The configuration of kustolint",
        });
        let own = std::mem::take(members);
        if let Value::Object(head) = head {
            members.extend(head);
        }
        members.extend(own);
        let suppressed = rules
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| !NEVER_SUPPRESSED.contains(name));
        let suppressed: Vec<&str> = suppressed.collect();
        let rule = json!({ "enum": suppressed });
        members.insert(
            "definitions".to_owned(),
            json!({ "rule": rule, "rules": of_rules(rules) }),
        );
    }
    root
}

fn of_rules(rules: &[(&str, &str)]) -> Value {
    let member = |(name, summary): &(&str, &str)| {
        let words = words_of(name);
        ((*name).to_owned(), json!({ "description": summary, "enum": words }))
    };
    let members: Map<String, Value> = rules.iter().map(member).collect();
    debug_assert!(NEVER_OFF.len() <= rules.len(), "all rules are given");
    json!({ "type": "object", "additionalProperties": false, "properties": members })
}

/// A table with these keys. In one that needs `some`, at least one stands.
fn object(keys: &[Key], some: bool) -> Value {
    let members: Map<String, Value> = keys.iter().map(|key| (key.name.to_owned(), member(key))).collect();
    let required: Vec<&str> = keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    let mut object = json!({ "type": "object", "additionalProperties": false, "properties": members });
    if !required.is_empty() {
        set(&mut object, "required", json!(required));
    }
    if some {
        set(&mut object, "minProperties", json!(1));
    }
    object
}

fn member(key: &Key) -> Value {
    let mut member = of(key.kind);
    let described = match member.get("$ref") {
        // In draft 07 nothing counts beside a reference.
        Some(_) => json!({ "description": key.doc, "allOf": [member] }),
        None => {
            set(&mut member, "description", json!(key.doc));
            member
        }
    };
    let mut member = described;
    // Defaults are TOML of one line that is JSON as well.
    if let Ok(default) = serde_json::from_str::<Value>(key.default) {
        set(&mut member, "default", default);
    }
    member
}

fn of(kind: Kind) -> Value {
    match kind {
        Kind::Word(words) => json!({ "enum": (words.list)() }),
        Kind::Text(form) => text(form),
        Kind::Yes => json!({ "const": true }),
        Kind::List(kind) => json!({ "type": "array", "maxItems": MOST_ELEMENTS, "items": of(*kind) }),
        Kind::OneOrMore(kind) => {
            let list = json!({ "type": "array", "minItems": 1, "maxItems": MOST_ELEMENTS, "items": of(*kind) });
            json!({ "anyOf": [of(*kind), list] })
        }
        Kind::Rule => json!({ "$ref": "#/definitions/rule" }),
        Kind::Day => json!({ "type": "string", "pattern": whole("[0-9]{4}-[0-9]{2}-[0-9]{2}") }),
        Kind::Table(keys) => object(keys, false),
        Kind::Tables([keys]) => list(object(keys, false)),
        Kind::Tables(forms) => {
            let forms: Vec<Value> = forms.iter().map(|keys| object(keys, false)).collect();
            list(json!({ "oneOf": forms }))
        }
        Kind::Map(form, kind) => {
            let values = match kind {
                Kind::Table(keys) => object(keys, true),
                other => of(*other),
            };
            json!({
                "type": "object", "maxProperties": MOST_ELEMENTS,
                "propertyNames": text(form), "additionalProperties": values,
            })
        }
        Kind::Rules => json!({ "$ref": "#/definitions/rules" }),
    }
}

fn list(items: Value) -> Value {
    json!({ "type": "array", "maxItems": MOST_ELEMENTS, "items": items })
}

fn text(form: &Form) -> Value {
    json!({ "type": "string", "maxLength": form.longest, "pattern": whole(form.pattern) })
}

fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}
