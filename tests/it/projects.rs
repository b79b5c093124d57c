//! Whole projects: what is found in several files together, and that it does not depend on how they are written
//! down, read or ordered.

use std::path::Path;

use insta::assert_snapshot;
use kustolint::engine::{Input, Outcome, check};
use kustolint::report::Format;
use kustolint::text::FileSpan;

use crate::{project, report_as};

/// A file of a project: its path in the project and its bytes.
pub(crate) type File = (String, Vec<u8>);

/// What is expected of a project.
const EXPECTED: &str = "expected.txt";

#[test]
fn every_project_has_the_findings_it_says() {
    let mut wrong = Vec::new();
    let mut cases: Vec<_> = std::fs::read_dir(project("testdata/projects"))
        .expect("the folder of the projects")
        .map(|entry| entry.expect("a project").file_name().to_string_lossy().into_owned())
        .collect();
    cases.sort();
    assert!(cases.len() > 8, "projects: {cases:?}");
    for case in &cases {
        let path = project(&format!("testdata/projects/{case}/{EXPECTED}"));
        let expected = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let found = lines(&check(inputs(&files(case))));
        if found != expected {
            wrong.push(format!("{case}: found\n{found}\nexpected\n{expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_project_that_is_right_everywhere_is_silent() {
    let outcome = check(inputs(&files("clean")));
    assert!(outcome.findings.is_empty() && outcome.undecided.is_empty());
    assert_snapshot!(human(&outcome), @"no problems in 6 files");
}

#[test]
fn the_demo_shows_the_rules_that_matter_most() {
    let outcome = check(inputs(&files("demo")));
    for rule in [
        "missing-native-ingestion",
        "database-level-sandbox-artifacts",
        "control-plane-only-grant",
        "key-not-rsa-2048",
        "missing-soft-delete",
        "missing-purge-protection",
        "unsupported-identity-flow",
    ] {
        assert!(
            outcome.findings.iter().any(|finding| finding.rule == rule),
            "{rule} finds nothing in the demo"
        );
    }
    let elsewhere = |finding: &&kustolint::diagnostic::Diagnostic| {
        finding
            .related
            .iter()
            .any(|label| label.at.file != finding.primary.at.file)
    };
    assert!(outcome.findings.iter().filter(elsewhere).count() >= 3);
}

#[test]
fn the_demo_as_people_read_it() {
    assert_snapshot!(human(&check(inputs(&files("demo")))));
}

#[test]
fn the_demo_as_programs_read_it() {
    let found = json(&check(inputs(&files("demo"))));
    let mut found: serde_json::Value = serde_json::from_str(&found).expect("one JSON object");
    assert_eq!(found["tool"]["version"], env!("CARGO_PKG_VERSION"));
    found["tool"]["version"] = "[version]".into();
    assert_snapshot!(serde_json::to_string_pretty(&found).expect("JSON"));
}

#[test]
fn places_in_hosts_are_exact() {
    let outcome = check(inputs(&files("hosts")));
    for finding in &outcome.findings {
        let source = outcome.sources.get(finding.primary.at.file).expect("a file");
        let marked = finding.primary.at.span.of_text(source.text());
        let wanted = match finding.rule {
            "database-level-sandbox-artifacts" => "SandboxArtifacts",
            _ => "managed_identity=",
        };
        let line = source.position(finding.primary.at.span.start).line;
        assert!(marked.starts_with(wanted), "{}:{line}: {marked}", source.path());
        let ends = marked.ends_with(|last: char| last.is_alphanumeric() || last == '}');
        assert!(ends, "{}:{line}: {marked}", source.path());
    }
    let hosts: std::collections::BTreeSet<_> = outcome
        .findings
        .iter()
        .map(|finding| finding.primary.at.file)
        .chain(outcome.undecided.iter().map(|question| question.at.file))
        .collect();
    assert!(hosts.len() >= 19, "files with findings: {}", hosts.len());
}

#[test]
fn documentation_neither_grants_nor_asks() {
    let ingest =
        ".ingest into table T (h'https://quayexample.blob.core.windows.net/c/a.csv;managed_identity=system')\n";
    let grant =
        ".alter cluster policy managed_identity '[{\"ObjectId\":\"system\",\"AllowedUsages\":\"NativeIngestion\"}]'\n";
    let fence = |code: &str| format!("```kusto\n{code}```\n");
    let found = |files: &[(&str, String)]| {
        let files: Vec<File> = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), text.clone().into_bytes()))
            .collect();
        lines(&check(inputs(&files)))
    };
    assert_eq!(found(&[("README.md", fence(ingest))]), "");
    assert_eq!(
        found(&[("a.kql", ingest.to_owned()), ("README.md", fence(grant))]),
        "a.kql:1:75 warning missing-native-ingestion\n"
    );
    assert_eq!(
        found(&[("a.kql", ingest.to_owned()), ("b.ps1", format!("Run @'\n{grant}'@"))]),
        ""
    );
    assert_eq!(
        found(&[("a.py", format!("run(\"\"\"{ingest}\"\"\")"))]),
        "a.py:1:82 warning missing-native-ingestion\n"
    );
}

#[test]
fn neither_order_nor_threads_change_a_byte() {
    let files: Vec<File> = ["demo", "clean", "two-parameter-files", "utf16-script", "placeholders"]
        .iter()
        .flat_map(|case| {
            files(case)
                .into_iter()
                .map(move |(path, bytes)| (format!("{case}/{path}"), bytes))
        })
        .collect();
    let expected = json(&check(inputs(&files)));
    for (threads, seed) in [(1, 0), (1, 3), (2, 1), (3, 2), (8, 7), (8, 11)] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("threads");
        let found = pool.install(|| json(&check(inputs(&shuffled(&files, seed)))));
        assert_eq!(found, expected, "{threads} threads, order {seed}");
    }
}

