//! `kustolint config`, and what a configuration changes of the files that are read.

use std::fs;

use crate::{Answer, kustolint, run, run_with_input, tree};

const ALL_ALLOWED: &[u8] =
    b".alter cluster policy managed_identity '[{\"ObjectId\":\"system\",\"AllowedUsages\":\"All\"}]'\n";
const OFF: &[u8] = b"[[paths]]\nfiles = [\"samples/**\"]\nrules = { all-identity-usages-granted = \"off\" }\n";

#[test]
fn show_lists_what_holds_and_where_it_is_set() {
    let text = b"[check]\nfail-on = \"error\"\n\n[rules]\nmissing-storage-grant = \"error\"\n\n[[paths]]\nfiles = [\"samples/**\"]\nrules = { missing-storage-grant = \"off\" }\n[files]\nexclude = [\"samples/old\"]\n";
    let folder = tree(&[("kustolint.toml", text), ("sub/a.kql", b""), (".git/HEAD", b"")]);
    let general = run(folder.path(), &["config", "show"]);
    assert_eq!((general.status, general.err.as_str()), (0, ""), "{general:?}");
    let line = |out: &str, name: &str| {
        let line = out.lines().find(|line| line.starts_with(&format!("{name} =")));
        let words: Vec<_> = line
            .unwrap_or_else(|| panic!("{name}: {out}"))
            .split_whitespace()
            .collect();
        words.join(" ")
    };
    for (name, told) in [
        ("check.fail-on", "\"error\" kustolint.toml:2"),
        ("rules.missing-storage-grant", "\"error\" kustolint.toml:5"),
        ("paths[0].rules.missing-storage-grant", "\"off\" kustolint.toml:9"),
        ("rules.syntax-error", "\"on\" default"),
        ("rules.unused-identity-usage", "\"off\" default"),
        ("files.include", "[] default"),
    ] {
        assert_eq!(line(&general.out, name), format!("{name} = {told}"));
    }
    let of_file = run(&folder.path().join("sub"), &["config", "show", "../samples/old/a.kql"]);
    for (name, told) in [
        ("rules.missing-storage-grant", "\"off\" ../kustolint.toml:9"),
        ("this-file.excluded", "true ../kustolint.toml:11"),
        ("this-file.kql", "false default"),
    ] {
        assert_eq!(line(&of_file.out, name), format!("{name} = {told}"));
    }
    assert!(!of_file.out.contains("paths[0]"), "{of_file:?}");
    let json = run(folder.path(), &["config", "show", "--output-format", "json"]).json();
    let settings = json["settings"].as_array().unwrap();
    let fail_on = settings
        .iter()
        .find(|setting| setting["name"] == "check.fail-on")
        .unwrap();
    assert_eq!(fail_on["from"]["line"], 2);
    assert_eq!(
        (&json["file"], &fail_on["value"]),
        (&"kustolint.toml".into(), &"error".into())
    );
    let mut command = kustolint(folder.path(), &["config", "show"]);
    let out = command.env("KUSTOLINT_FAIL_ON", "never").output().unwrap();
    assert_eq!(
        line(&String::from_utf8(out.stdout).unwrap(), "check.fail-on"),
        "check.fail-on = \"never\" environment"
    );
}

#[test]
fn show_tells_what_is_wrong_and_does_no_harm() {
    let hostile = "[identities]\n\"\\u001b[2J\" = { object-id = \"x\" }\n[check]\nbaseline = \"\\u202e::error::\"\n";
    let folder = tree(&[("kustolint.toml", hostile.as_bytes())]);
    let answer = run(folder.path(), &["config", "show"]);
    assert_eq!((answer.status, answer.out.as_str()), (2, ""));
    answer.assert_harmless();
    let hostile = "[check]\nbaseline = \"\u{202e}::error::a ##vso[x]\"\n[[granted]]\ncallout = \"cosmosdb\"\nreason = \"::error::\"\n";
    let folder = tree(&[("kustolint.toml", hostile.as_bytes())]);
    for arguments in [&["config", "show"][..], &["config", "show", "--output-format", "json"]] {
        let answer = run(folder.path(), arguments);
        assert_eq!(answer.status, 0, "{answer:?}");
        answer.assert_harmless();
    }
}

