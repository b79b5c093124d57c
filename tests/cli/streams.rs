use std::io::Read;
use std::process::Stdio;

use crate::{Answer, kustolint, run, tree};

#[test]
fn colours_follow_the_environment_and_the_flag() {
    let folder = tree(&[]);
    let colored = |arguments: &[&str], name: &str, value: &str| {
        let mut command = kustolint(folder.path(), arguments);
        let answer = Answer::of(&command.env(name, value).output().unwrap());
        answer.out.contains('\u{1b}') || answer.err.contains('\u{1b}')
    };
    assert!(!colored(&["rules"], "TERM", "xterm"), "a pipe is no terminal");
    assert!(!colored(&["explain", "x"], "NO_COLOR", "1"));
    assert!(colored(&["explain", "x"], "CLICOLOR_FORCE", "1"));
    assert!(!colored(&["rules", "--color", "never"], "CLICOLOR_FORCE", "1"));
    assert!(!colored(&["explain", "x", "--color", "never"], "CLICOLOR_FORCE", "1"));
    assert!(colored(&["explain", "x", "--color", "always"], "NO_COLOR", "1"));
    let verb = ["inspect", "--view", "kql", "--color", "always"];
    assert!(!colored(&verb, "TERM", "xterm"), "JSON has no colours");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let folder = tree(&[("a.kql", b"T")]);
    for arguments in [
        &["check"][..],
        &["check", "--output-format", "json"],
        &["rules"],
        &["--help"],
        &["inspect", "--view", "kql", "."],
    ] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let output = kustolint(folder.path(), arguments).stdout(full).output().unwrap();
        let answer = Answer::of(&output);
        assert_eq!(answer.status, 2, "{arguments:?}");
        assert!(
            answer.err.starts_with("error: cannot write the output"),
            "{}",
            answer.err
        );
    }
}

#[test]
fn a_reader_that_stops_reading_is_no_error() {
    let script = "T | where x == 'a'\n".repeat(20);
    let files: Vec<String> = (0..2000).map(|index| format!("{index}.kql")).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|name| (name.as_str(), script.as_bytes())).collect();
    let folder = tree(&files);
    let mut child = kustolint(folder.path(), &["inspect", "--view", "kql", "."])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 1];
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut first).unwrap();
    drop(out);
    let answer = Answer::of(&child.wait_with_output().unwrap());
    assert_eq!((answer.status, answer.err.as_str(), first), (0, "", *b"{"));
}

#[test]
fn the_output_is_the_same_every_time() {
    let folder = tree(&[("a.kql", b".create table ("), ("b/c.json", b"{"), ("d.kql", b"T")]);
    let json = |paths: &[&str]| run(folder.path(), &[&["check", "--output-format", "json"], paths].concat()).out;
    assert_eq!(json(&["a.kql", "b", "d.kql"]), json(&["d.kql", "./a.kql", "b/"]));
    assert_eq!(json(&["."]), json(&["."]));
}

#[cfg(target_os = "linux")]
#[test]
fn a_baseline_that_was_written_is_told_when_nothing_can_be_printed() {
    let folder = tree(&[("a.kql", b".show tables\n")]);
    let full = || std::fs::File::create("/dev/full").unwrap();
    let create = kustolint(folder.path(), &["baseline", "create"])
        .stdout(full())
        .output()
        .unwrap();
    let error = String::from_utf8(create.stderr).unwrap();
    assert_eq!(create.status.code(), Some(2), "{error}");
    assert!(error.contains("cannot write the output"), "{error}");
    assert!(error.contains("`kustolint-baseline.json` was written"), "{error}");
    assert!(folder.path().join("kustolint-baseline.json").exists());
    let update = kustolint(folder.path(), &["baseline", "update"])
        .stdout(full())
        .output()
        .unwrap();
    let error = String::from_utf8(update.stderr).unwrap();
    assert_eq!(
        (update.status.code(), error.contains("was written")),
        (Some(2), false),
        "{error}"
    );
}
