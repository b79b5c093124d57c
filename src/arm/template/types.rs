//! Types of parameters: what a declaration says by itself, and what the definitions it refers to say.

use std::sync::Arc;

use super::declared::Declared;
use crate::arm::value::{Member, NOT_LOOKED_AT, Node, Object, Value};
use crate::syntax::json;
use crate::text::{MappedText, Symbol};

/// Definitions that may refer to one another in a row; the service refuses circles.
const MAX_CHAIN: usize = 32;

/// Declarations that are looked through for secrets in one type; a larger one is taken to hold some.
const MAX_LOOKED_AT: u32 = 1000;

/// The types that a template declares.
#[derive(Clone, Copy)]
pub(super) struct Types<'d, 't> {
    /// Its definitions by name.
    pub(super) declared: &'d Declared<'t>,
    pub(super) template: &'t json::Node,
    pub(super) text: &'t MappedText,
}

/// A declaration and the definitions that it refers to, nearest first.
pub(super) struct Declaration<'t> {
    chain: Vec<&'t json::Node>,
    /// Whether a reference leads nowhere, out of the template or in a circle.
    lost: bool,
}

impl<'t> Types<'_, 't> {
    /// Follows the `$ref` of a declaration.
    pub(super) fn resolved(self, declaration: &'t json::Node) -> Declaration<'t> {
        let mut found = Declaration {
            chain: vec![declaration],
            lost: false,
        };
        let mut last = declaration;
        while let Some(reference) = last.get("$ref") {
            match self.definition(reference).filter(|_| found.chain.len() < MAX_CHAIN) {
                Some(next) => found.chain.push(next),
                None => {
                    found.lost = true;
                    break;
                }
            }
            last = found.chain.last().copied().unwrap_or(last);
        }
        found
    }

    /// What a JSON pointer into the template (`#/definitions/name`) leads to.
    fn definition(self, reference: &json::Node) -> Option<&'t json::Node> {
        let pointer = reference.string(self.text)?;
        let steps = pointer.known()?.strip_prefix("#/")?;
        let plain = |name: &&str| !name.contains(['/', '~', '%']);
        if let Some(name) = steps.strip_prefix("definitions/").filter(plain) {
            return Some(&self.declared.definition(self.template, name)?.value);
        }
        let mut node = self.template;
        for step in steps.split('/') {
            let name = percent_decoded(step)?.replace("~1", "/").replace("~0", "~");
            node = match &node.kind {
                json::Kind::Array(elements) => elements.get(name.parse::<usize>().ok()?)?,
                _ => node.get(&name)?,
            };
        }
        Some(node)
    }

    /// The value without what is a secret by its type: those properties are not known.
    pub(super) fn without_secrets(self, value: Node, declaration: &'t json::Node) -> Node {
        let mut left = MAX_LOOKED_AT;
        if self.holds_secrets(declaration, &mut left) {
            self.masked(value, declaration)
        } else {
            value
        }
    }

    /// Whether a value of that type may have a secret anywhere in it. `left` bounds types that hold themselves.
    fn holds_secrets(self, declaration: &'t json::Node, left: &mut u32) -> bool {
        let Some(rest) = left.checked_sub(1) else {
            return true;
        };
        *left = rest;
        let declared = self.resolved(declaration);
        if declared.is_secure(self.text) {
            return true;
        }
        declared
            .chain
            .iter()
            .any(|node| parts(node).any(|part| self.holds_secrets(part, left)))
    }

    /// Walks a value and its type side by side, as deep as the value goes.
    fn masked(self, node: Node, declaration: &'t json::Node) -> Node {
        let declared = self.resolved(declaration);
        if declared.is_secure(self.text) {
            return secret(&node);
        }
        let made = match &node.value {
            Value::Object(object) => {
                let members = object.members().iter().map(|member| {
                    let of = declared.properties(self, &member.name.canonical());
                    let node = of
                        .into_iter()
                        .fold(member.node.clone(), |node, kind| self.masked(node, kind));
                    Member {
                        name: member.name.clone(),
                        node,
                    }
                });
                Value::Object(Arc::new(Object::new(members.collect())))
            }
            Value::Array(elements) => {
                let elements = elements.iter().enumerate().map(|(index, element)| {
                    let of = declared.elements(index);
                    of.into_iter()
                        .fold(element.clone(), |node, kind| self.masked(node, kind))
                });
                Value::Array(Arc::new(elements.collect()))
            }
            _ => return node,
        };
        Node { value: made, ..node }
    }
}

