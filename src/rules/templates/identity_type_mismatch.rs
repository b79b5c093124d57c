//! See `rules/templates/identity-type-mismatch.md`.

use crate::diagnostic::{Applicability, Diagnostic, Findings, Fix, Severity};
use crate::facts::{Cluster, IdentityBlock, Known, ResourceKey};
use crate::link::Workspace;
use crate::rules::{Rule, rule};

/// The rule `identity-type-mismatch`.
pub static RULE: Rule = rule!("templates", "identity-type-mismatch", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for cluster in &workspace.facts.clusters {
        for block in &cluster.identity {
            if let Some(finding) = judge(cluster, block) {
                out.report(finding.in_case(cluster.case));
            }
            if let (Known::Unknown(reason), Some(_)) = (&block.kind.value, block.users_at) {
                out.leave_undecided(block.kind.site, reason.clone());
            }
        }
    }
}

/// What the type of a block and the identities that it lists make of one another.
fn judge(cluster: &Cluster, block: &IdentityBlock) -> Option<Diagnostic> {
    let at = block.users_at.unwrap_or(block.kind.site);
    match (block.user()?, block.users.known.first()) {
        (false, Some(first)) => Some(dropped(cluster, block, first)),
        (true, None) if block.users.complete => Some(match block.removed.first() {
            Some(_) => removed(cluster, block),
            None => empty(cluster, block, at),
        }),
        _ if !block.removed.is_empty() => Some(removed(cluster, block)),
        _ => None,
    }
}

/// What holds always is an error, what holds under a condition a warning.
fn certain(block: &IdentityBlock) -> Severity {
    if block.kind.when.is_always() {
        Severity::Error
    } else {
        Severity::Warning
    }
}

fn name_of(key: &ResourceKey) -> String {
    key.own().map(ToString::to_string).unwrap_or_default()
}

fn dropped(cluster: &Cluster, block: &IdentityBlock, first: &ResourceKey) -> Diagnostic {
    let clause = block.kind.when.clause();
    let diagnostic = Diagnostic::new(
        RULE.name,
        certain(block),
        format!(
            "cluster `{}` does not get identity `{}`, which its `identity` lists{clause}",
            name_of(&cluster.resource),
            name_of(first)
        ),
        block.kind.site,
        "this type has no user-assigned identities",
    );
    let wanted = if block.system() == Some(true) {
        "SystemAssigned, UserAssigned"
    } else {
        "UserAssigned"
    };
    let place = match &block.kind.value {
        Known::Value(kind) => block.kind.quoted_as(kind),
        Known::Absent | Known::Unknown(_) => None,
    };
    let title = format!("write `\"type\": \"{wanted}\"`");
    let fix = Fix::new(Applicability::Unsafe, title, place.as_ref(), wanted);
    let diagnostic = block.kind.traced(diagnostic, "the type");
    let diagnostic = match block.users_at {
        Some(at) => diagnostic.related(at, "the identities that are listed"),
        None => diagnostic,
    };
    diagnostic
        .note("the service takes identities from `userAssignedIdentities` only when `type` names `UserAssigned`")
        .note(format!("write: \"type\": \"{wanted}\""))
        .fixed_by(fix)
}

fn empty(cluster: &Cluster, block: &IdentityBlock, at: crate::text::FileSpan) -> Diagnostic {
    let name = name_of(&cluster.resource);
    let clause = block.kind.when.clause();
    let (severity, what) = match block.users_at {
        Some(_) => (Severity::Note, "the list is empty"),
        None => (certain(block), "`userAssignedIdentities` is not set"),
    };
    let diagnostic = Diagnostic::new(
        RULE.name,
        severity,
        format!("cluster `{name}` is to have user-assigned identities, and gets none{clause}"),
        at,
        what,
    );
    let diagnostic = block.kind.traced(diagnostic, "the type");
    let other = if block.system() == Some(true) {
        "SystemAssigned"
    } else {
        "None"
    };
    diagnostic
        .related(block.kind.site, "this type asks for some")
        .note("write: \"userAssignedIdentities\": { \"[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', '<name>')]\": {} }")
        .note(format!("or, if it is to have none, \"type\": \"{other}\""))
}

fn removed(cluster: &Cluster, block: &IdentityBlock) -> Diagnostic {
    let first = block.removed.first();
    let shown = first.map(|removed| removed.name.to_string()).unwrap_or_default();
    let diagnostic = Diagnostic::new(
        RULE.name,
        certain(block),
        format!(
            "`null` takes identity `{shown}` off cluster `{}`{}",
            name_of(&cluster.resource),
            block.kind.when.clause()
        ),
        first.map_or(block.kind.site, |removed| removed.at),
        "each deployment takes it away",
    );
    let others = block.removed.iter().skip(1).take(3);
    let diagnostic = others.fold(diagnostic, |diagnostic, removed| {
        diagnostic.related(removed.at, format!("and `{}`", removed.name))
    });
    diagnostic
        .note("an entry of `userAssignedIdentities` gives the identity with `{}` and takes it away with `null`")
        .note("write `{}` to give it; if it is to go, leave the entry out once it is gone")
}
