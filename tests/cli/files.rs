use std::fs;

use crate::{run, run_with_input, tree};

/// The paths that `inspect --view kql` of the arguments speaks of.
fn paths(folder: &tempfile::TempDir, arguments: &[&str]) -> Vec<String> {
    let arguments = [&["inspect", "--view", "kql"], arguments].concat();
    let answer = run(folder.path(), &arguments);
    let path = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        value["path"].as_str().unwrap().to_owned()
    };
    answer.out.lines().map(path).collect()
}

#[test]
fn ignored_files_are_read_only_if_they_are_named() {
    let folder = tree(&[(".gitignore", b"out/\n"), ("a.kql", b"T"), ("out/b.kql", b"T")]);
    assert_eq!(paths(&folder, &["."]), ["a.kql"]);
    assert_eq!(paths(&folder, &[".", "out/b.kql"]), ["a.kql", "out/b.kql"]);
}

#[test]
fn standard_input_is_checked() {
    let folder = tree(&[("a.kql", b"T")]);
    for arguments in [
        &["check", "-"][..],
        &["check", "-", "--stdin-filename", "a.kql"],
        &["check", "-", "--stdin-filename", "new/b.kql", "--isolated"],
    ] {
        let answer = run_with_input(folder.path(), arguments, b"T | take 5\n");
        assert_eq!((answer.status, answer.err.as_str()), (0, ""), "{arguments:?}");
    }
}

#[test]
fn names_are_shown_harmlessly() {
    let names: &[&str] = if cfg!(windows) {
        &["a;b,c%0A].kql", "$(touch p).kql"]
    } else {
        &[
            "a\n::error::x.kql",
            "b\u{1b}]0;title\u{7}.kql",
            "c##vso[task.setvariable variable=x]y.kql",
            "d##[set-env name=X]y.kql",
            "e\r\u{202e}lqk.kql",
            "f`$(touch p)`;],%0A:.kql",
        ]
    };
    for name in names {
        // Neither KQL nor text: whatever is said of it names the file.
        for bytes in [&b".create table ("[..], b"\x7fELF\0\0\0\x01"] {
            let folder = tree(&[(name, bytes)]);
            for arguments in [
                &["check", name][..],
                &["check"],
                &["check", "--output-format", "json", name],
                &["check", "--show-undecided", name],
                &["inspect", "--view", "kql", name],
                &["check", "--color", "never", &format!("{name}.missing")],
            ] {
                run(folder.path(), arguments).assert_harmless();
            }
            assert!(!folder.path().join("p").exists());
        }
    }
}

#[test]
fn a_file_without_resources_is_told() {
    let template = br#"{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0","resources":[]}"#;
    let folder = tree(&[("a.kql", b"T"), ("b.json", b"{\"a\": 1}"), ("main.json", template)]);
    let view = |paths: &[&str]| run(folder.path(), &[&["inspect", "--view", "resources"], paths].concat());
    let answer = view(&["b.json", "a.kql", "main.json"]);
    assert_eq!((answer.status, answer.out.as_str()), (0, ""), "{answer:?}");
    let told: Vec<_> = answer.err.lines().collect();
    assert_eq!(
        told,
        [
            "note: a.kql: no template, so it has no resources to show",
            "note: b.json: no template, so it has no resources to show"
        ]
    );
    // Of a folder one expects templates and others.
    let answer = view(&["."]);
    assert_eq!((answer.status, answer.err.as_str()), (0, ""), "{answer:?}");
}

#[test]
fn utf16_is_read() {
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend("T | take 5\r\n".encode_utf16().flat_map(u16::to_le_bytes));
    let folder = tree(&[("a.kql", &bytes)]);
    let answer = run(folder.path(), &["inspect", "--view", "kql", "a.kql"]);
    let view: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(view["errors"], serde_json::json!([]), "{answer:?}");
    assert_eq!(run(folder.path(), &["check", "a.kql"]).status, 0);
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_refused_without_waiting() {
    let folder = tree(&[("b.kql", b"T")]);
    let pipe = folder.path().join("a.kql");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    assert_eq!(paths(&folder, &["."]), ["b.kql"]);
    let answer = run(folder.path(), &["inspect", "--view", "kql", "a.kql", "/dev/zero"]);
    assert_eq!(answer.status, 2);
    assert_eq!(answer.out.matches("not a regular file").count(), 2, "{answer:?}");
    run(folder.path(), &["check", "a.kql"]).assert_harmless();
}

#[cfg(unix)]
#[test]
fn links_in_circles_end() {
    use std::os::unix::fs::symlink;
    let folder = tree(&[("sub/a.kql", b"T")]);
    symlink(folder.path(), folder.path().join("sub/up")).unwrap();
    symlink("self.kql", folder.path().join("self.kql")).unwrap();
    assert_eq!(paths(&folder, &["."]), ["sub/a.kql"]);
    assert_eq!(run(folder.path(), &["inspect", "--view", "kql", "self.kql"]).status, 2);
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tree(&[("a.kql", b"T"), ("b.kql", b"T")]);
    let shut = folder.path().join("a.kql");
    fs::set_permissions(&shut, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&shut).is_ok() {
        return;
    }
    let answer = run(folder.path(), &["inspect", "--view", "kql", "."]);
    assert_eq!(answer.status, 2);
    assert!(answer.out.contains("permission denied") && answer.out.contains("b.kql"));
}
