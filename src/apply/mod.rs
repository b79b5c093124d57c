//! Fixes: which are applied, what becomes of the files, and the writing of them.
//!
//! Nothing is written that was not checked: the files are mended in memory and checked again. A fix after which a file
//! can't be read, its finding stays, or an error comes up that was not there is left out.

mod choice;
mod splice;
mod verdict;
mod write;

use std::collections::BTreeSet;

use crate::diagnostic::{Applicability, Diagnostic};
use crate::engine::{Input, Outcome};
use choice::{Choice, chosen};
use splice::spliced;
use verdict::Moved;

pub use write::{create, put, write};

/// Rounds of fixing: one fix may make room for another.
const PASSES: usize = 10;

/// How often the files of one run are checked again.
const TRIES: usize = 64;

/// A file that fixes changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The path that outputs show.
    pub path: String,
    /// The bytes that it had.
    pub before: Vec<u8>,
    /// The bytes that it gets.
    pub after: Vec<u8>,
}

/// What fixing makes of files.
#[derive(Debug)]
pub struct Fixed {
    /// What is found in the files after it.
    pub outcome: Outcome,
    /// What was found before, if anything changed.
    pub before: Option<Outcome>,
    /// The files after it.
    pub inputs: Vec<Input>,
    /// The files that change, in the order of their paths.
    pub changed: Vec<Changed>,
    /// Fixes that were applied.
    pub applied: usize,
    /// Fixes that were left out because they would not mend their finding, or do harm.
    pub refused: usize,
    /// Whether fixes are left that were not tried: the limit on rounds was reached.
    pub gave_up: bool,
}

/// Applies fixes to files in memory. `check` tells what is found in files.
#[must_use]
pub fn fixed(inputs: Vec<Input>, most: Applicability, check: &dyn Fn(Vec<Input>) -> Outcome) -> Fixed {
    let outcome = check(inputs.clone());
    let mut run = Run {
        check,
        inputs: inputs.clone(),
        outcome,
        before: None,
        most,
        refused: BTreeSet::new(),
        applied: 0,
        tries: 0,
    };
    let goes_on = (0..PASSES).all(|_| run.pass());
    let gave_up = goes_on || run.tries >= TRIES;
    let changed = inputs.into_iter().zip(&run.inputs).filter_map(|(input, after)| {
        let (before, after) = (input.bytes.ok()?, after.bytes.as_ref().ok()?);
        (before != *after).then(|| Changed {
            path: input.path,
            before,
            after: after.clone(),
        })
    });
    Fixed {
        changed: changed.collect(),
        applied: run.applied,
        refused: run.refused.len(),
        gave_up: gave_up && !chosen(&run.outcome, most, &run.refused).is_empty(),
        before: run.before,
        inputs: run.inputs,
        outcome: run.outcome,
    }
}

/// What tells a finding from others after the places have moved: rule, path and title.
type Key = (&'static str, String, String);

fn key(finding: &Diagnostic, outcome: &Outcome) -> Key {
    let path = outcome.sources.path(finding.primary.at.file);
    (finding.rule, path.to_owned(), finding.message.clone())
}

struct Run<'c> {
    check: &'c dyn Fn(Vec<Input>) -> Outcome,
    inputs: Vec<Input>,
    /// What is found in them.
    outcome: Outcome,
    /// What was found at first.
    before: Option<Outcome>,
    /// The fixes that are wanted: those that are no worse.
    most: Applicability,
    refused: BTreeSet<Key>,
    applied: usize,
    tries: usize,
}

impl Run<'_> {
    /// Applies all fixes that don't overlap; says whether it applied any. Of those that can't stand together with the
    /// others, halves are tried, down to the single one.
    fn pass(&mut self) -> bool {
        let choice = chosen(&self.outcome, self.most, &self.refused);
        let mut accepted: Vec<Choice> = Vec::new();
        let mut best = None;
        let mut open = vec![choice];
        while let Some(mut group) = open.pop() {
            if group.is_empty() || self.tries >= TRIES {
                continue;
            }
            self.tries += 1;
            let all: Vec<Choice> = accepted.iter().chain(&group).cloned().collect();
            if let Some(made) = self.tried(&all) {
                best = Some(made);
                accepted = all;
            } else if let [single] = group.as_slice() {
                let finding = self.outcome.findings.get(single.finding);
                self.refused.extend(finding.map(|finding| key(finding, &self.outcome)));
            } else {
                let rest = group.split_off(group.len() / 2);
                open.push(rest);
                open.push(group);
            }
        }
        let Some((inputs, outcome)) = best else { return false };
        self.applied += accepted.len();
        self.inputs = inputs;
        let replaced = std::mem::replace(&mut self.outcome, outcome);
        self.before.get_or_insert(replaced);
        true
    }

    /// The files with these fixes and what is found in them, if that is as it should be.
    fn tried(&self, choice: &[Choice]) -> Option<(Vec<Input>, Outcome)> {
        let edits: Vec<_> = choice.iter().flat_map(|choice| &choice.edits).cloned().collect();
        let inputs = spliced(&self.inputs, &self.outcome.sources, &edits)?;
        let outcome = (self.check)(inputs.clone());
        let fixed: Vec<&Diagnostic> = choice
            .iter()
            .filter_map(|choice| self.outcome.findings.get(choice.finding))
            .collect();
        let moved = Moved::by(&edits, &self.outcome.sources);
        verdict::is_better(&self.outcome, &outcome, &fixed, &moved).then_some((inputs, outcome))
    }
}
