//! Clusters: their identities and their customer-managed keys.

use super::Collector;
use super::possible::{forms, present};
use crate::arm::template::Resource;
use crate::arm::value::{Node, Property, Value};
use crate::facts::{Callout, Cluster, ClusterKey, Condition, Name, ResourceKey, UserIdentities};
use crate::text::{FileSpan, MappedText, Span, Symbol};

impl Collector<'_> {
    /// A `Microsoft.Kusto/clusters`.
    pub(super) fn cluster(&mut self, resource: &Resource) {
        let (system_identity, users) = identities(&resource.body);
        let keys = self.cluster_keys(resource);
        self.cluster_callouts(resource);
        self.facts.clusters.push(Cluster {
            resource: ResourceKey {
                kind: "microsoft.kusto/clusters".to_owned(),
                names: vec![self.name(&resource.name)],
            },
            at: resource.name_site,
            identity_at: present(&resource.body, &["identity", "type"]).map_or(resource.name_site, |kind| kind.site),
            system_identity,
            users,
            keys,
            case: self.case,
        });
    }

    /// A `Microsoft.Kusto/clusters/databases`: a key of its own encrypts with the cluster's identity, so it
    /// counts as one of the cluster's.
    pub(super) fn database(&mut self, resource: &Resource) {
        let keys = self.cluster_keys(resource);
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
                keys,
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

    /// The keys that `properties.keyVaultProperties` names, one for each form that it may have.
    fn cluster_keys(&self, resource: &Resource) -> Vec<ClusterKey> {
        let Some(properties) = present(&resource.body, &["properties"]) else {
            return Vec::new();
        };
        let forms = forms(properties.property("keyVaultProperties")).into_iter();
        forms
            .filter_map(|(when, form)| self.cluster_key(&form?, when.and(&resource.condition)?))
            .collect()
    }

    fn cluster_key(&self, form: &Node, when: Condition) -> Option<ClusterKey> {
        let given = |name: &str| match form.property(name) {
            Property::Present(node) if node.as_str().is_none_or(|text| !text.trim().is_empty()) => Some(node),
            _ => None,
        };
        let (uri, key) = (given("keyVaultUri"), given("keyName"));
        if uri.is_none() && key.is_none() {
            return None;
        }
        let at = uri.as_ref().or(key.as_ref()).map_or(form.site, |node| node.site);
        let vault = uri.and_then(|uri| self.vault_of(&uri));
        let key = key
            .filter(|key| !matches!(key.value, Value::Unknown(_)))
            .map(|key| self.name(&key));
        Some(ClusterKey { vault, key, at, when })
    }

    /// The name of the vault that a URI means, per alternative of it.
    fn vault_of(&self, uri: &Node) -> Option<Name> {
        let mut names = Vec::new();
        for (when, uri) in uri.alternatives() {
            let text = match &uri.value {
                Value::Unknown(unknown) => {
                    named_by_reference(&unknown.symbol, "microsoft.keyvault/vaults", "vaultUri", uri.site)?
                }
                _ => vault_of_uri(&uri.as_text()?)?,
            };
            names.push((when, Node::written(Value::text(text), uri.site)));
        }
        Some(self.name(&Node::one_of(names, uri.site)))
    }
}

/// The name of the resource of a type, in lower case, of which a reference reads a property.
pub(super) fn named_by_reference(symbol: &Symbol, kind: &str, property: &str, at: FileSpan) -> Option<MappedText> {
    let Symbol::Reference { resource, path, .. } = symbol else {
        return None;
    };
    let id = MappedText::of_canonical(resource, at);
    let is_wanted = ResourceKey::of_id(&id).is_some_and(|key| key.kind == kind);
    let reads_it = path.last().is_some_and(|step| step.eq_ignore_ascii_case(property));
    (is_wanted && reads_it).then(|| super::possible::split_last(&id).1)
}

/// The first label of the host of a URI: `kv` of `https://kv.vault.azure.net/`.
fn vault_of_uri(uri: &MappedText) -> Option<MappedText> {
    let text = uri.as_str();
    let start = text.find("://")? + 3;
    let rest = text.get(start..)?;
    let end = start + rest.find(['.', '/'])?;
    (end > start).then(|| uri.part(Span::of(start, end)))
}

/// The identities that a cluster's `identity` block gives it.
fn identities(body: &Node) -> (Option<bool>, UserIdentities) {
    let none = UserIdentities {
        known: Vec::new(),
        complete: true,
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
        Property::Present(node) => {
            let keys: Vec<_> = node
                .members()
                .iter()
                .map(|member| ResourceKey::of_id(&member.name))
                .collect();
            let complete = matches!(node.value, Value::Object(_)) && keys.iter().all(Option::is_some);
            UserIdentities {
                known: keys.into_iter().flatten().collect(),
                complete,
            }
        }
        Property::Unknown(_) | Property::OneOf(_) => UserIdentities::default(),
    };
    (system, users)
}
