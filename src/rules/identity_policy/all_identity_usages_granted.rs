//! See `rules/identity-policy/all-identity-usages-granted.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::service::Usage;

/// The rule `all-identity-usages-granted`.
pub static RULE: Rule = rule!("identity-policy", "all-identity-usages-granted", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for (command, entry) in workspace.entries() {
        let Some(word) = entry.usages.iter().find(|word| word.usage == Some(Usage::All)) else {
            continue;
        };
        let who = entry
            .identity
            .as_ref()
            .map_or("an identity", |named| named.written.as_str());
        let title = format!(
            "{} allows `{who}` every usage, also those to come{}",
            super::policy_of(&command.level),
            command.when.clause()
        );
        let finding = Diagnostic::new(
            RULE.name,
            Severity::Warning,
            title,
            word.at,
            "every present and future usage",
        )
        .in_case(command.script.case)
        .note("what the service learns to do as an identity later is open to this one at once");
        let used = entry
            .identity
            .as_ref()
            .map(|named| workspace.usages_of(&named.identity, command.script.case));
        out.report(match used.filter(|used| !used.is_empty()) {
            Some(used) => {
                let used: Vec<_> = used.iter().map(|usage| usage.as_str()).collect();
                finding.note(format!("the files use: \"AllowedUsages\":\"{}\"", used.join(", ")))
            }
            None => finding.note("list the usages that are used: \"AllowedUsages\":\"NativeIngestion, ExternalTable\""),
        });
    }
}
