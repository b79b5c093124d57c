//! Commands inside files of other languages.

use super::{Collector, Script, collect_script};
use crate::arm::evaluate::literal_json;
use crate::facts::Purpose;
use crate::syntax::SyntaxError;
use crate::syntax::host::{self, Host};
use crate::syntax::json;
use crate::text::FileSpan;

/// Adds the facts of the commands in a file of another language. Each text is a script of its own, since the
/// file does not say in which order they run. What is wrong with their syntax is not told: much of it is
/// shortened, or put together when the host runs. Only limits that were hit are returned.
pub fn collect_host(collector: &mut Collector<'_>, host: Host) -> Vec<(FileSpan, SyntaxError)> {
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
    limits(errors)
}

/// Adds the facts of a pipeline that stands in a file of its own, if the JSON is one.
pub fn collect_pipeline(collector: &mut Collector<'_>, tree: &json::Node) -> Option<Vec<(FileSpan, SyntaxError)>> {
    let activities = tree.get("properties")?.get("activities")?;
    matches!(activities.kind, json::Kind::Array(_)).then_some(())?;
    let body = literal_json(tree, collector.source, collector.case.file);
    Some(limits(collector.commands(&body)))
}

fn limits(errors: Vec<(FileSpan, SyntaxError)>) -> Vec<(FileSpan, SyntaxError)> {
    errors.into_iter().filter(|(_, error)| error.limit).collect()
}
