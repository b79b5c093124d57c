//! The list of known problems: what it holds, what moves with it, and what is said when it is wrong.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::{Answer, run, tree};

const NAME: &str = "kustolint-baseline.json";

/// A command with an error in it, for a database.
fn sandbox(database: &str) -> String {
    format!(
        ".alter-merge database {database} policy managed_identity ```[{{\"ObjectId\":\"system\",\"AllowedUsages\":\"SandboxArtifacts\"}}]```\n"
    )
}

/// A vault with a cluster's key and without purge protection, and a script with an error in it.
const TEMPLATE: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "quaykeys",
      "location": "westeurope",
      "properties": {"enableSoftDelete": false, "enablePurgeProtection": true, "enableRbacAuthorization": true}
    },
    {
      "type": "Microsoft.Kusto/clusters/databases/scripts",
      "apiVersion": "2024-04-13",
      "name": "quay/Freight/policies",
      "properties": {"scriptContent": ".alter-merge database Freight policy managed_identity '[{\"ObjectId\":\"system\",\"AllowedUsages\":\"SandboxArtifacts\"}]'"}
    }
  ]
}
"#;

fn write(folder: &TempDir, path: &str, text: &str) {
    let path = folder.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn read(folder: &TempDir, path: &str) -> String {
    fs::read_to_string(folder.path().join(path)).unwrap()
}

/// A repository with a list of all that is wrong in it.
fn known(files: &[(&str, &str)]) -> TempDir {
    let folder = tree(&[(".git/HEAD", b"")]);
    for (path, text) in files {
        write(&folder, path, text);
    }
    let answer = run(folder.path(), &["baseline", "create"]);
    assert_eq!((answer.status, answer.err.as_str()), (0, ""), "{answer:?}");
    let entries = read(&folder, NAME).matches("\"path\"").count();
    assert!(
        entries > 0 && answer.out.starts_with(&format!("wrote {entries} problem")),
        "{answer:?}"
    );
    folder
}

fn check(folder: &Path) -> Answer {
    run(folder, &["check", "--fail-on", "note"])
}

fn assert_nothing_new(folder: &TempDir, why: &str) {
    let answer = check(folder.path());
    assert_eq!((answer.status, answer.err.as_str()), (0, ""), "{why}: {answer:?}");
    assert!(answer.out.contains("in the baseline"), "{why}: {answer:?}");
}

#[test]
fn only_new_problems_count() {
    let folder = known(&[("kql/a.kql", &sandbox("Sales"))]);
    let answer = check(folder.path());
    assert_eq!(answer.status, 0, "{answer:?}");
    assert_eq!(answer.out, "no problems in 1 file; 1 in the baseline\n");
    assert_eq!(run(folder.path(), &["check", "--no-baseline"]).status, 1);
    assert_eq!(run(folder.path(), &["check", "--isolated"]).status, 1);
    assert_eq!(
        run(folder.path(), &["check", "--isolated", "--baseline", NAME]).status,
        0
    );

    write(
        &folder,
        "kql/a.kql",
        &(sandbox("Sales") + "\n" + &sandbox("Sales") + "\n" + &sandbox("Freight")),
    );
    let report = run(folder.path(), &["check", "--output-format", "json"]);
    assert_eq!(report.status, 1, "{report:?}");
    let report = report.json();
    let lines: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["location"]["start"]["line"])
        .collect();
    assert_eq!(lines, [3, 5], "the later ones are new");
    assert_eq!(report["summary"]["baselined"], 1);
    assert_eq!(report["suppressed"][0]["by"], "baseline");
    assert_eq!(
        report["suppressed"][0]["finding"]["rule"],
        "database-level-sandbox-artifacts"
    );
}

