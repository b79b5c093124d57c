//! Which principals are identities that Kusto works as.

use std::collections::{BTreeMap, BTreeSet};

use super::Workspace;
use crate::facts::{Case, Facts, Identity, IdentityRef, IdentityUse, Name, RoleAssignment, Same};
use crate::text::{FileId, FileSpan};

/// Where the files show of an identity that Kusto works as it, by the identity's key; and the
/// role assignments that may give data.
#[derive(Debug, Default)]
pub(super) struct Principals {
    shown: BTreeMap<String, Vec<(Case, FileSpan)>>,
    /// Role assignments that may give more than management of resources.
    data_roles: Vec<usize>,
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
        principals.data_roles = (0..facts.roles.len())
            .filter(|index| facts.roles.get(*index).is_some_and(RoleAssignment::may_give_data))
            .collect();
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
    /// command uses it. The name of a user-assigned identity is its own within a resource group only, so it has to
    /// be shown by a file in the same folder, or in one around or inside of it.
    #[must_use]
    pub fn works_for_kusto(&self, identity: &Identity, case: Case) -> bool {
        let by_name = matches!(identity, Identity::UserAssigned(_));
        match identity.key() {
            None => matches!(identity, Identity::System(_)),
            Some(key) => self.principals.shown.get(&key).is_some_and(|shown| {
                let near = |of: &Case| !by_name || self.is_near(of.file, case.file);
                shown.iter().any(|(of, _)| of.joins(case) && near(of))
            }),
        }
    }

    /// Whether one of two files stands in the folder of the other, or below it.
    pub fn is_near(&self, one: FileId, two: FileId) -> bool {
        let folder = |file: FileId| self.folders.get(&file.0).map(String::as_str).unwrap_or_default();
        let holds = |outer: &str, inner: &str| {
            outer.is_empty()
                || inner
                    .strip_prefix(outer)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        holds(folder(one), folder(two)) || holds(folder(two), folder(one))
    }

    /// The role assignments that may give more than management of resources, each with whether it goes to
    /// `identity`; also those that the configuration says to be elsewhere.
    pub fn data_roles<'w>(
        &'w self,
        identity: &'w Identity,
        case: Case,
    ) -> impl Iterator<Item = (&'w RoleAssignment, Same)> {
        let roles = self
            .principals
            .data_roles
            .iter()
            .filter_map(|index| self.facts.roles.get(*index));
        roles.chain(&self.granted.roles).map(move |role| {
            let same = match role.principal.as_ref().map(|principal| &principal.identity) {
                None | Some(Identity::Malformed) => Same::Maybe,
                // A template writes the id of its own cluster's identity as an expression; another file has to
                // write it out.
                Some(other @ Identity::Object(_))
                    if matches!(identity, Identity::System(_)) && role.case.file != case.file =>
                {
                    other.same(identity).max_doubt()
                }
                Some(other) => other.same(identity),
            };
            (role, same)
        })
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
