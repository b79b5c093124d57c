//! The map as one JSON object.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::engine::Mapped;
use crate::map::{MapCluster, MapIdentity, MapUsage, Part, Scope, Target};
use crate::redact::Redactor;
use crate::report::json_line;
use crate::syntax::connection::MASK;
use crate::text::{FileSpan, Sources};

/// Writes the object.
///
/// # Errors
/// What `out` reports.
pub fn json(mapped: &Mapped, out: &mut dyn Write) -> io::Result<()> {
    let sources = &mapped.sources;
    let (wrong, missing, unknown) = mapped.map.counts();
    let identities: Vec<_> = mapped.map.identities.iter().map(|one| identity(one, sources)).collect();
    let clusters: Vec<_> = mapped.map.clusters.iter().map(|one| cluster(one, sources)).collect();
    let value = json!({
        "version": 1,
        "identities": identities,
        "clusters": clusters,
        "complete": !mapped.map.cut && mapped.troubles == 0 && !mapped.incomplete,
        "summary": { "files": mapped.files, "wrong": wrong, "missing": missing, "unknown": unknown },
    });
    json_line(&Redactor::default().redacted(value), out)
}

fn identity(identity: &MapIdentity, sources: &Sources) -> Value {
    let assigned = identity.assigned.iter();
    let assigned = assigned.map(|assigned| json!({ "cluster": assigned.cluster, "state": assigned.state.word() }));
    json!({
        "kind": identity.kind.words(),
        "name": if super::is_key(&identity.name) { MASK } else { identity.name.as_str() },
        "assigned": assigned.collect::<Vec<_>>(),
        "scopes": identity.scopes.iter().map(|one| scope(one, sources)).collect::<Vec<_>>(),
        "targets": identity.targets.iter().map(|one| target(one, sources)).collect::<Vec<_>>(),
    })
}

fn scope(scope: &Scope, sources: &Sources) -> Value {
    let (level, database) = match &scope.part {
        Part::Whole => ("cluster", None),
        Part::Database(name) => ("database", Some(name)),
        Part::SomeDatabase => ("database", None),
    };
    json!({
        "cluster": scope.cluster,
        "level": level,
        "database": database,
        "usages": scope.usages.iter().map(|one| usage(one, sources)).collect::<Vec<_>>(),
    })
}

fn usage(usage: &MapUsage, sources: &Sources) -> Value {
    json!({
        "usage": usage.usage,
        "state": usage.state.word(),
        "why": usage.why,
        "flows": usage.flows,
        "places": places(&usage.places, sources),
    })
}

fn target(target: &Target, sources: &Sources) -> Value {
    json!({
        "kind": target.kind.words(),
        "name": target.name,
        "roles": target.roles,
        "state": target.state.word(),
        "why": target.why,
        "places": places(&target.places, sources),
    })
}

fn cluster(cluster: &MapCluster, sources: &Sources) -> Value {
    json!({
        "name": cluster.name,
        "systemIdentity": cluster.system_identity,
        "userIdentities": cluster.users,
        "userIdentitiesComplete": !cluster.more_users,
        "vaults": cluster.vaults,
        "places": places(&[cluster.at], sources),
    })
}

fn places(places: &[FileSpan], sources: &Sources) -> Vec<Value> {
    let place = |at: &FileSpan| {
        let start = sources.get(at.file).map(|file| file.position(at.span.start));
        json!({
            "path": sources.path(at.file),
            "line": start.map(|start| start.line),
            "column": start.map(|start| start.column),
        })
    };
    places.iter().map(place).collect()
}