#[test]
fn moving_code_revives_nothing() {
    let script = sandbox("Sales") + "\n" + &sandbox("Freight");
    let folder = known(&[("kql/a.kql", &script), ("infra/main.json", TEMPLATE)]);
    let first = read(&folder, NAME);

    write(
        &folder,
        "kql/a.kql",
        &format!("// why\n\n{}\n// and why\n{}", sandbox("Freight"), sandbox("Sales")),
    );
    assert_nothing_new(&folder, "comments, and commands in another order");
    write(&folder, "kql/a.kql", &script.replace('\n', "\r\n"));
    assert_nothing_new(&folder, "line ends");
    write(&folder, "kql/a.kql", &sandbox("Freight"));
    write(&folder, "kql/later/b.kql", &sandbox("Sales"));
    assert_nothing_new(&folder, "a command in another file");
    fs::remove_file(folder.path().join("kql/a.kql")).unwrap();
    write(&folder, "kql/renamed.csl", &sandbox("Freight"));
    assert_nothing_new(&folder, "a file with another name");

    let value: serde_json::Value = serde_json::from_str(TEMPLATE).unwrap();
    write(&folder, "infra/main.json", &value.to_string());
    assert_nothing_new(&folder, "a template on one line");
    let mut turned = value.clone();
    turned["resources"].as_array_mut().unwrap().reverse();
    for resource in turned["resources"].as_array_mut().unwrap() {
        let members = resource.as_object().unwrap().clone();
        *resource = members.into_iter().rev().collect::<serde_json::Map<_, _>>().into();
    }
    write(
        &folder,
        "infra/main.json",
        &serde_json::to_string_pretty(&turned).unwrap(),
    );
    assert_nothing_new(&folder, "resources and members in another order");
    let nested = serde_json::json!({
        "$schema": value["$schema"], "contentVersion": "1.0.0.0",
        "resources": [{
            "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "inner",
            "properties": {"mode": "Incremental", "template": value},
        }],
    });
    fs::remove_file(folder.path().join("infra/main.json")).unwrap();
    write(
        &folder,
        "infra/outer.json",
        &serde_json::to_string_pretty(&nested).unwrap(),
    );
    assert_nothing_new(&folder, "resources in a deployment of another file");

    let answer = run(folder.path(), &["baseline", "check"]);
    assert_eq!(answer.status, 0, "what moved is not gone: {answer:?}");
    let answer = run(folder.path(), &["baseline", "update"]);
    assert_eq!(answer.status, 0, "{answer:?}");
    let after = read(&folder, NAME);
    assert_eq!(after.matches("\"path\"").count(), first.matches("\"path\"").count());
    assert!(
        after.contains("infra/outer.json") && !after.contains("infra/main.json"),
        "{after}"
    );
    assert_nothing_new(&folder, "the list follows");
}

#[test]
fn what_was_mended_in_one_file_and_made_anew_in_another_is_new() {
    let folder = known(&[("a/x.kql", &sandbox("Sales"))]);
    let mended = ".alter-merge database Sales policy managed_identity ```[{\"ObjectId\":\"system\",\"AllowedUsages\":\"NativeIngestion\"}]```\n";
    write(&folder, "a/x.kql", mended);
    write(&folder, "b/y.kql", &sandbox("Sales"));
    let answer = check(folder.path());
    assert_eq!(answer.status, 1, "{answer:?}");
    assert!(answer.out.contains("b/y.kql:1:"), "{answer:?}");
    assert!(!answer.out.contains("in the baseline"), "{answer:?}");
    write(&folder, "a/x.kql", "print 1\n");
    assert_nothing_new(&folder, "the command itself went there");
    fs::remove_file(folder.path().join("a/x.kql")).unwrap();
    assert_nothing_new(&folder, "the file is gone");

    let twice = sandbox("Sales") + "\n" + &sandbox("Sales");
    let folder = tree(&[(".git/HEAD", b""), ("a/x.kql", twice.as_bytes())]);
    assert_eq!(run(folder.path(), &["baseline", "create"]).status, 0);
    write(&folder, "a/x.kql", &sandbox("Sales"));
    write(&folder, "b/y.kql", &sandbox("Sales"));
    assert_nothing_new(&folder, "one of two went there");
}

