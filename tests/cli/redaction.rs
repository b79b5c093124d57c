//! What the program writes to its streams holds no secret, whatever it is asked. `tests/it/redaction.rs` plants secrets
//! in every place; here are the arguments and the verbs.

use crate::{run, run_with_input, tree};

const SECRET: &str = "t1de~Table.41-quLamp_Xv9";

fn string() -> String {
    format!("Data Source=https://adx-quay.kusto.windows.net;Fed=True;AppClientId=i;AppKey={SECRET};Authority Id=t")
}

fn assert_silent(out: &str, err: &str) {
    for start in 0..=SECRET.len() - 6 {
        let piece = SECRET.get(start..start + 6).unwrap();
        assert!(!out.contains(piece) && !err.contains(piece), "{piece}: {out} {err}");
    }
}

#[test]
fn no_verb_shows_a_secret() {
    let plain = format!(
        "externaldata (x:string) ['{}']\n| where x == '{}'\n",
        string(),
        SECRET.get(3..).unwrap()
    );
    let script = format!(
        "// {0}\n.ingest into table T (h'{0};managed_identity={SECRET}')\n.show x '{1}",
        string(),
        SECRET
    );
    let settings = format!("{{\"Kusto\": \"{}\", \"b\" \"{SECRET}\"", string());
    let folder = tree(&[
        ("a.kql", script.as_bytes()),
        ("b.kql", plain.as_bytes()),
        ("local.settings.json", settings.as_bytes()),
    ]);
    let error = format!("{}: Download_Forbidden {SECRET}", string());
    let unknown = format!("nonsense {}", string());
    let argument = format!("--app={}", string());
    let long = format!("{} {}", "x ".repeat(38), string());
    for arguments in [
        &["check", "--show-undecided"][..],
        &["check", "--output-format", "json"],
        &["check", "--output-format", "json", "a.kql", "local.settings.json"],
        &["check", "--diff", "--unsafe-fixes"],
        &["inspect", "--view", "facts"],
        &["inspect", "--view", "kql", "a.kql"],
        &["inspect", "--view", "resources"],
        &["map"],
        &["map", "--output-format", "json"],
        &["map", "--output-format", "svg"],
        &["explain", "--error", &error],
        &["explain", "--error", &error, "--output-format", "json"],
        &["explain", "--error", &unknown],
        &["explain", "--error", &long],
        &["explain", &unknown],
        &["check", &argument],
        &["check", &unknown],
        &["check", "--fail-on", &string()],
        &["check", "--output-format", "sarif", "--sarif-category", &string()],
        &["check", "--output-format", "sarif", "--sarif-category", SECRET],
        &["inspect", "--view", "kql", "local.settings.json"],
        &["suppressions"],
        &["baseline"],
    ] {
        let answer = run(folder.path(), arguments);
        assert_silent(&answer.out, &answer.err);
        answer.assert_harmless();
    }
}

#[test]
fn expressions_show_no_secret() {
    let folder = tree(&[]);
    let question = |expression: &str| format!("{{\"id\": 1, \"expression\": \"{expression}\"}}\n");
    let whole = string();
    for expression in [
        format!("[substring('{whole}', 70)]"),
        format!("[split('{whole}', '.')]"),
        format!("[toUpper('{whole}')]"),
        format!("[nonsense('{whole}')]"),
        format!("[concat('{whole}'"),
        format!("{whole}] \\\" broken"),
    ] {
        let answer = run_with_input(
            folder.path(),
            &["inspect", "--view", "expression"],
            question(&expression).as_bytes(),
        );
        assert_silent(&answer.out, &answer.err);
        assert_silent(&answer.out.to_lowercase(), "");
    }
}

/// A secret under a misspelt name, or the rest of one after a `;`, has no name that tells of it.
#[test]
fn what_may_be_a_secret_in_a_connection_string_is_not_shown() {
    let start =
        "kusto = Data Source=https://c.kusto.windows.net;Fed=True;AppClientId=0b1f6c52-4f0e-4a7e-9f55-1c2d3e4f5a6b";
    for (part, secret) in [
        ("AppSecret=Gh6Jd8sLqWxTrm4Pz", "Gh6Jd8sLqWxTrm4Pz"),
        ("AppKye=Vb7Kd9sLqWxTrm4Pz8", "Vb7Kd9sLqWxTrm4Pz8"),
        ("AppKey=Qx8~Abc9d;Vb7Kd9sLqWxTrm4", "Vb7Kd9sLqWxTrm4"),
        ("Vb7Kd9sLqWxTrm4Pz", "Vb7Kd9sLqWxTrm4Pz"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a.ini");
        std::fs::write(&file, format!("{start};{part};Authority Id=t.example\n")).expect("a file");
        for options in [&["--output-format", "json"][..], &[], &["--diff", "--unsafe-fixes"]] {
            let output = std::process::Command::new(env!("CARGO_BIN_EXE_kustolint"))
                .arg("check")
                .args(options)
                .arg("--isolated")
                .arg(&file)
                .output()
                .expect("the program runs");
            let shown = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
            assert!(!shown.contains(secret), "{part} {options:?}:\n{shown}");
        }
    }
}

/// A name of a file that holds what looks like a secret is shown without it.
#[test]
fn a_secret_in_the_name_of_a_file_is_not_shown() {
    let secret = "Q7vN2xLpR9sTbW4yZ8cFh3JkM6dGq1Ea5uXoVi0rPlHnYtBmCzSwDgKjQ7vN2xLpR9sTbW4yZ8cFh3JkM6dGA==";
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join(format!("AccountKey={secret}.kql"));
    std::fs::write(&file, ".create table T (a:int\n").expect("a file");
    for options in [&["--output-format", "json"][..], &[]] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_kustolint"))
            .arg("check")
            .args(options)
            .arg("--isolated")
            .arg(folder.path())
            .output()
            .expect("the program runs");
        let shown = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(shown.contains("syntax-error"), "{shown}");
        assert!(!shown.contains(secret.get(..20).unwrap()), "{options:?}:\n{shown}");
    }
}
