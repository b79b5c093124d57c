//! Projects that show one mistake in many languages: they stay as they are.

use super::Chain;

/// Pipelines, workflows, deployment scripts and settings.
pub(super) const CARRIERS: Chain = Chain {
    project: "carriers",
    mends: &[],
    is_sound: false,
    edits: &[
        // The identity is on the cluster.
        (
            "infra/factory.json",
            r#""identity": { "type": "SystemAssigned" }"#,
            r#""identity": { "type": "None" }"#,
            &[
                "+ error identity-not-assigned-to-cluster infra/factory.json",
                "+ warning identity-not-assigned-to-cluster infra/factory.json",
                "+ warning identity-not-assigned-to-cluster infra/factory.json",
                "+ warning identity-not-assigned-to-cluster infra/scripts.json",
                "+ warning identity-not-assigned-to-cluster infra/settings.json",
                "+ warning identity-not-assigned-to-cluster infra/settings.json",
            ],
        ),
        // The policy that the ingestion into `Granted` needs.
        (
            "infra/factory.json",
            "NativeIngestion",
            "ExternalTable",
            &["+ error missing-native-ingestion infra/factory.json"],
        ),
        (
            "infra/factory.json",
            "NativeIngestion",
            "NativeIngestions",
            &["+ error unknown-identity-usage infra/factory.json"],
        ),
        (
            "infra/factory.json",
            r#"\"ObjectId\":\"system\",\"AllowedUsages\":\"NativeIngestion\""#,
            r#"\"AllowedUsages\":\"NativeIngestion\""#,
            &["+ error malformed-identity-policy infra/factory.json"],
        ),
        // The database that a linked service names by default.
        (
            "infra/factory.json",
            r#""defaultValue": "Granted""#,
            r#""defaultValue": "Bare""#,
            &["+ warning missing-native-ingestion infra/factory.json"],
        ),
        (
            "infra/factory.json",
            r#""parameters": { "database": "Bare" }"#,
            r#""parameters": { "database": "Granted" }"#,
            &["- warning missing-native-ingestion infra/factory.json"],
        ),
        // The policy that the workflow's ingestion into `Stones` needs.
        (
            "flows/grants.kql",
            r#""NativeIngestion""#,
            r#""ExternalTable""#,
            &["+ error missing-native-ingestion flows/workflow.json"],
        ),
        (
            "flows/grants.kql",
            "database Stones",
            "cluster",
            &[
                "- warning missing-native-ingestion flows/workflow.json",
                "- warning missing-native-ingestion infra/workflow.json",
            ],
        ),
        (
            "flows/grants.kql",
            "555505",
            "555506",
            &["+ warning missing-native-ingestion flows/workflow.json"],
        ),
        (
            "flows/workflow.json",
            r#""db": "Stones""#,
            r#""db": "Shingle""#,
            &["+ warning missing-native-ingestion flows/workflow.json"],
        ),
        // Usages that a database can't allow.
        (
            "infra/workflow.json",
            "SandboxArtifacts",
            "AzureAI",
            &["- error database-level-sandbox-artifacts infra/workflow.json"],
        ),
        (
            "infra/scripts.json",
            r#"SandboxArtifacts\"}]"#,
            r#"AzureIA\"}]"#,
            &[
                "- error database-level-sandbox-artifacts infra/scripts.json",
                "+ error unknown-identity-usage infra/scripts.json",
            ],
        ),
        // Flows that take no identity.
        (
            "infra/settings.json",
            "quarryexample.s3.eu-west-1.amazonaws.com/archive",
            "quarryexample.blob.core.windows.net/archive",
            &["- error unsupported-identity-flow infra/settings.json"],
        ),
    ],
};

