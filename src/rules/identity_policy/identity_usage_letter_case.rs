//! See `rules/identity-policy/identity-usage-letter-case.md`.

use crate::diagnostic::{Applicability, Diagnostic, Findings, Fix, Severity};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::service::Usage;

/// The rule `identity-usage-letter-case`.
pub static RULE: Rule = rule!("identity-policy", "identity-usage-letter-case", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for (command, entry) in workspace.entries() {
        for word in &entry.usages {
            let Some(usage) = word.usage.filter(|usage| usage.as_str() != word.word) else {
                continue;
            };
            let title = format!("the documents spell the usage `{}` as `{usage}`", word.word);
            // Should letter case count, the word allows nothing as it stands, and everything after the fix.
            let written = word.editable.as_ref().filter(|_| usage != Usage::All);
            let fix = Fix::new(
                Applicability::safe_if(command.when.is_always()),
                format!("write `{usage}`"),
                written,
                usage.as_str(),
            );
            let label = if usage == Usage::All {
                "write the usages that are needed".to_owned()
            } else {
                format!("write `{usage}`")
            };
            out.report(
                Diagnostic::new(RULE.name, Severity::Note, title, word.at, label)
                    .in_case(command.script.case)
                    .fixed_by(fix)
                    .note("whether the service heeds the letter case of usages is not documented"),
            );
        }
    }
}
