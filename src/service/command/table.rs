//! The commands and their options.
//!
//! Sources, the first that lists a name:
//!
//! * customer-managed-keys.md, 03/15/2026: `az kusto cluster update`, `Update-AzKustoCluster`, `KustoKeyVaultProperties`.
//! * Its include for PowerShell, 03/25/2020: `New-AzKeyVault`, `Set-AzKeyVaultAccessPolicy`, `Add-AzKeyVaultKey`.
//! * The reference pages of the programs, each named by its row as "reference" with the name of the page: those of the Azure
//!   CLI 2 (`az keyvault`, `az keyvault key`, `az role assignment`, `az identity`, `az storage account`, and `az kusto
//!   cluster` of the extension `kusto`) and of Azure PowerShell (`Az.KeyVault`, `Az.Kusto`, `Az.Resources`,
//!   `Az.ManagedServiceIdentity`, `Az.Storage`). They are written from memory and bear no date here.
//! * For what holds without an option the definition of Microsoft.KeyVault, API version 2025-05-01.
//!
//! An option of an earlier edition of a reference, which the present program may refuse, is [`former`]: what rests on it is
//! known under that condition only, so that no error comes of it.

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
    // Reference: az keyvault create.
    row(
        Effect::Makes,
        &["az", "keyvault", "create"],
        VAULTS,
        &[&["--name", "-n"]],
        AZ_VAULT,
        NEW_VAULT,
    ),
    // Reference: az keyvault update.
    row(
        Effect::Changes,
        &["az", "keyvault", "update"],
        VAULTS,
        &[&["--name", "-n"]],
        AZ_VAULT,
        NEW_VAULT,
    ),
    // Reference: az keyvault show.
    row(
        Effect::Shows,
        &["az", "keyvault", "show"],
        VAULTS,
        &[&["--name", "-n"]],
        &[],
        NOTHING,
    ),
    // Reference: az keyvault key create. Without `--kty` the key is RSA, without `--size` its size is the default of the service.
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
    // Reference: az keyvault key set-attributes. With `--version` it changes one version, which need not be the current one.
    apart(
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
        &["--version", "-v"],
    ),
    // Reference: az keyvault set-policy.
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
    // Reference: az kusto cluster create, of the extension.
    row(
        Effect::Makes,
        &["az", "kusto", "cluster", "create"],
        CLUSTERS,
        &[&["--cluster-name", "--name", "-n"]],
        AZ_CLUSTER,
        OF_CLUSTER,
    ),
    // customer-managed-keys.md, 03/15/2026; `--location` by the reference: az kusto cluster update.
    row(
        Effect::Changes,
        &["az", "kusto", "cluster", "update"],
        CLUSTERS,
        &[&["--cluster-name", "--name", "-n"]],
        AZ_CLUSTER,
        OF_CLUSTER,
    ),
    // Reference: az kusto cluster show.
    row(
        Effect::Shows,
        &["az", "kusto", "cluster", "show"],
        CLUSTERS,
        &[&["--cluster-name", "--name", "-n"]],
        &[],
        NOTHING,
    ),
    // Reference: az role assignment create; `--resource-group` as a scope by earlier editions of it.
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
            former(&["--resource-group", "-g"], &["scope"], Reads::Untold),
        ],
        NOTHING,
    ),
    // Reference: az identity create.
    row(
        Effect::Shows,
        &["az", "identity", "create"],
        IDENTITIES,
        &[&["--name", "-n"]],
        &[],
        NOTHING,
    ),
    // Reference: az identity show.
    row(
        Effect::Shows,
        &["az", "identity", "show"],
        IDENTITIES,
        &[&["--name", "-n"]],
        &[],
        NOTHING,
    ),
    // Reference: az storage account show.
    row(
        Effect::Shows,
        &["az", "storage", "account", "show"],
        ACCOUNTS,
        &[&["--name", "-n"]],
        &[],
        NOTHING,
    ),
    // Include of customer-managed-keys.md, 03/25/2020, and reference: New-AzKeyVault.
    row(
        Effect::Makes,
        &["New-AzKeyVault"],
        VAULTS,
        &[&["-Name", "-VaultName"]],
        PS_NEW_VAULT,
        NEW_VAULT,
    ),
    // Reference: Update-AzKeyVault.
    row(
        Effect::Changes,
        &["Update-AzKeyVault"],
        VAULTS,
        &[&["-VaultName", "-Name"]],
        PS_OLD_VAULT,
        NEW_VAULT,
    ),
    // Reference: Get-AzKeyVault.
    row(
        Effect::Shows,
        &["Get-AzKeyVault"],
        VAULTS,
        &[&["-VaultName", "-Name"]],
        &[],
        NOTHING,
    ),
    // Include of customer-managed-keys.md, 03/25/2020, and reference: Add-AzKeyVaultKey. The kind of an imported key is that of the
    // file.
    row(
        Effect::Makes,
        &["Add-AzKeyVaultKey"],
        KEYS,
        &[&["-VaultName"], &["-Name", "-KeyName"]],
        &[
            option(&["-KeyType"], &["properties", "kty"], Reads::Text),
            option(&["-Destination"], &["properties", "kty"], Reads::Protection),
            option(&["-KeyFilePath"], &["properties", "kty"], Reads::Untold),
            option(&["-Size"], &["properties", "keySize"], Reads::Text),
            option(&["-CurveName"], &["properties", "curveName"], Reads::Text),
            option(&["-KeyOps"], &["properties", "keyOps"], Reads::List),
            option(&["-Disable"], ENABLED, Reads::Opposite),
            option(&["-Expires"], EXPIRES, Reads::Untold),
        ],
        NOTHING,
    ),
    // Reference: Update-AzKeyVaultKey. With `-Version` it changes one version, which need not be the current one.
    apart(
        row(
            Effect::Changes,
            &["Update-AzKeyVaultKey"],
            KEYS,
            &[&["-VaultName"], &["-Name", "-KeyName"]],
            &[
                option(&["-KeyOps"], &["properties", "keyOps"], Reads::List),
                option(&["-Enable"], ENABLED, Reads::Truth),
                option(&["-Expires"], EXPIRES, Reads::Untold),
            ],
            OF_KEY,
        ),
        &["-Version", "-KeyVersion"],
    ),
    // Include of customer-managed-keys.md, 03/25/2020, and reference: Set-AzKeyVaultAccessPolicy.
    row(
        Effect::Makes,
        &["Set-AzKeyVaultAccessPolicy"],
        POLICIES,
        &[&["-VaultName"]],
        &[
            option(&["-ObjectId"], OBJECT, Reads::Text),
            option(&["-ServicePrincipalName"], OBJECT, Reads::Untold),
            option(&["-UserPrincipalName"], OBJECT, Reads::Untold),
            option(&["-EmailAddress"], OBJECT, Reads::Untold),
            option(&["-PermissionsToKeys"], KEY_PERMISSIONS, Reads::List),
        ],
        POLICY,
    ),
    // Reference: New-AzKustoCluster.
    row(
        Effect::Makes,
        &["New-AzKustoCluster"],
        CLUSTERS,
        &[&["-Name", "-ClusterName"]],
        PS_CLUSTER,
        OF_CLUSTER,
    ),
    // customer-managed-keys.md, 03/15/2026; `-KeyVaultPropertyUserIdentity` by the reference: Update-AzKustoCluster.
    row(
        Effect::Changes,
        &["Update-AzKustoCluster"],
        CLUSTERS,
        &[&["-Name", "-ClusterName"]],
        PS_CLUSTER,
        OF_CLUSTER,
    ),
    // Reference: Get-AzKustoCluster.
    row(
        Effect::Shows,
        &["Get-AzKustoCluster"],
        CLUSTERS,
        &[&["-Name", "-ClusterName"]],
        &[],
        NOTHING,
    ),
    // Reference: New-AzRoleAssignment.
    row(
        Effect::Makes,
        &["New-AzRoleAssignment"],
        ROLES,
        &[],
        &[
            option(
                &["-ObjectId", "-Id", "-PrincipalId"],
                &["properties", "principalId"],
                Reads::Text,
            ),
            option(
                &["-ObjectType", "-PrincipalType"],
                &["properties", "principalType"],
                Reads::Text,
            ),
            option(
                &["-RoleDefinitionName"],
                &["properties", "roleDefinitionId"],
                Reads::Role,
            ),
            option(&["-RoleDefinitionId"], &["properties", "roleDefinitionId"], Reads::Role),
            option(&["-Scope"], &["scope"], Reads::Text),
            option(&["-ResourceName"], &["scope"], Reads::Untold),
            option(&["-ResourceGroupName"], &["scope"], Reads::Untold),
            option(
                &["-ApplicationId", "-ServicePrincipalName", "-SPN"],
                &["properties", "principalId"],
                Reads::Untold,
            ),
            option(
                &["-SignInName", "-Email", "-UserPrincipalName"],
                &["properties", "principalId"],
                Reads::Untold,
            ),
        ],
        NOTHING,
    ),
    // Reference: New-AzUserAssignedIdentity.
    row(
        Effect::Shows,
        &["New-AzUserAssignedIdentity"],
        IDENTITIES,
        &[&["-Name"]],
        &[],
        NOTHING,
    ),
    // Reference: Get-AzUserAssignedIdentity.
    row(
        Effect::Shows,
        &["Get-AzUserAssignedIdentity"],
        IDENTITIES,
        &[&["-Name"]],
        &[],
        NOTHING,
    ),
    // Reference: Get-AzStorageAccount.
    row(
        Effect::Shows,
        &["Get-AzStorageAccount"],
        ACCOUNTS,
        &[&["-Name", "-AccountName"]],
        &[],
        NOTHING,
    ),
    // customer-managed-keys.md, 03/15/2026.
    row(
        Effect::Makes,
        &["KustoKeyVaultProperties"],
        CLUSTERS,
        &[],
        &[
            option(
                &["KeyName"],
                &["properties", "keyVaultProperties", "keyName"],
                Reads::Text,
            ),
            option(
                &["KeyVersion"],
                &["properties", "keyVaultProperties", "keyVersion"],
                Reads::Text,
            ),
            option(
                &["KeyVaultUri"],
                &["properties", "keyVaultProperties", "keyVaultUri"],
                Reads::Text,
            ),
            option(
                &["UserIdentity"],
                &["properties", "keyVaultProperties", "userIdentity"],
                Reads::Text,
            ),
        ],
        OF_CLUSTER,
    ),
];

