//! See `rules/identity-flows/query-acceleration-without-identity.md`.

use super::reasons;
use crate::diagnostic::{Diagnostic, Findings};
use crate::link::Workspace;
use crate::rules::{Rule, rule};

/// The rule `query-acceleration-without-identity`.
pub static RULE: Rule = rule!("identity-flows", "query-acceleration-without-identity", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    let on = workspace.facts.accelerations.iter().filter(|policy| policy.enabled);
    for policy in on.filter(|policy| policy.setting.script.is_run()) {
        let what = format!("the acceleration of external table `{}`", policy.table);
        let Some((what, at)) = reasons::without(&policy.identity, &what, "ManagedIdentity", policy.at) else {
            continue;
        };
        let Some((impersonates, certain)) = workspace.impersonates(&policy.table, &policy.setting, policy.at) else {
            continue;
        };
        let title = format!(
            "{what}{}, but the table impersonates whoever reads it",
            policy.setting.when.clause()
        );
        out.report(
            Diagnostic::new(
                RULE.name,
                reasons::severity(certain),
                title,
                at,
                "nobody is there to be impersonated",
            ).in_case(policy.setting.script.case)
            .related(impersonates, "signs in as the identity of the policy")
            .note("the service: \"Managed identity must be specified for external tables with impersonation authentication.\"")
            .note("add `\"ManagedIdentity\":\"system\"`, or an object id, to the policy; the identity needs the usage `AutomatedFlows`"),
        );
    }
}
