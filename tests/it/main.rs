//! Tests of the whole: the pages of the rules, run as tests, and the layers of the modules.
#![allow(
    clippy::disallowed_methods,
    reason = "these tests look at the files of the project itself"
)]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

mod carriers;
mod chain;
mod command_lines;
mod config;
mod config_schema;
mod config_sections;
mod documents;
mod fix_choice;
mod fixes;
mod formats;
mod fuzzed;
mod hostile;
mod joins;
mod layers;
mod map;
mod misuse;
mod one_cause;
mod pages;
mod placeholders;
mod projects;
mod provenance;
mod redaction;
mod reports;
mod runner;
mod sarif;
mod shown_values;
mod supply_chain;
mod suppressions;
mod templates;
mod unused_usages;

use std::path::{Path, PathBuf};

use kustolint::engine::Outcome;
use kustolint::report::{Format, HumanOptions, Report};

/// An outcome as a format tells it, without colours.
fn report_as(format: Format, outcome: &Outcome, max_findings: usize) -> String {
    let options = HumanOptions {
        show_undecided: true,
        max_findings,
    };
    let mut out = anstream::StripStream::new(Vec::new());
    let report = Report::new(outcome);
    format.write(&report, options, &mut out).expect("memory takes all");
    String::from_utf8(out.into_inner()).expect("UTF-8")
}

/// A path in the project.
fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files under a folder whose names end in `.extension`, sorted; none when there is no such folder.
fn files_under(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let path = entry.expect("an entry of a folder").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The text of a file of the project.
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A path below the project's folder, with `/`.
fn shown(path: &Path) -> String {
    let root = project("");
    let parts = path.strip_prefix(&root).unwrap_or(path).components();
    parts
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}
