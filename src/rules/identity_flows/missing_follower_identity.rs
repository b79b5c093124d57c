//! See `rules/identity-flows/missing-follower-identity.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{Cluster, FollowedDatabase, Identity, IdentityUse, Same};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::service::Flow;

/// The rule `missing-follower-identity`.
pub static RULE: Rule = rule!("identity-flows", "missing-follower-identity", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    let followed = workspace.facts.followed.iter();
    for followed in followed.filter(|followed| followed.all_external_tables) {
        let Some(follower) = workspace.cluster_named(&followed.follower, followed.case, followed.at) else {
            continue;
        };
        let mut told: Vec<&Identity> = Vec::new();
        for used in workspace
            .facts
            .uses
            .iter()
            .filter(|used| used.flow == Flow::ExternalTable && used.script.is_run())
        {
            let identity = as_of_follower(&used.identity.identity);
            if !workspace.may_compare(followed.at) {
                break;
            }
            let is_told = told.iter().any(|known| known.same(identity) == Same::Yes);
            if !is_told && is_followed(workspace, followed, used) && follower.lacks(identity) {
                told.push(identity);
                out.report(finding(followed, follower, used));
            }
        }
    }
}

/// On each cluster `system` is that cluster's own identity.
fn as_of_follower(identity: &Identity) -> &Identity {
    match identity {
        Identity::System(_) => &Identity::System(None),
        other => other,
    }
}

/// Whether the table of a use stands in the database that is followed.
fn is_followed(workspace: &Workspace, followed: &FollowedDatabase, used: &IdentityUse) -> bool {
    let case = used.script.case;
    let (Some(leader), true) = (followed.leader.own(), case.joins(followed.case)) else {
        return false;
    };
    let in_database = match (&followed.database, &used.database) {
        (Some(followed), Some(own)) => followed.is(own),
        (None, _) => true,
        (Some(_), None) => false,
    };
    match &used.cluster {
        Some(cluster) => in_database && cluster.is(leader),
        // A script does not tell its cluster: the name of the database has to do.
        None => {
            in_database
                && followed.database.as_ref().is_some_and(crate::facts::Name::is_known)
                && workspace.is_near(case.file, followed.case.file)
        }
    }
}

fn finding(followed: &FollowedDatabase, follower: &Cluster, used: &IdentityUse) -> Diagnostic {
    let (who, mend) = match &used.identity.identity {
        Identity::System(_) => (
            "a system-assigned identity".to_owned(),
            "write in the follower: \"type\": \"SystemAssigned\", or \"SystemAssigned, UserAssigned\" beside others",
        ),
        _ => (
            format!("identity `{}`", used.identity.written),
            "add the identity to `identity.userAssignedIdentities` of the follower as well",
        ),
    };
    let leader = followed.leader.own().map(ToString::to_string).unwrap_or_default();
    Diagnostic::new(
        RULE.name,
        Severity::Warning,
        format!(
            "follower `{}` lacks {who}, with which external tables of `{leader}` are read",
            followed.follower
        ),
        follower.identity_at,
        "the identity has to be on this cluster too",
    )
    .in_case(followed.case)
    .related(followed.at, "it follows this cluster")
    .related(used.at, "the external table is read with this identity")
    .note("queries of the external table fail on the follower, and work on the leader")
    .note(mend)
}
