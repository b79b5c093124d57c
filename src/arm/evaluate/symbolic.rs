//! Names of values that are not known: equal expressions over equal values get equal symbols.

use std::sync::Arc;

use super::Budget;
use super::budget::NODE_WEIGHT;
use crate::arm::functions::sha1;
use crate::arm::value::{Alternative, Atom, Condition, Node, Unknown, Value};
use crate::text::{FileSpan, HOLE, MappedText, Span, Symbol, offset};

/// Longest canonical text that is kept as it is; longer ones end in their hash.
const MAX_SYMBOL: usize = 2048;

/// Longest canonical text that is made at all.
const MAX_CANONICAL: usize = 1 << 18;

/// The text of a symbol inside the text of another.
fn symbol_text(symbol: &Symbol) -> String {
    match symbol {
        Symbol::Parameter { scope, name } if scope.is_empty() => format!("parameters('{name}')"),
        Symbol::Parameter { scope, name } => format!("parameters('{name}')⟨{scope}⟩"),
        // Resources of one name in two groups look alike to people and are not.
        Symbol::Reference { resource, .. } | Symbol::List { resource, .. } => {
            match resource.rsplit_once("/providers/").map(|(place, _)| place) {
                Some("") | None => symbol.to_string(),
                Some(place) => format!("{symbol}⟨{}⟩", place.to_lowercase()),
            }
        }
        _ => symbol.to_string(),
    }
}

/// The text of a symbol without what only tells equal names apart (`⟨…⟩`).
#[must_use]
pub fn for_people(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0_u32;
    for character in text.chars() {
        match character {
            '⟨' => depth += 1,
            '⟩' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(character),
            _ => {}
        }
    }
    out
}

/// The conditions that a test which is not known has come out true, and false.
#[must_use]
pub fn truth(test: &Unknown) -> (Condition, Condition) {
    let atom = |value: &str| {
        Condition::that(Atom {
            subject: test.symbol.key(),
            name: match &*test.symbol {
                Symbol::Parameter { name, .. } => format!("`{name}`"),
                symbol => format!("`{}`", for_people(&symbol.to_string())),
            },
            value: value.to_owned(),
        })
    };
    (atom("true"), atom("false"))
}

/// The conditions under which a test (of `if()`, or the `condition` of a resource) comes out true, and those
/// under which it comes out false; neither for a value that is no truth value.
#[must_use]
pub fn outcomes(test: &Node) -> (Vec<Condition>, Vec<Condition>) {
    let (mut yes, mut no) = (Vec::new(), Vec::new());
    for (when, node) in test.alternatives() {
        match &node.value {
            Value::Bool(true) => yes.push(when),
            Value::Bool(false) => no.push(when),
            Value::Unknown(unknown) => {
                let (is_true, is_false) = truth(unknown);
                yes.extend(when.and(&is_true));
                no.extend(when.and(&is_false));
            }
            _ => {}
        }
    }
    (yes, no)
}

/// Canonical text of a value inside the canonical text of a call; `None` when it is too long.
pub(in crate::arm) fn argument_text(node: &Node) -> Option<String> {
    let mut out = String::new();
    write(node, &mut out).then_some(out)
}

fn write(node: &Node, out: &mut String) -> bool {
    match &node.value {
        Value::Null => out.push_str("null()"),
        Value::Bool(value) => out.push_str(if *value { "true()" } else { "false()" }),
        Value::Int(value) => out.push_str(&value.to_string()),
        Value::Float(value) => out.push_str(&value.to_string()),
        Value::String(text) => write_text(text, out),
        Value::Unknown(unknown) => out.push_str(&symbol_text(&unknown.symbol)),
        Value::Array(elements) => {
            out.push('[');
            for (index, element) in elements.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                if !write(element, out) {
                    return false;
                }
            }
            out.push(']');
        }
        Value::Object(object) => {
            out.push('{');
            for (index, member) in object.members().iter().enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                write_text(&member.name, out);
                out.push_str(": ");
                if !write(&member.node, out) {
                    return false;
                }
            }
            out.push('}');
        }
        Value::OneOf(alternatives) => {
            for (index, alternative) in alternatives.iter().enumerate() {
                out.push_str(if index == 0 { "(" } else { " or " });
                if !write(&alternative.node, out) {
                    return false;
                }
                out.push_str(&format!(" {}", alternative.when));
            }
            out.push(')');
        }
    }
    out.len() <= MAX_CANONICAL
}

fn write_text(text: &MappedText, out: &mut String) {
    out.push('\'');
    let mut from = 0;
    for hole in text.holes() {
        let known = Span::new(from, hole.at).of_text(text.as_str());
        out.push_str(&known.replace('\'', "''"));
        out.push_str(&format!("{{{}}}", symbol_text(&hole.symbol)));
        from = hole.at + offset(HOLE.len_utf8());
    }
    let known = Span::new(from, text.len()).of_text(text.as_str());
    out.push_str(&known.replace('\'', "''"));
    out.push('\'');
}

