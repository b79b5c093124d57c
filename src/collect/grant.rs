//! Role assignments and the storage accounts they are for.

use super::Collector;
use super::possible::{forms, present, reason, split_last};
use crate::arm::template::Resource;
use crate::arm::trail::Trail;
use crate::arm::value::{Condition, Node, Property};
use crate::diagnostic::Undecided;
use crate::facts::{GrantScope, Known, Possible, ResourceKey, RoleAssignment, StorageAccount};
use crate::text::{FileSpan, MappedText, Span};

/// The type of storage accounts, in lower case.
const ACCOUNTS: &str = "microsoft.storage/storageaccounts";

impl Collector<'_> {
    /// A `Microsoft.Storage/storageAccounts`.
    pub(super) fn storage_account(&mut self, resource: &Resource) {
        let name = self.name(&resource.name);
        self.facts.accounts.push(StorageAccount {
            name,
            at: resource.name_site,
            case: self.case,
        });
    }

    /// A role assignment, in any of the forms in which its scope is written.
    pub(super) fn role_assignment(&mut self, resource: &Resource) {
        for (when, properties) in forms(resource.body.property("properties")) {
            match properties {
                Some(properties) => self.grant(resource, &when, &properties),
                None => self.untold_grant(
                    self.scope(resource),
                    resource.properties_site,
                    "the role assignment is not known",
                ),
            }
        }
    }

    fn grant(&mut self, resource: &Resource, when: &Condition, properties: &Node) {
        let kind = present(properties, &["principalType"]);
        let is_identity = kind
            .as_ref()
            .and_then(Node::as_str)
            .is_none_or(|kind| kind.eq_ignore_ascii_case("ServicePrincipal"));
        let Some(role) = present(properties, &["roleDefinitionId"]).filter(|_| is_identity) else {
            return;
        };
        let principal = present(properties, &["principalId"]).and_then(|node| self.identity(&node));
        let roles = role.alternatives().into_iter().filter_map(|(also, node)| {
            let when = when.and(&also)?;
            Some(Possible { when, ..role_id(&node) })
        });
        self.facts.roles.push(RoleAssignment {
            principal,
            at: role.site,
            role: roles.collect(),
            scope: self.scope(resource),
            case: self.case,
        });
    }

    /// A role assignment of which only its scope is known: it may give anything to anybody.
    fn untold_grant(&mut self, scope: GrantScope, at: FileSpan, reason: &str) {
        let value = Known::Unknown(reason.to_owned());
        self.facts.roles.push(RoleAssignment {
            principal: None,
            at,
            role: vec![Possible {
                when: Condition::default(),
                value,
                site: at,
                origin: at,
                trail: Trail::default(),
            }],
            scope,
            case: self.case,
        });
    }

    /// A `Microsoft.Resources/deployments` whose template stands in another place: what it deploys is not read.
    pub(super) fn linked_deployment(&mut self, resource: &Resource) {
        let Some((at, why)) = &resource.unread else {
            return;
        };
        let reason = format!("the template of this deployment was not followed: {why}");
        self.untold_grant(GrantScope::Unknown, *at, &reason);
        self.facts.undecided.push(Undecided { at: *at, reason });
    }

    fn scope(&self, resource: &Resource) -> GrantScope {
        match resource.body.property("scope") {
            Property::Present(node) => match node.as_text() {
                Some(text) => scope_of_id(&text),
                None => GrantScope::Unknown,
            },
            Property::Absent => match (resource.kind.to_lowercase().split_once("/providers/"), &resource.parent) {
                (Some((owner, _)), _) => self.scope_of_owner(owner, &resource.name),
                (None, Some((owner, name))) => self.scope_of_owner(owner, name),
                (None, None) => GrantScope::Group,
            },
            Property::Unknown(_) | Property::OneOf(_) => GrantScope::Unknown,
        }
    }

    /// The scope that is the resource of a type; `name` starts with its names.
    fn scope_of_owner(&self, owner: &str, name: &Node) -> GrantScope {
        let owner = owner.to_lowercase();
        if !owner.starts_with(ACCOUNTS) {
            return GrantScope::OtherResource;
        }
        let Some(account) = self.parent_name(name, 0) else {
            return GrantScope::Unknown;
        };
        let container = if owner.ends_with("/containers") {
            self.parent_name(name, 2)
        } else {
            None
        };
        GrantScope::Storage { account, container }
    }
}

/// The scope that an id names.
fn scope_of_id(id: &MappedText) -> GrantScope {
    match ResourceKey::of_id(id) {
        Some(key) if key.kind.starts_with(ACCOUNTS) => {
            let container = if key.kind.ends_with("/containers") {
                key.names.get(2).cloned()
            } else {
                None
            };
            match key.root() {
                Some(account) => GrantScope::Storage {
                    account: account.clone(),
                    container,
                },
                None => GrantScope::Unknown,
            }
        }
        Some(key) if key.kind.starts_with("microsoft.management/managementgroups") => GrantScope::Group,
        Some(_) => GrantScope::OtherResource,
        None if is_group(id) => GrantScope::Group,
        None => GrantScope::Unknown,
    }
}

/// Whether an id is that of a subscription or resource group, or `/`.
fn is_group(id: &MappedText) -> bool {
    let text = id.as_str().to_lowercase();
    text == "/"
        || text.starts_with("/subscriptions/")
        || id.sole_hole().is_some_and(|symbol| {
            symbol.key().starts_with("expression resourcegroup().id")
                || symbol.key().starts_with("expression subscription().id")
        })
}

/// The id of the role definition that a value ends in, and where that id is written.
fn role_id(node: &Node) -> Possible<String> {
    let unknown = |reason: String| Possible {
        when: Condition::default(),
        value: Known::Unknown(reason),
        site: node.site,
        origin: node.origin,
        trail: node.trail.clone(),
    };
    let Some(text) = node.as_text() else {
        return unknown(reason(node));
    };
    let (before, id) = split_last(&text);
    let Some(word) = id.known().map(str::to_lowercase) else {
        return unknown(reason(node));
    };
    let from = if before.is_empty() { 0 } else { before.len() + 1 };
    let origin = text.source(Span::new(from, text.len())).unwrap_or(node.origin);
    Possible {
        when: Condition::default(),
        value: Known::Value(word),
        site: node.site,
        origin,
        trail: node.trail.clone(),
    }
}
