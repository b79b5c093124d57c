//! Roles in clusters and databases that a template gives.

use super::Collector;
use super::possible::{forms, present};
use crate::arm::template::Resource;
use crate::arm::value::{Condition, Node};
use crate::facts::{KustoGrant, Setting};

impl Collector<'_> {
    /// A `principalAssignments` of a `Microsoft.Kusto/clusters` or of a database of one.
    pub(super) fn principal_assignment(&mut self, resource: &Resource) {
        for (when, properties) in forms(resource.body.property("properties")) {
            if let Some(when) = when.and(&resource.condition) {
                self.kusto_grant(resource, properties.as_ref(), &when);
            }
        }
    }

    /// What one form of the resource's properties gives; of one that is not known, any role to anybody.
    fn kusto_grant(&mut self, resource: &Resource, properties: Option<&Node>, when: &Condition) {
        let property = |name: &str| properties.and_then(|node| present(node, &[name]));
        let kind = property("principalType");
        let kind = kind.as_ref().and_then(Node::as_str).map(str::to_lowercase);
        // A user is no identity; that there is a grant says that the files give roles.
        let is_user = kind.as_deref() == Some("user");
        let principal = property("principalId").filter(|_| kind.as_deref() == Some("app"));
        let principal = principal.and_then(|node| self.identity(&node));
        let of_cluster = resource.kind.split('/').count() < 4;
        let script = self.next_script();
        let roles = property("role").map_or_else(
            || vec![(Condition::default(), None)],
            |role| {
                role.alternatives()
                    .into_iter()
                    .map(|(also, role)| (also, Some(role)))
                    .collect()
            },
        );
        for (also, role) in roles {
            let Some(when) = when.and(&also) else { continue };
            let role = role.as_ref().and_then(Node::as_str).unwrap_or_default().trim();
            let database = self.parent_name(&resource.name, 1).filter(|_| !of_cluster);
            self.facts.kusto_grants.push(KustoGrant {
                database: database.clone(),
                of_cluster,
                role: role.trim_end_matches('s').to_lowercase(),
                others: principal.is_none() && !is_user,
                principals: principal.clone().into_iter().collect(),
                at: resource.name_site,
                setting: Setting {
                    cluster: self.parent_name(&resource.name, 0),
                    database,
                    script,
                    order: 0,
                    when,
                },
            });
        }
    }
}
