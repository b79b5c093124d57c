//! The catalogues of misuse of managed identities (M) and of customer-managed keys (K): each test is named after its entry, with a snippet of its own,
//! and says which rule catches it at which characters.
//!
//! What can't be decided from files is listed in `docs/not-decidable.md`.

mod connections;
mod flows;
mod grants;
mod keys;
mod keys_joined;
mod policy;
mod scripts;
mod secrets;
mod sound;
mod vaults;

use kustolint::engine::{Input, check};

/// Notes on external tables that most snippets get besides: on who may make them, and on what happens the second time.
const BESIDES: [&str; 2] = ["external-table-admin-needed", "non-idempotent-command"];

/// What is found in files: "severity rule: characters" of each finding, in the order of the files.
pub(crate) fn found(files: &[(&str, &str)]) -> Vec<String> {
    let inputs = files.iter().map(|(path, text)| Input {
        path: (*path).to_owned(),
        bytes: Ok(text.as_bytes().to_vec()),
        named: true,
        reported: true,
    });
    let outcome = check(inputs.collect());
    let text = |path: &str| {
        files
            .iter()
            .find(|(name, _)| *name == path)
            .map_or("", |(_, text)| *text)
    };
    let others = outcome
        .findings
        .iter()
        .filter(|finding| !BESIDES.contains(&finding.rule));
    let shown = others.map(|finding| {
        let at = finding.primary.at;
        let characters = at.span.of_text(text(outcome.sources.path(at.file)));
        format!("{} {}: {characters}", finding.severity, finding.rule)
    });
    shown.collect()
}

/// What is found in one script.
fn in_script(script: &str) -> Vec<String> {
    found(&[("script.kql", script)])
}

#[test]
fn every_entry_of_the_catalogue_has_a_test_or_a_reason() {
    let documented = crate::read(&crate::project("docs/not-decidable.md"));
    let tests: String = crate::files_under(&crate::project("tests/it/misuse"), "rs")
        .iter()
        .map(|path| crate::read(path))
        .collect();
    let catalogues = [("M", 1..=70), ("K", 1..=42)];
    let entries = catalogues
        .into_iter()
        .flat_map(|(catalogue, numbers)| numbers.map(move |number| format!("{catalogue}{number:02}")));
    let without: Vec<_> = entries
        .filter(|entry| !tests.contains(&format!("{}_", entry.to_lowercase())) && !documented.contains(entry))
        .collect();
    assert!(without.is_empty(), "neither tested nor documented: {without:?}");
}
