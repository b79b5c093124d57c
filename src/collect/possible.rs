//! From values of a template to the possible values that facts hold.

use super::Collector;
use crate::arm::evaluate::for_people;
use crate::arm::template::Resource;
use crate::arm::value::{Condition, Node, Property, Value};
use crate::facts::{IdentityRef, Known, Name, Possible};
use crate::text::{FileSpan, MappedText};

/// The values that the property at `path` of `node` may have. `absent` is the place that is named when it is
/// not there; `read` turns a value into what the fact holds.
pub(super) fn possible<T>(
    node: &Node,
    path: &[&str],
    when: &Condition,
    absent: FileSpan,
    read: &dyn Fn(&Node) -> Known<T>,
) -> Vec<Possible<T>> {
    let mut out = Vec::new();
    for (condition, alternative) in node.alternatives() {
        // One of several values is edited where it is used, unless it is written inside of that place.
        let inside = alternative.site.file == node.site.file
            && node.site.span.start <= alternative.site.span.start
            && alternative.site.span.end <= node.site.span.end;
        let alternative = if inside {
            alternative
        } else {
            alternative.used_at(node.site)
        };
        if let Some(when) = when.and(&condition) {
            step(&alternative, path, &when, absent, read, &mut out);
        }
    }
    out
}

fn step<T>(
    node: &Node,
    path: &[&str],
    when: &Condition,
    absent: FileSpan,
    read: &dyn Fn(&Node) -> Known<T>,
    out: &mut Vec<Possible<T>>,
) {
    let Some((name, rest)) = path.split_first() else {
        out.push(Possible {
            when: when.clone(),
            value: read(node),
            site: node.site,
            origin: node.origin,
            trail: node.trail.clone(),
        });
        return;
    };
    match node.property(name) {
        Property::Present(value) => out.extend(possible(&value, rest, when, absent, read)),
        Property::Absent => {
            // A `null` shows why it is not there, and an object that a condition chose, where.
            let null = node.null_property(name);
            let chosen = || (!when.is_always()).then(|| node.clone());
            let shown = null.or_else(chosen);
            out.push(Possible {
                when: when.clone(),
                value: Known::Absent,
                site: shown.as_ref().map_or(absent, |node| node.site),
                origin: shown.as_ref().map_or(absent, |node| node.origin),
                trail: shown.map_or_else(|| node.trail.clone(), |node| node.trail),
            });
        }
        Property::Unknown(unknown) => {
            let value = Known::Unknown(unknown.why.to_string());
            out.push(Possible {
                when: when.clone(),
                value,
                site: node.site,
                origin: node.site,
                trail: node.trail.clone(),
            });
        }
        Property::OneOf(_) => {}
    }
}

/// A truth value; the words "true" and "false" count as such.
pub(super) fn read_bool(node: &Node) -> Known<bool> {
    match &node.value {
        Value::Bool(value) => Known::Value(*value),
        Value::Null => Known::Absent,
        _ => match node.as_str().map(str::to_ascii_lowercase).as_deref() {
            Some("true") => Known::Value(true),
            Some("false") => Known::Value(false),
            _ => Known::Unknown(reason(node)),
        },
    }
}

/// A text in upper case.
pub(super) fn read_word(node: &Node) -> Known<String> {
    match (&node.value, node.as_str()) {
        (Value::Null, _) => Known::Absent,
        (_, Some(word)) => Known::Value(word.trim().to_uppercase()),
        _ => Known::Unknown(reason(node)),
    }
}

/// A whole number, also one written as a text.
pub(super) fn read_number(node: &Node) -> Known<i64> {
    match &node.value {
        Value::Null => Known::Absent,
        Value::Int(value) => Known::Value(*value),
        _ => match node.as_str().and_then(|text| text.trim().parse().ok()) {
            Some(value) => Known::Value(value),
            None => Known::Unknown(reason(node)),
        },
    }
}

