//! Command lines in scripts: they make the facts that templates make, and the rules judge both alike.

use kustolint::diagnostic::Severity;
use kustolint::engine::{Input, Outcome, check};

/// Checks files.
fn run(files: &[(&str, &str)]) -> Outcome {
    let inputs = files.iter().map(|(path, text)| Input {
        path: (*path).to_owned(),
        bytes: Ok(text.as_bytes().to_vec()),
        named: false,
        reported: true,
    });
    check(inputs.collect())
}

/// "severity rule at `text`" of each finding.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let outcome = run(files);
    let shown = outcome.findings.iter().map(|finding| {
        let at = finding.primary.at;
        let text = outcome.sources.text(at);
        format!("{} {} at {text}", finding.severity, finding.rule)
    });
    shown.collect()
}

fn holds(files: &[(&str, &str)], expected: &[&str]) {
    assert_eq!(found(files), expected, "{files:#?}");
}

const SET_KEY: &str = "az kusto cluster update -n adx --key-vault-properties key-name=k \
     key-vault-uri=https://kv-a.vault.azure.net/\n";

/// A script with a cluster whose key is in the vault `kv-a`.
fn with_cluster(script: &str) -> String {
    format!("{script}\n{SET_KEY}")
}

#[test]
fn a_vault_of_a_script_is_judged_as_one_of_a_template() {
    for (script, at) in [
        ("az keyvault create -n kv-a -g rg", "kv-a"),
        ("az keyvault create --name=kv-a -g rg", "kv-a"),
        ("V=kv-a\naz keyvault create \\\n  --name \"$V\" -g rg", "$V"),
        (
            "export V='kv-a'\nif true; then\n  az keyvault create --name ${V}\nfi",
            "${V}",
        ),
        ("echo \"$(az keyvault create --name kv-a --query id)\"", "kv-a"),
    ] {
        holds(
            &[("a.sh", &with_cluster(script))],
            &[&format!("error missing-purge-protection at {at}")],
        );
    }
    holds(
        &[(
            "a.sh",
            &with_cluster("az keyvault create -n kv-a --enable-purge-protection false"),
        )],
        &["error missing-purge-protection at false"],
    );
    for script in [
        "az keyvault create -n kv-a --enable-purge-protection",
        "az keyvault create -n kv-a --enable-purge-protection true",
        "az keyvault create -n kv-a --enable-purge true",
        "az keyvault create -n kv-a --enable-purge-protection $PROTECT",
        "az keyvault create -n kv-a \"$@\"",
        "az keyvault create -n kv-a -g rg $MORE",
        "az keyvault show -n kv-a",
        "az keyvault update -n kv-a --enable-soft-delete true",
        "az keyvault create -n kv-a\naz keyvault update --name kv-a --enable-purge-protection true",
        "az keyvault create -n kv-a\naz keyvault update --name $X --enable-purge-protection true",
        "# az keyvault create -n kv-a",
        "cat <<EOF\naz keyvault create -n kv-a\nEOF",
        "echo az keyvault create -n kv-a",
    ] {
        holds(&[("a.sh", &with_cluster(script))], &[]);
    }
}

#[test]
fn a_command_that_changes_a_vault_says_only_what_it_names() {
    holds(
        &[(
            "a.sh",
            &with_cluster("az keyvault update -n kv-a --enable-purge-protection false"),
        )],
        &["error missing-purge-protection at false"],
    );
    holds(
        &[(
            "a.sh",
            &with_cluster("az keyvault update -n kv-a --enable-soft-delete false"),
        )],
        &["warning missing-soft-delete at false"],
    );
}

