//! See `rules/customer-managed-keys/cmk-api-version-too-old.md`.

use crate::diagnostic::{Applicability, Diagnostic, Findings, Fix, Severity};
use crate::facts::{Cluster, ClusterKey, GivenIdentity, Known, Possible};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::service::{CURRENT_VERSION, FIRST_WITH_USERS, Version, lacks_keys_of_databases, lacks_user_identities};

/// The rule `cmk-api-version-too-old`.
pub static RULE: Rule = rule!("customer-managed-keys", "cmk-api-version-too-old", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for cluster in &workspace.facts.clusters {
        let newer = newer(cluster);
        let old = |version: &Version| lacks_user_identities(version);
        if !newer.is_empty()
            && let Some((at, version)) = first(&cluster.version, old, out)
        {
            let title = format!(
                "API version {version} of clusters has no {}, which cluster `{}` uses",
                listed(&newer),
                super::cluster_name(cluster)
            );
            let finding = finding(at, title, cluster).note(if cluster.keys.is_empty() {
                "that version knows no type `UserAssigned`: what is unknown to it is refused or ignored"
            } else {
                "that version knows no `userIdentity` and no type `UserAssigned`, and requires a `keyVersion`: \
                 what is unknown to it is refused or ignored"
            });
            out.report(mended(finding, at, version, FIRST_WITH_USERS));
        }
        for key in &cluster.keys {
            if let Some(finding) = of_database(cluster, key, out) {
                out.report(finding);
            }
        }
    }
}

/// What the cluster uses that came with later versions.
fn newer(cluster: &Cluster) -> Vec<&'static str> {
    let keys = || cluster.keys.iter().filter(|key| key.of_database.is_none());
    let names_user = |key: &ClusterKey| {
        let mut identities = key.identities.iter();
        identities.any(|given| !matches!(given.value, GivenIdentity::Absent | GivenIdentity::Unknown))
    };
    let unpinned =
        |key: &ClusterKey| !key.version.is_empty() && key.version.iter().all(|version| version.value == Known::Absent);
    let mut newer = Vec::new();
    if keys().any(names_user) {
        newer.push("`userIdentity`");
    }
    if keys().any(unpinned) {
        newer.push("key without `keyVersion`");
    }
    if cluster.identity.iter().any(|block| block.user() == Some(true)) {
        newer.push("user-assigned identities");
    }
    newer
}

/// The first version that `is_old`; what is not known is left undecided.
fn first<'f>(
    versions: &'f [Possible<Version>],
    is_old: impl Fn(&Version) -> bool,
    out: &mut Findings,
) -> Option<(&'f Possible<Version>, &'f Version)> {
    for version in versions {
        match &version.value {
            Known::Value(known) if is_old(known) => return Some((version, known)),
            Known::Unknown(reason) => out.leave_undecided(version.site, reason.clone()),
            Known::Value(_) | Known::Absent => {}
        }
    }
    None
}

fn of_database(cluster: &Cluster, key: &ClusterKey, out: &mut Findings) -> Option<Diagnostic> {
    let database = key.of_database.as_ref()?;
    let (at, version) = first(&database.version, lacks_keys_of_databases, out)?;
    let title = format!(
        "API version {version} of databases has no `keyVaultProperties`, which database `{}` uses",
        database.name
    );
    let finding = finding(at, title, cluster)
        .related(key.at, "a key of its own")
        .note("what is unknown to a version is refused or ignored: the database is not encrypted with this key");
    Some(mended(finding, at, version, CURRENT_VERSION))
}

fn finding(at: &Possible<Version>, title: String, cluster: &Cluster) -> Diagnostic {
    let title = format!("{title}{}", at.when.clause());
    let diagnostic = Diagnostic::new(RULE.name, Severity::Warning, title, at.site, "too old");
    at.traced(diagnostic, "the version").in_case(cluster.case)
}

/// The finding with the oldest version that was read and knows what is used.
fn mended(finding: Diagnostic, at: &Possible<Version>, old: &Version, first: &str) -> Diagnostic {
    let title = format!("write `\"apiVersion\": \"{first}\"`");
    let place = at.quoted_as(&old.to_string());
    let finding = finding.fixed_by(Fix::new(Applicability::Unsafe, title, place.as_ref(), first));
    let newer = if first == CURRENT_VERSION {
        ""
    } else {
        ", or a newer one"
    };
    finding.note(format!("write: \"apiVersion\": \"{first}\"{newer}"))
}

/// "a, b or c".
fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and no {last}", first.join(", no ")),
    }
}
