//! What keeps `unused-identity-usage` silent, since it may be the user of a grant, and what it advises.

use kustolint::config::Config;
use kustolint::engine::{Input, check_with};

/// The usages that are told of as unused, each with the advice, when the files stand beside a policy that allows
/// `system` these usages in database `Wharf`.
fn unused(usages: &str, files: &[(&str, &str)]) -> Vec<(String, String)> {
    let policy = format!(
        ".alter database Wharf policy managed_identity '[{{\"ObjectId\":\"system\",\"AllowedUsages\":\"{usages}\"}}]'"
    );
    let all = [("policy.kql", policy.as_str())]
        .into_iter()
        .chain(files.iter().copied());
    let inputs = all.map(|(path, text)| Input {
        path: path.to_owned(),
        bytes: Ok(text.as_bytes().to_vec()),
        named: true,
        reported: true,
    });
    let rules = "[rules]\nunused-identity-usage = \"on\"\n";
    let config = Config::parse(rules, &["unused-identity-usage"]).unwrap();
    let outcome = check_with(inputs.collect(), config);
    let own = outcome
        .findings
        .iter()
        .filter(|finding| finding.rule == "unused-identity-usage");
    let told = |message: &str| message.split('`').nth(5).unwrap_or_default().to_owned();
    own.map(|finding| {
        (
            told(&finding.message),
            finding.notes.last().cloned().unwrap_or_default(),
        )
    })
    .collect()
}

fn is_unused(usage: &str, path: &str, text: &str) -> bool {
    let found: Vec<_> = unused(usage, &[(path, text)])
        .into_iter()
        .map(|(usage, _)| usage)
        .collect();
    assert!(found.is_empty() || found == [usage], "{found:?}");
    !found.is_empty()
}

#[test]
fn other_languages_may_use_a_grant() {
    let uri = "https://stwharf.blob.core.windows.net/raw/a.csv";
    for (usage, path, text) in [
        (
            "NativeIngestion",
            "a.cs",
            format!("await client.IngestFromStorageAsync(\"{uri};managed_identity=system\", p);\n"),
        ),
        (
            "NativeIngestion",
            "a.ps1",
            format!("LightIngest $cluster -db:Wharf -source:\"{uri}\" -ingestmi:system\n"),
        ),
        (
            "NativeIngestion",
            "a.sh",
            format!("LightIngest $c -db:Wharf -source:{uri} -ingestWithManagedIdentity:system\n"),
        ),
        (
            "DataConnection",
            "a.bicep",
            "resource c 'Microsoft.Kusto/clusters/databases/dataConnections@2024-04-13' = {\n}\n".to_owned(),
        ),
        (
            "DataConnection",
            "a.tf",
            "resource \"azurerm_kusto_eventhub_data_connection\" \"c\" {\n}\n".to_owned(),
        ),
        (
            "DataConnection",
            "a.sh",
            "az kusto data-connection event-hub create --name c\n".to_owned(),
        ),
    ] {
        assert!(!is_unused(usage, path, &text), "{usage} {path}");
        let other = text
            .replace(";managed_identity=system", "")
            .replace("-ingest", "-no")
            .replace("onnection", "luster");
        assert!(is_unused(usage, path, &other), "{usage} {path}: {other}");
    }
}

#[test]
fn what_is_filled_in_or_made_elsewhere_may_use_a_grant() {
    let at = |path: &str| format!("h@'https://stwharf.blob.core.windows.net/{path}'");
    let known = at("raw/a.csv;impersonate");
    for (usage, open, known) in [
        (
            "ExportRequest",
            ".export to csv (h@'$(uri)') <| Crates".to_owned(),
            format!(".export to csv ({known}) <| Crates"),
        ),
        (
            "NativeIngestion",
            ".ingest into table Crates (h'{{uri}}')".to_owned(),
            format!(".ingest into table Crates ({known})"),
        ),
        (
            "NativeIngestion",
            format!(".ingest into table Crates ({})", at("raw/a.csv;{{sign_in}}")),
            format!(".ingest into table Crates ({})", at("{{path}};impersonate")),
        ),
        (
            "ExternalDataRequest",
            ".create-or-alter function E(u: string) { externaldata(a: string)[u] }".to_owned(),
            format!(".create-or-alter function E(u: string) {{ externaldata(a: string)[{known}] }}"),
        ),
        (
            "SqlRequest",
            ".create-or-alter function E(u: string) { evaluate sql_request(u, 'select 1') }".to_owned(),
            "Crates".to_owned(),
        ),
        (
            "ExternalTable",
            ".export to table Out <| Crates".to_owned(),
            "Crates".to_owned(),
        ),
        (
            "ExternalTable",
            "external_table('Out') | take 1".to_owned(),
            "Crates".to_owned(),
        ),
        (
            "ExternalTable",
            ".create-or-alter continuous-export E to table Out with (managedIdentity='system') <| Crates".to_owned(),
            "Crates".to_owned(),
        ),
    ] {
        assert!(!is_unused(usage, "a.kql", &open), "{open}");
        assert!(is_unused(usage, "a.kql", &known), "{known}");
        let made = format!(
            ".create-or-alter external table Out (a: int) kind=storage dataformat=csv ({})",
            at("o;impersonate")
        );
        assert_eq!(
            is_unused(usage, "a.kql", &format!("{open}\n\n{made}")),
            usage == "ExternalTable",
            "{open}"
        );
    }
}

#[test]
fn artifacts_that_are_a_parameter_may_use_a_grant() {
    let policy = ".alter cluster policy managed_identity '[{\"ObjectId\":\"system\",\"AllowedUsages\":\"SandboxArtifacts\"}]'\n\n";
    let found = |query: &str| unused("All", &[("a.kql", &format!("{policy}{query}"))]).len();
    assert_eq!(found("Crates | evaluate python(typeof(*), 'result = df')"), 1);
    assert_eq!(
        found("Crates | evaluate python(typeof(*), 'result = df', external_artifacts=a)"),
        0
    );
}

#[test]
fn a_connection_whose_usage_no_document_tells_may_use_a_grant() {
    let template = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [{
    "type": "Microsoft.Kusto/clusters/databases/dataConnections",
    "apiVersion": "2024-04-13",
    "name": "adx-wharf/Yard/items",
    "kind": "KIND",
    "properties": { "managedIdentityResourceId": "[resourceId('Microsoft.Kusto/clusters', 'adx-wharf')]" }
  }]
}"#;
    assert!(!is_unused(
        "DataConnection",
        "a.json",
        &template.replace("KIND", "CosmosDb")
    ));
    assert!(is_unused(
        "DataConnection",
        "a.json",
        &template.replace("KIND", "EventHub")
    ));
}

#[test]
fn the_advice_for_one_word_keeps_no_other_that_is_unused() {
    let ingest = ".ingest into table Crates (h'https://stwharf.blob.core.windows.net/a.csv;managed_identity=system')";
    let found = unused("SqlRequest, NativeIngestion, AzureAI", &[("a.kql", ingest)]);
    let words: Vec<_> = found.iter().map(|(usage, _)| usage.as_str()).collect();
    assert_eq!(words, ["SqlRequest", "AzureAI"]);
    for (usage, advice) in &found {
        assert!(
            advice.ends_with("write: \"AllowedUsages\":\"NativeIngestion\""),
            "{usage}: {advice}"
        );
    }
}