#[test]
fn init_writes_a_file_that_sets_nothing_and_replaces_none() {
    let folder = tree(&[("a.kql", ALL_ALLOWED), (".git/HEAD", b""), ("sub/a.kql", b"")]);
    let answer = run(folder.path(), &["config", "init"]);
    assert_eq!(answer.status, 0, "{answer:?}");
    assert!(answer.out.contains("next: ") && answer.err.is_empty(), "{answer:?}");
    let written = fs::read_to_string(folder.path().join("kustolint.toml")).unwrap();
    assert!(written.starts_with("#:schema ./kustolint.schema.json\n"));
    assert_eq!(run(folder.path(), &["config", "init", "--stdout"]).out, written);
    assert_eq!(run(folder.path(), &["check"]).status, 1, "all holds as without it");
    fs::write(folder.path().join("kustolint.toml"), "# mine\n").unwrap();
    let again = run(folder.path(), &["config", "init"]);
    assert_eq!(again.status, 2);
    assert!(
        again
            .err
            .contains("`kustolint.toml` was not written: there is one already"),
        "{again:?}"
    );
    assert_eq!(fs::read(folder.path().join("kustolint.toml")).unwrap(), b"# mine\n");
    let below = run(&folder.path().join("sub"), &["config", "init"]);
    assert_eq!(below.status, 0);
    assert!(below.err.contains("`../kustolint.toml`"), "{below:?}");
}

#[test]
fn the_schema_is_printed_as_the_repository_keeps_it() {
    let folder = tree(&[]);
    let kept = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/schema/kustolint.schema.json")).unwrap();
    assert_eq!(run(folder.path(), &["config", "schema"]).out, kept);
}

#[test]
fn options_go_before_the_environment_and_that_before_the_file() {
    let folder = tree(&[
        ("a.kql", ALL_ALLOWED),
        ("kustolint.toml", b"[check]\nfail-on = \"error\"\n"),
        ("ci.toml", b"[rules]\nall-identity-usages-granted = \"off\"\n"),
    ]);
    for (arguments, environment, status) in [
        (&["check"][..], &[][..], 0),
        (&["check", "--isolated"], &[], 1),
        (&["check", "--fail-on", "warning"], &[], 1),
        (&["check"], &[("KUSTOLINT_FAIL_ON", "warning")], 1),
        (&["check", "--fail-on", "never"], &[("KUSTOLINT_FAIL_ON", "warning")], 0),
        (&["check", "--fail-on", "note"], &[("KUSTOLINT_CONFIG", "ci.toml")], 0),
        (
            &["check", "--fail-on", "note", "--config", "kustolint.toml"],
            &[("KUSTOLINT_CONFIG", "ci.toml")],
            1,
        ),
        (&["check"], &[("KUSTOLINT_FAIL_ON", "warn")], 2),
        (&["check"], &[("KUSTOLINT_CONFIG", "none.toml")], 2),
    ] {
        let mut command = kustolint(folder.path(), arguments);
        let out = command.envs(environment.iter().copied()).output().unwrap();
        assert_eq!(out.status.code(), Some(status), "{arguments:?} {environment:?}");
    }
    let mut command = kustolint(folder.path(), &["check"]);
    let out = command.env("KUSTOLINT_OUTPUT_FORMAT", "json").output().unwrap();
    assert!(out.stdout.starts_with(b"{\"version\":1"), "{out:?}");
}

