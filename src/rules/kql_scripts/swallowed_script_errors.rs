//! See `rules/kql-scripts/swallowed-script-errors.md`.

use std::collections::BTreeSet;

use crate::diagnostic::{Applicability, Diagnostic, Findings, Fix, Severity};
use crate::facts::{Known, ScriptCommand, ScriptRun};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::text::{Editable, FileSpan};

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
    let mut told = BTreeSet::new();
    let sets = workspace
        .facts
        .script_commands
        .iter()
        .filter(|command| command.sets_identities);
    for command in sets {
        let (goes_on, at) = &command.goes_on;
        match goes_on {
            Known::Value(true) if told.insert(*at) => out.report(goes_on_after_errors(command, *at)),
            Known::Unknown(why) if told.insert(*at) => out.leave_undecided(*at, why.clone()),
            _ => {}
        }
    }
}

/// A deployment is told to go on.
fn goes_on_after_errors(command: &ScriptCommand, at: FileSpan) -> Diagnostic {
    let title = format!(
        "the script sets a managed identity policy{}, and its deployment succeeds even if that fails",
        command.when.clause()
    );
    // The value is `true`; what is no longer than the word is the word.
    let place = (at.span.range().len() == "true".len()).then(|| Editable::bare_word(at));
    let fix = Fix::new(
        Applicability::Unsafe,
        "write `\"continueOnErrors\": false`",
        place.as_ref(),
        "false",
    );
    Diagnostic::new(RULE.name, Severity::Warning, title, at, "goes on after errors")
        .fixed_by(fix)
        .in_case(command.script.case)
        .related(command.at, "this command may fail unseen")
        .note("the deployment goes on after the error of a command, and is reported as done")
        .note("write \"continueOnErrors\": false, or leave it out")
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
    let fix = Fix::new(
        Applicability::Unsafe,
        "write `with (ThrowOnErrors=true)`",
        run.properties.as_ref(),
        " with (ThrowOnErrors=true)",
    );
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
    .fixed_by(fix)
    .note("the service puts the error of a command into a row of the result and does not fail")
    .note("write `with (ThrowOnErrors=true)` before `<|`")
}
