//! What each section of a configuration changes: without it the finding is there, with it it is gone or another one.

use kustolint::config::Config;
use kustolint::engine::{Input, Outcome, access_map_with, check_with};
use kustolint::rules::ALL;

const WHO: &str = "7c1d0b9e-52a4-4f6b-9d38-1e0a6b7f4c25";
const CLIENT: &str = "1f0e2d3c-4b5a-4697-8879-6a5b4c3d2e1f";

fn config(text: &str) -> Config {
    let names: Vec<_> = ALL.iter().map(|rule| rule.name).collect();
    Config::parse(text, &names).unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
}

fn inputs(files: &[(&str, &str)]) -> Vec<Input> {
    let input = |(path, text): &(&str, &str)| Input {
        path: (*path).to_owned(),
        bytes: Ok(text.as_bytes().to_vec()),
        named: true,
        reported: true,
    };
    files.iter().map(input).collect()
}

fn outcome(files: &[(&str, &str)], config: &str) -> Outcome {
    check_with(inputs(files), self::config(config))
}

/// The findings: path, severity and rule.
fn found(files: &[(&str, &str)], config: &str) -> Vec<String> {
    let outcome = outcome(files, config);
    let shown = |finding: &kustolint::diagnostic::Diagnostic| {
        let path = outcome.sources.path(finding.primary.at.file);
        format!("{path} {} {}", finding.severity, finding.rule)
    };
    outcome.findings.iter().map(shown).collect()
}

/// Whether a rule reports on the files.
fn reports(rule: &str, files: &[(&str, &str)], config: &str) -> bool {
    found(files, config)
        .iter()
        .any(|line| line.ends_with(&format!(" {rule}")))
}

/// Asserts that a rule reports without an entry, and not with it; and that each of `other` entries does not silence it.
#[track_caller]
fn silenced(rule: &str, files: &[(&str, &str)], entry: &str, others: &[&str]) {
    assert!(reports(rule, files, ""), "{rule} without the entry");
    assert!(!reports(rule, files, entry), "{rule} with {entry}");
    let undecided = |config: &str| outcome(files, config).undecided.len();
    assert!(
        undecided(entry) <= undecided(""),
        "what is said to be granted is no question"
    );
    for other in others {
        assert!(reports(rule, files, other), "{rule} with {other}");
    }
}

fn granted(identity: &str, rest: &str) -> String {
    format!("[[granted]]\nidentity = \"{identity}\"\n{rest}\n")
}

fn template(resources: &str) -> String {
    format!(
        r#"{{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0", "parameters": {{ "vault": {{ "type": "string", "defaultValue": "kv-none" }}, "identityId": {{ "type": "string" }} }},
  "resources": [ {resources} ] }}"#
    )
}

#[test]
fn rules_are_set_by_path_and_the_last_entry_that_says_something_counts() {
    let all = ".alter cluster policy managed_identity '[{\"ObjectId\":\"system\",\"AllowedUsages\":\"All\"}]'\n";
    let files = [("kql/a.kql", all), ("samples/a.kql", all), ("samples/deep/b.kql", all)];
    let rule = "all-identity-usages-granted";
    let lines = |severities: [&str; 3]| -> Vec<String> {
        let lines = files
            .iter()
            .zip(severities)
            .filter(|(_, severity)| !severity.is_empty());
        lines
            .map(|((path, _), severity)| format!("{path} {severity} {rule}"))
            .collect()
    };
    assert_eq!(found(&files, ""), lines(["warning", "warning", "warning"]));
    let off = format!("[[paths]]\nfiles = [\"samples/**\"]\nrules = {{ {rule} = \"off\" }}\n");
    assert_eq!(found(&files, &off), lines(["warning", "", ""]));
    let again = format!("{off}[[paths]]\nfiles = [\"deep\"]\nrules = {{ {rule} = \"error\" }}\n");
    assert_eq!(found(&files, &again), lines(["warning", "", "error"]));
    let other = format!("{again}[[paths]]\nfiles = [\"**\"]\nrules = {{ syntax-error = \"warning\" }}\n");
    assert_eq!(found(&files, &other), lines(["warning", "", "error"]));
    let only = format!("[rules]\n{rule} = \"off\"\n[[paths]]\nfiles = [\"kql/*\"]\nrules = {{ {rule} = \"on\" }}\n");
    assert_eq!(found(&files, &only), lines(["warning", "", ""]));
    let all = format!("[rules]\n{rule} = \"note\"\n[[paths]]\nfiles = [\"kql/*\"]\nrules = {{ {rule} = \"on\" }}\n");
    assert_eq!(found(&files, &all), lines(["warning", "note", "note"]));
}

