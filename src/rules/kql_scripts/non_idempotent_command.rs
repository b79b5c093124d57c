//! See `rules/kql-scripts/non-idempotent-command.md`.

use crate::diagnostic::{Applicability, Diagnostic, Findings, Fix, Severity};
use crate::facts::{ExternalTable, SignIn, TableKind};
use crate::link::Workspace;
use crate::rules::{Rule, rule};

/// The rule `non-idempotent-command`.
pub static RULE: Rule = rule!("kql-scripts", "non-idempotent-command", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    let tables = workspace.facts.external_tables.iter();
    for table in tables.filter(|table| table.only_new && table.setting.script.is_run()) {
        let dropped = workspace.facts.dropped_tables.iter();
        let is_dropped = dropped.take_while(|_| workspace.may_compare(table.at)).any(|dropped| {
            dropped.setting.script == table.setting.script
                && dropped.setting.order < table.setting.order
                && !dropped.name.is_not(&table.name)
        });
        if !is_dropped {
            out.report(finding(table));
        }
    }
}

fn finding(table: &ExternalTable) -> Diagnostic {
    let title = format!(
        "`.create` of external table `{}` fails when the script runs a second time{}",
        table.name,
        table.setting.when.clause()
    );
    Diagnostic::new(
        RULE.name,
        Severity::Note,
        title,
        table.verb_at,
        "fails if the table is there",
    )
    .in_case(table.setting.script.case)
    .fixed_by(fix(table))
    .note("write `.create-or-alter external table`")
}

/// The command that can be run twice. With a managed identity it asks for a higher role than `.create` may.
fn fix(table: &ExternalTable) -> Option<Fix> {
    let by_identity = table.sign_ins.iter().any(|(how, _)| *how == SignIn::ManagedIdentity);
    let applicability = if by_identity && matches!(table.kind, TableKind::Storage | TableKind::Delta) {
        Applicability::Unsafe
    } else {
        Applicability::safe_if(table.setting.when.is_always())
    };
    Fix::new(
        applicability,
        "write `.create-or-alter`",
        table.verb.as_ref(),
        "create-or-alter",
    )
}
