//! `explain --error`: errors of the service, their causes, and where these are.

use crate::{run, tree};

const DISABLED: &str = "Authentication with a Managed Identity is disabled for this flow";

const INGEST: &[u8] =
    b".ingest into table T (h'https://stharbor.blob.core.windows.net/c/a.csv;managed_identity=system')\n";

#[test]
fn an_error_leads_to_the_places_of_its_causes() {
    let folder = tree(&[("kql/a.kql", INGEST), ("kql/b.kql", b".show tables\n")]);
    let pasted = format!("2026-02-03 ERROR [ingest] \"{}.\" (id 7)", DISABLED.to_uppercase());
    let answer = run(folder.path(), &["explain", "--error", &pasted]);
    assert_eq!((answer.status, answer.err.as_str()), (0, ""));
    assert!(answer.out.starts_with(DISABLED), "{}", answer.out);
    assert!(answer.out.contains("1. missing-native-ingestion"), "{}", answer.out);
    let place = "  kql/a.kql:1:72 missing-native-ingestion `system` ingests";
    assert!(answer.out.contains(place), "{}", answer.out);
    answer.assert_harmless();

    let answer = run(
        folder.path(),
        &["explain", "--error", DISABLED, "kql/b.kql", "--output-format", "json"],
    );
    let json = answer.json();
    assert_eq!(json["errors"][0]["causes"][0]["rule"], "missing-native-ingestion");
    assert_eq!(json["places"], serde_json::json!([]));
    assert_eq!(answer.status, 0);
}

#[test]
fn no_more_than_ten_places_are_listed() {
    let folder = tree(&[("a.kql", &INGEST.repeat(12))]);
    let answer = run(folder.path(), &["explain", "--error", DISABLED]);
    assert_eq!(answer.out.matches("  a.kql:").count(), 10, "{}", answer.out);
    assert!(answer.out.contains("  …and 2 more\n"), "{}", answer.out);
    let answer = run(
        folder.path(),
        &["explain", "--error", DISABLED, "--output-format", "json"],
    );
    assert_eq!(answer.json()["places"].as_array().map(Vec::len), Some(12));
}

#[test]
fn an_error_that_is_not_known_offers_the_closest() {
    let folder = tree(&[]);
    let answer = run(folder.path(), &["explain", "--error", "to many script"]);
    assert_eq!((answer.status, answer.out.as_str()), (2, ""));
    assert!(answer.err.contains("did you mean `TooManyScripts`?"), "{}", answer.err);
    let hostile = "\u{1b}]0;x\u{7}\n::error::no\u{202e}such";
    let answer = run(
        folder.path(),
        &["explain", "--error", hostile, "--output-format", "json"],
    );
    assert_eq!(answer.status, 2);
    assert_eq!(answer.json()["errors"], serde_json::json!([]));
    answer.assert_harmless();
}

#[test]
fn an_error_and_a_path_that_is_not_there_is_told() {
    let folder = tree(&[]);
    let answer = run(folder.path(), &["explain", "--error", "TooManyScripts", "nowhere"]);
    assert_eq!((answer.status, answer.out.as_str()), (2, ""));
    assert!(answer.err.contains("nowhere"), "{}", answer.err);
}

#[test]
fn without_an_error_one_rule_is_named() {
    let folder = tree(&[]);
    assert_eq!(run(folder.path(), &["explain"]).status, 2);
    let answer = run(folder.path(), &["explain", "syntax-error", "limit-reached"]);
    assert_eq!(answer.status, 2);
    assert!(answer.err.contains("name one rule"), "{}", answer.err);
}

#[test]
fn rules_that_are_off_are_not_looked_for() {
    let off = b"[rules]\nmissing-native-ingestion = \"off\"\n";
    let folder = tree(&[("a.kql", INGEST), ("kustolint.toml", off)]);
    let answer = run(folder.path(), &["explain", "--error", DISABLED, "a.kql"]);
    let cause = answer
        .out
        .lines()
        .find(|line| line.contains("1. missing-native-ingestion"));
    assert!(
        cause.is_some_and(|line| line.ends_with(" (off: not looked for)")),
        "{}",
        answer.out
    );
    assert!(
        answer.out.contains("None of these causes was found in 1 file;"),
        "{}",
        answer.out
    );

    let json = run(
        folder.path(),
        &["explain", "--error", DISABLED, "--output-format", "json"],
    )
    .json();
    assert_eq!(json["errors"][0]["causes"][0]["on"], false);
    assert_eq!(json["errors"][0]["causes"][1]["on"], true);
}
