//! The commands and their options.
//!
//! Sources: customer-managed-keys.md, 03/15/2026 (`az kusto cluster update`, `Update-AzKustoCluster`,
//! `KustoKeyVaultProperties`), its include for PowerShell, 03/25/2020 (`New-AzKeyVault`, `Set-AzKeyVaultAccessPolicy`,
//! `Add-AzKeyVaultKey`); for what holds without an option the definition of Microsoft.KeyVault, API version 2025-05-01. The
//! names of the other commands and options are those of the programs; no document that the rules rest on lists them.

use super::{CommandRow, Effect, OptionRow, Reads, Silent};

const VAULTS: &str = "Microsoft.KeyVault/vaults";
const KEYS: &str = "Microsoft.KeyVault/vaults/keys";
const POLICIES: &str = "Microsoft.KeyVault/vaults/accessPolicies";
const CLUSTERS: &str = "Microsoft.Kusto/clusters";
const IDENTITIES: &str = "Microsoft.ManagedIdentity/userAssignedIdentities";
const ROLES: &str = "Microsoft.Authorization/roleAssignments";
const ACCOUNTS: &str = "Microsoft.Storage/storageAccounts";

const SOFT_DELETE: &[&str] = &["properties", "enableSoftDelete"];
const PURGE_PROTECTION: &[&str] = &["properties", "enablePurgeProtection"];
const ROLES_ONLY: &[&str] = &["properties", "enableRbacAuthorization"];
const OBJECT: &[&str] = &["properties", "accessPolicies", "[]", "objectId"];
const KEY_PERMISSIONS: &[&str] = &["properties", "accessPolicies", "[]", "permissions", "keys"];
const CLUSTER_KEY: &[&str] = &["properties", "keyVaultProperties"];
const ENABLED: &[&str] = &["properties", "attributes", "enabled"];
const EXPIRES: &[&str] = &["properties", "attributes", "exp"];

/// The properties of a cluster's key by what the commands of the CLI call them.
const KEY_PAIRS: &[(&str, &str)] = &[
    ("key-name", "keyName"),
    ("key-vault-uri", "keyVaultUri"),
    ("key-version", "keyVersion"),
    ("key-user-identity", "userIdentity"),
];

/// A vault that is made has soft delete unless it is told not to; the other defaults are those of the command. An access
/// policy for whoever runs it is none for a cluster.
const NEW_VAULT: &[Silent] = &[
    told(SOFT_DELETE, true),
    untold(ROLES_ONLY),
    untold(&["location"]),
    untold(&["apiVersion"]),
];

/// What commands on clusters say nothing of, or what documents do not tell of them.
const OF_CLUSTER: &[Silent] = &[
    untold(&["identity"]),
    untold(&["location"]),
    untold(&["apiVersion"]),
    untold(&["properties", "calloutPolicies"]),
];

/// Commands that change a key leave its kind and size as they are.
const OF_KEY: &[Silent] = &[untold(&["properties", "kty"]), untold(&["properties", "keySize"])];

/// Nothing.
const NOTHING: &[Silent] = &[];

/// Whom an access policy is for, if no option tells it, and its version.
const POLICY: &[Silent] = &[untold(OBJECT), untold(&["apiVersion"])];