#[test]
fn the_list_only_shrinks_by_itself() {
    let folder = known(&[("a.kql", &sandbox("Sales")), ("b.kql", &sandbox("Freight"))]);
    let answer = run(folder.path(), &["baseline", "create"]);
    assert_eq!(answer.status, 2);
    assert!(answer.err.contains("`kustolint baseline update`"), "{answer:?}");

    write(&folder, "b.kql", "// mended\n");
    write(
        &folder,
        "c.kql",
        ".alter cluster policy managed_identity '[{\"ObjectId\":\"system\",\"AllowedUsages\":\"All\"}]'\n",
    );
    let answer = run(folder.path(), &["baseline", "check"]);
    assert_eq!(answer.status, 1, "{answer:?}");
    assert!(
        answer.out.starts_with(
            "b.kql: database-level-sandbox-artifacts in `.alter-merge database Freight policy managed_identity` about `system`\n"
        ),
        "{answer:?}"
    );
    let part = run(folder.path(), &["baseline", "check", "a.kql"]);
    assert_eq!(part.status, 0, "of other files nothing is known: {part:?}");
    run(folder.path(), &["baseline", "update", "a.kql"]);
    assert!(read(&folder, NAME).contains("b.kql"));

    let answer = run(folder.path(), &["baseline", "update"]);
    assert_eq!(answer.status, 0, "{answer:?}");
    assert_eq!(answer.out, format!("`{NAME}` holds 1 problem: 1 gone\n"));
    assert!(answer.err.contains("--add"), "{answer:?}");
    assert!(!read(&folder, NAME).contains("b.kql"));
    assert_eq!(check(folder.path()).status, 1);
    let answer = run(folder.path(), &["baseline", "update", "--add"]);
    assert_eq!((answer.status, answer.err.as_str()), (0, ""), "{answer:?}");
    assert_nothing_new(&folder, "all is known");
    let before = read(&folder, NAME);
    let answer = run(folder.path(), &["baseline", "update"]);
    assert!(answer.out.ends_with("nothing has changed\n"), "{answer:?}");
    assert_eq!(read(&folder, NAME), before);

    fs::remove_file(folder.path().join("a.kql")).unwrap();
    let answer = run(folder.path(), &["baseline", "check"]);
    assert_eq!(
        answer.status, 1,
        "a file that does not exist has no problems: {answer:?}"
    );
}

#[test]
fn what_lies_outside_of_the_paths_is_left_as_it_is() {
    let folder = known(&[("a.kql", &sandbox("Sales")), ("sub/b.kql", &sandbox("Freight"))]);
    let list = read(&folder, NAME);
    fs::rename(folder.path().join("a.kql"), folder.path().join("c.kql")).unwrap();
    let part = run(folder.path(), &["baseline", "check", "sub"]);
    assert_eq!(part.status, 0, "{part:?}");
    run(folder.path(), &["baseline", "update", "sub", "--add"]);
    assert_eq!(read(&folder, NAME), list, "a file was renamed elsewhere");

    fs::rename(folder.path().join("c.kql"), folder.path().join("sub/c.kql")).unwrap();
    let answer = run(folder.path(), &["baseline", "update", "sub", "--add"]);
    assert_eq!(
        read(&folder, NAME),
        list,
        "what came from elsewhere is known: {answer:?}"
    );
    fs::remove_file(folder.path().join("sub/b.kql")).unwrap();
    let part = run(folder.path(), &["baseline", "check", "sub"]);
    assert_eq!(part.status, 1, "what is gone from the folder is gone: {part:?}");
    let inside = folder.path().join("sub");
    assert_eq!(run(&inside, &["baseline", "check"]).status, 1);
    assert_eq!(run(&inside, &["baseline", "check", "c.kql"]).status, 0);

    let answer = run(folder.path(), &["baseline", "update"]);
    assert!(answer.out.ends_with("holds 1 problem: 1 gone, 1 moved\n"), "{answer:?}");
    assert!(read(&folder, NAME).contains("\"sub/c.kql\""));
}

