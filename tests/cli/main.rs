//! The program as people and pipelines run it: arguments, streams, exit status.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may stop at what it did not expect"
)]

mod arguments;
mod baseline;
mod config_verbs;
mod configuration;
mod explain;
mod files;
mod fixes;
mod guide;
mod hostile_names;
mod integrations;
mod new_since;
mod outputs;
mod redaction;
mod same_bytes;
mod shell;
mod streams;
mod suppressions;
mod walkthrough;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder with files.
fn tree(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

/// The program in a folder, with none of the environment that it heeds.
fn kustolint(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kustolint"));
    command.current_dir(folder).args(arguments).stdin(Stdio::null());
    let own = ["KUSTOLINT_CONFIG", "KUSTOLINT_FAIL_ON", "KUSTOLINT_OUTPUT_FORMAT"];
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "RUST_BACKTRACE"]
        .iter()
        .chain(&own)
    {
        command.env_remove(name);
    }
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Answer {
    Answer::of(&kustolint(folder, arguments).output().unwrap())
}

fn run_with_input(folder: &Path, arguments: &[&str], input: &[u8]) -> Answer {
    let mut child = kustolint(folder, arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    Answer::of(&child.wait_with_output().unwrap())
}

/// What the program answered.
#[derive(Debug)]
struct Answer {
    status: i32,
    out: String,
    err: String,
}

impl Answer {
    fn of(output: &Output) -> Self {
        Self {
            status: output.status.code().expect("the program was not killed"),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap()
    }

    /// Asserts that neither stream holds something that a terminal or a build agent would obey.
    fn assert_harmless(&self) {
        for text in [&self.out, &self.err] {
            assert!(
                text.chars().all(|c| matches!(c, '\n' | '\t') || !c.is_control()),
                "{self:?}"
            );
            for line in text.lines() {
                assert!(!line.trim().starts_with("::"), "{line}");
                assert!(
                    !line.contains("##[") && !line.to_lowercase().contains("##vso["),
                    "{line}"
                );
            }
        }
    }
}
