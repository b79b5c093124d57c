//! The hooks, the action, the workflows and the examples: what they run is run here, as it stands in them.

mod action;
mod examples;
mod hooks;
mod release;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;
use saphyr::{LoadableYamlNode, Yaml};
use serde_json::Value;
use tempfile::TempDir;

use crate::{run, tree};

/// A script with a certain mistake.
const BAD: &[u8] =
    b".alter-merge database Sales policy managed_identity \"[{'ObjectId':'system','AllowedUsages':'NativeIngest'}]\"\n";
const VERSION: &str = env!("CARGO_PKG_VERSION");
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn text(path: &str) -> String {
    fs::read_to_string(project(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A file of YAML as JSON; the file is one document.
fn yaml(path: &str) -> Value {
    let text = text(path);
    let documents = Yaml::load_from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert_eq!(documents.len(), 1, "{path}");
    value(&documents[0])
}

fn value(yaml: &Yaml) -> Value {
    if let Some(mapping) = yaml.as_mapping() {
        let entries = mapping.iter().map(|(key, entry)| (scalar(key), value(entry)));
        return Value::Object(entries.collect());
    }
    match yaml.as_sequence() {
        Some(items) => items.iter().map(value).collect(),
        None => Value::String(scalar(yaml)),
    }
}

/// A scalar as it is written: nothing here depends on its type.
fn scalar(yaml: &Yaml) -> String {
    let written = yaml.as_str().map(str::to_owned);
    let written = written.or_else(|| yaml.as_bool().map(|value| value.to_string()));
    let written = written.or_else(|| yaml.as_integer().map(|value| value.to_string()));
    let written = written.or_else(|| yaml.as_floating_point().map(|value| value.to_string()));
    written.unwrap_or_default()
}

/// All strings under the keys, in the order of the file; a list gives each of its items.
fn under<'v>(value: &'v Value, keys: &[&str], found: &mut Vec<&'v str>) {
    match value {
        Value::Object(entries) => {
            for (key, entry) in entries {
                if keys.contains(&key.as_str()) {
                    strings(entry, found);
                }
                under(entry, keys, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| under(item, keys, found)),
        _ => {}
    }
}

/// The string, or all strings of the list.
fn strings<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => found.extend(items.iter().filter_map(Value::as_str)),
        _ => {}
    }
}

/// The files in a folder of the project, by their paths in it.
fn files_in(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(project(folder)).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| format!("{folder}/{name}"))
        .collect();
    names.sort();
    names
}

/// What a line of a shell that calls the program gives it as arguments; none for other lines.
fn arguments(line: &str) -> Option<Vec<String>> {
    let mut words = shlex::split(line)?.into_iter();
    (words.next()? == "kustolint").then(|| words.collect())
}

/// A small project whose files are right, or of which one is wrong.
fn small_project(wrong: bool) -> TempDir {
    let last: &[u8] = if wrong { BAD } else { b".show tables\n" };
    tree(&[
        (".git/HEAD", b"ref: refs/heads/main\n"),
        ("infra/main.json", b"{}\n"),
        ("kql/tables.kql", b".show tables\n"),
        ("kql/policies.kql", last),
    ])
}

/// The places where YAML is kept, all of which must be read.
fn all_yaml() -> BTreeMap<String, Value> {
    let mut files = files_in(".github/workflows");
    files.extend(files_in("docs/integrations"));
    files.extend([".github/dependabot.yml", ".pre-commit-hooks.yaml", "action.yml"].map(str::to_owned));
    files.into_iter().map(|path| (path.clone(), yaml(&path))).collect()
}

#[test]
fn actions_are_pinned_by_the_hash_of_a_commit_and_the_comment_says_its_version() {
    let line = Regex::new(r"uses: (\S+)@(\S+)(.*)").unwrap();
    let pinned = Regex::new(r"^[0-9a-f]{40}$").unwrap();
    let comment = Regex::new(r"^ # v\d+\.\d+\.\d+$").unwrap();
    let own = REPOSITORY.trim_start_matches("https://github.com/");
    let mut versions = BTreeMap::new();
    for path in all_yaml().into_keys() {
        for found in line.captures_iter(&text(&path)) {
            let (action, rev, rest) = (&found[1], &found[2], &found[3]);
            if action == own {
                // Its hash is known when it is released.
                assert_eq!(rev, format!("v{VERSION}"), "{path}");
                continue;
            }
            assert!(pinned.is_match(rev) && comment.is_match(rest), "{path}: {}", &found[0]);
            let pin = (rev.to_owned(), rest.to_owned());
            let first = versions.entry(action.to_owned()).or_insert_with(|| pin.clone());
            assert_eq!(*first, pin, "{path}: {action} has one pin");
        }
    }
    assert!(versions.len() > 5, "{versions:?}");
}

#[test]
fn the_address_and_the_version_are_those_of_the_manifest() {
    let address = Regex::new(r"https://github\.com/[\w-]+/kustolint\b").unwrap();
    let owner = Regex::new(r"(?:--repo|uses:) ([\w-]+/kustolint)\b").unwrap();
    let version = Regex::new(r"kustolint==([\w.]+)|kustolint@v([\w.]+)|rev: v([\w.]+)").unwrap();
    let mut seen = 0;
    let mut paths: Vec<String> = all_yaml().into_keys().collect();
    paths.extend(["README.md", "SECURITY.md", "CHANGELOG.md", "pyproject.toml"].map(str::to_owned));
    for path in paths {
        let text = text(&path);
        for found in address.find_iter(&text) {
            assert_eq!(found.as_str(), REPOSITORY, "{path}");
        }
        for found in owner.captures_iter(&text) {
            assert!(
                REPOSITORY.ends_with(&format!("/{}", &found[1])),
                "{path}: {}",
                &found[0]
            );
        }
        for found in version.captures_iter(&text) {
            let told = found.iter().skip(1).flatten().next().unwrap().as_str();
            assert_eq!(told, VERSION, "{path}: {}", &found[0]);
            seen += 1;
        }
    }
    assert!(seen > 6, "{seen}");
    let action = yaml("action.yml");
    assert_eq!(action["inputs"]["version"]["default"], VERSION);
}

#[test]
fn the_workflow_runs_what_ci_runs() {
    let workflow = yaml(".github/workflows/ci.yml");
    let mut commands = Vec::new();
    under(&workflow, &["run"], &mut commands);
    let ci = text(".ci/run");
    let steps: Vec<&str> = ci.lines().filter_map(|line| line.strip_prefix("step ")).collect();
    assert!(steps.len() > 3, "{steps:?}");
    for step in steps {
        // The sets that it needs are not in the repository.
        if !step.contains("../shared") {
            assert!(commands.contains(&step), "{step}: {commands:?}");
        }
    }
}
