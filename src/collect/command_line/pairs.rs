//! Options whose value is an object: in pairs `name=value`, or as JSON.

use super::options::{Reading, Setting, Used, unread, untold};
use crate::arm::value::{Node, Value};
use crate::service::OptionRow;
use crate::syntax::host::command_line::Word;
use crate::syntax::json;
use crate::text::{FileSpan, MappedText, Span, offset};

/// The names of an object: what a pair calls a property, and the property.
type Names = [(&'static str, &'static str)];

impl Reading<'_> {
    /// The properties that an option gives in pairs or in an object.
    pub(super) fn pairs(&self, option: &OptionRow, used: &Used<'_>, names: &Names) -> Vec<Setting> {
        let mut settings = Vec::new();
        for word in &used.values {
            let text = self.text(word);
            let start = text.as_str().trim_start();
            if start.starts_with('@') && used.values.len() == 1 {
                let why = "the properties stand in a file that is not read";
                return vec![unread(option, used, why)];
            }
            if start.starts_with('{') {
                let why = "the properties are no JSON that can be read";
                return object(&text, option, names).unwrap_or_else(|| vec![unread(option, used, why)]);
            }
            let Some((name, _)) = text.as_str().split_once('=') else {
                return vec![untold(option, used)];
            };
            let Some(property) = property(name, names) else {
                // A name that the command refuses says nothing of the others.
                if text.is_known() {
                    continue;
                }
                return vec![untold(option, used)];
            };
            let value = text.part(Span::new(offset(name.len() + 1), text.len()));
            if let (Some(origin), Some(site)) = (value.whole_source(), place_after(word, '=')) {
                settings.push(setting(
                    option,
                    property,
                    Node::copied(Value::text(value), origin, site),
                ));
            }
        }
        settings
    }
}

/// The properties in an object of JSON, which may be called as in the pairs or as in a template; `None` if the text is
/// something else, such as the shorter notation of the Azure CLI.
fn object(text: &MappedText, option: &OptionRow, names: &Names) -> Option<Vec<Setting>> {
    let parsed = json::parse(text, json::Dialect::Template);
    if !parsed.errors.is_empty() {
        return None;
    }
    let mut settings = Vec::new();
    for member in parsed.tree.members() {
        let (Some(property), Some(value)) = (property(&member.name, names), member.value.string(text)) else {
            continue;
        };
        let site = value.whole_source().or_else(|| text.whole_source())?;
        settings.push(setting(option, property, Node::written(Value::text(value), site)));
    }
    Some(settings)
}

/// The property that a name stands for.
fn property(name: &str, names: &Names) -> Option<&'static str> {
    let name = name.trim();
    let is_it = |(pair, property): &&(&str, &str)| pair.eq_ignore_ascii_case(name) || *property == name;
    names.iter().find(is_it).map(|(_, property)| *property)
}

fn setting(option: &OptionRow, property: &'static str, node: Node) -> Setting {
    let path = option.path.iter().copied().chain([property]).collect();
    Setting { path, node }
}

/// The place of what follows the first `sign` in a word.
fn place_after(word: &Word, sign: char) -> Option<FileSpan> {
    let from = word.text.as_str().find(sign)? + 1;
    let end = word.text.as_str().len();
    word.text.source(Span::of(from, end)).filter(|_| from < end)
}
