//! `kustolint suppressions`, and what `check` makes of suppressions.

use serde_json::json;

use crate::{run, tree};

const WRONG: &str = ".alter-merge database F policy managed_identity '[{\"ObjectId\":\"system\",\"AllowedUsages\":\"SandboxArtifacts\"}]'\n";
const RULE: &str = "database-level-sandbox-artifacts";

fn suppressed(words: &str) -> String {
    format!("// kustolint: ignore[{RULE}]{words}\n{WRONG}")
}

#[test]
fn what_is_suppressed_is_counted_and_fails_nothing() {
    let text = suppressed(" until 2027-03-31 the preview");
    let folder = tree(&[("a.kql", text.as_bytes())]);
    let check = |more: &[&str]| run(folder.path(), &[&["check", "--today", "2027-03-31"], more].concat());
    let answer = check(&[]);
    assert_eq!(
        (answer.status, answer.out.as_str()),
        (0, "no problems in 1 file; 1 suppressed\n")
    );
    let report = check(&["--output-format", "json"]).json();
    assert_eq!(report["summary"]["suppressed"], 1);
    assert_eq!(report["suppressed"][0]["reason"], "the preview");
    assert_eq!(check(&["--no-suppressions"]).status, 1);
    let later = run(folder.path(), &["check", "--today", "2027-04-01"]);
    assert_eq!(later.status, 1);
    assert!(
        later.out.contains("error[database-level") && later.out.contains("warning[expired-suppression]"),
        "{later:?}"
    );
}

#[test]
fn the_inventory_lists_files_and_configuration() {
    let config = format!(
        "# exceptions\n[[suppress]]\nrule = \"{RULE}\"\nfiles = \"old/\"\nreason = \"goes away\"\nuntil = 2027-01-31\n"
    );
    let folder = tree(&[
        ("kustolint.toml", config.as_bytes()),
        ("old/b.kql", WRONG.as_bytes()),
        ("a.kql", suppressed(" the preview").as_bytes()),
        ("c.kql", suppressed("").as_bytes()),
        (
            "d.kql",
            b"// kustolint: ignore[syntax-error] not needed\n.show tables\n",
        ),
    ]);
    let list = |more: &[&str]| {
        run(
            folder.path(),
            &[&["suppressions", "--today", "2027-02-01"], more].concat(),
        )
    };
    let human = list(&[]);
    assert_eq!(human.status, 0);
    assert_eq!(
        human.out,
        format!(
            "a.kql:1:4: active: {RULE} (1 finding)\n  the preview\n\
             c.kql:1:4: unexplained: {RULE} (1 finding)\n  no reason\n\
             d.kql:1:4: unused: syntax-error (0 findings)\n  not needed\n\
             kustolint.toml:2: expired: {RULE} (1 finding, until 2027-01-31)\n  goes away\n\
             4 suppressions in 5 files: 1 active, 1 unused, 1 expired, 1 unexplained\n"
        )
    );
    assert_eq!(list(&["--check"]).status, 1);
    assert_eq!(list(&["--check", "--isolated", "a.kql"]).status, 0);
    let found = list(&["--output-format", "json"]).json();
    assert_eq!(found["version"], 1);
    assert_eq!(found["summary"]["expired"], 1);
    assert_eq!(
        found["suppressions"][3],
        json!({
            "written": "configuration",
            "location": { "path": "kustolint.toml", "start": { "line": 2 } },
            "rules": [RULE],
            "reason": "goes away",
            "until": "2027-01-31",
            "state": "expired",
            "findings": 1,
        })
    );
    let without = run(folder.path(), &["suppressions", "--isolated", "old"]);
    assert_eq!(
        (without.status, without.out.as_str()),
        (0, "no suppressions in 1 file\n")
    );
    assert_eq!(run(folder.path(), &["suppressions", "nowhere"]).status, 2);
}

