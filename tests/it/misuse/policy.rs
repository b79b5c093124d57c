//! Commands on policies, and strings that name an identity (M01-M33, but for those of flows).

use super::{found, in_script};

/// A command that sets the cluster's policy to `entries`, in single quotes.
fn policy(entries: &str) -> String {
    format!(".alter-merge cluster policy managed_identity \"{entries}\"")
}

#[test]
fn m01_ingestion_without_its_usage() {
    let script = format!(
        "{}\n\n.ingest into table T (h'https://quay.blob.core.windows.net/in/a.csv;managed_identity=system')",
        policy("[{'ObjectId':'system','AllowedUsages':'ExternalTable'}]")
    );
    assert_eq!(
        in_script(&script),
        ["error missing-native-ingestion: managed_identity=system"]
    );
}

#[test]
fn m02_sandbox_artifacts_in_a_database() {
    let script = ".alter-merge database D policy managed_identity \"[{'ObjectId':'system','AllowedUsages':'SandboxArtifacts'}]\"";
    assert_eq!(
        in_script(script),
        ["error database-level-sandbox-artifacts: SandboxArtifacts"]
    );
}

#[test]
fn m03_m04_m06_words_that_are_no_usage() {
    for word in [
        "NativeIngest",
        "ExternalTables",
        "NativeIngestion; ExternalTable",
        "NativeIngestion|ExternalTable",
    ] {
        let script = policy(&format!("[{{'ObjectId':'system','AllowedUsages':'{word}'}}]"));
        assert_eq!(in_script(&script), [format!("error unknown-identity-usage: {word}")]);
    }
}

#[test]
fn m05_usages_in_a_list() {
    let script = policy("[{'ObjectId':'system','AllowedUsages':['NativeIngestion','ExternalTable']}]");
    assert_eq!(
        in_script(&script),
        ["error malformed-identity-policy: ['NativeIngestion','ExternalTable']"]
    );
}

#[test]
fn m07_every_usage() {
    let script = policy("[{'ObjectId':'system','AllowedUsages':'All'}]");
    assert_eq!(in_script(&script), ["warning all-identity-usages-granted: All"]);
}

#[test]
fn m08_the_client_id_of_an_identity() {
    let template = r#"{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0","resources":[
        {"type":"Microsoft.Kusto/clusters/databases/scripts","apiVersion":"2024-04-13","name":"c/d/s","properties":{
        "scriptContent":"[format('.alter-merge database d policy managed_identity ```[{{\"ObjectId\":\"{0}\",\"AllowedUsages\":\"NativeIngestion\"}}]```', reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id-quay'),'2023-01-31').clientId)]"}}]}"#;
    assert_eq!(
        found(&[("main.json", template)]),
        [
            "warning client-id-in-identity-policy: reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id-quay'),'2023-01-31').clientId"
        ]
    );
}

#[test]
fn m09_a_name_or_a_resource_for_an_id() {
    for id in [
        "id-quay",
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-quay",
    ] {
        let script = policy(&format!("[{{'ObjectId':'{id}','AllowedUsages':'NativeIngestion'}}]"));
        assert_eq!(in_script(&script), [format!("error malformed-identity-policy: '{id}'")]);
    }
}

#[test]
fn m10_other_words_for_system() {
    for word in ["sys", "SystemAssigned"] {
        let script = policy(&format!("[{{'ObjectId':'{word}','AllowedUsages':'NativeIngestion'}}]"));
        assert_eq!(
            in_script(&script),
            [format!("error malformed-identity-policy: '{word}'")]
        );
    }
    // Whether the service minds letter case is not documented.
    assert!(in_script(&policy("[{'ObjectId':'System','AllowedUsages':'NativeIngestion'}]")).is_empty());
}

#[test]
fn m11_a_client_id_and_no_object_id() {
    let entry = "{'ClientId':'8f2f6f0e-52a4-4f6b-9d38-1e0a6b7f4c25','AllowedUsages':'NativeIngestion'}";
    assert_eq!(
        in_script(&policy(&format!("[{entry}]"))),
        [format!("error malformed-identity-policy: {entry}")]
    );
}

#[test]
fn m12_an_entry_without_usages() {
    let script = policy("[{'ObjectId':'system'}]");
    assert_eq!(
        in_script(&script),
        ["error malformed-identity-policy: {'ObjectId':'system'}"]
    );
}

#[test]
fn m13_json_in_the_open() {
    let json = r#"[{"ObjectId":"system","AllowedUsages":"NativeIngestion"}]"#;
    let script = format!(".alter-merge cluster policy managed_identity {json}");
    assert_eq!(in_script(&script), [format!("error malformed-identity-policy: {json}")]);
}

#[test]
fn m14_a_plain_literal_over_several_lines() {
    let script =
        ".alter-merge cluster policy managed_identity \"[{'ObjectId':'system',\n'AllowedUsages':'NativeIngestion'}]\"";
    let found = in_script(script);
    assert!(
        found.iter().any(|finding| finding.starts_with("error syntax-error: ")),
        "{found:?}"
    );
}

#[test]
fn a_string_that_is_typed_half_is_told_once() {
    let found = in_script(".alter cluster policy managed_identity '[{\"ObjectId\":\"system");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("error syntax-error: "), "{found:?}");
}

#[test]
fn m15_alter_after_alter_merge() {
    let script = "\
.alter-merge cluster policy managed_identity \"[{'ObjectId':'system','AllowedUsages':'NativeIngestion'}]\"
.alter cluster policy managed_identity \"[{'ObjectId':'system','AllowedUsages':'ExternalTable'}]\"";
    assert_eq!(in_script(script), ["warning overwritten-identity-policy: alter"]);
}

