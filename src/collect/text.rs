//! Text of any language: connection strings are found by their own shape.

use std::collections::{BTreeMap, BTreeSet};

use super::Collector;
use super::connection_string::Found;
use super::kql::identity_of;
use super::program::Program;
use crate::arm::value::Condition;
use crate::facts::{Carrier, IdentityUse, ScriptId};
use crate::service::Flow;
use crate::syntax::connection::{self, Store, Target};
use crate::syntax::host::is_program;
use crate::syntax::{json, remark};
use crate::text::{FileId, FileSpan, MappedText, Span};

/// Characters before a string in which its name is looked for.
const BEFORE: usize = 400;

/// Names that say nothing: the name is that of another member or line.
const VALUE: [&str; 2] = ["value", "connectionstring"];

/// Calls that put a string together of what they are given, as they end.
const JOINING: [&str; 5] = ["ppend(", "ppendLine(", "oncat(", " StringBuilder(", " StringBuffer("];

/// What commands in a text have told of already.
#[derive(Default)]
struct Told {
    /// The places of identities.
    uses: BTreeSet<FileSpan>,
    /// The connection strings: where each starts and ends.
    strings: BTreeMap<(FileId, u32), u32>,
    /// The program that the text is.
    program: Option<Program>,
    /// Its comments, in order, as far as a rule asks for them.
    comments: Vec<Span>,
}

impl Told {
    fn of(collector: &Collector<'_>) -> Self {
        let path = collector.sources.path(collector.case.file);
        let is_program = is_program(path);
        let asks = is_program && collector.source.as_str().contains("http");
        let name = path.rsplit('/').next().unwrap_or(path);
        let strings = collector.facts.connection_strings.iter();
        Self {
            uses: collector.facts.uses.iter().map(|used| used.at).collect(),
            strings: strings
                .map(|string| ((string.at.file, string.at.span.start), string.at.span.end))
                .collect(),
            program: is_program.then(|| Program::of(collector.source.as_str())),
            comments: if asks {
                remark::comments(collector.source, name)
            } else {
                Vec::new()
            },
        }
    }

    /// Whether a string stands in a comment of the program.
    fn comments_on(&self, at: FileSpan) -> bool {
        let after = self.comments.partition_point(|comment| comment.start <= at.span.start);
        let before = after.checked_sub(1).and_then(|index| self.comments.get(index));
        before.is_some_and(|comment| at.span.end <= comment.end)
    }

    /// Whether a string lies in one that was told.
    fn holds(&self, at: FileSpan) -> bool {
        let before = self.strings.range(..(at.file, at.span.end)).next_back();
        before.is_some_and(|((file, _), end)| *file == at.file && *end > at.span.start)
    }
}

/// Adds the facts of a text. What a string is used for does not show in the text around it, so only the flows
/// that a string decides by itself become facts: Amazon S3 takes no identity whatever the use.
pub fn collect_text(collector: &mut Collector<'_>) {
    let told = Told::of(collector);
    let source = collector.source;
    for span in connection::find(source.as_str()) {
        let (name, bounded) = around(source.as_str(), span);
        let text = unescaped(source, span);
        collector.text_string(&text, carrier(name), bounded, &told, &Condition::default());
    }
    collector.bindings(source);
    collector.possible_words(source);
}

/// Adds the facts of the strings in a JSON document.
pub fn collect_json(collector: &mut Collector<'_>, tree: &json::Node) {
    let told = Told::of(collector);
    collector.json_strings(tree, None, &told);
    collector.possible_words(collector.source);
}

/// Adds the facts of the strings in a parameter file. What a template makes of them does not show here: it may add to
/// each, so none is taken for whole.
pub fn collect_parameters(collector: &mut Collector<'_>, tree: &json::Node) {
    let parameters = tree.get("parameters").map(json::Node::members).unwrap_or_default();
    for parameter in parameters {
        let Some(value) = parameter.value.get("value") else {
            continue;
        };
        collector.parameter_strings(value, &parameter.name);
    }
}

