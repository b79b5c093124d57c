//! Customer-managed keys (K23-K42): who may use the key, where it is, and who follows the cluster.

use super::found;
use super::keys::{IDENTITY, USER, with};

/// The setting of the sound vault, which takes roles.
const ROLES: &str = r#""enableRbacAuthorization":true"#;

/// The role that the sound template gives.
const ROLE: &str =
    "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions','e147488a-f6f5-4113-8e2d-b22465e65bf6')]";

/// Where the sound template gives the role.
const SCOPE: &str = r#""scope":"[resourceId('Microsoft.KeyVault/vaults','kv-weir')]""#;

/// Another place.
const ELSEWHERE: &str = r#""scope":"[resourceId('Microsoft.KeyVault/vaults','kv-other')]""#;

const PRINCIPAL: &str =
    "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id-weir'),'2023-01-31').principalId]";

/// Access policies of a vault that takes them: `principal` gets `keys`.
fn policies(principal: &str, keys: &str) -> String {
    let policy = entry(principal, keys);
    format!(r#""enableRbacAuthorization":false,"accessPolicies":[{policy}]"#)
}

fn entry(principal: &str, keys: &str) -> String {
    format!(r#"{{"tenantId":"[subscription().tenantId]","objectId":"{principal}","permissions":{{"keys":{keys}}}}}"#)
}

#[test]
fn k23_an_access_policy_that_is_not_enough() {
    let short = policies(PRINCIPAL, r#"["get"]"#);
    assert_eq!(
        with(&[(ROLES, &short), (SCOPE, ELSEWHERE)]),
        [r#"error missing-cmk-key-grant: ["get"]"#]
    );
    let enough = policies(PRINCIPAL, r#"["Get","WrapKey","UnwrapKey"]"#);
    assert!(with(&[(ROLES, &enough), (SCOPE, ELSEWHERE)]).is_empty());
}

#[test]
fn permissions_of_several_entries_add_up() {
    let halves = [
        entry(PRINCIPAL, r#"["get"]"#),
        entry(PRINCIPAL, r#"["wrapKey","unwrapKey"]"#),
    ]
    .join(",");
    let two = format!(r#""enableRbacAuthorization":false,"accessPolicies":[{halves}]"#);
    assert!(with(&[(ROLES, &two), (SCOPE, ELSEWHERE)]).is_empty());
    // An entry that a child adds counts as well, one that it removes does not.
    for (action, expected) in [("add", 0), ("remove", 1)] {
        let short = policies(PRINCIPAL, r#"["get"]"#);
        let more = entry(PRINCIPAL, r#"["wrapKey","unwrapKey"]"#);
        let child = format!(
            r#"}}}},
{{"type":"Microsoft.KeyVault/vaults/accessPolicies","apiVersion":"2024-11-01","name":"kv-weir/{action}","properties":{{"accessPolicies":[{more}]}}}},
{{"type":"Microsoft.Authorization"#
        );
        let place = "}},\n{\"type\":\"Microsoft.Authorization";
        let found = with(&[(ROLES, &short), (SCOPE, ELSEWHERE), (place, &child)]);
        assert_eq!(found.len(), expected, "{action}: {found:?}");
    }
}

#[test]
fn k24_all_permissions_are_enough() {
    let all = policies(PRINCIPAL, r#"["all"]"#);
    assert!(with(&[(ROLES, &all), (SCOPE, ELSEWHERE)]).is_empty());
}

#[test]
fn k25_access_policies_on_a_vault_that_takes_roles() {
    let policy = policies(PRINCIPAL, r#"["get","wrapKey","unwrapKey"]"#).replace("false", "true");
    assert_eq!(
        with(&[(ROLES, &policy), (SCOPE, ELSEWHERE)]),
        ["error ineffective-key-vault-grant: true"]
    );
}

#[test]
fn what_is_ignored_beside_what_is_enough_is_a_leftover() {
    let policy = policies(PRINCIPAL, r#"["get","wrapKey","unwrapKey"]"#);
    let leftover = policy.replace("false", "true");
    assert_eq!(
        with(&[(ROLES, &leftover)]),
        ["warning ineffective-key-vault-grant: true"]
    );
    // Key Vault Administrator for somebody who is no identity of the cluster, on a vault that takes policies.
    let administrator = ROLE.replace(
        "e147488a-f6f5-4113-8e2d-b22465e65bf6",
        "00482a5a-887f-4fb3-b363-3b7fe8e74483",
    );
    let somebody = PRINCIPAL.replace("id-weir", "id-app");
    let role = format!(r#""principalId":"{PRINCIPAL}","#);
    let other = format!(r#""principalId":"{somebody}","#);
    assert_eq!(
        with(&[(&role, &other), (ROLE, &administrator), (ROLES, &policy)]),
        ["warning ineffective-key-vault-grant: false"]
    );
}

#[test]
fn a_list_that_may_be_empty_is_not_ignored() {
    let who = (r#""parameters":{"#, r#""parameters":{"policies":{"type":"array"},"#);
    let unknown = r#""enableRbacAuthorization":true,"accessPolicies":"[parameters('policies')]""#;
    let empty = r#""enableRbacAuthorization":true,"accessPolicies":[]"#;
    assert!(with(&[(ROLES, unknown), who]).is_empty());
    assert!(with(&[(ROLES, empty)]).is_empty());
}

#[test]
fn k26_access_policies_and_a_version_that_turns_them_off() {
    let policy = format!(
        r#""accessPolicies":[{}]"#,
        entry(PRINCIPAL, r#"["get","wrapKey","unwrapKey"]"#)
    );
    let version = |version: &str| format!(r#"vaults","apiVersion":"{version}""#);
    let of_sound = version("2024-11-01");
    let at = |to: &str| with(&[(ROLES, &policy), (SCOPE, ELSEWHERE), (&of_sound, &version(to))]);
    assert_eq!(at("2026-02-01"), [r#"error ineffective-key-vault-grant: "kv-weir""#]);
    // In older versions they count, and of those between nothing is known.
    assert!(at("2025-05-01").is_empty());
    assert!(at("2025-11-01-preview").is_empty());
}

#[test]
fn k27_a_role_on_a_vault_that_takes_access_policies() {
    let off = r#""enableRbacAuthorization":false"#;
    assert_eq!(with(&[(ROLES, off)]), ["error ineffective-key-vault-grant: false"]);
    let left_out = r#""softDeleteRetentionInDays":90"#;
    assert_eq!(
        with(&[(ROLES, left_out)]),
        [r#"error ineffective-key-vault-grant: "kv-weir""#]
    );
}

#[test]
fn k28_a_role_that_uses_no_keys() {
    for (role, name) in [
        ("21090545-7ca7-4776-b22c-e363652d74d2", "Key Vault Reader"),
        ("f25e0fa2-a7c8-4377-a976-54943a77a395", "Key Vault Contributor"),
        ("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner"),
        ("4633458b-17de-408a-b874-0445c86b69e6", "Key Vault Secrets User"),
    ] {
        let given = ROLE.replace("e147488a-f6f5-4113-8e2d-b22465e65bf6", role);
        assert_eq!(
            with(&[(ROLE, &given)]),
            [format!(r#"error missing-cmk-key-grant: "{given}""#)],
            "{name}"
        );
    }
    for role in [
        "12338af0-0e69-4776-bea7-57ae8d297424",
        "14b46e9e-c2b7-41b4-b07b-48a6ebf60603",
        "00482a5a-887f-4fb3-b363-3b7fe8e74483",
        // One that is not built in may give anything.
        "aaaabbbb-cccc-4ddd-8eee-ffff00001111",
    ] {
        let given = ROLE.replace("e147488a-f6f5-4113-8e2d-b22465e65bf6", role);
        assert!(with(&[(ROLE, &given)]).is_empty(), "{role}");
    }
}

#[test]
fn k29_the_client_id_of_the_identity() {
    let client = PRINCIPAL.replace("principalId", "clientId");
    let policy = policies(&client, r#"["get","wrapKey","unwrapKey"]"#);
    let found = with(&[(ROLES, &policy), (SCOPE, ELSEWHERE)]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found
            .iter()
            .all(|line| line.starts_with("error client-id-in-role-assignment: "))
    );
}

#[test]
fn k30_the_other_identity_of_the_cluster() {
    let both = IDENTITY.replace("UserAssigned\",\"", "SystemAssigned,UserAssigned\",\"");
    assert_eq!(
        with(&[(IDENTITY, &both), (USER, "")]),
        [r#"error missing-cmk-key-grant: "https://kv-weir.vault.azure.net/""#]
    );
    // An id that is written out, or comes from a parameter, may be that of the right one.
    for principal in ["0f1d2c3b-4a59-4867-8574-93a2b1c0d9e8", "[parameters('who')]"] {
        let policy = policies(principal, r#"["get","wrapKey","unwrapKey"]"#);
        let who = r#""parameters":{"who":{"type":"string"},"#;
        let changes = [(ROLES, policy.as_str()), (SCOPE, ELSEWHERE), (r#""parameters":{"#, who)];
        assert!(with(&changes).is_empty(), "{principal}");
    }
}

#[test]
fn k31_another_region() {
    let apart = (
        r#""name":"kv-weir","location":"westeurope""#,
        r#""name":"kv-weir","location":"North Europe""#,
    );
    assert_eq!(with(&[apart]), [r#"error cmk-region-mismatch: "North Europe""#]);
    let same = (
        r#""name":"kv-weir","location":"westeurope""#,
        r#""name":"kv-weir","location":"West Europe""#,
    );
    let unknown = (
        r#""name":"kv-weir","location":"westeurope""#,
        r#""name":"kv-weir","location":"[resourceGroup().location]""#,
    );
    assert!(with(&[same]).is_empty() && with(&[unknown]).is_empty());
}

/// A configuration by which `follower` follows the databases of `leader`.
fn follow(follower: &str, leader: &str) -> String {
    format!(
        r#",{{"type":"Microsoft.Kusto/clusters/attachedDatabaseConfigurations","apiVersion":"2024-04-13","name":"{follower}/follow-{leader}","location":"westeurope","properties":{{"clusterResourceId":"[resourceId('Microsoft.Kusto/clusters','{leader}')]","databaseName":"*","defaultPrincipalsModificationKind":"Union"}}}}]}}"#
    )
}

#[test]
fn k33_a_chain_of_followers() {
    let chain = |links: &[(&str, &str)]| {
        let more: String = links
            .iter()
            .map(|(one, two)| follow(one, two))
            .collect::<Vec<_>>()
            .join("")
            .replace("]},{", ",{");
        with(&[("}}}]}", &format!("}}}}}}{more}"))])
    };
    let expected = [r#"warning cmk-follower-chain: "[resourceId('Microsoft.Kusto/clusters','adxweir')]""#];
    assert_eq!(chain(&[("adxsluice", "adxweir"), ("adxweir", "adxriver")]), expected);
    assert_eq!(chain(&[("adxsluice", "adxweir"), ("adxsluice", "adxriver")]), expected);
    assert!(chain(&[("adxsluice", "adxweir"), ("adxlock", "adxweir")]).is_empty());
    assert!(chain(&[("adxsluice", "adxriver"), ("adxriver", "adxsea")]).is_empty());
}

#[test]
fn k34_operations_without_wrapping() {
    let signs = (r#"["wrapKey","unwrapKey"]"#, r#"["sign","verify"]"#);
    assert_eq!(with(&[signs]), [r#"error missing-key-operations: ["sign","verify"]"#]);
    let half = (r#"["wrapKey","unwrapKey"]"#, r#"["wrapKey"]"#);
    assert_eq!(with(&[half]), [r#"error missing-key-operations: ["wrapKey"]"#]);
    let none = (r#"["wrapKey","unwrapKey"]"#, "[]");
    assert_eq!(with(&[none]), ["warning missing-key-operations: []"]);
}

#[test]
fn k35_a_key_that_is_turned_off_or_over() {
    let off = (r#"{"enabled":true}"#, r#"{"enabled":false}"#);
    assert_eq!(with(&[off]), ["error missing-key-operations: false"]);
    let over = (r#"{"enabled":true}"#, r#"{"exp":1700000000}"#);
    assert_eq!(with(&[over]), ["warning missing-key-operations: 1700000000"]);
    let later = (r#"{"enabled":true}"#, r#"{"exp":2000000000}"#);
    assert!(with(&[later]).is_empty());
}

#[test]
fn k38_the_key_of_a_database_in_an_old_version() {
    let database = |version: &str| {
        let text = format!(
            r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0","resources":[{{"type":"Microsoft.Kusto/clusters/databases","apiVersion":"{version}","name":"adxweir/Locks","kind":"ReadWrite","properties":{{"keyVaultProperties":{{"keyVaultUri":"https://kv-weir.vault.azure.net/","keyName":"locks"}}}}}}]}}"#
        );
        found(&[("main.json", &text)])
    };
    assert_eq!(
        database("2020-09-18"),
        [r#"warning cmk-api-version-too-old: "2020-09-18""#]
    );
    assert!(database("2024-04-13").is_empty());
}

#[test]
fn a_grant_that_stands_elsewhere_is_none_that_is_missing() {
    // Nobody has access to the vault in these files: whoever gives it does so in another place.
    assert!(with(&[(SCOPE, ELSEWHERE)]).is_empty());
    let nobody = r#""enableRbacAuthorization":false,"accessPolicies":[]"#;
    assert!(with(&[(ROLES, nobody), (SCOPE, ELSEWHERE)]).is_empty());
    // The list of the vault replaces what it had, and leaves the identity out.
    let other = policies(&PRINCIPAL.replace("id-weir", "id-app"), r#"["get"]"#);
    assert_eq!(
        with(&[(ROLES, &other), (SCOPE, ELSEWHERE)]),
        [r#"error missing-cmk-key-grant: "https://kv-weir.vault.azure.net/""#]
    );
    // A role for another identity says that roles are given here.
    let role = PRINCIPAL.replace("id-weir", "id-app");
    assert_eq!(
        with(&[(PRINCIPAL, &role)]),
        [r#"warning missing-cmk-key-grant: "https://kv-weir.vault.azure.net/""#]
    );
}

#[test]
fn m65_identities_that_the_type_leaves_out() {
    let system = IDENTITY.replace("\"UserAssigned\"", "\"SystemAssigned\"");
    assert_eq!(
        with(&[(IDENTITY, &system)]),
        [r#"error identity-type-mismatch: "SystemAssigned""#]
    );
}

#[test]
fn m66_a_type_without_identities() {
    let bare = r#""identity":{"type":"SystemAssigned, UserAssigned"},"#;
    let found = with(&[(IDENTITY, bare)]);
    assert!(
        found.contains(&r#"error identity-type-mismatch: "SystemAssigned, UserAssigned""#.to_owned()),
        "{found:?}"
    );
    let empty = r#""identity":{"type":"UserAssigned","userAssignedIdentities":{}},"#;
    let found = with(&[(IDENTITY, empty)]);
    assert!(
        found.contains(&"note identity-type-mismatch: {}".to_owned()),
        "{found:?}"
    );
}

#[test]
fn m67_an_identity_that_null_takes_away() {
    let gone = IDENTITY.replace(
        ":{}}",
        ":{},\"[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id-old')]\":null}",
    );
    assert_eq!(with(&[(IDENTITY, &gone)]), ["error identity-type-mismatch: null"]);
}

#[test]
fn k42_a_client_secret_beside_the_code_that_sets_the_key() {
    let program = |credential: &str| {
        format!(
            "var kusto = new KustoClient(new ClientSecretCredential(tenantId, clientId, clientSecret: {credential}));\n\
             var key = new KustoKeyVaultProperties {{ KeyName = \"gate\" }};\n"
        )
    };
    assert_eq!(
        found(&[("keys.cs", &program("\"q4V8Q~weir.77tide-lamp_Zx02mNb5aPrTk\""))]),
        ["error embedded-secret: q4V8Q~weir.77tide-lamp_Zx02mNb5aPrTk"]
    );
    for fine in ["\"<client secret>\"", "secrets.OfKusto"] {
        assert_eq!(found(&[("keys.cs", &program(fine))]), Vec::<String>::new(), "{fine}");
    }
    // Whose secret it is does not show in a line of its own.
    let apart = "var clientSecret = \"q4V8Q~weir.77tide-lamp_Zx02mNb5aPrTk\";\n";
    assert_eq!(found(&[("keys.cs", apart)]), Vec::<String>::new());
}
