use std::collections::BTreeMap;

use regex::Regex;

use super::{Value, arguments, run, small_project, text, yaml};

fn manifest() -> BTreeMap<String, Value> {
    let hooks = yaml(".pre-commit-hooks.yaml");
    let hooks = hooks.as_array().unwrap().iter();
    hooks
        .map(|hook| (hook["id"].as_str().unwrap().to_owned(), hook.clone()))
        .collect()
}

#[test]
fn each_hook_runs_the_program_once() {
    let hooks = manifest();
    let ids: Vec<&str> = hooks.keys().map(String::as_str).collect();
    assert_eq!(ids, ["kustolint", "kustolint-all", "kustolint-fix"]);
    for (id, hook) in &hooks {
        assert_eq!(hook["language"], "rust", "{id}");
        assert_eq!(hook["require_serial"], "true", "{id}");
        assert_eq!(hook["pass_filenames"] == "false", id == "kustolint-all");
        let arguments = arguments(hook["entry"].as_str().unwrap()).unwrap();
        let folder = small_project(true);
        for (named, status) in [("kql/tables.kql", 0), ("kql/policies.kql", 1)] {
            let words: Vec<&str> = arguments.iter().map(String::as_str).chain([named]).collect();
            let answer = run(folder.path(), &words);
            assert_eq!(answer.status, status, "{id}: {answer:?}");
            assert_eq!(answer.out.contains("kql/policies.kql"), status == 1, "{id}: {answer:?}");
        }
    }
}

#[test]
fn the_hooks_take_every_kind_of_file_that_a_walk_looks_at() {
    let kinds = text("src/discover/kinds.rs");
    let (extensions, _) = kinds.split_once("const SKIPPED").unwrap();
    let literal = Regex::new(r#""([a-z0-9]+)","#).unwrap();
    let mut names: Vec<String> = literal
        .captures_iter(extensions)
        .map(|found| format!("some folder/a.{}", &found[1]))
        .collect();
    assert!(names.len() > 40, "{names:?}");
    // The first list stands on one line, its last item without a comma.
    names.extend([".env", "app/.env.local", "a.kusto", "a.kql", "kustolint.toml"].map(str::to_owned));
    for (id, hook) in manifest() {
        let files = Regex::new(hook["files"].as_str().unwrap()).unwrap();
        for name in &names {
            assert!(files.is_match(name), "{id}: {name}");
        }
        for name in ["a.exe", "kql", "Makefile", "a.kql.png", ".environment"] {
            assert!(!files.is_match(name), "{id}: {name}");
        }
    }
}
