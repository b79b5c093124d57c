//! What the runner of GitHub and the agent of Azure Pipelines take for commands. Both are modelled after their sources
//! (`ActionCommand.cs` of actions/runner, `Command.cs` of azure-pipelines-agent), but take any name for that of a command.

use std::collections::BTreeMap;

use kustolint::diagnostic::{Diagnostic, Severity};
use kustolint::engine::{Input, Outcome};
use kustolint::redact::Redactor;
use kustolint::report::escape::one_line;
use kustolint::report::{Format, HumanOptions, Report};
use kustolint::rules;
use kustolint::text::{FileSpan, SourceFile, Sources, Span};
use proptest::prelude::*;

use super::{HOSTILE, checked, lines_of, outcome};
use crate::report_as;

/// A command that a log holds.
#[derive(Debug, PartialEq, Eq)]
struct Command {
    name: String,
    properties: BTreeMap<String, String>,
    data: String,
}

/// The escapes of a grammar, in the order in which they are taken back.
type Escapes = &'static [(&'static str, &'static str)];

const GITHUB_DATA: Escapes = &[("%0D", "\r"), ("%0A", "\n"), ("%25", "%")];
const GITHUB_PROPERTY: Escapes = &[("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")];
const GITHUB_OLD: Escapes = &[("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%25", "%")];
const AZURE: Escapes = &[
    ("%3B", ";"),
    ("%0D", "\r"),
    ("%0A", "\n"),
    ("%5D", "]"),
    ("%AZP25", "%"),
];

