//! See `rules/customer-managed-keys/missing-cmk-key-grant.md`.

use crate::diagnostic::{Diagnostic, Findings, Fix, Severity};
use crate::facts::{Known, VaultAccess};
use crate::link::{KeyAccess, KeyReader, Lack, Workspace};
use crate::rules::{Rule, rule};
use crate::service::{Access, KEY_PERMISSIONS, Reach, Target, Typed, least_role};

/// The rule `missing-cmk-key-grant`.
pub static RULE: Rule = rule!("customer-managed-keys", "missing-cmk-key-grant", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    workspace.each_key_reader(|reader| match workspace.key_access(&reader) {
        KeyAccess::Granted | KeyAccess::Elsewhere => {}
        KeyAccess::Untold(reason) => out.leave_undecided(reader.key.at, reason),
        KeyAccess::Lacking(lack) => out.report(finding(&reader, &lack).fixed_by(fix(workspace, &lack))),
    });
}

fn finding(reader: &KeyReader<'_>, lack: &Lack<'_>) -> Diagnostic {
    let (who, vault) = (super::described(&reader.identity), &reader.vault.name);
    let cluster = super::cluster_name(reader.cluster);
    let when = reader.when.without(&reader.cluster.when);
    let clause = when.clause();
    // A role may be given elsewhere, and what a vault of another template gets before the cluster is deployed as well;
    // what contradicts the cluster stands here.
    let severity = match lack {
        Lack::NoRole => Severity::Warning,
        Lack::LeftOut if reader.vault.case != reader.cluster.case => Severity::Warning,
        _ => super::certain(&when),
    };
    let title = match lack {
        Lack::Policy(access) => format!(
            "{who} can't use the key of cluster `{cluster}`: vault `{vault}` allows it {}{clause}",
            allowed(access)
        ),
        Lack::Role(_, role) => {
            format!(
                "with only `{}`, {who} can't use the key of cluster `{cluster}`{clause}",
                role.name
            )
        }
        Lack::NoRole => format!(
            "no role assignment in the files lets {who} use the key of cluster `{cluster}` in vault `{vault}`{clause}"
        ),
        Lack::GivenTo(_) | Lack::LeftOut => {
            format!("vault `{vault}` gives {who} no access to the key of cluster `{cluster}`{clause}")
        }
    };
    let diagnostic = match lack {
        Lack::Policy(access) => Diagnostic::new(RULE.name, severity, title, access.at, missing(access)),
        Lack::Role(role, _) => Diagnostic::new(RULE.name, severity, title, role.at, "this role can't unwrap keys"),
        Lack::GivenTo(_) | Lack::LeftOut | Lack::NoRole => Diagnostic::new(
            RULE.name,
            severity,
            title,
            reader.key.at,
            "the cluster reads its key here",
        ),
    };
    let diagnostic = match lack {
        Lack::GivenTo(at) => diagnostic.related(*at, "this is given to another identity of the cluster"),
        _ => diagnostic,
    };
    diagnostic
        .in_case(reader.cluster.case)
        .related(reader.identity.at, "the identity that reads the key")
        .related(reader.vault.at, "the vault of the key")
        .note("setting the key fails; a cluster that loses access to its key is suspended")
        .note(mend(reader, lack))
}

/// "`get` and `list` only", "nothing on keys".
fn allowed(access: &VaultAccess) -> String {
    let words = match &access.keys {
        Known::Value(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>(),
        Known::Absent | Known::Unknown(_) => Vec::new(),
    };
    if words.is_empty() {
        "nothing on keys".to_owned()
    } else {
        format!("{} only", words.join(", "))
    }
}

/// The permissions that are missing.
fn missing(access: &VaultAccess) -> String {
    let words: Vec<_> = lacking(access).map(|word| format!("`{word}`")).collect();
    format!("{} missing", words.join(", "))
}

fn lacking(access: &VaultAccess) -> impl Iterator<Item = &'static str> {
    let has = |wanted: &str| matches!(&access.keys, Known::Value(words) if words.iter().any(|word| word == wanted));
    KEY_PERMISSIONS.iter().filter(move |wanted| !has(wanted)).copied()
}

/// The permissions that are missing, in an access policy that has some.
fn fix(workspace: &Workspace, lack: &Lack<'_>) -> Option<Fix> {
    let Lack::Policy(access) = lack else { return None };
    let lacks: Vec<_> = lacking(access).collect();
    let words: Vec<_> = lacks.iter().map(super::spelled).collect();
    let title = format!("add `{}` to the permissions", words.join("`, `"));
    super::written(title, workspace.facts.slots.words(access.at, &words))
}

/// What to write, by the way in which the vault gives access.
fn mend(reader: &KeyReader<'_>, lack: &Lack<'_>) -> String {
    let role = least_role(Reach::Of(Target::VaultKeys, Access::Read));
    let vault = reader.vault.wording;
    let words = Typed::Words(&["get", "wrapKey", "unwrapKey"]);
    let principal = Typed::Text("<principalId of the identity>");
    match (reader.vault.takes_roles(&reader.when), role, lack) {
        (Some(true), Some(role), _) => {
            let options = [("principalId", principal), ("roleDefinitionId", Typed::Text(role.name))];
            let command = vault.command("Microsoft.Authorization/roleAssignments", &options);
            let member = format!(
                "\"roleDefinitionId\": \"[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '{}')]\"",
                role.id
            );
            format!("grant {} on the vault: {}", role.name, command.unwrap_or(member))
        }
        (_, _, Lack::Policy(access)) if access.wording.is_command() => {
            format!("write: {}", access.wording.typed("keys", words))
        }
        (_, _, Lack::Policy(access)) => format!(
            "write in its access policy: \"permissions\": {{ {} }}",
            access.wording.typed("keys", words)
        ),
        _ => {
            let options = [("objectId", principal), ("keys", words)];
            let command = vault.command("Microsoft.KeyVault/vaults/accessPolicies", &options);
            command.map_or_else(
                || {
                    format!(
                        "add to `accessPolicies`: {{ \"tenantId\": \"[subscription().tenantId]\", {}, \"permissions\": {{ {} }} }}",
                        vault.typed("objectId", principal),
                        vault.typed("keys", words)
                    )
                },
                |command| format!("run for the vault: {command}"),
            )
        }
    }
}
