//! See `rules/customer-managed-keys/cmk-region-mismatch.md`.

use crate::diagnostic::{Diagnostic, Findings};
use crate::facts::{Cluster, ClusterKey, Condition, Known, Name, Possible, Vault};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::service::Typed;

/// The rule `cmk-region-mismatch`.
pub static RULE: Rule = rule!("customer-managed-keys", "cmk-region-mismatch", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for cluster in &workspace.facts.clusters {
        for key in &cluster.keys {
            for vault in workspace.vaults_of(cluster, key) {
                if let Some(finding) = judge(cluster, key, vault, out) {
                    out.report(finding);
                }
            }
        }
    }
}

/// A pair of regions that differ.
struct Apart<'f> {
    cluster: &'f Possible<Name>,
    vault: &'f Possible<Name>,
    when: Condition,
}

fn judge(cluster: &Cluster, key: &ClusterKey, vault: &Vault, out: &mut Findings) -> Option<Diagnostic> {
    let given = super::given(cluster, key);
    let mut apart: Vec<Apart<'_>> = Vec::new();
    let (mut pairs, mut untold) = (0, false);
    for own in &cluster.location {
        for other in &vault.location {
            let when = given.and(&own.when).and_then(|when| when.and(&other.when));
            let (Some(when), Some((one, two))) = (when, names(own, other)) else {
                continue;
            };
            pairs += 1;
            if one.is_not(two) {
                apart.push(Apart {
                    cluster: own,
                    vault: other,
                    when,
                });
            } else if !one.is(two) {
                untold = true;
            }
        }
    }
    if untold {
        let reason = format!(
            "whether vault `{}` is in the region of the cluster is not known",
            vault.name
        );
        out.leave_undecided(key.at, reason);
    }
    let always = apart.len() == pairs;
    let first = apart.into_iter().next()?;
    let when = if always { given } else { first.when.clone() };
    Some(finding(cluster, vault, &first, &when))
}

fn names<'f>(one: &'f Possible<Name>, two: &'f Possible<Name>) -> Option<(&'f Name, &'f Name)> {
    match (&one.value, &two.value) {
        (Known::Value(one), Known::Value(two)) => Some((one, two)),
        _ => None,
    }
}

fn finding(cluster: &Cluster, vault: &Vault, apart: &Apart<'_>, when: &Condition) -> Diagnostic {
    let shown = |place: &Possible<Name>| match &place.value {
        Known::Value(name) => name.to_string(),
        Known::Absent | Known::Unknown(_) => String::new(),
    };
    let (own, other) = (shown(apart.cluster), shown(apart.vault));
    let diagnostic = Diagnostic::new(
        RULE.name,
        super::certain(when),
        format!(
            "cluster `{}` is in {own} and vault `{}`, which holds its key, in {other}{}",
            super::cluster_name(cluster),
            vault.name,
            when.clause()
        ),
        apart.vault.site,
        format!("not {own}"),
    );
    apart
        .vault
        .traced(diagnostic, &format!("`{other}`"))
        .in_case(vault.case)
        .in_case(cluster.case)
        .related(apart.cluster.site, "the region of the cluster")
        .note("a cluster can be encrypted only with a key from a vault in its own region; subscriptions may differ")
        .note(format!(
            "put a vault beside the cluster: {}",
            vault.wording.typed("location", Typed::Text(&own))
        ))
}
