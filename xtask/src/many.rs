//! More findings than one run keeps: the memory has a bound, reports are cut and say so, and the run fails.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::program::{both, output};
use crate::project;

/// Findings in the script: some more than a run keeps.
const FINDINGS: usize = 260_000;

/// A command with one finding, an error.
const COMMAND: &str = ".alter database Sales policy managed_identity '[]x'\n\n";

/// What every report must say.
const SAID: &str = "more than 250000 problems: 10001 others";

/// Results of one run that GitHub takes.
const MOST_RESULTS: usize = 25_000;

/// Address space that the program gets, in KiB, stacks of threads included. The script is 14 MB.
const MEMORY: &str = "1500000";

/// Checks a script with too many findings in the formats that differ in what they leave out.
pub(crate) fn check(bin: &Path) -> Result<(), String> {
    let folder = project().join("target").join("many");
    fs::create_dir_all(folder.join(".git")).map_err(|error| error.to_string())?;
    fs::write(folder.join("many.kql"), COMMAND.repeat(FINDINGS)).map_err(|error| error.to_string())?;
    fs::write(folder.join("small.kql"), COMMAND).map_err(|error| error.to_string())?;
    for format in ["human", "concise", "sarif", "jsonl"] {
        let mut check = bounded(bin);
        check
            .current_dir(&folder)
            .args(["check", "--output-format", format, "."]);
        let output = output(&mut check)?;
        if output.status.code() != Some(1) {
            let said: String = both(&output).chars().take(2000).collect();
            return Err(format!("{format}: {} and not 1\n{said}", output.status));
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let is_cut = matches!(format, "human" | "concise");
        let expected = if is_cut { "250001 problems" } else { SAID };
        if !text.contains(expected) {
            return Err(format!("{format}: nowhere is said `{expected}`"));
        }
        if format == "sarif" {
            results(&text)?;
        }
        println!("{format}: {} bytes", text.len());
    }
    alone(bin, &folder)
}

/// Asserts that the findings of a file that is only read beside another one take no room from those of that.
fn alone(bin: &Path, folder: &Path) -> Result<(), String> {
    let mut check = bounded(bin);
    check.current_dir(folder).args(["check", "small.kql"]);
    let output = output(&mut check)?;
    let said = both(&output);
    if output.status.code() == Some(1) && said.contains("1 problem (1 error) in 1 file") {
        return Ok(());
    }
    Err(format!("small.kql alone: {}\n{said}", output.status))
}

/// Asserts that a log holds as many results as GitHub takes.
fn results(text: &str) -> Result<(), String> {
    let log: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let results = log.pointer("/runs/0/results").and_then(Value::as_array).map(Vec::len);
    if results == Some(MOST_RESULTS) {
        return Ok(());
    }
    Err(format!("sarif: {results:?} results and not {MOST_RESULTS}"))
}

/// The program, with a bound on its memory where the system has one that a shell can set.
fn bounded(bin: &Path) -> Command {
    if !cfg!(target_os = "linux") {
        return Command::new(bin);
    }
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "ulimit -v \"$1\" && shift && exec \"$@\"", "sh", MEMORY])
        .arg(bin);
    shell
}
