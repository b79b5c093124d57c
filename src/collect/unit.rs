//! The named parts of files: resources, parameters and settings of JSON, commands of scripts.

use super::Collector;
use super::kql::Reader;
use crate::facts::Unit;
use crate::syntax::json::{Kind, Node};
use crate::syntax::kql::Command;
use crate::text::{FileSpan, HOLE, Span};

/// Characters of a name that are kept.
const LONGEST_NAME: usize = 160;

/// Adds the named parts of a JSON document: objects with a name, and the members of the objects right below its root.
pub fn collect_units(collector: &mut Collector<'_>, tree: &Node) {
    for section in tree.members() {
        let inside = section.value.members();
        if inside.is_empty() && matches!(section.value.kind, Kind::String) {
            collector.unit(section.value.span, section.name.clone());
        }
        if section.name.eq_ignore_ascii_case("resources") {
            continue;
        }
        for member in inside {
            let whole = member.name_span.cover(member.value.span);
            collector.unit(whole, format!("{}.{}", section.name, member.name));
        }
    }
    collector.named_objects(tree);
}

impl Collector<'_> {
    fn unit(&mut self, span: Span, name: String) {
        let Some(at) = self.source.source(span) else { return };
        self.facts.units.push(Unit {
            at,
            name: shortened(&name),
        });
    }

    /// The parser bounds the depth.
    fn named_objects(&mut self, node: &Node) {
        let text = |name| node.get(name).and_then(|value| value.string(self.source));
        if let Some(name) = text("name") {
            let kind = text("type").map_or(String::new(), |kind| format!("{} ", kind.as_str()));
            self.unit(node.span, format!("{kind}{}", name.as_str()));
        }
        for member in node.members() {
            self.named_objects(&member.value);
        }
        for element in node.elements() {
            self.named_objects(element);
        }
    }
}

impl Reader<'_, '_> {
    /// Adds a command under the words with which it starts, up to its first argument.
    pub(super) fn unit(&mut self, command: &Command) {
        let text = self.script.text.part(command.span);
        let whole = FileSpan::default();
        let at = self.script.text.source(command.span).unwrap_or(whole);
        if at != whole {
            let name = shortened(head(text.as_str()));
            self.collector.facts.units.push(Unit { at, name });
        }
    }
}

/// The words of a command before its first argument, string or query. Names in brackets belong to them.
fn head(command: &str) -> &str {
    let mut in_brackets = false;
    let end = command.char_indices().find(|(_, character)| {
        let is_quote = matches!(character, '\'' | '"' | '`');
        match character {
            '[' => in_brackets = true,
            ']' => in_brackets = false,
            _ => {}
        }
        !in_brackets && (is_quote || matches!(character, '(' | '{' | '|' | '='))
    });
    let Some((at, _)) = end else { return command };
    let head = command.get(..at).unwrap_or(command);
    let literal = [" h@", " h", " H@", " H", " @"]
        .iter()
        .find_map(|mark| head.strip_suffix(mark));
    literal.unwrap_or(head).trim_end_matches('<')
}

/// A name on one line and of bearable length; what is not known of it is a star.
fn shortened(name: &str) -> String {
    let words = name.split_whitespace().map(|word| word.replace(HOLE, "*"));
    let line = words.collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST_NAME) {
        Some((at, _)) => line.get(..at).unwrap_or_default().to_owned(),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_called_by_its_words_before_the_first_argument() {
        for (command, name) in [
            (
                ".alter-merge database Sales policy managed_identity \"[{}]\"",
                ".alter-merge database Sales policy managed_identity",
            ),
            (
                ".create external  table\n ['my table'] (a: string) kind=storage",
                ".create external table ['my table']",
            ),
            (".ingest into table Orders (h'https://x')", ".ingest into table Orders"),
            (".set-or-append async T <| print 1", ".set-or-append async T"),
            (".show tables", ".show tables"),
            (".create function f() { print 1 }", ".create function f"),
        ] {
            assert_eq!(shortened(head(command)), name);
        }
        assert_eq!(shortened("kv-\u{FFFC}\n x"), "kv-* x");
    }
}