#[test]
fn power_shell_says_the_same() {
    let script = "$name = 'kv-a'\n$kv = New-AzKeyVault -VaultName $name -ResourceGroupName rg `\n  -Location westeurope\n\
        Add-AzKeyVaultKey -VaultName $name -Name k -KeyType EC -Destination Software\n\
        Update-AzKustoCluster -Name adx -KeyVaultPropertyKeyName k -KeyVaultPropertyKeyVaultUri $kv.VaultUri\n";
    holds(
        &[("a.ps1", script)],
        &[
            "error missing-purge-protection at $name",
            "error key-not-rsa-2048 at EC",
        ],
    );
    let mended = script
        .replace("-Location westeurope", "-Location westeurope -EnablePurgeProtection")
        .replace("-KeyType EC", "-KeyType RSA -Size 2048");
    holds(&[("a.ps1", &mended)], &[]);
    let later = script.replace("-KeyType EC", "-KeyType RSA").replace(
        "Add-Az",
        "Update-AzKeyVault -VaultName $name -EnablePurgeProtection\nAdd-Az",
    );
    holds(&[("a.ps1", &later)], &[]);
    let splatted = script
        .replace("-KeyType EC", "@key")
        .replace("-Location westeurope", "@vault");
    holds(&[("a.ps1", &splatted)], &[]);
}

#[test]
fn keys_of_scripts_are_judged() {
    let key = |more: &str| with_cluster(&format!("az keyvault key create --vault-name kv-a -n k {more}"));
    holds(&[("a.sh", &key("--kty EC"))], &["error key-not-rsa-2048 at EC"]);
    holds(&[("a.sh", &key("--size 1024"))], &["error key-not-rsa-2048 at 1024"]);
    holds(
        &[("a.sh", &key("--kty RSA --size \"4096\""))],
        &["warning key-not-rsa-2048 at 4096"],
    );
    holds(&[("a.sh", &key(""))], &[]);
    holds(&[("a.sh", &key("--kty $KTY"))], &[]);
    holds(&[("a.sh", &key("--protection hsm"))], &[]);
    // Another key of the same vault is nobody's matter.
    let other = with_cluster("az keyvault key create --vault-name kv-a -n other --kty EC");
    holds(&[("a.sh", &other)], &[]);
}

#[test]
fn a_script_and_a_template_are_joined() {
    let schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
    let cluster = format!(
        r#"{{"$schema":"{schema}","contentVersion":"1.0.0.0","resources":[{{"type":"Microsoft.Kusto/clusters",
        "apiVersion":"2024-04-13","name":"adx","location":"westeurope","identity":{{"type":"SystemAssigned"}},
        "properties":{{"keyVaultProperties":{{"keyVaultUri":"https://kv-a.vault.azure.net/","keyName":"k"}}}}}}]}}"#
    );
    holds(
        &[("a.json", &cluster), ("b.azcli", "az keyvault create -n kv-a")],
        &["error missing-purge-protection at kv-a"],
    );
}

#[test]
fn scripts_are_found_in_pipelines_and_deployments() {
    let yaml = "steps:\n- task: AzureCLI@2\n  inputs:\n    scriptType: bash\n    inlineScript: |\n      \
        az keyvault create -n kv-a\n- run: az kusto cluster create -n adx --key-vault-properties key-name=k \
        key-vault-uri=\"https://kv-a.vault.azure.net/\"\n- powershell: |\n    Add-AzKeyVaultKey -VaultName kv-a -Name k `\n      \
        -Size 1024\n";
    holds(
        &[("a.yml", yaml)],
        &[
            "error missing-purge-protection at kv-a",
            "error key-not-rsa-2048 at 1024",
        ],
    );
    let schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
    for (kind, content, expected) in [
        (
            "AzureCLI",
            "az keyvault create -n kv-a\\naz kusto cluster update -n adx --key-vault-properties key-name=k key-vault-uri=https://kv-a.vault.azure.net/",
            true,
        ),
        (
            "AzurePowerShell",
            "New-AzKeyVault -Name kv-a\\nUpdate-AzKustoCluster -Name adx -KeyVaultPropertyKeyVaultUri 'https://kv-a.vault.azure.net'",
            true,
        ),
        (
            "AzurePowerShell",
            "New-AzKeyVault -Name kv-a -EnablePurgeProtection",
            false,
        ),
    ] {
        let template = format!(
            r#"{{"$schema":"{schema}","contentVersion":"1.0.0.0","resources":[{{
            "type":"Microsoft.Resources/deploymentScripts","apiVersion":"2023-08-01","name":"s","kind":"{kind}",
            "properties":{{"scriptContent":"{content}"}}}}]}}"#
        );
        let wanted: &[&str] = if expected {
            &["error missing-purge-protection at kv-a"]
        } else {
            &[]
        };
        holds(&[("a.json", &template)], wanted);
    }
}