#[test]
fn rules_that_are_off_by_default_are_turned_on_by_path() {
    let script =
        ".alter cluster policy managed_identity '[{\"ObjectId\":\"system\",\"AllowedUsages\":\"SqlRequest\"}]'\n";
    let files = [("a/a.kql", script), ("b/b.kql", script)];
    assert!(found(&files, "").is_empty());
    let on = "[[paths]]\nfiles = [\"a\"]\nrules = { unused-identity-usage = \"on\" }\n";
    assert_eq!(found(&files, on), ["a/a.kql note unused-identity-usage"]);
}

#[test]
fn what_was_not_read_is_told_whatever_is_set_by_path() {
    let names: Vec<_> = ALL.iter().map(|rule| rule.name).collect();
    let text = "[[paths]]\nfiles = [\"a\"]\nrules = { syntax-error = \"off\" }\n";
    let errors = Config::parse(text, &names).expect_err("it can't be turned off");
    assert!(
        errors[0].message.starts_with("`syntax-error` can't be turned off"),
        "{errors:?}"
    );
}

#[test]
fn hosts_that_the_user_trusts_are_silent() {
    let files = [(
        ".env",
        "KUSTO=Data Source=https://adx.contoso.com;Fed=True\nOTHER=Data Source=https://a.contoso.net;Fed=True\n",
    )];
    let trusted = |hosts: &str| {
        let config = format!("[connection-strings]\ntrusted-hosts = [{hosts}]\n");
        found(&files, &config).len()
    };
    assert_eq!(trusted(""), 2);
    assert_eq!(trusted("\"adx.contoso.com\""), 1);
    assert_eq!(trusted("\"adx.contoso.com\", \"*.contoso.net\""), 0);
    assert_eq!(trusted("\"contoso.com\", \"contoso.net\""), 2);
}

#[test]
fn files_are_scripts_if_the_configuration_says_so() {
    let files = [("scripts/a.txt", "Ships | take 1\n\n.create table (\n")];
    assert!(!reports("syntax-error", &files, ""));
    assert!(reports("syntax-error", &files, "[files]\nkql = [\"*.txt\"]\n"));
    assert!(!reports("syntax-error", &files, "[files]\nkql = [\"other/*.txt\"]\n"));
}

#[test]
fn usages_that_are_granted_elsewhere_are_not_missing() {
    let ingest = format!(
        ".ingest-from-storage-queued into table database('Sales').T with (format='csv') <| .list blobs (h'https://stharbor.blob.core.windows.net/c;managed_identity={WHO}')\n"
    );
    let files = [("a.kql", ingest.as_str())];
    let other = granted(
        "00000000-0000-4000-8000-000000000001",
        "usages = [\"NativeIngestion\"]\ncluster = true",
    );
    silenced(
        "missing-native-ingestion",
        &files,
        &granted(WHO, "usages = [\"NativeIngestion\"]\ndatabase = \"sales\""),
        &[
            &other,
            &granted(WHO, "usages = [\"ExternalTable\"]\ncluster = true"),
            &granted(WHO, "usages = [\"NativeIngestion\"]\ndatabase = \"Other\""),
            &granted("system", "usages = [\"All\"]\ncluster = true"),
        ],
    );
    assert!(!reports(
        "missing-native-ingestion",
        &files,
        &granted(WHO, "usages = [\"All\"]\ncluster = true")
    ));
    let table = [(
        "a.kql",
        ".create-or-alter external table S (N: string) kind=storage dataformat=csv (h'https://stharbor.blob.core.windows.net/s;managed_identity=system')\n",
    )];
    silenced(
        "missing-identity-usage",
        &table,
        &granted("system", "usages = [\"ExternalTable\"]\ncluster = true"),
        &[&granted(WHO, "usages = [\"ExternalTable\"]\ncluster = true")],
    );
    silenced(
        "external-table-admin-needed",
        &table,
        &granted(WHO, "role = \"AllDatabasesAdmin\"\ncluster = true"),
        &[&granted(WHO, "role = \"AllDatabasesViewer\"\ncluster = true")],
    );
}

