//! Holds the program to labelled sets, corpora and reference answers that are kept outside the repository.
//! What is missing is a failure: a check that did not run has not passed.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::{expectations, kinds, survey};

/// The rules that the labelled sets are summed up for.
const RULES: &str = "missing-native-ingestion,database-level-sandbox-artifacts,control-plane-only-grant,\
                     key-not-rsa-2048,missing-soft-delete,missing-purge-protection,unsupported-identity-flow,\
                     missing-identity-usage,malformed-identity-policy,unknown-identity-usage,\
                     overwritten-identity-policy,identity-not-assigned-to-cluster,cmk-without-identity,\
                     cmk-user-identity-not-assigned,embedded-secret,unobfuscated-secret,\
                     conflicting-credentials,invalid-connection-string";
const MIN_RECALL: &str = "0.95";
const MIN_PRECISION: &str = "0.97";
/// Per cent of the commands of the corpus that start where they should.
const MIN_STARTS: f64 = 98.0;
/// Per cent of the string literals of the corpus that have the right span and value.
const MIN_LITERALS: f64 = 99.0;
/// Per cent of the expressions with the right value.
const MIN_RIGHT: f64 = 60.0;
/// Per cent of the expressions with a wrong value: not knowing is no mistake, being wrong is.
const MAX_WRONG: f64 = 1.0;

type Check = fn(&Run) -> Result<String, String>;

/// Runs all checks.
pub(crate) fn all(folder: &Path, bin: &Path) -> Result<(), String> {
    run(
        folder,
        bin,
        &[
            ("labelled sets", labelled),
            ("reading of KQL", kql),
            ("kinds of commands", kinds::check),
            ("values of expressions", expressions),
            ("resources of templates", survey::check),
            ("expectations of other tools", expectations::check),
            ("outputs over the corpora", corpora),
            ("templates that are right", quiet),
        ],
    )
}

/// Compares the names of commands with the kinds that the reference parser gives them.
pub(crate) fn kinds(folder: &Path, bin: &Path) -> Result<(), String> {
    run(folder, bin, &[("kinds of commands", kinds::table)])
}

/// Compares the findings with what the tests of other tools expect.
pub(crate) fn expectations(folder: &Path, bin: &Path) -> Result<(), String> {
    run(folder, bin, &[("expectations of other tools", expectations::table)])
}

/// Runs the checks of what the program reads.
pub(crate) fn agreement(folder: &Path, bin: &Path) -> Result<(), String> {
    run(
        folder,
        bin,
        &[("reading of KQL", kql), ("values of expressions", expressions)],
    )
}

fn run(folder: &Path, bin: &Path, checks: &[(&str, Check)]) -> Result<(), String> {
    let whole = |path: &Path| std::path::absolute(path).map_err(|error| format!("{}: {error}", path.display()));
    let run = Run {
        folder: whole(folder)?,
        bin: whole(bin)?,
    };
    if !run.bin.is_file() {
        return Err(format!(
            "{} is missing: build it with `cargo build --release`",
            bin.display()
        ));
    }
    let mut failed = 0;
    for (name, check) in checks {
        match check(&run) {
            Ok(figures) => println!("ok      {name}: {figures}"),
            Err(problem) => {
                failed += 1;
                println!("FAILED  {name}: {problem}");
            }
        }
    }
    if failed == 0 {
        Ok(())
    } else {
        Err(format!("{failed} of {} checks failed", checks.len()))
    }
}

/// Where things are.
pub(crate) struct Run {
    folder: PathBuf,
    pub(crate) bin: PathBuf,
}

/// What a program printed, and whether it succeeded.
pub(crate) struct Answer {
    pub(crate) out: String,
    errors: String,
    status: Option<i32>,
}

impl Run {
    /// A path in the folder; an error when nothing is there.
    pub(crate) fn path(&self, name: &str) -> Result<PathBuf, String> {
        let path = self.folder.join(name);
        if path.exists() {
            Ok(path)
        } else {
            Err(format!("{} is missing", path.display()))
        }
    }

    /// Runs a tool of the folder against the program.
    fn tool(&self, name: &str, arguments: &[&OsStr]) -> Result<Answer, String> {
        let tool = self.path(&format!("tools/{name}"))?;
        let mut command = Command::new("python3");
        command.arg(tool).arg("--bin").arg(&self.bin).args(arguments);
        answer(command)
    }
}

pub(crate) fn answer(mut command: Command) -> Result<Answer, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{program} could not be started: {error}"))?;
    Ok(Answer {
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        errors: String::from_utf8_lossy(&output.stderr).into_owned(),
        status: output.status.code(),
    })
}

impl Answer {
    /// The last line, which holds the figures of every tool.
    fn last(&self) -> Result<&str, String> {
        let last = self.out.lines().rev().find(|line| !line.trim().is_empty());
        last.ok_or_else(|| format!("no answer; it complained: {}", self.errors.trim()))
    }

    /// The last line if the tool succeeded.
    fn succeeded(&self) -> Result<String, String> {
        let last = self.last()?;
        if self.status == Some(0) {
            return Ok(last.to_owned());
        }
        let status = self.status.map_or("a signal".to_owned(), |status| status.to_string());
        Err(format!("{last} (exit status {status})\n{}{}", self.out, self.errors))
    }
}

