//! `kustolint completions SHELL`: what a shell needs to complete the verbs and options.

use clap::CommandFactory;

use super::args::{Args, CompletionsArgs};
use super::terminal::hand_on;
use super::{Failure, Status};

/// Prints the script for the shell.
pub(super) fn run(args: &CompletionsArgs) -> Result<Status, Failure> {
    let mut command = Args::command();
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "kustolint", &mut script);
    hand_on(&script)?;
    Ok(Status::Clean)
}
