//! See `rules/role-grants/missing-storage-grant.md`.

use std::collections::BTreeMap;

use super::{described, grant_note, only_manages, reading};
use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{Identity, IdentityUse, ResourceKey, StorageAccount};
use crate::link::{Held, Question, Workspace};
use crate::rules::{Rule, rule};
use crate::service::{Support, Target};
use crate::text::Symbol;

/// The rule `missing-storage-grant`.
pub static RULE: Rule = rule!("role-grants", "missing-storage-grant", Some(check));

/// Uses of one identity that a finding shows besides the first one.
const MOST: usize = 3;

fn check(workspace: &Workspace, out: &mut Findings) {
    if !workspace.has_role_assignments() {
        return;
    }
    let mut accounts: BTreeMap<&str, Vec<&StorageAccount>> = BTreeMap::new();
    for account in &workspace.facts.accounts {
        accounts.entry(account.name.key()).or_default().push(account);
    }
    let mut found: BTreeMap<(String, &str), Diagnostic> = BTreeMap::new();
    for used in workspace.facts.uses.iter().filter(|used| is_asked(used)) {
        let Some(name) = &used.account else { continue };
        let declared = accounts.get(name.key()).into_iter().flatten();
        let Some(account) = declared.copied().find(|account| account.case.joins(used.script.case)) else {
            continue;
        };
        let on = ResourceKey::account(name);
        let question = Question {
            identity: &used.identity,
            case: used.script.case,
            when: &used.when,
            on: &on,
        };
        let roles = match workspace.holds(question, reading(Target::Blobs)) {
            Held::Granted(_) | Held::GrantedElsewhere => continue,
            Held::Untold(reason) => {
                out.leave_undecided(used.at, reason);
                continue;
            }
            Held::Lacking(roles) => roles,
        };
        if roles.iter().any(|role| only_manages(role)) {
            continue;
        }
        let who = used
            .identity
            .identity
            .key()
            .unwrap_or_else(|| described(&used.identity));
        let known = found.get_mut(&(who.clone(), name.key()));
        match known {
            Some(known) if known.related.len() <= MOST => known.add_related(used.at, "it is used here as well"),
            Some(_) => {}
            None => {
                found.insert((who, name.key()), finding(used, account));
            }
        }
    }
    found.into_values().for_each(|finding| out.report(finding));
}

/// Whether the files have to show a grant for the use: it works with an identity, and that identity is not one that
/// only a run fills in.
fn is_asked(used: &IdentityUse) -> bool {
    let filled_in = |symbol: &Symbol| !matches!(symbol, Symbol::Parameter { .. } | Symbol::Reference { .. });
    used.script.is_run()
        && !matches!(used.flow.row().support, Support::Never(_))
        && !matches!(&used.identity.identity, Identity::Symbol(symbol) if filled_in(symbol))
}

fn finding(used: &IdentityUse, account: &StorageAccount) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        RULE.name,
        Severity::Warning,
        format!(
            "no role assignment in the files lets {} reach blobs of account `{}`{}",
            described(&used.identity),
            account.name,
            used.when.clause()
        ),
        used.at,
        format!("{} needs a role on the account", used.flow.row().title),
    )
    .in_case(used.script.case)
    .related(account.at, "the account is declared here")
    .note("storage refuses an identity without a data role: `Download_Forbidden`");
    match used.flow.on_blobs().and_then(grant_note) {
        Some(note) => diagnostic.note(note),
        None => diagnostic,
    }
}
