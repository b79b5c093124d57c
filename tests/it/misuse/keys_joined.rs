//! Customer-managed keys over several resources, templates and conditions: what is joined, and what is not.

use super::found;
use super::keys::{IDENTITY, SOUND, with};

const SCHEMA: &str = r#"{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0","#;

/// The role assignment of the sound template, under a condition.
const GRANT: &str = r#"{"type":"Microsoft.Authorization/roleAssignments","#;

/// The resources of the sound template, each on its line.
fn resources() -> Vec<String> {
    let lines = SOUND.lines().skip(1);
    lines
        .map(|line| line.trim_end_matches("]}").trim_end_matches(',').to_owned())
        .collect()
}

fn template(resources: &[&str]) -> String {
    format!(r#"{SCHEMA}"resources":[{}]}}"#, resources.join(","))
}

/// "severity rule" of each finding.
fn rules(files: &[(&str, &str)]) -> Vec<String> {
    let name = |line: String| line.split(':').next().unwrap_or_default().to_owned();
    found(files).into_iter().map(name).collect()
}

#[test]
fn a_vault_in_another_file_is_that_of_the_cluster() {
    let parts = resources();
    let [vault, key, grant, cluster] = [0, 1, 2, 3].map(|index| parts[index].as_str());
    let far = vault.replace("westeurope", "northeurope");
    let cluster_file = template(&[cluster]);
    let vault_file = template(&[&far, key, grant]);
    assert_eq!(
        rules(&[("a/cluster.json", &cluster_file), ("a/modules/vault.json", &vault_file)]),
        ["error cmk-region-mismatch"]
    );
    // Not of one in another corner of the repository, nor of one of two files that both declare it.
    assert!(rules(&[("a/cluster.json", &cluster_file), ("b/vault.json", &vault_file)]).is_empty());
    let files = [
        ("cluster.json", cluster_file.as_str()),
        ("v1.json", vault_file.as_str()),
        ("v2.json", vault_file.as_str()),
    ];
    assert!(rules(&files).is_empty());
    // The cluster's own template comes first.
    assert!(rules(&[("a/main.json", SOUND), ("a/other.json", &vault_file)]).is_empty());
}

#[test]
fn a_vault_is_found_by_any_of_its_addresses() {
    let far = (
        r#""name":"kv-weir","location":"westeurope""#,
        r#""name":"kv-weir","location":"northeurope""#,
    );
    for uri in [
        "https://KV-weir.vault.azure.net",
        "[concat('https://', 'kv-weir', environment().suffixes.keyvaultDns)]",
        "[reference(resourceId('Microsoft.KeyVault/vaults','kv-weir'),'2024-11-01').vaultUri]",
        "[reference(resourceId('Microsoft.KeyVault/vaults','kv-weir'),'2024-11-01','full').properties.vaultUri]",
        "[reference('Microsoft.KeyVault/vaults/kv-weir').vaultUri]",
    ] {
        let found = with(&[far, ("https://kv-weir.vault.azure.net/", uri)]);
        assert_eq!(found, [r#"error cmk-region-mismatch: "northeurope""#], "{uri}");
    }
    let key = "[reference(resourceId('Microsoft.KeyVault/vaults/keys','kv-weir','gate')).keyUriWithVersion]";
    let found = with(&[far, ("https://kv-weir.vault.azure.net/", key)]);
    assert!(
        found.contains(&r#"error cmk-region-mismatch: "northeurope""#.to_owned()),
        "{found:?}"
    );
}

#[test]
fn a_vault_of_a_nested_template_is_that_of_the_cluster() {
    let parts = resources();
    let [vault, key, grant, cluster] = [0, 1, 2, 3].map(|index| parts[index].as_str());
    let inner = template(&[
        &vault
            .replace(r#""name":"kv-weir""#, r#""name":"[parameters('vault')]""#)
            .replace("westeurope", "northeurope"),
        key,
    ])
    .replace(
        r#""contentVersion":"1.0.0.0","#,
        r#""contentVersion":"1.0.0.0","parameters":{"vault":{"type":"string"}},"#,
    );
    let nested = format!(
        r#"{{"type":"Microsoft.Resources/deployments","apiVersion":"2022-09-01","name":"vault","properties":{{"mode":"Incremental","expressionEvaluationOptions":{{"scope":"inner"}},"parameters":{{"vault":{{"value":"kv-weir"}}}},"template":{inner}}}}}"#
    );
    let text = template(&[&nested, grant, cluster]);
    assert_eq!(rules(&[("main.json", &text)]), ["error cmk-region-mismatch"]);
}

#[test]
fn a_role_under_the_condition_of_the_vault_is_read_by_it() {
    let parameter = (
        r#""parameters":{"#,
        r#""parameters":{"roles":{"type":"string","allowedValues":["yes","no"]},"#,
    );
    let setting = (
        r#""enableRbacAuthorization":true"#,
        r#""enableRbacAuthorization":"[equals(parameters('roles'),'yes')]""#,
    );
    let conditional = format!(r#"{GRANT}"condition":"[equals(parameters('roles'),'yes')]","#);
    assert!(with(&[parameter, setting, (GRANT, &conditional)]).is_empty());
    // Without its own condition the role is given to a vault that does not read it.
    assert_eq!(
        with(&[parameter, setting]),
        ["warning ineffective-key-vault-grant: equals(parameters('roles'),'yes')"]
    );
}

#[test]
fn a_list_of_another_template_or_of_a_vault_that_may_be_there_is_no_certain_lack() {
    let list = r#""enableRbacAuthorization":false,"accessPolicies":[{"tenantId":"[subscription().tenantId]","objectId":"[parameters('admin')]","permissions":{"keys":["get"]}}]"#;
    let parts = resources();
    let vault = parts[0].replace(r#""enableRbacAuthorization":true"#, list);
    let made = vault.replacen('{', r#"{"condition":"[parameters('make')]","#, 1);
    let of = |resources: &[&str]| {
        let parameters = r#""parameters":{"admin":{"type":"string"},"make":{"type":"bool"}},"resources":"#;
        template(resources).replacen(r#""resources":"#, parameters, 1)
    };
    let one = of(&[&vault, &parts[1], &parts[3]]);
    assert_eq!(rules(&[("main.json", &one)]), ["error missing-cmk-key-grant"]);
    let (vaults, clusters) = (of(&[&vault, &parts[1]]), of(&[&parts[3]]));
    let two = [("infra/kv.json", vaults.as_str()), ("infra/adx.json", &clusters)];
    assert_eq!(rules(&two), ["warning missing-cmk-key-grant"]);
    let conditional = of(&[&made, &parts[1], &parts[3]]);
    assert_eq!(rules(&[("main.json", &conditional)]), ["warning missing-cmk-key-grant"]);
}

#[test]
fn a_cluster_that_gets_its_key_in_a_second_step_has_its_identity_from_the_first() {
    let parts = resources();
    let [vault, key, grant, cluster] = [0, 1, 2, 3].map(|index| parts[index].as_str());
    let first = r#"{"type":"Microsoft.Kusto/clusters","apiVersion":"2024-04-13","name":"adxweir","location":"westeurope","sku":{"name":"Standard_E8ads_v5","tier":"Standard","capacity":2},"identity":{"type":"SystemAssigned"}}"#;
    let second = cluster.replace(IDENTITY, "");
    let nested = format!(
        r#"{{"type":"Microsoft.Resources/deployments","apiVersion":"2022-09-01","name":"key","properties":{{"mode":"Incremental","template":{}}}}}"#,
        template(&[&second])
    );
    let both = template(&[first, vault, key, grant, &nested]);
    assert!(rules(&[("main.json", &both)]).is_empty());
    let alone = template(&[vault, key, grant, &nested]);
    assert_eq!(rules(&[("main.json", &alone)]), ["error cmk-without-identity"]);
}

#[test]
fn a_linked_deployment_that_was_not_read_may_give_anything() {
    let parts = resources();
    let [vault, key, grant, cluster] = [0, 1, 2, 3].map(|index| parts[index].as_str());
    let reader = grant.replace(
        "e147488a-f6f5-4113-8e2d-b22465e65bf6",
        "21090545-7ca7-4776-b22c-e363652d74d2",
    );
    let linked = r#"{"type":"Microsoft.Resources/deployments","apiVersion":"2022-09-01","name":"access","properties":{"mode":"Incremental","templateLink":{"uri":"https://quay.example/access.json"}}}"#;
    let told = template(&[vault, key, &reader, cluster]);
    assert_eq!(rules(&[("main.json", &told)]), ["error missing-cmk-key-grant"]);
    let untold = template(&[vault, key, &reader, cluster, linked]);
    assert!(rules(&[("main.json", &untold)]).is_empty());
}

#[test]
fn a_key_nobody_uses_for_a_cluster_may_do_what_it_is_for() {
    let parts = resources();
    let key = parts[1].replace("wrapKey", "sign");
    let alone = template(&[&parts[0], &key]);
    assert!(rules(&[("main.json", &alone)]).is_empty());
    let unencrypted =
        r#"{"type":"Microsoft.Kusto/clusters","apiVersion":"2024-04-13","name":"adxweir","location":"westeurope"}"#;
    let beside = template(&[&parts[0], &key, unencrypted]);
    assert!(rules(&[("main.json", &beside)]).is_empty());
}

#[test]
fn a_key_beside_one_that_is_fit_may_be_for_something_else() {
    let parts = resources();
    let cluster = parts[3].replace(r#""keyName":"gate""#, r#""keyName":"[parameters('key')]""#);
    let with = |keys: &[&str]| {
        let keys = keys.join(",");
        let text = template(&[&parts[0], &keys, &parts[2], &cluster]);
        let parameter = r#""parameters":{"key":{"type":"string"}},"resources":"#;
        rules(&[("main.json", &text.replacen(r#""resources":"#, parameter, 1))])
    };
    let signing = parts[1]
        .replace("wrapKey", "sign")
        .replace("kv-weir/gate", "kv-weir/seal");
    let old = parts[1].replace("true", "false").replace("kv-weir/gate", "kv-weir/old");
    let curve = signing.replace(r#""kty":"RSA","keySize":2048"#, r#""kty":"EC""#);
    assert!(with(&[&parts[1], &signing, &old, &curve]).is_empty());
    // Alone it may be the one, or not.
    assert_eq!(with(&[&signing]), ["warning missing-key-operations"]);
    assert_eq!(with(&[&old]), ["warning missing-key-operations"]);
}

#[test]
fn a_form_that_is_to_be_filled_in_is_no_misuse() {
    let form = r#"{"type":"Microsoft.Kusto/clusters","apiVersion":"2024-04-13","name":"string","location":"string","sku":{"name":"string"},"identity":{"type":"string","userAssignedIdentities":{"{customized property}":{}}},"properties":{"keyVaultProperties":{"keyName":"string","keyVaultUri":"string","keyVersion":"string","userIdentity":"string"}}}"#;
    let text = template(&[form]);
    assert_eq!(found(&[("main.json", &text)]), Vec::<String>::new());
}