fn labelled(run: &Run) -> Result<String, String> {
    let arguments = [
        "--rules",
        RULES,
        "--min-recall",
        MIN_RECALL,
        "--min-precision",
        MIN_PRECISION,
    ];
    run.tool("score.py", &arguments.map(OsStr::new))?.succeeded()
}

fn kql(run: &Run) -> Result<String, String> {
    let corpus = run.path("corpora/kql")?;
    let answer = run.tool("kql_agreement.py", &[OsStr::new("--corpus"), corpus.as_os_str()])?;
    let last = answer.succeeded()?;
    let (starts, literals) = (share(&last, "starts ")?, share(&last, "literals ")?);
    let (silent, files) = fraction(&last, "files without an answer ")?;
    let good = starts >= MIN_STARTS && literals >= MIN_LITERALS && silent == 0.0 && files > 0.0;
    judged(
        good,
        last,
        &format!("starts ≥ {MIN_STARTS} %, literals ≥ {MIN_LITERALS} %, no file without an answer"),
    )
}

fn expressions(run: &Run) -> Result<String, String> {
    let table = run.path("corpora/arm/expressions.jsonl")?;
    let answer = run.tool("expression_agreement.py", &[OsStr::new("--table"), table.as_os_str()])?;
    let last = answer.succeeded()?;
    let (right, rows) = fraction(&last, "right ")?;
    let wrong = number(&last, "wrong ")?;
    let good = rows > 0.0 && 100.0 * right / rows >= MIN_RIGHT && 100.0 * wrong / rows <= MAX_WRONG;
    judged(good, last, &format!("right ≥ {MIN_RIGHT} %, wrong ≤ {MAX_WRONG} %"))
}

fn corpora(run: &Run) -> Result<String, String> {
    let (templates, scripts) = (run.path("corpora/arm")?, run.path("corpora/kql")?);
    run.tool("corpus_clean.py", &[templates.as_os_str(), scripts.as_os_str()])?
        .succeeded()
}

/// Templates that are in use and right have no error.
fn quiet(run: &Run) -> Result<String, String> {
    let path = run.path("corpora/arm/microsoft+finops-toolkit")?;
    let mut command = Command::new(&run.bin);
    command.args(["check", "--output-format", "json"]).arg(&path);
    let answer = answer(command)?;
    if !matches!(answer.status, Some(0 | 1)) {
        return Err(format!("the program failed: {}", answer.errors.trim()));
    }
    let found: Value = serde_json::from_str(&answer.out).map_err(|error| format!("the output is no JSON: {error}"))?;
    let count = |name: &str| {
        let counted = found.get("summary").and_then(|summary| summary.get(name));
        counted
            .and_then(Value::as_u64)
            .ok_or_else(|| format!("the summary has no `{name}`"))
    };
    let (files, errors) = (count("files")?, count("errors")?);
    let figures = format!("{errors} errors in {files} files");
    judged(files > 0 && errors == 0, figures, "no error, in at least one file")
}

fn judged(good: bool, figures: String, wanted: &str) -> Result<String, String> {
    if good {
        Ok(figures)
    } else {
        Err(format!("{figures}\n        wanted: {wanted}"))
    }
}

/// The text after `name`, where it stands last.
fn after<'l>(line: &'l str, name: &str) -> Result<&'l str, String> {
    line.rsplit_once(name)
        .map(|(_, rest)| rest)
        .ok_or_else(|| format!("`{name}` is not told in: {line}"))
}

/// The number after `name`.
fn number(line: &str, name: &str) -> Result<f64, String> {
    let rest = after(line, name)?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let digits = rest.get(..end).unwrap_or_default();
    digits
        .parse()
        .map_err(|_| format!("no number after `{name}` in: {line}"))
}

/// The two numbers of `name 12/34`.
fn fraction(line: &str, name: &str) -> Result<(f64, f64), String> {
    let rest = after(line, name)?;
    let word = rest.split_whitespace().next().unwrap_or_default();
    let read = || {
        let (part, whole) = word.split_once('/')?;
        Some((part.parse().ok()?, whole.parse().ok()?))
    };
    read().ok_or_else(|| format!("no fraction after `{name}` in: {line}"))
}

/// The fraction after `name` in per cent.
fn share(line: &str, name: &str) -> Result<f64, String> {
    let (part, whole) = fraction(line, name)?;
    if whole > 0.0 {
        Ok(100.0 * part / whole)
    } else {
        Err(format!("nothing was counted for `{name}` in: {line}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_from_the_last_lines() {
        let line = "starts 985/1000 (98.50%)  literals 7/7 (100.00%)  extra 3  files without an answer 2/40";
        assert_eq!(share(line, "starts "), Ok(98.5));
        assert_eq!(share(line, "literals "), Ok(100.0));
        assert_eq!(fraction(line, "files without an answer "), Ok((2.0, 40.0)));
        let line = "all: right 610/1000 (61.0%), undecided 385, wrong 5";
        assert_eq!(fraction(line, "right "), Ok((610.0, 1000.0)));
        assert_eq!(number(line, "wrong "), Ok(5.0));
    }

    #[test]
    fn figures_that_are_not_told_are_errors() {
        assert!(share("starts 0/0", "starts ").is_err());
        assert!(number("wrong", "wrong ").is_err());
        assert!(fraction("right 5", "right ").is_err());
        assert!(number("", "wrong ").is_err());
    }
}
