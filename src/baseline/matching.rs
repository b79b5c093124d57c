//! Which findings are known, and which known ones are gone.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Baseline, Key, path_of};
use crate::diagnostic::{SetAside, SetAsideBy};
use crate::engine::Outcome;

/// What of a baseline is found again in an outcome.
#[derive(Debug, Default)]
pub struct Matching {
    /// For each finding of the outcome, whether the baseline knows it.
    pub known: Vec<bool>,
    /// The findings that are known, as they are now.
    pub kept: Baseline,
    /// The findings that the baseline does not know.
    pub new: Baseline,
    /// What the baseline holds and is no longer there.
    pub gone: Baseline,
    /// What the baseline holds of files that were not looked at.
    pub elsewhere: Baseline,
    /// How many known findings stand in another file now, or in something of another name.
    pub moved: usize,
}

impl Baseline {
    /// Looks for its findings in an outcome. An entry stands for as many findings of its key as it counts, the first ones
    /// in the file; more are new.
    ///
    /// What is left of entries is looked for under other keys, because things move: first the same rule in the same place
    /// of another file, then the same rule in what has the same innermost name, wherever that stands now (a command that
    /// went into a template, a resource that went into a nested deployment). Findings that nothing with a name holds are
    /// not looked for elsewhere. An entry whose file still holds a thing of these names without the finding has not moved: it
    /// was mended there, and what is found elsewhere is new. Only files that `was_looked_at` says would show a finding that is still there count:
    /// those that were checked, and those that are gone.
    #[must_use]
    pub fn matched(&self, outcome: &Outcome, was_looked_at: &dyn Fn(&str) -> bool) -> Matching {
        let mut run = Run {
            keys: outcome
                .findings
                .iter()
                .map(|finding| Key::of(finding, outcome))
                .collect(),
            left: self.entries.clone(),
            matching: Matching {
                known: vec![false; outcome.findings.len()],
                ..Matching::default()
            },
        };
        run.in_place();
        let left = std::mem::take(&mut run.left);
        for (key, count) in left {
            if was_looked_at(&key.path) {
                run.left.insert(key, count);
            } else {
                run.matching.elsewhere.add(key, count);
            }
        }
        let mended = run.mended(outcome);
        run.moved(&mended, |key| Some((key.rule.clone(), key.place.clone())));
        run.moved(&mended, |key| Some((key.rule.clone(), vec![key.place.last()?.clone()])));
        run.finish()
    }
}

/// A baseline that is being looked for.
struct Run {
    /// For each finding its key, if it has one.
    keys: Vec<Option<Key>>,
    /// The entries that are still to be found, with their numbers.
    left: BTreeMap<Key, u32>,
    matching: Matching,
}

impl Run {
    /// Findings that stand where the baseline says.
    fn in_place(&mut self) {
        for (key, known) in self.keys.iter().zip(&mut self.matching.known) {
            let Some(key) = key else { continue };
            if let Some(count) = self.left.get_mut(key) {
                *known = true;
                self.matching.kept.add(key.clone(), 1);
                *count -= 1;
                if *count == 0 {
                    self.left.remove(key);
                }
            }
        }
    }

    /// What is left of entries of which more things stand where they were than have the finding there.
    fn mended(&self, outcome: &Outcome) -> BTreeSet<Key> {
        let paths: BTreeSet<&str> = self.left.keys().map(|key| key.path.as_str()).collect();
        let mut standing: BTreeMap<(String, Vec<String>), usize> = BTreeMap::new();
        for (file, source) in outcome.sources.iter() {
            let Some(path) = path_of(source.path(), outcome).filter(|path| paths.contains(path.as_str())) else {
                continue;
            };
            for place in outcome.places(file).iter() {
                *standing.entry((path.clone(), place.clone())).or_default() += 1;
            }
        }
        let stands = |key: &&Key| {
            let things = standing.get(&(key.path.clone(), key.place.clone()));
            let found = self.matching.kept.entries.get(*key).copied().unwrap_or_default();
            things.is_some_and(|things| *things > found as usize)
        };
        self.left.keys().filter(stands).cloned().collect()
    }

    /// Findings that agree with an entry in what `name` tells of their keys.
    fn moved(&mut self, mended: &BTreeSet<Key>, name: impl Fn(&Key) -> Option<(String, Vec<String>)>) {
        let mut open: BTreeMap<(String, Vec<String>), VecDeque<Key>> = BTreeMap::new();
        let may_move = |key: &&Key| !key.place.is_empty() && !mended.contains(*key);
        for key in self.left.keys().filter(may_move) {
            if let Some(name) = name(key) {
                open.entry(name).or_default().push_back(key.clone());
            }
        }
        for (key, known) in self.keys.iter().zip(&mut self.matching.known) {
            let Some(key) = key.as_ref().filter(|key| !*known && !key.place.is_empty()) else {
                continue;
            };
            let Some(entries) = name(key).and_then(|name| open.get_mut(&name)) else {
                continue;
            };
            let Some(entry) = entries.front() else { continue };
            *known = true;
            self.matching.kept.add(key.clone(), 1);
            self.matching.moved += 1;
            if let Some(count) = self.left.get_mut(entry) {
                *count -= 1;
                if *count == 0 {
                    self.left.remove(entry);
                    entries.pop_front();
                }
            }
        }
    }

    fn finish(mut self) -> Matching {
        for (key, known) in self.keys.into_iter().zip(&self.matching.known) {
            if let Some(key) = key.filter(|_| !known) {
                self.matching.new.add(key, 1);
            }
        }
        self.matching.gone.entries = self.left;
        self.matching
    }
}

/// Sets aside the findings that something decided on: `by` tells for each what, by its number.
#[must_use]
pub fn set_aside(mut outcome: Outcome, by: impl Fn(usize) -> Option<SetAsideBy>) -> Outcome {
    let decided: Vec<Option<SetAsideBy>> = (0..outcome.findings.len()).map(by).collect();
    let is_aside = |index: usize| decided.get(index).is_some_and(Option::is_some);
    let (aside, kept) = std::mem::take(&mut outcome.findings).partition(is_aside);
    let by = outcome
        .redactor
        .redacted(decided.into_iter().flatten().collect::<Vec<_>>());
    let aside = aside.joined_with(by, |finding, by| SetAside { finding, by });
    let order = |aside: &SetAside| {
        let at = aside.finding.primary.at;
        (at.file, at.span.start, aside.finding.rule, at.span)
    };
    outcome.findings = kept;
    outcome.set_aside =
        std::mem::take(&mut outcome.set_aside).merged_with(aside, |one, two| order(one).cmp(&order(two)));
    outcome
}
