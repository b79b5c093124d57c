//! See `rules/identity-flows/update-policy-without-identity.md`.

use super::reasons::{self, Reason};
use crate::diagnostic::{Findings, Severity};
use crate::facts::{Acceleration, UpdatePolicy};
use crate::link::{Reading, Workspace};
use crate::rules::{Rule, rule};

/// The rule `update-policy-without-identity`.
pub static RULE: Rule = rule!("identity-flows", "update-policy-without-identity", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    let policies = workspace.facts.update_policies.iter().filter(|policy| policy.enabled);
    for policy in policies.filter(|policy| policy.setting.script.is_run()) {
        let table = policy.table.as_ref().map(|table| format!(" of table `{table}`"));
        let what = format!("the update policy{}", table.unwrap_or_default());
        let Some((what, at)) = reasons::without(&policy.identity, &what, "ManagedIdentity", policy.at) else {
            continue;
        };
        let mut reasons = reasons::of_query(workspace, &policy.reads, &policy.setting, policy.at);
        for reading in workspace.readings(&policy.reads, &policy.setting, policy.at) {
            reasons.extend(accelerated(workspace, policy, reading));
        }
        let when = policy.setting.when.clause();
        let label = (at, "runs as nobody who may read that");
        if let Some(finding) = reasons::finding(RULE.name, reasons, (&what, &when), label) {
            out.report(
                finding
                    .in_case(policy.setting.script.case)
                    .note("the service refuses such a policy, or ingestion into its source table fails")
                    .note("add `\"ManagedIdentity\":\"system\"`, or an object id; the identity needs the usage `AutomatedFlows` and the role Database Viewer"),
            );
        }
    }
}

/// An accelerated external table that impersonates, if the policy reads one.
fn accelerated(workspace: &Workspace, policy: &UpdatePolicy, reading: Reading<'_>) -> Option<Reason> {
    let read = |table: &&Acceleration| {
        table.enabled && table.setting.joins(&policy.setting) && reading.reads.names(&table.table)
    };
    let table = workspace
        .facts
        .accelerations
        .iter()
        .take_while(|_| workspace.may_compare(policy.at))
        .find(read)?;
    let (at, certain) = workspace.impersonates(&table.table, &policy.setting, policy.at)?;
    let (severity, by) = match reading.by {
        Some(function) => (Severity::Warning, format!("function `{}` in its query", function.name)),
        None => (
            super::reasons::severity(certain && table.setting.is_one_with(&policy.setting)),
            "its query".to_owned(),
        ),
    };
    Some(Reason {
        severity,
        but: format!("{by} reads external table `{}`, which impersonates", table.table),
        at,
        label: "signs in as the identity of the policy".to_owned(),
    })
}
