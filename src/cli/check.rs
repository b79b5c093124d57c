//! `kustolint check`.

use std::path::Path;

use super::args::CheckArgs;
use super::known::{self, Known, Looked};
use super::output::Outputs;
use super::terminal::complain;
use super::{Failure, Status, configuration, fix, or_here, sentence, today, working_directory};
use crate::baseline::Baseline;
use crate::config::{Config, FailOn};
use crate::discover::{
    BaselineFile, DiscoverOptions, Files, LeftOut, baseline_file, configuration_place, configured_baseline,
    covers_configuration, files, inputs_at, named_baseline_file, root,
};
use crate::engine::{self, CheckOptions, Outcome};
use crate::redact::Redacted;
use crate::report::count;

/// Checks the files and prints what was found.
pub(super) fn run(args: &CheckArgs) -> Result<Status, Failure> {
    let outputs = Outputs::of(args)?;
    fix::validate(args, &outputs)?;
    let paths = or_here(&args.paths);
    if args.stdin_filename.is_some() && paths.iter().all(|path| path.as_os_str() != "-") {
        return Err(Failure::new(
            "`--stdin-filename` says what standard input is: name `-` among the paths",
        ));
    }
    let cwd = working_directory()?;
    let config = configuration::read(args.config.as_deref(), args.isolated, &cwd)?;
    let fail_on = args.fail_on.or(config.check.fail_on).unwrap_or(FailOn::Warning);
    let outputs = outputs.failing_on(fail_on);
    let options = DiscoverOptions {
        isolated: args.isolated,
        stdin_filename: args.stdin_filename.clone(),
        config: config.clone(),
        force_exclude: args.force_exclude,
    };
    let checked = CheckOptions {
        whole: covers_configuration(&paths, &config, &cwd),
        config,
        root: root(&cwd),
        suppress: !args.no_suppressions,
        today: args.today.or_else(today),
        map: outputs.want_map(),
    };
    let file = baseline(args, &checked.config, &cwd)?;
    let counts = args.baseline.is_some() || !(args.no_baseline || args.isolated);
    let counting = file.as_ref().filter(|_| counts);
    let baseline = counting.map(known::read).transpose()?.flatten();
    let mut files = files(&paths, &options, &cwd)?;
    let passed_over = known::pass_over(&mut files, file.as_ref());
    let older = match &args.new_since {
        Some(revision) => {
            let mut then = inputs_at(revision, &paths, &options, &cwd)?;
            then.retain(|input| Some(&input.path) != passed_over.as_ref());
            let renamed = known::renamed(&then, &files.inputs, &checked.root);
            let options = CheckOptions {
                map: false,
                config: known::configuration_then(&mut then, &files.inputs, &checked.config),
                ..checked.clone()
            };
            let then = engine::check_with(then, options);
            Some((revision.clone(), Baseline::of(&then).renamed(&renamed)))
        }
        None => None,
    };
    let known = Known { baseline, older };
    let looked = Looked::at(&files.inputs, &paths, &checked.root, &cwd);
    let left_out = nothing_left(&files, &checked.config);
    let check = |inputs| Outcome {
        left_out: left_out.clone(),
        ..known.sifted(engine::check_with(inputs, checked.clone()), &looked)
    };
    if args.fix || args.diff {
        return fix::run(args, fail_on, &outputs, files, &check);
    }
    let outcome = check(files.inputs);
    let written = outputs.deliver(&outcome, false, |_| Ok(()))?;
    let status = status(&outcome, fail_on);
    Ok(if written { status } else { Status::NotDone })
}

/// Why no file but the configuration is left, if something was left out.
fn nothing_left(files: &Files, config: &Config) -> Option<Redacted<String>> {
    let mut reported = files.inputs.iter().filter(|input| input.reported);
    if reported.any(|input| input.named || input.path != config.path) {
        return None;
    }
    let LeftOut { excluded, ignored, .. } = files.left_out;
    let by_configuration = format!("`exclude` in `{}` leaves out {}", config.path, count(excluded, "path"));
    let by_git = format!("git ignores {}", count(ignored, "path"));
    let why = match (excluded, ignored) {
        (0, 0) => return None,
        (_, 0) => by_configuration,
        (0, _) => by_git,
        _ => format!("{by_configuration}, {by_git}"),
    };
    Some(sentence(&format!("{why}, and nothing else is there to check")))
}

/// The baseline that is named, or found. One that is not wanted is found as well, because it is no file to check; that it
/// can't be read matters to nobody then.
fn baseline(args: &CheckArgs, config: &Config, cwd: &Path) -> Result<Option<BaselineFile>, Failure> {
    let file = match &args.baseline {
        Some(named) => named_baseline_file(named, cwd)?,
        None if args.no_baseline || args.isolated => {
            let configuration = configuration_place(args.config.as_deref(), args.isolated, cwd);
            let named = config.check.baseline.as_deref().zip(configuration.as_deref());
            let named = named.map(|(named, place)| configured_baseline(named, place, cwd));
            return Ok(baseline_file(named.as_deref(), configuration.as_deref(), cwd).ok());
        }
        None => {
            let configuration = configuration_place(args.config.as_deref(), false, cwd);
            match (&config.check.baseline, &configuration) {
                (Some(named), Some(place)) => named_baseline_file(&configured_baseline(named, place, cwd), cwd)?,
                _ => baseline_file(None, configuration.as_deref(), cwd)?,
            }
        }
    };
    Ok(Some(file))
}

/// How a check ends with that outcome, as [`judged`] tells; says so if it is not complete.
pub(super) fn status(outcome: &Outcome, fail_on: FailOn) -> Status {
    if outcome.incomplete {
        complain(&Redacted::ours(
            "not every file could be read, so the result is not complete",
        ));
    }
    judged(outcome, fail_on)
}

/// How a check ends with that outcome.
pub(super) fn judged(outcome: &Outcome, fail_on: FailOn) -> Status {
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
