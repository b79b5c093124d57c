//! See `rules/identity-policy/duplicate-identity-policy-entry.md`.

use std::collections::BTreeMap;

use crate::diagnostic::{Applicability, Diagnostic, Findings, Fix, Severity};
use crate::facts::{Identity, PolicyCommand, PolicyEntry};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::service::Usage;

/// The rule `duplicate-identity-policy-entry`.
pub static RULE: Rule = rule!("identity-policy", "duplicate-identity-policy-entry", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for command in &workspace.facts.policies {
        repeated_identities(command, out);
        for entry in command.entries.iter().flatten() {
            repeated_usages(command, entry, out);
        }
    }
}

fn repeated_identities(command: &PolicyCommand, out: &mut Findings) {
    let mut first = BTreeMap::new();
    for named in command
        .entries
        .iter()
        .flatten()
        .filter_map(|entry| entry.identity.as_ref())
    {
        let key = match &named.identity {
            Identity::System(_) => "system".to_owned(),
            other => match other.key() {
                Some(key) => key,
                None => continue,
            },
        };
        let Some(before) = first.get(&key) else {
            first.insert(key, named.at);
            continue;
        };
        let title = format!(
            "`{}` has two entries in {}",
            named.written,
            super::policy_of(&command.level)
        );
        out.report(
            Diagnostic::new(RULE.name, Severity::Note, title, named.at, "the second entry")
                .in_case(command.script.case)
                .related(*before, "the first entry")
                .note("which of them counts is not documented: write one entry with the usages of both"),
        );
    }
}

fn repeated_usages(command: &PolicyCommand, entry: &PolicyEntry, out: &mut Findings) {
    let all = entry.usages.iter().find(|word| word.usage == Some(Usage::All));
    for (index, word) in entry.usages.iter().enumerate() {
        let Some(usage) = word.usage else { continue };
        let before = entry
            .usages
            .iter()
            .take(index)
            .find(|before| before.usage == Some(usage));
        let (title, other, label) = match (before, all) {
            (Some(before), _) => (format!("the usage `{usage}` is allowed twice"), before.at, "here first"),
            (None, Some(all)) if usage != Usage::All => {
                (format!("`All` covers `{usage}` already"), all.at, "every usage")
            }
            _ => continue,
        };
        // What `All` covers may be what is meant, and `All` too much.
        let is_repeated = before.is_some();
        let fix = Fix::new(
            Applicability::safe_if(command.when.is_always()),
            "leave the word out",
            word.with_comma.as_ref(),
            "",
        );
        out.report(
            Diagnostic::new(RULE.name, Severity::Note, title, word.at, "says nothing more")
                .in_case(command.script.case)
                .related(other, label)
                .fixed_by(fix.filter(|_| is_repeated))
                .note("leave the word out, so that readers see what is really allowed"),
        );
    }
}
