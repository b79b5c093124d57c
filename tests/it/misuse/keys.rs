//! Customer-managed keys (K01-K22): the key, the vault, and what the cluster says of them.

use super::found;

/// A cluster, its identity, the vault with its key, and the role that lets the identity use it: nothing is wrong.
pub(super) const SOUND: &str = r#"{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0","parameters":{"kind":{"type":"string","defaultValue":"EC"}},"resources":[
{"type":"Microsoft.KeyVault/vaults","apiVersion":"2024-11-01","name":"kv-weir","location":"westeurope","properties":{"tenantId":"[subscription().tenantId]","sku":{"family":"A","name":"standard"},"enableSoftDelete":true,"enablePurgeProtection":true,"enableRbacAuthorization":true}},
{"type":"Microsoft.KeyVault/vaults/keys","apiVersion":"2024-11-01","name":"kv-weir/gate","properties":{"kty":"RSA","keySize":2048,"keyOps":["wrapKey","unwrapKey"],"attributes":{"enabled":true}}},
{"type":"Microsoft.Authorization/roleAssignments","apiVersion":"2022-04-01","name":"[guid('kv-weir','id-weir')]","scope":"[resourceId('Microsoft.KeyVault/vaults','kv-weir')]","properties":{"principalType":"ServicePrincipal","principalId":"[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id-weir'),'2023-01-31').principalId]","roleDefinitionId":"[subscriptionResourceId('Microsoft.Authorization/roleDefinitions','e147488a-f6f5-4113-8e2d-b22465e65bf6')]"}},
{"type":"Microsoft.Kusto/clusters","apiVersion":"2024-04-13","name":"adxweir","location":"westeurope","sku":{"name":"Standard_E8ads_v5","tier":"Standard","capacity":2},"identity":{"type":"UserAssigned","userAssignedIdentities":{"[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id-weir')]":{}}},"properties":{"enableDiskEncryption":true,"keyVaultProperties":{"keyVaultUri":"https://kv-weir.vault.azure.net/","keyName":"gate","userIdentity":"[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id-weir')]"}}}]}"#;

/// The whole `identity` of the cluster.
pub(super) const IDENTITY: &str = r#""identity":{"type":"UserAssigned","userAssignedIdentities":{"[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id-weir')]":{}}},"#;

/// The `userIdentity` of the key, with the comma before it.
pub(super) const USER: &str =
    r#","userIdentity":"[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id-weir')]""#;

/// What is found in the sound template with these replacements, each of which has to be there once.
pub(super) fn with(changes: &[(&str, &str)]) -> Vec<String> {
    let change = |text: String, (from, to): &(&str, &str)| {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text.replace(from, to)
    };
    let text = changes.iter().fold(SOUND.to_owned(), change);
    found(&[("main.json", &text)])
}

#[test]
fn nothing_is_wrong_with_a_sound_template() {
    assert!(with(&[]).is_empty());
}

