//! Projects with a cluster, the vault of its key, and no more.

use super::Chain;

/// A vault and a cluster for each site.
pub(super) const CONDITIONS_AND_LOOPS: Chain = Chain {
    project: "conditions-and-loops",
    mends: &[(
        "infra/sites.json",
        "null()",
        "true()",
        &["+ warning missing-purge-protection infra/sites.json"],
    )],
    is_sound: true,
    edits: &[
        (
            "infra/sites.json",
            "true(), true()",
            "false(), false()",
            &["+ error missing-purge-protection infra/sites.json"],
        ),
        (
            "infra/sites.json",
            "true(), true()",
            "false(), true()",
            &["+ warning missing-purge-protection infra/sites.json"],
        ),
        (
            "infra/sites.json",
            "equals(parameters('stage'), 'prod'), true(), true()",
            "equals(parameters('stage'), 'test'), true(), null()",
            &["+ error missing-purge-protection infra/sites.json"],
        ),
        (
            "infra/sites.json",
            r#""enableSoftDelete": true"#,
            r#""enableSoftDelete": false"#,
            &["+ error missing-soft-delete infra/sites.json"],
        ),
        (
            "infra/sites.json",
            r#""enableSoftDelete": true,"#,
            "",
            &["+ warning missing-soft-delete infra/sites.json"],
        ),
        (
            "infra/sites.json",
            r#""enableSoftDelete": true"#,
            r#""enableSoftDelete": "[equals(copyIndex(), 1)]""#,
            &["+ error missing-soft-delete infra/sites.json"],
        ),
    ],
};

/// A vault in a linked template.
pub(super) const LINKED_TEMPLATES: Chain = Chain {
    project: "linked-templates",
    mends: &[(
        "infra/env/dev.json",
        "false",
        "true",
        &["+ error missing-purge-protection infra/nested/vault.json"],
    )],
    is_sound: true,
    edits: &[
        (
            "infra/env/prod.json",
            "true",
            "false",
            &["+ error missing-purge-protection infra/nested/vault.json"],
        ),
        (
            "infra/azuredeploy.json",
            r#""[parameters('purgeProtection')]""#,
            "false",
            &["+ error missing-purge-protection infra/nested/vault.json"],
        ),
        (
            "infra/nested/vault.json",
            r#""[parameters('purgeProtection')]""#,
            "null",
            &["+ error missing-purge-protection infra/nested/vault.json"],
        ),
        (
            "infra/nested/vault.json",
            r#""enableSoftDelete": true"#,
            r#""enableSoftDelete": false"#,
            &["+ error missing-soft-delete infra/nested/vault.json"],
        ),
        (
            "infra/nested/vault.json",
            r#""enableSoftDelete": true,"#,
            "",
            &["+ warning missing-soft-delete infra/nested/vault.json"],
        ),
    ],
};

/// A vault and its key in a nested deployment.
pub(super) const NESTED_DEPLOYMENT: Chain = Chain {
    project: "nested-deployment",
    mends: &[
        (
            "infra/main.json",
            r#""enablePurgeProtection": null"#,
            r#""enablePurgeProtection": true"#,
            &["+ error missing-purge-protection infra/main.json"],
        ),
        (
            "infra/main.json",
            "1024",
            "2048",
            &["+ error key-not-rsa-2048 infra/main.json"],
        ),
    ],
    is_sound: true,
    edits: &[
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
            "infra/main.json",
            r#""enableSoftDelete": true,"#,
            "",
            &["+ warning missing-soft-delete infra/main.json"],
        ),
        (
            "infra/main.json",
            r#""kty": "RSA""#,
            r#""kty": "RSA-HSM""#,
            &["+ warning key-not-rsa-2048 infra/main.json"],
        ),
        (
            "infra/main.json",
            r#""kty": "RSA""#,
            r#""kty": "EC""#,
            &["+ error key-not-rsa-2048 infra/main.json"],
        ),
        (
            "infra/main.json",
            "2048",
            "4096",
            &["+ warning key-not-rsa-2048 infra/main.json"],
        ),
    ],
};

/// A key whose kind stands in a parameter file.
pub(super) const PARAMETER_FILE_DECIDES: Chain = Chain {
    project: "parameter-file-decides",
    mends: &[(
        "infra/keys.parameters.json",
        r#""EC""#,
        r#""RSA""#,
        &["+ error key-not-rsa-2048 infra/keys.json"],
    )],
    is_sound: true,
    edits: &[
        (
            "infra/keys.parameters.json",
            r#""RSA""#,
            r#""RSA-HSM""#,
            &["+ warning key-not-rsa-2048 infra/keys.json"],
        ),
        (
            "infra/keys.json",
            "2048",
            "3072",
            &["+ warning key-not-rsa-2048 infra/keys.json"],
        ),
        (
            "infra/keys.json",
            "2048",
            "1024",
            &["+ error key-not-rsa-2048 infra/keys.json"],
        ),
        (
            "infra/keys.json",
            r#""enableSoftDelete": true"#,
            r#""enableSoftDelete": false"#,
            &["+ error missing-soft-delete infra/keys.json"],
        ),
        (
            "infra/keys.json",
            r#""enablePurgeProtection": true"#,
            r#""enablePurgeProtection": false"#,
            &["+ error missing-purge-protection infra/keys.json"],
        ),
    ],
};

/// A template for two rings.
pub(super) const TWO_PARAMETER_FILES: Chain = Chain {
    project: "two-parameter-files",
    mends: &[
        (
            "infra/vault.parameters.canary.json",
            "false",
            "true",
            &["+ error missing-purge-protection infra/vault.json"],
        ),
        (
            "infra/vault.parameters.main.json",
            "3072",
            "2048",
            &["+ warning key-not-rsa-2048 infra/vault.json"],
        ),
    ],
    is_sound: true,
    edits: &[
        (
            "infra/vault.json",
            r#""defaultValue": true"#,
            r#""defaultValue": false"#,
            &["+ error missing-purge-protection infra/vault.json"],
        ),
        (
            "infra/vault.json",
            r#""defaultValue": 2048"#,
            r#""defaultValue": 4096"#,
            &["+ warning key-not-rsa-2048 infra/vault.json"],
        ),
        (
            "infra/vault.parameters.main.json",
            "2048",
            "512",
            &["+ error key-not-rsa-2048 infra/vault.json"],
        ),
        (
            "infra/vault.json",
            r#""enableSoftDelete": true"#,
            r#""enableSoftDelete": false"#,
            &["+ error missing-soft-delete infra/vault.json"],
        ),
        (
            "infra/vault.json",
            r#""kty": "RSA""#,
            r#""kty": "EC""#,
            &["+ error key-not-rsa-2048 infra/vault.json"],
        ),
    ],
};
