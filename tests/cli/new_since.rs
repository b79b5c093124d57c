//! `check --new-since`: only what a change brings, in repositories that `git` made.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::{Answer, run, run_with_input, tree};

/// A repository of git.
struct Repository(TempDir);

impl Repository {
    fn new(format: &str) -> Self {
        let repository = Self(tempfile::tempdir().unwrap());
        repository.git(&[
            "init",
            "--quiet",
            "--initial-branch=main",
            &format!("--object-format={format}"),
        ]);
        repository
    }

    /// A repository with one commit.
    fn with(files: &[(&str, &str)]) -> Self {
        let repository = Self::new("sha1");
        for (path, text) in files {
            repository.write(path, text);
        }
        repository.commit("first");
        repository
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn git(&self, arguments: &[&str]) {
        git(self.path(), arguments);
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "--all", "--force"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", message]);
    }

    /// Writes an object as it is, and tells its hash.
    fn object(&self, kind: &str, bytes: &[u8]) -> String {
        let mut child = Command::new("git")
            .current_dir(self.path())
            .args(["hash-object", "-t", kind, "--literally", "-w", "--stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(bytes).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn since(&self, revision: &str) -> Answer {
        run(self.path(), &["check", "--fail-on", "note", "--new-since", revision])
    }
}

/// Runs git with nothing of the user's settings.
fn git(folder: &Path, arguments: &[&str]) {
    let status = Command::new("git")
        .current_dir(folder)
        .args([
            "-c",
            "user.name=Ada",
            "-c",
            "user.email=ada@example.com",
            "-c",
            "protocol.file.allow=always",
        ])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "git {arguments:?}");
}

/// A command with an error in it, for a database.
fn sandbox(database: &str) -> String {
    format!(
        ".alter-merge database {database} policy managed_identity ```[{{\"ObjectId\":\"system\",\"AllowedUsages\":\"SandboxArtifacts\"}}]```\n"
    )
}

#[test]
fn what_a_changed_configuration_says_is_new() {
    let entry = |rule: &str| format!("[[suppress]]\nrule = \"{rule}\"\nreason = \"the preview\"\n");
    let repository = Repository::with(&[("a.kql", ".show tables\n")]);
    repository.write("kustolint.toml", &entry("embedded-secret"));
    let answer = repository.since("HEAD");
    assert_eq!(answer.status, 1, "{answer:?}");
    assert!(answer.out.contains("kustolint.toml:1:1"), "{answer:?}");

    repository.commit("an entry that covers nothing");
    assert_older(&repository.since("HEAD"), 1, "HEAD");
    let moved = format!("# Moved down.\n{}", entry("embedded-secret"));
    repository.write("kustolint.toml", &moved);
    assert_older(&repository.since("HEAD"), 1, "HEAD");
    repository.write("kustolint.toml", &(moved + &entry("insecure-scheme")));
    let answer = repository.since("HEAD");
    assert_eq!(answer.status, 1, "{answer:?}");
    assert!(
        answer.out.contains("kustolint.toml:5:1") && answer.out.contains("; 1 older than `HEAD`"),
        "{answer:?}"
    );
}

fn assert_older(answer: &Answer, number: usize, revision: &str) {
    assert_eq!((answer.status, answer.err.as_str()), (0, ""), "{answer:?}");
    assert!(answer.out.starts_with("no problems in "), "{answer:?}");
    assert!(
        answer.out.contains(&format!("; {number} older than `{revision}`")),
        "{answer:?}"
    );
}

#[test]
fn what_the_other_branch_mended_meanwhile_is_not_new() {
    let repository = Repository::with(&[("a.kql", &sandbox("Sales")), ("b.kql", "print 1\n")]);
    repository.git(&["checkout", "--quiet", "-b", "ours"]);
    repository.write("b.kql", "print 2\n");
    repository.commit("ours");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write("a.kql", "print 3\n");
    repository.write("c.kql", &sandbox("Freight"));
    repository.commit("mended, and a new one");
    repository.git(&["checkout", "--quiet", "ours"]);
    assert_older(&repository.since("main"), 1, "main");
    repository.write("b.kql", &sandbox("Freight"));
    let answer = repository.since("main");
    assert_eq!(answer.status, 1, "what only `main` has is new here: {answer:?}");

    repository.git(&["checkout", "--quiet", "--orphan", "alone"]);
    repository.commit("alone");
    let answer = repository.since("main");
    assert_eq!(
        answer.status, 1,
        "without anything in common it is `main` itself: {answer:?}"
    );
    assert!(
        answer.out.contains("a.kql") && !answer.out.contains("b.kql"),
        "{answer:?}"
    );
}

/// A repository whose commit `odd` has a file of that name in so many folders with long names.
fn with_tree(name: &str, depth: usize) -> Repository {
    let repository = Repository::with(&[("a.kql", "print 1\n")]);
    let blob = repository.object("blob", b"print 2\n");
    let entry = [format!("100644 {name}\0").as_bytes(), &raw(&blob)].concat();
    let mut tree = repository.object("tree", &entry);
    for _ in 0..depth {
        let mut bytes = format!("40000 {}\0", "d".repeat(200)).into_bytes();
        bytes.extend(raw(&tree));
        tree = repository.object("tree", &bytes);
    }
    let commit = format!("tree {tree}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nx\n");
    let commit = repository.object("commit", commit.as_bytes());
    repository.git(&["branch", "odd", &commit]);
    repository
}

/// The bytes of a hash.
fn raw(hash: &str) -> Vec<u8> {
    let digits = |at: usize| u8::from_str_radix(hash.get(at..at + 2).unwrap(), 16).unwrap();
    (0..hash.len()).step_by(2).map(digits).collect()
}

#[test]
fn a_crafted_tree_is_refused() {
    for (name, depth, is_refused) in [
        ("a.kql", 2, false),
        (".gitignore", 0, false),
        (".", 0, true),
        ("..", 0, true),
        (".Git", 0, true),
        ("x/../../a.kql", 0, true),
        ("a.kql", 30, true),
    ] {
        let answer = with_tree(name, depth).since("odd");
        assert_eq!(answer.err.contains("`git fsck`"), is_refused, "{name}: {answer:?}");
        assert_eq!(answer.status == 2, is_refused, "{name}: {answer:?}");
    }
}

#[test]
fn only_what_the_change_brings_counts() {
    let repository = Repository::with(&[("kql/a.kql", &sandbox("Sales")), ("kql/b.kql", "print 1\n")]);
    assert_older(&repository.since("HEAD"), 1, "HEAD");
    repository.write("kql/b.kql", &sandbox("Freight"));
    repository.write("kql/a.kql", &format!("// why\n\n{}", sandbox("Sales")));
    let report = run(
        repository.path(),
        &["check", "--new-since", "main", "--output-format", "json"],
    );
    assert_eq!(report.status, 1, "{report:?}");
    let report = report.json();
    assert_eq!(report["findings"].as_array().unwrap().len(), 1);
    assert_eq!(report["findings"][0]["location"]["path"], "kql/b.kql");
    assert_eq!(report["suppressed"][0]["by"], "older");
    let summary = &report["summary"];
    assert_eq!(
        (&summary["older"], &summary["baselined"], &summary["suppressed"]),
        (&1.into(), &0.into(), &0.into())
    );
    repository.commit("second");
    assert_older(&repository.since("main"), 2, "main");
    assert_eq!(repository.since("main~1").status, 1);
}

#[test]
fn commits_are_named_as_git_names_them() {
    let repository = Repository::with(&[("a.kql", &sandbox("Sales"))]);
    repository.git(&["tag", "--annotate", "--message", "one", "v1.0"]);
    repository.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    repository.git(&["branch", "feature/x"]);
    repository.write("a.kql", &(sandbox("Sales") + "\n" + &sandbox("Freight")));
    repository.commit("second");
    for revision in [
        "HEAD~1",
        "HEAD^",
        "v1.0",
        "v1.0^{commit}",
        "origin/main",
        "feature/x",
        "main~1",
        "refs/tags/v1.0",
        "main@{1}",
    ] {
        let answer = repository.since(revision);
        assert_eq!(answer.status, 1, "{revision}: {answer:?}");
        assert!(
            answer
                .out
                .contains(&format!("1 problem (1 error) in 1 file; 1 older than `{revision}`")),
            "{answer:?}"
        );
    }
    // Packed objects and references.
    repository.git(&["gc", "--quiet"]);
    let hash = fs::read_to_string(repository.path().join(".git/packed-refs")).unwrap();
    let hash = hash
        .lines()
        .find(|line| line.ends_with("refs/heads/feature/x"))
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .to_owned();
    for revision in [hash.as_str(), hash.split_at(8).0, "v1.0", "HEAD~1"] {
        assert_eq!(repository.since(revision).status, 1, "{revision}");
        assert_eq!(repository.since(revision).err, "");
    }
    assert_older(&repository.since("HEAD"), 2, "HEAD");
}

#[test]
fn what_cannot_be_compared_with_is_told() {
    let repository = Repository::with(&[("kql/a.kql", &sandbox("Sales"))]);
    repository.git(&["branch", "release"]);
    for (revision, said) in [
        ("relaese", "did you mean `release`?"),
        ("main..release", "`main..release` is a range"),
        ("HEAD~7", "`HEAD~7` names no commit"),
        ("HEAD:kql", "`HEAD:kql` is no commit"),
        ("", "`` names no commit"),
        ("origin/nothing-like-it", "fetch it first"),
    ] {
        let answer = repository.since(revision);
        assert_eq!((answer.status, answer.out.as_str()), (2, ""), "{answer:?}");
        assert!(answer.err.contains(said), "{answer:?}");
    }
    let folder = tree(&[("a.kql", sandbox("Sales").as_bytes())]);
    let answer = run(folder.path(), &["check", "--new-since", "main"]);
    assert_eq!(answer.status, 2);
    assert!(answer.err.contains("no repository of git"), "{answer:?}");
    let broken = tree(&[(".git/HEAD", b""), ("a.kql", b"")]);
    let answer = run(broken.path(), &["check", "--new-since", "main"]);
    assert_eq!((answer.status, answer.out.as_str()), (2, ""), "{answer:?}");
    assert!(answer.err.contains("can't be read"), "{answer:?}");
    let tables = tempfile::tempdir().unwrap();
    fs::create_dir_all(tables.path().join(".git/reftable")).unwrap();
    for (path, text) in [
        ("HEAD", "ref: refs/heads/.invalid\n"),
        ("config", "[core]\n"),
        ("objects/x", ""),
        ("refs/x", ""),
    ] {
        fs::create_dir_all(tables.path().join(".git").join(path).parent().unwrap()).unwrap();
        fs::write(tables.path().join(".git").join(path), text).unwrap();
    }
    let answer = run(tables.path(), &["check", "--new-since", "main"]);
    assert!(answer.status == 2 && answer.err.contains("reftable"), "{answer:?}");
    let empty = Repository::new("sha1");
    let answer = empty.since("HEAD");
    assert_eq!(answer.status, 2, "{answer:?}");
}

#[test]
fn a_shallow_clone_says_what_to_fetch() {
    let repository = Repository::with(&[("a.kql", &sandbox("Sales"))]);
    repository.commit("second");
    let clones = tempfile::tempdir().unwrap();
    let from = format!("file://{}", repository.path().display());
    git(clones.path(), &["clone", "--quiet", "--depth=1", &from, "shallow"]);
    let shallow = clones.path().join("shallow");
    assert_older(&run(&shallow, &["check", "--new-since", "HEAD"]), 1, "HEAD");
    for revision in ["HEAD~1", "origin/release"] {
        let answer = run(&shallow, &["check", "--new-since", revision]);
        assert_eq!(answer.status, 2, "{answer:?}");
        assert!(
            answer.err.contains("shallow") && answer.err.contains("`fetch-depth: 0`"),
            "{answer:?}"
        );
    }
    repository.git(&["config", "uploadpack.allowFilter", "true"]);
    git(
        clones.path(),
        &[
            "clone",
            "--quiet",
            "--filter=blob:none",
            "--no-checkout",
            &from,
            "partial",
        ],
    );
    let partial = clones.path().join("partial");
    fs::write(partial.join("a.kql"), sandbox("Sales")).unwrap();
    let answer = run(&partial, &["check", "--new-since", "HEAD"]);
    assert_eq!(answer.status, 2, "{answer:?}");
    assert!(answer.err.contains("`--filter`"), "{answer:?}");
}

#[test]
fn what_moved_is_not_new() {
    let repository = Repository::with(&[("kql/a.kql", &(sandbox("Sales") + "\n" + &sandbox("Freight")))]);
    repository.git(&["mv", "kql/a.kql", "scripts.kql"]);
    assert_older(&repository.since("main"), 2, "main");
    repository.write("scripts.kql", &sandbox("Freight").replace('\n', "\r\n"));
    repository.write("kql/sales.kql", &sandbox("Sales"));
    assert_older(&repository.since("main"), 2, "main");
    repository.write("kql/again.kql", &sandbox("Sales"));
    let answer = repository.since("main");
    assert_eq!(answer.status, 1, "a copy is new: {answer:?}");
    assert!(
        answer
            .out
            .contains("1 problem (1 error) in 3 files; 2 older than `main`"),
        "{answer:?}"
    );
}

#[test]
fn a_file_that_was_only_renamed_brings_nothing_with_names_or_without() {
    let setting = "KUSTO=\"Data Source=https://quay.kusto.windows.net;Fed=true;AppClientId=11111111-2222-3333-4444-555555555555;AppKey=q8Zt~vR3mWx1Lp\"\n";
    let repository = Repository::with(&[("a/one.env", setting), ("b/two.env", setting)]);
    let report = run(repository.path(), &["check", "--output-format", "json"]).json();
    assert_eq!(
        report["findings"][0]["place"],
        serde_json::json!([]),
        "nothing has a name there"
    );
    let all = report["findings"].as_array().unwrap().len();
    repository.git(&["mv", "a", "c"]);
    repository.git(&["mv", "b/two.env", "b/three.env"]);
    assert_older(&repository.since("main"), all, "main");
    repository.write("b/four.env", setting);
    assert_eq!(repository.since("main").status, 1, "a copy is new");
}

#[test]
fn the_paths_of_the_command_line_select() {
    let repository = Repository::with(&[
        ("kql/a.kql", &sandbox("Sales")),
        ("infra/b.kql", &sandbox("Freight")),
        ("kql/odd.name", &sandbox("Odd")),
    ]);
    assert_older(
        &run(repository.path(), &["check", "--new-since", "main", "kql"]),
        1,
        "main",
    );
    assert_older(
        &run(repository.path(), &["check", "--new-since", "main", "infra/b.kql"]),
        1,
        "main",
    );
    assert_older(
        &run(repository.path(), &["check", "--new-since", "main", "kql/odd.name"]),
        1,
        "main",
    );
    let inside = repository.path().join("kql");
    assert_older(&run(&inside, &["check", "--new-since", "main", ".."]), 2, "main");
    assert_older(
        &run(&inside, &["check", "--new-since", "main", "../infra/b.kql"]),
        1,
        "main",
    );
    repository.write("infra/c.kql", &sandbox("Freight"));
    let answer = run(
        &inside,
        &[
            "check",
            "--new-since",
            "main",
            "../infra/c.kql",
            "--output-format",
            "json",
        ],
    );
    assert_eq!(answer.status, 1, "a file that was not there is new: {answer:?}");
    assert_eq!(answer.json()["findings"][0]["location"]["path"], "../infra/c.kql");
    let input = sandbox("Sales") + "\n" + &sandbox("Added");
    let answer = run_with_input(
        repository.path(),
        &["check", "--new-since", "main", "-", "--stdin-filename", "kql/a.kql"],
        input.as_bytes(),
    );
    assert_eq!(answer.status, 1, "{answer:?}");
    assert!(answer.out.contains("in 1 file; 1 older than `main`"), "{answer:?}");
    let answer = run_with_input(
        repository.path(),
        &["check", "--new-since", "main", "-"],
        sandbox("Sales").as_bytes(),
    );
    assert_eq!(
        answer.status, 1,
        "nothing is known of a text without a name: {answer:?}"
    );
}

#[test]
fn what_the_rest_of_the_repository_says_counts_then_as_well() {
    let policy = ".alter-merge database Freight policy managed_identity ```[{\"ObjectId\":\"system\",\"AllowedUsages\":\"NativeIngestion\"}]```\n";
    let ingest =
        ".ingest into table Manifests (h'https://quay.blob.core.windows.net/c/a.csv;managed_identity=system')\n";
    let with = |policy: &str| {
        let repository = Repository::with(&[
            ("kql/policy.kql", policy),
            ("kql/ingest.kql", ingest),
            (".gitignore", "later.kql\n"),
        ]);
        repository.write("kql/policy.kql", "print 1\n");
        repository
    };
    let rules = |repository: &Repository, path: &str| {
        let report = run(
            repository.path(),
            &["check", "--new-since", "main", path, "--output-format", "json"],
        )
        .json();
        let rules = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["rule"].as_str().unwrap().to_owned());
        rules.collect::<Vec<_>>()
    };
    for path in [".", "kql/ingest.kql"] {
        assert_eq!(
            rules(&with(policy), path),
            ["missing-native-ingestion"],
            "the change took the policy away: {path}"
        );
        assert_eq!(
            rules(&with("print 2\n"), path),
            Vec::<String>::new(),
            "there was none: {path}"
        );
    }
    // What the walk passes over now, it passed over then.
    let repository = Repository::with(&[
        ("kql/later.kql", policy),
        ("node_modules/x/policy.kql", policy),
        ("kql/ingest.kql", ingest),
        (".gitignore", "later.kql\n"),
    ]);
    assert_eq!(rules(&repository, "."), Vec::<String>::new());
    repository.write(".gitignore", "");
    repository.commit("second");
    repository.write(".gitignore", "kql/later.kql\n");
    assert_eq!(rules(&repository, "kql"), Vec::<String>::new());
}

#[test]
fn worktrees_submodules_and_longer_hashes_are_read() {
    let sha256 = Repository::new("sha256");
    sha256.write("a.kql", &sandbox("Sales"));
    sha256.commit("first");
    assert_older(&sha256.since("main"), 1, "main");

    let repository = Repository::with(&[("a.kql", &sandbox("Sales"))]);
    let others = tempfile::tempdir().unwrap();
    let worktree = others.path().join("worktree");
    repository.git(&["worktree", "add", "--quiet", "-b", "side", worktree.to_str().unwrap()]);
    fs::write(worktree.join("b.kql"), sandbox("Freight")).unwrap();
    for revision in ["HEAD", "side", "main"] {
        let answer = run(&worktree, &["check", "--new-since", revision]);
        assert_eq!(answer.status, 1, "{answer:?}");
        assert!(answer.out.contains(&format!("1 older than `{revision}`")), "{answer:?}");
    }

    let outer = Repository::with(&[("c.kql", &sandbox("Freight"))]);
    outer.git(&[
        "submodule",
        "--quiet",
        "add",
        repository.path().to_str().unwrap(),
        "inner",
    ]);
    outer.commit("second");
    assert_older(&outer.since("main"), 2, "main");
    assert_older(
        &run(outer.path(), &["check", "--new-since", "main", "inner/a.kql"]),
        1,
        "main",
    );
    let inner = outer.path().join("inner");
    assert_older(&run(&inner, &["check", "--new-since", "HEAD"]), 1, "HEAD");
    fs::write(inner.join("a.kql"), sandbox("Sales") + "\n" + &sandbox("Sales")).unwrap();
    assert_eq!(run(&inner, &["check", "--new-since", "HEAD"]).status, 1);
}

#[test]
fn a_baseline_counts_beside_it() {
    let repository = Repository::with(&[("a.kql", &(sandbox("Sales") + "\n" + &sandbox("Sales")))]);
    assert_eq!(run(repository.path(), &["baseline", "create"]).status, 0);
    repository.commit("second");
    let third = sandbox("Sales") + "\n" + &sandbox("Sales") + "\n" + &sandbox("Sales");
    repository.write("a.kql", &third);
    repository.commit("third");
    let answer = repository.since("main");
    assert_eq!(answer.status, 0, "{answer:?}");
    assert!(
        answer.out.contains("; 2 in the baseline; 1 older than `main`"),
        "{answer:?}"
    );
    repository.write("a.kql", &(third + "\n" + &sandbox("Sales")));
    let answer = repository.since("main");
    assert_eq!(answer.status, 1, "what both know is not counted twice: {answer:?}");
    assert!(
        answer
            .out
            .contains("1 problem (1 error) in 1 file; 2 in the baseline; 1 older than `main`"),
        "{answer:?}"
    );
}

#[test]
fn only_new_problems_are_fixed() {
    let wrong = ".create external table T (x:int) kind=storage dataformat=csv ('https://quay.blob.core.windows.net/c;impersonate')\n";
    let repository = Repository::with(&[("a.kql", wrong)]);
    let other = wrong.replace("table T", "table U");
    repository.write("b.kql", &other);
    run(repository.path(), &["check", "--fix", "--new-since", "main"]);
    let read = |path: &str| fs::read_to_string(repository.path().join(path)).unwrap();
    assert_eq!(read("a.kql"), wrong);
    assert_eq!(read("b.kql"), other.replace(".create", ".create-or-alter"));
}

#[test]
fn the_output_depends_on_the_files_alone() {
    let files: Vec<(String, String)> = (0..12)
        .map(|number| (format!("kql/{number}.kql"), sandbox("Sales")))
        .collect();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let repository = Repository::with(&files);
    repository.write("kql/new.kql", &sandbox("Freight"));
    let inside = repository.path().join("kql");
    let told = |folder: &Path, path: &str| {
        run(
            folder,
            &["check", path, "--new-since", "main", "--output-format", "json"],
        )
        .out
    };
    let first = told(repository.path(), "kql");
    assert_eq!(first, told(repository.path(), "kql"));
    assert_eq!(first.replace("kql/", ""), told(&inside, "."));
}

#[test]
fn the_patterns_of_the_configuration_choose_the_older_files_as_well() {
    let settings = "[files]\nkql = [\"*.cmds\"]\nexclude = [\"old\"]\n";
    let repository = Repository::with(&[
        ("kustolint.toml", settings),
        ("a.cmds", &sandbox("Sales")),
        ("old/b.kql", &sandbox("Stock")),
    ]);
    assert_older(&repository.since("HEAD"), 1, "HEAD");
    repository.write("kept/b.kql", &sandbox("Stock"));
    let answer = repository.since("HEAD");
    assert_eq!(answer.status, 1, "what was left out then is new: {answer:?}");
}
