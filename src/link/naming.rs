//! The identities that the configuration names: whatever stands for one of them becomes the one that it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::{Identities, KnownIdentity};
use crate::facts::{Facts, GivenIdentity, Identity, IdentityRef, Known, Name, ResourceKey};
use crate::text::Symbol;

/// The type of user-assigned identities, in lower case.
const USER_ASSIGNED: &str = "microsoft.managedidentity/userassignedidentities";

/// What the ids, names and placeholders of the configuration stand for.
#[derive(Debug, Default)]
pub(super) struct Naming {
    /// By object id, in lower case.
    by_object: BTreeMap<String, String>,
    /// By client id, in lower case.
    by_client: BTreeMap<String, String>,
    /// By the name of the resource, in lower case.
    by_resource: BTreeMap<String, String>,
    /// By what is written in place of an id.
    by_placeholder: BTreeMap<String, String>,
    /// The identities by their names.
    known: BTreeMap<String, Identity>,
    /// What stands where an object id is expected and is a client id.
    clients: BTreeMap<String, Identity>,
}

/// What is expected where an identity is named.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expected {
    /// An object id.
    ObjectId,
    /// Any id.
    Id,
}

impl Naming {
    pub(super) fn of(identities: &Identities) -> Self {
        let mut naming = Self::default();
        for (name, known) in identities {
            naming.known.insert(name.clone(), identity_of(name, known));
            if let Some(id) = &known.object_id {
                naming.by_object.insert(id.clone(), name.clone());
            }
            if let Some(id) = &known.client_id {
                naming.by_client.insert(id.clone(), name.clone());
                let resource = known.resource.as_deref().unwrap_or(name);
                naming
                    .clients
                    .insert(name.clone(), Identity::Client(user_assigned(resource)));
            }
            if let Some(resource) = &known.resource {
                naming.by_resource.insert(resource.to_lowercase(), name.clone());
            }
            for placeholder in &known.placeholders {
                naming.by_placeholder.insert(placeholder.clone(), name.clone());
            }
        }
        naming
    }

    /// The identity of that name.
    pub(super) fn named(&self, name: &str) -> Option<&Identity> {
        self.known.get(name)
    }

    /// The one with that object id.
    pub(super) fn of_object(&self, id: &str) -> Identity {
        let named = self.by_object.get(id).and_then(|name| self.named(name));
        named.cloned().unwrap_or_else(|| Identity::Object(id.to_owned()))
    }

    /// The name that the configuration gives to an identity.
    pub(super) fn name_of(&self, identity: &Identity) -> Option<&str> {
        let name = match identity {
            Identity::Object(id) => self.by_object.get(id),
            Identity::UserAssigned(user) => user.own().and_then(|own| self.by_resource.get(own.key())),
            Identity::Symbol(symbol) => {
                let key = symbol.key();
                let mut known = self.known.iter();
                let same = |known: &Identity| matches!(known, Identity::Symbol(known) if known.key() == key);
                known.find(|(_, known)| same(known)).map(|(name, _)| name)
            }
            Identity::System(_) | Identity::Client(_) | Identity::Malformed => None,
        };
        name.map(String::as_str)
    }

    /// Names the identities in facts.
    pub(super) fn apply(&self, facts: &mut Facts) {
        if self.known.is_empty() {
            return;
        }
        each(facts, &mut |named, expected| self.name(named, expected));
    }

    fn name(&self, named: &mut IdentityRef, expected: Expected) {
        let found = match &named.identity {
            Identity::Object(id) => match (self.by_object.get(id), self.by_client.get(id)) {
                (Some(name), _) => self.known.get_key_value(name),
                (None, Some(name)) if expected == Expected::Id => self.known.get_key_value(name),
                (None, Some(name)) => self.clients.get_key_value(name),
                (None, None) => None,
            },
            Identity::UserAssigned(user) => {
                let name = user.own().and_then(|own| self.by_resource.get(own.key()));
                if let Some(name) = name {
                    named.written.clone_from(name);
                }
                None
            }
            Identity::Symbol(symbol) => {
                let name = self.by_placeholder.get(symbol.to_string().trim());
                name.and_then(|name| self.known.get_key_value(name))
            }
            Identity::System(_) | Identity::Client(_) | Identity::Malformed => None,
        };
        if let Some((name, identity)) = found {
            named.written.clone_from(name);
            named.identity = identity.clone();
        }
    }
}

/// The identity that all spellings become: by its resource, as templates name it; by its object id, as scripts do; or
/// by its name alone.
fn identity_of(name: &str, known: &KnownIdentity) -> Identity {
    match (&known.resource, &known.object_id) {
        (Some(resource), _) => Identity::UserAssigned(user_assigned(resource)),
        (None, Some(id)) => Identity::Object(id.clone()),
        (None, None) => Identity::Symbol(Arc::new(Symbol::Placeholder(name.to_owned()))),
    }
}

fn user_assigned(resource: &str) -> ResourceKey {
    ResourceKey {
        kind: USER_ASSIGNED.to_owned(),
        names: vec![Name::literal(resource)],
    }
}

/// Hands on each identity that facts name, with what is expected there.
fn each(facts: &mut Facts, take: &mut dyn FnMut(&mut IdentityRef, Expected)) {
    let entries = facts
        .policies
        .iter_mut()
        .flat_map(|command| command.entries.iter_mut().flatten());
    for entry in entries {
        entry
            .identity
            .iter_mut()
            .for_each(|named| take(named, Expected::ObjectId));
    }
    for used in &mut facts.uses {
        take(&mut used.identity, Expected::ObjectId);
    }
    for role in facts.roles.iter_mut().chain(&mut facts.sql_roles) {
        role.principal
            .iter_mut()
            .for_each(|named| take(named, Expected::ObjectId));
    }
    for access in &mut facts.vault_access {
        access
            .principal
            .iter_mut()
            .for_each(|named| take(named, Expected::ObjectId));
    }
    let given = facts
        .connections
        .iter_mut()
        .flat_map(|connection| &mut connection.identities);
    let keys = facts.clusters.iter_mut().flat_map(|cluster| &mut cluster.keys);
    for given in given.chain(keys.flat_map(|key| &mut key.identities)) {
        if let GivenIdentity::Resource(named) = &mut given.value {
            take(named, Expected::ObjectId);
        }
    }
    let exports = facts.exports.iter_mut().map(|export| &mut export.identity);
    let policies = facts.update_policies.iter_mut().map(|policy| &mut policy.identity);
    let accelerations = facts.accelerations.iter_mut().map(|policy| &mut policy.identity);
    for identity in exports.chain(policies).chain(accelerations) {
        if let Known::Value(named) = identity {
            take(named, Expected::ObjectId);
        }
    }
    // A role of Kusto takes either id.
    for grant in &mut facts.kusto_grants {
        grant.principals.iter_mut().for_each(|named| take(named, Expected::Id));
    }
}
