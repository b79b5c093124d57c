//! See `rules/customer-managed-keys/missing-soft-delete.md`.

use super::setting::{TurnedOn, broken};
use crate::diagnostic::{Findings, Severity};
use crate::facts::Known;
use crate::link::{Holder, Workspace};
use crate::rules::{Rule, rule};
use crate::service::Typed;

/// The rule `missing-soft-delete`.
pub static RULE: Rule = rule!("customer-managed-keys", "missing-soft-delete", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    let turned_on = TurnedOn::of(workspace, |vault| &vault.soft_delete);
    for vault in workspace.facts.vaults.iter().filter(|vault| !vault.recovers) {
        let holder = workspace.holder_of_vault(vault);
        if !super::is_looked_at(workspace, &holder) {
            continue;
        }
        let holds = matches!(holder, Holder::Encrypts(..) | Holder::MayEncrypt(..));
        let off = |value: &Known<bool>| *value == Known::Value(false);
        let off_or_absent = |value: &Known<bool>| matches!(value, Known::Absent | Known::Value(false));
        let given = holder.condition(&vault.when);
        let breaks = if holds { off_or_absent } else { off };
        let Some(setting) = broken(&vault.soft_delete, &given, breaks, out) else {
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
        let said = if setting.value.value == Known::Absent {
            "does not say that it has soft delete"
        } else {
            "has soft delete turned off"
        };
        let title = match &holder {
            Holder::Encrypts(cluster, _) => {
                format!(
                    "vault `{name}` holds the key of cluster `{}` and {said}{clause}",
                    super::cluster_name(cluster)
                )
            }
            Holder::MayEncrypt(cluster, _) => {
                format!(
                    "vault `{name}` may hold the key of cluster `{}` and {said}{clause}",
                    super::cluster_name(cluster)
                )
            }
            Holder::Unused | Holder::NoClusterInSight => {
                format!("vault `{name}` {said}{clause}: its keys can't encrypt a cluster")
            }
        };
        let certain = holds && setting.when.is_always() && setting.value.value != Known::Absent;
        let severity = if certain { Severity::Error } else { Severity::Warning };
        let typed = vault.wording.typed("enableSoftDelete", Typed::Truth(true));
        let diagnostic = setting.diagnostic(RULE.name, severity, title, vault, "enableSoftDelete");
        out.report(
            super::with_cluster(diagnostic, &holder)
                .fixed_by(setting.turned_on(workspace, vault, "enableSoftDelete"))
                .note(
                    "a cluster can be encrypted only with a key from a vault that has soft delete and purge protection",
                )
                .note(if setting.value.value == Known::Absent {
                    format!("set `{typed}`: Key Vault turns it on by default, the documents ask to set it")
                } else if vault.wording.is_command() {
                    let option = vault.wording.named("enableSoftDelete");
                    format!("leave `{option}` out: Key Vault turns it on by default, and then refuses to turn it off")
                } else {
                    format!("set `{typed}`; a vault that once had it refuses `false`")
                }),
        );
    }
}
