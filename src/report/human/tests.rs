use super::*;
use crate::diagnostic::Undecided;
use crate::redact::Redacted;
use crate::syntax::connection::Hidden;
use crate::text::{FileSpan, SourceFile};

const ALL: HumanOptions = HumanOptions {
    show_undecided: false,
    max_findings: 0,
};

fn sources(files: &[(&str, &str)]) -> Sources {
    let mut sources = Sources::new();
    for (path, text) in files {
        sources.add(SourceFile::in_memory(*path, text));
    }
    sources
}

/// Where `words` stand first in the file with that number.
fn at(sources: &Sources, file: u32, words: &str) -> FileSpan {
    let text = sources.get(FileId(file)).unwrap().text();
    let start = text.find(words).unwrap();
    FileSpan::new(FileId(file), Span::of(start, start + words.len()))
}

fn outcome(sources: Sources, findings: Vec<Diagnostic>) -> Outcome {
    Outcome {
        files: sources.iter().count(),
        redactor: Redactor::of(&sources, Hidden::default()),
        findings: Redactor::default().redacted(findings),
        sources,
        ..Outcome::default()
    }
}

fn plain(outcome: &Outcome, options: HumanOptions) -> String {
    let mut out = anstream::StripStream::new(Vec::new());
    human(&Report::new(outcome), options, &mut out).unwrap();
    String::from_utf8(out.into_inner()).unwrap()
}

fn warning(at: FileSpan, label: &str) -> Diagnostic {
    Diagnostic::new("some-rule", Severity::Warning, "the title", at, label)
}

