//! The access map for people and programs: one writer for each form. Text from files goes through [`shown`] and then
//! through the one escape of its form.

mod dot;
mod graph;
mod json;
mod mermaid;
mod svg;
mod table;

pub use dot::dot;
pub use json::json;
pub use mermaid::mermaid;
pub(super) use svg::inline;
pub use svg::svg;
pub use table::table;

use super::escape;
use crate::map::{MapUsage, Part, Scope, State, Target};
use crate::redact::shown_path;
use crate::syntax::connection::MASK;
use crate::text::{FileSpan, Sources};

/// Characters of one name that are shown.
const LONGEST: usize = 48;

/// A text of the map on one line, as long as it is: controls visible.
fn line_of(text: &str) -> String {
    if is_key(text) {
        return MASK.to_owned();
    }
    escape::one_line(text).into_owned()
}

/// Whether a text has the shape of a key, where a name is expected.
pub(super) fn is_key(text: &str) -> bool {
    let of_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    text.len() >= 40 && text.chars().all(of_base64)
}

/// A name of the map on one line: controls visible, cut where it is too long.
fn shown(text: &str) -> String {
    if is_key(text) {
        return MASK.to_owned();
    }
    let line = line_of(text);
    if line.chars().count() <= LONGEST {
        return line;
    }
    let start: String = line.chars().take(LONGEST - 1).collect();
    format!("{start}…")
}

/// A state with its mark.
fn marked(state: State) -> String {
    format!("{} {}", state.mark(), state.word())
}

/// Where a scope is: "adx-harbor / Telemetry".
fn scope_name(scope: &Scope) -> String {
    let cluster = scope.cluster.as_deref().map_or_else(|| "cluster ?".to_owned(), shown);
    match &scope.part {
        Part::Whole => format!("{cluster} (whole cluster)"),
        Part::Database(name) => format!("{cluster} / {}", shown(name)),
        Part::SomeDatabase => format!("{cluster} / database ?"),
    }
}

/// The usage; for a flow that takes no identity, the flow.
fn usage_name(usage: &MapUsage) -> String {
    match &usage.usage {
        Some(name) => shown(name),
        None if usage.flows.is_empty() => "usage ?".to_owned(),
        None => usage.flows.join(", "),
    }
}

fn target_name(target: &Target) -> String {
    let kind = target.kind.words();
    match &target.name {
        Some(name) => format!("{kind} {}", shown(name)),
        None if matches!(
            target.kind,
            crate::map::TargetKind::Group | crate::map::TargetKind::Unknown
        ) =>
        {
            kind.to_owned()
        }
        None => format!("{kind} ?"),
    }
}

fn roles(target: &Target) -> String {
    if target.roles.is_empty() {
        return "no role in the files".to_owned();
    }
    target
        .roles
        .iter()
        .map(|role| shown(role))
        .collect::<Vec<_>>()
        .join(", ")
}

/// `path:line:column`.
fn place(at: FileSpan, sources: &Sources) -> String {
    let path = line_of(&shown_path(sources.path(at.file)));
    match sources.get(at.file) {
        Some(file) => {
            let start = file.position(at.span.start);
            format!("{path}:{}:{}", start.line, start.column)
        }
        None => path,
    }
}
