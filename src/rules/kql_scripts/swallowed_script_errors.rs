//! See `rules/kql-scripts/swallowed-script-errors.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{Known, ScriptRun};
use crate::link::Workspace;
use crate::rules::{Rule, rule};

/// The rule `swallowed-script-errors`.
pub static RULE: Rule = rule!("kql-scripts", "swallowed-script-errors", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for run in &workspace.facts.script_runs {
        match (&run.throws, &run.continues) {
            (Known::Value(true), Known::Value(true)) => out.report(both(run)),
            (Known::Absent | Known::Value(false), _) if run.sets_identities => out.report(swallowed(run)),
            (Known::Unknown(why), _) if run.sets_identities => out.leave_undecided(run.at, why.clone()),
            _ => {}
        }
    }
}

fn both(run: &ScriptRun) -> Diagnostic {
    let title = format!(
        "`ThrowOnErrors` and `ContinueOnErrors` exclude each other, and this script asks for both{}",
        run.setting.when.clause()
    );
    Diagnostic::new(
        RULE.name,
        Severity::Warning,
        title,
        run.at,
        "only one of the two is allowed",
    )
    .in_case(run.setting.script.case)
    .note("to stop at the first error and fail, write `with (ThrowOnErrors=true)`")
    .note("to run the rest in spite of errors, write `with (ContinueOnErrors=true)`")
}

fn swallowed(run: &ScriptRun) -> Diagnostic {
    let title = format!(
        "the script sets a managed identity policy{} and succeeds even if that fails",
        run.setting.when.clause()
    );
    Diagnostic::new(
        RULE.name,
        Severity::Warning,
        title,
        run.at,
        "reports success whatever happens in it",
    )
    .in_case(run.setting.script.case)
    .note("the service puts the error of a command into a row of the result and does not fail")
    .note("write `with (ThrowOnErrors=true)` before `<|`")
}
