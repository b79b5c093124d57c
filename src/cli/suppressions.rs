//! `kustolint suppressions`: what is suppressed, where, and why.

use super::args::{Format, SuppressionsArgs};
use super::terminal::{complain, print};
use super::{Failure, Status, configuration, or_here, today, working_directory};
use crate::discover::{DiscoverOptions, covers_configuration, files, root};
use crate::engine::{self, CheckOptions};
use crate::redact::Redacted;
use crate::report::suppressions;

/// Prints the inventory.
pub(super) fn run(args: &SuppressionsArgs) -> Result<Status, Failure> {
    let cwd = working_directory()?;
    let config = configuration::read(args.config.as_deref(), args.isolated, &cwd)?;
    let discover = DiscoverOptions {
        isolated: args.isolated,
        config: config.clone(),
        ..DiscoverOptions::default()
    };
    let paths = or_here(&args.paths);
    let options = CheckOptions {
        whole: covers_configuration(&paths, &config, &cwd),
        config,
        root: root(&cwd),
        today: args.today.or_else(today),
        ..CheckOptions::default()
    };
    let files = files(&paths, &discover, &cwd)?;
    let outcome = engine::check_with(files.inputs, options);
    print(|out| match args.output_format {
        Format::Human => suppressions::human(&outcome, out),
        Format::Json => suppressions::json(&outcome, out),
    })?;
    if outcome.incomplete {
        complain(&Redacted::ours(
            "not every file could be read, so the list is not complete",
        ));
        return Ok(Status::NotDone);
    }
    let is_wrong = args.check && outcome.suppressions.iter().any(|listed| listed.state.is_wrong());
    Ok(if is_wrong { Status::Findings } else { Status::Clean })
}