impl<'t> Declaration<'t> {
    /// What the nearest declaration that has a member `name` says.
    pub(super) fn get(&self, name: &str) -> Option<&'t json::Node> {
        self.chain.iter().find_map(|node| node.get(name))
    }

    /// The type in lower case; empty when none is told.
    pub(super) fn kind(&self, text: &MappedText) -> String {
        let kind = self.get("type").and_then(|kind| kind.string(text));
        kind.map(|kind| kind.as_str().to_ascii_lowercase()).unwrap_or_default()
    }

    /// Whether the value is a secret by its type. A type that cannot be found may be one.
    pub(super) fn is_secure(&self, text: &MappedText) -> bool {
        let secure = |node: &&'t json::Node| {
            let kind = node.get("type").and_then(|kind| kind.string(text));
            kind.is_some_and(|kind| {
                let kind = kind.as_str();
                kind.eq_ignore_ascii_case("securestring") || kind.eq_ignore_ascii_case("secureobject")
            })
        };
        self.lost || self.chain.iter().any(secure)
    }

    /// Whether the value may be left out and is null then.
    pub(super) fn is_nullable(&self) -> bool {
        let says = |node: &&'t json::Node| {
            let nullable = node.get("nullable").map(|node| &node.kind);
            matches!(nullable, Some(json::Kind::Bool(true)))
        };
        self.chain.iter().any(says)
    }

    /// The types of the property of that name: of the object itself and of the forms that it may take.
    fn properties(&self, types: Types<'_, 't>, name: &str) -> Vec<&'t json::Node> {
        let mut found = Vec::new();
        for node in &self.chain {
            let own = node.get("properties").and_then(|properties| properties.get(name));
            found.extend(own.or_else(|| {
                node.get("additionalProperties")
                    .filter(|node| !node.members().is_empty())
            }));
            for form in forms(node).take(MAX_CHAIN) {
                let declared = types.resolved(form);
                let properties = declared.chain.iter().filter_map(|node| node.get("properties"));
                found.extend(properties.filter_map(|properties| properties.get(name)));
            }
        }
        found
    }

    /// The types of the element at `index`.
    fn elements(&self, index: usize) -> Option<&'t json::Node> {
        let fixed = self.get("prefixItems").and_then(|fixed| fixed.elements().get(index));
        fixed.or_else(|| self.get("items").filter(|items| !items.members().is_empty()))
    }
}

/// The forms that an object may take, by the property that tells them apart.
fn forms(node: &json::Node) -> impl Iterator<Item = &json::Node> {
    let mapping = node
        .get("discriminator")
        .and_then(|discriminator| discriminator.get("mapping"));
    let members = mapping.map(json::Node::members).unwrap_or_default();
    members.iter().map(|member| &member.value)
}

/// The declarations inside a declaration.
fn parts(node: &json::Node) -> impl Iterator<Item = &json::Node> {
    let properties = node.get("properties").map(json::Node::members).unwrap_or_default();
    let fixed = node.get("prefixItems").map(json::Node::elements).unwrap_or_default();
    let others = ["items", "additionalProperties"]
        .into_iter()
        .filter_map(|name| node.get(name))
        .filter(|node| !node.members().is_empty());
    properties
        .iter()
        .map(|member| &member.value)
        .chain(fixed)
        .chain(others)
        .chain(forms(node))
}

/// A value that is not looked at.
fn secret(node: &Node) -> Node {
    let symbol = Symbol::Expression(format!("secret⟨{}:{}⟩", node.site.file.0, node.site.span.start));
    let why = format!("it is secure by its type: {NOT_LOOKED_AT}");
    Node::written(Value::unknown(symbol, why), node.site)
}

/// A parameter's value of another type than the declared one, in the words of a message; `None` if it fits or
/// cannot be told.
pub(super) fn misfit(value: &Value, kind: &str) -> Option<String> {
    let fits = match (kind, value) {
        (_, Value::Unknown(_) | Value::OneOf(_) | Value::Null) => true,
        ("string" | "securestring", value) => matches!(value, Value::String(_)),
        ("int", value) => matches!(value, Value::Int(_) | Value::Float(_)),
        ("bool", value) => matches!(value, Value::Bool(_)),
        ("array", value) => matches!(value, Value::Array(_)),
        ("object" | "secureobject", value) => matches!(value, Value::Object(_)),
        _ => true,
    };
    (!fits).then(|| {
        format!(
            "is declared as `{kind}` and is given a value of type {}",
            value.type_name()
        )
    })
}

fn percent_decoded(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let mut digit = || bytes.next().and_then(|byte| char::from(byte).to_digit(16));
        let (high, low) = (digit()?, digit()?);
        out.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(out).ok()
}
