//! Who may read which database.

use std::collections::BTreeSet;

use super::Workspace;
use crate::facts::{Identity, KustoGrant, Name, Same, Setting};
use crate::text::FileSpan;

/// Roles of a database that let one read it.
///
/// Source: continuous-export-with-managed-identity.md, 12/01/2024 (Viewer); role-based-access-control.md for those that
/// hold more.
const OF_DATABASE: [&str; 4] = ["viewer", "user", "admin", "unrestrictedviewer"];

/// Roles of the cluster that let one read its databases.
const OF_CLUSTER: [&str; 2] = ["alldatabasesviewer", "alldatabasesadmin"];

impl Workspace {
    /// Whether the files give roles in databases to anybody, where the command of `setting` runs.
    #[must_use]
    pub fn gives_database_roles(&self, setting: &Setting, at: FileSpan) -> bool {
        let grants = self.facts.kusto_grants.iter();
        let mut grants = grants.take_while(|_| self.comparisons.may(at));
        grants.any(|grant| !grant.of_cluster && may_join(grant, setting))
    }

    /// The ids that the files use as object ids of identities: none of them is the client id of another identity.
    #[must_use]
    pub fn object_ids(&self) -> BTreeSet<&str> {
        let named = self.entries().filter_map(|(_, entry)| entry.identity.as_ref());
        let used = self.facts.uses.iter().map(|used| &used.identity);
        named
            .chain(used)
            .filter_map(|named| object_id(&named.identity))
            .collect()
    }

    /// Whether `identity` may read a database, as far as the files show; `None` for a database that is not known.
    /// A role takes an object id as well as a client id, so that an id which the files do not show to be another
    /// identity's may be its.
    #[must_use]
    pub fn may_view(
        &self,
        identity: &Identity,
        database: Option<&Name>,
        setting: &Setting,
        (ids, at): (&BTreeSet<&str>, FileSpan),
    ) -> bool {
        let in_database = |grant: &KustoGrant| match (&grant.database, database) {
            (Some(one), Some(two)) => !one.is_not(two),
            _ => true,
        };
        let reads = |grant: &KustoGrant| {
            let roles: &[&str] = if grant.of_cluster { &OF_CLUSTER } else { &OF_DATABASE };
            (grant.role.is_empty() || roles.contains(&grant.role.as_str())) && (grant.of_cluster || in_database(grant))
        };
        let may_be_it = |other: &Identity| match other.same(identity) {
            Same::Yes | Same::Maybe => true,
            Same::No => object_id(other).is_some_and(|id| !ids.contains(id)),
        };
        let here = |grant: &KustoGrant| may_join(grant, setting) && reads(grant);
        if self.is_viewer_elsewhere(identity, &here) {
            return true;
        }
        let mut grants = self.facts.kusto_grants.iter();
        grants.any(|grant| {
            // Who may read what is not known once the comparisons are used up.
            !self.comparisons.may(at)
                || (here(grant) && (grant.others || grant.principals.iter().any(|of| may_be_it(&of.identity))))
        })
    }
}

fn object_id(identity: &Identity) -> Option<&str> {
    match identity {
        Identity::Object(id) => Some(id),
        _ => None,
    }
}

/// Whether a role may hold where a command runs: on the same cluster, at the same time.
fn may_join(grant: &KustoGrant, setting: &Setting) -> bool {
    let clusters = (&grant.setting.cluster, &setting.cluster);
    let other_cluster = matches!(clusters, (Some(one), Some(two)) if one.is_not(two));
    grant.setting.script.is_run()
        && grant.setting.script.case.joins(setting.script.case)
        && grant.setting.when.and(&setting.when).is_some()
        && !other_cluster
}