/// A line of a shell with the key of a storage account in it.
fn setting(name: &str, account: &str, letter: char) -> String {
    let key: String = format!("Zm9vYmFyYmF6cXV4{letter}").chars().cycle().take(86).collect();
    format!(
        "{name}=DefaultEndpointsProtocol=https;AccountName={account};AccountKey={key}==;EndpointSuffix=core.windows.net\n"
    )
}

#[test]
fn a_new_secret_hides_behind_no_other_one() {
    let first = setting("STORE", "quaystore", 'x');
    let folder = known(&[("deploy.sh", &first)]);
    let list = read(&folder, NAME);
    assert!(list.contains("\"place\":[],\"subject\":[\"quaystore\"],"), "{list}");
    let moved = format!("# Moved down.\n\nexport   {}", setting("STORAGE", "quaystore", 'x'));
    write(&folder, "deploy.sh", &moved);
    assert_nothing_new(&folder, "the setting has moved");

    let second = setting("ARCHIVE", "otherstore", 'y');
    write(&folder, "deploy.sh", &format!("{second}{first}"));
    let answer = check(folder.path());
    assert_eq!(answer.status, 1, "{answer:?}");
    assert!(
        answer.out.contains("deploy.sh:1:") && answer.out.contains("1 in the baseline"),
        "{answer:?}"
    );
    write(&folder, "deploy.sh", &second);
    assert_eq!(check(folder.path()).status, 1, "in the place of the one that is known");
    write(
        &folder,
        "deploy.sh",
        &format!("{first}{}", setting("AGAIN", "quaystore", 'z')),
    );
    assert_eq!(check(folder.path()).status, 1, "one more of the same account");

    fs::rename(folder.path().join("deploy.sh"), folder.path().join("later.sh")).unwrap();
    write(&folder, "later.sh", &first);
    assert_nothing_new(&folder, "the file has another name");
    write(&folder, "deploy.sh", "# mended\n");
    assert_eq!(check(folder.path()).status, 1, "it was mended there, and made anew");
}

#[test]
fn what_tells_nothing_of_itself_hides_behind_no_account() {
    let folder = known(&[("deploy.sh", &setting("STORE", "quaystore", 'x'))]);
    let list = read(&folder, NAME);
    let key: String = "cXV1eHF1dXhxdXV4".chars().cycle().take(86).collect();
    write(
        &folder,
        "deploy.sh",
        &format!("az storage blob upload --account-key {key}== -f x\n"),
    );
    assert_eq!(check(folder.path()).status, 1);
    assert_eq!(run(folder.path(), &["baseline", "check"]).status, 1);
    assert_eq!(read(&folder, NAME), list);
    let answer = run(folder.path(), &["baseline", "update"]);
    assert!(answer.out.ends_with("holds 0 problems: 1 gone\n"), "{answer:?}");
}

#[test]
fn another_server_or_hub_in_the_same_setting_is_new() {
    let key = |letter: char| -> String {
        let key: String = format!("Zm9vYmFyYmF6cXV4{letter}").chars().cycle().take(42).collect();
        key + "="
    };
    for (text, named) in [
        (
            "Server=tcp:§.database.windows.net,1433;Database=d;User ID=u;Password=¤",
            "tcp:quay.database.windows.net,1433",
        ),
        (
            "HostName=§.azure-devices.net;SharedAccessKeyName=owner;SharedAccessKey=¤",
            "quay.azure-devices.net",
        ),
        (
            "Endpoint=sb://§.servicebus.windows.net/;SharedAccessKeyName=owner;SharedAccessKey=¤",
            "quay.servicebus.windows.net",
        ),
    ] {
        let line = |name: &str, host: &str, letter: char| {
            let text = text.replace('§', host).replace('¤', &key(letter));
            format!("export {name}=\"{text}\"\n")
        };
        let folder = known(&[("deploy.sh", &line("ONE", "quay", 'x'))]);
        let list = read(&folder, NAME);
        assert!(list.contains(named), "{list}");
        write(&folder, "deploy.sh", &line("TWO", "quay", 'x'));
        assert_nothing_new(&folder, text);
        write(&folder, "deploy.sh", &line("ONE", "pier", 'y'));
        assert_eq!(check(folder.path()).status, 1, "{text}");
    }
}

