//! Builds the wheel as a release does, and uses the program that it installs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::{Venv, answer, both, output, run};
use crate::{package, project};

/// A script with a certain mistake, and the rule that finds it.
const BAD: (&str, &str) = (
    ".alter-merge database Sales policy managed_identity \"[{'ObjectId':'system','AllowedUsages':'NativeIngest'}]\"\n",
    "unknown-identity-usage",
);
/// What a build needs; a name that ends in `/` is a folder with files.
const NEEDED: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "build.rs",
    "pyproject.toml",
    "rules/",
    "src/",
];
/// What does not belong into a source archive.
const UNWANTED: &[&str] = &["tests/", "testdata/", "xtask/", "fuzz/", "benches/", ".github/", ".ci/"];

/// Makes both archives, installs the wheel, and checks a file with it.
pub(crate) fn check() -> Result<(), String> {
    let wheel = from_the_archive()?;
    let venv = Venv::fresh(&folder().join("installed"))?;
    run(venv.pip().args(["--no-index", "--no-deps"]).arg(&wheel))?;
    let program = venv.program("kustolint");
    let version = answer(Command::new(&program).arg("--version"))?;
    if version != format!("kustolint {}", package("version")?) {
        return Err(format!("the wheel installs {version}"));
    }
    finds(&program)?;
    described(&venv)?;
    println!("{}: installs {version}, which finds a mistake", wheel.display());
    Ok(())
}

/// Builds the wheel from the source archive and from nothing else.
fn from_the_archive() -> Result<PathBuf, String> {
    let out = folder().join("dist");
    let tools = maturin(&["--sdist"], &out)?;
    complete(&tools, &the_one(&out, ".tar.gz")?)?;
    the_one(&out, ".whl")
}

/// Builds the wheel from the files as they are, into the folder.
pub(crate) fn of_the_tree(out: &Path) -> Result<PathBuf, String> {
    maturin(&[], out)?;
    the_one(out, ".whl")
}

/// Runs maturin, with what a release build left as its start.
fn maturin(options: &[&str], out: &Path) -> Result<Venv, String> {
    // What an earlier version left would be taken for this one.
    let _ = fs::remove_dir_all(out);
    let tools = Venv::of_requirements("wheel")?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| project().join("target"), PathBuf::from);
    let mut maturin = Command::new(tools.program("maturin"));
    maturin.current_dir(project()).env("CARGO_TARGET_DIR", target);
    run(maturin
        .args(["build", "--quiet", "--release"])
        .args(options)
        .arg("--out")
        .arg(out))?;
    Ok(tools)
}

fn folder() -> PathBuf {
    project().join("target/wheel")
}

/// The only file of a folder with that end.
fn the_one(folder: &Path, end: &str) -> Result<PathBuf, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(end))
        .collect();
    match (found.pop(), found.is_empty()) {
        (Some(path), true) => Ok(path),
        _ => Err(format!("{} has not one file {end}", folder.display())),
    }
}

/// Holds the source archive to what belongs into it.
fn complete(tools: &Venv, archive: &Path) -> Result<(), String> {
    let list = answer(
        Command::new(tools.program("python"))
            .args(["-m", "tarfile", "-l"])
            .arg(archive),
    )?;
    // Each path starts with a folder of the name of the archive.
    let paths: Vec<&str> = list
        .lines()
        .filter_map(|line| Some(line.trim().split_once('/')?.1))
        .collect();
    let has = |name: &&&str| match name.strip_suffix('/') {
        Some(_) => paths.iter().any(|path| path.starts_with(**name)),
        None => paths.contains(*name),
    };
    let missing: Vec<_> = NEEDED.iter().filter(|name| !has(name)).collect();
    let unwanted: Vec<_> = UNWANTED.iter().filter(has).collect();
    if missing.is_empty() && unwanted.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{}: missing {missing:?}, unwanted {unwanted:?}",
        archive.display()
    ))
}

/// Checks a bad file and a good one with the program.
fn finds(program: &Path) -> Result<(), String> {
    let folder = folder().join("files");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let (bad, rule) = BAD;
    for (name, text, status) in [("bad.kql", bad, 1), ("good.kql", ".show tables\n", 0)] {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        let output = output(Command::new(program).args(["check", "--isolated"]).arg(&path))?;
        let said = both(&output);
        if output.status.code() != Some(status) || said.contains(rule) != (status == 1) {
            return Err(format!(
                "{name} gives {}, and not status {status}:\n{said}",
                output.status
            ));
        }
    }
    Ok(())
}

/// Holds what the index would show to what Cargo.toml says.
fn described(venv: &Venv) -> Result<(), String> {
    let code = "import importlib.metadata as m; d = m.metadata('kustolint'); \
                print(d['Name'], d['Version'], d['Summary'], d['License-Expression'], \
                d['Description-Content-Type'], *d.get_all('Project-URL'), d.get_payload()[:11], sep='\\n')";
    let told = answer(Command::new(venv.program("python")).args(["-c", code]))?;
    for wanted in [
        package("name")?.as_str(),
        &package("version")?,
        &package("description")?,
        &package("license")?,
        &package("repository")?,
        "# kustolint",
        "text/markdown",
    ] {
        if !told.contains(wanted) {
            return Err(format!("the wheel does not say {wanted}:\n{told}"));
        }
    }
    Ok(())
}
