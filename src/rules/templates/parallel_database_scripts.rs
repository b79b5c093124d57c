//! See `rules/templates/parallel-database-scripts.md`.

use crate::diagnostic::{Applicability, Diagnostic, Findings, Fix, Severity};
use crate::facts::{ParallelScripts, ScriptCount};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::service::MAX_SCRIPTS;

/// The rule `parallel-database-scripts`.
pub static RULE: Rule = rule!("templates", "parallel-database-scripts", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for pair in &workspace.facts.parallel_scripts {
        out.report(together(pair));
    }
    for count in &workspace.facts.script_counts {
        out.report(too_many(count));
    }
}

fn together(pair: &ParallelScripts) -> Diagnostic {
    let (cluster, when) = (&pair.cluster, pair.when.clause());
    let rounds = pair.beside == pair.at;
    let title = if rounds {
        format!("the scripts of this loop run on cluster `{cluster}` at the same time{when}")
    } else {
        format!("two scripts run on cluster `{cluster}` at the same time{when}")
    };
    let finding = Diagnostic::new(
        RULE.name,
        Severity::Warning,
        title,
        pair.at,
        "waits for no other script",
    )
    .in_case(pair.case)
    .related(pair.beside, "this script may run at the same time")
    .note("a cluster that is being changed refuses the next change: `ServiceIsInMaintenance`");
    if rounds {
        finding.note("write in its `copy`: \"mode\": \"serial\", \"batchSize\": 1")
    } else {
        let title = format!("let it wait for script `{}`", pair.beside_name);
        let waits = pair.waits.as_ref();
        let fix = waits.and_then(|(at, text)| Fix::new(Applicability::Unsafe, title, Some(at), text));
        finding.fixed_by(fix).note(format!(
            "let the script wait: add the resource id of script `{}` to its `dependsOn`",
            pair.beside_name
        ))
    }
}

fn too_many(count: &ScriptCount) -> Diagnostic {
    let title = format!(
        "cluster `{}` gets {} scripts, and takes {MAX_SCRIPTS}",
        count.cluster, count.count
    );
    Diagnostic::new(
        RULE.name,
        Severity::Warning,
        title,
        count.at,
        "the first one that is too many",
    )
    .in_case(count.case)
    .note("the service refuses one more: `TooManyScripts`")
    .note("put the commands of several scripts into one; remove the resources of scripts that are done")
}
