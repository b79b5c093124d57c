//! The command line: arguments, environment, exit status. Nothing below this module knows of them.

mod args;
mod baseline;
mod check;
mod completions;
mod config;
mod configuration;
mod examples;
mod explain;
mod fix;
mod inspect;
mod known;
mod man;
mod map;
mod output;
mod page;
mod rules;
mod suppressions;
mod terminal;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;

use anstream::ColorChoice;
use clap::error::ErrorKind;

use crate::discover::DiscoverError;
use crate::redact::{Redacted, Redactor};
use crate::report::escape;
use crate::text::Date;
use args::{Args, Verb};
use terminal::{complain, print};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    /// Nothing that the user wants to fail on.
    Clean,
    /// Findings that the user wants to fail on.
    Findings,
    /// The job was not done, or not wholly.
    NotDone,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Clean => 0,
            Status::Findings => 1,
            Status::NotDone => 2,
        })
    }
}

/// Why the job could not be done: one sentence for each reason.
#[derive(Debug)]
struct Failure(Vec<Redacted<String>>);

impl Failure {
    /// A failure of one sentence; what it quotes of names and arguments stays on its line.
    fn new(problem: impl AsRef<str>) -> Self {
        Self(vec![sentence(problem.as_ref())])
    }
}

/// A sentence about names and arguments.
fn sentence(problem: &str) -> Redacted<String> {
    Redactor::of_texts([problem]).redacted(escape::one_line(problem).into_owned())
}

impl From<DiscoverError> for Failure {
    fn from(error: DiscoverError) -> Self {
        Self(error.problems.iter().map(|problem| sentence(problem)).collect())
    }
}

impl From<io::Error> for Failure {
    /// Files are read by `discover`, which words its own errors: what is left is the output.
    fn from(error: io::Error) -> Self {
        Self::new(format!("cannot write the output: {error}"))
    }
}

/// Where the last panic happened in the program's own text.
static PANICKED_AT: Mutex<Option<String>> = Mutex::new(None);

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    // A panic's message may quote what is being read: only its place is kept.
    set_hook(Box::new(|panic| {
        if let (Some(place), Ok(mut at)) = (panic.location(), PANICKED_AT.lock()) {
            *at = Some(format!("{}:{}", place.file(), place.line()));
        }
    }));
    let result = on_large_stack(|| {
        fenced(|| match args::parsed() {
            Ok(args) => run(args),
            Err(error) => usage(&error),
        })
    });
    let status = result.unwrap_or_else(|Failure(problems)| {
        problems.iter().for_each(complain);
        Status::NotDone
    });
    status.into()
}

/// The stack on which answers are made: deeply nested values are printed as they are.
const STACK: usize = 16 << 20;

/// Does the work on a thread whose stack does not depend on the shell's limits.
fn on_large_stack<T: Send>(work: impl Fn() -> T + Send + Sync) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        match thread
            .spawn_scoped(scope, &work)
            .map(std::thread::ScopedJoinHandle::join)
        {
            Ok(Ok(result)) => result,
            // Without threads there is this one; a panic does not get here.
            _ => work(),
        }
    })
}

/// Does the work; a panic becomes a failure that tells its place.
fn fenced(work: impl FnOnce() -> Result<Status, Failure>) -> Result<Status, Failure> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let place = PANICKED_AT.lock().ok().and_then(|mut at| at.take());
        let place = place.map_or(String::new(), |place| format!(" at {place}"));
        Err(Failure::new(format!(
            "internal error{place}: this is a mistake in kustolint {}, please report it with the command you ran",
            env!("CARGO_PKG_VERSION")
        )))
    })
}

fn run(args: Args) -> Result<Status, Failure> {
    ColorChoice::from(args.color).write_global();
    match args.verb {
        Verb::Check(args) => check::run(&args),
        Verb::Inspect(args) => inspect::run(&args),
        Verb::Explain(args) => explain::run(&args),
        Verb::Map(args) => map::run(&args),
        Verb::Baseline(verb) => baseline::run(&verb),
        Verb::Rules(args) => rules::run(&args),
        Verb::Completions(args) => completions::run(&args),
        Verb::Man => man::run(),
        Verb::Suppressions(args) => suppressions::run(&args),
        Verb::Config(args) => config::run(&args),
    }
}

/// What clap answers itself: help, version, and mistakes in the arguments.
fn usage(error: &clap::Error) -> Result<Status, Failure> {
    if error.exit_code() == 0 {
        print(|out| write!(out, "{}", error.render().ansi()))?;
        return Ok(Status::Clean);
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let help = error.render().to_string();
        let problem = if help.contains("kustolint config ") && !help.contains("kustolint check") {
            "there is no command; to list what is set, write `kustolint config show`"
        } else {
            "there is no command; to check the folder you are in, write `kustolint check`"
        };
        let text = format!("{problem}\n\n{}", help.trim_end());
        return Err(Failure(vec![Redactor::default().redacted(text)]));
    }
    let text = error.render().to_string();
    let mut text = text.trim_end().trim_start_matches("error: ").to_owned();
    if error.kind() == ErrorKind::InvalidSubcommand {
        text.push_str("\nTo check a file or a folder, write `kustolint check PATH`.");
    }
    Err(Failure(vec![of_arguments().redacted(text)]))
}

/// Knows the secrets in the arguments, of which a complaint about them may quote a part.
fn of_arguments() -> Redactor {
    let arguments: Vec<String> = std::env::args_os()
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    Redactor::of_texts(arguments.iter().map(String::as_str))
}

/// The working directory.
#[expect(clippy::disallowed_methods, reason = "here it is asked for")]
fn working_directory() -> Result<PathBuf, Failure> {
    std::env::current_dir().map_err(|error| {
        Failure::new(format!(
            "the working directory cannot be told ({error}); change to another one"
        ))
    })
}

/// The day it is, in UTC, if the clock is right about that.
#[expect(
    clippy::disallowed_methods,
    reason = "here it is asked for: on a day, suppressions expire"
)]
fn today() -> Option<Date> {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .ok()?;
    Date::of_unix_time(since.as_secs())
}

/// The paths that were given, or the working directory.
fn or_here(paths: &[PathBuf]) -> Vec<PathBuf> {
    match paths {
        [] => vec![PathBuf::from(".")],
        paths => paths.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_failure_without_its_words() {
        let Err(Failure(problems)) = fenced(|| panic!("text of a file")) else {
            panic!("the panic got lost");
        };
        let [problem] = problems.as_slice() else {
            panic!("one sentence is wanted");
        };
        assert!(problem.starts_with("internal error") && problem.contains("report"));
        assert!(!problem.contains("text of a file"));
    }
}
