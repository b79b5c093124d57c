//! See `rules/identity-flows/continuous-export-without-identity.md`.

use super::reasons::{self, Reason};
use crate::diagnostic::Findings;
use crate::link::Workspace;
use crate::rules::{Rule, rule};

/// The rule `continuous-export-without-identity`.
pub static RULE: Rule = rule!("identity-flows", "continuous-export-without-identity", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for export in workspace
        .facts
        .exports
        .iter()
        .filter(|export| export.setting.script.is_run())
    {
        let what = format!("continuous export `{}`", export.name);
        let Some((what, at)) = reasons::without(&export.identity, &what, "managedIdentity", export.at) else {
            continue;
        };
        let table = export.table.as_ref();
        let impersonates =
            table.and_then(|table| Some((table, workspace.impersonates(table, &export.setting, export.at)?)));
        let mut reasons: Vec<_> = impersonates
            .into_iter()
            .map(|(table, (at, certain))| Reason {
                severity: reasons::severity(certain),
                but: format!("external table `{table}` impersonates whoever writes to it"),
                at,
                label: "signs in as the identity of the export".to_owned(),
            })
            .collect();
        reasons.extend(reasons::of_query(workspace, &export.reads, &export.setting, export.at));
        let when = export.setting.when.clause();
        let at = (at, "nobody stands behind its runs");
        if let Some(finding) = reasons::finding(RULE.name, reasons, (&what, &when), at) {
            out.report(
                finding
                    .in_case(export.setting.script.case)
                    .note("the service refuses a continuous export that has to sign in and has no identity")
                    .note("add `managedIdentity=\"system\"`, or an object id, to `with (…)`; the identity needs the usage `AutomatedFlows` and the role Database Viewer"),
            );
        }
    }
}