#[test]
fn line_ends_of_the_list_are_not_rewritten() {
    let folder = known(&[("a.kql", &sandbox("Sales"))]);
    let list = read(&folder, NAME).replace('\n', "\r\n");
    write(&folder, NAME, &list);
    let answer = run(folder.path(), &["baseline", "update"]);
    assert!(answer.out.contains("nothing has changed"), "{answer:?}");
    assert_eq!(read(&folder, NAME), list);
}

#[test]
fn another_identity_in_the_same_command_is_new() {
    let command = |who: &str| sandbox("Sales").replace("system", who);
    let (one, two) = (
        "11111111-2222-3333-4444-555555555555",
        "aaaaaaaa-2222-3333-4444-555555555555",
    );
    let folder = known(&[("a.kql", &command(one))]);
    write(
        &folder,
        "a.kql",
        &command(&one.to_uppercase()).replace("policy", "policy\n "),
    );
    assert_nothing_new(&folder, "written in another way");
    write(&folder, "a.kql", &command(two));
    let answer = check(folder.path());
    assert_eq!(answer.status, 1, "{answer:?}");
    let answer = run(folder.path(), &["baseline", "check"]);
    assert!(answer.out.contains(&format!(" about `{one}`\n")), "{answer:?}");
}

#[test]
fn an_entry_without_a_subject_is_of_any() {
    let folder = known(&[("a.kql", &sandbox("Sales"))]);
    let list = read(&folder, NAME);
    write(&folder, NAME, &list.replace("\"subject\":[\"system\"],", ""));
    assert_nothing_new(&folder, "an older list");
    run(folder.path(), &["baseline", "update"]);
    assert_eq!(read(&folder, NAME), list);
}

#[test]
fn a_part_of_the_files_is_judged_by_its_part_of_the_list() {
    let folder = known(&[("a.kql", &sandbox("Sales"))]);
    write(&folder, "b.kql", &sandbox("Sales"));
    let answer = run(folder.path(), &["check", "b.kql"]);
    assert_eq!(answer.status, 1, "`a.kql` still has the one that is known: {answer:?}");
    assert_eq!(run(folder.path(), &["check", "a.kql"]).status, 0);
    fs::rename(folder.path().join("a.kql"), folder.path().join("b.kql")).unwrap();
    assert_eq!(run(folder.path(), &["check", "b.kql"]).status, 0, "it was renamed");
}

#[test]
fn the_list_is_the_same_wherever_a_run_starts() {
    let files = [
        ("kql/a.kql", sandbox("Sales")),
        ("infra/main.json", TEMPLATE.to_owned()),
    ];
    let folder = known(&[(files[0].0, &files[0].1), (files[1].0, &files[1].1)]);
    let from_root = read(&folder, NAME);
    assert!(from_root.contains("{\"path\":\"kql/a.kql\","), "{from_root}");
    fs::remove_file(folder.path().join(NAME)).unwrap();
    let inside = folder.path().join("kql");
    let answer = run(&inside, &["baseline", "create", ".."]);
    assert_eq!(answer.status, 0, "{answer:?}");
    assert!(answer.out.contains("`../kustolint-baseline.json`"), "{answer:?}");
    assert_eq!(read(&folder, NAME), from_root);
    let absolute = folder.path().canonicalize().unwrap();
    let answer = run(
        &inside,
        &[
            "baseline",
            "create",
            absolute.to_str().unwrap(),
            "--baseline",
            "other.json",
        ],
    );
    assert_eq!(answer.status, 0, "{answer:?}");
    assert_eq!(read(&folder, "kql/other.json"), from_root);
    fs::remove_file(inside.join("other.json")).unwrap();
    assert_eq!(check(&inside).status, 0);
    let known: Vec<u64> = [folder.path(), &inside]
        .iter()
        .map(|from| {
            let report = run(
                from,
                &["check", folder.path().to_str().unwrap(), "--output-format", "json"],
            )
            .json();
            assert_eq!(report["findings"], serde_json::json!([]));
            report["summary"]["baselined"].as_u64().unwrap()
        })
        .collect();
    assert_eq!(known[0], known[1]);
}

