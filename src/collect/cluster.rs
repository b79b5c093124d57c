//! Clusters: their identities and their customer-managed keys.

use super::Collector;
use super::encryption::{identity_blocks, versions};
use super::possible::{forms, present};
use crate::arm::template::Resource;
use crate::arm::value::{Node, Property, Value};
use crate::facts::{Callout, Cluster, Condition, KeyOfDatabase, Name, ResourceKey, UserIdentities};
use crate::syntax::connection::is_placeholder;
use crate::syntax::placeholder::symbolic;
use crate::text::MappedText;

impl Collector<'_> {
    /// A `Microsoft.Kusto/clusters`.
    pub(super) fn cluster(&mut self, resource: &Resource) {
        let (system_identity, users) = identities(&resource.body);
        let keys = self.cluster_keys(resource, None);
        self.cluster_callouts(resource);
        let cluster = Cluster {
            resource: ResourceKey {
                kind: "microsoft.kusto/clusters".to_owned(),
                names: vec![self.name(&resource.name)],
            },
            at: resource.name_site,
            identity_at: present(&resource.body, &["identity", "type"]).map_or(resource.name_site, |kind| kind.site),
            system_identity,
            users,
            identity: identity_blocks(resource),
            creates: !matches!(resource.body.property("sku"), Property::Absent),
            version: versions(resource),
            location: self.locations(resource),
            keys,
            when: resource.condition.clone(),
            case: self.case,
        };
        self.opened_cluster(&cluster);
        self.facts.clusters.push(cluster);
    }

    /// A `Microsoft.Kusto/clusters/databases`: a key of its own encrypts with the cluster's identity, so it
    /// counts as one of the cluster's.
    pub(super) fn database(&mut self, resource: &Resource) {
        let of_database = KeyOfDatabase {
            name: self
                .parent_name(&resource.name, 1)
                .unwrap_or_else(|| self.name(&resource.name)),
            version: versions(resource),
        };
        let keys = self.cluster_keys(resource, Some(&of_database));
        let Some(cluster) = self.parent_name(&resource.name, 0).filter(|_| !keys.is_empty()) else {
            return;
        };
        let case = self.case;
        let known = self
            .facts
            .clusters
            .iter_mut()
            .find(|known| known.case == case && known.resource.own().is_some_and(|name| name.is(&cluster)));
        match known {
            Some(known) => known.keys.extend(keys),
            None => self.facts.clusters.push(Cluster {
                resource: ResourceKey {
                    kind: "microsoft.kusto/clusters".to_owned(),
                    names: vec![cluster],
                },
                at: resource.name_site,
                identity_at: resource.name_site,
                system_identity: None,
                users: UserIdentities::default(),
                identity: Vec::new(),
                creates: false,
                version: Vec::new(),
                location: Vec::new(),
                keys,
                when: Condition::default(),
                case,
            }),
        }
    }

    /// The entries of `properties.calloutPolicies`, and one of no type for what could not be read.
    fn cluster_callouts(&mut self, resource: &Resource) {
        let properties = forms(resource.body.property("properties")).into_iter();
        let policies = properties.flat_map(|(_, node)| match node {
            Some(node) => forms(node.property("calloutPolicies")),
            None => vec![(Condition::default(), None)],
        });
        for (_, policies) in policies {
            let unread = Callout {
                kind: None,
                at: policies.as_ref().map_or(resource.properties_site, |node| node.site),
            };
            let Some(Value::Array(entries)) = policies.map(|node| node.value) else {
                self.facts.callouts.push(unread);
                continue;
            };
            for entry in entries.iter() {
                let kind = present(entry, &["calloutType"]);
                let kind = kind.as_ref().and_then(Node::as_str).map(str::to_lowercase);
                self.facts.callouts.push(Callout { kind, at: entry.site });
            }
        }
    }

    /// The name at `index` of a name whose parts are parted by `/`.
    pub(super) fn parent_name(&self, name: &Node, index: usize) -> Option<Name> {
        let text = name.as_text()?;
        ResourceKey::new("", &text).names.into_iter().nth(index)
    }
}

/// The identities that a cluster's `identity` block gives it.
fn identities(body: &Node) -> (Option<bool>, UserIdentities) {
    let none = UserIdentities {
        complete: true,
        ..UserIdentities::default()
    };
    let identity = match body.property("identity") {
        Property::Absent => return (Some(false), none),
        Property::Present(node) => node,
        Property::Unknown(_) | Property::OneOf(_) => return (None, UserIdentities::default()),
    };
    let kind = present(&identity, &["type"]);
    let kind = kind.as_ref().and_then(Node::as_str).map(str::to_lowercase);
    let system = kind.as_deref().map(|kind| kind.contains("systemassigned"));
    let users = match identity.property("userAssignedIdentities") {
        Property::Absent => none,
        Property::Present(node) => listed(&node),
        Property::Unknown(_) | Property::OneOf(_) => UserIdentities::default(),
    };
    (system, users)
}

/// The identities that are the names of an object's members. One whose value is `null` is taken away.
pub(super) fn listed(node: &Node) -> UserIdentities {
    let members = node.members().iter();
    let kept = members.filter(|member| !matches!(member.node.value, Value::Null));
    let ids: Vec<_> = kept.map(|member| &member.name).collect();
    let keys = ids.iter().map(|id| Some((ResourceKey::of_id(id)?, group_of(id))));
    let (known, groups): (Vec<_>, Vec<_>) = keys.flatten().unzip();
    UserIdentities {
        complete: matches!(node.value, Value::Object(_)) && known.len() == ids.len(),
        known,
        groups,
    }
}

/// The resource group of an id; none where a word stands in for it.
pub(super) fn group_of(id: &MappedText) -> Option<String> {
    ResourceKey::group_of_id(&symbolic(id)).filter(|group| !is_placeholder(group))
}
