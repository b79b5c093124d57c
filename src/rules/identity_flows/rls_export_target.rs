//! See `rules/identity-flows/rls-export-target.md`.

use crate::diagnostic::{Diagnostic, Findings};
use crate::facts::{ContinuousExport, ExternalTable, SignIn};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::text::FileSpan;

/// The rule `rls-export-target`.
pub static RULE: Rule = rule!("identity-flows", "rls-export-target", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for export in workspace
        .facts
        .exports
        .iter()
        .filter(|export| export.setting.script.is_run())
    {
        if let Some(finding) = finding(workspace, export) {
            out.report(finding);
        }
    }
}

fn finding(workspace: &Workspace, export: &ContinuousExport) -> Option<Diagnostic> {
    let name = export.table.as_ref()?;
    let secured = workspace.row_security(&export.reads, &export.setting, export.at)?;
    let tables = workspace.external_tables(name, &export.setting, export.at);
    let own: Option<Vec<_>> = tables.iter().map(|table| own_credential(table)).collect();
    let (how, at) = own?.first().copied()?;
    let with = if how == SignIn::ManagedIdentity {
        "as a managed identity of its own"
    } else {
        "with a secret of its own"
    };
    let title = format!(
        "external table `{name}` signs in {with}, but continuous export `{}` writes rows of table `{}` to it, which has row level security{}",
        export.name,
        secured.table,
        export.setting.when.clause()
    );
    let certain = secured.setting.is_one_with(&export.setting)
        && tables.iter().all(|table| table.setting.is_one_with(&export.setting));
    Some(
        Diagnostic::new(RULE.name, super::reasons::severity(certain), title, at, "has to be `impersonate` here").in_case(export.setting.script.case)
            .related(secured.at, "turns on row level security")
            .related(export.at, "exported by this")
            .note("the service exports a table with row level security to tables that impersonate only")
            .note("end the connection string in `;impersonate`, and give the export `managedIdentity=\"system\"` or an object id"),
    )
}

/// The credential of a table that does not impersonate.
fn own_credential(table: &ExternalTable) -> Option<(SignIn, FileSpan)> {
    let own = |how: SignIn| matches!(how, SignIn::ManagedIdentity | SignIn::Secret);
    table.sign_ins.iter().find(|(how, _)| own(*how)).copied()
}