#[test]
fn m16_an_empty_list() {
    let script = ".alter database D policy managed_identity '[]'";
    assert_eq!(in_script(script), ["warning overwritten-identity-policy: alter"]);
}

#[test]
fn m17_a_policy_that_is_deleted_in_use() {
    let script = "\
.create-or-alter external table X (a:string) kind=storage dataformat=csv (h'https://quay.blob.core.windows.net/c;managed_identity=system')

.delete cluster policy managed_identity";
    assert_eq!(
        in_script(script),
        [
            "warning missing-identity-usage: managed_identity=system",
            "warning identity-policy-deleted-in-use: delete",
        ]
    );
}

#[test]
fn m18_a_policy_of_a_table() {
    let script =
        ".alter-merge table T policy managed_identity \"[{'ObjectId':'system','AllowedUsages':'NativeIngestion'}]\"";
    assert_eq!(in_script(script), ["error malformed-identity-policy: alter-merge"]);
}

#[test]
fn m19_m20_the_same_twice() {
    let twice = policy(
        "[{'ObjectId':'system','AllowedUsages':'NativeIngestion'},{'ObjectId':'system','AllowedUsages':'ExternalTable'}]",
    );
    assert_eq!(in_script(&twice), ["note duplicate-identity-policy-entry: system"]);
    let word = policy("[{'ObjectId':'system','AllowedUsages':'NativeIngestion, NativeIngestion'}]");
    assert_eq!(
        in_script(&word),
        ["note duplicate-identity-policy-entry: NativeIngestion"]
    );
    let all = policy("[{'ObjectId':'system','AllowedUsages':'All, NativeIngestion'}]");
    assert_eq!(
        in_script(&all),
        [
            "warning all-identity-usages-granted: All",
            "note duplicate-identity-policy-entry: NativeIngestion"
        ]
    );
}

/// A template of a cluster with this `identity` and a script that allows something to `system`.
fn cluster_and_script(identity: &str) -> String {
    format!(
        r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0","resources":[
        {{"type":"Microsoft.Kusto/clusters","apiVersion":"2024-04-13","name":"c"{identity}}},
        {{"type":"Microsoft.Kusto/clusters/databases/scripts","apiVersion":"2024-04-13","name":"c/d/s","properties":{{
        "scriptContent":".alter-merge database d policy managed_identity '[{{\"ObjectId\":\"system\",\"AllowedUsages\":\"NativeIngestion\"}}]'"}}}}]}}"#
    )
}

#[test]
fn m22_a_system_identity_that_is_not_there() {
    let users = r#","identity":{"type":"UserAssigned","userAssignedIdentities":{"/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/u":{}}}"#;
    for identity in ["", r#","identity":{"type":"None"}"#, users] {
        let template = cluster_and_script(identity);
        assert_eq!(
            found(&[("main.json", &template)]),
            ["error identity-not-assigned-to-cluster: system"],
            "{identity}"
        );
    }
    let both = users.replace("UserAssigned\",\"user", "SystemAssigned, UserAssigned\",\"user");
    assert!(found(&[("main.json", &cluster_and_script(&both))]).is_empty());
}

#[test]
fn m23_an_identity_that_was_never_assigned() {
    let template = cluster_and_script(r#","identity":{"type":"SystemAssigned"}"#);
    let reference =
        "reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','u'),'2023-01-31').principalId";
    let template = template
        .replace("\".alter", "\"[concat('.alter")
        .replace("'[{\\\"", "```[{\\\"")
        .replace("\\\"system\\\"", &format!("\\\"', {reference}, '\\\""))
        .replace("}]'\"", "}]```')]\"");
    assert_eq!(
        found(&[("main.json", &template)]),
        [format!("error identity-not-assigned-to-cluster: {reference}")]
    );
}

#[test]
fn m27_amazon_s3_takes_no_identity() {
    let script = ".create-or-alter external table X (a:string) kind=storage dataformat=csv (h'https://quay.s3.eu-west-1.amazonaws.com/in;managed_identity=system')";
    let found = in_script(script);
    assert!(
        found
            .iter()
            .any(|finding| finding.starts_with("error unsupported-identity-flow: managed_identity=system")),
        "{found:?}"
    );
}

#[test]
fn m33_data_lake_gen1_in_an_external_table() {
    let script = ".create-or-alter external table X (a:string) kind=adl dataformat=csv (h'adl://quay.azuredatalakestore.net/in;managed_identity=system')";
    let found = in_script(script);
    assert!(
        found
            .iter()
            .any(|finding| finding.starts_with("error unsupported-identity-flow: ")),
        "{found:?}"
    );
}

#[test]
fn m52_a_policy_after_the_table_that_needs_it() {
    let script = "\
.create external table X kind=delta (h'https://quay.blob.core.windows.net/d;managed_identity=system')

.alter-merge database D policy managed_identity \"[{'ObjectId':'system','AllowedUsages':'ExternalTable'}]\"";
    let found = in_script(script);
    assert!(
        found
            .iter()
            .any(|finding| finding.contains("identity-policy-after-use")),
        "{found:?}"
    );
}

#[test]
fn m70_inline_ingestion_has_no_source_to_read_as_an_identity() {
    assert!(in_script(".ingest inline into table T <|\na,b\n").is_empty());
}
