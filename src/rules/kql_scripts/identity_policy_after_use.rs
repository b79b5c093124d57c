//! See `rules/kql-scripts/identity-policy-after-use.md`.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{IdentityUse, ScriptId, TableKind};
use crate::link::{Entry, Workspace};
use crate::rules::{Rule, rule};
use crate::service::{Flow, Usage};

/// The rule `identity-policy-after-use`.
pub static RULE: Rule = rule!("kql-scripts", "identity-policy-after-use", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    let is_delta = |kind| kind == TableKind::Delta;
    let tables = workspace.facts.external_tables.iter();
    let delta: BTreeSet<(ScriptId, u32)> = tables
        .filter(|table| is_delta(table.kind))
        .map(|table| (table.setting.script, table.setting.order))
        .collect();
    for used in workspace.facts.uses.iter().filter(|used| used.script.is_run()) {
        let at_once = match used.flow {
            Flow::ExternalTable => delta.contains(&(used.script, used.order)),
            Flow::QueryAcceleration => true,
            _ => false,
        };
        let Some(usage) = used.flow.usage().filter(|_| at_once) else {
            continue;
        };
        if let Some(late) = workspace.granted_late(used, usage) {
            out.report(finding(used, usage, &late));
        }
    }
}

fn finding(used: &IdentityUse, usage: Usage, late: &Entry<'_>) -> Diagnostic {
    let who = &used.identity.written;
    let (what, service) = match used.flow {
        Flow::QueryAcceleration => (
            "the policy of query acceleration is set",
            "the service reads the storage as soon as the policy is set",
        ),
        _ => (
            "the Delta table is made",
            "the service reads a Delta table's storage when the table is made",
        ),
    };
    let title = format!("`{who}` is allowed `{usage}` only after {what}{}", used.when.clause());
    Diagnostic::new(
        RULE.name,
        Severity::Warning,
        title,
        used.at,
        format!("needs `{usage}` here"),
    )
    .in_case(used.script.case)
    .related(late.entry.at, "allowed here, after it is needed")
    .note(service)
    .note("move the command that sets the managed identity policy to the start of the script")
}
