//! See `rules/identity-policy/identity-not-assigned-to-cluster.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{Cluster, Identity, IdentityRef, PolicyCommand};
use crate::link::{Assigned, Workspace};
use crate::rules::{Rule, rule};

/// The rule `identity-not-assigned-to-cluster`.
pub static RULE: Rule = rule!("identity-policy", "identity-not-assigned-to-cluster", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    let entries = workspace.entries().filter(|(command, _)| command.script.is_run());
    for (command, entry) in entries {
        let Some(named) = &entry.identity else { continue };
        match workspace.assigned(command.cluster.as_ref(), command.script.case, &command.when, named) {
            Assigned::Excluded(cluster) => out.report(finding(command, named, cluster, Severity::Error)),
            Assigned::ExcludedByAll(cluster) => out.report(finding(command, named, cluster, Severity::Warning)),
            Assigned::Untold => {}
        }
    }
}

fn finding(command: &PolicyCommand, named: &IdentityRef, cluster: &Cluster, severity: Severity) -> Diagnostic {
    let name = super::cluster_name(cluster);
    let who = match &named.identity {
        Identity::System(_) => "`system`".to_owned(),
        Identity::UserAssigned(user) => format!("`{}`", user.own().map(ToString::to_string).unwrap_or_default()),
        _ => format!("`{}`", named.written),
    };
    let (has, mend) = (
        super::identities_of(cluster),
        super::assigning(&named.identity, cluster),
    );
    Diagnostic::new(
        RULE.name,
        severity,
        format!("the policy names {who}, and cluster `{name}` has {has}"),
        named.at,
        "not on the cluster",
    )
    .in_case(command.script.case)
    .related(cluster.identity_at, format!("{has} here"))
    .note("the service refuses the command and leaves the policy as it was")
    .note(mend)
}
