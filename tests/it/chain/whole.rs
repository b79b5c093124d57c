//! Projects with all of the chain, or with its cluster, vault and account.

use super::Chain;

/// Sound as it stands.
pub(super) const CLEAN: Chain = Chain {
    project: "clean",
    mends: &[],
    is_sound: true,
    edits: &[
        // The identity is on the cluster.
        (
            "infra/main.json",
            r#""identity": { "type": "SystemAssigned" },"#,
            "",
            &[
                "+ error cmk-without-identity infra/main.json",
                "+ error identity-not-assigned-to-cluster infra/main.json",
                "+ error identity-not-assigned-to-cluster infra/main.json",
            ],
        ),
        (
            "infra/main.json",
            r#""type": "SystemAssigned""#,
            r#""type": "None""#,
            &[
                "+ error cmk-without-identity infra/main.json",
                "+ error identity-not-assigned-to-cluster infra/main.json",
                "+ error identity-not-assigned-to-cluster infra/main.json",
            ],
        ),
        // A policy allows the usage.
        (
            "infra/main.json",
            "NativeIngestion, ExternalTable",
            "ExternalTable",
            &["+ error missing-native-ingestion kql/ingest.kql"],
        ),
        (
            "infra/main.json",
            "NativeIngestion, ExternalTable",
            "NativeIngestions, ExternalTable",
            &["+ error unknown-identity-usage infra/main.json"],
        ),
        (
            "infra/main.json",
            "NativeIngestion, ExternalTable",
            "NativeIngestion, ExternalTables",
            &["+ error unknown-identity-usage infra/main.json"],
        ),
        (
            "infra/main.json",
            "NativeIngestion, ExternalTable",
            "nativeIngestion, ExternalTable",
            &["+ note identity-usage-letter-case infra/main.json"],
        ),
        (
            "infra/main.json",
            "NativeIngestion, ExternalTable",
            "All",
            &["+ warning all-identity-usages-granted infra/main.json"],
        ),
        (
            "infra/main.json",
            r#"\"ObjectId\": \"system\", \"AllowedUsages\": \"NativeIngestion, ExternalTable\""#,
            r#"\"AllowedUsages\": \"NativeIngestion, ExternalTable\""#,
            &["+ error malformed-identity-policy infra/main.json"],
        ),
        (
            "kql/policies.kql",
            "NativeIngestion, ExportRequest",
            "NativeIngestion",
            &["+ error missing-identity-usage kql/exports.kql"],
        ),
        (
            "kql/policies.kql",
            "NativeIngestion, ExportRequest",
            "ExportRequest",
            &["+ error missing-native-ingestion kql/ingest.kql"],
        ),
        (
            "kql/policies.kql",
            "NativeIngestion, ExportRequest",
            "NativeIngestion, ExportRequests",
            &["+ error unknown-identity-usage kql/policies.kql"],
        ),
        (
            "kql/policies.kql",
            "NativeIngestion, ExportRequest",
            "NativeIngestion, ExportRequest, ExportRequest",
            &["+ note duplicate-identity-policy-entry kql/policies.kql"],
        ),
        (
            "kql/policies.kql",
            r#""ObjectId": "c2a8f4e0"#,
            r#""ObjectId": "c2a8f4e1"#,
            &[
                "+ warning identity-mismatch kql/policies.kql",
                "+ warning missing-identity-usage kql/exports.kql",
                "+ warning missing-native-ingestion kql/ingest.kql",
            ],
        ),
        // The usage that the cluster's policy alone can allow.
        (
            "infra/main.json",
            ".alter-merge cluster policy managed_identity",
            ".alter-merge database Harvest policy managed_identity",
            &["+ error database-level-sandbox-artifacts infra/main.json"],
        ),
        // The identity may read and write the account.
        (
            "infra/main.json",
            "if(equals(copyIndex(), 0), variables('roles').owner, variables('roles').blobContributor)",
            "variables('roles').owner",
            &["+ error control-plane-only-grant infra/main.json"],
        ),
        (
            "infra/main.json",
            r#""roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', variables('roles').blobContributor)]",
                "principalId": "c2a8f4e0-77b1-4d35-8a06-93d5e1f20b4c""#,
            r#""roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', variables('roles').owner)]",
                "principalId": "c2a8f4e0-77b1-4d35-8a06-93d5e1f20b4c""#,
            &["+ error control-plane-only-grant infra/main.json"],
        ),
        // The same identity on both sides.
        (
            "kql/ingest.kql",
            "managed_identity=c2a8f4e0",
            "managed_identity=c2a8f4e1",
            &["+ warning missing-native-ingestion kql/ingest.kql"],
        ),
        (
            "kql/exports.kql",
            "managed_identity=c2a8f4e0",
            "managed_identity=c2a8f4e1",
            &["+ warning missing-identity-usage kql/exports.kql"],
        ),
        // The key that encrypts the cluster.
        (
            "infra/main.json",
            r#""enablePurgeProtection": true"#,
            r#""enablePurgeProtection": false"#,
            &["+ error missing-purge-protection infra/main.json"],
        ),
        (
            "infra/main.json",
            r#""enableSoftDelete": true"#,
            r#""enableSoftDelete": false"#,
            &["+ error missing-soft-delete infra/main.json"],
        ),
        (
            "infra/main.parameters.prod.json",
            r#""value": 2048"#,
            r#""value": 3072"#,
            &["+ warning key-not-rsa-2048 infra/main.json"],
        ),
        (
            "infra/main.json",
            r#""kty": "RSA""#,
            r#""kty": "EC""#,
            &["+ error key-not-rsa-2048 infra/main.json"],
        ),
        // Flows that take no identity.
        (
            "kql/exports.kql",
            "Active Directory Integrated",
            "Active Directory Managed Identity",
            &["+ error unsupported-identity-flow kql/exports.kql"],
        ),
        (
            "kql/ingest.kql",
            "orchardharvest.blob.core.windows.net/picked/today",
            "orchardharvest.s3.eu-west-1.amazonaws.com/picked/today",
            &["+ error unsupported-identity-flow kql/ingest.kql"],
        ),
    ],
};

