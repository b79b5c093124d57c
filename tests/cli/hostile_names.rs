//! Files with names that terminals, runners and options would obey, through every format, to standard output and to files.

use std::fs;

use kustolint::report::Format;

use crate::{Answer, kustolint, run, tree};

/// A mistake in any file.
const BAD: &[u8] =
    b".alter-merge database Sales policy managed_identity \"[{'ObjectId':'system','AllowedUsages':'SandboxArtifacts'}]\"\n";

#[cfg(unix)]
fn names() -> Vec<std::ffi::OsString> {
    use std::os::unix::ffi::OsStringExt;
    let long = format!("{}.kql", "n".repeat(251));
    let mut names: Vec<std::ffi::OsString> = [
        "a\n::error::x.kql",
        "b\u{1b}]0;title\u{7}\u{9b}31m.kql",
        "c##vso[task.complete result=Succeeded]y.kql",
        "d##[set-env name=X]y.kql",
        "e\r\u{202e}lqk.kql",
        "f`$(touch p)`;],%0A%: ,'\"<script>&]]>|[x](y).kql",
        "--config=x.kql",
        "-o.kql",
        "::stop-commands::x.kql",
        "CON .kql",
        "#?%23.kql",
        "é😀.kql",
        &long,
    ]
    .map(std::ffi::OsString::from)
    .to_vec();
    names.push(std::ffi::OsString::from_vec(b"bytes-\xff\xfe.kql".to_vec()));
    names
}

/// Commands that a runner of GitHub or Azure would obey.
fn commands(text: &str) -> usize {
    let lines = text.split(['\n', '\r']);
    let obeyed = |line: &&str| {
        line.trim_start().starts_with("::") || line.contains("##[") || line.to_lowercase().contains("##vso[")
    };
    lines.filter(obeyed).count()
}

#[cfg(unix)]
#[test]
fn no_format_obeys_the_name_of_a_file() {
    let folder = tree(&[]);
    let names = names();
    for name in &names {
        fs::write(folder.path().join(name), BAD).unwrap();
    }
    for format in Format::ALL {
        let out = std::path::Path::new("../report").with_extension(format.name());
        let asked = format!("{}={}", format.name(), out.display());
        let mut check = kustolint(
            folder.path(),
            &["check", "--output-format", format.name(), "-o", &asked],
        );
        let answer = Answer::of(&check.output().unwrap());
        let file = folder.path().join(&out);
        let written = fs::read_to_string(&file).unwrap();
        fs::remove_file(file).unwrap();
        assert_eq!(answer.status, 1, "{}: {}", format.name(), answer.err);
        for text in [&answer.out, &answer.err, &written] {
            let obeyed = |c: char| c.is_control() && !matches!(c, '\n' | '\t') || c == '\u{202e}';
            assert!(!text.contains(obeyed), "{}: {text}", format.name());
        }
        let ours = match format {
            Format::Github | Format::Azure => names.len(),
            _ => 0,
        };
        assert_eq!(
            (commands(&answer.out), commands(&written)),
            (ours, ours),
            "{}",
            format.name()
        );
        assert!(
            answer.out.matches("SandboxArtifacts").count() >= names.len(),
            "{}",
            format.name()
        );
    }
    assert!(!folder.path().join("p").exists());
}

#[cfg(unix)]
#[test]
fn files_with_such_names_can_be_named() {
    let folder = tree(&[]);
    for name in names() {
        fs::write(folder.path().join(&name), BAD).unwrap();
        let mut check = kustolint(folder.path(), &["check", "--output-format", "json", "--"]);
        let answer = Answer::of(&check.arg(&name).output().unwrap());
        assert_eq!(
            (answer.status, answer.json()["summary"]["files"].as_u64()),
            (1, Some(1)),
            "{name:?}"
        );
    }
}

#[test]
fn a_report_of_our_own_is_no_input() {
    let ingest =
        b".ingest into table Orders (h'https://quaysidedata.blob.core.windows.net/in/a.csv;managed_identity=system')\n";
    let folder = tree(&[("a.kql", ingest), ("b.kql", BAD)]);
    let first = run(folder.path(), &["check", "--output-format", "concise"]);
    for format in Format::ALL {
        let asked = format!("{0}=report-{0}.json", format.name());
        assert_eq!(run(folder.path(), &["check", "-o", &asked]).status, 1);
    }
    let again = run(folder.path(), &["check", "--output-format", "concise"]);
    let findings = |answer: &Answer| -> Vec<String> {
        answer
            .out
            .lines()
            .filter(|line| line.contains(".kql:"))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(findings(&first), findings(&again));
    for format in ["json", "sarif", "rdjson"] {
        let report = format!("report-{format}.json");
        assert!(!again.out.contains(&report), "{report}: {}", again.out);
    }
}

#[test]
fn a_report_takes_the_place_of_nothing_that_a_person_wrote() {
    let folder = tree(&[("a.kql", BAD), ("kustolint.toml", b"")]);
    for (output, why) in [
        ("json=a.kql", "no name of a report"),
        ("kustolint.toml", "no name of a report"),
        ("json=sub/kustolint-baseline.json", "no name of a report"),
        ("jsn=x", "did you mean `json=x`"),
        ("SARIF=x", "did you mean `sarif=x`"),
        ("-", "--output-format"),
        ("json=-", "--output-format"),
    ] {
        let answer = run(folder.path(), &["check", "-o", output]);
        assert_eq!(answer.status, 2, "{output}: {answer:?}");
        assert!(answer.err.contains(why), "{output}: {}", answer.err);
    }
    assert_eq!(fs::read(folder.path().join("a.kql")).unwrap(), BAD);
    let twice = run(folder.path(), &["check", "-o", "json=x", "-o", "sarif=./x"]);
    assert!(twice.status == 2 && twice.err.contains("twice"), "{twice:?}");
    // A name that leaves no doubt tells the format, whatever standard output has.
    let answer = run(folder.path(), &["check", "--output-format", "concise", "-o", "r.sarif"]);
    assert!(answer.out.starts_with("a.kql:1:"), "{}", answer.out);
    assert!(
        fs::read_to_string(folder.path().join("r.sarif"))
            .unwrap()
            .contains("2.1.0")
    );
}
