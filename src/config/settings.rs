//! What a file sets, one by one, each with its place; and what holds without it.

use serde_json::{Map, Value};
use toml::de::{DeTable, DeValue};

use super::SECTIONS;
use super::read::span_of;
use super::shape::{Key, Kind};
use crate::text::Span;

/// A setting.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Its name: `files.exclude`, `granted[0].usages`.
    pub name: String,
    /// What it is set to.
    pub value: Value,
    /// Who says so.
    pub from: Origin,
}

/// Where a setting comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is what holds without a file.
    Default,
    /// The characters of the file that set it.
    File(Span),
}

/// The settings of a file that is right, in the order of the sections, and in the end the defaults of keys that it leaves
/// out. Those of rules that are not set are not among them: what they are, their pages say.
#[must_use]
pub fn settings(text: &str) -> Vec<Setting> {
    let mut found = Vec::new();
    let root = DeTable::parse(text).ok();
    for section in SECTIONS {
        let value = root.as_ref().and_then(|root| find(root.get_ref(), section.name));
        if let Some((value, at)) = value {
            add(section.name, value, at, &mut found);
        }
        if let Kind::Table(keys) = section.kind {
            found.extend(
                keys.iter()
                    .filter_map(|key| default(section.name, key, value.map(|(value, _)| value))),
            );
        }
    }
    found
}

/// The default of a key that a section leaves out.
fn default(section: &str, key: &Key, value: Option<&DeValue<'_>>) -> Option<Setting> {
    let table = value.and_then(DeValue::as_table);
    if table.is_some_and(|table| find(table, key.name).is_some()) {
        return None;
    }
    Some(Setting {
        name: format!("{section}.{}", key.name),
        value: serde_json::from_str(key.default).ok()?,
        from: Origin::Default,
    })
}

fn find<'v, 'i>(table: &'v DeTable<'i>, name: &str) -> Option<(&'v DeValue<'i>, Span)> {
    let found = table.iter().find(|(key, _)| key.get_ref() == name);
    found.map(|(_, value)| (value.get_ref(), span_of(value.span())))
}

/// Adds what stands behind a key: tables member by member, lists of tables element by element.
fn add(name: &str, value: &DeValue<'_>, at: Span, found: &mut Vec<Setting>) {
    let is_table = |value: &DeValue<'_>| value.as_table().is_some();
    match value {
        DeValue::Table(table) => {
            for (key, value) in table {
                let name = format!("{name}.{}", key.get_ref());
                add(&name, value.get_ref(), span_of(value.span()), found);
            }
        }
        DeValue::Array(list) if list.iter().any(|element| is_table(element.get_ref())) => {
            for (index, element) in list.iter().enumerate() {
                let name = format!("{name}[{index}]");
                add(&name, element.get_ref(), span_of(element.span()), found);
            }
        }
        value => found.push(Setting {
            name: name.to_owned(),
            value: as_json(value),
            from: Origin::File(at),
        }),
    }
}

fn as_json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Boolean(yes) => Value::Bool(*yes),
        DeValue::Array(list) => list.iter().map(|element| as_json(element.get_ref())).collect(),
        DeValue::Table(table) => {
            let members = table.iter();
            let members = members.map(|(key, value)| (key.get_ref().to_string(), as_json(value.get_ref())));
            Value::Object(members.collect::<Map<_, _>>())
        }
        DeValue::Integer(number) => Value::String(number.to_string()),
        DeValue::Float(number) => Value::String(number.to_string()),
        DeValue::Datetime(time) => Value::String(time.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_told_with_their_places_and_defaults_beside_them() {
        let text = "[files]\nexclude = [\"a/**\"]\n[[granted]]\ncallout = \"cosmosdb\"\n[rules]\nsome-rule = \"off\"\n";
        let told: Vec<String> = settings(text)
            .iter()
            .map(|setting| match setting.from {
                Origin::Default => format!("{} = {} default", setting.name, setting.value),
                Origin::File(at) => format!("{} = {} from {}", setting.name, setting.value, at.of_text(text)),
            })
            .collect();
        for line in [
            "files.exclude = [\"a/**\"] from [\"a/**\"]",
            "files.include = [] default",
            "granted[0].callout = \"cosmosdb\" from \"cosmosdb\"",
            "rules.some-rule = \"off\" from \"off\"",
            "check.fail-on = \"warning\" default",
            "customer-managed-keys.scope = \"all\" default",
        ] {
            assert!(told.iter().any(|known| known == line), "{line}: {told:?}");
        }
        assert_eq!(told.len(), 9, "{told:?}");
    }
}
