//! Access policies of vaults.

use super::Collector;
use super::possible::{forms, possible, present, read_words};
use crate::arm::template::Resource;
use crate::arm::value::{Node, Property, Value};
use crate::facts::{Condition, Known, Name, VaultAccess};
use crate::text::FileSpan;

impl Collector<'_> {
    /// The `accessPolicies` of a vault, in its own `properties` or in those of a child. What can't be read may give
    /// anything to anybody.
    pub(super) fn vault_access(&mut self, resource: &Resource, own: bool) {
        let vault = self.owner_name(&resource.name, 0);
        let action = self.parent_name(&resource.name, 1).filter(|_| !own);
        if action.is_some_and(|action| action.is(&Name::literal("remove"))) {
            return;
        }
        let mut found = Vec::new();
        for (when, properties) in forms(resource.body.property("properties")) {
            let Some(when) = when.and(&resource.condition) else {
                continue;
            };
            let lists = properties.map_or_else(
                || vec![(Condition::default(), None)],
                |properties| forms(properties.property("accessPolicies")),
            );
            for (also, list) in lists {
                if let Some(when) = when.and(&also) {
                    let list = list.ok_or(resource.properties_site);
                    found.extend(self.policy_list(&vault, list, &when, own));
                }
            }
        }
        found.iter().for_each(|access: &VaultAccess| self.opened(access.at));
        self.facts.vault_access.extend(found);
    }

    /// What one list of entries gives; the place of one that is not known.
    fn policy_list(&self, vault: &Name, list: Result<Node, FileSpan>, when: &Condition, own: bool) -> Vec<VaultAccess> {
        let untold = |at: FileSpan, when: Condition| VaultAccess {
            vault: vault.clone(),
            principal: None,
            keys: Known::Unknown("the access policies are not known".to_owned()),
            at,
            when,
            own,
            wording: self.wording,
            case: self.case,
        };
        let list = match list {
            Ok(list) => list,
            Err(at) => return vec![untold(at, when.clone())],
        };
        let Value::Array(entries) = &list.value else {
            return vec![untold(list.site, when.clone())];
        };
        let mut found = Vec::new();
        for (also, entry) in entries.iter().flat_map(Node::alternatives) {
            match (when.and(&also), &entry.value) {
                (Some(when), Value::Object(_)) => found.extend(self.policy_entry(vault, &entry, &when, own)),
                (Some(when), _) => found.push(untold(entry.site, when)),
                (None, _) => {}
            }
        }
        found
    }

    /// What one entry gives, for each list of permissions that it may have.
    fn policy_entry(&self, vault: &Name, entry: &Node, when: &Condition, own: bool) -> Vec<VaultAccess> {
        // An entry for an application on behalf of somebody gives the identity nothing by itself.
        let of_application = !matches!(entry.property("applicationId"), Property::Absent);
        let principal = present(entry, &["objectId"]).filter(|_| !of_application);
        let principal = principal.and_then(|node| self.identity(&node));
        let keys = possible(entry, &["permissions", "keys"], when, entry.site, &read_words);
        let access = keys.into_iter().map(|keys| VaultAccess {
            vault: vault.clone(),
            principal: principal.clone(),
            keys: match keys.value {
                Known::Absent => Known::Value(Vec::new()),
                known => known,
            },
            at: keys.site,
            when: keys.when,
            own,
            wording: self.wording,
            case: self.case,
        });
        access.collect()
    }
}