#[test]
fn a_plain_scalar_over_several_lines_is_left_alone() {
    let yaml = format!(
        "steps:\n- run: az keyvault create -n kv-a\n    --enable-purge-protection true\n- run: |\n    {SET_KEY}"
    );
    holds(&[("a.yml", &yaml)], &[]);
    let folded = yaml.replace("run: az keyvault", "run: >\n    az keyvault");
    holds(&[("a.yml", &folded)], &[]);
    let bare = yaml.replace("    --enable-purge-protection true\n", "");
    holds(&[("a.yml", &bare)], &["error missing-purge-protection at kv-a"]);
}

#[test]
fn documentation_says_nothing_of_vaults() {
    let page = format!("# Set-up\n\n```bash\naz keyvault create -n kv-a\n{SET_KEY}```\n");
    holds(&[("README.md", &page)], &[]);
}

#[test]
fn roles_of_scripts_count_for_identities() {
    let uses = ".alter-merge database D policy managed_identity \
        '[{\"ObjectId\":\"00d0430c-7c14-4eaf-a736-7b8dd6a790d5\",\"AllowedUsages\":\"NativeIngestion\"}]'\n\n\
        .ingest into table T ('https://stharbor.blob.core.windows.net/c/f;managed_identity=00d0430c-7c14-4eaf-a736-7b8dd6a790d5')\n";
    let grant = |role: &str| {
        format!(
            "az role assignment create --assignee-object-id 00d0430c-7c14-4eaf-a736-7b8dd6a790d5 --role {role} \
             --scope /subscriptions/$SUB/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/stharbor\n"
        )
    };
    holds(
        &[("a.kql", uses), ("b.sh", &grant("Contributor"))],
        &["error control-plane-only-grant at Contributor"],
    );
    holds(
        &[("a.kql", uses), ("b.sh", &grant("\"Storage Blob Data Reader\""))],
        &[],
    );
    holds(&[("a.kql", uses), ("b.sh", &grant("\"Our own role\""))], &[]);
    let assignee = grant("Reader").replace("-object-id", "");
    holds(&[("a.kql", uses), ("b.sh", &assignee)], &[]);
    let power = "New-AzRoleAssignment -ObjectId '00d0430c-7c14-4eaf-a736-7b8dd6a790d5' -RoleDefinitionName 'Reader' \
        -Scope \"/subscriptions/$sub/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/stharbor\"\n";
    holds(
        &[("a.kql", uses), ("b.ps1", power)],
        &["error control-plane-only-grant at Reader"],
    );
}

/// A vault with access policies, a cluster that reads its key with an identity, and what is given to that identity.
fn with_identity(permissions: &str, more: &str) -> String {
    format!(
        "az keyvault create -n kv-a --enable-purge-protection true --enable-rbac-authorization false -l westeurope\n\
         ID=$(az identity create -n id-cmk -g rg --query principalId -o tsv)\n\
         az keyvault set-policy -n kv-a --object-id $ID --key-permissions {permissions}\n\
         az kusto cluster update -n adx --key-vault-properties key-name=k key-vault-uri=https://kv-a.vault.azure.net \\\n  \
         key-user-identity=\"$(az identity show -n id-cmk -g rg --query id -o tsv)\" {more}\n"
    )
}