fn unescaped(text: &str, escapes: Escapes) -> String {
    escapes
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// A command from its head (name and properties) and its data.
fn command(head: &str, separator: char, data: &str, of_properties: Escapes, of_data: Escapes) -> Command {
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let pairs = properties
        .trim()
        .split(separator)
        .filter_map(|pair| pair.split_once('='));
    Command {
        name: name.to_owned(),
        properties: pairs
            .map(|(name, value)| (name.to_lowercase(), unescaped(value, of_properties)))
            .collect(),
        data: unescaped(data, of_data),
    }
}

/// The second grammar of GitHub: at the start of a line.
fn github(line: &str) -> Option<Command> {
    let blank = |character: char| character.is_whitespace() || matches!(character, '\u{200b}' | '\u{feff}');
    let (head, data) = line.trim_start_matches(blank).strip_prefix("::")?.split_once("::")?;
    Some(command(head, ',', data, GITHUB_PROPERTY, GITHUB_DATA))
}

/// The first grammar of GitHub, which is still read: anywhere in a line.
fn github_old(line: &str) -> Option<Command> {
    let (head, data) = line.split_once("##[")?.1.split_once(']')?;
    Some(command(head, ';', data, GITHUB_OLD, GITHUB_OLD))
}

/// The grammar of Azure Pipelines: anywhere in a line, in any letter case.
fn azure(line: &str) -> Option<Command> {
    let at = line.to_ascii_lowercase().find("##vso[")?;
    let (head, data) = line[at + 6..].split_once(']')?;
    Some(command(head, ';', data, AZURE, AZURE))
}

/// The lines of a log, as both read them.
fn lines(log: &str) -> impl Iterator<Item = &str> {
    log.split(['\n', '\r'])
}

/// Reads a report in every format, and says which commands GitHub and Azure see in that for them. In no format do they
/// see another one, and nothing else in a line that is one.
fn seen(outcome: &Outcome) -> (Vec<Command>, Vec<Command>) {
    let (mut for_github, mut for_azure) = (Vec::new(), Vec::new());
    for format in Format::ALL {
        let text = report_as(format, outcome, 0);
        let name = format.name();
        let found: Vec<Command> = lines(&text).filter_map(github).collect();
        let old: Vec<Command> = lines(&text).filter_map(github_old).collect();
        assert!(old.is_empty(), "{name}: {old:?}");
        let vso: Vec<Command> = lines(&text).filter_map(azure).collect();
        match format {
            Format::Github => for_github = found,
            _ => assert!(found.is_empty(), "{name}: {found:?}"),
        }
        match format {
            Format::Azure => {
                let starts = lines(&text).filter(|line| line.starts_with("##vso[")).count();
                assert_eq!(
                    (starts, text.matches("##vso[").count()),
                    (vso.len(), vso.len()),
                    "{text}"
                );
                for_azure = vso;
            }
            _ => assert!(vso.is_empty(), "{name}: {vso:?}"),
        }
        let shown = |character: char| !character.is_control() || matches!(character, '\n' | '\t');
        assert!(text.chars().all(shown), "{name}: {text:?}");
    }
    (for_github, for_azure)
}

/// What a command is expected to say of the place and in words.
fn is_told(command: &Command, path: &str, text: &str) {
    let path_in = command.properties.get("file").or(command.properties.get("sourcepath"));
    assert_eq!(path_in.map(String::as_str), Some(&*one_line(path)), "{command:?}");
    let mut expected = vec![one_line(text).into_owned()];
    expected.extend(lines_of(text));
    expected.push("run: .show tables".to_owned());
    assert_eq!(command.data, expected.join("\n"));
}

/// Whether exactly the commands of the findings are seen, the worst first, and each says what is meant.
fn is_sound(path: &str, text: &str) {
    let outcome = outcome(path, text);
    let path = outcome.root.path_of(path).unwrap_or_else(|| path.to_owned());
    let (github, azure) = seen(&outcome);
    let names: Vec<&str> = github.iter().map(|command| command.name.as_str()).collect();
    assert_eq!(names, ["error", "warning", "warning", "notice"], "{text:?}");
    let kinds: Vec<Option<&str>> = azure
        .iter()
        .map(|command| command.properties.get("type").map(String::as_str))
        .collect();
    assert_eq!(kinds, [Some("error"), Some("warning"), Some("warning")], "{text:?}");
    assert!(azure.iter().all(|command| command.name == "task.logissue"));
    github
        .iter()
        .chain(&azure)
        .for_each(|command| is_told(command, &path, text));
    for command in &github {
        let known = ["file", "line", "endline", "col", "endcolumn", "title"];
        assert!(
            command.properties.keys().all(|name| known.contains(&name.as_str())),
            "{command:?}"
        );
        assert!(rules::ALL.iter().any(|rule| command.properties["title"] == rule.name));
    }
    for command in &azure {
        let known = ["type", "sourcepath", "linenumber", "columnnumber", "code"];
        assert!(
            command.properties.keys().all(|name| known.contains(&name.as_str())),
            "{command:?}"
        );
        assert!(rules::ALL.iter().any(|rule| command.properties["code"] == rule.name));
    }
}

#[test]
fn hostile_texts_are_told_and_not_obeyed() {
    for text in HOSTILE {
        is_sound("kql/a.kql", text);
        is_sound(text, text);
    }
}

#[test]
fn the_models_see_commands() {
    assert_eq!(
        github("  ::error file=a%3Ab,line=1::c%0Ad").unwrap().properties["file"],
        "a:b"
    );
    assert_eq!(github("::error::c%0Ad%250A").unwrap().data, "c\nd%0A");
    assert_eq!(github_old("x ##[set-env name=a%5D]b").unwrap().properties["name"], "a]");
    assert_eq!(
        azure("x##VSO[task.complete result=a%AZP25;]b").unwrap().properties["result"],
        "a%"
    );
    assert_eq!(
        (github("x ::error::"), github_old("## [x]"), azure("##vso")),
        (None, None, None)
    );
}

#[test]
fn pages_of_rules_are_told_and_not_obeyed() {
    let mut sources = Sources::new();
    let file = sources.add(SourceFile::in_memory("a.kql", "text"));
    let findings = rules::ALL.iter().map(|rule| {
        let at = FileSpan::new(file, Span::new(0, 1));
        Diagnostic::new(rule.name, Severity::Error, rule.page, at, rule.page).note(rule.page)
    });
    let outcome = Outcome {
        sources,
        findings: Redactor::default().redacted(findings.collect()),
        files: 1,
        ..Outcome::default()
    };
    let (github, azure) = seen(&outcome);
    assert_eq!((github.len(), azure.len()), (rules::ALL.len(), rules::ALL.len()));
}

/// Files in which a text names parameters, resources, tables and identities.
pub(super) fn named(text: &str) -> Vec<Input> {
    let string = serde_json::to_string(text).expect("a string");
    let template = format!(
        r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0",
        "parameters":{{{string}:{{"type":"string"}}}},
        "resources":[{{"type":"Microsoft.KeyVault/vaults","apiVersion":"2023-07-01","name":{string},"properties":{{"enableSoftDelete":false}}}},
        {{"type":"Microsoft.KeyVault/vaults","apiVersion":"2023-07-01","name":"[parameters({})]","properties":{{}}}}]}}"#,
        serde_json::to_string(&format!("'{}'", text.replace('\'', "''")))
            .expect("a string")
            .trim_matches('"')
    );
    let script = format!(
        ".alter-merge database ['{0}'] policy managed_identity \"[{{'ObjectId':'{0}','AllowedUsages':'{0}'}}]\"\n\n\
         .ingest into table ['{0}'] (h'https://a.blob.core.windows.net/c;managed_identity={0}')\n",
        text.replace(['\'', '"', '\\'], " ")
    );
    let input = |path: &str, text: String| Input {
        path: path.to_owned(),
        bytes: Ok(text.into_bytes()),
        named: true,
        reported: true,
    };
    let plain = ".ingest into table T (h'https://a.blob.core.windows.net/c;managed_identity=system')\n";
    vec![
        input("main.json", template),
        input("a.kql", script),
        input("b.kql", plain.to_owned()),
    ]
}