/// Each link of the chain is broken somewhere.
pub(super) const DEMO: Chain = Chain {
    project: "demo",
    mends: &[
        (
            "infra/main.json",
            "ExternalTable, SandboxArtifacts",
            "ExternalTable",
            &["+ error database-level-sandbox-artifacts infra/main.json"],
        ),
        (
            "infra/main.json",
            r#""enableRbacAuthorization": true,"#,
            r#""enableRbacAuthorization": true, "enablePurgeProtection": true,"#,
            &["+ error missing-purge-protection infra/main.json"],
        ),
        (
            "infra/main.parameters.prod.json",
            r#""value": false"#,
            r#""value": true"#,
            &["+ error missing-soft-delete infra/main.json"],
        ),
        (
            "infra/main.parameters.prod.json",
            "4096",
            "2048",
            &["+ warning key-not-rsa-2048 infra/main.json"],
        ),
        // Two mistakes: what manages the account reads nothing in it, and nothing lets the exports write there. A data
        // role of the cluster's own identity may be theirs, whose object id is not in the files.
        (
            "infra/main.json",
            "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
            "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
            &[
                "+ error control-plane-only-grant infra/main.json",
                "+ warning missing-storage-grant kql/exports.kql",
            ],
        ),
        (
            "kql/exports.kql",
            r#"Authentication="Active Directory Managed Identity";User Id=5d0c9a61-3f2e-4b7a-9c58-1e64b0a7d2f3"#,
            r#"Authentication="Active Directory Integrated""#,
            &["+ error unsupported-identity-flow kql/exports.kql"],
        ),
        (
            "kql/exports.kql",
            ".create external table",
            ".create-or-alter external table",
            &["+ note non-idempotent-command kql/exports.kql"],
        ),
        (
            "kql/exports.kql",
            "partner-schedules.s3.eu-west-1.amazonaws.com/eta;managed_identity=system",
            "quaysidelanding.blob.core.windows.net/eta;impersonate",
            &["+ error unsupported-identity-flow kql/exports.kql"],
        ),
        (
            "kql/policies.kql",
            r#""system", "AllowedUsages": "ExternalTable""#,
            r#""system", "AllowedUsages": "NativeIngestion, ExternalTable""#,
            &["+ error missing-native-ingestion kql/ingest.kql"],
        ),
        (
            "kql/ingest.kql",
            ".create external table",
            ".create-or-alter external table",
            &["+ note non-idempotent-command kql/ingest.kql"],
        ),
        (
            "kql/ingest.kql",
            "ports;managed_identity=system",
            "ports;impersonate",
            &["+ note external-table-admin-needed kql/ingest.kql"],
        ),
    ],
    is_sound: true,
    edits: &[
        (
            "infra/main.json",
            r#""identity": { "type": "SystemAssigned" },"#,
            "",
            &[
                "+ error cmk-without-identity infra/main.json",
                "+ error identity-not-assigned-to-cluster infra/main.json",
            ],
        ),
        (
            "kql/policies.kql",
            "'AllowedUsages':'ExportRequest'",
            "'AllowedUsages':'AutomatedFlows'",
            &["+ error missing-identity-usage kql/exports.kql"],
        ),
        (
            "kql/policies.kql",
            "'AllowedUsages':'ExportRequest'",
            "'AllowedUsages':'ExportRequests'",
            &["+ error unknown-identity-usage kql/policies.kql"],
        ),
        (
            "kql/policies.kql",
            "AllowedUsages':'ExportRequest'",
            "AllowedUsage':'ExportRequest'",
            &["+ error malformed-identity-policy kql/policies.kql"],
        ),
        (
            "kql/policies.kql",
            "'ObjectId':'5d0c9a61",
            "'ObjectId':'5d0c9a62",
            &["+ error missing-identity-usage kql/exports.kql"],
        ),
        (
            "kql/exports.kql",
            "exports;managed_identity=5d0c9a61-3f2e-4b7a-9c58-1e64b0a7d2f3",
            "exports;managed_identity=5d0c9a62-3f2e-4b7a-9c58-1e64b0a7d2f3",
            &[
                "+ warning identity-mismatch kql/policies.kql",
                "+ warning missing-identity-usage kql/exports.kql",
            ],
        ),
        (
            "infra/main.json",
            r#""type": "RSA""#,
            r#""type": "EC""#,
            &["+ error key-not-rsa-2048 infra/main.json"],
        ),
    ],
};

