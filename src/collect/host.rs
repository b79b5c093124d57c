//! Commands inside files of other languages.

use super::command_line::CommandLines;
use super::pipeline::Sender;
use super::{Collector, Errors, Script, collect_script};
use crate::arm::evaluate::literal_json;
use crate::arm::value::Condition;
use crate::facts::Purpose;
use crate::syntax::host::{self, Host, Language};
use crate::syntax::json;
use crate::text::{MappedText, Symbol};

/// Adds the facts of the commands in a file of another language. Each text is a script of its own, since the
/// file does not say in which order they run. What is wrong with their syntax is not told: much of it is
/// shortened, or put together when the host runs. Only limits that were hit are returned.
pub fn collect_host(collector: &mut Collector<'_>, host: Host) -> Errors {
    collector.purpose = if host.is_documentation() {
        Purpose::Documentation
    } else {
        Purpose::Run
    };
    let mut errors = Vec::new();
    for fragment in host::fragments(collector.source, host) {
        let found = collect_script(collector, &Script::of_file(&fragment.text));
        errors.extend(super::template::placed(&fragment.text, found));
    }
    let mut lines = CommandLines::default();
    for script in host::scripts(collector.source, host) {
        if let Language::Script(dialect) = script.language {
            errors.extend(lines.read(&script.text, dialect, &Symbol::clone));
        }
    }
    collector.command_lines(lines, &Condition::default());
    limits(errors)
}

/// Adds the facts of a pipeline or a workflow that stands in a file of its own, if the JSON is one.
pub fn collect_pipeline(collector: &mut Collector<'_>, tree: &json::Node) -> Option<Errors> {
    is_pipeline(tree, collector.source).then_some(())?;
    let body = literal_json(tree, collector.source, collector.case.file);
    Some(limits(collector.commands(&Sender::of_file(&body))))
}

/// Whether the JSON is a pipeline of Data Factory or a workflow of Logic Apps.
fn is_pipeline(tree: &json::Node, source: &MappedText) -> bool {
    let properties = tree.get("properties");
    let activities = properties.and_then(|properties| properties.get("activities"));
    if activities.is_some_and(|activities| matches!(activities.kind, json::Kind::Array(_))) {
        return true;
    }
    let is_definition = |node: &json::Node| {
        let actions = node.get("actions");
        let schema = node.get("$schema").and_then(|schema| schema.string(source));
        actions.is_some_and(|actions| matches!(actions.kind, json::Kind::Object(_)))
            && schema.is_some_and(|schema| schema.as_str().to_lowercase().contains("/workflowdefinition.json"))
    };
    let definitions = [
        tree.get("definition"),
        properties.and_then(|node| node.get("definition")),
    ];
    is_definition(tree) || definitions.into_iter().flatten().any(is_definition)
}

/// The limits among what is wrong with texts.
pub(super) fn limits(errors: Errors) -> Errors {
    errors.into_iter().filter(|(_, error)| error.limit).collect()
}
