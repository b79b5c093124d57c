//! See `rules/templates/unsupported-script-command.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{Known, ScriptCommand, ScriptLevel};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::service::SCRIPT_VERBS;

/// The rule `unsupported-script-command`.
pub static RULE: Rule = rule!("templates", "unsupported-script-command", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for command in &workspace.facts.script_commands {
        let runs = SCRIPT_VERBS.contains(&command.verb.to_ascii_lowercase().as_str());
        // That a command of the cluster stands in the script of a database is a rule of its own.
        let misplaced = command.of_cluster && command.level == Known::Value(ScriptLevel::Database);
        if !runs && !misplaced {
            out.report(finding(command));
        }
    }
}

fn finding(command: &ScriptCommand) -> Diagnostic {
    // What scripts of a cluster run stands in no document.
    let severity = match command.level {
        Known::Value(ScriptLevel::Database) => Severity::Error,
        _ => Severity::Warning,
    };
    let title = format!(
        "a script resource does not run `.{}`{}",
        command.verb,
        command.when.clause()
    );
    let then = match command.goes_on.0 {
        Known::Value(true) => "another one is passed over",
        _ => "with another one the deployment fails",
    };
    let runs = SCRIPT_VERBS.map(|verb| format!("`.{verb}`")).join(", ");
    Diagnostic::new(
        RULE.name,
        severity,
        title,
        command.at,
        "not among the commands of scripts",
    )
    .in_case(command.script.case)
    .note(format!("a script runs commands that start with {runs}; {then}"))
    .note(instead(&command.verb))
}

/// What to write in place of a command.
fn instead(verb: &str) -> &'static str {
    match verb.to_ascii_lowercase().as_str() {
        "show" => "leave it out: nobody reads the answer of a script",
        "delete" => {
            "to take an entry out of a policy, set the policy to what is left: `.alter … policy …` replaces it as a whole"
        }
        "set" => "to set a policy or a role write `.alter` or `.add`; data is ingested by other means than a script",
        _ => "run it by other means after the deployment: a pipeline, or a query window",
    }
}
