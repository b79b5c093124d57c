//! See `rules/customer-managed-keys/cmk-pinned-key-version.md`.

use crate::diagnostic::{Applicability, Diagnostic, Findings, Fix, Severity};
use crate::facts::{Cluster, ClusterKey, Known, Possible};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::service::lacks_user_identities;

/// The rule `cmk-pinned-key-version`.
pub static RULE: Rule = rule!("customer-managed-keys", "cmk-pinned-key-version", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for cluster in &workspace.facts.clusters {
        for key in &cluster.keys {
            if let Some(finding) = judge(workspace, cluster, key, out) {
                out.report(finding);
            }
        }
    }
}

fn judge(workspace: &Workspace, cluster: &Cluster, key: &ClusterKey, out: &mut Findings) -> Option<Diagnostic> {
    let given = super::given(cluster, key);
    for version in &key.version {
        if let Known::Unknown(reason) = &version.value {
            out.leave_undecided(version.site, reason.clone());
        }
    }
    let pinned = key
        .version
        .iter()
        .find(|version| matches!(version.value, Known::Value(_)) && version.when.and(&given).is_some())?;
    let whose = match &key.of_database {
        Some(database) => format!("database `{}`", database.name),
        None => format!("cluster `{}`", super::cluster_name(cluster)),
    };
    let when = pinned.when.and(&given)?;
    // No document knows such a word; it pins nothing.
    let is_latest = matches!(&pinned.value, Known::Value(version) if version.eq_ignore_ascii_case("latest"));
    let name = key.wording.named("keyVersion");
    let (title, label, why) = if is_latest {
        let title = format!(
            "the `{name}` of {whose} is a word, not a version of its key{}",
            when.clause()
        );
        let why = "the version of a key is its id in the vault; the service looks for the latest one when no version is named";
        (title, "no version of a key", why)
    } else {
        let title = format!(
            "{whose} stays with one version of its key, and does not follow its rotation{}",
            when.clause()
        );
        let why = "the service looks for new versions of a key only when no version is named: when this one expires, or is turned off, the cluster loses its key";
        (title, "one version of the key", why)
    };
    let diagnostic = Diagnostic::new(RULE.name, Severity::Note, title, pinned.site, label);
    Some(
        pinned
            .traced(diagnostic, "the version")
            .in_case(cluster.case)
            .fixed_by(fix(workspace, cluster, pinned))
            .note(why)
            .note(if key.wording.is_command() {
                format!("leave `{name}` out")
            } else {
                format!("leave `{name}` out: \"keyVaultProperties\": {{ \"keyVaultUri\": \"…\", \"keyName\": \"…\" }}")
            }),
    )
}

/// The version goes, unless the API version of the cluster asks for one, or may do so.
fn fix(workspace: &Workspace, cluster: &Cluster, pinned: &Possible<String>) -> Option<Fix> {
    let may_do_without = cluster
        .version
        .iter()
        .all(|version| matches!(&version.value, Known::Value(version) if !lacks_user_identities(version)));
    let at = workspace.facts.slots.removable.get(&pinned.site);
    let at = at.filter(|_| may_do_without);
    Fix::new(Applicability::Unsafe, "leave `keyVersion` out", at, "")
}