/// Commands in other languages.
pub(super) const HOSTS: Chain = Chain {
    project: "hosts",
    mends: &[],
    is_sound: false,
    edits: &[
        // The usage that a database can't allow.
        (
            "ci/deploy.yml",
            "SandboxArtifacts",
            "AzureAI",
            &["- error database-level-sandbox-artifacts ci/deploy.yml"],
        ),
        (
            "ci/workflow.yaml",
            r#"SandboxArtifacts\""#,
            r#"AzureIA\""#,
            &[
                "- error database-level-sandbox-artifacts ci/workflow.yaml",
                "+ error unknown-identity-usage ci/workflow.yaml",
            ],
        ),
        (
            "scripts/request.bash",
            "SandboxArtifacts",
            "azureAI",
            &[
                "- error database-level-sandbox-artifacts scripts/request.bash",
                "+ note identity-usage-letter-case scripts/request.bash",
            ],
        ),
        (
            "infra/script.bicep",
            r#""ObjectId":"system","#,
            "",
            &["+ error malformed-identity-policy infra/script.bicep"],
        ),
        // Policies for identities that a program or a template fills in: they may be for any of the uses.
        (
            "infra/granted.bicep",
            "ExternalTable",
            "NativeIngestion",
            &[
                "- error missing-native-ingestion data/explore.ipynb",
                "- error missing-native-ingestion data/pipeline.json",
                "- error missing-native-ingestion infra/granted.bicep",
                "- error missing-native-ingestion infra/main.tf",
                "- error missing-native-ingestion scripts/load.ps1",
                "- error missing-native-ingestion scripts/load.sh",
                "- error missing-native-ingestion src/load.py",
            ],
        ),
        (
            "infra/main.tf",
            "ExternalTable",
            "NativeIngestion",
            &[
                "- error missing-native-ingestion data/explore.ipynb",
                "- error missing-native-ingestion data/pipeline.json",
                "- error missing-native-ingestion infra/granted.bicep",
                "- error missing-native-ingestion infra/main.tf",
                "- error missing-native-ingestion scripts/load.ps1",
                "- error missing-native-ingestion scripts/load.sh",
                "- error missing-native-ingestion src/load.py",
            ],
        ),
        // Policies for identities by their object ids.
        (
            "scripts/load.ps1",
            "ExternalTable",
            "NativeIngestion",
            &[
                "- error missing-native-ingestion infra/granted.bicep",
                "- error missing-native-ingestion infra/main.tf",
                "- error missing-native-ingestion scripts/load.ps1",
            ],
        ),
        (
            "scripts/load.ps1",
            "ExternalTable",
            "ExternalTables",
            &["+ error unknown-identity-usage scripts/load.ps1"],
        ),
        (
            "scripts/load.sh",
            "AzureAI",
            "NativeIngestion",
            &[
                "- error missing-native-ingestion data/pipeline.json",
                "- error missing-native-ingestion infra/granted.bicep",
                "- error missing-native-ingestion infra/main.tf",
                "- error missing-native-ingestion scripts/load.sh",
            ],
        ),
        (
            "scripts/load.sh",
            r#""AllowedUsages""#,
            r#""AllowedUsage""#,
            &[
                "+ error malformed-identity-policy scripts/load.sh",
                "- error missing-native-ingestion data/pipeline.json",
                "- error missing-native-ingestion infra/granted.bicep",
                "- error missing-native-ingestion infra/main.tf",
                "- error missing-native-ingestion scripts/load.sh",
            ],
        ),
        (
            "scripts/load.ps1",
            "managed_identity=11111111-2222-4333-8444-555555555501",
            "managed_identity=11111111-2222-4333-8444-555555555503",
            &[
                "- error missing-native-ingestion scripts/load.ps1",
                "+ warning missing-native-ingestion scripts/load.ps1",
            ],
        ),
        (
            "data/pipeline.json",
            "555502",
            "555504",
            &[
                "- error missing-native-ingestion data/pipeline.json",
                "+ warning missing-native-ingestion data/pipeline.json",
            ],
        ),
        // What is written in documentation neither grants nor asks.
        ("docs/README.md", r#""NativeIngestion""#, r#""ExternalTable""#, &[]),
        (
            "docs/README.md",
            r#""NativeIngestion""#,
            r#""NativeIngestions""#,
            &["+ error unknown-identity-usage docs/README.md"],
        ),
    ],
};
