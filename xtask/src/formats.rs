//! Holds reports to the rules of those who read them: SARIF to its schema and to what GitHub asks for, by Microsoft's
//! `@microsoft/sarif-multitool` from npm.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::project;

const PACKAGE: &str = "@microsoft/sarif-multitool@5.7.0";

/// The program of the package for this system.
const TOOL: &str = if cfg!(windows) {
    "node_modules/@microsoft/sarif-multitool-win32/Sarif.Multitool.exe"
} else if cfg!(target_os = "macos") {
    "node_modules/@microsoft/sarif-multitool-darwin/Sarif.Multitool"
} else {
    "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
};

/// The rules of SARIF itself, and those of GitHub.
const RULES: &str = "Sarif;Gh";

/// Formats that are one JSON value.
const FORMATS: &[&str] = &["sarif", "gitlab", "rdjson"];

/// A script with a finding, and names under which it is checked.
const SCRIPT: &str = ".alter-merge database Sales policy managed_identity \"[{'ObjectId':'system','AllowedUsages':'SandboxArtifacts'}]\"\n";
const NAMES: &[&str] = if cfg!(windows) { PLAIN } else { ODD };
/// Names that every system has.
const PLAIN: &[&str] = &["a b#c%41&d=e+f.kql", "é😀.kql"];
/// Names that only some have.
const ODD: &[&str] = &[
    "a b#c%41&d=e+f.kql",
    "é😀\u{202e}.kql",
    "##vso[task.complete];],.kql",
    "$(touch p)`id`.kql",
    "x:y.kql",
    "...kql",
    "a\nb\r.kql",
    "::error::x?.kql",
    "\u{1b}]8;;x\u{7}\u{9b}.kql",
    "a\\b\"<c>|.kql",
];

/// Writes reports on the examples of the project, on files with odd names and on `paths`, and validates them.
pub(crate) fn validate(paths: &[&str], bin: &Path) -> Result<(), String> {
    let work = project().join("target").join("formats");
    let tool = installed(&work)?;
    let odd = odd_names(&work)?;
    let mut reports = Vec::new();
    let mut made = |name: &str, folder: &Path, of: &[&str]| -> Result<(), String> {
        for format in FORMATS {
            let report = work.join(format!("{name}.{format}"));
            written(bin, folder, of, format, &report)?;
            reports.push(report);
        }
        Ok(())
    };
    made("demo", &project(), &["testdata/projects/demo"])?;
    made("clean", &project(), &["testdata/projects/clean"])?;
    let names: Vec<String> = NAMES.iter().map(|name| format!("./{name}")).collect();
    made("names", &odd, &names.iter().map(String::as_str).collect::<Vec<_>>())?;
    made(
        "outside",
        &odd,
        &[&project().join("testdata/projects/demo").to_string_lossy()],
    )?;
    for (index, path) in paths.iter().enumerate() {
        made(&format!("path-{index}"), &project(), &[path])?;
    }
    must_complain(&tool, &work)?;
    let mut wrong = Vec::new();
    for report in reports
        .iter()
        .filter(|report| report.extension().is_some_and(|end| end == "sarif"))
    {
        let said = complaints(&tool, report)?;
        println!("{}: {} complaints", report.display(), said.len());
        wrong.extend(said);
    }
    if wrong.is_empty() {
        println!("{} reports are JSON, and those of SARIF are valid", reports.len());
        Ok(())
    } else {
        Err(wrong.join("\n"))
    }
}

/// Installs the validator, unless it is there.
fn installed(work: &Path) -> Result<PathBuf, String> {
    fs::create_dir_all(work).map_err(|error| error.to_string())?;
    let tool = work.join(TOOL);
    if !tool.exists() {
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        let mut install = Command::new(npm);
        install
            .args(["install", "--no-save", "--ignore-scripts", "--prefix"])
            .arg(work)
            .arg(PACKAGE);
        let output = install.output().map_err(|error| format!("npm: {error}"))?;
        if !output.status.success() {
            return Err(format!("npm: {}", String::from_utf8_lossy(&output.stderr)));
        }
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The package makes it executable by a script of its own, which is not run.
        fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).map_err(|error| error.to_string())?;
    }
    Ok(tool)
}

/// A folder with files of odd names.
fn odd_names(work: &Path) -> Result<PathBuf, String> {
    let folder = work.join("names");
    fs::create_dir_all(folder.join(".git")).map_err(|error| error.to_string())?;
    for name in NAMES {
        fs::write(folder.join(name), SCRIPT).map_err(|error| format!("{name:?}: {error}"))?;
    }
    Ok(folder)
}

/// Writes a report on some paths, as seen from a folder, and looks at it as JSON.
fn written(bin: &Path, folder: &Path, paths: &[&str], format: &str, report: &Path) -> Result<(), String> {
    let mut check = Command::new(bin);
    check
        .current_dir(folder)
        .args(["check", "--fail-on", "never", "--output-format", format])
        .args(paths);
    let Output { stdout, stderr, .. } = check.output().map_err(|error| format!("{}: {error}", bin.display()))?;
    if let Err(error) = serde_json::from_slice::<Value>(&stdout) {
        let stderr = String::from_utf8_lossy(&stderr);
        return Err(format!("{}: {error}\n{stderr}", report.display()));
    }
    fs::write(report, stdout).map_err(|error| format!("{}: {error}", report.display()))
}

/// Breaks a log; `None` if it lacks what is to be broken.
type Break = fn(&mut Value) -> Option<()>;

/// Asserts that the validator sees what is wrong by the schema (a line 0) and by the rules of GitHub (no help).
fn must_complain(tool: &Path, work: &Path) -> Result<(), String> {
    let text = fs::read_to_string(work.join("demo.sarif")).map_err(|error| error.to_string())?;
    let breaks: [(&str, Break); 2] = [
        ("line", |log| {
            let region = log.pointer_mut("/runs/0/results/0/locations/0/physicalLocation/region")?;
            region
                .as_object_mut()?
                .insert("startLine".to_owned(), 0.into())
                .map(drop)
        }),
        ("help", |log| {
            let rule = log.pointer_mut("/runs/0/tool/driver/rules/0")?;
            rule.as_object_mut()?.remove("help").map(drop)
        }),
    ];
    for (what, break_it) in breaks {
        let mut log: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let report = work.join(format!("broken-{what}.sarif"));
        let broken = break_it(&mut log).is_some();
        fs::write(&report, log.to_string()).map_err(|error| error.to_string())?;
        if !broken || complaints(tool, &report)?.is_empty() {
            return Err(format!(
                "{}: the validator does not see what is wrong",
                report.display()
            ));
        }
    }
    Ok(())
}

/// The errors and warnings that the validator has on a report. It ends with 0 whatever it finds.
fn complaints(tool: &Path, report: &Path) -> Result<Vec<String>, String> {
    let log = report.with_extension("validated");
    let mut validate = Command::new(tool);
    validate
        .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")
        .arg("validate")
        .arg(report)
        .args([
            "--rule-kind",
            RULES,
            "--level",
            "Error;Warning",
            "--log",
            "ForceOverwrite",
            "--max-file-size-in-kb",
            "1000000",
            "--output",
        ])
        .arg(log);
    let output = validate
        .output()
        .map_err(|error| format!("{}: {error}", tool.display()))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if !said.contains("1 files scanned") || !said.contains("Analysis completed successfully") {
        return Err(format!(
            "{}: the validator did not do its work\n{said}",
            report.display()
        ));
    }
    let is_complaint = |line: &&str| line.contains("): error ") || line.contains("): warning ");
    Ok(said.lines().filter(is_complaint).map(str::to_owned).collect())
}
