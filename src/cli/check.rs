//! `kustolint check`.

use std::io::{self, Write};

use super::args::{CheckArgs, FailOn, Format};
use super::terminal::{complain, print};
use super::{Failure, Status, configuration, fix, or_here, working_directory};
use crate::discover::{DiscoverOptions, files};
use crate::engine::{self, Outcome};
use crate::redact::Redacted;
use crate::report::{self, HumanOptions};

/// Checks the files and prints what was found.
pub(super) fn run(args: &CheckArgs) -> Result<Status, Failure> {
    fix::validate(args)?;
    let options = DiscoverOptions {
        isolated: args.isolated,
        stdin_filename: args.stdin_filename.clone(),
    };
    let paths = or_here(&args.paths);
    if args.stdin_filename.is_some() && paths.iter().all(|path| path.as_os_str() != "-") {
        return Err(Failure::new(
            "`--stdin-filename` says what standard input is: name `-` among the paths",
        ));
    }
    let cwd = working_directory()?;
    let config = configuration::read(args.config.as_deref(), args.isolated, &cwd)?;
    let files = files(&paths, &options, &cwd)?;
    let check = |inputs| engine::check_with(inputs, config.clone());
    if args.fix || args.diff {
        return fix::run(args, files, &check);
    }
    let outcome = check(files.inputs);
    print(|out| tell(args, &outcome, out))?;
    Ok(status(&outcome, args.fail_on))
}

/// Writes what was found in the format that is wanted.
pub(super) fn tell(args: &CheckArgs, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    match args.output_format {
        Format::Json => report::json(outcome, out),
        Format::Human => {
            let options = HumanOptions {
                show_undecided: args.show_undecided,
                max_findings: args.max_findings,
            };
            report::human(outcome, options, out)
        }
    }
}

/// How a check ends with that outcome; says so if it is not complete.
pub(super) fn status(outcome: &Outcome, fail_on: FailOn) -> Status {
    if outcome.incomplete {
        complain(&Redacted::ours(
            "not every file could be read, so the result is not complete",
        ));
    }
    judged(outcome, fail_on)
}

fn judged(outcome: &Outcome, fail_on: FailOn) -> Status {
    let least = fail_on.least();
    let counts = |severity| least.is_some_and(|least| severity >= least);
    if outcome.incomplete {
        Status::NotDone
    } else if outcome.findings.iter().any(|finding| counts(finding.severity)) {
        Status::Findings
    } else {
        Status::Clean
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Diagnostic, Severity};
    use crate::redact::Redactor;
    use crate::text::FileSpan;

    #[test]
    fn the_status_follows_the_least_severity_that_counts() {
        let mut outcome = Outcome::default();
        assert_eq!(judged(&outcome, FailOn::Note), Status::Clean);
        let warning = Diagnostic::new("some-rule", Severity::Warning, "", FileSpan::default(), "");
        outcome.findings = Redactor::default().redacted(vec![warning]);
        assert_eq!(judged(&outcome, FailOn::Error), Status::Clean);
        assert_eq!(judged(&outcome, FailOn::Warning), Status::Findings);
        assert_eq!(judged(&outcome, FailOn::Note), Status::Findings);
        assert_eq!(judged(&outcome, FailOn::Never), Status::Clean);
        outcome.incomplete = true;
        assert_eq!(judged(&outcome, FailOn::Never), Status::NotDone);
    }
}