/// Options of the CLI's commands on vaults.
const AZ_VAULT: &[OptionRow] = &[
    former(&["--enable-soft-delete"], SOFT_DELETE, Reads::Switch),
    option(&["--enable-purge-protection"], PURGE_PROTECTION, Reads::Switch),
    option(&["--enable-rbac-authorization"], ROLES_ONLY, Reads::Switch),
    option(&["--location", "-l"], &["location"], Reads::Text),
];

/// Options of the CLI's commands on clusters.
const AZ_CLUSTER: &[OptionRow] = &[
    option(&["--key-vault-properties"], CLUSTER_KEY, Reads::Pairs(KEY_PAIRS)),
    option(&["--location", "-l"], &["location"], Reads::Text),
];

/// Options of `New-AzKeyVault`. Soft delete could be left out with one, before it could be asked for with the other.
const PS_NEW_VAULT: &[OptionRow] = &[
    former(&["-EnableSoftDelete"], SOFT_DELETE, Reads::Switch),
    former(&["-DisableSoftDelete"], SOFT_DELETE, Reads::Opposite),
    option(&["-EnablePurgeProtection"], PURGE_PROTECTION, Reads::Switch),
    option(&["-DisableRbacAuthorization"], ROLES_ONLY, Reads::Opposite),
    former(&["-EnableRbacAuthorization"], ROLES_ONLY, Reads::Switch),
    option(&["-Location"], &["location"], Reads::Text),
];