#[test]
fn k01_an_elliptic_curve_key() {
    let ec = (r#""kty":"RSA","keySize":2048"#, r#""kty":"EC","curveName":"P-256""#);
    assert_eq!(with(&[ec]), [r#"error key-not-rsa-2048: "EC""#]);
}

#[test]
fn k02_a_kind_from_the_default_of_a_module() {
    let of_module = (r#""kty":"RSA","#, r#""kty":"[parameters('kind')]","#);
    assert_eq!(
        with(&[of_module]),
        [r#"error key-not-rsa-2048: "[parameters('kind')]""#]
    );
}

#[test]
fn k03_k04_k05_sizes_and_kinds_outside_the_accepted_set() {
    for (from, to, expected) in [
        ("2048", "1024", "error key-not-rsa-2048: 1024"),
        ("2048", "4096", "warning key-not-rsa-2048: 4096"),
        (
            r#""kty":"RSA""#,
            r#""kty":"RSA-HSM""#,
            r#"warning key-not-rsa-2048: "RSA-HSM""#,
        ),
    ] {
        assert_eq!(with(&[(from, to)]), [expected]);
    }
}

#[test]
fn k07_k08_no_purge_protection() {
    let left_out = (r#""enablePurgeProtection":true,"#, "");
    assert_eq!(with(&[left_out]), [r#"error missing-purge-protection: "kv-weir""#]);
    let off = (r#""enablePurgeProtection":true"#, r#""enablePurgeProtection":false"#);
    assert_eq!(with(&[off]), ["error missing-purge-protection: false"]);
}

#[test]
fn k09_k10_no_soft_delete_under_purge_protection() {
    let off = (r#""enableSoftDelete":true"#, r#""enableSoftDelete":false"#);
    assert_eq!(with(&[off]), ["error missing-soft-delete: false"]);
}

#[test]
fn k12_a_key_and_no_identity() {
    let none = r#""identity":{"type":"None"},"#;
    assert_eq!(with(&[(IDENTITY, "")]), [r#"error cmk-without-identity: "adxweir""#]);
    assert_eq!(with(&[(IDENTITY, none)]), [r#"error cmk-without-identity: "None""#]);
    // A cluster that exists may have one.
    let exists = r#""sku":{"name":"Standard_E8ads_v5","tier":"Standard","capacity":2},"#;
    assert!(with(&[(IDENTITY, ""), (exists, "")]).is_empty());
    // An identity that a parameter gives is not known.
    let unknown = r#""identity":"[reference('x').identity]","#;
    assert!(with(&[(IDENTITY, unknown)]).is_empty());
}

#[test]
fn k13_a_user_identity_beside_a_system_identity_only() {
    let system = r#""identity":{"type":"SystemAssigned"},"#;
    assert_eq!(
        with(&[(IDENTITY, system)]),
        [
            r#"error cmk-user-identity-not-assigned: "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id-weir')]""#
        ]
    );
}

#[test]
fn k14_a_user_identity_that_is_not_on_the_cluster() {
    let other = IDENTITY.replace("id-weir", "id-lock");
    assert_eq!(
        with(&[(IDENTITY, &other)]),
        [
            r#"error cmk-user-identity-not-assigned: "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id-weir')]""#
        ]
    );
    // An identity that a deployment decides may be the one.
    let unknown = IDENTITY.replace("'id-weir'", "reference('x').name");
    assert!(with(&[(IDENTITY, &unknown)]).is_empty());
}

#[test]
fn an_identity_of_another_resource_group_is_another_one() {
    let id = |group: &str| {
        format!(
            "/subscriptions/0f1d2c3b-4a59-4867-8574-93a2b1c0d9e8/resourceGroups/{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-weir"
        )
    };
    let whole = "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id-weir')]";
    let found = |listed: &str, used: &str| {
        let identity = IDENTITY.replace(whole, listed);
        let user = USER.replace(whole, used);
        let found = with(&[(IDENTITY, &identity), (USER, &user)]);
        found
            .into_iter()
            .filter(|line| line.contains("cmk-user-identity"))
            .collect::<Vec<_>>()
    };
    let used = id("rg-lock");
    assert_eq!(
        found(&id("rg-weir"), &used),
        [format!(r#"error cmk-user-identity-not-assigned: "{used}""#)]
    );
    for listed in [id("RG-Lock").as_str(), id("<group>").as_str(), whole] {
        assert!(found(listed, &used).is_empty(), "{listed}");
    }
}

#[test]
fn k15_no_user_identity_and_no_system_identity() {
    let expected = [r#"error cmk-user-identity-not-assigned: "https://kv-weir.vault.azure.net/""#];
    assert_eq!(with(&[(USER, "")]), expected);
    assert_eq!(with(&[(USER, r#","userIdentity":"""#)]), expected);
}

#[test]
fn k16_an_id_that_is_no_resource() {
    for id in [
        "0f1d2c3b-4a59-4867-8574-93a2b1c0d9e8",
        "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id-weir'),'2023-01-31').clientId]",
        "id-weir",
    ] {
        let user = format!(r#","userIdentity":"{id}""#);
        assert_eq!(
            with(&[(USER, &user)]),
            [format!(r#"error cmk-user-identity-not-assigned: "{id}""#)]
        );
    }
    let placeholder = r#","userIdentity":"<id of the identity>""#;
    assert!(with(&[(USER, placeholder)]).is_empty());
}

#[test]
fn k17_k18_a_version_that_knows_neither() {
    for version in ["2019-09-07", "2019-01-21"] {
        assert_eq!(
            with(&[("2024-04-13", version)]),
            [format!(r#"warning cmk-api-version-too-old: "{version}""#)]
        );
    }
    for version in ["2020-02-15", "2020-09-18"] {
        assert!(with(&[("2024-04-13", version)]).is_empty(), "{version}");
    }
}

#[test]
fn k19_k20_what_is_no_address_of_a_vault() {
    for uri in [
        "https://kv-weir.vault.azure.net/keys/gate/5f0c8d1e4a7b4c6e9f2a3b5d7e9f1a2b",
        "https://kv-weir.vault.azure.net/secrets/gate",
        "http://kv-weir.vault.azure.net/",
        "kv-weir",
        "[resourceId('Microsoft.KeyVault/vaults','kv-weir')]",
        "[concat(reference('x').vaultUri, 'keys/gate')]",
        "[reference(resourceId('Microsoft.KeyVault/vaults/keys','kv-weir','gate'),'2024-11-01').keyUri]",
    ] {
        assert_eq!(
            with(&[("https://kv-weir.vault.azure.net/", uri)]),
            [format!(r#"error malformed-key-vault-uri: "{uri}""#)]
        );
    }
    for uri in [
        "https://KV-weir.vault.azure.net",
        "[concat('https://kv-weir', environment().suffixes.keyvaultDns, '/')]",
        "[reference(resourceId('Microsoft.KeyVault/vaults','kv-weir')).vaultUri]",
        "<address of the vault>",
        "[reference('x').keyVault]",
    ] {
        assert!(with(&[("https://kv-weir.vault.azure.net/", uri)]).is_empty(), "{uri}");
    }
}

#[test]
fn k21_what_is_no_name_of_a_key() {
    for name in [
        "https://kv-weir.vault.azure.net/keys/gate",
        "gate/5f0c8d1e4a7b4c6e9f2a3b5d7e9f1a2b",
    ] {
        let key = format!(r#""keyName":"{name}""#);
        assert_eq!(
            with(&[(r#""keyName":"gate""#, &key)]),
            [format!(r#"error malformed-key-vault-uri: "{name}""#)]
        );
    }
}

#[test]
fn k22_one_version_of_the_key() {
    let version = r#""keyName":"gate","keyVersion":"5f0c8d1e4a7b4c6e9f2a3b5d7e9f1a2b""#;
    assert_eq!(
        with(&[(r#""keyName":"gate""#, version)]),
        [r#"note cmk-pinned-key-version: "5f0c8d1e4a7b4c6e9f2a3b5d7e9f1a2b""#]
    );
    for latest in [
        r#""keyName":"gate","keyVersion":"""#,
        r#""keyName":"gate","keyVersion":"[last(split(reference('x').keyUriWithVersion, '/'))]""#,
    ] {
        assert!(with(&[(r#""keyName":"gate""#, latest)]).is_empty(), "{latest}");
    }
}