/// The commands.
pub const COMMANDS: &[CommandRow] = &[
    row(
        Effect::Makes,
        &["az", "keyvault", "create"],
        VAULTS,
        &[&["--name", "-n"]],
        AZ_VAULT,
        NEW_VAULT,
    ),
    row(
        Effect::Changes,
        &["az", "keyvault", "update"],
        VAULTS,
        &[&["--name", "-n"]],
        AZ_VAULT,
        NEW_VAULT,
    ),
    row(
        Effect::Shows,
        &["az", "keyvault", "show"],
        VAULTS,
        &[&["--name", "-n"]],
        &[],
        NOTHING,
    ),
    row(
        Effect::Makes,
        &["az", "keyvault", "key", "create"],
        KEYS,
        &[&["--vault-name"], &["--name", "-n"]],
        &[
            option(&["--kty"], &["properties", "kty"], Reads::Text),
            option(&["--protection", "-p"], &["properties", "kty"], Reads::Protection),
            option(&["--size"], &["properties", "keySize"], Reads::Text),
            option(&["--curve"], &["properties", "curveName"], Reads::Text),
            option(&["--ops"], &["properties", "keyOps"], Reads::List),
            option(&["--disabled"], ENABLED, Reads::Opposite),
            option(&["--expires"], EXPIRES, Reads::Untold),
        ],
        NOTHING,
    ),
    row(
        Effect::Changes,
        &["az", "keyvault", "key", "set-attributes"],
        KEYS,
        &[&["--vault-name"], &["--name", "-n"]],
        &[
            option(&["--ops"], &["properties", "keyOps"], Reads::List),
            option(&["--enabled"], ENABLED, Reads::Switch),
            option(&["--expires"], EXPIRES, Reads::Untold),
        ],
        OF_KEY,
    ),
    row(
        Effect::Makes,
        &["az", "keyvault", "set-policy"],
        POLICIES,
        &[&["--name", "-n"]],
        &[
            option(&["--object-id"], OBJECT, Reads::Text),
            option(&["--spn"], OBJECT, Reads::Untold),
            option(&["--upn"], OBJECT, Reads::Untold),
            option(&["--key-permissions"], KEY_PERMISSIONS, Reads::List),
        ],
        POLICY,
    ),
    row(
        Effect::Makes,
        &["az", "kusto", "cluster", "create"],
        CLUSTERS,
        &[&["--cluster-name", "--name", "-n"]],
        AZ_CLUSTER,
        OF_CLUSTER,
    ),
    row(
        Effect::Changes,
        &["az", "kusto", "cluster", "update"],
        CLUSTERS,
        &[&["--cluster-name", "--name", "-n"]],
        AZ_CLUSTER,
        OF_CLUSTER,
    ),
    row(
        Effect::Shows,
        &["az", "kusto", "cluster", "show"],
        CLUSTERS,
        &[&["--cluster-name", "--name", "-n"]],
        &[],
        NOTHING,
    ),
    row(
        Effect::Makes,
        &["az", "role", "assignment", "create"],
        ROLES,
        &[],
        &[
            option(&["--assignee-object-id"], &["properties", "principalId"], Reads::Text),
            option(&["--assignee"], &["properties", "principalId"], Reads::Principal),
            option(
                &["--assignee-principal-type"],
                &["properties", "principalType"],
                Reads::Text,
            ),
            option(&["--role"], &["properties", "roleDefinitionId"], Reads::Role),
            option(&["--scope"], &["scope"], Reads::Text),
        ],
        NOTHING,
    ),
    row(
        Effect::Shows,
        &["az", "identity", "create"],
        IDENTITIES,
        &[&["--name", "-n"]],
        &[],
        NOTHING,
    ),
    row(
        Effect::Shows,
        &["az", "identity", "show"],
        IDENTITIES,
        &[&["--name", "-n"]],
        &[],
        NOTHING,
    ),
    row(
        Effect::Shows,
        &["az", "storage", "account", "show"],
        ACCOUNTS,
        &[&["--name", "-n"]],
        &[],
        NOTHING,
    ),
    row(
        Effect::Makes,
        &["new-azkeyvault"],
        VAULTS,
        &[&["-vaultname", "-name"]],
        PS_VAULT,
        NEW_VAULT,
    ),
    row(
        Effect::Changes,
        &["update-azkeyvault"],
        VAULTS,
        &[&["-vaultname", "-name"]],
        PS_VAULT,
        NEW_VAULT,
    ),
    row(
        Effect::Shows,
        &["get-azkeyvault"],
        VAULTS,
        &[&["-vaultname", "-name"]],
        &[],
        NOTHING,
    ),
    row(
        Effect::Makes,
        &["add-azkeyvaultkey"],
        KEYS,
        &[&["-vaultname"], &["-name", "-keyname"]],
        &[
            option(&["-keytype"], &["properties", "kty"], Reads::Text),
            option(&["-destination"], &["properties", "kty"], Reads::Protection),
            option(&["-size"], &["properties", "keySize"], Reads::Text),
            option(&["-curvename"], &["properties", "curveName"], Reads::Text),
            option(&["-keyops"], &["properties", "keyOps"], Reads::List),
            option(&["-disable"], ENABLED, Reads::Opposite),
            option(&["-expires"], EXPIRES, Reads::Untold),
        ],
        NOTHING,
    ),
    row(
        Effect::Changes,
        &["update-azkeyvaultkey"],
        KEYS,
        &[&["-vaultname"], &["-name", "-keyname"]],
        &[
            option(&["-keyops"], &["properties", "keyOps"], Reads::List),
            option(&["-enable"], ENABLED, Reads::Switch),
            option(&["-expires"], EXPIRES, Reads::Untold),
        ],
        OF_KEY,
    ),
    row(
        Effect::Makes,
        &["set-azkeyvaultaccesspolicy"],
        POLICIES,
        &[&["-vaultname"]],
        &[
            option(&["-objectid"], OBJECT, Reads::Text),
            option(&["-serviceprincipalname"], OBJECT, Reads::Untold),
            option(&["-userprincipalname"], OBJECT, Reads::Untold),
            option(&["-emailaddress"], OBJECT, Reads::Untold),
            option(&["-permissionstokeys"], KEY_PERMISSIONS, Reads::List),
        ],
        POLICY,
    ),
    row(
        Effect::Makes,
        &["new-azkustocluster"],
        CLUSTERS,
        &[&["-name", "-clustername"]],
        PS_CLUSTER,
        OF_CLUSTER,
    ),
    row(
        Effect::Changes,
        &["update-azkustocluster"],
        CLUSTERS,
        &[&["-name", "-clustername"]],
        PS_CLUSTER,
        OF_CLUSTER,
    ),
    row(
        Effect::Shows,
        &["get-azkustocluster"],
        CLUSTERS,
        &[&["-name", "-clustername"]],
        &[],
        NOTHING,
    ),
    row(
        Effect::Makes,
        &["new-azroleassignment"],
        ROLES,
        &[],
        &[
            option(
                &["-objectid", "-id", "-principalid"],
                &["properties", "principalId"],
                Reads::Text,
            ),
            option(
                &["-objecttype", "-principaltype"],
                &["properties", "principalType"],
                Reads::Text,
            ),
            option(
                &["-roledefinitionname"],
                &["properties", "roleDefinitionId"],
                Reads::Role,
            ),
            option(&["-roledefinitionid"], &["properties", "roleDefinitionId"], Reads::Role),
            option(&["-scope"], &["scope"], Reads::Text),
            option(&["-resourcename"], &["scope"], Reads::Untold),
        ],
        NOTHING,
    ),
    row(
        Effect::Shows,
        &["new-azuserassignedidentity"],
        IDENTITIES,
        &[&["-name"]],
        &[],
        NOTHING,
    ),
    row(
        Effect::Shows,
        &["get-azuserassignedidentity"],
        IDENTITIES,
        &[&["-name"]],
        &[],
        NOTHING,
    ),
    row(
        Effect::Shows,
        &["get-azstorageaccount"],
        ACCOUNTS,
        &[&["-name", "-accountname"]],
        &[],
        NOTHING,
    ),
    row(
        Effect::Makes,
        &["kustokeyvaultproperties"],
        CLUSTERS,
        &[],
        &[
            option(
                &["keyname"],
                &["properties", "keyVaultProperties", "keyName"],
                Reads::Text,
            ),
            option(
                &["keyversion"],
                &["properties", "keyVaultProperties", "keyVersion"],
                Reads::Text,
            ),
            option(
                &["keyvaulturi"],
                &["properties", "keyVaultProperties", "keyVaultUri"],
                Reads::Text,
            ),
            option(
                &["useridentity"],
                &["properties", "keyVaultProperties", "userIdentity"],
                Reads::Text,
            ),
        ],
        OF_CLUSTER,
    ),
];

