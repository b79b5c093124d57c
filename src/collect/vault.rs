//! Vaults and their keys.

use super::Collector;
use super::possible::{possible, present, read_bool, read_number, read_word, split_last};
use crate::arm::template::Resource;
use crate::arm::value::{Node, Value};
use crate::facts::{Key, Vault};

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
            when: resource.condition.clone(),
            recovers: mode
                .as_ref()
                .and_then(Node::as_str)
                .is_some_and(|mode| mode.eq_ignore_ascii_case("recover")),
            case: self.case,
        });
        self.vault_access(resource);
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
        let kind = possible(
            &resource.body,
            &["properties", "kty"],
            &resource.condition,
            resource.properties_site,
            &read_word,
        );
        let size = possible(
            &resource.body,
            &["properties", "keySize"],
            &resource.condition,
            resource.properties_site,
            &read_number,
        );
        self.facts.keys.push(Key {
            vault: self.name(&part(false)),
            name: self.name(&part(true)),
            at: resource.name_site,
            when: resource.condition.clone(),
            kind: relative(kind, resource),
            size: relative(size, resource),
            case: self.case,
        });
    }
}

/// Values under the condition that the resource is deployed: what is said of it presumes that it is there.
fn relative<T>(values: Vec<crate::facts::Possible<T>>, resource: &Resource) -> Vec<crate::facts::Possible<T>> {
    let mut values = values;
    for value in &mut values {
        value.when = value.when.without(&resource.condition);
    }
    values
}
