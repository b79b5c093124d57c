//! The formats for programs keep their shapes, whatever a run holds: each is held to a schema, and gives back the
//! paths and texts that went in.

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use kustolint::diagnostic::{Diagnostic, Severity};
use kustolint::engine::{Input, Outcome, check};
use kustolint::redact::Redactor;
use kustolint::report::Format;
use kustolint::text::{FileId, FileSpan, SourceFile, Sources, Span};
use serde_json::Value;

use crate::projects::{files, inputs};
use crate::{project, read, report_as};

/// The formats that are one JSON value, with the name of their schema.
const SCHEMAS: &[(Format, &str)] = &[
    (Format::Sarif, "sarif"),
    (Format::Gitlab, "gitlab"),
    (Format::Rdjson, "rdjson"),
];

/// Asserts that a report is what the schema of its format allows.
pub(crate) fn assert_valid(format: Format, report: &Value) {
    let name = SCHEMAS.iter().find(|(known, _)| *known == format).expect("a schema").1;
    if let Err(why) = problem(name, report) {
        panic!("{name}: {why}\n{report:#}");
    }
}

thread_local! {
    static COMPILED: (Schemas, Vec<(&'static str, SchemaIndex)>) = compiled();
}

fn compiled() -> (Schemas, Vec<(&'static str, SchemaIndex)>) {
    let mut schemas = Schemas::new();
    let mut compiler = Compiler::new();
    compiler.set_default_draft(Draft::V7);
    compiler.enable_format_assertions();
    let compile = |(_, name): &(Format, &'static str)| {
        let text = read(&project(&format!("tests/it/schemas/{name}.json")));
        let address = format!("http://localhost/{name}.json");
        let value = serde_json::from_str(&text).expect("a schema");
        compiler.add_resource(&address, value).expect("a schema");
        (*name, compiler.compile(&address, &mut schemas).expect("a schema"))
    };
    let indices = SCHEMAS.iter().map(compile).collect();
    (schemas, indices)
}

fn problem(schema: &str, report: &Value) -> Result<(), String> {
    COMPILED.with(|(schemas, indices)| {
        let index = indices.iter().find(|(name, _)| *name == schema).expect("a schema").1;
        schemas.validate(report, index).map_err(|why| why.to_string())
    })
}

/// A report of a format, read by a program.
pub(crate) fn parsed(format: Format, outcome: &Outcome) -> Value {
    let text = report_as(format, outcome, 0);
    assert!(text.ends_with('\n') && text.lines().count() == 1, "{text}");
    serde_json::from_str(&text).expect("JSON")
}

/// An outcome with one file and findings in it, made by hand.
pub(crate) fn made(path: &str, text: &str, findings: Vec<Diagnostic>) -> Outcome {
    let mut sources = Sources::new();
    sources.add(SourceFile::in_memory(path, text));
    Outcome {
        files: 1,
        sources,
        findings: Redactor::default().redacted(findings),
        ..Outcome::default()
    }
}

/// Some bytes of that file.
pub(crate) fn at(start: u32, end: u32) -> FileSpan {
    FileSpan::new(FileId(0), Span::new(start, end))
}

/// A finding of a rule that there is.
pub(crate) fn finding(severity: Severity, message: &str, place: FileSpan) -> Diagnostic {
    Diagnostic::new("missing-soft-delete", severity, message, place, "here")
}

/// The bytes that a percent-encoded text stands for.
pub(crate) fn decoded(uri: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = uri.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first == b'%' {
            let digits = std::str::from_utf8(&rest[..2]).expect("two digits");
            bytes.push(u8::from_str_radix(digits, 16).expect("two digits"));
            rest = &rest[2..];
        } else {
            bytes.push(*first);
        }
    }
    bytes
}

const INGEST: &str = ".ingest into table T ('https://st.blob.core.windows.net/c/f;managed_identity=system')\n\n";

const HOSTILE: &[&str] = &[
    "a\nb\r.kql",
    "::error::x.kql",
    "##vso[task.setvariable variable=x]y.kql",
    "%0A%0D;],:.kql",
    "\u{1b}]8;;x\u{7}.kql",
    "\u{9b}31m.kql",
    "$(touch p)`id`.kql",
    "-rf --config=x.kql",
    "a b#c?d&e=f+g.kql",
    "é😀\u{202e}\u{FFFD}.kql",
    "<script>alert(1)</script>\"'.kql",
    "CON. .kql",
    "[x](javascript:alert(1)).kql",
    "dir.with.dots/...kql",
    "a\\b.kql",
];

#[test]
fn whole_projects_are_valid_reports() {
    for case in ["demo", "clean"] {
        let outcome = check(inputs(&files(case)));
        for (format, _) in SCHEMAS {
            assert_valid(*format, &parsed(*format, &outcome));
        }
    }
}

#[test]
fn a_schema_refuses_what_a_forge_refuses() {
    let outcome = check(inputs(&files("demo")));
    for (format, name, pointer, value) in [
        (
            Format::Sarif,
            "sarif",
            "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri",
            "/abs",
        ),
        (
            Format::Sarif,
            "sarif",
            "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri",
            "./a",
        ),
        (
            Format::Sarif,
            "sarif",
            "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri",
            "",
        ),
        (
            Format::Sarif,
            "sarif",
            "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri",
            "a b",
        ),
        (Format::Sarif, "sarif", "/runs/0/automationDetails/id", "no-slash"),
        (Format::Gitlab, "gitlab", "/0/location/path", "./a"),
        (Format::Gitlab, "gitlab", "/0/severity", "error"),
        (Format::Rdjson, "rdjson", "/diagnostics/0/severity", "NOTE"),
    ] {
        let mut report = parsed(format, &outcome);
        *report.pointer_mut(pointer).expect("a place") = value.into();
        assert!(problem(name, &report).is_err(), "{pointer} = {value}");
    }
}

#[test]
fn paths_and_texts_come_back_as_they_went_in() {
    for path in HOSTILE {
        let outcome = check(vec![Input {
            path: (*path).to_owned(),
            bytes: Ok(INGEST.into()),
            named: true,
            reported: true,
        }]);
        let title = &outcome.findings.iter().next().expect("a finding").message;
        let sarif = parsed(Format::Sarif, &outcome);
        assert_valid(Format::Sarif, &sarif);
        let uri = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert_eq!(decoded(uri.as_str().expect("a text")), path.as_bytes(), "{path:?}");
        let gitlab = parsed(Format::Gitlab, &outcome);
        assert_valid(Format::Gitlab, &gitlab);
        assert_eq!(
            (&gitlab[0]["location"]["path"], &gitlab[0]["description"]),
            (&Value::from(*path), &Value::from(title.as_str()))
        );
        let rdjson = parsed(Format::Rdjson, &outcome);
        assert_valid(Format::Rdjson, &rdjson);
        assert_eq!(rdjson["diagnostics"][0]["location"]["path"], *path);
        assert!(
            rdjson["diagnostics"][0]["message"]
                .as_str()
                .expect("a text")
                .starts_with(title.as_str())
        );
    }
}

#[test]
fn hostile_texts_are_texts_and_come_back() {
    for text in HOSTILE
        .iter()
        .chain(&["\u{0}\u{7f}\u{85}\u{2028}", "{0} {{1}} \\[a\\] \\u0041", "x\\"])
    {
        let outcome = made(
            "a.kql",
            "abc",
            vec![
                finding(Severity::Error, text, at(0, 1))
                    .related(at(1, 2), *text)
                    .note(*text),
            ],
        );
        let sarif = parsed(Format::Sarif, &outcome);
        assert_valid(Format::Sarif, &sarif);
        let message = sarif["runs"][0]["results"][0]["message"]["text"]
            .as_str()
            .expect("a text");
        assert_eq!(unescaped(message), format!("{text}.\n{text}"));
        let related = &sarif["runs"][0]["results"][0]["relatedLocations"][0]["message"]["text"];
        assert_eq!(unescaped(related.as_str().expect("a text")), *text);
        assert_eq!(parsed(Format::Gitlab, &outcome)[0]["description"], *text);
        assert_eq!(
            parsed(Format::Rdjson, &outcome)["diagnostics"][0]["message"],
            format!("{text}\n{text}")
        );
    }
}

/// A plain message of SARIF without its escapes.
fn unescaped(message: &str) -> String {
    let mut out = String::new();
    let mut characters = message.chars();
    while let Some(character) = characters.next() {
        assert!(
            !matches!(character, '[' | ']'),
            "a bracket that is not escaped: {message}"
        );
        out.push(if character == '\\' {
            characters.next().expect("what is escaped")
        } else {
            character
        });
    }
    out
}

#[test]
fn gitlab_has_a_stable_fingerprint_for_each_finding_and_words_of_its_own_for_severities() {
    let findings = || {
        vec![
            finding(Severity::Error, "one", at(0, 1)),
            finding(Severity::Warning, "two", at(0, 1)),
            finding(Severity::Note, "three", at(2, 3)),
        ]
    };
    let report = parsed(Format::Gitlab, &made("kql/a.kql", "é😀c", findings()));
    assert_valid(Format::Gitlab, &report);
    let prints: std::collections::BTreeSet<&str> = report
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|entry| entry["fingerprint"].as_str())
        .collect();
    assert_eq!(prints.len(), 3);
    let severities: Vec<_> = (0..3)
        .map(|index| report[index]["severity"].as_str().expect("a word"))
        .collect();
    assert_eq!(severities, ["critical", "major", "info"]);
    assert_eq!(
        report[2]["location"]["positions"]["begin"],
        serde_json::json!({ "line": 1, "column": 2 })
    );
    assert_eq!(parsed(Format::Gitlab, &made("kql/a.kql", "é😀c", findings())), report);
    assert_eq!(
        parsed(Format::Gitlab, &made("a.kql", "", vec![])),
        serde_json::json!([])
    );
}

#[test]
fn gitlab_never_gets_a_path_from_outside_the_repository() {
    for path in ["../a.kql", "/tmp/a.kql", "C:/a.kql", "<stdin>"] {
        let report = parsed(
            Format::Gitlab,
            &made(path, "abc", vec![finding(Severity::Error, "one", at(0, 1))]),
        );
        assert_valid(Format::Gitlab, &report);
    }
}

#[test]
fn rdjson_tells_sources_codes_suggestions_and_related_places() {
    let outcome = check(inputs(&files("demo")));
    let report = parsed(Format::Rdjson, &outcome);
    assert_eq!(
        (&report["source"]["name"], &report["severity"]),
        (&"kustolint".into(), &"ERROR".into())
    );
    let entries = report["diagnostics"].as_array().expect("a list");
    assert_eq!(entries.len(), outcome.findings.len());
    let of = |rule: &str| {
        entries
            .iter()
            .find(|entry| entry["code"]["value"] == rule)
            .expect("a finding")
    };
    let fixed = of("non-idempotent-command");
    assert!(
        fixed["code"]["url"]
            .as_str()
            .expect("an address")
            .ends_with("rules/kql-scripts/non-idempotent-command.md")
    );
    assert_eq!(fixed["suggestions"][0]["text"], "create-or-alter");
    let related = &of("missing-soft-delete")["relatedLocations"][0];
    assert_eq!(related["message"], "`false` comes from here");
    assert!(
        related["location"]["path"]
            .as_str()
            .expect("a path")
            .ends_with("main.parameters.prod.json")
    );
}

#[test]
fn a_report_of_many_findings_is_whole() {
    let many = 10_000;
    let findings = (0..many)
        .map(|_| finding(Severity::Warning, "one of many", at(0, 1)))
        .collect();
    let outcome = made("a.kql", "abc", findings);
    assert_eq!(parsed(Format::Gitlab, &outcome).as_array().map(Vec::len), Some(many));
    assert_eq!(
        parsed(Format::Rdjson, &outcome)["diagnostics"].as_array().map(Vec::len),
        Some(many)
    );
}
