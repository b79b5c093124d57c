//! See `rules/customer-managed-keys/cmk-follower-chain.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{Cluster, FollowedDatabase, Name};
use crate::link::Workspace;
use crate::rules::{Rule, rule};

/// The rule `cmk-follower-chain`.
pub static RULE: Rule = rule!("customer-managed-keys", "cmk-follower-chain", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    let followed = &workspace.facts.followed;
    let mut told: Vec<(&Name, &Name)> = Vec::new();
    for link in followed {
        let Some(leader) = link.leader.own() else { continue };
        if told
            .iter()
            .any(|(follower, known)| follower.is(&link.follower) && known.is(leader))
        {
            continue;
        }
        let Some(cluster) = encrypted(workspace, link, leader) else {
            continue;
        };
        let others = followed.iter().take_while(|_| workspace.may_compare(link.at));
        let found = others
            .filter_map(|other| Some((other, further(workspace, link, (leader, cluster), other)?)))
            .next();
        if let Some((other, further)) = found {
            told.push((&link.follower, leader));
            out.report(finding(link, (leader, cluster), (other, &further)));
        }
    }
}

/// The leader or the follower, if the files show that it is encrypted with a key of a vault.
fn encrypted<'w>(workspace: &'w Workspace, link: &FollowedDatabase, leader: &Name) -> Option<&'w Cluster> {
    let named = |name: &Name| workspace.cluster_named(name, link.case, link.at);
    let has_key = |cluster: &&Cluster| {
        let mut keys = cluster.keys.iter();
        keys.any(|key| key.when.and(&link.when).is_some())
    };
    named(leader)
        .filter(has_key)
        .or_else(|| named(&link.follower).filter(has_key))
}

/// How a second link makes the first one too much.
enum Further {
    /// The leader follows another cluster.
    Leader,
    /// The follower follows another cluster beside an encrypted leader.
    Follower,
}

fn further(
    workspace: &Workspace,
    link: &FollowedDatabase,
    (leader, cluster): (&Name, &Cluster),
    other: &FollowedDatabase,
) -> Option<Further> {
    let next = other.leader.own()?;
    let together = other.case.joins(link.case)
        && workspace.is_near(other.case.file, link.case.file)
        && other.when.and(&link.when).is_some();
    let is_leader = cluster.resource.own().is_some_and(|name| name.is(leader));
    if together && other.follower.is(leader) && !next.is(leader) {
        Some(Further::Leader)
    } else if together && is_leader && other.follower.is(&link.follower) && next.is_not(leader) {
        Some(Further::Follower)
    } else {
        None
    }
}

fn finding(
    link: &FollowedDatabase,
    (leader, cluster): (&Name, &Cluster),
    (other, further): (&FollowedDatabase, &Further),
) -> Diagnostic {
    let next = other.leader.own().map(ToString::to_string).unwrap_or_default();
    let follower = &link.follower;
    let (title, label) = match further {
        Further::Leader => (
            format!("`{follower}` follows `{leader}`, which follows `{next}` itself"),
            format!("`{leader}` is a follower as well"),
        ),
        Further::Follower => (
            format!("`{follower}` follows `{leader}`, and `{next}` as well"),
            "this cluster is encrypted".to_owned(),
        ),
    };
    let diagnostic = Diagnostic::new(
        RULE.name,
        Severity::Warning,
        format!(
            "{title}: not with the customer-managed key of `{}`",
            super::cluster_name(cluster)
        ),
        link.at,
        label,
    )
    .in_case(link.case)
    .related(other.at, format!("it follows `{next}`"));
    let diagnostic = match cluster.keys.first() {
        Some(key) => diagnostic.related(key.at, "the customer-managed key"),
        None => diagnostic,
    };
    let mend = match further {
        Further::Leader => format!(
            "let `{follower}` follow `{next}` itself: \"clusterResourceId\": \"[resourceId('Microsoft.Kusto/clusters', '{next}')]\""
        ),
        Further::Follower => {
            format!("follow `{next}` from another cluster, and leave this `attachedDatabaseConfigurations` out")
        }
    };
    diagnostic
        .note(
            "where one is encrypted with a customer-managed key, neither leader nor follower may follow other clusters; \
             the documents of 2023 allow no followers at all",
        )
        .note(mend)
}
