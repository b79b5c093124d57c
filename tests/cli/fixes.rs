use std::fs;

use crate::{run, run_with_input, tree};

const WRONG: &str = ".create external table T (x:int) kind=storage dataformat=csv ('https://quay.blob.core.windows.net/c;impersonate')\n";

fn right() -> String {
    WRONG.replace(".create", ".create-or-alter")
}

fn policy(words: &str) -> String {
    format!(
        ".alter-merge database D policy managed_identity ```[{{\"ObjectId\":\"system\",\"AllowedUsages\":\"{words}\"}}]```\n"
    )
}

#[test]
fn fixes_are_written_and_what_remains_decides() {
    let folder = tree(&[
        ("a.kql", WRONG.as_bytes()),
        ("b/c.kql", policy("AutomatedFlow").as_bytes()),
    ]);
    let read = |path: &str| fs::read_to_string(folder.path().join(path)).unwrap();
    let answer = run(folder.path(), &["check", "--fix"]);
    assert_eq!(answer.status, 1, "{answer:?}");
    assert!(
        answer.out.contains("1 fixable with `--fix --unsafe-fixes`"),
        "{answer:?}"
    );
    assert!(answer.out.ends_with("fixed 1 problem in 1 file\n"), "{answer:?}");
    assert_eq!((read("a.kql"), read("b/c.kql")), (right(), policy("AutomatedFlow")));
    let answer = run(
        folder.path(),
        &["check", "--fix", "--unsafe-fixes", "--output-format", "json"],
    );
    assert_eq!((answer.status, answer.err.as_str()), (0, ""), "{answer:?}");
    assert_eq!(answer.json()["findings"], serde_json::json!([]));
    assert_eq!(read("b/c.kql"), policy("AutomatedFlows"));
    let names = |folder: &str| fs::read_dir(folder).unwrap().count();
    assert_eq!(
        names(folder.path().to_str().unwrap()),
        2,
        "nothing is left beside the files"
    );
}

#[test]
fn json_tells_the_edits() {
    let folder = tree(&[("a.kql", WRONG.as_bytes())]);
    let answer = run(folder.path(), &["check", "--output-format", "json"]);
    let fix = &answer.json()["findings"][0]["fix"];
    assert_eq!(fix["applicability"], "safe");
    assert_eq!(fix["title"], "write `.create-or-alter`");
    let edit = &fix["edits"][0];
    assert_eq!(edit["text"], "create-or-alter");
    assert_eq!(
        (&edit["location"]["start"]["byte"], &edit["location"]["end"]["byte"]),
        (&1.into(), &7.into())
    );
    let answer = run(folder.path(), &["check"]);
    assert!(
        answer
            .out
            .contains("fix: write `.create-or-alter` (apply with `--fix`)"),
        "{answer:?}"
    );
    assert!(answer.out.contains("; 1 fixable with `--fix`\n"), "{answer:?}");
}

#[test]
fn a_diff_writes_nothing_and_can_be_applied() {
    let long = format!("{}\n{WRONG}{}", "// a\n".repeat(9), "// é\r\n// z");
    let folder = tree(&[
        ("a.kql", long.as_bytes()),
        ("b.kql", policy("AutomatedFlow").as_bytes()),
    ]);
    for arguments in [&["check", "--diff"][..], &["check", "--diff", "--fix"]] {
        let answer = run(folder.path(), arguments);
        assert_eq!(answer.status, 1, "the files are as they were: {answer:?}");
        assert_eq!(answer.err, "would fix 1 problem in 1 file\n");
        let head = "--- a.kql\n+++ a.kql\n@@ -8,6 +8,6 @@\n // a\n // a\n \n";
        let tail = " // é\r\n // z\n\\ No newline at end of file\n";
        let wanted = format!("{head}-{WRONG}+{}{tail}", right());
        assert_eq!(answer.out, wanted);
        assert_eq!(fs::read(folder.path().join("a.kql")).unwrap(), long.as_bytes());
    }
    let answer = run(folder.path(), &["check", "--diff", "--unsafe-fixes", "b.kql"]);
    assert!(
        answer.out.contains("AutomatedFlows") && !answer.out.contains("a.kql"),
        "{answer:?}"
    );
}

