//! Checks that are run from a terminal: see `cargo xtask help`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the terminal")]
#![allow(
    clippy::disallowed_methods,
    reason = "kustolint starts no process and writes no file; the tasks around it do"
)]

mod book;
mod browser;
mod expectations;
mod formats;
mod hooks;
mod hosts;
mod kinds;
mod many;
mod program;
mod readme;
mod shared;
mod survey;
mod wheel;
mod workflows;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use kustolint::rules::{flows, table};

const HELP: &str = "\
cargo xtask TASK

  rules-table [--write]           print the table of the rules, or write it into README.md
  finding [--write]               print the finding that README.md shows, or write it there
  guide --write                   write the chapters of the rules into the guide
  book                            build the guide with mdBook, which is installed under target/ if it is missing
  flows [--write]                 print the table of flows, or write it and its parts into docs and pages
  shared PATH [--bin BIN]         hold the program to the labelled sets, corpora and tools in PATH
  agreement PATH [--bin BIN]      of these, only how it reads KQL and template expressions
  kinds PATH [--bin BIN]          of these, only the kinds of KQL commands, one by one
  expectations PATH [--bin BIN]   of these, only what the tests of other tools expect, case by case
  hosts PATH                      count the commands found in files of other languages; a fence of Markdown
                                  that starts with a command and is not found is a failure
  survey PATH [--bin BIN]         how much is known of the resources in the templates under PATH; a resource of a
                                  compiled module (main.json) that is not found is a failure
  formats [PATH]... [--bin BIN]   validate reports on the examples, on odd names and on each PATH with the tools of those who
                                  read them, which npm installs under target
  many [--bin BIN]                check a script with more findings than a run keeps, with little memory
  wheel                           build the wheel from the source archive, install it, and check a file with it
  hooks                           commit with the hooks, as pre-commit installs them: the wheel, and HEAD from source
  workflows                       hold the workflows and examples for GitHub to zizmor
  browser [--bin BIN]             look at HTML reports in Chromium: filters, themes, hostile names; screenshots go to
                                  target/browser. Needs npm, and Chromium (or CHROMIUM names it)
  help                            print this

BIN is target/release/kustolint where it is not given. Exit status: 0 done, 1 a check failed, 2 usage.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        [] | ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            Ok(())
        }
        ["rules-table"] => table::table().map(|table| print!("{table}")),
        ["rules-table", "--write"] => table::table().and_then(|table| readme::write("README.md", table::MARKS, &table)),
        ["finding"] => readme::finding().map(|finding| print!("{finding}")),
        ["finding", "--write"] => {
            readme::finding().and_then(|finding| readme::write("README.md", readme::MARKS, &finding))
        }
        ["guide", "--write"] => readme::guide(),
        ["book"] => book::build(),
        ["flows"] => {
            print!("{}", flows::all());
            Ok(())
        }
        ["flows", "--write"] => flows::PLACES
            .iter()
            .try_for_each(|(path, table)| readme::write(path, flows::MARKS, &table())),
        ["many"] => many::check(&built()),
        ["many", "--bin", bin] => many::check(Path::new(bin)),
        ["wheel"] => wheel::check(),
        ["hooks"] => hooks::check(),
        ["workflows"] => workflows::check(),
        ["browser"] => browser::look(&built()),
        ["browser", "--bin", bin] => browser::look(Path::new(bin)),
        ["hosts", path] => hosts::count(Path::new(path)),
        ["expectations", path] => shared::expectations(Path::new(path), &built()),
        ["expectations", path, "--bin", bin] => shared::expectations(Path::new(path), Path::new(bin)),
        ["formats", paths @ .., "--bin", bin] => formats::validate(paths, Path::new(bin)),
        ["formats", paths @ ..] => formats::validate(paths, &built()),
        ["survey", path] => survey::survey(Path::new(path), &built()),
        ["survey", path, "--bin", bin] => survey::survey(Path::new(path), Path::new(bin)),
        ["shared", path] => shared::all(Path::new(path), &built()),
        ["shared", path, "--bin", bin] => shared::all(Path::new(path), Path::new(bin)),
        ["agreement", path] => shared::agreement(Path::new(path), &built()),
        ["agreement", path, "--bin", bin] => shared::agreement(Path::new(path), Path::new(bin)),
        ["kinds", path] => shared::kinds(Path::new(path), &built()),
        ["kinds", path, "--bin", bin] => shared::kinds(Path::new(path), Path::new(bin)),
        _ => {
            eprintln!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the project.
fn project() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}

/// What Cargo.toml says of the package.
fn package(key: &str) -> Result<String, String> {
    let path = project().join("Cargo.toml");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let table: toml::Table = text.parse().map_err(|error| format!("{}: {error}", path.display()))?;
    let value = table.get("package").and_then(|package| package.get(key)?.as_str());
    value.map_or_else(
        || Err(format!("{} has no `package.{key}`", path.display())),
        |value| Ok(value.to_owned()),
    )
}

/// The program as a release build leaves it.
fn built() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| project().join("target"), PathBuf::from);
    target
        .join("release")
        .join(format!("kustolint{}", std::env::consts::EXE_SUFFIX))
}
