//! See `rules/identity-policy/unknown-identity-usage.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::UsageWord;
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::service::USAGES;
use crate::text::nearest;

/// The rule `unknown-identity-usage`.
pub static RULE: Rule = rule!("identity-policy", "unknown-identity-usage", Some(check));

/// A longer word is no slip of the pen.
const LONGEST: usize = 64;

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
            out.report(finding.note(advice(word)));
        }
    }
}

/// What to write in place of a word.
fn advice(word: &UsageWord) -> String {
    let parts: Vec<_> = word
        .word
        .split([';', '|', ' '])
        .filter(|part| !part.is_empty())
        .collect();
    if parts.len() > 1 {
        return format!("usages are separated by commas: \"{}\"", parts.join(", "));
    }
    let names = USAGES.iter().map(|(_, name)| *name);
    let meant = if word.word.len() > LONGEST {
        None
    } else {
        nearest(&word.word, names.clone())
    };
    match meant {
        Some(meant) => format!("write `{meant}`"),
        None => format!(
            "the usages are {}",
            names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        ),
    }
}
