//! See `rules/customer-managed-keys/missing-purge-protection.md`.

use super::setting::{TurnedOn, broken};
use crate::diagnostic::{Findings, Severity};
use crate::facts::Known;
use crate::link::{Holder, Workspace};
use crate::rules::{Rule, rule};
use crate::service::Typed;

/// The rule `missing-purge-protection`.
pub static RULE: Rule = rule!("customer-managed-keys", "missing-purge-protection", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    let turned_on = TurnedOn::of(workspace, |vault| &vault.purge_protection);
    for vault in workspace.facts.vaults.iter().filter(|vault| !vault.recovers) {
        let breaks = |value: &Known<bool>| matches!(value, Known::Absent | Known::Value(false));
        let holder = workspace.holder_of_vault(vault);
        if !super::is_looked_at(workspace, &holder) {
            continue;
        }
        let given = holder.condition(&vault.when);
        let Some(setting) = broken(&vault.purge_protection, &given, breaks, out) else {
            continue;
        };
        if turned_on.elsewhere(workspace, vault) {
            out.leave_undecided(
                vault.at,
                "another file beside it turns the setting on for a vault of this name",
            );
            continue;
        }
        let (name, clause) = (&vault.name, setting.clause());
        let certain = if setting.when.is_always() {
            Severity::Error
        } else {
            Severity::Warning
        };
        let (severity, title) = match &holder {
            Holder::Encrypts(cluster, _) => {
                let cluster = super::cluster_name(cluster);
                (
                    certain,
                    format!("vault `{name}` holds the key of cluster `{cluster}` and has no purge protection{clause}"),
                )
            }
            Holder::MayEncrypt(cluster, _) => {
                let cluster = super::cluster_name(cluster);
                (
                    certain,
                    format!(
                        "vault `{name}` may hold the key of cluster `{cluster}` and has no purge protection{clause}"
                    ),
                )
            }
            Holder::Unused | Holder::NoClusterInSight => (
                Severity::Warning,
                format!("vault `{name}` has no purge protection{clause}: its keys can't encrypt a cluster"),
            ),
        };
        let diagnostic = setting.diagnostic(RULE.name, severity, title, vault, "enablePurgeProtection");
        out.report(
            super::with_cluster(diagnostic, &holder)
                .fixed_by(setting.turned_on(workspace, vault, "enablePurgeProtection"))
                .note(
                    "a cluster can be encrypted only with a key from a vault that has soft delete and purge protection",
                )
                .note(format!(
                    "set `{}`; it can't be turned off again",
                    vault.wording.typed("enablePurgeProtection", Typed::Truth(true))
                )),
        );
    }
}
