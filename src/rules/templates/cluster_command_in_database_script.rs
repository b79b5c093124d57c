//! See `rules/templates/cluster-command-in-database-script.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{Known, ScriptCommand, ScriptLevel};
use crate::link::Workspace;
use crate::rules::{Rule, rule};

/// The rule `cluster-command-in-database-script`.
pub static RULE: Rule = rule!("templates", "cluster-command-in-database-script", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for command in workspace
        .facts
        .script_commands
        .iter()
        .filter(|command| command.of_cluster)
    {
        match &command.level {
            Known::Value(ScriptLevel::Database) => out.report(finding(command)),
            Known::Value(ScriptLevel::Cluster) | Known::Absent => {}
            Known::Unknown(why) => out.leave_undecided(command.at, why.clone()),
        }
    }
}

fn finding(command: &ScriptCommand) -> Diagnostic {
    let title = format!(
        "`.{} cluster` is refused in the script of a database{}",
        command.verb,
        command.when.clause()
    );
    Diagnostic::new(
        RULE.name,
        Severity::Error,
        title,
        command.at,
        "this command is about the cluster",
    )
    .in_case(command.script.case)
    .note("a script runs commands of its database only, unless its resource says otherwise")
    .note("write \"scriptLevel\": \"Cluster\" beside \"scriptContent\", in a script resource of its own")
}
