//! Whether a cluster may use its key: what the vault's access policies and the roles on it give to the identity with
//! which the cluster reads the key.

use super::Workspace;
use super::grant::{built_in, is_of_others};
use crate::facts::{
    Cluster, ClusterKey, Condition, GivenIdentity, GrantScope, Identity, IdentityRef, Known, ResourceKey,
    RoleAssignment, Same, Vault, VaultAccess,
};
use crate::service::{KEY_PERMISSIONS, Reach, Role, Target, takes_roles_by_default};
use crate::text::FileSpan;

/// A cluster that reads its key from a vault of the files with an identity.
#[derive(Debug)]
pub struct KeyReader<'f> {
    /// The cluster.
    pub cluster: &'f Cluster,
    /// Its key.
    pub key: &'f ClusterKey,
    /// The vault of the key.
    pub vault: &'f Vault,
    /// The identity.
    pub identity: IdentityRef,
    /// When it does so.
    pub when: Condition,
}

/// Whether an identity may use a key.
#[derive(Debug)]
pub enum KeyAccess<'f> {
    /// It may, or would if the vault read what is given.
    Granted,
    /// It may not.
    Lacking(Lack<'f>),
    /// It can't be told, for this reason.
    Untold(String),
    /// The files give nobody access to the vault: it is given elsewhere.
    Elsewhere,
}