#[test]
fn what_a_script_gives_an_identity_is_enough_for_its_key_or_not() {
    holds(&[("a.sh", &with_identity("get wrapKey unwrapKey", ""))], &[]);
    holds(&[("a.sh", &with_identity("$PERMISSIONS", ""))], &[]);
    let found = found(&[("a.sh", &with_identity("get list", ""))]);
    assert!(
        matches!(found.as_slice(), [one] if one.starts_with("error missing-cmk-key-grant")),
        "{found:?}"
    );
    holds(
        &[("a.sh", &with_identity("get wrapKey unwrapKey", "key-version=0123"))],
        &["note cmk-pinned-key-version at 0123"],
    );
    holds(
        &[("a.sh", &with_identity("get wrapKey unwrapKey", "user-identity=x"))],
        &[],
    );
}

#[test]
fn a_vault_that_only_a_run_tells_is_no_vault_near_by() {
    let vault = "az keyvault create -n kv-secrets -g rg --enable-purge-protection $X\naz keyvault key create --vault-name \
        kv-secrets -n k --kty EC\n";
    for uri in ["$1", "https://$NAME.vault.azure.net", "$(cat uri.txt)"] {
        let script =
            format!("{vault}az kusto cluster update -n adx --key-vault-properties key-name=k key-vault-uri=\"{uri}\"");
        holds(&[("a.sh", &script)], &["warning key-not-rsa-2048 at EC"]);
    }
    let same = vault.replace("kv-secrets", "$NAME")
        + "az kusto cluster update -n adx --key-vault-properties key-name=k key-vault-uri=https://$NAME.vault.azure.net";
    holds(&[("a.sh", &same)], &["error key-not-rsa-2048 at EC"]);
}

#[test]
fn the_rules_on_cluster_keys_read_commands() {
    let set = |pairs: &str| format!("az kusto cluster create -n adx -l northeurope --key-vault-properties {pairs}");
    holds(
        &[("a.sh", &set("key-name=k key-vault-uri=http://kv-a.vault.azure.net"))],
        &["error malformed-key-vault-uri at http://kv-a.vault.azure.net"],
    );
    holds(&[("a.sh", &set("@key.json"))], &[]);
    holds(&[("a.sh", &set("\"{keyName:k,keyVaultUri:x}\""))], &[]);
    let vault = "az keyvault create -n kv-a --enable-purge-protection true -l westeurope";
    let both = format!(
        "{vault}\n{}",
        set("key-name=k key-vault-uri=https://kv-a.vault.azure.net")
    );
    holds(&[("a.sh", &both)], &["error cmk-region-mismatch at westeurope"]);
    let key = with_cluster("az keyvault key create --vault-name kv-a -n k --ops sign,verify");
    let found = found(&[("a.sh", &key)]);
    assert!(
        matches!(found.as_slice(), [one] if one.starts_with("error missing-key-operations")),
        "{found:?}"
    );
}

#[test]
fn what_a_later_command_changes_in_a_key_counts() {
    let made = "az keyvault key create --vault-name kv-a -n k --ops sign --disabled\n";
    let rules = |more: &str| {
        let found = found(&[("a.sh", &with_cluster(&format!("{made}{more}")))]);
        found
            .iter()
            .filter(|finding| finding.contains("missing-key-operations"))
            .count()
    };
    assert_eq!(rules(""), 2);
    let set = "az keyvault key set-attributes --vault-name kv-a --name";
    assert_eq!(rules(&format!("{set} k --ops wrapKey unwrapKey --enabled true")), 0);
    assert_eq!(rules(&format!("{set} k --enabled")), 1);
    assert_eq!(rules(&format!("{set} other --ops wrapKey unwrapKey --enabled true")), 2);
    assert_eq!(rules(&format!("{set} $KEY --ops wrapKey unwrapKey --enabled true")), 0);
    holds(
        &[("a.sh", &with_cluster(&format!("{set} k --ops wrapKey unwrapKey")))],
        &[],
    );
}