#[test]
fn it_lies_beside_the_configuration_that_counts() {
    let folder = tree(&[
        (".git/HEAD", b""),
        ("team/kustolint.toml", b""),
        ("team/kql/a.kql", sandbox("Sales").as_bytes()),
    ]);
    let inside = folder.path().join("team/kql");
    let answer = run(&inside, &["baseline", "create"]);
    assert!(answer.out.contains("`../kustolint-baseline.json`"), "{answer:?}");
    assert!(
        read(&folder, "team/kustolint-baseline.json").contains("\"team/kql/a.kql\""),
        "named from the repository"
    );
    assert_eq!(check(&inside).status, 0);
    assert_eq!(check(folder.path()).status, 1, "there it does not count");
    fs::rename(folder.path().join("team").join(NAME), folder.path().join(NAME)).unwrap();
    assert_eq!(
        (check(&inside).status, check(folder.path()).status),
        (0, 0),
        "at the root it counts for all"
    );
    let answer = run(&inside, &["baseline", "create"]);
    assert_eq!(answer.status, 2, "there is one: {answer:?}");
}

#[test]
fn a_mistake_that_is_known_still_tells_that_the_rest_was_not_read() {
    let broken = TEMPLATE
        .replace("\"2019-04-01\",", "")
        .replace("\"contentVersion\": \"1.0.0.0\",", "\"contentVersion\": \"1.0.0.0\"");
    let folder = known(&[("main.json", &broken)]);
    let list = read(&folder, NAME);
    assert!(list.contains("\"syntax-error\""), "{list}");
    let answer = check(folder.path());
    assert_eq!(answer.status, 0, "{answer:?}");
    assert_eq!(
        answer.out,
        "no problems in 1 file; 3 in the baseline; 1 file not wholly read (`--show-undecided`)\n"
    );
    let answer = run(folder.path(), &["check", "--show-undecided"]);
    assert!(
        answer
            .out
            .contains("main.json:4:3: what follows this mistake may not have been read"),
        "{answer:?}"
    );
    let report = run(folder.path(), &["check", "--output-format", "json"]).json();
    assert_eq!(report["not_analysed"][0]["location"]["path"], "main.json");
    assert_eq!(report["summary"]["not_analysed"], 1);
}

#[test]
fn what_was_not_read_is_in_no_list() {
    let folder = tree(&[
        (".git/HEAD", b""),
        ("a.kql", b".create-merge table G\xFCter (Id: long)\n"),
    ]);
    let answer = run(folder.path(), &["baseline", "create"]);
    assert!(answer.out.starts_with("wrote 0 problems"), "{answer:?}");
    assert!(answer.err.contains("1 problem left out"), "{answer:?}");
    let entry = r#"{"path":"a.kql","rule":"unreadable-file","place":[],"count":1}"#;
    write(&folder, NAME, &format!("{{\"version\":1,\"findings\":[{entry}]}}"));
    let answer = check(folder.path());
    assert_eq!(answer.status, 1, "{answer:?}");
    assert!(answer.out.contains("[unreadable-file]"), "{answer:?}");
    let settings = "[[suppress]]\nrule = \"unreadable-file\"\nreason = \"an old editor\"\n";
    write(&folder, "kustolint.toml", settings);
    let answer = check(folder.path());
    assert_eq!(answer.status, 2, "{answer:?}");
    assert!(
        answer
            .err
            .contains("`unreadable-file` can't be suppressed: it tells what was not checked"),
        "{answer:?}"
    );
    fs::remove_file(folder.path().join("kustolint.toml")).unwrap();
    fs::write(
        folder.path().join("a.kql"),
        b"// kustolint: ignore[unreadable-file] an old editor\n.create-merge table G\xFCter (Id: long)\n",
    )
    .unwrap();
    let answer = check(folder.path());
    assert!(
        answer.out.contains("[unreadable-file]") && answer.out.contains("[malformed-suppression]"),
        "{answer:?}"
    );
}