/// The symbol of a canonical text.
pub(in crate::arm) fn expression_symbol(text: String) -> Symbol {
    if text.len() <= MAX_SYMBOL {
        return Symbol::Expression(text);
    }
    let hash: String = sha1(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let head: String = text.chars().take(200).collect();
    Symbol::Expression(format!("{head}…⟨{hash}⟩"))
}

/// The symbol of a text that means another value at every place.
pub(in crate::arm) fn placed_symbol(text: &str, site: FileSpan) -> Symbol {
    expression_symbol(format!("{text}⟨{}:{}⟩", site.file.0, site.span.start))
}

/// The symbol of a call whose result is not known.
pub(in crate::arm) fn call_symbol(name: &str, args: &[Node], budget: &Budget, site: FileSpan) -> Symbol {
    let mut text = format!("{name}(");
    for (index, arg) in args.iter().enumerate() {
        text.push_str(if index == 0 { "" } else { ", " });
        match argument_text(arg) {
            Some(arg) if text.len() + arg.len() <= MAX_CANONICAL => text.push_str(&arg),
            // Too long to compare: a value of its own.
            _ => {
                budget.charge(0, MAX_CANONICAL);
                return placed_symbol(&format!("{name}(…)⟨{}⟩", budget.steps()), site);
            }
        }
    }
    text.push(')');
    budget.charge(0, text.len());
    expression_symbol(text)
}

/// The symbol of a value that is one of so many that they are not followed. It does not grow with them: a
/// value made of it, and another one made of that, would double it each time.
pub(in crate::arm) fn alternatives_symbol(alternatives: &[Alternative], site: FileSpan) -> Symbol {
    let mut text = String::from("oneof(");
    for alternative in alternatives {
        if !write(&alternative.node, &mut text) {
            return placed_symbol("oneof(…)", site);
        }
        text.push_str(&format!(" {}|", alternative.when));
    }
    text.push(')');
    expression_symbol(text)
}

/// The symbol of what a deployment makes of a resource; equal ids give equal symbols.
pub(in crate::arm) fn reference_symbol(resource: String, full: bool) -> Symbol {
    if resource.len() <= MAX_SYMBOL {
        return Symbol::Reference {
            resource,
            full,
            path: Vec::new(),
        };
    }
    let full = if full { ", 'full'" } else { "" };
    expression_symbol(format!("reference('{resource}'{full})"))
}

/// The symbol of what an action of a resource answers: `function` of the resource with the `arguments` after it.
/// `None` when it would be too long to be kept as such.
pub(in crate::arm) fn list_symbol(
    function: &str,
    resource: String,
    arguments: &[Node],
    budget: &Budget,
) -> Option<Symbol> {
    let mut text = String::new();
    for (index, argument) in arguments.iter().enumerate() {
        text.push_str(if index == 0 { "" } else { ", " });
        let argument = argument_text(argument);
        budget.charge(0, argument.as_ref().map_or(MAX_CANONICAL, String::len));
        text.push_str(&argument?);
    }
    (resource.len() + text.len() <= MAX_SYMBOL).then(|| Symbol::List {
        function: function.to_owned(),
        resource,
        arguments: text,
        path: Vec::new(),
    })
}

/// The hole that stands for `function(hole)`.
pub(in crate::arm) fn wrapped(function: &str, symbol: &Symbol, rest: &str) -> Arc<Symbol> {
    Arc::new(expression_symbol(format!("{function}({}{rest})", symbol_text(symbol))))
}

/// Steps after the call that a symbol keeps as such; no resource nests deeper.
const MAX_PATH: usize = 64;

/// The property or element of something that is not known, as a symbol.
pub(super) fn extended(symbol: &Symbol, step: &str, accessor: &str) -> Symbol {
    let longer = |path: &[String]| path.iter().cloned().chain([step.to_owned()]).collect();
    match symbol {
        Symbol::Reference { resource, full, path } if path.len() < MAX_PATH => Symbol::Reference {
            resource: resource.clone(),
            full: *full,
            path: longer(path),
        },
        Symbol::List {
            function,
            resource,
            arguments,
            path,
        } if path.len() < MAX_PATH => Symbol::List {
            function: function.clone(),
            resource: resource.clone(),
            arguments: arguments.clone(),
            path: longer(path),
        },
        _ => expression_symbol(format!("{}{accessor}", symbol_text(symbol))),
    }
}

/// How many characters the value of a symbol has, where that is certain; they are lower-case letters,
/// digits and hyphens then.
pub(in crate::arm) fn fixed_length(symbol: &Symbol) -> Option<usize> {
    let Symbol::Expression(text) = symbol else {
        return None;
    };
    let text = for_people(text);
    let whole = text.ends_with(')') || text.ends_with('…');
    match text.split_once('(') {
        Some(("uniqueString", _)) if whole => Some(13),
        Some(("guid" | "newGuid", _)) if whole => Some(36),
        _ => None,
    }
}

/// How deep lists and objects may nest in a value.
const MAX_NESTING: u32 = 256;

/// The size of a value in bytes; `None` when it is larger than `limit` or nested too deep.
pub(in crate::arm) fn weight(node: &Node, limit: usize) -> Option<usize> {
    let mut rest = limit;
    take_weight(node, &mut rest, MAX_NESTING)?;
    Some(limit - rest)
}

fn take_weight(node: &Node, rest: &mut usize, nesting: u32) -> Option<()> {
    *rest = rest.checked_sub(NODE_WEIGHT)?;
    let inner = nesting.checked_sub(1)?;
    match &node.value {
        Value::String(text) => {
            *rest = rest.checked_sub(text.as_str().len())?;
            Some(())
        }
        Value::Array(elements) => elements
            .iter()
            .try_for_each(|element| take_weight(element, rest, inner)),
        Value::Object(object) => object.members().iter().try_for_each(|member| {
            *rest = rest.checked_sub(member.name.as_str().len())?;
            take_weight(&member.node, rest, inner)
        }),
        Value::OneOf(alternatives) => alternatives
            .iter()
            .try_for_each(|alternative| take_weight(&alternative.node, rest, inner)),
        _ => Some(()),
    }
}
