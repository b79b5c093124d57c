//! Projects with policies and what they allow, without an account that the identities work on.

use super::Chain;

/// A script over several lines of UTF-16.
pub(super) const LINES_IN_STRINGS: Chain = Chain {
    project: "lines-in-strings",
    mends: &[(
        "infra/script.json",
        "AzureAI, SandboxArtifacts",
        "AzureAI",
        &["+ error database-level-sandbox-artifacts infra/script.json"],
    )],
    is_sound: true,
    edits: &[
        (
            "infra/script.json",
            "AzureAI",
            "AzureAi",
            &["+ note identity-usage-letter-case infra/script.json"],
        ),
        (
            "infra/script.json",
            "AzureAI",
            "AzureIA",
            &["+ error unknown-identity-usage infra/script.json"],
        ),
        (
            "infra/script.json",
            "AzureAI",
            "AzureAI, AzureAI",
            &["+ note duplicate-identity-policy-entry infra/script.json"],
        ),
        (
            "infra/script.json",
            "AzureAI",
            "All",
            &["+ warning all-identity-usages-granted infra/script.json"],
        ),
        (
            "infra/script.json",
            r#"\"system\""#,
            r#"\"sytem\""#,
            &["+ error malformed-identity-policy infra/script.json"],
        ),
        (
            "infra/script.json",
            "AllowedUsages",
            "AllowedUsage",
            &["+ error malformed-identity-policy infra/script.json"],
        ),
        (
            "infra/script.json",
            "ObjectId",
            "ObjectIds",
            &["+ error malformed-identity-policy infra/script.json"],
        ),
    ],
};

/// A template in one line.
pub(super) const MINIFIED_TEMPLATE: Chain = Chain {
    project: "minified-template",
    mends: &[
        (
            "infra/wharf.json",
            r#""enableSoftDelete":false"#,
            r#""enableSoftDelete":true"#,
            &["+ error missing-soft-delete infra/wharf.json"],
        ),
        (
            "infra/wharf.json",
            r#""location":"eastus","properties":{"keyVaultProperties""#,
            r#""location":"eastus","identity":{"type":"SystemAssigned"},"properties":{"keyVaultProperties""#,
            &["+ error identity-not-assigned-to-cluster infra/wharf.json"],
        ),
        // Two mistakes: a usage that a database can't allow, and none of what the ingestion needs.
        (
            "infra/wharf.json",
            "SandboxArtifacts",
            "NativeIngestion",
            &[
                "+ error database-level-sandbox-artifacts infra/wharf.json",
                "+ error missing-native-ingestion kql/load.kql",
            ],
        ),
    ],
    is_sound: true,
    edits: &[
        (
            "infra/wharf.json",
            r#""type":"SystemAssigned""#,
            r#""type":"UserAssigned""#,
            &[
                "+ error cmk-user-identity-not-assigned infra/wharf.json",
                "+ error identity-not-assigned-to-cluster infra/wharf.json",
                "+ error identity-type-mismatch infra/wharf.json",
            ],
        ),
        (
            "infra/wharf.json",
            "NativeIngestion",
            "ExternalTable",
            &["+ error missing-native-ingestion kql/load.kql"],
        ),
        (
            "infra/wharf.json",
            "NativeIngestion",
            "NativeIngestions",
            &["+ error unknown-identity-usage infra/wharf.json"],
        ),
        (
            "infra/wharf.json",
            "NativeIngestion",
            "nativeingestion",
            &["+ note identity-usage-letter-case infra/wharf.json"],
        ),
        (
            "infra/wharf.json",
            "'ObjectId':'system',",
            "",
            &["+ error malformed-identity-policy infra/wharf.json"],
        ),
        (
            "infra/wharf.json",
            "'ObjectId':'system'",
            "'ObjectId':'11111111-2222-4333-8444-555555555501'",
            &[
                "+ warning identity-mismatch infra/wharf.json",
                "+ warning missing-native-ingestion kql/load.kql",
            ],
        ),
        (
            "infra/wharf.json",
            "'AllowedUsages'",
            "'AllowedUsage'",
            &["+ error malformed-identity-policy infra/wharf.json"],
        ),
        (
            "kql/load.kql",
            "managed_identity=system",
            "managed_identity=11111111-2222-4333-8444-555555555501",
            &[
                "+ warning identity-mismatch infra/wharf.json",
                "+ warning missing-native-ingestion kql/load.kql",
            ],
        ),
        (
            "infra/wharf.json",
            r#""enablePurgeProtection":true"#,
            r#""enablePurgeProtection":false"#,
            &["+ error missing-purge-protection infra/wharf.json"],
        ),
    ],
};

/// What a pipeline fills in. The second ingestion has a placeholder of its own, whose policy may be any: it speaks when
/// no policy at all can allow it.
pub(super) const PLACEHOLDERS: Chain = Chain {
    project: "placeholders",
    mends: &[(
        "kql/load.kql",
        "ExternalTable",
        "NativeIngestion",
        &[
            "+ error missing-native-ingestion kql/load.kql",
            "+ note direct-ingestion-identity kql/load.kql",
        ],
    )],
    is_sound: true,
    edits: &[
        (
            "kql/load.kql",
            "NativeIngestion",
            "NativeIngestions",
            &[
                "+ error unknown-identity-usage kql/load.kql",
                "+ note direct-ingestion-identity kql/load.kql",
            ],
        ),
        (
            "kql/load.kql",
            "NativeIngestion",
            "ExportRequest, ExternalTable",
            &[
                "+ error missing-native-ingestion kql/load.kql",
                "+ note direct-ingestion-identity kql/load.kql",
            ],
        ),
        (
            "kql/load.kql",
            "'ObjectId':'$(LoaderObjectId)',",
            "",
            &[
                "+ error malformed-identity-policy kql/load.kql",
                "+ note direct-ingestion-identity kql/load.kql",
            ],
        ),
        (
            "kql/load.kql",
            "AllowedUsages",
            "AllowedUsage",
            &["+ error malformed-identity-policy kql/load.kql"],
        ),
        // Another placeholder may be filled in with the same identity.
        ("kql/load.kql", "$(LoaderObjectId)", "$(LoadObjectId)", &[]),
        (
            "infra/vault.json",
            r#""[parameters('protect')]""#,
            "false",
            &["+ warning missing-purge-protection infra/vault.json"],
        ),
        (
            "infra/vault.json",
            r#""[parameters('keySize')]""#,
            "1024",
            &["+ warning key-not-rsa-2048 infra/vault.json"],
        ),
        (
            "infra/vault.json",
            r#""RSA""#,
            r#""EC""#,
            &["+ warning key-not-rsa-2048 infra/vault.json"],
        ),
    ],
};

