//! Which identities are on which cluster.

use super::Workspace;
use crate::facts::{
    Case, Cluster, Condition, Identity, IdentityRef, IdentityUse, Name, ResourceKey, Same, UserIdentities,
};
use crate::text::FileSpan;

/// Whether the cluster of a policy or of a use has an identity, as far as the files tell that it has not.
#[derive(Debug)]
pub enum Assigned<'f> {
    /// The cluster that is named has not.
    Excluded(&'f Cluster),
    /// The cluster is not known, and none of the clusters around has; the first of them.
    ExcludedByAll(&'f Cluster),
    /// It has, or it can't be told.
    Untold,
}

impl Workspace {
    /// Whether the cluster of a policy or of a use that happens `when` is known to lack the identity that is named
    /// there; `own` is its name, if that is known.
    #[must_use]
    pub fn assigned(&self, own: Option<&Name>, case: Case, when: &Condition, named: &IdentityRef) -> Assigned<'_> {
        let around = self
            .facts
            .clusters
            .iter()
            .take_while(|_| self.comparisons.may(named.at));
        let joined = around.filter(|cluster| cluster.case.joins(case) && cluster.when.and(when).is_some());
        let is_its = |cluster: &&Cluster| match own {
            Some(name) => cluster.resource.own().is_some_and(|own| own.is(name)),
            None => self.is_near(cluster.case.file, case.file),
        };
        let clusters: Vec<_> = joined.filter(is_its).collect();
        let all_lack = clusters.iter().all(|cluster| cluster.lacks(&named.identity));
        match clusters.first() {
            Some(first) if all_lack && own.is_some() => Assigned::Excluded(first),
            Some(first) if all_lack => Assigned::ExcludedByAll(first),
            _ => Assigned::Untold,
        }
    }
}

impl Workspace {
    /// The cluster that a resource of a template names: of the same template, or the only one of that name in a
    /// file of the same folder, around or inside of it.
    #[must_use]
    pub fn cluster_named(&self, name: &Name, case: Case, at: FileSpan) -> Option<&Cluster> {
        let around = self.facts.clusters.iter().take_while(|_| self.comparisons.may(at));
        let is_it = |cluster: &&Cluster| {
            cluster.case.joins(case)
                && cluster.resource.own().is_some_and(|own| own.is(name))
                && self.is_near(cluster.case.file, case.file)
        };
        let named: Vec<_> = around.filter(is_it).collect();
        let own = named.iter().find(|cluster| cluster.case == case);
        match (own, named.as_slice()) {
            (Some(cluster), _) | (None, [cluster]) => Some(cluster),
            _ => None,
        }
    }
}

/// Why the service refuses the identity of a data connection.
#[derive(Debug)]
pub enum Foreign<'f> {
    /// It is the system-assigned one of that other cluster.
    OfCluster(&'f Name),
    /// The connection's own cluster does not have it.
    NotOn(&'f Cluster),
}

impl Workspace {
    /// Why an identity can't be that of a data connection of the cluster `own` that is deployed `when`.
    #[must_use]
    pub fn foreign<'w>(
        &'w self,
        own: &Name,
        case: Case,
        when: &Condition,
        named: &'w IdentityRef,
    ) -> Option<Foreign<'w>> {
        if let Identity::System(Some(other)) = &named.identity
            && let Some(other) = other.own().filter(|other| other.is_not(own))
        {
            return Some(Foreign::OfCluster(other));
        }
        let cluster = self.cluster_named(own, case, named.at)?;
        cluster.when.and(when)?;
        cluster.lacks(&named.identity).then_some(Foreign::NotOn(cluster))
    }

    /// Whether a use is that of a data connection whose identity is refused.
    #[must_use]
    pub fn is_foreign(&self, used: &IdentityUse) -> bool {
        let own = used.cluster.as_ref().filter(|_| used.flow.is_connection());
        own.is_some_and(|own| {
            self.foreign(own, used.script.case, &used.when, &used.identity)
                .is_some()
        })
    }
}

impl Cluster {
    /// Whether the cluster certainly does not have the identity.
    #[must_use]
    pub fn lacks(&self, identity: &Identity) -> bool {
        match identity {
            Identity::System(None) => self.system_identity == Some(false),
            Identity::System(Some(cluster)) => self.resource.is(cluster) && self.system_identity == Some(false),
            // An object id may be that of any identity that the cluster has.
            Identity::Object(_) => {
                self.system_identity == Some(false) && self.users.complete && self.users.known.is_empty()
            }
            Identity::UserAssigned(user) => self.users.exclude(user),
            Identity::Client(_) | Identity::Symbol(_) | Identity::Malformed => false,
        }
    }
}

impl UserIdentities {
    /// Whether `user` is certainly none of them.
    #[must_use]
    pub fn exclude(&self, user: &ResourceKey) -> bool {
        self.exclude_of(user, None)
    }

    /// Whether `user` of the resource group is certainly none of them; groups that are not known may be one.
    #[must_use]
    pub fn exclude_of(&self, user: &ResourceKey, group: Option<&str>) -> bool {
        let other = |known: &ResourceKey| {
            let (one, two) = (
                Identity::UserAssigned(known.clone()),
                Identity::UserAssigned(user.clone()),
            );
            one.same(&two) == Same::No
        };
        let apart = |known: &Option<String>| matches!((known, group), (Some(known), Some(group)) if known != group);
        let mut pairs = self.known.iter().zip(&self.groups);
        self.complete && pairs.all(|(known, group)| other(known) || apart(group))
    }
}