/// Options of the CLI's commands on vaults.
const AZ_VAULT: &[OptionRow] = &[
    option(&["--enable-soft-delete"], SOFT_DELETE, Reads::Switch),
    option(&["--enable-purge-protection"], PURGE_PROTECTION, Reads::Switch),
    option(&["--enable-rbac-authorization"], ROLES_ONLY, Reads::Switch),
    option(&["--location", "-l"], &["location"], Reads::Text),
];

/// Options of the CLI's commands on clusters.
const AZ_CLUSTER: &[OptionRow] = &[
    option(&["--key-vault-properties"], CLUSTER_KEY, Reads::Pairs(KEY_PAIRS)),
    option(&["--location", "-l"], &["location"], Reads::Text),
];

/// Options of PowerShell's commands on vaults.
const PS_VAULT: &[OptionRow] = &[
    option(&["-enablesoftdelete"], SOFT_DELETE, Reads::Switch),
    option(&["-disablesoftdelete"], SOFT_DELETE, Reads::Opposite),
    option(&["-enablepurgeprotection"], PURGE_PROTECTION, Reads::Switch),
    option(&["-enablerbacauthorization"], ROLES_ONLY, Reads::Switch),
    option(&["-disablerbacauthorization"], ROLES_ONLY, Reads::Opposite),
    option(&["-location"], &["location"], Reads::Text),
];

/// Options of PowerShell's commands on clusters.
const PS_CLUSTER: &[OptionRow] = &[
    option(
        &["-keyvaultpropertykeyname"],
        &["properties", "keyVaultProperties", "keyName"],
        Reads::Text,
    ),
    option(
        &["-keyvaultpropertykeyversion"],
        &["properties", "keyVaultProperties", "keyVersion"],
        Reads::Text,
    ),
    option(
        &["-keyvaultpropertykeyvaulturi"],
        &["properties", "keyVaultProperties", "keyVaultUri"],
        Reads::Text,
    ),
    option(
        &["-keyvaultpropertyuseridentity"],
        &["properties", "keyVaultProperties", "userIdentity"],
        Reads::Text,
    ),
    option(&["-location"], &["location"], Reads::Text),
];

const fn row(
    effect: Effect,
    words: &'static [&'static str],
    kind: &'static str,
    names: &'static [&'static [&'static str]],
    options: &'static [OptionRow],
    silent: &'static [Silent],
) -> CommandRow {
    CommandRow {
        words,
        effect,
        kind,
        names,
        options,
        silent,
    }
}

const fn option(names: &'static [&'static str], path: &'static [&'static str], reads: Reads) -> OptionRow {
    OptionRow { names, path, reads }
}

const fn told(path: &'static [&'static str], value: bool) -> Silent {
    Silent {
        path,
        value: Some(value),
    }
}

const fn untold(path: &'static [&'static str]) -> Silent {
    Silent { path, value: None }
}