#[test]
fn what_a_script_turns_off_and_on_again_is_on() {
    let set = "az keyvault key set-attributes --vault-name kv-a --name";
    let off = format!("{set} k --enabled false\n");
    holds(
        &[("a.sh", &with_cluster(&off))],
        &["error missing-key-operations at false"],
    );
    holds(&[("a.sh", &with_cluster(&format!("{off}{set} k --enabled true")))], &[]);
    holds(
        &[("a.sh", &with_cluster(&format!("{off}{set} $KEY --enabled true")))],
        &[],
    );
    holds(
        &[("a.sh", &with_cluster(&format!("{set} k --enabled true\n{off}")))],
        &["error missing-key-operations at false"],
    );
    let vault = "az keyvault update -n kv-a --enable-purge-protection";
    holds(&[("a.sh", &with_cluster(&format!("{vault} false\n{vault} true")))], &[]);
    let power = "Update-AzKeyVaultKey -VaultName kv-a -Name k -Enable $false\n\
        Update-AzKeyVaultKey -VaultName kv-a -Name k -Enable $true\n\
        Update-AzKustoCluster -Name adx -KeyVaultPropertyKeyName k -KeyVaultPropertyKeyVaultUri https://kv-a.vault.azure.net\n";
    holds(&[("a.ps1", power)], &[]);
}

#[test]
fn a_resource_that_two_branches_make_is_what_both_say() {
    let make = "az keyvault key create --vault-name kv-a -n k";
    for script in [
        format!("{make} --kty EC || {make} --kty RSA"),
        format!("{make} --size 1024 || {make}"),
        format!("if $HSM; then\n  {make} --kty RSA-HSM\nelse\n  {make} --kty EC\nfi"),
        format!("$HSM && {make} --kty EC; $HSM || {make} --kty RSA --size 2048"),
        "V=kv-a; az keyvault create -n $V --enable-purge-protection false || az keyvault create -n kv-a \
         --enable-purge-protection true"
            .to_owned(),
    ] {
        holds(&[("a.sh", &with_cluster(&script))], &[]);
    }
    let power = "if ($hsm) {\n  Add-AzKeyVaultKey -VaultName kv-a -Name k -KeyType EC -Destination Software\n} else {\n  \
        Add-AzKeyVaultKey -VaultName kv-a -Name k -KeyType RSA -Size 2048\n}\n\
        Update-AzKustoCluster -Name adx -KeyVaultPropertyKeyName k -KeyVaultPropertyKeyVaultUri https://kv-a.vault.azure.net\n";
    holds(&[("a.ps1", power)], &[]);
    let both = with_cluster(&format!("{make} --kty EC --tags a=b || {make} --kty ec"));
    holds(
        &[("a.sh", &both)],
        &["error key-not-rsa-2048 at EC", "error key-not-rsa-2048 at ec"],
    );
}

#[test]
fn the_key_of_a_cluster_is_read_from_json() {
    let set = |value: &str| {
        format!("az keyvault create -n kv-a\naz kusto cluster update -n adx --key-vault-properties {value}\n")
    };
    for value in [
        "'{\"keyName\": \"k\", \"keyVaultUri\": \"https://kv-a.vault.azure.net/\"}'",
        "\"{\\\"key-name\\\": \\\"k\\\", \\\"key-vault-uri\\\": \\\"https://kv-a.vault.azure.net/\\\"}\"",
    ] {
        holds(&[("a.sh", &set(value))], &["error missing-purge-protection at kv-a"]);
    }
    let insecure = "'{\"keyName\": \"k\", \"keyVaultUri\": \"http://kv-a.vault.azure.net/\"}'";
    assert!(
        found(&[("a.sh", &set(insecure))])
            .contains(&"error malformed-key-vault-uri at http://kv-a.vault.azure.net/".to_owned())
    );
    for (value, reason) in [
        ("@key.json", "stand in a file that is not read"),
        (
            "\"{keyName:k,keyVaultUri:https://kv-a.vault.azure.net/}\"",
            "are no JSON",
        ),
    ] {
        let outcome = run(&[("a.sh", &set(value))]);
        let told: Vec<_> = outcome
            .undecided
            .iter()
            .map(|undecided| undecided.reason.as_str())
            .collect();
        assert!(told.iter().any(|told| told.contains(reason)), "{value}: {told:?}");
        assert!(
            outcome
                .findings
                .iter()
                .all(|finding| finding.severity < Severity::Error),
            "{value}"
        );
    }
}