#[test]
fn what_the_configuration_grants_is_judged_by_no_rule() {
    let entries = granted("system", "usages = [\"All\"]\ncluster = true");
    let on = format!("{entries}[rules]\nunused-identity-usage = \"on\"\n");
    assert!(found(&[("a.kql", "T | take 1\n")], &on).is_empty());
}

#[test]
fn roles_that_are_given_elsewhere_are_not_missing() {
    let storage = template(
        r#"{ "type": "Microsoft.Storage/storageAccounts", "apiVersion": "2023-05-01", "name": "stharbor", "location": "westeurope" },
        { "type": "Microsoft.Authorization/roleAssignments", "apiVersion": "2022-04-01", "name": "[guid('grant')]",
          "scope": "[resourceId('Microsoft.Storage/storageAccounts', 'stharbor')]",
          "properties": { "principalId": "[reference(resourceId('Microsoft.DataFactory/factories', 'adf'), '2018-06-01', 'full').identity.principalId]",
            "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')]" } }"#,
    );
    let script = ".create-or-alter external table A (N: string) kind=storage dataformat=csv (h'https://stharbor.blob.core.windows.net/a;managed_identity=system')\n";
    let files = [("infra/storage.json", storage.as_str()), ("kql/a.kql", script)];
    let role = |role: &str, scope: &str| granted("system", &format!("role = \"{role}\"\nscope = \"{scope}\""));
    silenced(
        "missing-storage-grant",
        &files,
        &role("Storage Blob Data Reader", "StHarbor"),
        &[
            &role("Storage Blob Data Reader", "stother"),
            &role("Storage Queue Data Reader", "stharbor"),
            &granted(WHO, "role = \"Storage Blob Data Reader\"\nscope = \"*\""),
        ],
    );
    assert!(!reports(
        "missing-storage-grant",
        &files,
        &role("Storage Blob Data Owner", "*")
    ));
}

#[test]
fn a_data_role_that_is_given_elsewhere_stands_beside_one_that_only_manages() {
    let storage = template(
        r#"{ "type": "Microsoft.Kusto/clusters", "apiVersion": "2024-04-13", "name": "adx-harbor", "location": "westeurope",
          "sku": { "name": "Standard_E2ads_v5", "tier": "Standard", "capacity": 2 }, "identity": { "type": "SystemAssigned" } },
        { "type": "Microsoft.Storage/storageAccounts", "apiVersion": "2023-05-01", "name": "stharbor", "location": "westeurope" },
        { "type": "Microsoft.Authorization/roleAssignments", "apiVersion": "2022-04-01", "name": "[guid('grant')]",
          "scope": "[resourceId('Microsoft.Storage/storageAccounts', 'stharbor')]",
          "properties": { "principalId": "[reference(resourceId('Microsoft.Kusto/clusters', 'adx-harbor'), '2024-04-13', 'full').identity.principalId]",
            "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')]" } }"#,
    );
    let role = |scope: &str| {
        granted(
            "system",
            &format!("role = \"Storage Blob Data Reader\"\nscope = \"{scope}\""),
        )
    };
    silenced(
        "control-plane-only-grant",
        &[("infra/storage.json", storage.as_str())],
        &role("stharbor"),
        &[&role("stother")],
    );
}

