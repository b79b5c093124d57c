//! Which principals are identities that Kusto works as.

use std::collections::BTreeMap;

use super::Workspace;
use crate::facts::{Case, Facts, Identity, IdentityRef, IdentityUse, Name, RoleAssignment, Same};
use crate::text::FileSpan;

/// Where the files show of an identity that Kusto works as it, by the identity's key; and the role
/// assignments by the key of their principal.
#[derive(Debug, Default)]
pub(super) struct Principals {
    shown: BTreeMap<String, Vec<(Case, FileSpan)>>,
    roles: BTreeMap<String, Vec<usize>>,
    /// Role assignments whose principal is a system-assigned identity.
    system_roles: Vec<usize>,
    /// Role assignments whose principal can't be told.
    untold_roles: Vec<usize>,
}

impl Principals {
    pub(super) fn of(facts: &Facts) -> Self {
        let mut principals = Self::default();
        for cluster in &facts.clusters {
            for user in &cluster.users.known {
                principals.show(&Identity::UserAssigned(user.clone()), cluster.case, cluster.at);
            }
        }
        for command in &facts.policies {
            for named in command
                .entries
                .iter()
                .flatten()
                .filter_map(|entry| entry.identity.as_ref())
            {
                principals.show(&named.identity, command.script.case, named.at);
            }
        }
        for used in &facts.uses {
            principals.show(&used.identity.identity, used.script.case, used.identity.at);
        }
        for (index, role) in facts.roles.iter().enumerate() {
            match role.principal.as_ref().map(|principal| &principal.identity) {
                Some(Identity::System(_)) => principals.system_roles.push(index),
                Some(identity) => match identity.key() {
                    Some(key) => principals.roles.entry(key).or_default().push(index),
                    None => principals.untold_roles.push(index),
                },
                None => principals.untold_roles.push(index),
            }
        }
        principals
    }

    fn show(&mut self, identity: &Identity, case: Case, at: FileSpan) {
        if let Some(key) = identity.key() {
            self.shown.entry(key).or_default().push((case, at));
        }
    }
}

impl Workspace {
    /// Whether the files show that Kusto works as `identity`: it is on a cluster, a policy names it, or a
    /// command uses it.
    #[must_use]
    pub fn works_for_kusto(&self, identity: &Identity, case: Case) -> bool {
        match identity.key() {
            None => matches!(identity, Identity::System(_)),
            Some(key) => self
                .principals
                .shown
                .get(&key)
                .is_some_and(|shown| shown.iter().any(|(of, _)| of.joins(case))),
        }
    }

    /// The role assignments that certainly go to `identity`, and those of which it can't be told.
    #[must_use]
    pub fn roles_of(&self, identity: &Identity) -> (Vec<&RoleAssignment>, Vec<&RoleAssignment>) {
        let certain: &[usize] = match identity {
            Identity::System(_) => &self.principals.system_roles,
            _ => identity
                .key()
                .and_then(|key| self.principals.roles.get(&key))
                .map(Vec::as_slice)
                .unwrap_or_default(),
        };
        let read = |indices: &[usize]| {
            indices
                .iter()
                .filter_map(|index| self.facts.roles.get(*index))
                .collect()
        };
        (read(certain), read(&self.principals.untold_roles))
    }

    /// A storage account that a template of `case` declares and that a command uses as `principal`.
    #[must_use]
    pub fn account_used_by(&self, principal: &IdentityRef, case: Case) -> Option<&Name> {
        let same = |used: &&IdentityUse| {
            used.script.case.joins(case) && used.identity.identity.same(&principal.identity) == Same::Yes
        };
        let declared = |account: &Name| {
            self.facts
                .accounts
                .iter()
                .find(|found| found.case == case && found.name.is(account))
                .map(|found| &found.name)
        };
        self.facts
            .uses
            .iter()
            .filter(same)
            .filter_map(|used| used.account.as_ref())
            .find_map(declared)
    }
}