impl Collector<'_> {
    /// The strings in the value of a parameter. The parser bounds the depth.
    fn parameter_strings(&mut self, node: &json::Node, name: &str) {
        if let Some(text) = node.string(self.source) {
            self.secrets_of_json(&text);
            for span in connection::find(text.as_str()) {
                let fills = text.as_str().trim() == span.of_text(text.as_str()).trim();
                let inner = if fills {
                    Some(name.to_owned())
                } else {
                    around(text.as_str(), span).0
                };
                let part = text.part(span);
                self.text_string(&part, carrier(inner), false, &Told::default(), &Condition::default());
            }
        }
        for element in node.elements() {
            self.parameter_strings(element, name);
        }
        for member in node.members() {
            self.parameter_strings(&member.value, &member.name);
        }
    }

    /// The connection strings in a value of a template, perhaps one with a name.
    pub(super) fn connection_strings(&mut self, source: &MappedText, name: Option<&str>, when: &Condition) {
        self.strings_in(
            source,
            name.map(|name| Carrier::Setting(name.to_owned())),
            &Told::default(),
            when,
        );
        self.possible_words(source);
    }

    /// The parser bounds the depth.
    fn json_strings(&mut self, node: &json::Node, name: Option<&str>, told: &Told) {
        if let Some(text) = node.string(self.source) {
            self.secrets_of_json(&text);
            self.strings_in(
                &text,
                Some(carrier(name.map(str::to_owned))),
                told,
                &Condition::default(),
            );
        }
        for element in node.elements() {
            self.json_strings(element, name, told);
        }
        self.json_binding(node);
        let own = node.get("name").and_then(|name| name.string(self.source));
        for member in node.members() {
            let of_value = own.as_ref().filter(|_| is_value(&member.name)).map(MappedText::as_str);
            self.json_strings(&member.value, Some(of_value.unwrap_or(&member.name)), told);
        }
    }

    fn strings_in(&mut self, source: &MappedText, holder: Option<Carrier>, told: &Told, when: &Condition) {
        let whole = source.as_str().trim();
        for span in connection::find(source.as_str()) {
            let fills = span.of_text(source.as_str()).trim_end_matches(';').len() >= whole.trim_end_matches(';').len();
            let (inner, bounded) = around(source.as_str(), span);
            let carrier = holder.clone().filter(|_| fills).unwrap_or_else(|| carrier(inner));
            self.text_string(&source.part(span), carrier, fills || bounded, told, when);
        }
    }

    /// A string that was found by its shape.
    fn text_string(&mut self, text: &MappedText, carrier: Carrier, bounded: bool, told: &Told, when: &Condition) {
        // In prose a sentence may go on after the string, or end.
        // Entities are not decoded here, and each has a `;`.
        let is_markup = ["&lt;", "&gt;", "&quot;", "&amp;"]
            .iter()
            .any(|entity| text.as_str().contains(entity));
        let bounded = bounded && !is_markup;
        let is_prose = !bounded && !text.as_str().ends_with("...");
        let length = text.as_str().trim_end_matches(['.', ',', ':', ')', '!', '?']).len();
        let text = if is_prose {
            text.part(Span::of(0, length))
        } else {
            text.clone()
        };
        let Some(at) = text.whole_source() else { return };
        let parsed = connection::parse(&text);
        self.possible_identities(&text, &parsed, &told.uses);
        if !told.holds(at) {
            let script = ScriptId {
                case: self.case,
                index: self.scripts,
                purpose: self.purpose,
            };
            let name = match &carrier {
                Carrier::Named(name) => Some(name.as_str()),
                Carrier::Query(_) | Carrier::Setting(_) | Carrier::Text => None,
            };
            let program = told.program.as_ref();
            let goes_on = program.zip(name).is_some_and(|(program, name)| program.goes_on(name));
            let found = Found {
                at,
                carrier,
                bounded: bounded && !goes_on,
                commented: told.comments_on(at),
                named_outside: program
                    .map(|program| program.named_outside(at.span))
                    .unwrap_or_default(),
                script,
                when: when.clone(),
            };
            self.connection_string(&text, &parsed, found);
        }
        if parsed.target() != Target::Storage(Store::S3) {
            return;
        }
        for found in parsed.identities() {
            let Some(at) = text.source(found.span).filter(|at| !told.uses.contains(at)) else {
                continue;
            };
            let identity = identity_of(&found, at);
            let script = self.next_script();
            self.facts.uses.push(IdentityUse {
                flow: Flow::AmazonS3,
                identity,
                at,
                database: None,
                cluster: None,
                account: None,
                script,
                order: 0,
                when: when.clone(),
            });
        }
    }
}