#[test]
fn entries_of_the_configuration_are_findings_where_all_of_their_files_are_checked() {
    let config = "[rules]\n\n[[suppress]]\nrule = [\"syntax-error\", \"missing-soft-delete\"]\nreason = \"gone\"\n\n\
                  [[suppress]]\nrule = \"missing-storage-grant\"\nreason = \"over\"\nuntil = 2027-01-31\n";
    let unused = "kustolint.toml:3:1: warning[unused-suppression]: this suppression of `syntax-error`, `missing-soft-delete` covers no finding";
    let expired = "kustolint.toml:7:1: warning[expired-suppression]: this suppression of `missing-storage-grant` has expired: it held until 2027-01-31";
    let folder = tree(&[
        (".git/HEAD", b""),
        ("kustolint.toml", config.as_bytes()),
        ("kql/a.kql", b".show tables\n"),
    ]);
    let found = |folder: &std::path::Path, paths: &[&str]| {
        let options = ["check", "--today", "2027-02-01", "--output-format", "concise"];
        let answer = run(folder, &[&options[..], paths].concat());
        let lines = answer.out.lines().filter(|line| line.contains("-suppression]"));
        (answer.status, lines.map(str::to_owned).collect::<Vec<_>>())
    };
    let root = folder.path();
    let none = (0, Vec::new());
    assert_eq!(found(root, &[]), (1, vec![unused.to_owned(), expired.to_owned()]));
    assert_eq!(found(root, &["kustolint.toml"]), (1, vec![expired.to_owned()]));
    assert_eq!(found(root, &["kql"]), none);
    assert_eq!(found(&root.join("kql"), &[]), none);
    assert_eq!(found(&root.join("kql"), &[".."]).1.len(), 2);
    assert_eq!(found(root, &["--isolated"]), none);
    let absolute = root.display().to_string();
    assert_eq!(found(root, &[&absolute]).1.len(), 2);
    std::fs::write(root.join("kql/b.kql"), ".show tables\n\nprint 'a\n").expect("a file");
    let broken = found(root, &[]).1;
    assert_eq!(broken, [expired], "the error is covered");
}