#[test]
fn one_version_of_a_key_that_is_turned_off_is_not_the_key() {
    let set = "az keyvault key set-attributes --vault-name kv-a --name k --enabled false";
    holds(&[("a.sh", &with_cluster(&format!("{set} --version 0123")))], &[]);
    holds(
        &[("a.sh", &with_cluster(set))],
        &["error missing-key-operations at false"],
    );
}

#[test]
fn an_option_of_earlier_editions_makes_a_warning() {
    let vault = with_cluster("az keyvault update -n kv-a --enable-soft-delete false");
    holds(&[("a.sh", &vault)], &["warning missing-soft-delete at false"]);
    let outcome = run(&[("a.sh", &vault)]);
    let title = outcome
        .findings
        .first()
        .map(|finding| finding.message.clone())
        .unwrap_or_default();
    assert!(
        title.ends_with("when the program is one that still takes `--enable-soft-delete`"),
        "{title}"
    );
}

/// All notes and labels of the findings.
fn words(files: &[(&str, &str)]) -> String {
    let outcome = run(files);
    let of = |finding: &kustolint::diagnostic::Diagnostic| format!("{finding:?}");
    outcome.findings.iter().map(of).collect()
}

#[test]
fn what_to_write_is_told_in_the_words_of_the_source() {
    let create = "az keyvault create -n kv-a -l westeurope\naz keyvault key create --vault-name kv-a -n k --size 1024 --ops sign --disabled";
    let shell = words(&[("a.sh", &with_cluster(create))]);
    let power = words(&[(
        "a.ps1",
        "New-AzKeyVault -Name kv-a\nAdd-AzKeyVaultKey -VaultName kv-a -Name k -Size 1024 -KeyOps sign -Disable\n\
         Update-AzKustoCluster -Name adx -KeyVaultPropertyKeyName k -KeyVaultPropertyKeyVaultUri https://kv-a.vault.azure.net\n",
    )]);
    for (text, wanted) in [
        (
            &shell,
            [
                "set `--enable-purge-protection true`",
                "`--enable-purge-protection` is not set",
                "write `--kty RSA --size 2048`",
                "write `--ops wrapKey unwrapKey`",
                "write `--disabled false`",
            ],
        ),
        (
            &power,
            [
                "set `-EnablePurgeProtection`",
                "`-EnablePurgeProtection` is not set",
                "write `-KeyType RSA -Size 2048`",
                "write `-KeyOps wrapKey,unwrapKey`",
                "write `-Disable:$false`",
            ],
        ),
    ] {
        for note in wanted {
            assert!(text.contains(note), "{note} in {text}");
        }
        for member in ["enablePurgeProtection", "keySize", "keyOps", "kty"] {
            assert!(
                !text.contains(&format!("`{member}")) && !text.contains(&format!("\"{member}\\")),
                "{member} in {text}"
            );
        }
    }
    let uri = words(&[(
        "a.sh",
        "az kusto cluster update -n adx --key-vault-properties key-name=k key-version=1 key-vault-uri=http://kv-a.vault.azure.net",
    )]);
    assert!(
        uri.contains("write: key-vault-uri=https://kv-a.vault.azure.net/ key-name=k"),
        "{uri}"
    );
    assert!(uri.contains("leave `key-version` out"), "{uri}");
    let access = words(&[("a.sh", &with_identity("get list", ""))]);
    assert!(
        access.contains("write: --key-permissions get wrapKey unwrapKey"),
        "{access}"
    );
}

#[test]
fn a_program_sets_the_key_of_a_cluster() {
    let program = "var vaultUri = \"https://kv-a.vault.azure.net/\";\n\
        var patch = new KustoClusterPatch(location) { KeyVaultProperties = new KustoKeyVaultProperties {\n\
        KeyName = \"k\", KeyVaultUri = new Uri(vaultUri), UserIdentity = null } };\n";
    holds(
        &[("a.cs", program), ("b.sh", "az keyvault create -n kv-a")],
        &["error missing-purge-protection at kv-a"],
    );
}