fn carrier(name: Option<String>) -> Carrier {
    name.map_or(Carrier::Text, Carrier::Named)
}

/// Whether a member or line named so holds the value of another name.
pub(super) fn is_value(name: &str) -> bool {
    VALUE.iter().any(|value| name.eq_ignore_ascii_case(value))
}

/// The text of a string in code: an escaped or doubled quote is one.
fn unescaped(source: &MappedText, span: Span) -> MappedText {
    let text = span.of_text(source.as_str());
    let doubled = source
        .as_str()
        .get(..span.range().start)
        .is_some_and(|before| before.ends_with('"'));
    let mut out = MappedText::default();
    let (mut from, mut at) = (0, 0);
    while let Some(next) = text.get(at..).and_then(|rest| rest.find(['\\', '"'])) {
        let start = at + next;
        let rest = text.get(start..).unwrap_or_default();
        at = start + 1;
        if rest.starts_with("\\\"") || doubled && rest.starts_with("\"\"") {
            out.push_part(source, Span::of(from, start).shift(span.start));
            out.push_decoded("\"", source, Span::of(start, start + 2).shift(span.start));
            from = start + 2;
            at = from;
        }
    }
    out.push_part(source, Span::of(from, text.len()).shift(span.start));
    out
}

/// The name that stands before a value in a text.
pub(super) fn name_of(text: &str, span: Span) -> Option<String> {
    around(text, span).0
}

/// The name before a string, and whether the string is certainly all of its value.
fn around(text: &str, span: Span) -> (Option<String>, bool) {
    let range = span.range();
    let from = text.floor_char_boundary(range.start.saturating_sub(BEFORE));
    let before = text.get(from..range.start).unwrap_or_default();
    let after = text.get(range.end..).unwrap_or_default();
    let after = after.get(..after.floor_char_boundary(BEFORE)).unwrap_or_default();
    let bare = before.trim_end_matches(['\\', '"', '\'', '`']);
    let is_quoted = bare.len() < before.len();
    let bare = bare.trim_end_matches(['@', '$']);
    let bare = bare
        .strip_suffix(['f', 'r', 'b', 'F', 'R', 'B'])
        .filter(|bare| !bare.ends_with(char::is_alphanumeric))
        .unwrap_or(bare);
    let bounded = if is_quoted {
        let rest = after.trim_start_matches(['\\', ';']);
        let closed = rest.trim_start_matches(['"', '\'', '`']);
        let next = without_comments(closed);
        let goes_on = next.starts_with(['+', '%', '&', '.', '"', '\'', '`', '\\'])
            || ["f\"", "f'", "$\"", "@\"", "r\"", "<<"]
                .iter()
                .any(|sign| next.starts_with(sign));
        let starts_after = bare.trim_end().ends_with(['+', '&']) || JOINING.iter().any(|call| bare.ends_with(call));
        closed.len() < rest.len() && !goes_on && !starts_after
    } else {
        let line = after.lines().next().unwrap_or_default();
        let string = text.get(range).unwrap_or_default();
        let is_prose = string.contains(", ") || string.ends_with('.');
        line.trim_matches([' ', '\t', ';', ',', '<']).is_empty() && !is_prose
    };
    (name_before(bare), bounded)
}

/// A text without the blanks and comments that it starts with.
fn without_comments(text: &str) -> &str {
    let mut rest = text.trim_start();
    loop {
        let after = if rest.starts_with("//") || rest.starts_with('#') {
            rest.split_once('\n')
        } else if rest.starts_with("/*") {
            rest.split_once("*/")
        } else {
            return rest;
        };
        rest = after.map_or("", |(_, after)| after.trim_start());
    }
}

