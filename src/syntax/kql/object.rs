//! What commands on objects of a database say after their first words: policies, roles, mappings,
//! definitions, removals.

use super::ast::{Body, Entity, EntityKind, Policy, PolicyAction, PolicyKind, Principal};
use super::body::{braces, properties, query};
use super::command::Head;
use super::cursor::Cursor;

/// The policies by their word.
const POLICIES: &[(&str, PolicyKind)] = &[
    ("caching", PolicyKind::Caching),
    ("callout", PolicyKind::Callout),
    ("ingestionbatching", PolicyKind::IngestionBatching),
    ("merge", PolicyKind::Merge),
    ("partitioning", PolicyKind::Partitioning),
    ("managed_identity", PolicyKind::ManagedIdentity),
    ("query_acceleration", PolicyKind::QueryAcceleration),
    ("retention", PolicyKind::Retention),
    ("row_level_security", PolicyKind::RowLevelSecurity),
    ("sandbox", PolicyKind::Sandbox),
    ("streamingingestion", PolicyKind::StreamingIngestion),
    ("update", PolicyKind::Update),
];

pub(super) fn policy(cursor: &mut Cursor<'_>, head: Head) -> Body {
    let word = head.words.last().map_or("", String::as_str);
    let kind = POLICIES.iter().find(|(known, _)| *known == word);
    let mut policy = Policy {
        kind: kind.map_or(PolicyKind::Other, |(_, kind)| *kind),
        action: head.policy_action(),
        entity: head.entity(),
        enabled: None,
        payload: None,
        payload_span: None,
    };
    if matches!(policy.action, PolicyAction::Alter | PolicyAction::AlterMerge) && !cursor.at_end() {
        cursor.properties();
        policy.enabled = match cursor.peek_word() {
            "enable" => Some(true),
            "disable" => Some(false),
            _ => None,
        };
        if policy.enabled.is_some() {
            cursor.word();
            cursor.properties();
        }
        let from = cursor.at();
        policy.payload = cursor.literal();
        policy.payload_span = match &policy.payload {
            Some(literal) => Some(literal.span),
            None => (from < cursor.tokens().len()).then(|| cursor.span(from, cursor.tokens().len())),
        };
    }
    Body::Policy(policy)
}

pub(super) fn role(cursor: &mut Cursor<'_>, head: Head) -> Body {
    let listed = if cursor.peek() == "(" {
        cursor.literals()
    } else {
        Vec::new()
    };
    Body::SecurityRole {
        action: head.role_action(),
        entity: head.entity(),
        principals: listed.iter().map(Principal::new).collect(),
    }
}

pub(super) fn mapping(cursor: &mut Cursor<'_>, head: Head) -> Body {
    let name = cursor.literal_token();
    Body::Mapping {
        entity: head.entity(),
        name,
        payload: cursor.literal(),
    }
}

pub(super) fn about(_: &mut Cursor<'_>, head: Head) -> Body {
    Body::About { entity: head.entity() }
}

pub(super) fn table(cursor: &mut Cursor<'_>, head: Head) -> Body {
    Body::Table {
        entity: head.entity(),
        properties: properties(cursor),
    }
}

/// Tables with a schema each.
pub(super) fn tables(cursor: &mut Cursor<'_>, mut head: Head) -> Body {
    while let Some((_, name)) = cursor.qualified_name() {
        head.others.push(name);
        if cursor.peek() == "(" {
            cursor.go(cursor.closing(cursor.at()) + 1);
        }
        if !cursor.eat(",") {
            break;
        }
    }
    table(cursor, head)
}

pub(super) fn function(cursor: &mut Cursor<'_>, _: Head) -> Body {
    let properties = cursor.properties();
    Body::Function {
        properties,
        name: cursor.qualified_name().map(|(_, name)| name),
        body_span: braces(cursor),
    }
}

pub(super) fn materialized_view(cursor: &mut Cursor<'_>, _: Head) -> Body {
    let mut properties = cursor.properties();
    let name = cursor.qualified_name().map(|(_, name)| name);
    let source = cursor.eat_word("on").then(|| source(cursor)).flatten();
    properties.extend(cursor.properties());
    Body::MaterializedView {
        name,
        source,
        properties,
        body_span: braces(cursor),
    }
}

/// What a materialized view is made of.
fn source(cursor: &mut Cursor<'_>) -> Option<Entity> {
    let kind = if cursor.eat_word("materialized-view") {
        EntityKind::MaterializedView
    } else {
        cursor.eat_word("table");
        EntityKind::Table
    };
    let (database, name) = cursor.qualified_name()?;
    Some(Entity {
        kind,
        database,
        names: vec![name],
    })
}

pub(super) fn set_or_append(cursor: &mut Cursor<'_>, head: Head) -> Body {
    Body::SetOrAppend {
        entity: head.entity(),
        properties: properties(cursor),
        query: query(cursor),
    }
}

pub(super) fn remove_records(cursor: &mut Cursor<'_>, head: Head) -> Body {
    let mut entity = head.entity();
    if cursor.eat_word("in") && cursor.eat_word("database") {
        entity.database = cursor.name();
    }
    Body::RemoveRecords {
        entity,
        properties: properties(cursor),
        query: query(cursor),
    }
}
