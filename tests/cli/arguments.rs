use crate::{run, run_with_input, tree};

#[test]
fn a_path_that_does_not_exist_is_not_a_finding() {
    let folder = tree(&[("policies.kql", b"")]);
    let answer = run(folder.path(), &["check", "polices.kql", "no/such/folder"]);
    assert_eq!((answer.status, answer.out.as_str()), (2, ""));
    assert!(answer.err.contains("did you mean `policies.kql`?"), "{}", answer.err);
    assert!(answer.err.contains("no folder `no/such`"), "{}", answer.err);
    let answer = run(folder.path(), &["check", "--output-format", "json", "nothing"]);
    assert_eq!((answer.status, answer.out.as_str()), (2, ""));
}

#[test]
fn an_empty_folder_is_told() {
    let folder = tree(&[]);
    let answer = run(folder.path(), &["check"]);
    assert_eq!((answer.status, answer.err.as_str()), (0, ""));
    assert!(answer.out.starts_with("no files to check"), "{}", answer.out);
    assert_eq!(answer.out.lines().count(), 1);
}

#[test]
fn help_is_found_for_the_program_and_each_verb() {
    let folder = tree(&[]);
    for arguments in [
        &["--help"][..],
        &["check", "--help"],
        &["inspect", "--help"],
        &["explain", "--help"],
        &["rules", "-h"],
        &["map", "--help"],
        &["completions", "--help"],
        &["man", "--help"],
    ] {
        let answer = run(folder.path(), arguments);
        assert_eq!((answer.status, answer.err.as_str()), (0, ""), "{arguments:?}");
        assert!(answer.out.contains("Examples:"), "{}", answer.out);
        answer.assert_harmless();
    }
    let answer = run(folder.path(), &["--version"]);
    assert_eq!(answer.out, format!("kustolint {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn mistakes_in_the_arguments_are_status_two() {
    let folder = tree(&[]);
    for (arguments, word) in [
        (&["check", "--no-such-flag"][..], "--no-such-flag"),
        (&["check", "--output-format", "yaml"], "human, concise, json"),
        (&["check", "--max-findings", "many"], "many"),
        (&["infra/"], "kustolint check PATH"),
        (&["explain"], "<RULE|PATH>"),
        (&["explain", "no-such-rule"], "kustolint rules"),
        (&["inspect", "a.kql"], "--view"),
        (&["inspect", "--view", "expression", "a.json"], "standard input"),
        (&["check", "--stdin-filename", "a.kql"], "name `-`"),
        (&["check", ""], "PATH"),
        (&[], "Usage"),
    ] {
        let answer = run(folder.path(), arguments);
        assert_eq!((answer.status, answer.out.as_str()), (2, ""), "{arguments:?}");
        assert!(answer.err.contains(word), "{arguments:?}: {}", answer.err);
    }
}

#[test]
fn arguments_are_shown_harmlessly() {
    let folder = tree(&[]);
    for hostile in [
        "--x\n::error::y",
        "a\u{1b}[31m\n::error::y##vso[task.complete]",
        "##[group]\r\u{202e}",
    ] {
        for arguments in [&["check", hostile][..], &[hostile], &["explain", hostile]] {
            let answer = run(folder.path(), arguments);
            assert_eq!(answer.status, 2, "{arguments:?}");
            answer.assert_harmless();
            if arguments.len() > 1 && !hostile.starts_with('-') {
                assert_eq!(answer.err.lines().count(), 1, "{}", answer.err);
            }
        }
    }
}

#[test]
fn a_name_that_looks_like_a_flag_follows_two_dashes() {
    let folder = tree(&[("--config=x.kql", b"T | take 5"), ("-", b"T | take 5")]);
    assert_eq!(run(folder.path(), &["check", "--", "--config=x.kql"]).status, 0);
    assert_eq!(run(folder.path(), &["check", "./-"]).status, 0);
}

#[test]
fn json_has_the_promised_shape() {
    let folder = tree(&[("a.kql", b"T | take 5\n")]);
    let answer = run(folder.path(), &["check", "--output-format", "json"]);
    assert_eq!((answer.status, answer.err.as_str()), (0, ""));
    let report = answer.json();
    let names: Vec<&String> = report.as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        ["version", "tool", "findings", "suppressed", "not_analysed", "summary"]
    );
    assert_eq!(report["version"], 1);
    assert_eq!(report["tool"]["name"], "kustolint");
    let counts: Vec<&String> = report["summary"].as_object().unwrap().keys().collect();
    assert_eq!(
        counts,
        [
            "files",
            "errors",
            "warnings",
            "notes",
            "suppressed",
            "baselined",
            "older",
            "not_analysed"
        ]
    );
}

#[test]
fn rules_are_listed() {
    let folder = tree(&[]);
    let answer = run(folder.path(), &["rules"]);
    assert_eq!(answer.status, 0);
    assert!(answer.out.contains("kustolint explain RULE"));
    let list = run(folder.path(), &["rules", "--output-format", "json"]).json();
    for rule in list["rules"].as_array().unwrap() {
        let name = rule["name"].as_str().unwrap();
        let page = run(folder.path(), &["explain", name, "--output-format", "json"]);
        assert_eq!(
            (page.status, &page.json()["severity"]),
            (0, &rule["severity"]),
            "{name}"
        );
    }
}

#[test]
fn expressions_are_answered_line_by_line() {
    let folder = tree(&[]);
    let input = b"{\"id\": 1, \"expression\": \"[1]\"}\nnonsense\n";
    let answer = run_with_input(folder.path(), &["inspect", "--view", "expression"], input);
    assert_eq!((answer.status, answer.out.lines().count()), (0, 2), "{answer:?}");
    assert!(
        answer
            .out
            .lines()
            .nth(1)
            .unwrap()
            .starts_with("{\"id\":null,\"error\":")
    );
}