/// The name at the end of a text that an assignment follows.
fn name_before(text: &str) -> Option<String> {
    let text = text.trim_end_matches([' ', '\t']);
    let named = text
        .strip_suffix(['=', ':'])?
        .trim_end_matches([' ', '\t', ':', '"', '\'', '\\', ']']);
    let name = last_name(named)?;
    if !is_value(name) {
        return Some(name.to_owned());
    }
    let earlier = named.strip_suffix(name)?;
    if let Some(name) = attribute(earlier) {
        return Some(name.to_owned());
    }
    let mut lines = earlier.lines().rev();
    let line = lines.nth(1)?;
    let (key, value) = line.split_once(':')?;
    let is_name = key.trim_matches([' ', '-', '"']).eq_ignore_ascii_case("name");
    let value = value.trim_matches([' ', '"', '\'', ',']);
    (is_name && !value.is_empty()).then(|| value.to_owned())
}

/// The value of `name="…"` or `key="…"` on the last line of a text.
fn attribute(text: &str) -> Option<&str> {
    let line = text.get(text.rfind('\n').map_or(0, |at| at + 1)..)?;
    let start = ["name=\"", "key=\""]
        .iter()
        .find_map(|sign| Some(line.rfind(sign)? + sign.len()))?;
    let value = line.get(start..)?;
    value.get(..value.find('"')?)
}

fn last_name(text: &str) -> Option<&str> {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
    let start = text.char_indices().rev().take_while(|(_, c)| part(*c)).last()?.0;
    text.get(start..)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name before the only string of a text, and whether the string is all of its value.
    fn around_only(text: &str) -> (Option<String>, bool) {
        let spans = connection::find(text);
        assert_eq!(spans.len(), 1, "{text}");
        spans.first().map(|span| around(text, *span)).unwrap_or_default()
    }

    const STRING: &str = "Data Source=https://c.kusto.windows.net;Fed=True";

    #[test]
    fn a_string_has_the_name_that_it_is_assigned_to() {
        for (before, after, name) in [
            ("QUAY=", "\n", "QUAY"),
            ("quay: ", "\n", "quay"),
            ("const string Main = \"", "\";", "Main"),
            ("public static Cs Main = @\"", "\";", "Main"),
            ("quay = f'", "'", "quay"),
            ("\"Quay\": \"", "\"", "Quay"),
            ("env:\n  - name: QUAY\n    value: \"", "\"", "QUAY"),
            ("<add key=\"Quay\" value=\"", "\" />", "Quay"),
            ("<add name=\"Quay\" connectionString=\"", "\" />", "Quay"),
        ] {
            let text = format!("{before}{STRING}{after}");
            assert_eq!(around_only(&text), (Some(name.to_owned()), true), "{text}");
        }
        assert_eq!(around_only(&format!("Connect(\"{STRING}\")")), (None, true));
    }

    #[test]
    fn a_string_that_goes_on_elsewhere_is_not_all_of_its_value() {
        for (before, after) in [
            ("a = \"", ";AppKey=\" + key"),
            ("a = \"", ";\"\n  \"AppKey=x\""),
            ("a = b + \"", "\""),
            ("a.Append(\"", ";\")"),
            ("a = new StringBuilder(\"", "\");"),
            ("a = \"", "\" // the cluster\n  + \";AppKey=x\""),
            ("a = \"", "\" /* the cluster */ + b"),
            ("a = (\"", "\"  # the cluster\n  \";AppKey=x\")"),
            ("a = \"", "\".format(b)"),
            ("use ", " here"),
        ] {
            let text = format!("{before}{STRING}{after}");
            let spans = connection::find(&text);
            let bounded = spans.first().map(|span| around(&text, *span).1);
            assert_eq!(bounded, Some(false), "{text}");
        }
    }

    #[test]
    fn quotes_inside_of_a_string_are_decoded() {
        for (text, inner) in [
            ("\"Server=a;Pwd=\\\"x\\\"\"", "Server=a;Pwd=\"x\""),
            ("\"Server=a;Pwd=\"\"x\"\"\"", "Server=a;Pwd=\"x\""),
            ("'Server=a;Pwd=\"x\"'", "Server=a;Pwd=\"x\""),
        ] {
            let source = MappedText::of_file(FileId(0), text);
            let read = unescaped(&source, Span::of(1, text.len() - 1));
            assert_eq!(read.as_str(), inner, "{text}");
        }
    }
}
