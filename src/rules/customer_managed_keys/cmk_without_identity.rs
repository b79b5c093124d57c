//! See `rules/customer-managed-keys/cmk-without-identity.md`.

use crate::diagnostic::{Applicability, Diagnostic, Findings, Fix};
use crate::facts::{Cluster, ClusterKey, Condition, GivenIdentity, IdentityBlock, Known};
use crate::link::Workspace;
use crate::rules::{Rule, rule};

/// The rule `cmk-without-identity`.
pub static RULE: Rule = rule!("customer-managed-keys", "cmk-without-identity", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for cluster in &workspace.facts.clusters {
        let mut found: Option<Diagnostic> = None;
        for key in &cluster.keys {
            match (&mut found, judge(workspace, cluster, key, out)) {
                (Some(found), Some(_)) => found.add_related(key.at, "this key as well"),
                (None, finding) => found = finding,
                (Some(_), None) => {}
            }
        }
        found.into_iter().for_each(|finding| out.report(finding));
    }
}

fn judge(workspace: &Workspace, cluster: &Cluster, key: &ClusterKey, out: &mut Findings) -> Option<Diagnostic> {
    let given = super::given(cluster, key);
    let blocks: Vec<_> = cluster
        .identity
        .iter()
        .filter(|block| block.kind.when.and(&given).is_some())
        .collect();
    for block in &blocks {
        if let Known::Unknown(reason) = &block.kind.value {
            out.leave_undecided(block.kind.site, reason.clone());
        }
    }
    let lacks = |block: &&&IdentityBlock| block.system() == Some(false) && block.user() == Some(false);
    let first = blocks.iter().find(lacks)?;
    let absent = first.kind.value == Known::Absent;
    if absent && (!cluster.creates || gets_one_before(workspace, cluster, key)) {
        // The cluster exists, and may have got an identity when it was made.
        out.leave_undecided(key.at, "the template changes a cluster that may have an identity");
        return None;
    }
    let always = blocks.iter().all(|block| lacks(&block));
    let when = if always { given } else { first.kind.when.and(&given)? };
    let finding = finding(cluster, key, first, &when);
    Some(finding.fixed_by(fix(workspace, cluster, key, first)))
}

/// Whether the files declare the cluster a second time, with an identity: it gets its key in a second step.
fn gets_one_before(workspace: &Workspace, cluster: &Cluster, key: &ClusterKey) -> bool {
    let same = |other: &&Cluster| other.case.joins(cluster.case) && other.resource.is(&cluster.resource);
    let has = |block: &IdentityBlock| block.system() != Some(false) || block.user() != Some(false);
    let others = workspace.facts.clusters.iter();
    others
        .take_while(|_| workspace.may_compare(key.at))
        .filter(same)
        .any(|other| other.identity.iter().any(has))
}

fn finding(cluster: &Cluster, key: &ClusterKey, block: &IdentityBlock, when: &Condition) -> Diagnostic {
    let name = super::cluster_name(cluster);
    let absent = block.kind.value == Known::Absent;
    let diagnostic = Diagnostic::new(
        RULE.name,
        super::certain(when),
        format!(
            "cluster `{name}` is to be encrypted with a key of a vault, and has no identity to read it with{}",
            when.clause()
        ),
        block.kind.site,
        if absent { "it has no `identity`" } else { "no identity" },
    )
    .in_case(cluster.case);
    let diagnostic = if absent {
        diagnostic
    } else {
        block.kind.traced(diagnostic, "the type")
    };
    let named = key
        .identities
        .iter()
        .any(|given| !matches!(given.value, GivenIdentity::Absent));
    diagnostic
        .related(key.at, "the key is in this vault")
        .note("the service signs in to the vault as an identity of the cluster: without one the deployment fails")
        .note(if named {
            "add the identity of `userIdentity`: \"identity\": { \"type\": \"UserAssigned\", \"userAssignedIdentities\": { \"<its id>\": {} } }"
        } else {
            "write in the cluster: \"identity\": { \"type\": \"SystemAssigned\" }, and give it access to the key"
        })
}

/// An `identity`, or another type of the one that is there: the identity that is to read the key, or one of the cluster.
fn fix(workspace: &Workspace, cluster: &Cluster, key: &ClusterKey, block: &IdentityBlock) -> Option<Fix> {
    let [reader] = key.identities.as_slice() else {
        return None;
    };
    let slots = &workspace.facts.slots;
    let value = match &reader.value {
        GivenIdentity::Absent => "{ \"type\": \"SystemAssigned\" }".to_owned(),
        // What is written at a database may be known to its template only.
        GivenIdentity::Resource(_) if key.of_database.is_none() => {
            let id = slots.strings.get(&reader.at)?;
            format!("{{ \"type\": \"UserAssigned\", \"userAssignedIdentities\": {{ {id}: {{}} }} }}")
        }
        _ => return None,
    };
    match &block.kind.value {
        Known::Absent if block.kind.when.is_always() => {
            let edit = slots.member(cluster.at, "identity", &value);
            super::written(format!("write `\"identity\": {value}`"), edit)
        }
        Known::Value(none) if matches!(reader.value, GivenIdentity::Absent) && block.kind.when.is_always() => {
            let title = "write `\"type\": \"SystemAssigned\"`";
            let place = block.kind.quoted_as(none);
            Fix::new(Applicability::Unsafe, title, place.as_ref(), "SystemAssigned")
        }
        _ => None,
    }
}
