//! Which identities are on which cluster.

use super::Workspace;
use crate::facts::{Case, Cluster, Identity, IdentityRef, Name, PolicyCommand, ResourceKey, Same, UserIdentities};
use crate::text::FileSpan;

/// Whether the cluster of a policy has an identity, as far as the files tell that it has not.
#[derive(Debug)]
pub enum Assigned<'f> {
    /// The cluster that the policy is for has not.
    Excluded(&'f Cluster),
    /// The policy's cluster is not known, and none of the clusters around has; the first of them.
    ExcludedByAll(&'f Cluster),
    /// It has, or it can't be told.
    Untold,
}

impl Workspace {
    /// Whether the cluster of a policy is known to lack an identity that the policy names.
    #[must_use]
    pub fn assigned(&self, command: &PolicyCommand, named: &IdentityRef) -> Assigned<'_> {
        let around = self
            .facts
            .clusters
            .iter()
            .take_while(|_| self.comparisons.may(named.at));
        let joined = around.filter(|cluster| cluster.case.joins(command.script.case));
        let is_its = |cluster: &&Cluster| match &command.cluster {
            Some(name) => cluster.resource.own().is_some_and(|own| own.is(name)),
            None => self.is_near(cluster.case.file, command.script.case.file),
        };
        let clusters: Vec<_> = joined.filter(is_its).collect();
        let all_lack = clusters.iter().all(|cluster| cluster.lacks(&named.identity));
        match clusters.first() {
            Some(first) if all_lack && command.cluster.is_some() => Assigned::Excluded(first),
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
        let other = |known: &ResourceKey| {
            let (one, two) = (
                Identity::UserAssigned(known.clone()),
                Identity::UserAssigned(user.clone()),
            );
            one.same(&two) == Same::No
        };
        self.complete && self.known.iter().all(other)
    }
}