#[test]
fn hostile_scripts_end_and_say_what_was_left_out() {
    let line = format!("az keyvault create -n kv-a {}", "x".repeat(10 << 20));
    let options = format!("az keyvault create -n kv-a {}", "--tags a=b ".repeat(100_000));
    let same = format!(
        "az keyvault create -n kv-a {}",
        "--enable-purge-protection false ".repeat(100_000)
    );
    let deep = format!("az keyvault create -n {}", "$(az keyvault show -n ".repeat(100_000));
    let open = format!("az keyvault create -n \"kv{}", " az keyvault create '".repeat(50_000));
    let doubled: String = (0..100).map(|at| format!("V{}=$V{at}$V{at}\n", at + 1)).collect();
    let doubled = format!("V0=xxxxxxxx\n{doubled}az keyvault create -n $V100\n");
    let many = "az keyvault create -n kv-a\n".repeat(20_000);
    let updates = "az keyvault create -n $A\naz keyvault update -n $B --enable-purge-protection\n".repeat(2_000);
    for text in [&line, &options, &same, &deep, &open, &doubled, &many, &updates] {
        let paths: &[&str] = if text.len() > 4 << 20 {
            &["a.sh", "a.ps1"]
        } else {
            &["a.sh", "a.ps1", "a.yml", "a.cs"]
        };
        for path in paths {
            let outcome = run(&[(*path, text.as_str())]);
            assert!(
                outcome
                    .findings
                    .iter()
                    .all(|finding| !finding.message.contains("internal error"))
            );
        }
    }
    let limit = run(&[("a.sh", &many)]);
    assert!(limit.findings.iter().any(|finding| finding.rule == "limit-reached"));
}

/// Other ways to set what a command left out, and commands of which only one runs, leave it open.
#[test]
fn what_another_command_may_set_is_not_judged() {
    let create = "az keyvault create -n kv-a -g rg";
    for script in [
        format!("{create}\naz keyvault update -n kv-a --set properties.enablePurgeProtection=true"),
        format!("{create}\naz resource update --ids $id --set properties.enablePurgeProtection=true"),
        format!("{create}\naz rest --method patch --url $url --body @body.json"),
        format!("if prod; then {create} --enable-purge-protection; else {create}; fi"),
        "cv() { az keyvault create -n kv-a -g rg \"${@:2}\"; }".to_owned(),
    ] {
        holds(&[("a.sh", &with_cluster(&script))], &[]);
    }
}

/// `--assignee` also takes a client id, `--assignee-object-id` does not.
#[test]
fn a_client_id_is_wrong_only_where_an_object_id_is_asked_for() {
    let grant = |option: &str| {
        format!(
            "P=$(az identity show -n id1 --query clientId -o tsv)\n\
             az role assignment create {option} $P --role 'Storage Blob Data Reader' --scope $S"
        )
    };
    holds(&[("a.sh", &grant("--assignee"))], &[]);
    holds(
        &[("a.sh", &grant("--assignee-object-id"))],
        &["error client-id-in-role-assignment at $P"],
    );
}

/// A vault that two files of one folder set up is as one of them says; which one, the files don't tell.
#[test]
fn a_file_beside_it_may_turn_protection_on() {
    let create = with_cluster("az keyvault create -n kv-a -g rg");
    let update = "az keyvault update -n kv-a --enable-purge-protection true";
    holds(&[("ops/create.sh", &create), ("ops/update.sh", update)], &[]);
    holds(
        &[("ops/create.sh", &create), ("other/update.sh", update)],
        &["error missing-purge-protection at kv-a"],
    );
}

/// A command that is still being typed names no vault.
#[test]
fn a_name_that_is_not_typed_yet_is_no_name() {
    for script in [
        "az keyvault create -n 'kv",
        "az keyvault create -n ''",
        "az keyvault create -n",
        "az keyvault create -n \"",
    ] {
        holds(&[("a.sh", script)], &[]);
    }
}
