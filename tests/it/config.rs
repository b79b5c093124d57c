//! What a configuration changes of what is found.

use kustolint::config::{ACCEPTABLE, Config, NEVER_OFF, NEVER_SET_ASIDE, NEVER_SUPPRESSED};
use kustolint::engine::{Input, Outcome, check_with};
use kustolint::rules::ALL;

use crate::projects::{files, inputs};

fn config(text: &str) -> Config {
    let names: Vec<_> = ALL.iter().map(|rule| rule.name).collect();
    Config::parse(text, &names).expect(text)
}

fn checked(text: &str, input: &str, config: &str) -> Vec<String> {
    let name = if text.starts_with('{') {
        "template.json"
    } else {
        "script.kql"
    };
    let input = Input {
        path: name.to_owned(),
        bytes: Ok(input.as_bytes().to_vec()),
        named: true,
        reported: true,
    };
    shown(&check_with(vec![input], self::config(config)))
}

fn shown(outcome: &Outcome) -> Vec<String> {
    let line = |finding: &kustolint::diagnostic::Diagnostic| format!("{} {}", finding.severity, finding.rule);
    outcome.findings.iter().map(line).collect()
}

/// What is found in a template with a key and, if wanted, the cluster that it encrypts.
fn with_key(kind: &str, size: &str, cluster: bool, config: &str) -> Vec<String> {
    let cluster = if cluster {
        r#", { "type": "Microsoft.Kusto/clusters", "apiVersion": "2024-04-13", "name": "adx-harbor", "location": "westeurope",
            "properties": { "keyVaultProperties": { "keyVaultUri": "https://kv-harbor.vault.azure.net/", "keyName": "adx-key" } } }"#
    } else {
        ""
    };
    let text = format!(
        r#"{{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {{ "type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-07-01", "name": "kv-harbor", "location": "westeurope",
       "properties": {{ "enableSoftDelete": false }} }},
    {{ "type": "Microsoft.KeyVault/vaults/keys", "apiVersion": "2023-07-01", "name": "kv-harbor/adx-key",
       "properties": {{ "kty": "{kind}"{size} }} }}{cluster} ] }}"#
    );
    checked(&text, &text, config)
}

fn is_key_reported(kind: &str, size: &str, accepted: &str) -> Option<String> {
    let config = format!("[customer-managed-keys]\naccepted = [{accepted}]\n");
    let mut found = with_key(kind, size, true, &config).into_iter();
    found.find(|finding| finding.ends_with("key-not-rsa-2048"))
}

#[test]
fn keys_that_the_user_accepts_are_silent() {
    let warning = Some("warning key-not-rsa-2048".to_owned());
    let error = Some("error key-not-rsa-2048".to_owned());
    for (kind, size, accepted, expected) in [
        ("RSA", ", \"keySize\": 4096", "", &warning),
        ("RSA", ", \"keySize\": 4096", "\"RSA-4096\"", &None),
        ("RSA", ", \"keySize\": 4096", "\"RSA-3072\", \"RSA-HSM-4096\"", &warning),
        ("RSA", ", \"keySize\": 2048", "\"RSA-4096\"", &None),
        ("RSA-HSM", ", \"keySize\": 2048", "\"RSA-2048\", \"RSA-4096\"", &warning),
        ("RSA-HSM", ", \"keySize\": 2048", "\"RSA-HSM-2048\"", &None),
        ("RSA-HSM", ", \"keySize\": 4096", "\"RSA-HSM-2048\"", &warning),
        ("RSA-HSM", ", \"keySize\": 4096", "\"RSA-HSM-4096\"", &None),
        ("RSA-HSM", ", \"keySize\": 2048", "\"RSA-HSM-4096\"", &warning),
        ("RSA-HSM", "", "\"RSA-HSM-4096\"", &warning),
        ("RSA-HSM", "", "\"RSA-HSM-2048\"", &None),
        ("RSA", ", \"keySize\": 1024", "\"RSA-4096\"", &error),
    ] {
        assert_eq!(
            &is_key_reported(kind, size, accepted),
            expected,
            "{kind}{size}, accepted {accepted}"
        );
    }
    let all: Vec<_> = ACCEPTABLE.iter().map(|(word, _)| format!("\"{word}\"")).collect();
    assert_eq!(
        is_key_reported("EC", "", &all.join(", ")),
        error,
        "nobody can accept what the service refuses"
    );
}

#[test]
fn the_scope_leaves_out_vaults_and_keys_with_no_cluster_in_sight() {
    let cmk = "[customer-managed-keys]\nscope = \"cmk\"\n";
    let alone = with_key("EC", "", false, "");
    for rule in ["key-not-rsa-2048", "missing-soft-delete", "missing-purge-protection"] {
        assert!(alone.contains(&format!("warning {rule}")), "{alone:?}");
        assert!(with_key("EC", "", true, cmk).contains(&format!("error {rule}")));
    }
    assert_eq!(with_key("EC", "", false, cmk), Vec::<String>::new());
}

