//! See `rules/customer-managed-keys/ineffective-key-vault-grant.md`.

use crate::diagnostic::{Applicability, Diagnostic, Findings, Fix, Severity};
use crate::facts::{Condition, Known, Possible, RoleAssignment, Vault, VaultAccess};
use crate::link::{Holder, KeyReader, Workspace};
use crate::rules::{Rule, rule};
use crate::service::Typed;

/// The rule `ineffective-key-vault-grant`.
pub static RULE: Rule = rule!("customer-managed-keys", "ineffective-key-vault-grant", Some(check));

/// Grants beside the first one that a finding shows.
const MOST: usize = 3;

fn check(workspace: &Workspace, out: &mut Findings) {
    let mut readers = Vec::new();
    workspace.each_key_reader(|reader| readers.push(reader));
    for vault in workspace.facts.vaults.iter().filter(|vault| !vault.recovers) {
        let mut policies = workspace.policies_of(vault);
        // A list that is not known may be empty.
        policies.retain(|access| access.principal.is_some());
        let roles = workspace.key_roles_on(vault);
        if policies.is_empty() && roles.is_empty() {
            continue;
        }
        let mut told: Option<bool> = None;
        for setting in &vault.roles_only {
            let takes_roles = match &setting.value {
                Known::Unknown(reason) => {
                    out.leave_undecided(setting.site, reason.clone());
                    continue;
                }
                Known::Value(value) => Some(*value),
                Known::Absent => vault.takes_roles(&setting.when),
            };
            let grants = match takes_roles {
                Some(true) => Grants::Policies(together(&policies, &setting.when, |access| &access.when)),
                Some(false) => Grants::Roles(together(&roles, &setting.when, |role| &role.when)),
                None => {
                    let reason = "what the vault takes by default in this API version is not known";
                    out.leave_undecided(setting.site, reason);
                    continue;
                }
            };
            if told != takes_roles && !grants.is_empty() {
                told = takes_roles;
                let holder = workspace.holder_of_vault(vault);
                let works = all_have_access(workspace, &readers, vault, &setting.when, &grants);
                // With both, one of the two is ignored whatever the vault takes; what works is left as it is.
                let is_one = policies.is_empty() || roles.is_empty();
                let fix = (is_one && !works)
                    .then(|| fix(workspace, vault, setting, &grants))
                    .flatten();
                out.report(finding(vault, &holder, &setting.when, &grants, works).fixed_by(fix));
            }
        }
    }
}

/// Whether all clusters that read a key of the vault have access to it by what it does read.
fn all_have_access(
    workspace: &Workspace,
    readers: &[KeyReader<'_>],
    vault: &Vault,
    when: &Condition,
    grants: &Grants<'_>,
) -> bool {
    let of_vault = |reader: &&KeyReader<'_>| std::ptr::eq(reader.vault, vault) && reader.when.and(when).is_some();
    let mut readers = readers.iter().filter(of_vault).peekable();
    let by_roles = matches!(grants, Grants::Policies(_));
    readers.peek().is_some() && readers.all(|reader| workspace.has_access_by(reader, by_roles))
}

/// What the vault does not read.
enum Grants<'f> {
    Policies(Vec<&'f VaultAccess>),
    Roles(Vec<&'f RoleAssignment>),
}

impl Grants<'_> {
    fn is_empty(&self) -> bool {
        match self {
            Self::Policies(policies) => policies.is_empty(),
            Self::Roles(roles) => roles.is_empty(),
        }
    }
}

fn together<'f, T>(all: &[&'f T], when: &Condition, of: impl Fn(&T) -> &Condition) -> Vec<&'f T> {
    let together = |one: &&&T| of(one).and(when).is_some();
    all.iter().filter(together).copied().collect()
}

fn finding(vault: &Vault, holder: &Holder<'_>, when: &Condition, grants: &Grants<'_>, works: bool) -> Diagnostic {
    let (name, clause) = (&vault.name, when.clause());
    let severity = match holder {
        Holder::Encrypts(..) | Holder::MayEncrypt(..) if !works => super::certain(when),
        _ => Severity::Warning,
    };
    let setting = vault.roles_only.iter().find(|setting| setting.when == *when);
    let stated = setting.filter(|setting| setting.value != Known::Absent);
    let (title, places, other) = match grants {
        Grants::Policies(policies) => (
            format!("vault `{name}` takes roles only, and ignores its access policies{clause}"),
            policies
                .iter()
                .map(|access| access.principal.as_ref().map_or(access.at, |principal| principal.at))
                .collect::<Vec<_>>(),
            "false",
        ),
        Grants::Roles(roles) => (
            format!("vault `{name}` takes access policies only, and ignores roles on its keys{clause}"),
            roles.iter().map(|role| role.at).collect(),
            "true",
        ),
    };
    let diagnostic = match stated {
        Some(setting) => {
            let shown = if other == "false" { "`true`" } else { "`false`" };
            let diagnostic = Diagnostic::new(RULE.name, severity, title, setting.site, shown);
            setting.traced(diagnostic, shown)
        }
        None => {
            let diagnostic = Diagnostic::new(
                RULE.name,
                severity,
                title,
                vault.at,
                format!("`{}` is not set", vault.wording.named("enableRbacAuthorization")),
            );
            match vault.version.first() {
                Some(version) => diagnostic.related(version.site, default_of(other)),
                None => diagnostic,
            }
        }
    };
    let what = if other == "false" {
        "it ignores this policy"
    } else {
        "it ignores this role"
    };
    let diagnostic = places
        .into_iter()
        .take(MOST)
        .fold(diagnostic, |diagnostic, at| diagnostic.related(at, what));
    super::with_cluster(diagnostic.in_case(vault.case), holder)
        .note("a vault reads either its access policies or the roles on it, never both")
        .note(match grants {
            Grants::Policies(_) => format!(
                "write `{}`, or give roles in place of the policies",
                typed(vault, false)
            ),
            Grants::Roles(_) => format!(
                "write `{}`, or give access policies in place of the roles",
                typed(vault, true)
            ),
        })
}

/// Whether the vault takes roles, as one types it.
fn typed(vault: &Vault, takes_roles: bool) -> String {
    vault
        .wording
        .typed("enableRbacAuthorization", Typed::Truth(takes_roles))
}

/// What the vault is to take: the other value, or the setting where it is left out.
fn fix(workspace: &Workspace, vault: &Vault, setting: &Possible<bool>, grants: &Grants<'_>) -> Option<Fix> {
    let (old, new) = match grants {
        Grants::Policies(_) => ("true", "false"),
        Grants::Roles(_) => ("false", "true"),
    };
    let title = format!("write `{}`", typed(vault, matches!(grants, Grants::Roles(_))));
    if setting.value == Known::Absent && setting.when.is_always() {
        let slots = &workspace.facts.slots;
        return super::written(title, slots.member(vault.properties_at, "enableRbacAuthorization", new));
    }
    Fix::new(Applicability::Unsafe, title, setting.written_as(old).as_ref(), new)
}

fn default_of(other: &str) -> &'static str {
    if other == "false" {
        "the default is `true` from version 2026-02-01 on"
    } else {
        "the default is `false` up to version 2025-05-01"
    }
}
