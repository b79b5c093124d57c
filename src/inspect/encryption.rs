//! Clusters, vaults, keys and who may use them in the view of the facts.

use serde_json::{Value, json};

use super::connections::given;
use super::facts::{identity, possible, resource};
use super::location;
use crate::facts::{Cluster, ClusterKey, IdentityBlock, Key, Known, Name, Vault, VaultAccess};
use crate::text::Sources;

pub(super) fn cluster(cluster: &Cluster, sources: &Sources) -> Value {
    let block = |block: &IdentityBlock| {
        json!({
            "type": possible(std::slice::from_ref(&block.kind), sources, |kind| json!(kind)),
            "userIdentities": block.users.known.iter().map(resource).collect::<Vec<_>>(),
            "removed": block.removed.iter().map(|removed| removed.name.to_string()).collect::<Vec<_>>(),
        })
    };
    json!({
        "name": cluster.resource.own().map(Name::to_string),
        "systemIdentity": cluster.system_identity,
        "userIdentities": cluster.users.known.iter().map(resource).collect::<Vec<_>>(),
        "userIdentitiesComplete": cluster.users.complete,
        "identity": cluster.identity.iter().map(block).collect::<Vec<_>>(),
        "creates": cluster.creates,
        "apiVersion": possible(&cluster.version, sources, |version| json!(version.to_string())),
        "region": possible(&cluster.location, sources, |region| json!(region.to_string())),
        "keys": cluster.keys.iter().map(|key| cluster_key(key, sources)).collect::<Vec<_>>(),
    })
}

fn cluster_key(key: &ClusterKey, sources: &Sources) -> Value {
    json!({
        "vault": key.vault.as_ref().map(Name::to_string),
        "key": key.key.as_ref().map(Name::to_string),
        "database": key.of_database.as_ref().map(|database| database.name.to_string()),
        "keyVersion": possible(&key.version, sources, |version| json!(version)),
        "identities": given(&key.identities, sources),
        "flaws": possible(&key.flaws, sources, |flaw| json!(format!("{flaw:?}"))),
        "location": location(key.at, sources),
    })
}

pub(super) fn vault(vault: &Vault, sources: &Sources) -> Value {
    json!({
        "name": vault.name.to_string(),
        "enableSoftDelete": possible(&vault.soft_delete, sources, |value| json!(value)),
        "enablePurgeProtection": possible(&vault.purge_protection, sources, |value| json!(value)),
        "enableRbacAuthorization": possible(&vault.roles_only, sources, |value| json!(value)),
        "apiVersion": possible(&vault.version, sources, |version| json!(version.to_string())),
        "region": possible(&vault.location, sources, |region| json!(region.to_string())),
        "recovers": vault.recovers,
    })
}

pub(super) fn key(key: &Key, sources: &Sources) -> Value {
    json!({
        "vault": key.vault.to_string(),
        "name": key.name.to_string(),
        "kty": possible(&key.kind, sources, |value| json!(value)),
        "keySize": possible(&key.size, sources, |value| json!(value)),
        "keyOps": possible(&key.operations, sources, |value| json!(value)),
        "enabled": possible(&key.enabled, sources, |value| json!(value)),
        "expires": possible(&key.expires, sources, |value| json!(value)),
    })
}

pub(super) fn access(access: &VaultAccess) -> Value {
    json!({
        "vault": access.vault.to_string(),
        "principal": access.principal.as_ref().map(identity),
        "keys": match &access.keys {
            Known::Value(words) => json!(words),
            Known::Absent => Value::Null,
            Known::Unknown(why) => json!({ "$unknown": why }),
        },
        "own": access.own,
        "when": access.when.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use crate::engine::Input;

    #[test]
    fn what_decides_whether_a_key_works_is_listed() {
        let text = r#"{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","resources":[
            {"type":"Microsoft.KeyVault/vaults","apiVersion":"2026-02-01","name":"kv","location":"West Europe","properties":{
                "accessPolicies":[{"objectId":"<id>","permissions":{"keys":["Get"]}},"[reference('x').entry]"]}},
            {"type":"Microsoft.KeyVault/vaults/keys","apiVersion":"2026-02-01","name":"kv/k","properties":{
                "keyOps":["wrapKey"],"attributes":{"enabled":false,"exp":5}}},
            {"type":"Microsoft.Kusto/clusters","apiVersion":"2024-04-13","name":"adx","sku":{},
                "identity":{"type":"SystemAssigned, UserAssigned","userAssignedIdentities":{"Microsoft.ManagedIdentity/userAssignedIdentities/id-old":null}},
                "properties":{"keyVaultProperties":{"keyVaultUri":"http://kv.vault.azure.net","keyName":"k","keyVersion":"1"}}}]}"#;
        let input = Input {
            path: "a.json".to_owned(),
            bytes: Ok(text.as_bytes().to_vec()),
            named: true,
            reported: true,
        };
        let facts = super::super::facts::view(vec![input], &crate::config::Config::default());
        let shown = |name: &str, path: &str| {
            let fact = facts.iter().find(|fact| fact["fact"] == name);
            let value = fact.and_then(|fact| fact.pointer(path));
            value.map(ToString::to_string).unwrap_or_default()
        };
        for (fact, path, wanted) in [
            ("vault", "/enableRbacAuthorization/0/value", "null"),
            ("vault", "/apiVersion/0/value", "\"2026-02-01\""),
            ("vault", "/region/0/value", "\"westeurope\""),
            ("vault-access", "/keys", "[\"get\"]"),
            ("vault-access", "/own", "true"),
            ("key", "/keyOps/0/value", "[\"wrapkey\"]"),
            ("key", "/enabled/0/value", "false"),
            ("key", "/expires/0/value", "5"),
            ("cluster", "/creates", "true"),
            ("cluster", "/userIdentities", "[]"),
            ("cluster", "/identity/0/type/0/value", "\"systemassigned,userassigned\""),
            ("cluster", "/identity/0/removed/0", "\"id-old\""),
            ("cluster", "/keys/0/flaws/0/value", "\"Insecure\""),
            ("cluster", "/keys/0/keyVersion/0/value", "\"1\""),
            ("cluster", "/keys/0/identities/0/absent", "true"),
        ] {
            assert_eq!(shown(fact, path), wanted, "{fact} {path}");
        }
        let untold = facts.iter().filter(|fact| fact["fact"] == "vault-access");
        assert!(untold.into_iter().any(|fact| fact["principal"].is_null()));
    }
}