#[test]
fn readers_and_callouts_that_are_allowed_elsewhere_are_not_missing() {
    let export = format!(
        ".add database Telemetry viewers ('aaduser=ann@harbor.example')\n\n\
         .create-or-alter continuous-export Nightly to table Archive with (managedIdentity='{WHO}') <| Readings\n"
    );
    silenced(
        "automation-identity-not-viewer",
        &[("a.kql", export.as_str())],
        &granted(WHO, "role = \"viewer\"\ndatabase = \"Telemetry\""),
        &[
            &granted(WHO, "role = \"ingestor\"\ndatabase = \"Telemetry\""),
            &granted("system", "role = \"viewer\"\ndatabase = \"Telemetry\""),
        ],
    );
    let call = ".alter-merge cluster policy managed_identity '[{\"ObjectId\":\"system\",\"AllowedUsages\":\"AzureAI\"}]'\n\n\
        evaluate ai_embeddings('harbor', 'https://oai-harbor.openai.azure.com/openai/deployments/emb/embeddings?api-version=2024-06-01;managed_identity=system')\n";
    silenced(
        "missing-callout-policy",
        &[("a.kql", call)],
        "[[granted]]\ncallout = \"azure_openai\"\n",
        &["[[granted]]\ncallout = \"cosmosdb\"\n"],
    );
}