#[test]
fn a_list_that_is_named_must_exist() {
    let folder = known(&[("a.kql", &sandbox("Sales"))]);
    for arguments in [
        &["check", "--baseline", "kustolint-baselime.json"][..],
        &["baseline", "check", "--baseline", "kustolint-baselime.json"],
    ] {
        let answer = run(folder.path(), arguments);
        assert_eq!(answer.status, 2, "{answer:?}");
        assert!(
            answer.err.contains("did you mean `kustolint-baseline.json`?"),
            "{answer:?}"
        );
    }
    fs::remove_file(folder.path().join(NAME)).unwrap();
    let answer = run(folder.path(), &["baseline", "update"]);
    assert_eq!(answer.status, 2);
    assert!(
        answer.err.contains("`kustolint baseline create` makes one"),
        "{answer:?}"
    );
    assert_eq!(
        run(folder.path(), &["check", "--baseline", NAME, "--no-baseline"]).status,
        2
    );
}

#[test]
fn the_list_is_no_file_to_check_even_when_it_is_named() {
    let folder = known(&[("a.kql", &sandbox("Freight"))]);
    // A place that would be worth a finding, and a fix, in a script.
    let entry = r#"{"path":"gone.kql","rule":"database-level-sandbox-artifacts","place":["ENTRY"],"count":1}"#;
    let command = sandbox("Sales").replace('"', "\\\"");
    let list = format!(
        "{{\n  \"version\": 1,\n  \"findings\": [\n    {}\n  ]\n}}\n",
        entry.replace("ENTRY", command.trim_end())
    );
    write(&folder, NAME, &list);
    for arguments in [
        &["check", NAME][..],
        &["check", "--fix", "--unsafe-fixes", NAME],
        &["check", "--no-baseline", "--fix", "--unsafe-fixes", NAME],
        &["check", "--isolated", "--fix", "--unsafe-fixes", NAME],
    ] {
        let answer = run(folder.path(), arguments);
        assert_eq!(
            (answer.status, answer.err.as_str()),
            (0, ""),
            "{arguments:?}: {answer:?}"
        );
        assert!(
            answer.out.contains("no files to check") || answer.out.contains("in 0 files"),
            "{arguments:?}: {answer:?}"
        );
        assert_eq!(read(&folder, NAME), list, "{arguments:?}");
    }
    fs::rename(folder.path().join(NAME), folder.path().join("other.json")).unwrap();
    let other = run(folder.path(), &["check", "--no-baseline", "other.json"]);
    assert_eq!(other.status, 1, "elsewhere it would be worth a finding: {other:?}");
    let named = run(folder.path(), &["check", "--baseline", "other.json", "other.json"]);
    assert_eq!(named.status, 0, "{named:?}");
}

#[test]
fn a_list_that_cannot_be_read_hides_nothing() {
    let folder = known(&[("a.kql", &sandbox("Sales"))]);
    let good = read(&folder, NAME);
    let line = good.lines().find(|line| line.contains("\"path\"")).unwrap();
    let large = format!("{good}{}", " ".repeat(17 << 20));
    for (text, said) in [
        ("", "kustolint-baseline.json:1:1: this is no JSON"),
        (good.split_at(good.len() / 2).0, "kustolint-baseline.json:4:"),
        (
            &good.replace("\"version\": 1", "\"version\": 7"),
            "kustolint-baseline.json:2:14: version 7",
        ),
        (
            &good.replace(line, &format!("<<<<<<< HEAD\n{line}")),
            "kustolint-baseline.json:4:1: git left both sides",
        ),
        (
            &good.replace(line, &format!("{line},\n{line}")),
            "kustolint-baseline.json:5:5: the same entry",
        ),
        (&good.replace("\"count\":1", "\"count\":true"), "`count` says how many"),
        (&large, "larger than 16 MiB"),
        ("\0\0\u{1}", "it is no text"),
    ] {
        write(&folder, NAME, text);
        for arguments in [&["check"][..], &["baseline", "check"], &["baseline", "update"]] {
            let answer = run(folder.path(), arguments);
            assert_eq!((answer.status, answer.out.as_str()), (2, ""), "{said}: {answer:?}");
            assert!(answer.err.contains(said), "{said}: {answer:?}");
            answer.assert_harmless();
        }
        assert_eq!(read(&folder, NAME), text, "it is left as it is");
    }
    fs::remove_file(folder.path().join(NAME)).unwrap();
    fs::create_dir(folder.path().join(NAME)).unwrap();
    assert!(run(folder.path(), &["check"]).err.contains("it is a folder"));
}