/// A list of words, in lower case.
pub(super) fn read_words(node: &Node) -> Known<Vec<String>> {
    match &node.value {
        Value::Null => Known::Absent,
        Value::Array(elements) => {
            let words = elements
                .iter()
                .map(|element| Some(element.as_str()?.trim().to_lowercase()));
            match words.collect() {
                Some(words) => Known::Value(words),
                None => Known::Unknown("not every word of the list is known".to_owned()),
            }
        }
        _ => Known::Unknown(reason(node)),
    }
}

/// Values under the condition that the resource is deployed: what is said of it presumes that it is there.
pub(super) fn relative<T>(values: Vec<Possible<T>>, resource: &Resource) -> Vec<Possible<T>> {
    let mut values = values;
    for value in &mut values {
        value.when = value.when.without(&resource.condition);
    }
    values
}

/// Why a value can't be read.
pub(super) fn reason(node: &Node) -> String {
    match &node.value {
        Value::Unknown(unknown) => unknown.why.to_string(),
        Value::String(text) => match text.holes().first() {
            Some(hole) => crate::arm::value::Unknown::of(hole.symbol.clone()).why.to_string(),
            None => "the text that stands here is no value of the expected form".to_owned(),
        },
        Value::OneOf(_) => "it is one of several values".to_owned(),
        other => format!("a value of type {} stands here", other.type_name()),
    }
}

/// The forms that a property may have, each with its condition; `None` for one of which nothing is known.
pub(super) fn forms(property: Property) -> Vec<(Condition, Option<Node>)> {
    match property {
        Property::Absent => Vec::new(),
        Property::Unknown(_) => vec![(Condition::default(), None)],
        Property::Present(node) => {
            let forms = node
                .alternatives()
                .into_iter()
                .filter(|(_, node)| !matches!(node.value, Value::Null));
            forms
                .map(|(when, node)| (when, (!matches!(node.value, Value::Unknown(_))).then_some(node)))
                .collect()
        }
        Property::OneOf(properties) => {
            let nested = properties.into_iter().flat_map(|(when, property)| {
                forms(property)
                    .into_iter()
                    .filter_map(move |(also, node)| Some((when.and(&also)?, node)))
            });
            nested.collect()
        }
    }
}

/// The part of the object tree at `path` when it is there for certain.
pub(super) fn present(node: &Node, path: &[&str]) -> Option<Node> {
    let Some((name, rest)) = path.split_first() else {
        return Some(node.clone());
    };
    match node.property(name) {
        Property::Present(value) => present(&value, rest),
        _ => None,
    }
}

impl Collector<'_> {
    /// The name that a value holds; one of several is a name that is not known, and equal to itself.
    pub(super) fn name(&self, node: &Node) -> Name {
        match node.as_text() {
            Some(text) if text.is_known() => Name::of(&text),
            Some(text) => Name::symbolic(&text.canonical(), &self.shown(node)),
            None => Name::symbolic(&node.canonical(), &self.shown(node)),
        }
    }

    /// How a value is called in a sentence.
    pub(super) fn shown(&self, node: &Node) -> String {
        let shown = node.as_text().map(|text| match text.sole_hole() {
            Some(symbol) => for_people(&symbol.to_string()),
            None => for_people(&text.display()),
        });
        shown
            .filter(|shown| shown.len() <= 60)
            .unwrap_or_else(|| self.written(node.site))
    }

    /// The identity that a value names where an object id is expected.
    pub(super) fn identity(&self, node: &Node) -> Option<IdentityRef> {
        let text = node.as_text()?;
        let mut identity = IdentityRef::new(&text, node.site);
        if !text.is_known() {
            identity.at = node.site;
            identity.written = self.written(node.site);
        }
        Some(identity)
    }
}

/// The part of a text after its last `/`, and before it.
pub(super) fn split_last(text: &MappedText) -> (MappedText, MappedText) {
    let at = text.as_str().rfind('/');
    let end = text.len();
    match at {
        Some(at) => (
            text.part(crate::text::Span::of(0, at)),
            text.part(crate::text::Span::of(at + 1, end as usize)),
        ),
        None => (MappedText::default(), text.clone()),
    }
}
