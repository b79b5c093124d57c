//! The documents of the project say what is so.

use std::collections::{BTreeMap, BTreeSet};

use kustolint::engine::check;
use kustolint::report::Format;
use kustolint::rules::{book, flows, table};
use regex::Regex;

use crate::layers::EDGES;
use crate::projects::{files, human, inputs};
use crate::{files_under, project, read, shown};

const DOCUMENTS: &[&str] = &[
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
];
const TESTS: &str = "cargo test --workspace";
/// The rule that CONTRIBUTING.md makes up, in both its spellings.
const MADE_UP: [&str; 2] = ["idle-identity", "idle_identity"];

#[test]
fn the_readme_has_two_commands_to_start_with() {
    let readme = read(&project("README.md"));
    let block = format!("```sh\ncargo run --release -- check testdata/projects/demo\n{TESTS}\n```\n");
    assert_eq!(readme.matches(&block).count(), 1, "the block of commands under Set-up");
    assert!(
        read(&project(".ci/run")).contains(TESTS),
        ".ci/run runs the command of the README"
    );
}

#[test]
fn the_finding_in_the_readme_is_real() {
    let folder = "testdata/projects/demo";
    let mut inputs = inputs(&files("demo"));
    for input in &mut inputs {
        input.path = format!("{folder}/{}", input.path);
    }
    let readme = read(&project("README.md"));
    let (_, rest) = readme.split_once("````text\n").expect("a finding");
    let (finding, _) = rest.split_once("\n````").expect("the end of the finding");
    let output = human(&check(inputs));
    let real = output.split("\n\n").any(|real| real == finding);
    assert!(
        real,
        "write it with `cargo xtask finding --write`: the README shows\n{finding}\n\nand the output is\n{output}"
    );
}

#[test]
fn the_guide_has_a_chapter_for_each_rule_and_includes_its_page() {
    let how = "write them with `cargo xtask guide --write`";
    let summary = read(&project("docs/src/SUMMARY.md"));
    assert_eq!(
        table::placed(&summary, book::MARKS, &book::chapters()).as_ref(),
        Ok(&summary),
        "{how}"
    );
    let pages: BTreeMap<String, String> = book::pages().collect();
    for (path, text) in &pages {
        assert_eq!(&read(&project("docs/src").join(path)), text, "{path}: {how}");
    }
    let there = files_under(&project("docs/src/rules"), "md");
    assert_eq!(there.len(), pages.len(), "a chapter of a rule that is gone: {how}");
}

#[test]
fn the_guide_and_the_readme_name_every_format() {
    let (guide, readme) = (read(&project("docs/src/formats.md")), read(&project("README.md")));
    for format in Format::ALL {
        let name = format.name();
        assert!(
            guide.contains(&format!("| `{name}` |")),
            "docs/src/formats.md lacks `{name}`"
        );
        assert!(readme.contains(&format!("`{name}`")), "README.md lacks `{name}`");
    }
}

#[test]
fn every_page_of_the_guide_is_listed_and_its_links_lead_somewhere() {
    let summary = read(&project("docs/src/SUMMARY.md"));
    let link = Regex::new(r"\]\(([^)#:]+)\)|\{\{#include ([^:}]+)").expect("a pattern");
    for page in files_under(&project("docs/src"), "md") {
        let path = shown(&page);
        let listed = path.trim_start_matches("docs/src/");
        assert!(
            listed == "SUMMARY.md" || summary.contains(&format!("]({listed})")),
            "{path} is not listed"
        );
        let folder = page.parent().expect("a folder");
        for found in link.captures_iter(&read(&page)) {
            let target = found.get(1).or(found.get(2)).expect("a target").as_str();
            assert!(folder.join(target).is_file(), "{path}: {target} is not there");
        }
    }
}

#[test]
fn the_table_of_the_readme_is_that_of_the_pages() {
    let readme = read(&project("README.md"));
    // Pages that cannot be read have a test of their own.
    if let Ok(table) = table::table() {
        assert_eq!(
            table::placed(&readme, table::MARKS, &table).as_ref(),
            Ok(&readme),
            "write it with `cargo xtask rules-table --write`"
        );
    }
    assert!(table::placed(&readme, table::MARKS, "").is_ok());
}

#[test]
fn the_tables_of_flows_are_those_of_the_rows() {
    for (path, made) in flows::PLACES {
        let document = read(&project(path));
        assert_eq!(
            table::placed(&document, flows::MARKS, &made()).as_ref(),
            Ok(&document),
            "write it with `cargo xtask flows --write`"
        );
    }
}

#[test]
fn the_layers_of_the_architecture_are_those_that_are_tested() {
    let architecture = read(&project("ARCHITECTURE.md"));
    let word = Regex::new("`([a-z]+)`").expect("a pattern");
    let rows: Vec<(String, BTreeSet<String>)> = architecture
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let mut words = word.captures_iter(line).map(|found| found[1].to_owned());
            (words.next().expect("a module"), words.collect())
        })
        .collect();
    let layers: Vec<(String, BTreeSet<String>)> = EDGES
        .iter()
        .map(|(module, uses)| {
            (
                (*module).to_owned(),
                uses.iter().map(|used| (*used).to_owned()).collect(),
            )
        })
        .collect();
    assert_eq!(
        rows, layers,
        "the table of ARCHITECTURE.md (left) and tests/it/layers.rs"
    );
    for (module, _) in EDGES {
        assert!(
            architecture.contains(&format!("\n- `{module}`")),
            "the code map has no `{module}`"
        );
    }
}

#[test]
fn links_lead_to_files() {
    let link = Regex::new(r"\]\(([^)#]+)\)").expect("a pattern");
    let path = Regex::new(r"`((?:src|tests|rules|testdata|xtask)/[\w./-]*[\w/])`").expect("a pattern");
    let mut broken = Vec::new();
    for document in DOCUMENTS {
        let text = read(&project(document));
        for found in link.captures_iter(&text).chain(path.captures_iter(&text)) {
            let made_up = MADE_UP.iter().any(|name| found[1].contains(name));
            if !made_up && !found[1].starts_with("https://") && !project(&found[1]).exists() {
                broken.push(format!("{document}: {}", &found[1]));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
