//! Role assignments and the storage accounts they are for, roles inside Cosmos DB, access policies of vaults.

use super::Collector;
use super::possible::{forms, possible, present, read_bool, reason, split_last};
use crate::arm::template::Resource;
use crate::arm::trail::Trail;
use crate::arm::value::{Condition, Node, Property};
use crate::diagnostic::Undecided;
use crate::facts::{
    Case, GrantScope, IdentityRef, Known, Name, Possible, ResourceKey, RoleAssignment, STORAGE_ACCOUNTS,
    StorageAccount, Wording,
};
use crate::text::{FileSpan, MappedText, Span};

/// The type of Cosmos DB accounts, in lower case.
const COSMOS_ACCOUNTS: &str = "microsoft.documentdb/databaseaccounts";

/// Types whose ids are scopes that hold resources of any type, in lower case.
const GROUPS: [&str; 3] = [
    "microsoft.management/managementgroups",
    "microsoft.resources/resourcegroups",
    "microsoft.resources/subscriptions",
];

impl Collector<'_> {
    /// A `Microsoft.Storage/storageAccounts`.
    pub(super) fn storage_account(&mut self, resource: &Resource) {
        let name = self.name(&resource.name);
        let path = ["properties", "allowSharedKeyAccess"];
        let shared_key = possible(
            &resource.body,
            &path,
            &resource.condition,
            resource.name_site,
            &read_bool,
        );
        self.facts.accounts.push(StorageAccount {
            name,
            shared_key,
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
        let kind = kind.as_ref().and_then(Node::as_str).unwrap_or("ServicePrincipal");
        let is = |wanted: &[&str]| wanted.iter().any(|wanted| kind.eq_ignore_ascii_case(wanted));
        // What a group gets, an identity gets that is in it; who is in it does not stand in files.
        let principal = if is(&["ServicePrincipal"]) {
            present(properties, &["principalId"]).and_then(|node| self.identity(&node))
        } else if is(&["Group", "ForeignGroup"]) {
            None
        } else {
            return;
        };
        if let Some(role) = self.assignment(when, properties, principal, (self.scope(resource), &resource.condition)) {
            self.facts.roles.push(role);
        }
    }

    /// What `properties` of a role assignment give to `principal`; nothing without a role.
    fn assignment(
        &self,
        when: &Condition,
        properties: &Node,
        principal: Option<IdentityRef>,
        (scope, deployed): (GrantScope, &Condition),
    ) -> Option<RoleAssignment> {
        let role = present(properties, &["roleDefinitionId"])?;
        let roles = role.alternatives().into_iter().filter_map(|(also, node)| {
            let when = when.and(&also)?;
            Some(Possible { when, ..role_id(&node) })
        });
        Some(RoleAssignment {
            principal,
            at: role.site,
            role: roles.collect(),
            scope,
            when: deployed.clone(),
            wording: self.wording,
            case: self.case,
        })
    }

    /// A `Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments`: a role inside of the account. One for a database
    /// or container of it counts for the whole account.
    pub(super) fn sql_role_assignment(&mut self, resource: &Resource) {
        let scope = GrantScope::Resource(ResourceKey {
            kind: COSMOS_ACCOUNTS.to_owned(),
            names: vec![self.owner_name(&resource.name, 0)],
        });
        for (when, properties) in forms(resource.body.property("properties")) {
            let role = properties.and_then(|properties| {
                let principal = present(&properties, &["principalId"]).and_then(|node| self.identity(&node));
                self.assignment(&when, &properties, principal, (scope.clone(), &resource.condition))
            });
            let untold = || {
                untold(
                    scope.clone(),
                    resource.properties_site,
                    "the role assignment is not known",
                    self.case,
                )
            };
            let role = role.unwrap_or_else(untold);
            self.facts.sql_roles.push(role);
        }
    }

    /// Adds a role assignment of which only its scope is known: it may give anything to anybody.
    fn untold_grant(&mut self, scope: GrantScope, at: FileSpan, reason: &str) {
        self.facts.roles.push(untold(scope, at, reason, self.case));
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
        let kind = owner.to_lowercase();
        let depth = kind.split('/').count().saturating_sub(1).max(1);
        let names = (0..depth).map(|index| self.owner_name(name, index)).collect();
        scope_of_resource(ResourceKey { kind, names })
    }

    /// The name at `index` of a name whose parts are parted by `/`; one that is not known if it has no such part.
    pub(super) fn owner_name(&self, name: &Node, index: usize) -> Name {
        let symbolic = || Name::symbolic(&format!("{} at {index}", name.canonical()), &self.shown(name));
        self.parent_name(name, index).unwrap_or_else(symbolic)
    }
}

/// A role assignment of which only its scope is known.
fn untold(scope: GrantScope, at: FileSpan, reason: &str, case: Case) -> RoleAssignment {
    RoleAssignment {
        principal: None,
        at,
        role: vec![Possible {
            when: Condition::default(),
            value: Known::Unknown(reason.to_owned()),
            site: at,
            origin: at,
            trail: Trail::default(),
        }],
        scope,
        when: Condition::default(),
        wording: Wording::default(),
        case,
    }
}

/// The scope that is a resource.
fn scope_of_resource(key: ResourceKey) -> GrantScope {
    if GROUPS.iter().any(|group| key.kind.starts_with(group)) {
        return GrantScope::Group;
    }
    if !key.kind.starts_with(STORAGE_ACCOUNTS) {
        return GrantScope::Resource(key);
    }
    let container = key.names.get(2).filter(|_| key.kind.ends_with("/containers")).cloned();
    match key.root() {
        Some(account) => GrantScope::Storage {
            account: account.clone(),
            container,
        },
        None => GrantScope::Unknown,
    }
}

/// The scope that an id names.
fn scope_of_id(id: &MappedText) -> GrantScope {
    match ResourceKey::of_id(id) {
        Some(key) => scope_of_resource(key),
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
