//! See `rules/identity-policy/unknown-identity-usage.md`.

use crate::diagnostic::{Applicability, Diagnostic, Findings, Fix, Severity};
use crate::facts::{Level, PolicyCommand, PolicyEntry, UsageWord};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::service::{USAGES, Usage};

/// The rule `unknown-identity-usage`.
pub static RULE: Rule = rule!("identity-policy", "unknown-identity-usage", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for (command, entry) in workspace.entries() {
        for word in entry.usages.iter().filter(|word| word.usage.is_none()) {
            let title = format!(
                "`{}` in {} is no usage that a managed identity can be allowed{}",
                word.word,
                super::policy_of(&command.level),
                command.when.clause()
            );
            let finding = Diagnostic::new(RULE.name, Severity::Error, title, word.at, "no usage of this name")
                .in_case(command.script.case)
                .note("what the identity needs is not allowed by this word");
            let uses = workspace.waiting_for(command, entry).into_iter();
            let uses = uses.filter(|used| {
                used.flow
                    .usage()
                    .is_some_and(|usage| word.meant().any(|meant| meant.allows(usage)))
            });
            let finding = uses.fold(finding, super::waiting);
            out.report(finding.fixed_by(fix(command, word)).note(advice(command, entry, word)));
        }
    }
}

/// What to write in place of a word.
fn advice(command: &PolicyCommand, entry: &PolicyEntry, word: &UsageWord) -> String {
    let parts = word.parts();
    if parts.len() > 1 {
        return format!("usages are separated by commas: \"{}\"", parts.join(", "));
    }
    match word.meant().next() {
        Some(Usage::All) => "list the usages that are needed: `All` would allow those to come as well".to_owned(),
        Some(meant) if has_no_effect(command, meant) => format!(
            "`{meant}` works only in the cluster's policy: {}",
            super::grant_command("cluster", entry.identity.as_ref(), meant)
        ),
        Some(meant) => format!("write `{meant}`"),
        None => format!(
            "the usages are {}",
            USAGES.map(|(_, name)| format!("`{name}`")).join(", ")
        ),
    }
}

/// Whether a usage has no effect at the level of the command.
fn has_no_effect(command: &PolicyCommand, usage: Usage) -> bool {
    usage.is_of_clusters() && matches!(command.level, Level::Database(_))
}

/// The usage that is meant in place of the word, or the separators that are. No fix allows everything.
fn fix(command: &PolicyCommand, word: &UsageWord) -> Option<Fix> {
    let parts = word.parts();
    if word.meant().any(|meant| meant == Usage::All) {
        return None;
    }
    let text = if parts.len() > 1 {
        let all_known = parts.iter().all(|part| Usage::named(part).is_some());
        all_known.then(|| parts.join(", "))?
    } else {
        let meant = word.meant().next().filter(|meant| !has_no_effect(command, *meant));
        meant?.to_string()
    };
    Fix::new(
        Applicability::Unsafe,
        format!("write `{text}`"),
        word.editable.as_ref(),
        &text,
    )
}
