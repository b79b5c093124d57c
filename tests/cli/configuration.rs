//! `kustolint.toml` as people meet it: where it is found, and what is said when it is wrong.

use std::fs;

use crate::{run, tree};

const ALL_ALLOWED: &[u8] =
    b".alter cluster policy managed_identity '[{\"ObjectId\":\"system\",\"AllowedUsages\":\"All\"}]'\n";
const OFF: &[u8] = b"[rules]\nall-identity-usages-granted = \"off\"\n";

#[test]
fn the_file_of_the_folder_is_read_unless_the_run_is_isolated() {
    let folder = tree(&[("a.kql", ALL_ALLOWED), ("kustolint.toml", OFF), ("ci.toml", b"")]);
    for (arguments, status) in [
        (&["check"][..], 0),
        (&["check", "--isolated"], 1),
        (&["check", "--config", "ci.toml"], 1),
        (&["check", "--isolated", "--config", "kustolint.toml"], 0),
        (&["check", "a.kql"], 0),
    ] {
        let answer = run(folder.path(), arguments);
        assert_eq!(
            (answer.status, answer.err.as_str()),
            (status, ""),
            "{arguments:?}: {answer:?}"
        );
    }
    fs::create_dir_all(folder.path().join(".git")).unwrap();
    fs::create_dir_all(folder.path().join("sub")).unwrap();
    assert_eq!(run(&folder.path().join("sub"), &["check", ".."]).status, 0);
}

#[test]
fn a_mistake_in_it_ends_the_run_with_its_place() {
    for (text, said) in [
        (
            &b"[rules]\n\nall-identity-usages-grantet = \"off\"\n"[..],
            "kustolint.toml:3:1: there is no rule `all-identity-usages-grantet`; did you mean `all-identity-usages-granted`?",
        ),
        (
            b"\xEF\xBB\xBF# \xC3\xA9\n[rules]\nsyntax-error = \"off\"",
            "kustolint.toml:3:16: `syntax-error` can't be",
        ),
        (b"[rules", "kustolint.toml:1:7: this is no TOML: "),
        (
            b"[customer-managed-keys]\naccepted = [\"EC-P256\"]",
            "kustolint.toml:2:13: `EC-P256` can't be accepted; what can are `RSA-2048`",
        ),
        (
            b"[customer-managed-keys]\naccepted = [\"rsa_hsm4096\"]",
            "kustolint.toml:2:13: `rsa_hsm4096` can't be accepted; did you mean `RSA-HSM-4096`?",
        ),
        (
            b"[customer-managed-keys]\naccepted = [\"RSA-1024\"]",
            "kustolint.toml:2:13: `RSA-1024` can't be accepted; what can are `RSA-2048`",
        ),
        (
            b"[rules]\nlimit-reached = \"warning\"\nsyntax-error = \"note\"",
            "kustolint.toml:3:16: `syntax-error` can't be a note",
        ),
        (b"a = \"\xFF\"", "kustolint.toml:1:6: this is no UTF-8"),
        (
            b"\x7fELF\0\0\0\x01",
            "the configuration `kustolint.toml` can't be read: it is no text",
        ),
    ] {
        let folder = tree(&[("a.kql", ALL_ALLOWED), ("kustolint.toml", text)]);
        let answer = run(folder.path(), &["check", "--output-format", "json"]);
        assert_eq!(
            (answer.status, answer.out.as_str()),
            (2, ""),
            "nothing is checked: {answer:?}"
        );
        assert!(answer.err.starts_with(&format!("error: {said}")), "{said}: {answer:?}");
        answer.assert_harmless();
    }
}

#[test]
fn hostile_files_end_the_run_in_plain_words() {
    let hostile = "[\"\u{1b}]0;x\\u0007::error::\u{202e}\"]\n\"\\u001b[2J\\n##vso[x]\" = 1\n[rules]\n\"a\\nb\" = \"\\r\\n::error::z\"";
    let files: [Vec<u8>; 7] = [
        hostile.as_bytes().to_vec(),
        hostile.replace('\u{1b}', "\\u001b").into_bytes(),
        vec![b'a'; 10 << 20],
        format!("a = {}", "[".repeat(900_000)).into_bytes(),
        format!("{}a = 1", "a.".repeat(400_000)).into_bytes(),
        [b"[rules]\n".to_vec(), b"'x' = 1\n".repeat(100_000)].concat(),
        (0..=255).cycle().take(100_000).collect(),
    ];
    for (index, bytes) in files.iter().enumerate() {
        let folder = tree(&[("a.kql", b"T"), ("kustolint.toml", bytes)]);
        let answer = run(folder.path(), &["check"]);
        assert_eq!((answer.status, answer.out.as_str()), (2, ""), "file {index}");
        assert!(
            answer.err.starts_with("error: ") && answer.err.len() < 20_000,
            "file {index}"
        );
        assert!(!answer.err.contains("internal error"), "file {index}: {answer:?}");
        answer.assert_harmless();
    }
    let folder = tree(&[("a.kql", b"T"), ("kustolint.toml", &vec![b'#'; 10 << 20])]);
    let answer = run(folder.path(), &["check"]);
    assert!(answer.err.contains("can't be read: larger than 1 MiB"), "{answer:?}");
}