fn with_vault(roles: bool) -> String {
    template(&format!(
        r#"{{ "type": "Microsoft.KeyVault/vaults", "apiVersion": "2024-11-01", "name": "kv-harbor", "location": "westeurope",
          "properties": {{ "enableSoftDelete": true, "enablePurgeProtection": true, "enableRbacAuthorization": {roles},
            "accessPolicies": [ {{ "objectId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-keys'), '2023-01-31').principalId]",
              "permissions": {{ "keys": [ "get" ] }} }} ] }} }},
        {{ "type": "Microsoft.Kusto/clusters", "apiVersion": "2024-04-13", "name": "adx-harbor", "location": "westeurope",
          "sku": {{ "name": "Standard_E2ads_v5", "tier": "Standard", "capacity": 2 }},
          "identity": {{ "type": "UserAssigned", "userAssignedIdentities": {{ "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-keys')]": {{}} }} }},
          "properties": {{ "keyVaultProperties": {{ "keyVaultUri": "https://kv-harbor.vault.azure.net/", "keyName": "adx",
            "userIdentity": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-keys')]" }} }} }}"#
    ))
}

#[test]
fn access_to_keys_that_is_given_elsewhere_is_not_missing() {
    let template = with_vault(false);
    let keys = format!("[identities]\nkeys = {{ object-id = \"{WHO}\", resource = \"id-keys\" }}\n");
    let with = |rest: &str| format!("{keys}{}", granted("keys", rest));
    silenced(
        "missing-cmk-key-grant",
        &[("infra/main.json", template.as_str())],
        &with("key-permissions = [\"get\", \"wrapKey\", \"unwrapKey\"]\nvault = \"kv-harbor\""),
        &[
            &keys,
            &with("key-permissions = [\"get\"]\nvault = \"kv-harbor\""),
            &with("key-permissions = [\"get\", \"wrapKey\", \"unwrapKey\"]\nvault = \"kv-other\""),
            &with("role = \"Key Vault Secrets User\"\nscope = \"kv-harbor\""),
        ],
    );
    let by_role = with("role = \"Key Vault Crypto Service Encryption User\"\nscope = \"kv-harbor\"");
    assert!(!reports(
        "missing-cmk-key-grant",
        &[("infra/main.json", &with_vault(true))],
        &by_role
    ));
}

#[test]
fn ids_and_placeholders_of_one_identity_are_one() {
    let policy = format!(
        ".alter-merge database Sales policy managed_identity '[{{\"ObjectId\":\"{WHO}\",\"AllowedUsages\":\"NativeIngestion\"}}]'\n"
    );
    let ingest = ".ingest-from-storage-queued into table database('Sales').T with (format='csv') <| .list blobs (h'https://stharbor.blob.core.windows.net/c;managed_identity={{ingestIdentity}}')\n";
    let files = [("policy.kql", policy.as_str()), ("ingest.kql", ingest)];
    let identity = |placeholder: &str| {
        format!("[identities]\ningest = {{ object-id = \"{WHO}\", placeholders = [\"{placeholder}\"] }}\n")
    };
    let undecided = |config: &str| outcome(&files, config).undecided.len();
    assert_eq!((undecided(""), found(&files, "").len()), (1, 0));
    assert_eq!(undecided(&identity("{{ingestIdentity}}")), 0);
    assert_eq!(undecided(&identity("{{other}}")), 1);
    assert!(found(&files, &identity("{{ingestIdentity}}")).is_empty());
    let alone = &files[1..];
    assert!(!reports("missing-native-ingestion", alone, ""));
    let told = outcome(alone, &identity("{{ingestIdentity}}"));
    let finding = told.findings.first().expect("it is known now which identity is meant");
    assert!(finding.message.starts_with("`ingest` ingests"), "{finding:?}");
    assert!(
        finding.notes.iter().any(|note| note.contains(WHO)),
        "a command takes the id: {finding:?}"
    );
}

#[test]
fn parameters_stand_for_identities() {
    let script = template(
        r#"{ "type": "Microsoft.Kusto/clusters/databases/scripts", "apiVersion": "2024-04-13", "name": "adx/Sales/policy",
          "properties": { "scriptContent": "[concat('.create-or-alter external table S (N: string) kind=storage dataformat=csv (h''https://stharbor.blob.core.windows.net/s;managed_identity=', parameters('identityId'), ''')')]" } }"#,
    );
    let policy = format!(
        ".alter-merge database Sales policy managed_identity '[{{\"ObjectId\":\"{WHO}\",\"AllowedUsages\":\"ExternalTable\"}}]'\n"
    );
    let files = [("a.json", script.as_str()), ("b.kql", policy.as_str())];
    let undecided = |config: &str| outcome(&files, config).undecided.len();
    assert_eq!(undecided(""), 1, "another identity may be meant");
    let known =
        format!("[identities]\ntables = {{ object-id = \"{WHO}\", placeholders = [\"parameters('identityId')\"] }}\n");
    assert_eq!(undecided(&known), 0);
    assert!(!reports("missing-identity-usage", &files, &known));
    assert!(reports("missing-identity-usage", &files[..1], &known));
    let alone = outcome(&files[..1], &known);
    let mut titles = alone.findings.iter().map(|finding| &finding.message);
    assert!(titles.any(|title| title.starts_with("`tables` is used")));
}

#[test]
fn a_client_id_is_the_same_identity_where_one_may_stand_and_a_mistake_elsewhere() {
    let export = format!(
        ".add database Telemetry ingestors ('aadapp={WHO};harbor.example')\n\n\
         .add database Telemetry viewers ('aadapp={CLIENT};harbor.example')\n\n\
         .alter-merge database Telemetry policy managed_identity '[{{\"ObjectId\":\"{CLIENT}\",\"AllowedUsages\":\"AutomatedFlows\"}}]'\n\n\
         .create-or-alter continuous-export Nightly to table Archive with (managedIdentity='{WHO}') <| Readings\n"
    );
    let files = [("a.kql", export.as_str())];
    let known = format!("[identities]\nexport = {{ object-id = \"{WHO}\", client-id = \"{CLIENT}\" }}\n");
    assert!(
        reports("automation-identity-not-viewer", &files, ""),
        "the policy shows it as an object id"
    );
    assert!(!reports("automation-identity-not-viewer", &files, &known));
    assert!(!reports("client-id-in-identity-policy", &files, ""));
    assert!(reports("client-id-in-identity-policy", &files, &known));
}

#[test]
fn the_map_calls_identities_by_their_names_and_knows_what_is_granted() {
    let ingest = format!(
        ".ingest-from-storage-queued into table database('Sales').T with (format='csv') <| .list blobs (h'https://stharbor.blob.core.windows.net/c;managed_identity={WHO}')\n"
    );
    let text = format!(
        "[identities]\ningest = {{ object-id = \"{WHO}\" }}\n{}{}",
        granted("ingest", "usages = [\"NativeIngestion\"]\ndatabase = \"Sales\""),
        granted("ingest", "role = \"Storage Blob Data Reader\"\nscope = \"stharbor\"")
    );
    let shown = |config: &str| {
        let mapped = access_map_with(inputs(&[("a.kql", &ingest)]), self::config(config));
        let mut out = anstream::StripStream::new(Vec::new());
        kustolint::report::map::table(&mapped, &mut out).expect("memory takes all");
        String::from_utf8(out.into_inner()).expect("UTF-8")
    };
    let (without, with) = (shown(""), shown(&text));
    assert!(without.starts_with(WHO) && without.contains("✗ missing"), "{without}");
    assert!(with.starts_with(&format!("ingest ({WHO})")), "{with}");
    assert!(
        !with.contains("✗ missing") && with.contains("Storage Blob Data Reader"),
        "{with}"
    );
}

/// A vault of one template and the cluster of another one, each with its parameter files.
fn two_templates() -> [(&'static str, String); 6] {
    let vault = template(
        r#"{ "type": "Microsoft.KeyVault/vaults", "apiVersion": "2024-11-01", "name": "[parameters('vault')]", "location": "westeurope",
          "properties": { "enableSoftDelete": true, "accessPolicies": [] } }"#,
    );
    let cluster = template(
        r#"{ "type": "Microsoft.Kusto/clusters", "apiVersion": "2024-04-13", "name": "adx-harbor", "location": "westeurope",
          "sku": { "name": "Standard_E2ads_v5", "tier": "Standard", "capacity": 2 }, "identity": { "type": "SystemAssigned" },
          "properties": { "keyVaultProperties": { "keyVaultUri": "[concat('https://', parameters('vault'), '.vault.azure.net/')]", "keyName": "adx" } } }"#,
    );
    let values = |vault: &str| {
        format!(
            r#"{{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#", "contentVersion": "1.0.0.0",
            "parameters": {{ "vault": {{ "value": "{vault}" }}, "identityId": {{ "value": "{WHO}" }} }} }}"#
        )
    };
    [
        ("infra/cluster.json", cluster),
        ("infra/vault.json", vault),
        ("values/prod/cluster.json", values("kv-prod")),
        ("values/prod/vault.json", values("kv-prod")),
        ("values/test/cluster.json", values("kv-test")),
        ("values/test/vault.json", values("kv-prod")),
    ]
}

