//! The chain from the cluster to the storage account: a project in which it is whole is silent; each link that is taken
//! out or misspelt turns on the rule for it, and no other.

use kustolint::engine::check;

use crate::projects::{File, changed, files, inputs};

/// An edit: the file, what is replaced by what, and the rules that must speak, in the order of the files.
type Edit<'e> = (&'e str, &'e str, &'e str, &'e [&'e str]);

/// Links of the chain in the project `clean`.
const EDITS: &[Edit<'_>] = &[
    // The identity is on the cluster.
    (
        "infra/main.json",
        r#""identity": { "type": "SystemAssigned" },"#,
        "",
        &["identity-not-assigned-to-cluster"],
    ),
    (
        "infra/main.json",
        r#""type": "SystemAssigned""#,
        r#""type": "None""#,
        &["identity-not-assigned-to-cluster"],
    ),
    // A policy allows the usage.
    (
        "infra/main.json",
        "NativeIngestion, ExternalTable",
        "ExternalTable",
        &["missing-native-ingestion"],
    ),
    (
        "infra/main.json",
        "NativeIngestion, ExternalTable",
        "NativeIngestion, ExternalTables",
        &["unknown-identity-usage"],
    ),
    (
        "infra/main.json",
        "NativeIngestion, ExternalTable",
        "nativeIngestion, ExternalTable",
        &["identity-usage-letter-case"],
    ),
    (
        "infra/main.json",
        "NativeIngestion, ExternalTable",
        "All",
        &["all-identity-usages-granted"],
    ),
    (
        "infra/main.json",
        r#"\"ObjectId\": \"system\", \"AllowedUsages\": \"NativeIngestion, ExternalTable\""#,
        r#"\"AllowedUsages\": \"NativeIngestion, ExternalTable\""#,
        &["malformed-identity-policy", "missing-native-ingestion"],
    ),
    (
        "kql/policies.kql",
        "NativeIngestion, ExportRequest",
        "NativeIngestion",
        &["missing-identity-usage"],
    ),
    (
        "kql/policies.kql",
        "NativeIngestion, ExportRequest",
        "NativeIngestion, ExportRequest, ExportRequest",
        &["duplicate-identity-policy-entry"],
    ),
    // `SandboxArtifacts` on the cluster.
    (
        "infra/main.json",
        ".alter-merge cluster policy managed_identity",
        ".alter-merge database Harvest policy managed_identity",
        &["database-level-sandbox-artifacts"],
    ),
    // The identity may read and write the account.
    (
        "infra/main.json",
        "if(equals(copyIndex(), 0), variables('roles').owner, variables('roles').blobContributor)",
        "variables('roles').owner",
        &["control-plane-only-grant"],
    ),
    // The same identity on both sides.
    (
        "kql/ingest.kql",
        "managed_identity=c2a8f4e0",
        "managed_identity=c2a8f4e1",
        &["direct-ingestion-identity", "missing-native-ingestion"],
    ),
    // The key that encrypts the cluster.
    (
        "infra/main.json",
        r#""enablePurgeProtection": true"#,
        r#""enablePurgeProtection": false"#,
        &["missing-purge-protection"],
    ),
    (
        "infra/main.json",
        r#""enableSoftDelete": true"#,
        r#""enableSoftDelete": false"#,
        &["missing-soft-delete"],
    ),
    (
        "infra/main.parameters.prod.json",
        r#""value": 2048"#,
        r#""value": 3072"#,
        &["key-not-rsa-2048"],
    ),
    // Flows that take no identity.
    (
        "kql/exports.kql",
        "Active Directory Integrated",
        "Active Directory Managed Identity",
        &["unsupported-identity-flow"],
    ),
];

#[test]
fn each_link_of_the_chain_has_its_rule() {
    let whole: Vec<File> = files("clean");
    assert!(check(inputs(&whole)).findings.is_empty(), "the whole chain is silent");
    let mut wrong = Vec::new();
    for (file, from, to, rules) in EDITS {
        let edited = std::cell::Cell::new(0);
        let project = changed(&whole, |path, text| {
            if path == *file && text.contains(from) {
                edited.set(edited.get() + 1);
                text.replacen(from, to, 1).into_bytes()
            } else {
                text.as_bytes().to_vec()
            }
        });
        assert_eq!(edited.get(), 1, "`{from}` stands in {file}");
        let outcome = check(inputs(&project));
        let mut found: Vec<_> = outcome.findings.iter().map(|finding| finding.rule).collect();
        found.dedup();
        if found != *rules {
            wrong.push(format!("{file}: `{from}` -> `{to}`: {found:?}, not {rules:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
