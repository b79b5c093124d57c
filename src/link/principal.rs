//! Which principals are identities that Kusto works as.

use std::collections::{BTreeMap, BTreeSet};

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
    /// Uses that reach a storage account which a template declares, by the [`group`] of their identity.
    uses: BTreeMap<String, Vec<usize>>,
    /// The storage accounts that templates declare, by case and name.
    accounts: BTreeMap<(Case, String), usize>,
}

impl Principals {
    pub(super) fn of(facts: &Facts) -> Self {
        let mut principals = Self::default();
        for cluster in &facts.clusters {
            for user in &cluster.users.known {
                principals.show(&Identity::UserAssigned(user.clone()), cluster.case, cluster.at);
            }
        }
        for command in facts.policies.iter().filter(|command| command.script.is_run()) {
            for named in command
                .entries
                .iter()
                .flatten()
                .filter_map(|entry| entry.identity.as_ref())
            {
                principals.show(&named.identity, command.script.case, named.at);
            }
        }
        for (index, account) in facts.accounts.iter().enumerate() {
            let key = (account.case, account.name.key().to_owned());
            principals.accounts.entry(key).or_insert(index);
        }
        let declared: BTreeSet<&str> = facts.accounts.iter().map(|account| account.name.key()).collect();
        let run = |(_, used): &(usize, &IdentityUse)| used.script.is_run();
        for (index, used) in facts.uses.iter().enumerate().filter(run) {
            let identity = &used.identity.identity;
            principals.show(identity, used.script.case, used.identity.at);
            if used
                .account
                .as_ref()
                .is_some_and(|account| declared.contains(account.key()))
            {
                principals.uses.entry(group(identity)).or_default().push(index);
            }
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
        let named: &[usize] = match identity {
            Identity::System(_) => &self.principals.system_roles,
            _ => identity
                .key()
                .and_then(|key| self.principals.roles.get(&key))
                .map(Vec::as_slice)
                .unwrap_or_default(),
        };
        let read = |index: &usize| self.facts.roles.get(*index);
        let same = |role: &RoleAssignment| {
            role.principal
                .as_ref()
                .map_or(Same::Maybe, |named| named.identity.same(identity))
        };
        let (certain, mut untold): (Vec<_>, Vec<_>) = named
            .iter()
            .filter_map(read)
            .filter(|role| same(role) != Same::No)
            .partition(|role| same(role) == Same::Yes);
        untold.extend(self.principals.untold_roles.iter().filter_map(read));
        (certain, untold)
    }

    /// A storage account that a template of `case` declares and that a command uses as `principal`.
    #[must_use]
    pub fn account_used_by(&self, principal: &IdentityRef, case: Case) -> Option<&Name> {
        let declared = |used: &IdentityUse| {
            let account = (case, used.account.as_ref()?.key().to_owned());
            self.principals.accounts.get(&account).copied()
        };
        let same = |used: &&IdentityUse| {
            used.script.case.joins(case) && used.identity.identity.same(&principal.identity) == Same::Yes
        };
        let uses = self.principals.uses.get(&group(&principal.identity))?;
        let found = uses
            .iter()
            .take_while(|_| self.comparisons.may(principal.at))
            .filter_map(|index| self.facts.uses.get(*index))
            .filter(same)
            .find_map(declared)?;
        self.facts.accounts.get(found).map(|account| &account.name)
    }

    /// Whether another two role assignments may be compared for what stands at `at`.
    #[must_use]
    pub fn may_compare(&self, at: FileSpan) -> bool {
        self.comparisons.may(at)
    }
}

/// A text that identities share if they are certainly the same; others may share it as well.
fn group(identity: &Identity) -> String {
    identity.key().unwrap_or_default()
}