/// Resources inside of resources.
pub(super) const NESTED_CHILDREN: Chain = Chain {
    project: "nested-children",
    mends: &[
        (
            "infra/main.json",
            r#""SandboxArtifacts", "AzureAI""#,
            r#""AzureAI""#,
            &["+ error database-level-sandbox-artifacts infra/main.json"],
        ),
        (
            "infra/main.json",
            r#"{ "enablePurgeProtection": true }"#,
            r#"{ "enableSoftDelete": true, "enablePurgeProtection": true }"#,
            &["+ warning missing-soft-delete infra/main.json"],
        ),
        (
            "infra/main.json",
            "acdd72a7-3385-48ef-bd42-f606fba81ae7",
            "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
            &["+ error control-plane-only-grant infra/main.json"],
        ),
    ],
    is_sound: true,
    edits: &[
        (
            "infra/main.json",
            r#""identity": { "type": "SystemAssigned" },"#,
            "",
            &["+ error identity-not-assigned-to-cluster infra/main.json"],
        ),
        (
            "infra/main.json",
            r#""AzureAI""#,
            r#""AzureAi""#,
            &["+ note identity-usage-letter-case infra/main.json"],
        ),
        (
            "infra/main.json",
            r#""AzureAI""#,
            r#""AzureIA""#,
            &["+ error unknown-identity-usage infra/main.json"],
        ),
        (
            "infra/main.json",
            r#"\"ObjectId\":\"system\","#,
            "",
            &["+ error malformed-identity-policy infra/main.json"],
        ),
        (
            "infra/main.json",
            r#"\"system\""#,
            r#"\"sytem\""#,
            &["+ error malformed-identity-policy infra/main.json"],
        ),
        (
            "infra/main.json",
            "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
            "b24988ac-6180-42a0-ab88-20f7382dd24c",
            &["+ error control-plane-only-grant infra/main.json"],
        ),
        (
            "infra/main.json",
            r#""enablePurgeProtection": true"#,
            r#""enablePurgeProtection": false"#,
            &["+ error missing-purge-protection infra/main.json"],
        ),
        (
            "infra/main.json",
            r#", "enablePurgeProtection": true"#,
            "",
            &["+ error missing-purge-protection infra/main.json"],
        ),
        (
            "infra/main.json",
            r#""keySize": 2048"#,
            r#""keySize": 1024"#,
            &["+ error key-not-rsa-2048 infra/main.json"],
        ),
        (
            "infra/main.json",
            r#""kty": "RSA""#,
            r#""kty": "EC""#,
            &["+ error key-not-rsa-2048 infra/main.json"],
        ),
    ],
};

/// Resources by symbolic names.
pub(super) const SYMBOLIC_NAMES: Chain = Chain {
    project: "symbolic-names",
    mends: &[
        (
            "infra/main.json",
            "RSA-HSM",
            "RSA",
            &["+ warning key-not-rsa-2048 infra/main.json"],
        ),
        (
            "infra/main.json",
            "b24988ac-6180-42a0-ab88-20f7382dd24c",
            "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
            &["+ error control-plane-only-grant infra/main.json"],
        ),
    ],
    is_sound: true,
    edits: &[
        (
            "infra/main.json",
            "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
            "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
            &["+ error control-plane-only-grant infra/main.json"],
        ),
        (
            "infra/main.json",
            r#""enableSoftDelete": true"#,
            r#""enableSoftDelete": false"#,
            &["+ error missing-soft-delete infra/main.json"],
        ),
        (
            "infra/main.json",
            r#""enableSoftDelete": true,"#,
            "",
            &["+ warning missing-soft-delete infra/main.json"],
        ),
        (
            "infra/main.json",
            r#""enablePurgeProtection": true"#,
            r#""enablePurgeProtection": false"#,
            &["+ error missing-purge-protection infra/main.json"],
        ),
        (
            "infra/main.json",
            r#""keySize": 2048"#,
            r#""keySize": 2047"#,
            &["+ error key-not-rsa-2048 infra/main.json"],
        ),
        (
            "infra/main.json",
            r#""kty": "RSA""#,
            r#""kty": "oct""#,
            &["+ error key-not-rsa-2048 infra/main.json"],
        ),
    ],
};
