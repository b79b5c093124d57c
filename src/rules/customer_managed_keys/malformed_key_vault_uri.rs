//! See `rules/customer-managed-keys/malformed-key-vault-uri.md`.

use crate::diagnostic::{Diagnostic, Findings};
use crate::facts::{AddressFlaw, Cluster, ClusterKey, Condition, Known, Possible};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::service::Typed;

/// The rule `malformed-key-vault-uri`.
pub static RULE: Rule = rule!("customer-managed-keys", "malformed-key-vault-uri", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for cluster in &workspace.facts.clusters {
        for key in &cluster.keys {
            let given = super::given(cluster, key);
            for flaw in &key.flaws {
                match (&flaw.value, flaw.when.and(&given)) {
                    (Known::Value(kind), Some(when)) => {
                        let edit = workspace.facts.slots.rewritten.get(&(flaw.site, flaw.origin));
                        let fix = super::written("leave the address, or the name, only", edit.cloned());
                        out.report(finding(cluster, key, flaw, *kind, &when).fixed_by(fix));
                    }
                    (Known::Unknown(reason), Some(_)) => out.leave_undecided(flaw.site, reason.clone()),
                    _ => {}
                }
            }
        }
    }
}

fn finding(
    cluster: &Cluster,
    key: &ClusterKey,
    flaw: &Possible<AddressFlaw>,
    kind: AddressFlaw,
    when: &Condition,
) -> Diagnostic {
    let (uri, own) = (key.wording.named("keyVaultUri"), key.wording.named("keyName"));
    let (what, label) = match kind {
        AddressFlaw::KeyIdentifier => (
            format!("`{uri}` is the identifier of a key"),
            "not the address of a vault",
        ),
        AddressFlaw::Path => (
            format!("`{uri}` is not the address of a vault"),
            "the path does not belong to it",
        ),
        AddressFlaw::Insecure => (
            format!("`{uri}` does not start with `https://`"),
            "a vault answers to https only",
        ),
        AddressFlaw::NoUri => (format!("`{uri}` is no URI"), "the address of the vault is expected"),
        AddressFlaw::NameIsUri => (format!("`{own}` is a URI"), "not the name of a key"),
        AddressFlaw::NameWithVersion => (format!("`{own}` is more than a name"), "a name has no `/`"),
    };
    let vault = key
        .vault
        .as_ref()
        .filter(|vault| vault.is_known())
        .map(ToString::to_string);
    let vault = vault.unwrap_or_else(|| "<vault>".to_owned());
    let name = key.key.as_ref().filter(|name| name.is_known()).map(ToString::to_string);
    let name = name
        .filter(|name| !name.contains('/'))
        .unwrap_or_else(|| "<key>".to_owned());
    let diagnostic = Diagnostic::new(
        RULE.name,
        super::certain(when),
        format!(
            "{what}: cluster `{}` does not find its key{}",
            super::cluster_name(cluster),
            when.clause()
        ),
        flaw.site,
        label,
    );
    flaw.traced(diagnostic, "the value")
        .in_case(cluster.case)
        .note("address of the vault, name and version of the key are three properties")
        .note(format!(
            "write: {}{}{}",
            key.wording
                .typed("keyVaultUri", Typed::Text(&format!("https://{vault}.vault.azure.net/"))),
            if key.wording.is_command() { " " } else { ", " },
            key.wording.typed("keyName", Typed::Text(&name))
        ))
}
