//! Fixes that add members to the objects of templates, words to their lists, and take members out.

use kustolint::diagnostic::Applicability;

use super::{all_fixed, input, offered, text_of};

/// A template of these resources.
fn template(resources: &str) -> String {
    format!(
        r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0","resources":[{resources}]}}"#
    )
}

/// A cluster with these members beside its name, and its `keyVaultProperties`.
fn cluster(members: &str, keys: &str) -> String {
    template(&format!(
        r#"{{"type":"Microsoft.Kusto/clusters","apiVersion":"2024-04-13","name":"adxweir","sku":{{"name":"Standard_E8ads_v5","tier":"Standard"}},{members}"properties":{{"keyVaultProperties":{keys}}}}}"#
    ))
}

const SYSTEM: &str = r#""identity":{"type":"SystemAssigned"},"#;

const USER: &str = "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id-weir')]";

/// What the fixes make of a template.
fn made_of(text: &str) -> String {
    text_of(&all_fixed(vec![input("main.json", text.as_bytes())]))
}

#[test]
fn members_are_added_as_the_object_is_written() {
    let vault = |properties: &str| {
        let vault = r#"{"type":"Microsoft.KeyVault/vaults","apiVersion":"2023-07-01","name":"kv-weir","properties":"#;
        template(&format!("{vault}{properties}}}"))
    };
    let new = r#""enablePurgeProtection": true"#;
    for (from, to) in [
        ("{}".to_owned(), format!("{{ {new} }}")),
        ("{ }".to_owned(), format!("{{ {new} }}")),
        ("{ // empty\n}".to_owned(), format!("{{ {new} // empty\n}}")),
        (
            "{\"createMode\":\"default\"}".to_owned(),
            format!("{{\"createMode\":\"default\", {new}}}"),
        ),
        (
            "{\r\n\t\"createMode\": \"default\" // made once\r\n}".to_owned(),
            format!("{{\r\n\t\"createMode\": \"default\",\r\n\t{new} // made once\r\n}}"),
        ),
        (
            "{\n  \"createMode\": \"default\",\n}".to_owned(),
            format!("{{\n  \"createMode\": \"default\",\n  {new},\n}}"),
        ),
    ] {
        assert_eq!(made_of(&vault(&from)), vault(&to), "{from}");
    }
    // A member that is `null` gets the value, and no second one beside it.
    assert_eq!(
        made_of(&vault(r#"{"enablepurgeprotection":null}"#)),
        vault(r#"{"enablepurgeprotection":true}"#)
    );
    for known in [
        r#"{"enablePurgeProtection":"[null()]"}"#,
        "\"[createObject('createMode', 'default')]\"",
    ] {
        assert_eq!(made_of(&vault(known)), vault(known), "{known}");
    }
}

#[test]
fn two_members_go_into_one_object() {
    let text = template(
        r#"{"type":"Microsoft.KeyVault/vaults","apiVersion":"2023-07-01","name":"kv-weir","properties":{"createMode":"default"}},
        {"type":"Microsoft.Kusto/clusters","apiVersion":"2024-04-13","name":"adxweir","properties":{"keyVaultProperties":{"keyVaultUri":"https://kv-weir.vault.azure.net","keyName":"gate"}}}"#,
    );
    let made = made_of(&text);
    let (soft, purge) = (r#""enableSoftDelete": true"#, r#""enablePurgeProtection": true"#);
    assert!(made.contains(soft) && made.contains(purge), "{made}");
}

#[test]
fn an_identity_is_the_one_that_reads_the_key() {
    let keys = r#"{"keyVaultUri":"https://kv-weir.vault.azure.net","keyName":"gate"}"#;
    let identity = r#""identity": { "type": "SystemAssigned" }, "#;
    assert_eq!(made_of(&cluster("", keys)), cluster(identity, keys));
    let none = r#""identity":{"type":"None"},"#;
    assert_eq!(made_of(&cluster(none, keys)), cluster(SYSTEM, keys));
    let by_user = keys.replace('}', &format!(r#","userIdentity":"{USER}"}}"#));
    let identity =
        format!(r#""identity": {{ "type": "UserAssigned", "userAssignedIdentities": {{ "{USER}": {{}} }} }}, "#);
    assert_eq!(made_of(&cluster("", &by_user)), cluster(&identity, &by_user));
    let both = format!(
        r#""identity":{{"type":"SystemAssigned, UserAssigned", "userAssignedIdentities": {{ "{USER}": {{}} }}}},"#
    );
    assert_eq!(made_of(&cluster(SYSTEM, &by_user)), cluster(&both, &by_user));
}

#[test]
fn the_version_of_a_key_goes_with_one_comma() {
    let version = r#""keyVersion":"5f0c8d1e4a7b4c6e9f2a3b5d7e9f1a2b""#;
    let (uri, name) = (
        r#""keyVaultUri":"https://kv-weir.vault.azure.net""#,
        r#""keyName":"gate""#,
    );
    let keys = |text: String| cluster(SYSTEM, &format!("{{{text}}}"));
    for (from, to) in [
        (format!("{uri},{name},{version}"), format!("{uri},{name}")),
        (format!("{uri}, {version}, {name}"), format!("{uri}, {name}")),
        (format!("{version}, {uri}, {name}"), format!("{uri}, {name}")),
        (format!("{uri},{name},{version},"), format!("{uri},{name},")),
        (
            format!("{uri}, // vault\n{version},\n{name}"),
            format!("{uri}, // vault\n{name}"),
        ),
        (
            format!("{uri}, {name}, // key\n{version}"),
            format!("{uri}, {name}, // key\n{version}"),
        ),
    ] {
        assert_eq!(made_of(&keys(from.clone())), keys(to), "{from}");
    }
    let old = keys(format!("{uri},{name},{version}")).replace("2024-04-13", "2019-09-07");
    assert_eq!(made_of(&old), old, "this version asks for one");
}

#[test]
fn addresses_and_names_are_cut_to_what_they_are_meant_to_be() {
    let version = "5f0c8d1e4a7b4c6e9f2a3b5d7e9f1a2b";
    let whole = format!("https://kv-weir.vault.azure.net/keys/gate/{version}");
    let address = "https://kv-weir.vault.azure.net/";
    let keys = |uri: &str, name: &str| cluster(SYSTEM, &format!(r#"{{"keyVaultUri":"{uri}","keyName":"{name}"}}"#));
    let computed = "[concat('https://', resourceGroup().name, '.vault.azure.net/keys/gate')]";
    for ((uri, name), (right, own)) in [
        ((whole.as_str(), "gate"), (address, "gate")),
        ((&whole, &whole), (address, "gate")),
        ((&whole, "other"), (&whole, "other")),
        ((&whole, "[resourceGroup().name]"), (&whole, "[resourceGroup().name]")),
        ((computed, "gate"), (&computed.replace("keys/gate", ""), "gate")),
        ((address, &format!("gate/{version}")), (address, "gate")),
        ((address, "kv-weir/gate"), (address, "kv-weir/gate")),
        (("kv-weir", "gate"), ("kv-weir", "gate")),
    ] {
        assert_eq!(made_of(&keys(uri, name)), keys(right, own), "{uri} {name}");
    }
}

#[test]
fn words_are_added_to_lists_only() {
    let vault = |permissions: &str| {
        template(&format!(
            r#"{{"type":"Microsoft.KeyVault/vaults","apiVersion":"2023-07-01","name":"kv-weir","properties":{{"enableSoftDelete":true,"enablePurgeProtection":true,"enableRbacAuthorization":false,"accessPolicies":[{{"objectId":"[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id-weir'),'2023-01-31').principalId]",{permissions}}}]}}}},
            {{"type":"Microsoft.Kusto/clusters","apiVersion":"2024-04-13","name":"adxweir","identity":{{"type":"UserAssigned","userAssignedIdentities":{{"{USER}":{{}}}}}},"properties":{{"keyVaultProperties":{{"keyVaultUri":"https://kv-weir.vault.azure.net","keyName":"gate","userIdentity":"{USER}"}}}}}}"#
        ))
    };
    for (from, to) in [
        (
            r#""permissions":{"keys":["get"]}"#,
            r#""permissions":{"keys":["get", "wrapKey", "unwrapKey"]}"#,
        ),
        (
            r#""permissions":{"keys":[]}"#,
            r#""permissions":{"keys":[ "get", "wrapKey", "unwrapKey" ]}"#,
        ),
        (
            "\"permissions\":{\"keys\":[\n \"get\",\n \"wrapKey\"\n]}",
            "\"permissions\":{\"keys\":[\n \"get\",\n \"wrapKey\",\n \"unwrapKey\"\n]}",
        ),
        (r#""permissions":{}"#, r#""permissions":{}"#),
        (
            r#""permissions":{"keys":"[createArray('get')]"}"#,
            r#""permissions":{"keys":"[createArray('get')]"}"#,
        ),
    ] {
        let files = vec![input("main.json", vault(from).as_bytes())];
        let fix = (from != to).then_some(Applicability::Unsafe);
        assert_eq!(offered("missing-cmk-key-grant", files), fix, "{from}");
        assert_eq!(made_of(&vault(from)), vault(to), "{from}");
    }
}

#[test]
fn nothing_is_added_where_the_template_is_used_from_elsewhere() {
    let vault = r#"{"type":"Microsoft.KeyVault/vaults","apiVersion":"2023-07-01","name":"kv-weir","properties":{"createMode":"default"}}"#;
    let deployed = |inside: &str| {
        template(&format!(
            r#"{{"type":"Microsoft.Resources/deployments","apiVersion":"2022-09-01","name":"vault","properties":{{"mode":"Incremental",{inside}}}}}"#
        ))
    };
    let nested = deployed(&format!(r#""template":{}"#, template(vault)));
    let mended = nested.replace(
        r#""createMode":"default""#,
        r#""createMode":"default", "enablePurgeProtection": true"#,
    );
    assert_eq!(made_of(&nested), mended, "a nested template stands in the file itself");
    let linked = deployed(r#""templateLink":{"relativePath":"vault.json"}"#);
    let files = vec![
        input("main.json", linked.as_bytes()),
        input("vault.json", template(vault).as_bytes()),
    ];
    assert_eq!(offered("missing-purge-protection", files), None);
}

#[test]
fn a_vault_with_both_kinds_of_grants_is_not_switched() {
    let identity = "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id-weir'),'2023-01-31').principalId]";
    let vault = |roles: &str| {
        template(&format!(
            r#"{{"type":"Microsoft.KeyVault/vaults","apiVersion":"2023-07-01","name":"kv-weir","properties":{{"enableSoftDelete":true,"enablePurgeProtection":true,"enableRbacAuthorization":true,"accessPolicies":[{{"objectId":"{identity}","permissions":{{"keys":["get","wrapKey","unwrapKey"]}}}}]}}}}{roles}"#
        ))
    };
    let role = format!(
        r#",{{"type":"Microsoft.Authorization/roleAssignments","apiVersion":"2022-04-01","name":"[guid('a')]","scope":"[resourceId('Microsoft.KeyVault/vaults','kv-weir')]","properties":{{"principalId":"{identity}","roleDefinitionId":"[subscriptionResourceId('Microsoft.Authorization/roleDefinitions','e147488a-f6f5-4113-8e2d-b22465e65bf6')]"}}}}"#
    );
    for (roles, fix) in [("", Some(Applicability::Unsafe)), (role.as_str(), None)] {
        let files = vec![input("main.json", vault(roles).as_bytes())];
        assert_eq!(offered("ineffective-key-vault-grant", files), fix, "{roles}");
    }
}