#[test]
fn utf_16_gives_the_same_findings_at_the_same_places() {
    for case in ["demo", "nested-children", "minified-template", "policy-in-template"] {
        let plain = files(case);
        for big_endian in [false, true] {
            let encoded = changed(&plain, |_, text| utf16(text, big_endian));
            assert_eq!(
                lines(&check(inputs(&encoded))),
                lines(&check(inputs(&plain))),
                "{case}, big endian: {big_endian}"
            );
        }
    }
}

#[test]
fn a_byte_order_mark_gives_the_same_findings_at_the_same_places() {
    let plain = files("demo");
    let marked = changed(&plain, |_, text| format!("\u{feff}{text}").into_bytes());
    assert_eq!(lines(&check(inputs(&marked))), lines(&check(inputs(&plain))));
}

#[test]
fn line_ends_of_windows_give_the_same_findings_at_the_same_places() {
    for case in [
        "demo",
        "clean",
        "nested-deployment",
        "symbolic-names",
        "policy-in-template",
    ] {
        let plain = files(case);
        let carriage = changed(&plain, |_, text| text.replace('\n', "\r\n").into_bytes());
        assert_eq!(
            lines(&check(inputs(&carriage))),
            lines(&check(inputs(&plain))),
            "{case}"
        );
    }
}

#[test]
fn a_comment_on_top_of_templates_moves_lines_by_one_and_changes_nothing_else() {
    for case in ["demo", "nested-deployment", "nested-children", "two-parameter-files"] {
        let plain = files(case);
        let commented = changed(&plain, |path, text| {
            if is_template(path) {
                format!("// Kept by the platform team.\n{text}").into_bytes()
            } else {
                text.as_bytes().to_vec()
            }
        });
        let moved = |outcome: &Outcome, by: u32| -> Vec<(String, Vec<String>)> {
            let place = |at: FileSpan| {
                let file = outcome.sources.get(at.file).expect("a file");
                let (start, end) = (file.position(at.span.start), file.position(at.span.end));
                let by = if is_template(file.path()) { by } else { 0 };
                format!(
                    "{}:{}:{}-{}:{}",
                    file.path(),
                    start.line + by,
                    start.column,
                    end.line + by,
                    end.column
                )
            };
            let finding = |finding: &kustolint::diagnostic::Diagnostic| {
                let labels = std::iter::once(&finding.primary).chain(&finding.related);
                let shown = labels.map(|label| format!("{} {}", place(label.at), label.message));
                (format!("{} {}", finding.rule, finding.message), shown.collect())
            };
            outcome.findings.iter().map(finding).collect()
        };
        assert_eq!(
            moved(&check(inputs(&commented)), 0),
            moved(&check(inputs(&plain)), 1),
            "{case}"
        );
    }
}

#[test]
fn one_file_alone_is_judged_by_what_the_others_say() {
    let all = files("demo");
    let whole = lines(&check(inputs(&all)));
    for (name, _) in &all {
        let found = lines(&check(reported(&all, name)));
        let own = |line: &&str| line.starts_with(&format!("{name}:"));
        let expected: Vec<&str> = whole.lines().filter(own).collect();
        if !name.contains(".parameters.") {
            assert_eq!(found.lines().collect::<Vec<_>>(), expected, "{name}");
        }
    }
    let without_policies: Vec<File> = all
        .iter()
        .filter(|(path, _)| path == "kql/ingest.kql")
        .cloned()
        .collect();
    assert_eq!(
        lines(&check(inputs(&without_policies))),
        "kql/ingest.kql:4:76 warning missing-native-ingestion\n\
         kql/ingest.kql:8:2 note non-idempotent-command\n\
         kql/ingest.kql:10:59 warning missing-identity-usage\n",
        "without the policies nothing contradicts the uses"
    );
    assert!(lines(&check(reported(&all, "kql/ingest.kql"))).contains(" error missing-native-ingestion"));
}