/// Policies in a template, uses in a script.
pub(super) const POLICY_IN_TEMPLATE: Chain = Chain {
    project: "policy-in-template",
    mends: &[
        (
            "infra/database.json",
            "ExternalTable, ExportRequest",
            "NativeIngestion, ExportRequest",
            &["+ error missing-native-ingestion kql/load.kql"],
        ),
        (
            "kql/load.kql",
            "0e9d4b57-a3c2-4618-b5f4-2c8d71e6f09a",
            "f1a0c3d8-52be-49f7-8e10-7ad96c3b2481",
            &["+ warning missing-native-ingestion kql/load.kql"],
        ),
    ],
    is_sound: true,
    edits: &[
        (
            "infra/database.json",
            r#"\"NativeIngestion\""#,
            r#"\"ExternalTable\""#,
            &[
                "+ error missing-native-ingestion kql/load.kql",
                "+ error missing-native-ingestion kql/load.kql",
            ],
        ),
        (
            "infra/database.json",
            "NativeIngestion, ",
            "NativIngestion, ",
            &["+ error unknown-identity-usage infra/database.json"],
        ),
        (
            "infra/database.json",
            "b7e42d90",
            "b7e42d91",
            &[
                "+ warning identity-mismatch infra/database.json",
                "+ warning missing-native-ingestion kql/load.kql",
            ],
        ),
        (
            "infra/database.json",
            "f1a0c3d8",
            "f1a0c3d9",
            &[
                "+ warning identity-mismatch infra/database.json",
                "+ warning missing-native-ingestion kql/load.kql",
                "+ warning missing-native-ingestion kql/load.kql",
            ],
        ),
        (
            "infra/database.json",
            r#"\"ObjectId\": \"b7e42d90-1c65-4f0a-9d33-60f8a2c4e715\", "#,
            "",
            &["+ error malformed-identity-policy infra/database.json"],
        ),
        (
            "infra/database.json",
            ".alter database Cores",
            ".alter database Core",
            &[
                "+ warning identity-policy-on-other-database infra/database.json",
                "+ warning missing-native-ingestion kql/load.kql",
            ],
        ),
        (
            "kql/load.kql",
            "database('Cores')",
            "database('Drills')",
            &[
                "+ warning identity-policy-on-other-database infra/database.json",
                "+ warning missing-native-ingestion kql/load.kql",
            ],
        ),
        (
            "kql/load.kql",
            "managed_identity=b7e42d90",
            "managed_identity=b7e42d91",
            &[
                "+ warning identity-mismatch infra/database.json",
                "+ warning missing-native-ingestion kql/load.kql",
            ],
        ),
        (
            "kql/load.kql",
            "h'https://glaciercores.blob.core.windows.net/layers",
            "h'https://glaciercores.s3.eu-west-1.amazonaws.com/layers",
            &["+ error unsupported-identity-flow kql/load.kql"],
        ),
    ],
};

/// Scripts in UTF-16.
pub(super) const UTF16_SCRIPT: Chain = Chain {
    project: "utf16-script",
    mends: &[
        // Two mistakes: a usage that a database can't allow, and none of what the ingestion needs.
        (
            "kql/policies.kql",
            "SandboxArtifacts",
            "NativeIngestion",
            &[
                "+ error database-level-sandbox-artifacts kql/policies.kql",
                "+ error missing-native-ingestion kql/load.kql",
            ],
        ),
    ],
    is_sound: true,
    edits: &[
        (
            "kql/policies.kql",
            "NativeIngestion",
            "ExternalTable",
            &["+ error missing-native-ingestion kql/load.kql"],
        ),
        (
            "kql/policies.kql",
            "NativeIngestion",
            "NativeIngestion 🚢",
            &["+ error unknown-identity-usage kql/policies.kql"],
        ),
        (
            "kql/policies.kql",
            "AutomatedFlows",
            "automatedflows",
            &["+ note identity-usage-letter-case kql/policies.kql"],
        ),
        (
            "kql/policies.kql",
            "NativeIngestion,AutomatedFlows",
            "All",
            &["+ warning all-identity-usages-granted kql/policies.kql"],
        ),
        (
            "kql/policies.kql",
            "'system'",
            "'système'",
            &["+ error malformed-identity-policy kql/policies.kql"],
        ),
        (
            "kql/policies.kql",
            "'ObjectId':'system',",
            "",
            &["+ error malformed-identity-policy kql/policies.kql"],
        ),
        (
            "kql/load.kql",
            "managed_identity=system",
            "managed_identity=11111111-2222-4333-8444-555555555501",
            &[
                "+ warning identity-mismatch kql/policies.kql",
                "+ warning missing-native-ingestion kql/load.kql",
            ],
        ),
    ],
};
