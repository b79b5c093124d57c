//! Data connections of databases, and databases that follow others.

use super::Collector;
use super::cluster::group_of;
use super::possible::{forms, present};
use crate::arm::template::Resource;
use crate::arm::trail::Trail;
use crate::arm::value::{Node, Property, Value};
use crate::diagnostic::Undecided;
use crate::facts::{
    Condition, ConnectionIdentity, DataConnection, FollowedDatabase, GivenIdentity, Identity, IdentityRef, IdentityUse,
    Name, ResourceKey,
};
use crate::service::Flow;
use crate::syntax::connection::is_placeholder;
use crate::syntax::placeholder::symbolic;
use crate::text::{FileSpan, MappedText};

impl Collector<'_> {
    /// A `Microsoft.Kusto/clusters/databases/dataConnections`.
    pub(super) fn data_connection(&mut self, resource: &Resource) {
        let kind = present(&resource.body, &["kind"]);
        let Some((flow, signs_in)) = kind.as_ref().and_then(Node::as_str).and_then(Flow::of_connection) else {
            return;
        };
        let Some(properties) = present(&resource.body, &["properties"]) else {
            return;
        };
        let at = resource.properties_site;
        let identities = self.given_identities(&properties, "managedIdentityResourceId", at);
        for given in &identities {
            self.connection_use(resource, flow, given);
        }
        let object_id = present(&properties, &["managedIdentityObjectId"]).filter(|node| !is_empty(node));
        let key = |names: [&str; 2]| names.into_iter().find_map(|name| resource_named(&properties, name));
        self.facts.connections.push(DataConnection {
            flow,
            signs_in,
            name: self
                .parent_name(&resource.name, 2)
                .unwrap_or_else(|| self.name(&resource.name)),
            cluster: self.parent_name(&resource.name, 0),
            identities,
            object_id_at: object_id.map(|node| node.site),
            hub: key(["eventHubResourceId", "eventHubResourceIdForManagedIdentity"]),
            storage: key(["storageAccountResourceId", "storageAccountResourceIdForManagedIdentity"]),
            cosmos: resource_named(&properties, "cosmosDbAccountResourceId"),
            at,
            when: resource.condition.clone(),
            case: self.case,
        });
    }

    /// What a property that takes the id of an identity may be; `at` is the place where it is missing.
    pub(super) fn given_identities(&self, properties: &Node, name: &str, at: FileSpan) -> Vec<ConnectionIdentity> {
        let property = properties.property(name);
        let absent = |when| ConnectionIdentity {
            when,
            value: GivenIdentity::Absent,
            group: None,
            at,
            origin: at,
            trail: Trail::default(),
        };
        match &property {
            Property::Absent => return vec![absent(Condition::default())],
            Property::Present(node) if matches!(node.value, Value::Null) => return vec![absent(Condition::default())],
            _ => {}
        }
        let given = |(when, node): (Condition, Option<Node>)| {
            let value = match &node {
                Some(node) if is_empty(node) => GivenIdentity::Absent,
                Some(node) => self.given_identity(node),
                None => GivenIdentity::Unknown,
            };
            let at = node.as_ref().map_or(at, |node| node.site);
            ConnectionIdentity {
                when,
                value,
                group: node.as_ref().and_then(Node::as_text).and_then(|id| group_of(&id)),
                at,
                origin: node.as_ref().map_or(at, |node| node.origin),
                trail: node.map(|node| node.trail).unwrap_or_default(),
            }
        };
        match property {
            // A value that a run decides may still show what it is: the property of a resource that is no id.
            Property::Present(node) => {
                let forms = node.alternatives().into_iter();
                forms.map(|(when, node)| given((when, Some(node)))).collect()
            }
            property => forms(property).into_iter().map(given).collect(),
        }
    }

    /// The identity that a value names where the id of a resource is expected.
    fn given_identity(&self, node: &Node) -> GivenIdentity {
        let Some(id) = node.as_text() else {
            return GivenIdentity::Unknown;
        };
        let named = |identity| IdentityRef {
            identity,
            at: node.site,
            written: self.written(node.site),
        };
        let id = symbolic(&id.trimmed());
        match id.sole_hole().map(Identity::of_symbol) {
            None if id.known().is_some_and(is_placeholder) => GivenIdentity::Unknown,
            // Another type of resource is known even where the subscription in its id is not.
            None => match (Identity::of_resource_id(&id), ResourceKey::of_id(&id)) {
                (Identity::Symbol(_), Some(_)) => GivenIdentity::Resource(named(Identity::Malformed)),
                (identity, _) => GivenIdentity::Resource(named(identity)),
            },
            Some(Identity::Symbol(_)) => GivenIdentity::Unknown,
            Some(principal) => GivenIdentity::Principal(named(principal)),
        }
    }

    /// The use of an identity by a connection.
    fn connection_use(&mut self, resource: &Resource, flow: Flow, given: &ConnectionIdentity) {
        let (identity, when) = match (&given.value, given.when.and(&resource.condition)) {
            (GivenIdentity::Absent, _) => return,
            (GivenIdentity::Resource(identity) | GivenIdentity::Principal(identity), Some(when)) => {
                (identity.clone(), when)
            }
            (_, None) | (GivenIdentity::Unknown, _) => {
                let reason = "which identity the data connection has is not known".to_owned();
                let at = resource.properties_site;
                self.facts.undecided.push(Undecided { at, reason });
                return;
            }
        };
        let script = self.next_script();
        self.facts.uses.push(IdentityUse {
            flow,
            identity,
            at: given.at,
            database: self.parent_name(&resource.name, 1),
            cluster: self.parent_name(&resource.name, 0),
            account: None,
            script,
            order: 0,
            when,
        });
    }

    /// A `Microsoft.Kusto/clusters/attachedDatabaseConfigurations`.
    pub(super) fn followed_database(&mut self, resource: &Resource) {
        let leader = present(&resource.body, &["properties", "clusterResourceId"]);
        let id = leader.as_ref().and_then(Node::as_text);
        let key = id.as_ref().and_then(ResourceKey::of_id);
        let (Some(follower), Some(node), Some(key)) = (self.parent_name(&resource.name, 0), leader, key) else {
            return;
        };
        let shared = present(&resource.body, &["properties", "tableLevelSharingProperties"]);
        let chosen = ["externalTablesToInclude", "externalTablesToExclude"];
        let chosen = shared.filter(|shared| chosen.iter().any(|name| !is_absent(shared, name)));
        if let Some(shared) = &chosen {
            // Which tables are read there depends on the choice.
            self.facts.undecided.push(Undecided {
                at: shared.site,
                reason: "the follower has a choice of the external tables only".to_owned(),
            });
        }
        let database = present(&resource.body, &["properties", "databaseName"]).map(|name| self.name(&name));
        self.facts.followed.push(FollowedDatabase {
            follower,
            leader: key,
            database: database.filter(|name| !name.is(&Name::literal("*"))),
            all_external_tables: chosen.is_none(),
            at: node.site,
            when: resource.condition.clone(),
            case: self.case,
        });
    }
}

/// The resource whose id a property holds.
fn resource_named(properties: &Node, name: &str) -> Option<ResourceKey> {
    ResourceKey::of_id(&present(properties, &[name])?.as_text()?)
}

fn is_absent(node: &Node, name: &str) -> bool {
    matches!(node.property(name), Property::Absent)
}

fn is_empty(node: &Node) -> bool {
    matches!(node.value, Value::Null) || node.as_text().is_some_and(|text: MappedText| text.trimmed().is_empty())
}