#[test]
fn a_policy_that_is_mended_elsewhere_ends_the_finding() {
    let mended = changed(&files("demo"), |path, text| {
        let text = if path == "kql/policies.kql" {
            text.replace(
                "\"system\", \"AllowedUsages\": \"ExternalTable\"",
                "\"system\", \"AllowedUsages\": \"NativeIngestion\"",
            )
        } else {
            text.to_owned()
        };
        text.into_bytes()
    });
    assert!(!lines(&check(inputs(&mended))).contains("missing-native-ingestion"));
}

#[test]
fn findings_that_a_parameter_file_causes_are_shown_in_it_when_it_is_checked_alone() {
    for (case, parameters, expected) in [
        (
            "demo",
            "infra/main.parameters.prod.json",
            "infra/main.parameters.prod.json:6:31 warning key-not-rsa-2048\n\
             infra/main.parameters.prod.json:7:39 error missing-soft-delete\n",
        ),
        (
            "two-parameter-files",
            "infra/vault.parameters.canary.json",
            "infra/vault.parameters.canary.json:6:39 error missing-purge-protection\n",
        ),
        (
            "two-parameter-files",
            "infra/vault.parameters.main.json",
            "infra/vault.parameters.main.json:6:31 warning key-not-rsa-2048\n",
        ),
        (
            "parameter-file-decides",
            "infra/keys.parameters.json",
            "infra/keys.parameters.json:6:31 error key-not-rsa-2048\n",
        ),
    ] {
        let outcome = check(reported(&files(case), parameters));
        assert_eq!(lines(&outcome), expected, "{case}");
        for finding in &outcome.findings {
            assert!(
                !finding.related.is_empty(),
                "the place in the template is shown as well"
            );
        }
    }
}

/// The files of a project, sorted.
pub(crate) fn files(case: &str) -> Vec<File> {
    fn walk(folder: &Path, prefix: &str, out: &mut Vec<File>) {
        for entry in std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("an entry of a folder").path();
            let name = path.file_name().expect("a name").to_string_lossy();
            let shown = format!("{prefix}{name}");
            if path.is_dir() {
                walk(&path, &format!("{shown}/"), out);
            } else if shown != EXPECTED {
                out.push((shown, std::fs::read(&path).expect("a file")));
            }
        }
    }
    let mut found = Vec::new();
    walk(&project(&format!("testdata/projects/{case}")), "", &mut found);
    found.sort();
    found
}

/// All of them checked, as a walk over their folder does.
pub(crate) fn inputs(files: &[File]) -> Vec<Input> {
    files
        .iter()
        .map(|(path, bytes)| Input {
            path: path.clone(),
            bytes: Ok(bytes.clone()),
            named: false,
            reported: true,
        })
        .collect()
}

/// One of them checked, as when it is named; the others supply facts.
fn reported(files: &[File], name: &str) -> Vec<Input> {
    let mut inputs = inputs(files);
    for input in &mut inputs {
        input.named = input.path == name;
        input.reported = input.named;
    }
    inputs
}

/// The files with other bytes.
pub(crate) fn changed(files: &[File], change: impl Fn(&str, &str) -> Vec<u8>) -> Vec<File> {
    files
        .iter()
        .map(|(path, bytes)| {
            let text = std::str::from_utf8(bytes).unwrap_or_else(|error| panic!("{path}: {error}"));
            (path.clone(), change(path, text))
        })
        .collect()
}

/// Text as UTF-16 with its byte-order mark.
pub(crate) fn utf16(text: &str, big_endian: bool) -> Vec<u8> {
    std::iter::once(0xfeff)
        .chain(text.encode_utf16())
        .flat_map(|unit| {
            if big_endian {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        })
        .collect()
}

/// Templates and what gives their parameters.
fn is_template(path: &str) -> bool {
    path.starts_with("infra/")
}

/// The files in an order that follows from a number alone.
fn shuffled(files: &[File], seed: usize) -> Vec<File> {
    let mut rest = files.to_vec();
    let mut out = Vec::new();
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    while !rest.is_empty() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        out.push(rest.swap_remove((state >> 33) % rest.len()));
    }
    out
}

/// A line for each finding, then one for each value that could not be decided.
fn lines(outcome: &Outcome) -> String {
    let place = |at: FileSpan| {
        let file = outcome.sources.get(at.file).expect("a file");
        let start = file.position(at.span.start);
        format!("{}:{}:{}", file.path(), start.line, start.column)
    };
    let findings = outcome.findings.iter().map(|finding| {
        let severity = format!("{:?}", finding.severity).to_lowercase();
        format!("{} {severity} {}\n", place(finding.primary.at), finding.rule)
    });
    let undecided = outcome
        .undecided
        .iter()
        .map(|question| format!("{} undecided\n", place(question.at)));
    findings.chain(undecided).collect()
}

/// The outcome for people, without colours.
pub(crate) fn human(outcome: &Outcome) -> String {
    report_as(Format::Human, outcome, 0)
}

/// The outcome for programs.
fn json(outcome: &Outcome) -> String {
    report_as(Format::Json, outcome, 0)
}
