//! See `rules/identity-policy/unknown-identity-usage.md`.

use crate::diagnostic::{Applicability, Diagnostic, Findings, Fix, Severity};
use crate::facts::UsageWord;
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
            out.report(finding.fixed_by(fix(word)).note(advice(word)));
        }
    }
}

/// What to write in place of a word.
fn advice(word: &UsageWord) -> String {
    let parts = word.parts();
    if parts.len() > 1 {
        return format!("usages are separated by commas: \"{}\"", parts.join(", "));
    }
    match word.meant().next() {
        Some(meant) => format!("write `{meant}`"),
        None => format!(
            "the usages are {}",
            USAGES.map(|(_, name)| format!("`{name}`")).join(", ")
        ),
    }
}

/// The usage that is meant in place of the word, or the separators that are.
fn fix(word: &UsageWord) -> Option<Fix> {
    let parts = word.parts();
    let text = if parts.len() > 1 {
        let all_known = parts.iter().all(|part| Usage::named(part).is_some());
        all_known.then(|| parts.join(", "))?
    } else {
        word.meant().next()?.to_string()
    };
    Fix::new(
        Applicability::Unsafe,
        format!("write `{text}`"),
        word.editable.as_ref(),
        &text,
    )
}