/// Options of `Update-AzKeyVault`.
const PS_OLD_VAULT: &[OptionRow] = &[
    former(&["-EnableSoftDelete"], SOFT_DELETE, Reads::Switch),
    option(&["-EnablePurgeProtection"], PURGE_PROTECTION, Reads::Switch),
    option(&["-DisableRbacAuthorization"], ROLES_ONLY, Reads::Opposite),
    former(&["-EnableRbacAuthorization"], ROLES_ONLY, Reads::Switch),
];

/// Options of PowerShell's commands on clusters.
const PS_CLUSTER: &[OptionRow] = &[
    option(
        &["-KeyVaultPropertyKeyName"],
        &["properties", "keyVaultProperties", "keyName"],
        Reads::Text,
    ),
    option(
        &["-KeyVaultPropertyKeyVersion"],
        &["properties", "keyVaultProperties", "keyVersion"],
        Reads::Text,
    ),
    option(
        &["-KeyVaultPropertyKeyVaultUri"],
        &["properties", "keyVaultProperties", "keyVaultUri"],
        Reads::Text,
    ),
    option(
        &["-KeyVaultPropertyUserIdentity"],
        &["properties", "keyVaultProperties", "userIdentity"],
        Reads::Text,
    ),
    option(&["-Location"], &["location"], Reads::Text),
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
        apart: &[],
    }
}

/// The same command, which is about something else with these options.
const fn apart(row: CommandRow, apart: &'static [&'static str]) -> CommandRow {
    CommandRow { apart, ..row }
}

const fn option(names: &'static [&'static str], path: &'static [&'static str], reads: Reads) -> OptionRow {
    OptionRow {
        names,
        path,
        reads,
        former: false,
    }
}

/// An option that the present edition of the reference does not list.
const fn former(names: &'static [&'static str], path: &'static [&'static str], reads: Reads) -> OptionRow {
    OptionRow {
        names,
        path,
        reads,
        former: true,
    }
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
