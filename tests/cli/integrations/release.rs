//! What a release makes has the names by which it is looked for.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::{REPOSITORY, VERSION, Value, project, text, yaml};

/// The targets of a release, with what the workflow says of each.
fn targets() -> Vec<Value> {
    let workflow = yaml(".github/workflows/release.yml");
    let matrix = &workflow["jobs"]["build"]["strategy"]["matrix"]["include"];
    matrix.as_array().unwrap().clone()
}

/// The settings for `cargo binstall`, those of a system over those for all.
fn settings(target: &str) -> BTreeMap<String, String> {
    let manifest = text("Cargo.toml");
    let mut found = BTreeMap::new();
    for table in [
        "[package.metadata.binstall]\n".to_owned(),
        format!("[package.metadata.binstall.overrides.{target}]\n"),
    ] {
        let Some((_, rest)) = manifest.split_once(&table) else {
            continue;
        };
        for line in rest.lines().take_while(|line| !line.is_empty()) {
            let (key, value) = line.split_once(" = ").expect("a key and its value");
            found.insert(key.to_owned(), value.trim_matches('"').to_owned());
        }
    }
    found
}

/// A pattern with its names filled in.
fn filled(pattern: &str, target: &Value) -> String {
    let exe = target["exe"].as_str().unwrap_or("");
    let name = target["target"].as_str().unwrap();
    let values = [
        ("repo", REPOSITORY),
        ("version", VERSION),
        ("target", name),
        ("bin", "kustolint"),
        ("binary-ext", exe),
    ];
    let text = values.iter().fold(pattern.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{ {name} }}"), value)
    });
    assert!(!text.contains('{'), "{text}");
    text
}

#[test]
fn the_archives_have_the_names_that_binstall_asks_for() {
    let targets = targets();
    assert_eq!(targets.len(), 8);
    for target in &targets {
        let name = target["target"].as_str().unwrap();
        let archive = target["archive"].as_str().unwrap();
        let settings = settings(name);
        assert_eq!(
            filled(&settings["pkg-url"], target),
            format!("{REPOSITORY}/releases/download/v{VERSION}/{archive}")
        );
        let format = if archive.ends_with(".zip") { "zip" } else { "tgz" };
        assert_eq!(settings["pkg-fmt"], format, "{name}");
        assert_eq!(name.contains("windows"), format == "zip", "{name}");
        assert_eq!(name.contains("windows"), target["exe"] == ".exe", "{name}");
    }
}

/// The script of a step of the build.
fn script(step: &str) -> String {
    let workflow = yaml(".github/workflows/release.yml");
    let steps = workflow["jobs"]["build"]["steps"].as_array().unwrap().clone();
    let found = steps.iter().find(|found| found["name"] == step);
    found.expect("a step")["run"].as_str().unwrap().to_owned()
}

/// Runs a step as the workflow does.
fn step(folder: &Path, name: &str, environment: &[(&str, &str)]) {
    let mut shell = Command::new("bash");
    shell.args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", &script(name)]);
    shell
        .current_dir(folder)
        .stdin(Stdio::null())
        .envs(environment.iter().copied());
    let output = shell.output().unwrap();
    assert!(
        output.status.success(),
        "{name}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[cfg(unix)]
#[test]
fn the_archive_holds_the_program_where_binstall_looks() {
    let target = &targets()[0];
    let (name, archive) = (target["target"].as_str().unwrap(), target["archive"].as_str().unwrap());
    let environment = [("TARGET", name), ("ARCHIVE", archive), ("EXE", "")];
    let folder = tempfile::tempdir().unwrap();
    let built = folder.path().join("target").join(name).join("release");
    fs::create_dir_all(&built).unwrap();
    fs::copy(env!("CARGO_BIN_EXE_kustolint"), built.join("kustolint")).unwrap();
    for file in ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"] {
        fs::copy(project(file), folder.path().join(file)).unwrap();
    }
    let demo = folder.path().join("testdata/projects/demo");
    fs::create_dir_all(&demo).unwrap();
    fs::write(demo.join("a.kql"), super::BAD).unwrap();
    step(folder.path(), "Pack", &environment);
    step(folder.path(), "Use the program", &environment);

    let unpacked = folder.path().join("unpacked");
    fs::create_dir(&unpacked).unwrap();
    let mut tar = Command::new("tar");
    tar.arg("-xzf")
        .arg(folder.path().join("archives").join(archive))
        .current_dir(&unpacked);
    assert!(tar.status().unwrap().success());
    let program = unpacked.join(filled(&settings(name)["bin-dir"], target));
    let output = Command::new(program).arg("--version").output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        format!("kustolint {VERSION}\n")
    );
    for file in ["kustolint.1", "LICENSE-MIT", "completions/kustolint.zsh"] {
        let file = unpacked.join(format!("kustolint-{name}")).join(file);
        assert!(fs::metadata(&file).unwrap().len() > 500, "{}", file.display());
    }
}

#[test]
fn a_job_has_the_rights_that_it_needs_and_no_more() {
    for path in [".github/workflows/ci.yml", ".github/workflows/release.yml"] {
        let workflow = yaml(path);
        assert_eq!(workflow["permissions"], Value::Object(serde_json::Map::new()), "{path}");
        for (name, job) in workflow["jobs"].as_object().unwrap() {
            let rights = job["permissions"].as_object().unwrap();
            let writes: Vec<&str> = rights
                .iter()
                .filter(|(_, right)| *right == "write")
                .map(|(name, _)| name.as_str())
                .collect();
            let wanted: &[&str] = match (path, name.as_str()) {
                (".github/workflows/release.yml", "release") => &["contents", "id-token", "attestations"],
                (".github/workflows/release.yml", "pypi" | "crates-io") => &["id-token"],
                _ => &[],
            };
            assert_eq!(writes, wanted, "{path}: {name}");
        }
    }
}