#[test]
fn an_entry_that_covers_nothing_is_told_wherever_its_file_lies() {
    let entry =
        |rule: &str, files: &str| format!("[[suppress]]\nrule = \"{rule}\"\nfiles = \"{files}\"\nreason = \"why\"\n\n");
    let vault = r#"{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
        "parameters": {"on": {"type": "bool"}},
        "resources": [{"type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-07-01", "name": "quaykeys", "properties": {"enableSoftDelete": "[parameters('on')]"}},
        {"type": "Microsoft.Kusto/clusters", "apiVersion": "2024-04-13", "name": "quay", "identity": {"type": "SystemAssigned"},
         "properties": {"keyVaultProperties": {"keyVaultUri": "[reference('quaykeys').vaultUri]", "keyName": "k"}}}]}"#;
    let config = entry(RULE, "old/**") + &entry("syntax-error", "kql/*.kql") + &entry("missing-soft-delete", "*.json");
    let folder = tree(&[
        (".git/HEAD", b""),
        (
            "ci/strict.toml",
            config
                .replace("\"old", "\"../old")
                .replace("\"kql", "\"../kql")
                .replace("\"*.json", "\"../*.json")
                .as_bytes(),
        ),
        ("kql/a.kql", b".show tables\n"),
        ("main.json", vault.as_bytes()),
    ]);
    let outside = tree(&[(
        "kustolint.toml",
        entry("syntax-error", "").replace("files = \"\"\n", "").as_bytes(),
    )]);
    let outside = outside.path().join("kustolint.toml").display().to_string();
    let lines = |paths: &[&str]| {
        let answer = run(
            folder.path(),
            &[&["check", "--output-format", "concise"], paths].concat(),
        );
        let lines = answer.out.lines().filter(|line| line.contains("-suppression]"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let wanted = |path: &str| {
        [
            format!(
                "{path}:1:1: warning[unused-suppression]: this suppression of `{RULE}` covers no finding: `files` means no file that is checked"
            ),
            format!("{path}:6:1: warning[unused-suppression]: this suppression of `syntax-error` covers no finding"),
            format!(
                "{path}:11:1: note[unused-suppression]: this suppression of `missing-soft-delete` covers no finding, as far as its files could be decided"
            ),
        ]
    };
    assert_eq!(lines(&["--config", "ci/strict.toml"]), wanted("ci/strict.toml"));
    assert_eq!(lines(&["--config", "ci/strict.toml", "kql"]), [""; 0]);
    assert_eq!(lines(&["--config", &outside]).len(), 1);
    assert_eq!(lines(&["--config", &outside, "kql"]), [""; 0]);
    std::fs::write(
        folder.path().join("kustolint.toml"),
        "[files]\nexclude = [\"*.toml\"]\n\n".to_owned() + &config,
    )
    .expect("a file");
    assert_eq!(lines(&[]).len(), 3, "it is judged also where it is left out");
    let comment = "# kustolint: ignore[syntax-error] nothing\n# Data Source=https://c.kusto.windows.net;Fed=true;AppClientId=11111111-2222-3333-4444-555555555555;AppKey=pl4nk~Ton-77xQ\n";
    let left_out = "[files]\nexclude = [\"*.toml\"]\n\n".to_owned() + comment + &config;
    std::fs::write(folder.path().join("kustolint.toml"), &left_out).expect("a file");
    let answer = run(folder.path(), &["check", "--fix", "--output-format", "concise"]);
    assert_eq!(
        answer.out.matches("kustolint.toml:").count(),
        3,
        "nothing else is said of it: {answer:?}"
    );
    let after = std::fs::read_to_string(folder.path().join("kustolint.toml")).expect("a file");
    assert_eq!(after, left_out);
}

#[test]
fn paths_of_the_configuration_are_seen_from_its_folder_wherever_a_run_starts() {
    let config = format!("[[suppress]]\nrule = \"{RULE}\"\nfiles = \"kql/*.kql\"\nreason = \"why\"\n");
    let folder = tree(&[
        (".git/HEAD", b""),
        ("team/kustolint.toml", config.as_bytes()),
        ("team/kql/a.kql", WRONG.as_bytes()),
    ]);
    for (start, path) in [
        ("team", "."),
        ("team", "kql/a.kql"),
        ("team/kql", "."),
        ("team/kql", "a.kql"),
    ] {
        let answer = run(&folder.path().join(start), &["check", path]);
        assert_eq!(answer.status, 0, "{start} {path}: {answer:?}");
    }
    let absolute = folder.path().join("team/kql").display().to_string();
    assert_eq!(run(&folder.path().join("team"), &["check", &absolute]).status, 0);
    let other = run(folder.path(), &["check", "--config", "team/kustolint.toml"]);
    assert_eq!(other.status, 0, "{other:?}");
}

#[test]
fn a_suppression_where_no_comment_is_read_is_told() {
    let ignore = format!("kustolint: ignore[{RULE}] the preview");
    let cell = |lines: &[&str]| json!({"nbformat": 4, "cells": [{"cell_type": "code", "source": lines}]}).to_string();
    let template = |resource: serde_json::Value| {
        json!({
            "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            "contentVersion": "1.0.0.0",
            "resources": [resource],
        })
        .to_string()
    };
    let deployed = |text: &str| {
        template(json!({
            "type": "Microsoft.Resources/deploymentScripts", "apiVersion": "2023-08-01", "name": "vault",
            "kind": "AzureCLI", "properties": {"scriptContent": text},
        }))
    };
    let database = |text: &str| {
        template(json!({
            "type": "Microsoft.Kusto/clusters/databases/scripts", "apiVersion": "2024-04-13", "name": "c/d/s",
            "properties": {"scriptContent": format!("[concat('', '{}')]", text.replace('\'', "''"))},
        }))
    };
    let vault = "az keyvault create -n kv -g rg --enable-purge-protection false\n";
    let of_vault = "kustolint: ignore[missing-purge-protection] the test stage";
    for (name, text, flaws) in [
        ("a.kql", format!("/* {ignore} */\n{WRONG}"), 1),
        ("a.kql", format!("# {ignore}\n{WRONG}"), 1),
        ("a.kql", format!("/*\n {ignore}\n*/\n{WRONG}"), 1),
        ("a.kql", format!("print 'see /* {ignore} */'\n"), 0),
        ("a.yml", format!("kql: |\n  /*\n   {ignore}\n  */\n  {WRONG}"), 1),
        ("a.json", database(&format!("/* {ignore} */\n{WRONG}")), 1),
        ("a.kql", WRONG.replace('\n', &format!(" /* {ignore} */\n")), 1),
        ("a.kql", format!("// {ignore}, see /* kustolint */\n{WRONG}"), 0),
        ("a.yml", format!("kql: |\n  # {ignore}\n  {WRONG}"), 1),
        ("a.yml", format!("kql: >-\n  /* {ignore} */\n  {WRONG}"), 1),
        ("a.yml", format!("kql: |\n  // {ignore}\n  {WRONG}"), 0),
        ("a.yml", format!("# {ignore}\nkql: |\n  {WRONG}"), 0),
        ("a.yml", format!("- script: |\n    # {of_vault}\n    {vault}"), 0),
        (
            "a.ipynb",
            cell(&[&format!("# {ignore}\n"), "q='''\n", WRONG, "'''\n"]),
            1,
        ),
        ("a.ipynb", cell(&["%%kql\n", &format!("// {ignore}\n"), WRONG]), 0),
        ("a.json", deployed(&format!("# {of_vault}\n{vault}")), 0),
        ("a.json", deployed(&format!("{vault}echo '\n# {of_vault}'\n")), 1),
        ("a.cs", format!("class A {{ string s = \"// {ignore}\"; }}\n"), 0),
    ] {
        let folder = tree(&[(name, text.as_bytes())]);
        let answer = run(folder.path(), &["check", "--output-format", "concise"]);
        let told = answer
            .out
            .matches("warning[malformed-suppression]: this suppression is not followed")
            .count();
        assert_eq!(told, flaws, "{text}\n{answer:?}");
        assert!(!answer.out.contains("[unused-suppression]"), "{text}\n{answer:?}");
        assert_eq!(answer.status, i32::from(flaws > 0), "{text}\n{answer:?}");
    }
}

#[test]
fn hostile_reasons_are_harmless_and_hold_no_secret() {
    let key = "Zm9vYmFyYmF6cXV4".repeat(6).split_at(86).0.to_owned() + "==";
    let reason = format!("\u{1b}[31m ##vso[task.complete] ::error::x https://q.blob.core.windows.net/c;{key}");
    let config =
        format!("[[suppress]]\nrule = \"{RULE}\"\nreason = '''see https://q.blob.core.windows.net/c;{key}'''\n");
    let folder = tree(&[
        ("kustolint.toml", config.as_bytes()),
        ("a.kql", suppressed(&format!(" {reason}")).as_bytes()),
        ("b.kql", WRONG.as_bytes()),
    ]);
    for arguments in [
        &["suppressions"][..],
        &["suppressions", "--output-format", "json"],
        &["check"],
        &["check", "--output-format", "json"],
        &["check", "--diff"],
    ] {
        let answer = run(folder.path(), arguments);
        answer.assert_harmless();
        for piece in [0..8, 40..48].map(|piece| key.get(piece).unwrap()) {
            assert!(
                !answer.out.contains(piece) && !answer.err.contains(piece),
                "{arguments:?}: {answer:?}"
            );
        }
    }
}
