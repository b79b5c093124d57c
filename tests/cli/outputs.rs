//! Formats, and reports that go to files.

use std::fs;

use serde_json::Value;

use crate::{run, run_with_input, tree};

const BAD: &[u8] =
    b".alter-merge database Sales policy managed_identity \"[{'ObjectId':'system','AllowedUsages':'SandboxArtifacts'}]\"\n";

#[test]
fn one_run_feeds_several_reports() {
    let folder = tree(&[("a.kql", BAD)]);
    let answer = run(
        folder.path(),
        &["check", "-o", "json=out.txt", "--output", "lines.jsonl", "a.kql"],
    );
    assert_eq!(answer.status, 1, "{answer:?}");
    assert!(
        answer.out.starts_with("error[database-level-sandbox-artifacts]"),
        "{}",
        answer.out
    );
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let json: Value = serde_json::from_str(&read("out.txt")).unwrap();
    assert_eq!(json["summary"]["errors"], 1);
    let lines: Vec<Value> = read("lines.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.last().unwrap()["kind"], "summary");
    let alone = run(folder.path(), &["check", "--output-format", "json", "a.kql"]);
    assert_eq!(alone.out, read("out.txt"), "a file holds what standard output would");
}

#[test]
fn names_of_files_tell_formats_for_people_and_services() {
    let folder = tree(&[("a.kql", BAD), ("summary.md", b"of another command")]);
    let answer = run(
        folder.path(),
        &["check", "-o", "a.html", "-o", "a.xml", "-o", "summary.md", "a.kql"],
    );
    assert_eq!(answer.status, 1, "{answer:?}");
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(read("a.html").starts_with("<!doctype html>") && read("a.html").ends_with("</html>\n"));
    assert!(read("a.xml").starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>"));
    let page = read("summary.md");
    assert!(
        page.starts_with("### kustolint\n\n1 problem &#40;1 error&#41; in 1 file\n\n<table>"),
        "{page}"
    );
}

#[test]
fn annotations_name_files_from_the_root_and_follow_the_status() {
    let folder = tree(&[("kql/a.kql", BAD), (".git/HEAD", b"")]);
    let inside = folder.path().join("kql");
    let answer = run(&inside, &["check", "--output-format", "github", "a.kql"]);
    assert!(
        answer.out.starts_with("::error file=kql/a.kql,line=1,endLine=1,col="),
        "{}",
        answer.out
    );
    let failed = run(&inside, &["check", "--output-format", "azure", "a.kql"]);
    assert_eq!(failed.status, 1);
    assert!(
        failed
            .out
            .starts_with("##vso[task.logissue type=error;sourcepath=kql/a.kql;"),
        "{}",
        failed.out
    );
    assert!(
        failed.out.ends_with("1 problem (1 error) in 1 file\n"),
        "{}",
        failed.out
    );
    let passed = run(
        &inside,
        &["check", "--output-format", "azure", "--fail-on", "never", "a.kql"],
    );
    assert_eq!(passed.status, 0);
    assert!(
        passed
            .out
            .ends_with("\n##vso[task.complete result=SucceededWithIssues;]\n"),
        "{}",
        passed.out
    );
}

#[test]
fn a_file_without_a_format_has_the_one_that_is_asked_for() {
    let folder = tree(&[("a.kql", BAD)]);
    let answer = run(
        folder.path(),
        &["check", "-o", "report", "--output-format", "json", "a.kql"],
    );
    assert!(answer.out.contains("1 problem (1 error) in 1 file"), "{}", answer.out);
    let written = fs::read_to_string(folder.path().join("report")).unwrap();
    assert!(written.starts_with("{\"version\":1"), "{written}");
    let coloured = run(folder.path(), &["check", "--color", "always", "-o", "a.txt", "a.kql"]);
    assert!(coloured.out.contains('\u{1b}'));
    let text = fs::read_to_string(folder.path().join("a.txt")).unwrap();
    assert!(text.starts_with("error[") && !text.contains('\u{1b}'), "{text}");
}

#[test]
fn an_output_that_cannot_be_written_is_no_success() {
    let folder = tree(&[("ok.kql", b".show tables\n"), ("sub/x", b"")]);
    for (output, why) in [
        ("json=sub", "no regular file"),
        ("json=gone/report", "its folder does not exist"),
        ("report.xyz", "tells no format"),
        ("json=", "wants a file"),
    ] {
        let answer = run(folder.path(), &["check", "-o", output, "ok.kql"]);
        assert_eq!(answer.status, 2, "{output}: {answer:?}");
        assert!(answer.err.contains(why), "{output}: {}", answer.err);
    }
    let twice = run(folder.path(), &["check", "-o", "json=a", "-o", "jsonl=a", "ok.kql"]);
    assert_eq!((twice.status, twice.err.contains("twice")), (2, true));
    let absolute = folder.path().join("new.json").display().to_string();
    let twice = run(folder.path(), &["check", "-o", "new.json", "-o", &absolute, "ok.kql"]);
    assert_eq!((twice.status, twice.err.contains("twice")), (2, true), "{twice:?}");
    assert!(!folder.path().join("new.json").exists());
    assert!(!folder.path().join("a").exists());
}

#[cfg(unix)]
#[test]
fn a_report_does_not_follow_a_link_and_replaces_a_whole_file() {
    let folder = tree(&[("a.kql", BAD), ("old.json", b"old"), ("target", b"kept")]);
    std::os::unix::fs::symlink("target", folder.path().join("link.json")).unwrap();
    let answer = run(folder.path(), &["check", "-o", "link.json", "a.kql"]);
    assert_eq!(answer.status, 2);
    assert!(answer.err.contains("it is a link"), "{}", answer.err);
    assert_eq!(fs::read(folder.path().join("target")).unwrap(), b"kept");
    assert_eq!(run(folder.path(), &["check", "-o", "old.json", "a.kql"]).status, 1);
    let written = fs::read_to_string(folder.path().join("old.json")).unwrap();
    assert!(written.starts_with('{') && written.ends_with("}\n"));
    let left: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .filter(|entry| {
            entry
                .as_ref()
                .unwrap()
                .file_name()
                .to_string_lossy()
                .contains("kustolint-")
        })
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_finding_is_told_again_by_what_holds_it_wherever_it_moved() {
    let folder = tree(&[("a.kql", BAD), ("infra/.keep", b"")]);
    let first = run(folder.path(), &["check", "--output-format", "json", "a.kql"]).json();
    let place = &first["findings"][0]["place"];
    assert_eq!(place[0], ".alter-merge database Sales policy managed_identity");
    let moved = [b"// a comment\n\n.show tables\n\n".as_slice(), BAD].concat();
    fs::write(folder.path().join("a.kql"), moved).unwrap();
    let second = run(folder.path(), &["check", "--output-format", "json", "a.kql"]).json();
    assert_ne!(first["findings"][0]["location"], second["findings"][0]["location"]);
    assert_eq!(
        first["findings"][0]["fingerprint"],
        second["findings"][0]["fingerprint"]
    );
    // Without a repository the root is where the run starts.
    fs::create_dir(folder.path().join(".git")).unwrap();
    let here = run(folder.path(), &["check", "--output-format", "json", "a.kql"]).json();
    let below = run(
        &folder.path().join("infra"),
        &["check", "--output-format", "json", "../a.kql"],
    )
    .json();
    assert_eq!(below["findings"][0]["location"]["path"], "../a.kql");
    assert_eq!(here["findings"][0]["fingerprint"], below["findings"][0]["fingerprint"]);
}

#[test]
fn sarif_is_told_by_the_name_of_a_file_and_has_the_category_that_is_asked_for() {
    let folder = tree(&[("a.kql", BAD)]);
    for (category, id) in [("infra", "infra/"), ("infra/prod/", "infra/prod/")] {
        let answer = run(
            folder.path(),
            &["check", "-o", "report.sarif", "--sarif-category", category, "a.kql"],
        );
        assert_eq!(answer.status, 1, "{answer:?}");
        let text = fs::read_to_string(folder.path().join("report.sarif")).unwrap();
        let log: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(log["runs"][0]["automationDetails"]["id"], id);
        assert!(!text.contains(folder.path().to_str().unwrap()), "no absolute path");
    }
    let none = run(folder.path(), &["check", "--sarif-category", "/", "a.kql"]);
    assert_eq!(none.status, 2, "{none:?}");
}

#[test]
fn standard_input_has_a_place_in_every_format() {
    let folder = tree(&[]);
    for format in ["sarif", "gitlab", "rdjson"] {
        let answer = run_with_input(folder.path(), &["check", "--output-format", format, "-"], BAD);
        assert_eq!(answer.status, 1, "{answer:?}");
        assert!(answer.out.contains("stdin"), "{}", answer.out);
        answer.assert_harmless();
    }
}