#[test]
fn environments_tell_which_parameter_file_belongs_to_which_template() {
    let files = two_templates();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let environment = |name: &str, part: &str, more: &str| {
        format!("[[environments]]\nname = \"{name}\"\nparameters = [\"values/{part}.json\"]\n{more}\n")
    };
    let rule = "missing-purge-protection";
    let of = |config: &str| -> Vec<String> {
        let outcome = outcome(&files, config);
        let found = outcome.findings.iter().filter(|finding| finding.rule == rule);
        found
            .map(|finding| format!("{} {}", finding.severity, finding.message))
            .collect()
    };
    let before = of("");
    assert!(before.iter().all(|line| !line.contains("kv-prod")), "{before:?}");
    let template = |name: &str| format!("template = \"infra/{name}.json\"");
    let prod = environment("prod-vault", "prod/vault", &template("vault"));
    assert!(of(&prod).iter().any(|line| line.contains("kv-prod")), "{:?}", of(&prod));
    assert_eq!(of(&environment("prod-vault", "prod/vault", &template("other"))), before);
}

#[test]
fn facts_of_two_environments_are_not_joined() {
    let ingest = format!(
        ".ingest-from-storage-queued into table database('Sales').T with (format='csv') <| .list blobs (h'https://stharbor.blob.core.windows.net/c;managed_identity={WHO}')\n"
    );
    let policy = format!(
        ".alter-merge database Sales policy managed_identity '[{{\"ObjectId\":\"{WHO}\",\"AllowedUsages\":\"NativeIngestion\"}}]'\n"
    );
    let files = [
        ("test/policy.kql", policy.as_str()),
        ("prod/ingest.kql", ingest.as_str()),
    ];
    let environment = |name: &str| format!("[[environments]]\nname = \"{name}\"\nfiles = [\"{name}/**\"]\n");
    let both = environment("test") + &environment("prod");
    assert!(!reports("missing-native-ingestion", &files, ""));
    assert!(
        !reports("missing-native-ingestion", &files, &environment("test")),
        "prod is in none"
    );
    assert!(reports("missing-native-ingestion", &files, &both));
    let shared = [("policy.kql", policy.as_str()), ("prod/ingest.kql", ingest.as_str())];
    assert!(
        !reports("missing-native-ingestion", &shared, &both),
        "what is in no environment counts in all"
    );
}
