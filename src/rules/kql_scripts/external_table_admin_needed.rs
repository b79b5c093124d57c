//! See `rules/kql-scripts/external-table-admin-needed.md`.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{ExternalTable, ScriptId, SignIn, TableKind};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::service::Support;

/// The rule `external-table-admin-needed`.
pub static RULE: Rule = rule!("kql-scripts", "external-table-admin-needed", Some(check));

/// The role in the words of `KustoGrant`.
const ADMIN: &str = "alldatabasesadmin";

fn check(workspace: &Workspace, out: &mut Findings) {
    let admins: Vec<_> = workspace
        .kusto_grants()
        .filter(|grant| grant.of_cluster && grant.role == ADMIN)
        .collect();
    let mut scripts: BTreeMap<ScriptId, Vec<&ExternalTable>> = BTreeMap::new();
    for table in workspace
        .facts
        .external_tables
        .iter()
        .filter(|table| needs_admin(table) && !is_refused(workspace, table))
    {
        scripts.entry(table.setting.script).or_default().push(table);
    }
    for tables in scripts.values() {
        let Some((first, others)) = tables.split_first() else {
            continue;
        };
        let is_given = admins
            .iter()
            .take_while(|_| workspace.may_compare(first.at))
            .any(|grant| grant.setting.joins(&first.setting));
        if !is_given {
            out.report(finding(first, others));
        }
    }
}

/// Whether the documents ask for more than a database admin.
fn needs_admin(table: &ExternalTable) -> bool {
    table.setting.script.is_run()
        && !table.only_new
        && matches!(table.kind, TableKind::Storage | TableKind::Delta)
        && table.sign_ins.iter().any(|(how, _)| *how == SignIn::ManagedIdentity)
}

/// Whether the storage of the table takes no identity: `unsupported-identity-flow` says so, and it needs no other role.
fn is_refused(workspace: &Workspace, table: &ExternalTable) -> bool {
    let here = workspace
        .facts
        .uses
        .iter()
        .take_while(|_| workspace.may_compare(table.at));
    let own = here.filter(|used| used.script == table.setting.script && used.order == table.setting.order);
    let mut support = own.map(|used| used.flow.row().support).peekable();
    support.peek().is_some() && support.all(|support| matches!(support, Support::Never(_)))
}

fn finding(first: &ExternalTable, others: &[&ExternalTable]) -> Diagnostic {
    let more = match others.len() {
        0 => String::new(),
        1 => " and another external table".to_owned(),
        count => format!(" and {count} more external tables"),
    };
    let title = format!(
        "who sets external table `{}`{more} with a managed identity{} has to be AllDatabasesAdmin, not only an admin of \
         the database",
        first.name,
        first.setting.when.clause()
    );
    Diagnostic::new(
        RULE.name,
        Severity::Note,
        title,
        first.verb_at,
        "refused to a database admin",
    )
    .in_case(first.setting.script.case)
    .note("run: .add cluster AllDatabasesAdmin ('aadapp=<application id>;<tenant>')")
    .note("in a template: a `Microsoft.Kusto/clusters/principalAssignments` with `\"role\": \"AllDatabasesAdmin\"`")
}
