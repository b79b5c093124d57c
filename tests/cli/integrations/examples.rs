use super::{Value, all_yaml, arguments, files_in, run, small_project, strings, under};
use crate::Answer;
use std::fs;
use std::path::Path;

use regex::Regex;

/// The keys under which the four systems keep what a shell runs.
const SCRIPTS: &[&str] = &["run", "script", "before_script", "entry"];

/// Each example with the calls of the program in it.
fn examples() -> Vec<(String, Value, Vec<Vec<String>>)> {
    let mut found = Vec::new();
    for (path, value) in all_yaml() {
        if path.starts_with("docs/integrations/") {
            let mut scripts = Vec::new();
            under(&value, SCRIPTS, &mut scripts);
            let calls = scripts
                .iter()
                .flat_map(|script| script.lines())
                .filter_map(arguments)
                .collect();
            found.push((path, value, calls));
        }
    }
    assert_eq!(found.len(), files_in("docs/integrations").len());
    found
}

/// Runs a call in the folder, with the variables of the systems filled in.
fn call(folder: &Path, arguments: &[String], more: &[&str]) -> Answer {
    let filled: Vec<String> = arguments
        .iter()
        .map(|argument| argument.replace("$(Build.ArtifactStagingDirectory)", "staging"))
        .collect();
    for argument in &filled {
        assert!(!argument.contains('$'), "a variable is not filled in: {argument}");
    }
    fs::create_dir_all(folder.join("staging")).unwrap();
    let words: Vec<&str> = filled.iter().map(String::as_str).chain(more.iter().copied()).collect();
    run(folder, &words)
}

#[test]
fn every_call_of_the_program_ends_as_it_should() {
    let mut calls = 0;
    for (path, _, found) in examples() {
        for arguments in found {
            for (wrong, status) in [(true, 1), (false, 0)] {
                let folder = small_project(wrong);
                let answer = call(folder.path(), &arguments, &[]);
                assert_eq!(answer.status, status, "{path}: {arguments:?}: {answer:?}");
                assert_eq!(
                    answer.out.contains("unknown-identity-usage"),
                    wrong,
                    "{path}: {arguments:?}: {}",
                    answer.out
                );
                reports(folder.path(), &arguments, wrong);
            }
            calls += 1;
        }
    }
    assert!(calls >= 6, "{calls}");
}

/// Reads the reports that a call was to write.
fn reports(folder: &Path, arguments: &[String], wrong: bool) {
    for report in arguments.windows(2).filter(|pair| pair[0] == "-o").map(|pair| &pair[1]) {
        let (format, file) = report.split_once('=').expect("a format and a file");
        let file = file.replace("$(Build.ArtifactStagingDirectory)", "staging");
        let text = fs::read_to_string(folder.join(&file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        let findings = match format {
            "sarif" => {
                let json: Value = serde_json::from_str(&text).unwrap();
                assert_eq!(json["version"], "2.1.0");
                json["runs"][0]["results"].as_array().unwrap().len()
            }
            "gitlab" => {
                let json: Value = serde_json::from_str(&text).unwrap();
                json.as_array().unwrap().len()
            }
            "junit" => {
                assert_eq!(root_of_xml(&text), "testsuites", "{text}");
                text.matches("<failure").count()
            }
            other => panic!("an example writes {other}: say here what a good report is"),
        };
        assert_eq!(findings > 0, wrong, "{file}: {text}");
    }
}

/// The name of the outermost element of well-formed XML.
fn root_of_xml(text: &str) -> String {
    let tag = Regex::new(r#"<(/?)([A-Za-z][\w.-]*)((?:\s+[\w:.-]+="[^"<]*")*)\s*(/?)>"#).unwrap();
    assert!(text.starts_with("<?xml "), "{text}");
    let (mut open, mut root, mut end) = (Vec::new(), None, text.find("?>").unwrap() + 2);
    for found in tag.captures_iter(text) {
        let whole = found.get(0).unwrap();
        let between = text.get(end..whole.start()).unwrap();
        assert!(!between.contains('<'), "what is {between:?}?");
        assert!(
            !open.is_empty() || between.trim().is_empty(),
            "text outside: {between:?}"
        );
        end = whole.end();
        let name = found[2].to_owned();
        match (&found[1], &found[4]) {
            ("/", _) => assert_eq!(open.pop(), Some(name), "{text}"),
            (_, "/") => {}
            _ => {
                root.get_or_insert_with(|| name.clone());
                open.push(name);
            }
        }
    }
    assert!(open.is_empty() && text.get(end..).unwrap().trim().is_empty(), "{text}");
    root.expect("an element")
}

#[test]
fn what_is_written_is_what_is_picked_up() {
    let picked = [
        "sarif_file",
        "testResultsFiles",
        "pathToPublish",
        "codequality",
        "junit",
    ];
    let mut seen = 0;
    for (path, value, calls) in examples() {
        let mut wanted = Vec::new();
        under(&value, &picked, &mut wanted);
        for call in calls {
            for report in call.windows(2).filter(|pair| pair[0] == "-o").map(|pair| &pair[1]) {
                let (_, file) = report.split_once('=').expect("a format and a file");
                assert!(wanted.contains(&file), "{path}: nothing picks up {file}: {wanted:?}");
                seen += 1;
            }
        }
    }
    assert!(seen >= 5, "{seen}");
}

#[test]
fn the_artifact_has_the_name_that_the_extension_looks_for() {
    let pipeline = &all_yaml()["docs/integrations/azure-pipelines.yml"];
    let mut names = Vec::new();
    under(pipeline, &["artifactName"], &mut names);
    assert_eq!(names, ["CodeAnalysisLogs"]);
}

#[test]
fn hooks_of_the_examples_take_the_files_that_they_are_given() {
    let files = &all_yaml()["docs/integrations/pre-commit-config.yaml"];
    let hooks = files["repos"][0]["hooks"].as_array().unwrap();
    for hook in hooks {
        let files = Regex::new(hook["files"].as_str().unwrap()).unwrap();
        for name in ["a.kql", "infra/main.json", "docs/a.md", "x/.github/a.yaml", "b.yml"] {
            assert!(files.is_match(name), "{name}");
        }
        assert!(!files.is_match("a.png") && !files.is_match("kql"));
        let mut entry = Vec::new();
        strings(&hook["entry"], &mut entry);
        let arguments = arguments(entry[0]).expect("a call");
        let folder = small_project(true);
        let named = hook["pass_filenames"] != "false";
        let good = call(
            folder.path(),
            &arguments,
            if named {
                &["kql/tables.kql"]
            } else {
                &["kql/tables.kql"][..0]
            },
        );
        assert_eq!(good.status, i32::from(!named), "{good:?}");
        let bad = call(
            folder.path(),
            &arguments,
            if named {
                &["kql/policies.kql"]
            } else {
                &["kql/tables.kql"][..0]
            },
        );
        assert_eq!(bad.status, 1, "{bad:?}");
    }
    assert_eq!(hooks.len(), 3);
}
