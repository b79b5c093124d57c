//! `kustolint baseline`: makes, updates and checks the list of what was there before.

use std::io::Write;
use std::path::Path;

use super::args::{BaselineArgs, BaselineVerb};
use super::known::{self, Looked, told};
use super::terminal::{print, remark};
use super::{Failure, Status, configuration, or_here, sentence, today, working_directory};
use crate::apply;
use crate::baseline::{Baseline, Key, Matching};
use crate::diagnostic::Severity;
use crate::discover::{
    BaselineFile, DiscoverOptions, baseline_file, configuration_place, configured_baseline, covers_configuration,
    files, named_baseline_file, root,
};
use crate::engine::{self, CheckOptions, Outcome};
use crate::report::count;

/// Does what the verb says.
pub(super) fn run(verb: &BaselineVerb) -> Result<Status, Failure> {
    let cwd = working_directory()?;
    match verb {
        BaselineVerb::Create(args) => create(args, &cwd),
        BaselineVerb::Update(args) => update(&args.files, args.add, &cwd),
        BaselineVerb::Check(args) => check(args, &cwd),
    }
}

/// Writes a new baseline with all that is found now.
fn create(args: &BaselineArgs, cwd: &Path) -> Result<Status, Failure> {
    let file = match &args.baseline {
        Some(named) => baseline_file(Some(named), None, cwd)?,
        None => found(args, cwd)?,
    };
    if file.bytes.is_some() {
        return Err(Failure::new(format!(
            "`{}` exists: `kustolint baseline update` drops what is gone from it, and `--add` takes in what is new",
            file.path
        )));
    }
    let (outcome, _) = checked(args, &file, cwd)?;
    let baseline = Baseline::of(&outcome);
    write(&file, &baseline)?;
    let of = |severity: Severity| {
        let findings = outcome.findings.iter().filter(|finding| finding.severity == severity);
        findings.filter(|finding| Key::of(finding, &outcome).is_some()).count()
    };
    let kinds: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .filter(|severity| of(*severity) > 0)
        .map(|severity| count(of(severity), severity.as_str()))
        .collect();
    let kinds = if kinds.is_empty() {
        String::new()
    } else {
        format!(" ({})", kinds.join(", "))
    };
    let problems = count(baseline.count(), "problem");
    say_of(&file, &format!("wrote {problems}{kinds} to `{}`", file.path))?;
    left_out(&outcome, baseline.count());
    Ok(Status::Clean)
}

/// Drops what is gone, follows what has moved, and takes in what is new if that is wanted.
fn update(args: &BaselineArgs, add: bool, cwd: &Path) -> Result<Status, Failure> {
    let (file, before) = existing(args, cwd)?;
    let (outcome, matching) = matched(args, (&file, &before), cwd)?;
    let mut after = matching.kept.clone().and(matching.elsewhere.clone());
    if add {
        after = after.and(matching.new.clone());
    }
    // A version control system may have changed the line ends.
    let is_written = after != before || !is_same(&text(&after)?, file.bytes.as_deref().unwrap_or_default());
    if is_written {
        write(&file, &after)?;
    }
    let mut changes = Vec::new();
    let new = if add { matching.new.count() } else { 0 };
    for (number, how) in [
        (matching.gone.count(), "gone"),
        (matching.moved, "moved"),
        (new, "added"),
    ] {
        if number > 0 {
            changes.push(format!("{number} {how}"));
        }
    }
    let changes = if changes.is_empty() {
        "nothing has changed".to_owned()
    } else {
        changes.join(", ")
    };
    let problems = count(after.count(), "problem");
    let line = format!("`{}` holds {problems}: {changes}", file.path);
    if is_written {
        say_of(&file, &line)?;
    } else {
        say(&line)?;
    }
    if !add && matching.new.count() > 0 {
        let new = count(matching.new.count(), "problem");
        remark(&sentence(&format!(
            "{new} not in it: `kustolint check` shows them, `--add` takes them in"
        )));
    }
    left_out(&outcome, matching.kept.count() + matching.new.count());
    Ok(Status::Clean)
}

/// Fails if the baseline holds what is no longer there.
fn check(args: &BaselineArgs, cwd: &Path) -> Result<Status, Failure> {
    let (file, baseline) = existing(args, cwd)?;
    let (_, matching) = matched(args, (&file, &baseline), cwd)?;
    let gone = matching.gone.count();
    for (key, number) in matching.gone.entries() {
        say(&told(key, number))?;
    }
    if gone == 0 {
        let problems = count(baseline.count(), "problem");
        say(&format!("`{}` holds {problems}, none of them gone", file.path))?;
        return Ok(Status::Clean);
    }
    let problems = count(gone, "problem");
    say(&format!(
        "{problems} of `{}` gone: `kustolint baseline update` drops them",
        file.path
    ))?;
    Ok(Status::Findings)
}