/// What an identity that can't use its key has instead.
#[derive(Debug)]
pub enum Lack<'f> {
    /// This entry of an access policy, which is not enough.
    Policy(&'f VaultAccess),
    /// This role, which is not enough.
    Role(&'f RoleAssignment, Role),
    /// Nothing, and the same is given to another identity of the cluster here.
    GivenTo(FileSpan),
    /// Nothing: the list of the vault, which replaces what it had, leaves it out.
    LeftOut,
    /// Nothing, and the files give others a role on the vault.
    NoRole,
}

/// What one of the two ways of giving access says.
enum Found<'f> {
    Granted,
    Untold(String),
    Lacking(Lack<'f>),
    Silent,
}

impl Workspace {
    /// Hands on each way in which a cluster of the files reads its key from a vault of the files.
    pub fn each_key_reader<'w>(&'w self, mut take: impl FnMut(KeyReader<'w>)) {
        for cluster in &self.facts.clusters {
            for key in &cluster.keys {
                for vault in self.vaults_of(cluster, key) {
                    for given in &key.identities {
                        let when = given.when.and(&key.when).and_then(|when| when.and(&vault.when));
                        if let (Some(when), Some(identity)) = (when, reading(cluster, key, &given.value)) {
                            take(KeyReader {
                                cluster,
                                key,
                                vault,
                                identity,
                                when,
                            });
                        }
                    }
                }
            }
        }
    }

    /// Whether an identity may use the key that it reads.
    #[must_use]
    pub fn key_access(&self, reader: &KeyReader<'_>) -> KeyAccess<'_> {
        if reader.vault.recovers {
            return KeyAccess::Untold("what a vault that is recovered has is not in the files".to_owned());
        }
        let elsewhere = self.given_elsewhere(reader);
        if elsewhere == Same::Yes {
            return KeyAccess::Granted;
        }
        let (policies, roles) = (self.by_policies(reader), self.by_roles(reader));
        if matches!(policies, Found::Granted) || matches!(roles, Found::Granted) {
            return KeyAccess::Granted;
        }
        let counted = match reader.vault.takes_roles(&reader.when) {
            Some(true) => vec![roles],
            Some(false) => vec![policies],
            None => vec![policies, roles],
        };
        let mut lack = None;
        for found in counted {
            match found {
                Found::Untold(reason) => return KeyAccess::Untold(reason),
                Found::Lacking(found) => lack = lack.or(Some(found)),
                Found::Granted | Found::Silent => {}
            }
        }
        match lack {
            Some(_) if elsewhere == Same::Maybe => {
                let who = &reader.identity.written;
                KeyAccess::Untold(format!(
                    "`{who}` may have the access that the configuration says to be granted"
                ))
            }
            Some(lack) => KeyAccess::Lacking(lack),
            None => KeyAccess::Elsewhere,
        }
    }

    /// Whether the configuration says that an identity may use the key that it reads.
    fn given_elsewhere(&self, reader: &KeyReader<'_>) -> Same {
        let (identity, vault) = (&reader.identity.identity, &reader.vault.name);
        let on = ResourceKey {
            kind: "microsoft.keyvault/vaults".to_owned(),
            names: vec![vault.clone()],
        };
        match self.has_keys_elsewhere(identity, vault, &gives_keys) {
            Same::No => Self::is_held_elsewhere(&self.granted.roles, identity, &on, &uses_keys),
            given => given,
        }
    }

    /// Whether an identity may use its key by what the vault reads: roles, or its access policies.
    #[must_use]
    pub fn has_access_by(&self, reader: &KeyReader<'_>, roles: bool) -> bool {
        let found = if roles {
            self.by_roles(reader)
        } else {
            self.by_policies(reader)
        };
        matches!(found, Found::Granted)
    }

    /// The entries of access policies that a vault gets.
    #[must_use]
    pub fn policies_of(&self, vault: &Vault) -> Vec<&VaultAccess> {
        let of_vault = |access: &&VaultAccess| {
            self.is_about(&access.vault, access.case, vault) && access.when.and(&vault.when).is_some()
        };
        let entries = self.facts.vault_access.iter();
        entries
            .take_while(|_| self.may_compare(vault.at))
            .filter(of_vault)
            .collect()
    }

    /// The role assignments on a vault or a key in it that certainly give the use of keys.
    #[must_use]
    pub fn key_roles_on(&self, vault: &Vault) -> Vec<&RoleAssignment> {
        let gives = |role: &&RoleAssignment| {
            let mut roles = role.role.iter();
            roles.all(|role| built_in(role).is_some_and(|known| uses_keys(known.reach) == Same::Yes))
        };
        let roles = self.facts.roles.iter();
        roles
            .take_while(|_| self.may_compare(vault.at))
            .filter(|role| self.is_on_vault(role, vault) && role.when.and(&vault.when).is_some() && gives(role))
            .collect()
    }

    /// Whether a role assignment is for a vault or for a key in it.
    fn is_on_vault(&self, role: &RoleAssignment, vault: &Vault) -> bool {
        match &role.scope {
            GrantScope::Resource(scope) if scope.kind.starts_with("microsoft.keyvault/vaults") => {
                let name = scope.root();
                name.is_some_and(|name| self.is_about(name, role.case, vault))
            }
            _ => false,
        }
    }

    fn by_policies(&self, reader: &KeyReader<'_>) -> Found<'_> {
        let entries = self.policies_of(reader.vault).into_iter();
        let entries = entries.filter(|access| access.when.and(&reader.when).is_some());
        let (mut untold, mut short, mut to_other, mut left_out) = (false, None, None, false);
        // What several entries give to one identity adds up.
        let mut given: Vec<String> = Vec::new();
        for access in entries {
            match (
                is_for(access.principal.as_ref(), &reader.identity.identity),
                &access.keys,
            ) {
                (Same::Yes, Known::Value(words)) => {
                    given.extend(words.iter().cloned());
                    short = short.or(Some(access));
                }
                (Same::Yes | Same::Maybe, keys) => untold |= gives_keys(keys) != Same::No,
                (Same::No, keys) if gives_keys(keys) == Same::Yes => {
                    let on_cluster = self.is_on(reader.cluster, access.principal.as_ref());
                    to_other = to_other.or(on_cluster.then_some(access.at));
                }
                (Same::No, _) => {}
            }
            left_out |= access.own;
        }
        if gives_keys(&Known::Value(given)) == Same::Yes {
            return Found::Granted;
        }
        if untold || self.has_unread_deployment(reader) {
            let who = &reader.identity.written;
            return Found::Untold(format!("an access policy that can't be read may be for `{who}`"));
        }
        match (short, to_other) {
            (Some(access), _) => Found::Lacking(Lack::Policy(access)),
            (None, Some(at)) => Found::Lacking(Lack::GivenTo(at)),
            (None, None) if left_out => Found::Lacking(Lack::LeftOut),
            (None, None) => Found::Silent,
        }
    }

    fn by_roles(&self, reader: &KeyReader<'_>) -> Found<'_> {
        let mut names = vec![reader.vault.name.clone()];
        names.extend(reader.key.key.clone());
        let kind = ["microsoft.keyvault/vaults", "microsoft.keyvault/vaults/keys"];
        let key = ResourceKey {
            kind: kind.get(names.len() - 1).copied().unwrap_or_default().to_owned(),
            names,
        };
        let (mut untold, mut short, mut to_other, mut to_others) = (false, None, None, false);
        let roles = self.facts.roles.iter();
        let roles = roles.filter(|role| role.case.joins(reader.vault.case));
        for role in roles.take_while(|_| self.may_compare(reader.key.at)) {
            let (reached, same) = (
                role.scope.reaches(&key),
                is_for(role.principal.as_ref(), &reader.identity.identity),
            );
            let here = reached == Same::Yes && self.is_on_vault(role, reader.vault);
            let Some(when) = role.when.and(&reader.when).filter(|_| reached != Same::No) else {
                continue;
            };
            to_others |= here && role.principal.is_some();
            for possible in role.role.iter().filter(|role| role.when.and(&when).is_some()) {
                let known = built_in(possible);
                let enough = known.map_or(Same::Maybe, |role| uses_keys(role.reach));
                match (same, enough, reached) {
                    (Same::Yes, Same::Yes, Same::Yes) => return Found::Granted,
                    (Same::Yes, Same::No, _) => short = short.or(known.filter(|_| here).map(|known| (role, known))),
                    (Same::Yes | Same::Maybe, Same::Yes | Same::Maybe, _) => untold = true,
                    (Same::No, Same::Yes, Same::Yes) if here && self.is_on(reader.cluster, role.principal.as_ref()) => {
                        to_other = to_other.or(Some(role.at));
                    }
                    _ => {}
                }
            }
        }
        if untold {
            let who = &reader.identity.written;
            return Found::Untold(format!(
                "another role assignment may be for `{who}`, and may give it enough"
            ));
        }
        match (short, to_other) {
            (Some((assignment, role)), _) => Found::Lacking(Lack::Role(assignment, role)),
            (None, Some(at)) => Found::Lacking(Lack::GivenTo(at)),
            (None, None) if to_others => Found::Lacking(Lack::NoRole),
            (None, None) => Found::Silent,
        }
    }

    /// Whether a principal is certainly an identity of the cluster.
    fn is_on(&self, cluster: &Cluster, principal: Option<&IdentityRef>) -> bool {
        match principal.map(|principal| &principal.identity) {
            Some(Identity::System(Some(of))) => of.is(&cluster.resource),
            Some(Identity::UserAssigned(user)) => {
                let known = cluster.users.known.iter();
                let mut known = known.take_while(|_| self.may_compare(cluster.at));
                known.any(|known| known.is(user))
            }
            _ => false,
        }
    }

    /// Whether a deployment near the vault was not read: it may give anything.
    fn has_unread_deployment(&self, reader: &KeyReader<'_>) -> bool {
        let mut roles = self.facts.roles.iter();
        roles.any(|role| {
            self.may_compare(reader.key.at)
                && role.principal.is_none()
                && matches!(role.scope, GrantScope::Unknown)
                && role.case.joins(reader.vault.case)
                && self.is_near(role.case.file, reader.vault.case.file)
        })
    }
}

impl Vault {
    /// Whether it takes roles and no access policies under a condition; `None` when it depends or can't be told.
    #[must_use]
    pub fn takes_roles(&self, when: &Condition) -> Option<bool> {
        let mut answer: Option<bool> = None;
        for setting in self.roles_only.iter().filter(|value| value.when.and(when).is_some()) {
            let one = match setting.value {
                Known::Value(roles) => Some(roles),
                Known::Absent => self.takes_roles_by_default(when),
                Known::Unknown(_) => None,
            }?;
            if answer.is_some_and(|known| known != one) {
                return None;
            }
            answer = Some(one);
        }
        answer
    }

    /// What it takes when `enableRbacAuthorization` is left out.
    fn takes_roles_by_default(&self, when: &Condition) -> Option<bool> {
        let mut versions = self.version.iter().filter(|value| value.when.and(when).is_some());
        match (versions.next().map(|version| &version.value), versions.next()) {
            (Some(Known::Value(version)), None) => takes_roles_by_default(version),
            _ => None,
        }
    }
}

/// The identity with which a cluster reads its key.
fn reading(cluster: &Cluster, key: &ClusterKey, given: &GivenIdentity) -> Option<IdentityRef> {
    match given {
        GivenIdentity::Absent => {
            let blocks: Vec<_> = cluster
                .identity
                .iter()
                .filter(|block| block.kind.when.and(&key.when).is_some())
                .collect();
            let has = !blocks.is_empty() && blocks.iter().all(|block| block.system() == Some(true));
            has.then(|| IdentityRef {
                identity: Identity::System(Some(cluster.resource.clone())),
                at: key.at,
                written: "system".to_owned(),
            })
        }
        GivenIdentity::Resource(named) if matches!(named.identity, Identity::UserAssigned(_)) => Some(named.clone()),
        GivenIdentity::Resource(_) | GivenIdentity::Principal(_) | GivenIdentity::Unknown => None,
    }
}

/// Whether what is given to `principal` is given to `identity`. An id that is written out may be that of any identity.
fn is_for(principal: Option<&IdentityRef>, identity: &Identity) -> Same {
    match principal.map(|principal| &principal.identity) {
        None | Some(Identity::Malformed | Identity::Object(_)) => Same::Maybe,
        Some(Identity::Symbol(symbol)) if is_of_others(symbol) => Same::No,
        Some(other) => other.same(identity),
    }
}

/// Whether permissions of an access policy are enough to use a key.
fn gives_keys(keys: &Known<Vec<String>>) -> Same {
    match keys {
        Known::Unknown(_) => Same::Maybe,
        Known::Absent => Same::No,
        Known::Value(words) => {
            let has = |wanted: &str| words.iter().any(|word| word == wanted || word == "all");
            if KEY_PERMISSIONS.iter().all(|wanted| has(wanted)) {
                Same::Yes
            } else {
                Same::No
            }
        }
    }
}

/// Whether a role lets one use keys.
fn uses_keys(reach: Reach) -> Same {
    if reach.reads(Target::VaultKeys) {
        Same::Yes
    } else {
        Same::No
    }
}
