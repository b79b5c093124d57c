//! See `rules/identity-policy/database-level-sandbox-artifacts.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{Level, PolicyAction};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::service::Usage;

/// The rule `database-level-sandbox-artifacts`.
pub static RULE: Rule = rule!("identity-policy", "database-level-sandbox-artifacts", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for command in workspace
        .facts
        .policies
        .iter()
        .filter(|command| command.action != PolicyAction::Delete)
    {
        let Level::Database(database) = &command.level else {
            continue;
        };
        let place = database
            .as_ref()
            .map_or_else(|| "a database".to_owned(), |name| format!("database `{name}`"));
        for entry in command.entries.iter().flatten() {
            for word in entry
                .usages
                .iter()
                .filter(|word| word.usage == Some(Usage::SandboxArtifacts))
            {
                let when = command.when.clause();
                let title =
                    format!("`SandboxArtifacts` works only in the cluster's policy, not in the one of {place}{when}");
                out.report(
                    Diagnostic::new(
                        RULE.name,
                        Severity::Error,
                        title,
                        word.at,
                        "allowed here, ignored by the service",
                    )
                    .in_case(command.script.case)
                    .related(command.level_at, "the command sets the policy of a database")
                    .note("plugins of this database will not reach their artifacts")
                    .note(format!(
                        "run as AllDatabasesAdmin: {}",
                        super::grant_command("cluster", entry.identity.as_ref(), Usage::SandboxArtifacts)
                    )),
                );
            }
        }
    }
}