/// The file where a baseline is, or would be.
fn found(args: &BaselineArgs, cwd: &Path) -> Result<BaselineFile, Failure> {
    let configuration = configuration_place(args.config.as_deref(), args.isolated, cwd);
    let config = configuration::read(args.config.as_deref(), args.isolated, cwd)?;
    match (&args.baseline, &config.check.baseline, &configuration) {
        (Some(named), ..) => Ok(named_baseline_file(named, cwd)?),
        (None, Some(named), Some(place)) => {
            Ok(baseline_file(Some(&configured_baseline(named, place, cwd)), None, cwd)?)
        }
        _ => Ok(baseline_file(None, configuration.as_deref(), cwd)?),
    }
}

/// The baseline that there must be.
fn existing(args: &BaselineArgs, cwd: &Path) -> Result<(BaselineFile, Baseline), Failure> {
    let file = found(args, cwd)?;
    match known::read(&file)? {
        Some(baseline) => Ok((file, baseline)),
        None => Err(Failure::new(format!(
            "there is no baseline `{}`: `kustolint baseline create` makes one",
            file.path
        ))),
    }
}

fn matched(
    args: &BaselineArgs,
    (file, baseline): (&BaselineFile, &Baseline),
    cwd: &Path,
) -> Result<(Outcome, Matching), Failure> {
    let (outcome, looked) = checked(args, file, cwd)?;
    let matching = looked.matched(baseline, &outcome);
    Ok((outcome, matching))
}

/// What is found now. Of files that can't be read nothing is known, so that no baseline is made of them.
fn checked<'r>(args: &BaselineArgs, file: &BaselineFile, cwd: &'r Path) -> Result<(Outcome, Looked<'r>), Failure> {
    let config = configuration::read(args.config.as_deref(), args.isolated, cwd)?;
    let options = DiscoverOptions {
        isolated: args.isolated,
        config: config.clone(),
        ..DiscoverOptions::default()
    };
    let paths = or_here(&args.paths);
    let checked = CheckOptions {
        whole: covers_configuration(&paths, &config, cwd),
        config,
        root: root(cwd),
        today: args.today.or_else(today),
        ..CheckOptions::default()
    };
    if paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Failure::new("a baseline is of files: `-` can't be in one"));
    }
    let mut files = files(&paths, &options, cwd)?;
    known::pass_over(&mut files, Some(file));
    let looked = Looked::at(&files.inputs, &paths, &checked.root, cwd);
    let outcome = engine::check_with(files.inputs, checked);
    if outcome.incomplete {
        let unreadable = outcome
            .findings
            .iter()
            .filter(|finding| finding.rule == "unreadable-file");
        let mut problems: Vec<_> = unreadable
            .map(|finding| {
                let path = outcome.sources.path(finding.primary.at.file);
                sentence(&format!("`{path}`: {}", finding.message))
            })
            .collect();
        problems.push(sentence(
            "not every file could be read, so the baseline is left as it is",
        ));
        return Err(Failure(problems));
    }
    if outcome.cut {
        return Err(Failure::new(
            "there are too many problems to keep them all, so the baseline is left as it is: name fewer files, or turn off the rule that has most of them",
        ));
    }
    Ok((outcome, looked))
}

/// Whether two texts differ in their line ends at most.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    let letters = |text: &[u8]| text.iter().copied().filter(|byte| *byte != b'\r').collect::<Vec<u8>>();
    letters(one) == letters(other)
}

fn text(baseline: &Baseline) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    baseline.write(&mut bytes)?;
    Ok(bytes)
}

fn write(file: &BaselineFile, baseline: &Baseline) -> Result<(), Failure> {
    let bytes = text(baseline)?;
    let written = match &file.bytes {
        Some(before) => apply::write(&file.place, before, &bytes),
        None => apply::put(&file.place, |to| to.write_all(&bytes)),
    };
    written.map_err(|why| Failure::new(format!("the baseline `{}` was not written: {why}", file.path)))
}

/// Says how many findings a baseline can't hold.
fn left_out(outcome: &Outcome, held: usize) {
    let others = outcome.findings.len().saturating_sub(held);
    if others > 0 {
        let problems = count(others, "problem");
        remark(&sentence(&format!(
            "{problems} left out: a baseline holds what is in the repository, or without one in the working directory, and nothing of what was not read"
        )));
    }
}

/// Says one line of a file that was written. Where that can't be printed, the file is still there, which is told with it.
fn say_of(file: &BaselineFile, line: &str) -> Result<(), Failure> {
    say(line).map_err(|Failure(mut problems)| {
        problems.push(sentence(&format!(
            "`{}` was written; only what is said of it could not be printed",
            file.path
        )));
        Failure(problems)
    })
}

/// Says one line on standard output.
fn say(line: &str) -> Result<(), Failure> {
    let line = sentence(line);
    print(|out| writeln!(out, "{}", *line))?;
    Ok(())
}