#[test]
fn files_are_excluded_also_when_they_are_named_if_that_is_asked_for() {
    let folder = tree(&[
        ("kql/a.kql", ALL_ALLOWED),
        ("third-party/b.kql", ALL_ALLOWED),
        (".git/HEAD", b""),
    ]);
    let places = |cwd: &str, arguments: &[&str]| -> Vec<String> {
        let arguments: Vec<&str> = ["check", "--output-format", "json"]
            .iter()
            .chain(arguments)
            .copied()
            .collect();
        let json = run(&folder.path().join(cwd), &arguments).json();
        let findings = json["findings"].as_array().unwrap();
        findings
            .iter()
            .map(|finding| finding["location"]["path"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(places(".", &[]), ["kql/a.kql", "third-party/b.kql"]);
    fs::write(
        folder.path().join("kustolint.toml"),
        "[files]\nexclude = [\"third-party\"]\n",
    )
    .unwrap();
    assert_eq!(places(".", &[]), ["kql/a.kql"]);
    assert_eq!(
        places("kql", &[".."]),
        ["a.kql"],
        "patterns are told from the folder of the file"
    );
    assert_eq!(places("third-party", &["."]), Vec::<String>::new());
    let named = ["third-party/b.kql", "kql/a.kql"];
    assert_eq!(places(".", &named), ["kql/a.kql", "third-party/b.kql"]);
    let forced = [&["--force-exclude"][..], &named].concat();
    assert_eq!(places(".", &forced), ["kql/a.kql"]);
    assert_eq!(
        places("third-party", &["--force-exclude", "b.kql"]),
        Vec::<String>::new()
    );
    let piped = ["check", "-", "--stdin-filename", "third-party/b.kql", "--force-exclude"];
    let answer = run_with_input(folder.path(), &piped, ALL_ALLOWED);
    assert_eq!(answer.status, 0, "{answer:?}");
    assert!(answer.out.contains("`exclude` in `kustolint.toml`"), "{answer:?}");
    let answer = run_with_input(folder.path(), &piped[..4], ALL_ALLOWED);
    assert_eq!(answer.status, 1, "{answer:?}");
    let fixed = run_with_input(folder.path(), &[&piped[..], &["--fix"]].concat(), ALL_ALLOWED);
    assert_eq!(
        (fixed.status, fixed.out.as_bytes()),
        (0, ALL_ALLOWED),
        "it is handed on as it is"
    );
    let large = vec![b' '; (64 << 20) + 1];
    let answer = run_with_input(folder.path(), &[&piped[..], &["--fix"]].concat(), &large);
    assert_eq!(
        (answer.status, answer.out.as_str()),
        (2, ""),
        "what can't be read can't be handed on: {answer:?}"
    );
}

#[test]
fn what_has_left_out_everything_is_told() {
    let folder = tree(&[
        (".git/HEAD", b""),
        ("kql/a.kql", ALL_ALLOWED),
        ("old/b.kql", ALL_ALLOWED),
    ]);
    let out = |arguments: &[&str]| {
        let answer = run(folder.path(), &[&["check"], arguments].concat());
        assert_eq!(answer.status, 0, "{answer:?}");
        answer.out
    };
    let settings = |patterns: &str| {
        fs::write(
            folder.path().join("kustolint.toml"),
            format!("[files]\nexclude = [{patterns}]\n"),
        )
        .unwrap();
    };
    let said = |what: &str| format!("no files to check: {what}, and nothing else is there to check\n");
    settings("\"kql\", \"old\"");
    assert_eq!(out(&[]), said("`exclude` in `kustolint.toml` leaves out 2 paths"));
    settings("\"**\"");
    assert_eq!(
        out(&["--output-format", "concise"]),
        said("`exclude` in `kustolint.toml` leaves out 3 paths")
    );
    settings("\"old\"");
    assert_eq!(
        out(&["--force-exclude", "old/b.kql"]),
        said("`exclude` in `kustolint.toml` leaves out 1 path")
    );
    fs::write(folder.path().join(".gitignore"), "/kql/\n").unwrap();
    assert_eq!(
        out(&[]),
        said("`exclude` in `kustolint.toml` leaves out 1 path, git ignores 1 path")
    );
    fs::remove_file(folder.path().join("kustolint.toml")).unwrap();
    fs::remove_dir_all(folder.path().join("old")).unwrap();
    assert_eq!(out(&[]), said("git ignores 1 path"));
    fs::remove_dir_all(folder.path().join("kql")).unwrap();
    assert!(out(&[]).starts_with("no files to check: name a KQL script"));
}

#[test]
fn excluded_files_supply_no_facts_and_included_ones_are_looked_at() {
    let ingest = b".ingest-from-storage-queued into table database('Sales').T with (format='csv') <| .list blobs (h'https://stharbor.blob.core.windows.net/c;managed_identity=system')\n";
    let policy = b".alter-merge database Sales policy managed_identity '[{\"ObjectId\":\"system\",\"AllowedUsages\":\"NativeIngestion\"}]'\n";
    let folder = tree(&[
        ("ingest.kql", ingest),
        ("old/policy.kql", policy),
        ("new/policy.cmds", policy),
        (".git/HEAD", b""),
    ]);
    let status = |config: &str, arguments: &[&str]| {
        fs::write(folder.path().join("kustolint.toml"), config).unwrap();
        run(folder.path(), &[&["check"][..], arguments].concat()).status
    };
    for arguments in [&[][..], &["ingest.kql"]] {
        assert_eq!(status("", arguments), 0);
        let without = "[files]\nexclude = [\"old\"]\n";
        assert_eq!(status(without, arguments), 1);
        assert_eq!(status(&format!("{without}kql = [\"*.cmds\"]\n"), arguments), 0);
    }
    fs::write(
        folder.path().join("new/a.data"),
        "Data Source=https://adx.contoso.com;Fed=True\n",
    )
    .unwrap();
    assert_eq!(status("", &["--fail-on", "note"]), 0);
    assert_eq!(
        status("[files]\ninclude = [\"new/*.data\"]\n", &["--fail-on", "note"]),
        1
    );
}

#[test]
fn patterns_are_told_from_the_folder_of_the_file_wherever_it_lies() {
    let folder = tree(&[
        ("repo/.git/HEAD", b""),
        ("repo/infra/kustolint.toml", OFF),
        ("repo/infra/samples/a.kql", ALL_ALLOWED),
        ("repo/samples/a.kql", ALL_ALLOWED),
    ]);
    let status = |cwd: &str, arguments: &[&str]| run(&folder.path().join(cwd), arguments).status;
    assert_eq!(status("repo/infra", &["check"]), 0);
    assert_eq!(status("repo/infra/samples", &["check"]), 0);
    assert_eq!(status("repo", &["check"]), 1, "the file is not looked for below");
    assert_eq!(
        status("repo", &["check", "--config", "infra/kustolint.toml", "infra"]),
        0
    );
    assert_eq!(
        status("repo", &["check", "--config", "infra/kustolint.toml", "samples"]),
        1
    );
    let absolute = folder.path().join("repo/infra/samples/a.kql");
    assert_eq!(status("repo/infra", &["check", absolute.to_str().unwrap()]), 0);
}

#[test]
fn a_variable_that_is_empty_is_not_set() {
    let folder = tree(&[("a.kql", b".show tables\n")]);
    for name in ["KUSTOLINT_CONFIG", "KUSTOLINT_OUTPUT_FORMAT", "KUSTOLINT_FAIL_ON"] {
        for verb in [&["check"][..], &["config", "show"], &["suppressions"]] {
            let mut command = kustolint(folder.path(), verb);
            let answer = Answer::of(&command.env(name, "").output().unwrap());
            assert_eq!((answer.status, answer.err.as_str()), (0, ""), "{name} {verb:?}");
        }
    }
    let mut command = kustolint(folder.path(), &["suppressions"]);
    let answer = Answer::of(&command.env("KUSTOLINT_CONFIG", "gone.toml").output().unwrap());
    assert!(answer.status == 2 && answer.err.contains("gone.toml"), "{answer:?}");
}

#[test]
fn show_tells_what_rules_about_secrets_are_set_to_and_no_secret() {
    let secret = "Zt7~Qp4wLm2xRk9vBn6c";
    let file = format!(
        "[[granted]]\nidentity = \"system\"\nusages = [\"NativeIngestion\"]\ncluster = true\nreason = \"AppKey={secret};\"\n"
    );
    let folder = tree(&[("kustolint.toml", file.as_bytes())]);
    for format in ["human", "json"] {
        let answer = run(folder.path(), &["config", "show", "--output-format", format]);
        assert_eq!(answer.status, 0, "{answer:?}");
        assert!(!answer.out.contains("Zt7~Qp"), "{}", answer.out);
        let shown = [
            "rules.embedded-secret = \"on\"",
            "\"rules.embedded-secret\",\"value\":\"on\"",
        ];
        assert!(shown.iter().any(|shown| answer.out.contains(shown)), "{}", answer.out);
    }
}

#[test]
fn a_setting_from_the_command_line_says_so() {
    let folder = tree(&[]);
    let line = |answer: &Answer| {
        let found = answer.out.lines().find(|line| line.starts_with("check.fail-on"));
        found.unwrap_or_default().to_owned()
    };
    let option = run(folder.path(), &["config", "show", "--fail-on", "note"]);
    assert!(line(&option).ends_with("  command line"), "{option:?}");
    let output = kustolint(folder.path(), &["config", "show"])
        .env("KUSTOLINT_FAIL_ON", "note")
        .output();
    let variable = Answer::of(&output.unwrap());
    assert!(line(&variable).ends_with("  environment"), "{variable:?}");
    let json = run(
        folder.path(),
        &["config", "show", "--fail-on", "note", "--output-format", "json"],
    );
    assert!(json.out.contains("\"from\":{\"kind\":\"option\"}"), "{json:?}");
}

#[test]
fn a_mistake_in_the_file_says_what_to_write() {
    for (config, said) in [
        (
            "[[suppress]]\nrule = \"syntax-error\"\nreason = \"x\"\nuntil = \"2020-02-31\"\n",
            "kustolint.toml:4:9: `until` is to be a day of the calendar: 2027-03-31; `2020-02-31` is none",
        ),
        (
            "[[granted]]\nidentity = \"system\"\n",
            "kustolint.toml:1:1: this needs `usages` and `database`, or `usages` and `cluster`, or `role` and `database`, or `role` and `cluster`, or `role` and `scope`, or `key-permissions` and `vault`",
        ),
        (
            "[[granted]]\nidentity = \"system\"\ndatabase = \"Sales\"\n",
            "kustolint.toml:1:1: this needs `usages`, or `role`",
        ),
        (
            "[[granted]]\nidentity = \"system\"\nrole = \"ingestor\"\n",
            "kustolint.toml:1:1: this needs `database`",
        ),
        (
            "[check]\nbaseline = \"lists/none.json\"\n",
            "`lists/none.json` does not exist: there is no folder `lists`",
        ),
        (
            "[check]\nbaseline = \"none.json\"\n",
            "`none.json` does not exist: name a file",
        ),
    ] {
        let folder = tree(&[(".git/HEAD", b""), ("kustolint.toml", config.as_bytes())]);
        let answer = run(folder.path(), &["check"]);
        assert_eq!((answer.status, answer.out.as_str()), (2, ""), "{answer:?}");
        assert_eq!(answer.err.lines().count(), 1, "{answer:?}");
        assert!(answer.err.contains(said), "{answer:?}");
    }
}

#[test]
fn views_show_what_a_check_reads() {
    let template = br#"{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0", "parameters": {"name": {"type": "string"}},
        "resources": [{"type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-07-01", "name": "[parameters('name')]"}]}"#;
    let parameters =
        br#"{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
        "contentVersion": "1.0.0.0", "parameters": {"name": {"value": "kv-quay"}}}"#;
    let config = b"[files]\nkql = [\"*.cmds\"]\nexclude = [\"old\"]\n\n[[environments]]\nname = \"prod\"\n\
        template = \"main.json\"\nparameters = [\"values/prod.json\"]\n";
    let folder = tree(&[
        (".git/HEAD", b""),
        ("kustolint.toml", config),
        ("a.cmds", ALL_ALLOWED),
        ("old/b.kql", ALL_ALLOWED),
        ("main.json", template),
        ("values/prod.json", parameters),
    ]);
    let out = |arguments: &[&str]| {
        let answer = run(folder.path(), &[&["inspect", "--view"], arguments].concat());
        assert_eq!(answer.status, 0, "{answer:?}");
        answer.out
    };
    let policies = |text: &str| {
        let lines = text.lines().filter(|line| line.contains("\"identity-policy\""));
        lines.map(str::to_owned).collect::<Vec<String>>()
    };
    for (arguments, path) in [(&["facts"][..], "a.cmds"), (&["facts", "--isolated"], "old/b.kql")] {
        let told = policies(&out(arguments));
        assert!(told.len() == 1 && told[0].contains(path), "{arguments:?} {told:?}");
    }
    assert!(out(&["kql"]).contains("a.cmds") && !out(&["kql"]).contains("old/b.kql"));
    assert!(out(&["kql", "--isolated"]).contains("old/b.kql"));
    assert!(out(&["resources"]).contains("kv-quay"));
    fs::write(folder.path().join("kustolint.toml"), "[file]\n").unwrap();
    let broken = run(folder.path(), &["inspect", "--view", "kql"]);
    assert_eq!(broken.status, 2, "{broken:?}");
}
