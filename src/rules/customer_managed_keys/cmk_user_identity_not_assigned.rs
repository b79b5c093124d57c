//! See `rules/customer-managed-keys/cmk-user-identity-not-assigned.md`.

use crate::diagnostic::{Applicability, Diagnostic, Findings, Fix};
use crate::facts::{
    Cluster, ClusterKey, Condition, ConnectionIdentity, GivenIdentity, Identity, IdentityBlock, IdentityRef, Known,
    ResourceKey,
};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::service::Typed;

/// The rule `cmk-user-identity-not-assigned`.
pub static RULE: Rule = rule!("customer-managed-keys", "cmk-user-identity-not-assigned", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for cluster in &workspace.facts.clusters {
        for key in &cluster.keys {
            for given in &key.identities {
                let Some(when) = super::given(cluster, key).and(&given.when) else {
                    continue;
                };
                let found = match &given.value {
                    GivenIdentity::Absent => lacks_system(cluster, key, &when, out),
                    GivenIdentity::Resource(named) => match &named.identity {
                        Identity::UserAssigned(user) => {
                            let (finding, block) = lacks_user(cluster, given, user, &when, out).unzip();
                            let fix = block.and_then(|block| fix(workspace, key, given, block));
                            finding.map(|finding| finding.fixed_by(fix))
                        }
                        Identity::Symbol(_) => None,
                        _ => Some(no_resource((cluster, key), given, named, &when)),
                    },
                    GivenIdentity::Principal(named) => Some(no_resource((cluster, key), given, named, &when)),
                    GivenIdentity::Unknown => {
                        out.leave_undecided(given.at, "which identity reads the key is not known");
                        None
                    }
                };
                found
                    .into_iter()
                    .for_each(|finding| out.report(finding.in_case(cluster.case)));
            }
        }
    }
}

/// The first form of the cluster's `identity` that `lacks` what a key needs, and when it does.
fn lacking<'f>(
    cluster: &'f Cluster,
    when: &Condition,
    lacks: impl Fn(&IdentityBlock) -> bool,
    out: &mut Findings,
) -> Option<(&'f IdentityBlock, Condition)> {
    let blocks: Vec<_> = cluster
        .identity
        .iter()
        .filter(|block| block.kind.when.and(when).is_some())
        .collect();
    for block in &blocks {
        if let Known::Unknown(reason) = &block.kind.value {
            out.leave_undecided(block.kind.site, reason.clone());
        }
    }
    let first = blocks.iter().copied().find(|block| lacks(block))?;
    let always = blocks.iter().all(|block| lacks(block));
    let when = if always {
        when.clone()
    } else {
        first.kind.when.and(when)?
    };
    Some((first, when))
}

/// Without a `userIdentity` the system-assigned identity reads the key.
fn lacks_system(cluster: &Cluster, key: &ClusterKey, when: &Condition, out: &mut Findings) -> Option<Diagnostic> {
    let lacks = |block: &IdentityBlock| block.system() == Some(false) && block.user() == Some(true);
    let (block, when) = lacking(cluster, when, lacks, out)?;
    let one = match block.users.known.as_slice() {
        [only] if block.users.complete => own_name(only),
        _ => "<name>".to_owned(),
    };
    let diagnostic = Diagnostic::new(
        RULE.name,
        super::certain(&when),
        format!(
            "the key of cluster `{}` is read with a system-assigned identity, which the cluster does not have{}",
            super::cluster_name(cluster),
            when.clause()
        ),
        key.at,
        "`userIdentity` is not set beside it",
    );
    Some(
        diagnostic
            .related(block.kind.site, "user-assigned identities only")
            .note("without `userIdentity` the service reads the key with the system-assigned identity of the cluster")
            .note(format!(
                "write in `keyVaultProperties`: \"userIdentity\": \
                 \"[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', '{one}')]\""
            )),
    )
}

