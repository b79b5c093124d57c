//! The chain from the cluster to the storage account, in every project of `testdata/projects`: the project in which it
//! is whole is silent; each link that is taken out or misspelt turns on the rule for it, and no other. A policy for an
//! identity that nothing uses has two rules: one says so at the policy, the other what each use lacks.
//!
//! Most projects have findings by design. Each of those has mends: with all of them it is silent, and with all but one
//! it has what that one mends. The edits are made in the mended project. `carriers` and `hosts` show one mistake in many
//! languages and stay as they are. Findings are compared by difference everywhere: how often a rule speaks in a file,
//! and how severely, after the edit (`+`) or before it only (`-`). Places and messages are what
//! `tests/it/projects.rs` and the pages of the rules look at.

mod encryption;
mod languages;
mod policies;
mod secrets;
mod whole;

use std::collections::BTreeMap;

use kustolint::engine::{Outcome, check};

use crate::project;
use crate::projects::{File, files, inputs, utf16};

/// An edit: the file, what is replaced by what, and which findings come (`+ severity rule file`) and go (`-`).
type Edit = (&'static str, &'static str, &'static str, &'static [&'static str]);

/// A project and its edits.
struct Chain {
    /// Its folder in `testdata/projects`.
    project: &'static str,
    /// What makes it sound; what is told of each is what comes when that one is left out.
    mends: &'static [Edit],
    /// Whether it is silent with all the mends.
    is_sound: bool,
    /// Edits of the mended project.
    edits: &'static [Edit],
}

/// All projects, sorted.
const CHAINS: &[&Chain] = &[
    &languages::CARRIERS,
    &whole::CLEAN,
    &encryption::CONDITIONS_AND_LOOPS,
    &whole::DEMO,
    &languages::HOSTS,
    &policies::LINES_IN_STRINGS,
    &encryption::LINKED_TEMPLATES,
    &policies::MINIFIED_TEMPLATE,
    &whole::NESTED_CHILDREN,
    &encryption::NESTED_DEPLOYMENT,
    &encryption::PARAMETER_FILE_DECIDES,
    &policies::PLACEHOLDERS,
    &policies::POLICY_IN_TEMPLATE,
    &secrets::SECRETS,
    &whole::SYMBOLIC_NAMES,
    &encryption::TWO_PARAMETER_FILES,
    &policies::UTF16_SCRIPT,
];

#[test]
fn every_project_has_its_edits() {
    let mut projects: Vec<_> = std::fs::read_dir(project("testdata/projects"))
        .expect("the folder of the projects")
        .map(|entry| entry.expect("a project").file_name().to_string_lossy().into_owned())
        .collect();
    projects.sort();
    let told: Vec<_> = CHAINS.iter().map(|chain| chain.project).collect();
    assert_eq!(told, projects);
    for chain in CHAINS {
        assert!(chain.mends.len() + chain.edits.len() >= 6, "{}", chain.project);
    }
}

#[test]
fn each_link_of_the_chain_has_its_rule() {
    let mut wrong = Vec::new();
    for chain in CHAINS {
        let unedited = files(chain.project);
        let mends: Vec<_> = chain.mends.iter().collect();
        let mended = edited(chain, &unedited, &mends);
        let before = counted(&check(inputs(&mended)));
        if chain.is_sound && !before.is_empty() {
            wrong.push(format!("{}, mended: {before:?}", chain.project));
        }
        let mut judge = |what: &str, project: &[File], (file, from, to, expected): &Edit| {
            let found = difference(&before, &counted(&check(inputs(project))));
            if found != *expected {
                let project = chain.project;
                wrong.push(format!(
                    "{project}, {what} in {file}: `{from}` -> `{to}`:\n  {found:?}\nnot\n  {expected:?}"
                ));
            }
        };
        for left_out in &mends {
            let others: Vec<_> = mends.iter().copied().filter(|mend| mend != left_out).collect();
            judge("without the mend", &edited(chain, &unedited, &others), left_out);
        }
        for edit in chain.edits {
            judge("edited", &edited(chain, &mended, &[edit]), edit);
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// The files after edits; each replaces the first occurrence in its file, in whichever encoding that is.
fn edited(chain: &Chain, files: &[File], edits: &[&Edit]) -> Vec<File> {
    let mut files = files.to_vec();
    for (path, from, to, _) in edits {
        let place = || format!("`{from}` in {}/{path}", chain.project);
        let (_, bytes) = files
            .iter_mut()
            .find(|(known, _)| known == path)
            .unwrap_or_else(|| panic!("{}", place()));
        let (text, encode) = decoded(bytes);
        assert!(text.contains(from), "{}", place());
        *bytes = encode(&text.replacen(from, to, 1));
    }
    files
}

/// The text of a file without its byte-order mark, and what encodes it again.
fn decoded(bytes: &[u8]) -> (String, fn(&str) -> Vec<u8>) {
    match bytes {
        [0xff, 0xfe, rest @ ..] => {
            let units = rest.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
            let text = char::decode_utf16(units).map(|unit| unit.expect("UTF-16"));
            (text.collect(), |text| utf16(text, false))
        }
        _ => {
            let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
            (text, |text| text.as_bytes().to_vec())
        }
    }
}

/// How often each rule speaks in each file, and how severely.
fn counted(outcome: &Outcome) -> BTreeMap<String, i32> {
    let mut counted = BTreeMap::new();
    for finding in &outcome.findings {
        let file = outcome.sources.get(finding.primary.at.file).expect("a file").path();
        let severity = format!("{:?}", finding.severity).to_lowercase();
        *counted
            .entry(format!("{severity} {} {file}", finding.rule))
            .or_default() += 1;
    }
    counted
}

/// What comes and what goes, each as often as it does.
fn difference(before: &BTreeMap<String, i32>, after: &BTreeMap<String, i32>) -> Vec<String> {
    let all: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let of = |counted: &BTreeMap<String, i32>, finding: &str| counted.get(finding).copied().unwrap_or_default();
    let mut lines = Vec::new();
    for finding in all {
        let more = of(after, finding) - of(before, finding);
        let sign = if more > 0 { '+' } else { '-' };
        lines.extend((0..more.abs()).map(|_| format!("{sign} {finding}")));
    }
    lines
}