#[test]
fn a_list_that_an_editor_saved_is_read() {
    let folder = known(&[("a.kql", &sandbox("Sales"))]);
    let good = read(&folder, NAME).replace('\n', "\r\n");
    fs::write(folder.path().join(NAME), [b"\xEF\xBB\xBF", good.as_bytes()].concat()).unwrap();
    assert_nothing_new(&folder, "a byte-order mark and the line ends of Windows");
    let units: Vec<u8> = "\u{FEFF}"
        .encode_utf16()
        .chain(good.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    fs::write(folder.path().join(NAME), units).unwrap();
    assert_nothing_new(&folder, "UTF-16");
}

#[test]
fn it_holds_no_secret_and_quotes_none() {
    let key = "AppKey=pl4nk~Ton-77xQ";
    let text = format!(
        "// x\n.create table T{key} (a: string)\nlet c = \"Data Source=https://c.kusto.windows.net;Fed=true;AppClientId=11111111-2222-3333-4444-555555555555;{key}\"\n"
    );
    let folder = known(&[("a.kql", &text)]);
    let list = read(&folder, NAME);
    assert!(!list.contains("pl4nk"), "{list}");
    let twice = setting("X", "Zm9vYmFyYmF6cXV4xZm9vYmFy", 'x');
    let folded = read(&known(&[("b.sh", &twice)]), NAME).to_lowercase();
    assert!(
        !folded.contains("zm9vym"),
        "the account is written as the key is: {folded}"
    );
    write(&folder, NAME, &list.replace("\"rule\"", &format!("\"{key};\"")));
    let answer = run(folder.path(), &["check"]);
    assert_eq!(answer.status, 2, "{answer:?}");
    assert!(!answer.err.contains("pl4nk"), "{answer:?}");
    let hostile = list
        .replace("\"place\":[", "\"place\":[\"::error::##[x]\\u001b[31m\",")
        .replace("a.kql", "gone.kql");
    write(&folder, NAME, &hostile);
    write(&folder, "a.kql", "// mended\n");
    let answer = run(folder.path(), &["baseline", "check"]);
    assert_eq!(answer.status, 1, "{answer:?}");
    answer.assert_harmless();
}

#[test]
fn nothing_is_written_when_a_file_could_not_be_read() {
    let folder = tree(&[(".git/HEAD", b""), ("a.kql", sandbox("Sales").as_bytes())]);
    let file = fs::File::create(folder.path().join("big.kql")).unwrap();
    file.set_len(65 << 20).unwrap();
    let answer = run(folder.path(), &["baseline", "create"]);
    assert_eq!((answer.status, answer.out.as_str()), (2, ""), "{answer:?}");
    assert!(
        answer.err.contains("`big.kql`") && answer.err.contains("64 MiB"),
        "{answer:?}"
    );
    assert!(!folder.path().join(NAME).exists());
}

#[test]
fn fixes_leave_known_problems_alone() {
    let wrong = ".create external table T (x:int) kind=storage dataformat=csv ('https://quay.blob.core.windows.net/c;impersonate')\n";
    let folder = known(&[("a.kql", wrong)]);
    let other = wrong.replace("table T", "table U");
    write(&folder, "b.kql", &other);
    let answer = run(folder.path(), &["check", "--fix", "--fail-on", "note"]);
    assert_eq!(read(&folder, "a.kql"), wrong, "{answer:?}");
    assert_eq!(
        read(&folder, "b.kql"),
        other.replace(".create", ".create-or-alter"),
        "{answer:?}"
    );
}
