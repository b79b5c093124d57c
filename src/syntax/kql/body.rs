//! What stands after the first words of the known commands.

use super::ast::{Body, ExternalTableKind, PolicyAction, PropertyPair};
use super::command::Head;
use super::cursor::Cursor;
use crate::text::Span;

pub(super) fn identity_policy(cursor: &mut Cursor<'_>, head: Head) -> Body {
    let action = head.policy_action();
    let from = cursor.at();
    let mut payload = None;
    let mut payload_span = None;
    if matches!(action, PolicyAction::Alter | PolicyAction::AlterMerge) && !cursor.at_end() {
        payload = cursor.literal();
        payload_span = Some(match &payload {
            Some(literal) => literal.span,
            None => cursor.span(from, cursor.tokens().len()),
        });
    }
    Body::IdentityPolicy {
        action,
        level: head.level(),
        level_span: head.object,
        payload,
        payload_span,
    }
}

pub(super) fn ingest_inline(cursor: &mut Cursor<'_>, head: Head) -> Body {
    Body::IngestInline {
        database: head.database,
        table: head.name,
        properties: properties(cursor),
    }
}

pub(super) fn list_blobs(cursor: &mut Cursor<'_>, _: Head) -> Body {
    Body::ListBlobs {
        sources: cursor.literals(),
    }
}

pub(super) fn ingest_from_storage(cursor: &mut Cursor<'_>, head: Head) -> Body {
    Body::IngestFromStorage {
        database: head.database,
        table: head.name,
        sources: cursor.literals(),
        properties: properties(cursor),
    }
}

pub(super) fn ingest_queued(cursor: &mut Cursor<'_>, head: Head) -> Body {
    let properties = properties(cursor);
    let mut sources = Vec::new();
    if feed(cursor) {
        if cursor.eat(".") {
            cursor.eat_word("list");
            cursor.eat_word("blobs");
        }
        sources = cursor.literals();
    }
    Body::IngestQueued {
        database: head.database,
        table: head.name,
        sources,
        properties,
    }
}

pub(super) fn external_table(cursor: &mut Cursor<'_>, head: Head) -> Body {
    let mut kind = None;
    let mut sources = Vec::new();
    let mut properties = Vec::new();
    while !cursor.at_end() {
        let at = cursor.at();
        match cursor.peek() {
            "with" if cursor.text(at + 1) == "(" => properties.extend(cursor.properties()),
            "kind" if cursor.text(at + 1) == "=" => {
                cursor.go(at + 2);
                kind = Some(table_kind(cursor.peek()));
                cursor.go(at + 3);
            }
            "(" if !is_assigned(cursor, at) && cursor.part(at + 1).is_some() => sources.extend(cursor.literals()),
            "(" | "[" | "{" => {
                let close = cursor.closing(at);
                cursor.go(close + 1);
            }
            "<|" => break,
            _ => cursor.go(at + 1),
        }
    }
    Body::ExternalTable {
        verb: head.external_table_verb(),
        name: head.name,
        kind,
        sources,
        properties,
    }
}

/// Whether the group at `open` is the value of a clause such as `pathformat = (…)` or `partition by (…)`.
fn is_assigned(cursor: &Cursor<'_>, open: usize) -> bool {
    open.checked_sub(1)
        .is_some_and(|before| matches!(cursor.text(before), "=" | "by"))
}

fn table_kind(word: &str) -> ExternalTableKind {
    match word {
        "storage" | "blob" | "adl" => ExternalTableKind::Storage,
        "delta" => ExternalTableKind::Delta,
        "sql" => ExternalTableKind::Sql,
        _ => ExternalTableKind::Other,
    }
}

pub(super) fn continuous_export(cursor: &mut Cursor<'_>, head: Head) -> Body {
    let mut external_table = None;
    while !cursor.at_end() && !matches!(cursor.peek(), "<|" | "with") {
        let at = cursor.at();
        if cursor.eat_word("to") && cursor.eat_word("table") {
            external_table = cursor.name();
            break;
        }
        cursor.go(match cursor.text(at) {
            "(" | "[" | "{" => cursor.closing(at) + 1,
            _ => at + 1,
        });
    }
    Body::ContinuousExport {
        name: head.name,
        external_table,
        properties: properties(cursor),
        query: query(cursor),
    }
}

pub(super) fn export_to_storage(cursor: &mut Cursor<'_>, head: Head) -> Body {
    Body::ExportToStorage {
        asynchronous: head.is_async(),
        sources: cursor.literals(),
        properties: properties(cursor),
        query: query(cursor),
    }
}

pub(super) fn export_to_sql(cursor: &mut Cursor<'_>, head: Head) -> Body {
    Body::ExportToSql {
        asynchronous: head.is_async(),
        target: cursor.literal(),
        properties: properties(cursor),
        query: query(cursor),
    }
}

pub(super) fn export_to_table(cursor: &mut Cursor<'_>, head: Head) -> Body {
    Body::ExportToTable {
        asynchronous: head.is_async(),
        name: head.name,
        properties: properties(cursor),
        query: query(cursor),
    }
}

pub(super) fn execute_script(cursor: &mut Cursor<'_>, head: Head) -> Body {
    let at = cursor.at();
    let before = at.checked_sub(1).filter(|_| cursor.peek() == "<|");
    Body::ExecuteScript {
        properties_place: before.map(|before| cursor.span(before, at).end),
        level: head.level(),
        commands: Vec::new(),
        properties: properties(cursor),
    }
}

/// The first braces outside other brackets, with what is between them.
pub(super) fn braces(cursor: &mut Cursor<'_>) -> Option<Span> {
    while !cursor.at_end() {
        let at = cursor.at();
        match cursor.peek() {
            "{" => return Some(cursor.span(at, (cursor.closing(at) + 1).min(cursor.tokens().len()))),
            "(" | "[" => cursor.go(cursor.closing(at) + 1),
            _ => cursor.go(at + 1),
        }
    }
    None
}

/// The properties of the next `with (…)` outside brackets, before `<|`.
pub(super) fn properties(cursor: &mut Cursor<'_>) -> Vec<PropertyPair> {
    while !cursor.at_end() && cursor.peek() != "<|" {
        let at = cursor.at();
        match cursor.peek() {
            "with" if cursor.text(at + 1) == "(" => return cursor.properties(),
            "(" | "[" | "{" => cursor.go(cursor.closing(at) + 1),
            _ => cursor.go(at + 1),
        }
    }
    Vec::new()
}

/// What follows the next `<|`.
pub(super) fn query(cursor: &mut Cursor<'_>) -> Option<Span> {
    (feed(cursor) && !cursor.at_end()).then(|| cursor.span(cursor.at(), cursor.tokens().len()))
}

/// Steps over the next `<|`, if there is one.
fn feed(cursor: &mut Cursor<'_>) -> bool {
    while !cursor.at_end() {
        if cursor.eat("<|") {
            return true;
        }
        cursor.go(cursor.at() + 1);
    }
    false
}
