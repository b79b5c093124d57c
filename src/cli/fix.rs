//! `kustolint check` with `--fix` or `--diff`.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;

use super::args::CheckArgs;
use super::check::status;
use super::output::Outputs;
use super::terminal::{complain, hand_on, print, print_beside};
use super::{Failure, Status, sentence};
use crate::apply::{self, Changed, Fixed};
use crate::config::FailOn;
use crate::diagnostic::Applicability;
use crate::discover::Files;
use crate::engine::{Input, Outcome};
use crate::redact::Redactor;
use crate::report::{self, Format};
use crate::text::decode;

/// Whether the arguments on fixes go together.
pub(super) fn validate(args: &CheckArgs, outputs: &Outputs) -> Result<(), Failure> {
    if args.unsafe_fixes && !args.fix && !args.diff {
        return Err(Failure::new("`--unsafe-fixes` goes with `--fix` or `--diff`"));
    }
    if args.diff && (outputs.stream != Format::Human || !args.output.is_empty()) {
        return Err(Failure::new(
            "`--diff` prints a diff and nothing else; in JSON, each finding has its `fix` without it",
        ));
    }
    Ok(())
}

/// Fixes files, or shows how it would. `check` tells what is found in files.
pub(super) fn run(
    args: &CheckArgs,
    fail_on: FailOn,
    outputs: &Outputs,
    files: Files,
    check: &dyn Fn(Vec<Input>) -> Outcome,
) -> Result<Status, Failure> {
    let most = if args.unsafe_fixes {
        Applicability::Unsafe
    } else {
        Applicability::Safe
    };
    let Files {
        inputs,
        places,
        left_out,
    } = files;
    let passed_on = inputs
        .iter()
        .find(|input| input.named && !places.contains_key(&input.path))
        .map(|input| input.path.clone());
    let mut fixed = apply::fixed(inputs, most, check);
    if args.diff {
        return show(fail_on, &fixed);
    }
    let mut failed = BTreeSet::new();
    for changed in &fixed.changed {
        let Some(place) = places.get(&changed.path) else {
            continue;
        };
        if let Err(why) = written(place, changed) {
            complain(&sentence(&format!("`{}` was not written: {why}", changed.path)));
            failed.insert(changed.path.clone());
        }
    }
    if !failed.is_empty() {
        restore(&mut fixed, &failed, check);
    }
    // The text takes standard output: what is said of it stands beside.
    if let Some(path) = &passed_on {
        let input = fixed.inputs.iter().find(|input| input.path == *path);
        if let Some(Ok(bytes)) = input.map(|input| &input.bytes) {
            hand_on(bytes)?;
        }
    }
    let done = |out: &mut dyn Write| match outputs.stream {
        Format::Human | Format::Concise => writeln!(out, "{}", summary(&fixed, "fixed")),
        _ => Ok(()),
    };
    // What is not fixed is handed on as it is: whoever pipes a text waits for one.
    if let Some(bytes) = &left_out.standard_input {
        hand_on(bytes)?;
    }
    let is_taken = passed_on.is_some() || left_out.standard_input.is_some();
    let written = outputs.deliver(&fixed.outcome, is_taken, done)?;
    let status = status(&fixed.outcome, fail_on);
    Ok(if failed.is_empty() && written {
        status
    } else {
        Status::NotDone
    })
}

fn written(place: &Path, changed: &Changed) -> Result<(), String> {
    apply::write(place, &changed.before, &changed.after)
}

/// Takes back what could not be written, so that what is told is what stands there.
fn restore(fixed: &mut Fixed, failed: &BTreeSet<String>, check: &dyn Fn(Vec<Input>) -> Outcome) {
    for changed in fixed.changed.iter().filter(|changed| failed.contains(&changed.path)) {
        let input = fixed.inputs.iter_mut().find(|input| input.path == changed.path);
        if let Some(input) = input {
            input.bytes = Ok(changed.before.clone());
        }
    }
    fixed.changed.retain(|changed| !failed.contains(&changed.path));
    let now = check(fixed.inputs.clone());
    let was = fixed.outcome.findings.len();
    fixed.applied = fixed.applied.saturating_sub(now.findings.len().saturating_sub(was));
    fixed.outcome = now;
}

/// Prints what fixing would change. Nothing is written, so the status is that of the files as they are.
fn show(fail_on: FailOn, fixed: &Fixed) -> Result<Status, Failure> {
    print(|out| {
        fixed
            .changed
            .iter()
            .try_for_each(|changed| difference(changed, &fixed.before.as_ref().unwrap_or(&fixed.outcome).redactor, out))
    })?;
    print_beside(|out| writeln!(out, "{}", summary(fixed, "would fix")));
    Ok(status(fixed.before.as_ref().unwrap_or(&fixed.outcome), fail_on))
}

fn difference(changed: &Changed, redactor: &Redactor, out: &mut dyn Write) -> io::Result<()> {
    match (decode(&changed.before), decode(&changed.after)) {
        (Ok(before), Ok(after)) => report::diff(&changed.path, &before.text, &after.text, redactor, out),
        // What was fixed was read, and can be read.
        _ => Ok(()),
    }
}

/// "fixed 2 problems in 1 file", and what was not.
fn summary(fixed: &Fixed, verb: &str) -> String {
    let plural = |number: usize| if number == 1 { "" } else { "s" };
    let files = fixed.changed.len();
    let mut text = format!(
        "{verb} {} problem{} in {files} file{}",
        fixed.applied,
        plural(fixed.applied),
        plural(files)
    );
    if fixed.refused > 0 {
        text.push_str(&format!(
            "; {} fix{} left out: nothing would be mended, or something else broken",
            fixed.refused,
            if fixed.refused == 1 { "" } else { "es" }
        ));
    }
    if fixed.gave_up {
        text.push_str("; the limit on rounds was reached: run the command again for the rest");
    }
    text
}