#[test]
fn places_in_two_files_and_notes() {
    let sources = sources(&[
        (
            "kql/ingest.kql",
            "// load\n.ingest into table Orders (h'https://st1/a.csv;managed_identity=system')\n",
        ),
        (
            "kql/policies.kql",
            ".alter-merge database Sales policy managed_identity \"[{'AllowedUsages':'ExternalTable'}]\"\n",
        ),
    ]);
    let finding = Diagnostic::new(
        "missing-native-ingestion",
        Severity::Error,
        "`system` ingests into `Sales`, but no policy allows it `NativeIngestion`",
        at(&sources, 0, "managed_identity=system"),
        "this flow needs the usage `NativeIngestion`",
    )
    .related(
        at(&sources, 1, "ExternalTable"),
        "the policy allows `ExternalTable` only",
    )
    .note("the service: \"Authentication with a Managed Identity is disabled for this flow\"")
    .note("run:\n.alter-merge database Sales policy managed_identity \"…\"");
    insta::assert_snapshot!(plain(&outcome(sources, vec![finding]), ALL), @r#"
    error[missing-native-ingestion]: `system` ingests into `Sales`, but no policy allows it `NativeIngestion`
      ┌─ kql/ingest.kql:2:48
      │
    2 │ .ingest into table Orders (h'https://st1/a.csv;managed_identity=system')
      │                                                ^^^^^^^^^^^^^^^^^^^^^^^ this flow needs the usage `NativeIngestion`
      │
      ┌─ kql/policies.kql:1:73
      │
    1 │ .alter-merge database Sales policy managed_identity "[{'AllowedUsages':'ExternalTable'}]"
      │                                                                         ------------- the policy allows `ExternalTable` only
      │
      = the service: "Authentication with a Managed Identity is disabled for this flow"
      = run:
        .alter-merge database Sales policy managed_identity "…"

    1 problem (1 error) in 2 files
    "#);
}

#[test]
fn long_lines_are_cut_and_keep_their_true_place() {
    let text = format!(
        "{{\"a\":\"{}\",\n\"b\":\"{}NEEDLE{}\"}}",
        "x".repeat(9),
        "y".repeat(100_000),
        "z".repeat(100_000)
    );
    let sources = sources(&[("infra/adx.json", &text)]);
    let finding = warning(at(&sources, 0, "NEEDLE"), "here").related(at(&sources, 0, "\"b\""), "of this");
    let printed = plain(&outcome(sources, vec![finding]), ALL);
    assert!(printed.len() < 1500, "{}", printed.len());
    insta::assert_snapshot!(printed, @r#"
    warning[some-rule]: the title
      ┌─ infra/adx.json:2:100006
      │
    2 │ "b":"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyNEEDLEzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz…
      │ ---                                                                                                                                                                 ^^^^^^ here
      │ │                                                                                                                                                                    
      │ of this

    1 problem (1 warning) in 1 file
    "#);
}

#[test]
fn labels_over_many_lines_are_shown_by_their_first_line() {
    let sources = sources(&[("a.kql", ".create table T (a: int)\n  with (\n  x = 1)\n\nT | take 5")]);
    let mut span = at(&sources, 0, "with (\n  x = 1)");
    let whole = warning(span, "all of this");
    span.span.end = span.span.start + 7;
    let one = warning(span, "one line").related(at(&sources, 0, "take"), "later");
    insta::assert_snapshot!(plain(&outcome(sources, vec![whole, one]), ALL), @r#"
    warning[some-rule]: the title
      ┌─ a.kql:2:3
      │
    2 │   with (
      │   ^^^^^^ one line
      ·
    5 │ T | take 5
      │     ---- later

    warning[some-rule]: the title
      ┌─ a.kql:2:3
      │
    2 │   with (
      │   ^^^^^^ all of this (up to line 3)

    2 problems (2 warnings) in 1 file
    "#);
}

#[test]
fn carets_stand_under_tabs_and_wide_characters() {
    let sources = sources(&[("a.kql", "\tT\t| where 名 == '日本' and x == 1\n")]);
    let finding = warning(at(&sources, 0, "x == 1"), "here").related(at(&sources, 0, "日本"), "and here");
    insta::assert_snapshot!(plain(&outcome(sources, vec![finding]), ALL), @r#"
    warning[some-rule]: the title
      ┌─ a.kql:1:26
      │
    1 │     T   | where 名 == '日本' and x == 1
      │                        ----      ^^^^^^ here
      │                        │          
      │                        and here

    1 problem (1 warning) in 1 file
    "#);
}

#[test]
fn carets_stand_under_characters_after_escapes() {
    let sources = sources(&[("a.kql", "T // \u{202e}\u{1b}[31m ##[error] x\r\nU")]);
    let finding = warning(at(&sources, 0, "x"), "here").related(at(&sources, 0, "U"), "and\nhere");
    insta::assert_snapshot!(plain(&outcome(sources, vec![finding]), ALL), @r#"
    warning[some-rule]: the title
      ┌─ a.kql:1:23
      │
    1 │ T // \u{202e}\u{1b}[31m #\u{23}[error] x
      │                                        ^ here
    2 │ U
      │ - and\u{a}here

    1 problem (1 warning) in 1 file
    "#);
}

#[test]
fn nothing_from_input_is_obeyed() {
    let hostile = "a\n::error::x\u{1b}[2J##vso[task.complete]\r##[group]\u{85}";
    let sources = sources(&[(hostile, hostile)]);
    let place = FileSpan::new(FileId(0), Span::new(2, 4));
    let mut finding = Diagnostic::new("some-rule", Severity::Note, hostile, place, hostile);
    finding = finding
        .related(FileSpan::new(FileId(0), Span::new(5, 30)), hostile)
        .note(hostile);
    let mut outcome = outcome(sources, vec![finding]);
    outcome.undecided = Redactor::default().redacted(vec![Undecided {
        at: place,
        reason: hostile.to_owned(),
    }]);
    let options = HumanOptions {
        show_undecided: true,
        ..ALL
    };
    let printed = plain(&outcome, options);
    assert!(!printed.contains(['\u{1b}', '\r', '\u{85}']));
    for line in printed.lines() {
        assert!(!line.trim_start().starts_with("::"), "{line}");
        assert!(!line.contains("##[") && !line.contains("##vso["), "{line}");
    }
}

#[test]
fn an_empty_file_has_a_place() {
    let sources = sources(&[("a.json", "")]);
    let finding = warning(FileSpan::default(), "nothing stands here");
    insta::assert_snapshot!(plain(&outcome(sources, vec![finding]), ALL), @r#"
    warning[some-rule]: the title
      ┌─ a.json:1:1
      │
    1 │ 
      │ ^ nothing stands here

    1 problem (1 warning) in 1 file
    "#);
}

#[test]
fn a_flood_is_counted() {
    let sources = sources(&[("a.kql", &"T\n".repeat(300))]);
    let place = |line: u32| FileSpan::new(FileId(0), Span::new(line * 2, line * 2 + 1));
    let finding = (1..20).fold(warning(place(0), ""), |finding, line| finding.related(place(line), "r"));
    let findings = vec![finding; 5];
    let options = HumanOptions { max_findings: 1, ..ALL };
    let printed = plain(&outcome(sources, findings), options);
    assert!(printed.contains("= and 12 more places in the JSON output"), "{printed}");
    let end = printed.find("…and").unwrap();
    insta::assert_snapshot!(printed.split_at(end).1, @r#"
    …and 4 more problems (`--max-findings 0` shows all)

    5 problems (5 warnings) in 1 file
    "#);
}

#[test]
fn the_last_line_counts_everything() {
    let place = FileSpan::default();
    let finding = |severity| Diagnostic::new("some-rule", severity, "t", place, "");
    let mut outcome = outcome(sources(&[("a.kql", "T")]), Vec::new());
    assert_eq!(summary(&Report::new(&outcome), false), "no problems in 1 file");
    outcome.files = 41;
    let undecided = |number: usize| {
        let question = Undecided {
            at: place,
            reason: "parameter `size` has no value".to_owned(),
        };
        Redactor::default().redacted(vec![question; number])
    };
    outcome.undecided = undecided(4);
    assert_eq!(
        summary(&Report::new(&outcome), false),
        "no problems in 41 files; 4 values could not be decided (`--show-undecided`)"
    );
    let findings = [Severity::Error, Severity::Error, Severity::Warning, Severity::Note].map(finding);
    outcome.findings = Redactor::default().redacted(findings.to_vec());
    assert_eq!(
        summary(&Report::new(&outcome), true),
        "4 problems (2 errors, 1 warning, 1 note) in 41 files; 4 values could not be decided"
    );
    assert!(summary(&Report::new(&Outcome::default()), false).starts_with("no files to check"));
    let options = HumanOptions {
        show_undecided: true,
        ..ALL
    };
    outcome.findings = Redacted::default();
    outcome.undecided = undecided(1);
    insta::assert_snapshot!(plain(&outcome, options), @r#"
    not decided:
      a.kql:1:1: parameter `size` has no value

    no problems in 41 files; 1 value could not be decided
    "#);
}

#[test]
fn styles_are_written_for_the_writer_underneath_to_keep_or_drop() {
    let sources = sources(&[("a.kql", "T")]);
    let mut out = Vec::new();
    let outcome = outcome(sources, vec![warning(FileSpan::default(), "")]);
    human(&Report::new(&outcome), ALL, &mut out).unwrap();
    assert!(String::from_utf8(out).unwrap().starts_with("\u{1b}["));
}

#[test]
fn secrets_are_masked_and_labels_stay_under_their_words() {
    let text = "let c = 'Data Source=https://x;AppKey=hunter2hunter2;Authority Id=t';\nT";
    let sources = sources(&[("a.kql", text)]);
    let secret = at(&sources, 0, "hunter2hunter2");
    let finding = warning(secret, "a secret in plain text").related(at(&sources, 0, "Authority Id"), "after it");
    let printed = plain(&outcome(sources, vec![finding]), ALL);
    assert!(!printed.contains("hunter"));
    insta::assert_snapshot!(printed, @r#"
    warning[some-rule]: the title
      ┌─ a.kql:1:39
      │
    1 │ let c = 'Data Source=https://x;AppKey=***;Authority Id=t';
      │                                       ^^^ ------------ after it
      │                                       │    
      │                                       a secret in plain text

    1 problem (1 warning) in 1 file
    "#);
}
