//! See `rules/customer-managed-keys/malformed-key-vault-uri.md`.

use crate::diagnostic::{Diagnostic, Findings};
use crate::facts::{AddressFlaw, Cluster, ClusterKey, Condition, Known, Possible};
use crate::link::Workspace;
use crate::rules::{Rule, rule};

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
    let (what, label) = match kind {
        AddressFlaw::KeyIdentifier => ("`keyVaultUri` is the identifier of a key", "not the address of a vault"),
        AddressFlaw::Path => (
            "`keyVaultUri` is not the address of a vault",
            "the path does not belong to it",
        ),
        AddressFlaw::Insecure => (
            "`keyVaultUri` does not start with `https://`",
            "a vault answers to https only",
        ),
        AddressFlaw::NoUri => ("`keyVaultUri` is no URI", "the address of the vault is expected"),
        AddressFlaw::NameIsUri => ("`keyName` is a URI", "not the name of a key"),
        AddressFlaw::NameWithVersion => ("`keyName` is more than a name", "a name has no `/`"),
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
            "write: \"keyVaultUri\": \"https://{vault}.vault.azure.net/\", \"keyName\": \"{name}\""
        ))
}