#[test]
fn a_diff_shows_no_secret_and_obeys_nothing() {
    let key = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYg==";
    let start = key.get(..6).unwrap();
    let text = format!(
        "// \u{1b}]0;t\u{7}\u{202e}\n::error::x\n{}",
        WRONG.replace("impersonate", key)
    );
    let folder = tree(&[("a.kql", text.as_bytes())]);
    for arguments in [
        &["check", "--diff"][..],
        &["check", "--output-format", "json"],
        &["check", "--fix"],
    ] {
        let answer = run(folder.path(), arguments);
        assert!(!answer.out.contains(start) && !answer.err.contains(start), "{answer:?}");
        answer.assert_harmless();
    }
    assert_eq!(
        fs::read_to_string(folder.path().join("a.kql")).unwrap(),
        text.replace(".create ", ".create-or-alter ")
            .replace("('https", "(h'https")
    );
}

#[test]
fn standard_input_comes_out_fixed() {
    let folder = tree(&[]);
    let answer = run_with_input(folder.path(), &["check", "-", "--fix"], WRONG.as_bytes());
    assert_eq!((answer.status, answer.out), (0, right()));
    assert_eq!(answer.err, "no problems in 1 file\nfixed 1 problem in 1 file\n");
    let answer = run_with_input(folder.path(), &["check", "-", "--diff"], WRONG.as_bytes());
    assert!(
        answer
            .out
            .starts_with("--- <stdin>\n+++ <stdin>\n@@ -1 +1 @@\n-.create "),
        "{}",
        answer.out
    );
    let unchanged = "T | take 5\n";
    let answer = run_with_input(folder.path(), &["check", "-", "--fix"], unchanged.as_bytes());
    assert_eq!((answer.status, answer.out.as_str()), (0, unchanged));
    let named = ["check", "-", "--stdin-filename", "a.kql", "--fix"];
    fs::write(folder.path().join("a.kql"), WRONG).unwrap();
    let answer = run_with_input(folder.path(), &named, WRONG.as_bytes());
    assert_eq!(answer.out, right());
    assert_eq!(
        fs::read_to_string(folder.path().join("a.kql")).unwrap(),
        WRONG,
        "the file is not what was checked"
    );
}

#[test]
fn arguments_that_contradict_are_refused() {
    let folder = tree(&[("a.kql", WRONG.as_bytes())]);
    for arguments in [
        &["check", "--unsafe-fixes"][..],
        &["check", "--diff", "--output-format", "json"],
    ] {
        let answer = run(folder.path(), arguments);
        assert_eq!(answer.status, 2, "{answer:?}");
        assert!(
            answer.out.is_empty() && answer.err.starts_with("error: `--"),
            "{answer:?}"
        );
    }
}

#[test]
fn only_files_that_were_asked_for_are_written() {
    let ingest = ".ingest into table T (h'https://quay.blob.core.windows.net/c/a.csv;managed_identity=system')\n";
    let folder = tree(&[
        ("policy.kql", policy("ExternalTable").as_bytes()),
        ("use.kql", ingest.as_bytes()),
    ]);
    let answer = run(folder.path(), &["check", "--fix", "--unsafe-fixes", "use.kql"]);
    assert_eq!(answer.status, 1, "{answer:?}");
    assert_eq!(
        fs::read_to_string(folder.path().join("policy.kql")).unwrap(),
        policy("ExternalTable")
    );
    let answer = run(folder.path(), &["check", "--fix", "--unsafe-fixes", "."]);
    assert!(answer.out.ends_with("fixed 1 problem in 1 file\n"), "{answer:?}");
    let mended = policy("ExternalTable, NativeIngestion");
    assert_eq!(fs::read_to_string(folder.path().join("policy.kql")).unwrap(), mended);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_is_told_and_still_counts() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tree(&[
        ("a.kql", WRONG.as_bytes()),
        ("b.kql", WRONG.as_bytes()),
        ("other/c.kql", WRONG.as_bytes()),
    ]);
    let path = |name: &str| folder.path().join(name);
    fs::set_permissions(path("a.kql"), fs::Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(path("b.kql"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink(path("other/c.kql"), path("link.kql")).unwrap();
    let answer = run(
        folder.path(),
        &["check", "--fix", "--isolated", "a.kql", "b.kql", "link.kql"],
    );
    assert_eq!(answer.status, 2, "{answer:?}");
    assert!(
        answer.err.contains("`a.kql` was not written: it may not be written"),
        "{answer:?}"
    );
    assert!(
        answer.err.contains("`link.kql` was not written: it is a link"),
        "{answer:?}"
    );
    assert!(answer.out.contains("2 problems (2 notes) in 3 files"), "{answer:?}");
    assert!(answer.out.ends_with("fixed 1 problem in 1 file\n"), "{answer:?}");
    assert_eq!(fs::read_to_string(path("b.kql")).unwrap(), right());
    assert_eq!(fs::metadata(path("b.kql")).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(fs::read_to_string(path("other/c.kql")).unwrap(), WRONG);
}
