//! Vaults and their keys.

use super::Collector;
use super::encryption::versions;
use super::possible::{possible, present, read_bool, read_number, read_word, read_words, relative, split_last};
use crate::arm::template::Resource;
use crate::arm::value::{Node, Value};
use crate::facts::{Key, Known, Possible, Vault};

impl Collector<'_> {
    /// A `Microsoft.KeyVault/vaults`.
    pub(super) fn vault(&mut self, resource: &Resource) {
        let setting = |name: &str| {
            let path = ["properties", name];
            possible(
                &resource.body,
                &path,
                &resource.condition,
                resource.properties_site,
                &read_bool,
            )
        };
        let mode = present(&resource.body, &["properties", "createMode"]);
        self.facts.vaults.push(Vault {
            name: self.name(&resource.name),
            at: resource.name_site,
            properties_at: resource.properties_site,
            soft_delete: relative(setting("enableSoftDelete"), resource),
            purge_protection: relative(setting("enablePurgeProtection"), resource),
            roles_only: relative(setting("enableRbacAuthorization"), resource),
            version: versions(resource),
            location: self.locations(resource),
            when: resource.condition.clone(),
            recovers: mode
                .as_ref()
                .and_then(Node::as_str)
                .is_some_and(|mode| mode.eq_ignore_ascii_case("recover")),
            wording: self.wording,
            case: self.case,
        });
        self.opened(resource.properties_site);
        self.vault_access(resource, true);
    }

    /// A `Microsoft.KeyVault/vaults/keys`.
    pub(super) fn key(&mut self, resource: &Resource) {
        let part = |last: bool| {
            let parts = resource.name.alternatives().into_iter().filter_map(|(when, name)| {
                let (before, after) = split_last(&name.as_text()?);
                let text = if last { after } else { before };
                Some((when, Node::written(Value::text(text), name.site)))
            });
            Node::one_of(parts.collect(), resource.name_site)
        };
        fn values<T>(resource: &Resource, path: &[&str], read: &dyn Fn(&Node) -> Known<T>) -> Vec<Possible<T>> {
            let path = [&["properties"], path].concat();
            let found = possible(
                &resource.body,
                &path,
                &resource.condition,
                resource.properties_site,
                read,
            );
            relative(found, resource)
        }
        let operations = values(resource, &["keyOps"], &read_words);
        operations.iter().for_each(|list| self.opened(list.site));
        self.facts.keys.push(Key {
            vault: self.name(&part(false)),
            name: self.name(&part(true)),
            at: resource.name_site,
            when: resource.condition.clone(),
            kind: values(resource, &["kty"], &read_word),
            size: values(resource, &["keySize"], &read_number),
            operations,
            enabled: values(resource, &["attributes", "enabled"], &read_bool),
            expires: values(resource, &["attributes", "exp"], &read_number),
            wording: self.wording,
            case: self.case,
        });
    }
}