#[test]
fn what_bears_the_name_and_is_no_file_is_told() {
    let folder = tree(&[("a.kql", b"T"), ("kustolint.toml/x", b"")]);
    let answer = run(folder.path(), &["check"]);
    assert_eq!(answer.status, 2);
    assert!(
        answer.err.contains("`kustolint.toml` can't be read: it is a folder"),
        "{answer:?}"
    );
    let answer = run(folder.path(), &["check", "--config", "kustolint.tom"]);
    assert_eq!(answer.status, 2);
    assert!(answer.err.contains("did you mean `kustolint.toml`?"), "{answer:?}");
}

#[cfg(unix)]
#[test]
fn files_that_cannot_be_opened_are_told() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tree(&[("a.kql", b"T")]);
    let path = folder.path().join("kustolint.toml");
    symlink("nowhere", &path).unwrap();
    assert!(run(folder.path(), &["check"]).err.contains("can't be read"));
    fs::remove_file(&path).unwrap();
    symlink("/dev/zero", &path).unwrap();
    let answer = run(folder.path(), &["check"]);
    assert_eq!(answer.status, 2);
    assert!(answer.err.contains("it is no regular file"), "{answer:?}");
    fs::remove_file(&path).unwrap();
    fs::write(&path, OFF).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    // Who may read everything reads this, too.
    if fs::read(&path).is_err() {
        let answer = run(folder.path(), &["check"]);
        assert_eq!(answer.status, 2);
        assert!(answer.err.contains("permission denied"), "{answer:?}");
    }
}

#[test]
fn a_rule_that_is_off_by_default_says_how_to_turn_it_on() {
    let folder = tree(&[]);
    let answer = run(folder.path(), &["explain", "unused-identity-usage"]);
    assert!(answer.out.contains("Off by default"), "{answer:?}");
    assert!(
        answer.out.contains("    unused-identity-usage = \"on\"\n"),
        "{answer:?}"
    );
    assert!(
        !run(folder.path(), &["explain", "syntax-error"])
            .out
            .contains("Off by default")
    );
    let listed = run(folder.path(), &["rules"]).out;
    let line = listed
        .lines()
        .find(|line| line.starts_with("unused-identity-usage"))
        .unwrap();
    assert!(line.contains("off unless kustolint.toml"), "{line}");
    let rules = run(folder.path(), &["rules", "--output-format", "json"]).json();
    let rules = rules["rules"].as_array().unwrap().clone();
    let off: Vec<_> = rules
        .iter()
        .filter(|rule| rule["default"] == "off")
        .map(|rule| rule["name"].clone())
        .collect();
    assert_eq!(off, ["unused-identity-usage"]);
}

#[test]
fn every_command_that_reads_the_files_tells_of_a_mistake_in_it() {
    let folder = tree(&[("a.kql", ALL_ALLOWED), ("kustolint.toml", b"[rulez]\n")]);
    for arguments in [&["check"][..], &["map"], &["explain", "--error", "TooManyScripts"]] {
        let answer = run(folder.path(), arguments);
        assert_eq!((answer.status, answer.out.as_str()), (2, ""), "{arguments:?}");
        assert!(
            answer.err.starts_with("error: kustolint.toml:1:2: there is no section"),
            "{answer:?}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_called_that() {
    let folder = tree(&[("a.kql", ALL_ALLOWED)]);
    std::os::unix::fs::symlink("gone.toml", folder.path().join("kustolint.toml")).unwrap();
    let answer = run(folder.path(), &["check"]);
    let said = "error: the configuration `kustolint.toml` can't be read: it is a link that leads to nothing\n";
    assert_eq!((answer.status, answer.err.as_str()), (2, said));
}