#[test]
fn rules_are_turned_off_and_their_severity_changed() {
    let script = ".alter cluster policy managed_identity '[{\"ObjectId\":\"system\",\"AllowedUsages\":\"All\"}]'\n.create table (";
    let found = |config: &str| checked("", script, config);
    assert_eq!(found(""), ["warning all-identity-usages-granted", "error syntax-error"]);
    assert_eq!(
        found("[rules]\nall-identity-usages-granted = \"off\"\nsyntax-error = \"warning\"\n"),
        ["warning syntax-error"]
    );
    assert_eq!(
        found("[rules]\nall-identity-usages-granted = \"error\"\nsyntax-error = \"on\"\n"),
        ["error all-identity-usages-granted", "error syntax-error"]
    );
}

#[test]
fn every_rule_can_be_turned_off_but_those_on_input() {
    let outcome = |text: &str| check_with(inputs(&files("demo")), config(text));
    for rule in ALL {
        let text = format!("[rules]\n{} = \"off\"\n", rule.name);
        let parsed = Config::parse(&text, &[rule.name]);
        assert_eq!(parsed.is_err(), NEVER_OFF.contains(&rule.name), "{}", rule.name);
        // What is said of suppressions comes from a stage of its own.
        let is_staged = NEVER_OFF.contains(&rule.name) || rule.family == "suppressions";
        assert_eq!(rule.check.is_none(), is_staged, "{}", rule.name);
        let is_never = NEVER_SUPPRESSED.contains(&rule.name);
        let is_silent = rule.family == "suppressions" || NEVER_SET_ASIDE.contains(&rule.name);
        assert_eq!(is_never, is_silent, "{}", rule.name);
    }
    let off: String = ALL
        .iter()
        .filter(|rule| !NEVER_OFF.contains(&rule.name))
        .map(|rule| format!("{} = \"off\"\n", rule.name))
        .collect();
    assert!(!outcome("").findings.is_empty());
    assert_eq!(shown(&outcome(&format!("[rules]\n{off}"))), Vec::<String>::new());
}

#[test]
fn the_example_of_the_readme_is_a_configuration() {
    let readme = crate::read(&crate::project("README.md"));
    let (_, rest) = readme.split_once("```toml\n").expect("an example");
    let (example, rest) = rest.split_once("```").expect("its end");
    let (_, suppressions) = rest.split_once("```toml\n").expect("another example");
    let (suppressions, _) = suppressions.split_once("```").expect("its end");
    assert_eq!(config(suppressions).suppress.len(), 1);
    let config = config(example);
    assert!(config.customer_managed_keys.accepts(false, 4096) && config.rules.runs("unused-identity-usage", false));
    for (word, _) in ACCEPTABLE {
        assert!(example.contains(word), "{word}");
    }
    for rule in NEVER_OFF {
        assert!(example.contains(rule), "{rule}");
    }
}

#[test]
fn rules_that_are_off_by_default_are_silent_until_they_are_turned_on() {
    let script =
        ".alter cluster policy managed_identity '[{\"ObjectId\":\"system\",\"AllowedUsages\":\"SqlRequest\"}]'\n";
    assert_eq!(checked("", script, ""), Vec::<String>::new());
    assert_eq!(
        checked("", script, "[rules]\nunused-identity-usage = \"on\"\n"),
        ["note unused-identity-usage"]
    );
    assert_eq!(
        checked("", script, "[rules]\nunused-identity-usage = \"warning\"\n"),
        ["warning unused-identity-usage"]
    );
}

#[test]
fn many_policies_and_uses_are_compared_without_using_up_the_run() {
    let only: String = ALL
        .iter()
        .filter(|rule| rule.check.is_some() && rule.name != "unused-identity-usage")
        .map(|rule| format!("{} = \"off\"\n", rule.name))
        .collect();
    for own_database in [false, true] {
        let mut script = String::new();
        for index in 0..5000 {
            let level = if own_database {
                format!("database D{index}")
            } else {
                "cluster".to_owned()
            };
            script.push_str(&format!(
                ".alter-merge {level} policy managed_identity '[{{\"ObjectId\":\"00000000-0000-4000-8000-{index:012}\",\"AllowedUsages\":\"NativeIngestion\"}}]'\n\
                 .ingest into table T (h'https://stharbor.blob.core.windows.net/raw/a.csv;managed_identity=10000000-0000-4000-8000-{index:012}')\n\n"
            ));
        }
        let found = checked("", &script, &format!("[rules]\nunused-identity-usage = \"on\"\n{only}"));
        assert_eq!(found.len(), 5000);
        assert!(found.iter().all(|finding| finding == "note unused-identity-usage"));
    }
}