/// The identity of `userIdentity` has to be on the cluster.
fn lacks_user<'f>(
    cluster: &'f Cluster,
    given: &ConnectionIdentity,
    user: &ResourceKey,
    when: &Condition,
    out: &mut Findings,
) -> Option<(Diagnostic, &'f IdentityBlock)> {
    let listed = |block: &IdentityBlock| block.users.known.iter().any(|known| known.is(user));
    let lacks = |block: &IdentityBlock| match (block.user(), block.system()) {
        (Some(true), _) => block.users.exclude_of(user, given.group.as_deref()),
        // That its type leaves out what it lists is another finding, and so is a cluster without any identity.
        (Some(false), Some(true)) => !listed(block),
        _ => false,
    };
    let (block, when) = lacking(cluster, when, lacks, out)?;
    let name = own_name(user);
    let namesake = given.group.as_ref().filter(|_| listed(block));
    let group = namesake
        .map(|group| format!(" of resource group `{group}`"))
        .unwrap_or_default();
    let (has, mend) = if block.user() == Some(true) {
        (
            "the identities of the cluster",
            "add to `identity.userAssignedIdentities` of the cluster: \"<the same id>\": {}".to_owned(),
        )
    } else {
        (
            "a system-assigned identity only",
            format!(
                "write in the cluster: \"identity\": {{ \"type\": \"SystemAssigned, UserAssigned\", \"userAssignedIdentities\": \
                 {{ \"[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', '{name}')]\": {{}} }} }}"
            ),
        )
    };
    let diagnostic = Diagnostic::new(
        RULE.name,
        super::certain(&when),
        format!(
            "the key of cluster `{}` is read with identity `{name}`{group}, which the cluster does not have{}",
            super::cluster_name(cluster),
            when.clause()
        ),
        given.at,
        "not on the cluster",
    );
    let diagnostic = given.traced(diagnostic);
    let at = block.users_at.unwrap_or(block.kind.site);
    let diagnostic = diagnostic
        .related(at, has)
        .note("the service signs in to the vault with an identity that is assigned to the cluster")
        .note(mend);
    Some((diagnostic, block))
}

/// The id of `userIdentity` once more, where the cluster lists its identities.
fn fix(workspace: &Workspace, key: &ClusterKey, given: &ConnectionIdentity, block: &IdentityBlock) -> Option<Fix> {
    // What is written at a database may be known to its template only.
    let slots = &workspace.facts.slots;
    let id = slots.strings.get(&given.at).filter(|_| key.of_database.is_none())?;
    if block.user() == Some(true) {
        let name = id.trim_matches('"');
        return super::written(
            format!("add `{id}: {{}}` to `userAssignedIdentities`"),
            slots.member(block.users_at?, name, "{}"),
        );
    }
    let Known::Value(kind) = &block.kind.value else {
        return None;
    };
    let kind = block.kind.quoted_as(kind);
    let title = format!("give the cluster the identity {id} as well");
    let users = format!("{{ {id}: {{}} }}");
    let (at, text) = slots.member(block.kind.site, "userAssignedIdentities", &users)?;
    Fix::new(
        Applicability::Unsafe,
        title,
        kind.as_ref(),
        "SystemAssigned, UserAssigned",
    )?
    .and(Some(&at), &text)
}

/// `userIdentity` takes the id of the resource.
fn no_resource(
    (cluster, key): (&Cluster, &ClusterKey),
    given: &ConnectionIdentity,
    named: &IdentityRef,
    when: &Condition,
) -> Diagnostic {
    let wanted = if key.wording.is_command() {
        "<id of the identity's resource>"
    } else {
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', '<name>')]"
    };
    let what = match &named.identity {
        Identity::Client(_) => "a client id",
        Identity::System(_) | Identity::UserAssigned(_) if matches!(given.value, GivenIdentity::Principal(_)) => {
            "an object id"
        }
        Identity::System(_) => "the id of a cluster",
        _ => "not the id of a user-assigned identity",
    };
    let diagnostic = Diagnostic::new(
        RULE.name,
        super::certain(when),
        format!(
            "`{}` of cluster `{}` names no user-assigned identity{}",
            key.wording.named("userIdentity"),
            super::cluster_name(cluster),
            when.clause()
        ),
        given.at,
        what,
    );
    given
        .traced(diagnostic)
        .note("the service expects the id of the identity's resource, and looks for no object id, client id or name")
        .note(format!(
            "write: {}",
            key.wording.typed("userIdentity", Typed::Text(wanted))
        ))
}

fn own_name(key: &ResourceKey) -> String {
    key.own().map(ToString::to_string).unwrap_or_default()
}
