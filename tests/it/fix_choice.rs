//! Fixes that would not mend, or allow more than was asked for, are not offered.

use kustolint::engine;

use crate::fixes::{all_fixed, input, text_of};

const INGEST: &str = ".ingest into table Crates (h'https://stwharf.blob.core.windows.net/raw/a.csv;managed_identity=system') with (format='csv')\n";
const ARTIFACT: &str = "Crates | evaluate python(typeof(*), 'result = df', external_artifacts=bag_pack('m.zip', 'https://stwharf.blob.core.windows.net/py/m.zip;managed_identity=system'))\n";

fn policy(command: &str, usages: &str) -> String {
    format!("{command} policy managed_identity '[{{\"ObjectId\":\"system\",\"AllowedUsages\":\"{usages}\"}}]'\n\n")
}

/// The rules that speak in a script, each with the title of the fix that it offers.
fn offered(text: &str) -> Vec<(&'static str, Option<String>)> {
    let outcome = engine::check(vec![input("a.kql", text.as_bytes())]);
    let findings = outcome.findings.into_iter();
    findings
        .map(|finding| (finding.rule, finding.fix.map(|fix| fix.title)))
        .collect()
}

/// The script with all its fixes.
fn fixed(text: &str) -> String {
    text_of(&all_fixed(vec![input("a.kql", text.as_bytes())]))
}

#[test]
fn a_databases_policy_is_not_mended_with_what_it_can_not_allow() {
    let of_database = policy(".alter-merge database Wharf", "ExternalTable") + ARTIFACT;
    assert!(offered(&of_database).contains(&("missing-identity-usage", None)));
    let of_cluster = policy(".alter-merge cluster", "ExternalTable") + ARTIFACT;
    assert!(fixed(&of_cluster).contains("\"ExternalTable, SandboxArtifacts\""));

    for (level, wanted) in [
        ("database Wharf", None),
        ("cluster", Some("write `SandboxArtifacts`".to_owned())),
    ] {
        let misspelt = policy(&format!(".alter-merge {level}"), "SandboxArtifact");
        assert_eq!(offered(&misspelt), [("unknown-identity-usage", wanted)]);
    }
}

#[test]
fn no_fix_allows_everything() {
    for (word, rules) in [
        ("Al", &["unknown-identity-usage"] as &[&str]),
        ("ExternalTable; All", &["unknown-identity-usage"]),
        ("all", &["all-identity-usages-granted", "identity-usage-letter-case"]),
    ] {
        let text = policy(".alter-merge database Wharf", word);
        let mut found = offered(&text);
        found.sort();
        let wanted: Vec<_> = rules.iter().map(|rule| (*rule, None)).collect();
        assert_eq!(found, wanted, "{word}");
    }
}

#[test]
fn a_usage_is_added_after_the_last_word() {
    for (usages, wanted) in [
        ("ExternalTable", "ExternalTable, NativeIngestion"),
        ("ExternalTable, ", "ExternalTable, NativeIngestion "),
        ("ExternalTable ,, ", "ExternalTable, NativeIngestion "),
        ("ExternalTable ", "ExternalTable, NativeIngestion "),
    ] {
        let with = |usages: &str| policy(".alter-merge database Wharf", usages) + INGEST;
        assert_eq!(fixed(&with(usages)), with(wanted), "{usages:?}");
    }
}

#[test]
fn what_an_alter_drops_is_granted_once() {
    let before = policy(
        ".alter-merge database Wharf",
        "NativeIngestion, ExternalTable, externaltable",
    );
    let after = policy(".alter database Wharf", "AutomatedFlows") + INGEST;
    let outcome = engine::check(vec![input(
        "a.kql",
        [before.as_str(), after.as_str()].concat().as_bytes(),
    )]);
    let mut titles = outcome.findings.iter().map(|finding| finding.message.as_str());
    assert!(titles.any(|title| title.contains("drops `NativeIngestion, ExternalTable` of")));
    let wanted = policy(".alter-merge database Wharf", "AutomatedFlows") + INGEST;
    assert!(fixed(&(before + &after)).ends_with(&wanted));
}