#[test]
fn names_in_files_are_told_and_not_obeyed() {
    for text in HOSTILE {
        let outcome = checked(named(text));
        assert!(!outcome.findings.is_empty(), "{text:?}");
        let (github, azure) = seen(&outcome);
        assert_eq!(github.len(), outcome.findings.len(), "{text:?}");
        let issues = outcome.findings.iter().filter(|found| found.severity > Severity::Note);
        assert_eq!(azure.len(), issues.count(), "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_is_obeyed(text in any::<String>(), path in "\\PC{1,12}") {
        is_sound(&path, &text);
    }

    #[test]
    fn no_text_of_marks_is_obeyed(text in "[#:\\[\\]vVsSoO;,%=AZP0235D\t\r\n \u{85}\u{2028}\u{200b}]{0,24}", path in "[#:\\[\\]vso;,%=AZP25D\r\n ]{1,12}") {
        is_sound(&path, &text);
    }
}

#[test]
fn columns_stand_with_places_on_one_line_only() {
    let properties = |start, end| {
        let mut sources = Sources::new();
        let file = sources.add(SourceFile::in_memory("a.kql", "one\ntwo\nthree\n"));
        let at = FileSpan::new(file, Span::new(start, end));
        let outcome = Outcome {
            sources,
            findings: Redactor::default().redacted(vec![Diagnostic::new("syntax-error", Severity::Error, "t", at, "")]),
            files: 1,
            ..Outcome::default()
        };
        let text = report_as(Format::Github, &outcome, 0);
        let (head, summary) = text.split_once('\n').expect("two lines");
        assert_eq!(summary, "1 problem (1 error) in 1 file\n");
        head.to_owned()
    };
    let expected = |place: &str| format!("::error file=a.kql,{place},title=syntax-error::t");
    assert_eq!(properties(1, 3), expected("line=1,endLine=1,col=2,endColumn=4"));
    assert_eq!(properties(4, 4), expected("line=2,endLine=2,col=1,endColumn=1"));
    assert_eq!(properties(1, 9), expected("line=1,endLine=3"));
    assert_eq!(
        properties(1, 8),
        expected("line=1,endLine=2"),
        "the line break is the second line's"
    );
}

#[test]
fn a_run_with_issues_that_does_not_fail_says_so_to_azure() {
    let told = |severity, fails| {
        let mut sources = Sources::new();
        let file = sources.add(SourceFile::in_memory("a.kql", "one"));
        let at = FileSpan::new(file, Span::new(0, 1));
        let outcome = Outcome {
            sources,
            findings: Redactor::default().redacted(vec![Diagnostic::new("syntax-error", severity, "t", at, "")]),
            files: 1,
            ..Outcome::default()
        };
        let options = HumanOptions {
            show_undecided: false,
            max_findings: 0,
        };
        let mut out = Vec::new();
        let report = Report::new(&outcome).failing(fails);
        Format::Azure
            .write(&report, options, &mut out)
            .expect("memory takes all");
        String::from_utf8(out).expect("UTF-8")
    };
    let issue = "##vso[task.logissue type=warning;sourcepath=a.kql;linenumber=1;columnnumber=1;code=syntax-error]t\n";
    let summary = "1 problem (1 warning) in 1 file\n";
    let with_issues = "##vso[task.complete result=SucceededWithIssues;]\n";
    assert_eq!(told(Severity::Warning, false), format!("{issue}{summary}{with_issues}"));
    assert_eq!(told(Severity::Warning, true), format!("{issue}{summary}"));
    assert!(told(Severity::Error, false).ends_with(with_issues));
    assert_eq!(
        told(Severity::Note, false),
        "a.kql:1:1: note[syntax-error]: t\n1 problem (1 note) in 1 file\n"
    );
}
