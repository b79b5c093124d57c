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

/// What a run tells of a file that a baseline names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It was checked, or is gone from where files were checked: a finding that is not found there is gone.
    Looked,
    /// It is gone from a place where nothing was checked: its findings may have moved to what was.
    Gone,
    /// It was not checked.
    Elsewhere,
}

/// What findings are compared by after they moved: the rule, names of what holds them, and what they are about.
type Name = (String, Vec<String>, Vec<String>);

impl Baseline {
    /// Looks for its findings in an outcome. An entry stands for as many findings of its key as it counts, the first ones
    /// in the file; more are new. An entry that does not say what it is about may be about anything.
    ///
    /// What is left of entries is looked for under other keys, because things move: first the same rule in the same place
    /// of another file, then the same rule in what has the same innermost name, wherever that stands now (a command that
    /// went into a template, a resource that went into a nested deployment). Findings that nothing with a name holds are
    /// looked for elsewhere if they are about something and their file is gone. An entry whose file still holds a thing of
    /// these names without the finding has not moved: it was mended there, and what is found elsewhere is new. `reach`
    /// tells which files would show a finding that is still there. What is found again of an entry from where nothing was
    /// checked is known, and the entry stays as it is.
    #[must_use]
    pub fn matched(&self, outcome: &Outcome, reach: &dyn Fn(&str) -> Reach) -> Matching {
        let mut run = Run {
            keys: outcome
                .findings
                .iter()
                .map(|finding| Key::of(finding, outcome))
                .collect(),
            left: self.entries.clone(),
            outside: BTreeMap::new(),
            matching: Matching {
                known: vec![false; outcome.findings.len()],
                ..Matching::default()
            },
        };
        run.in_place();
        run.about_something();
        let left = std::mem::take(&mut run.left);
        for (key, count) in left {
            match reach(&key.path) {
                Reach::Looked => run.left.insert(key, count),
                Reach::Gone => {
                    run.matching.elsewhere.add(key.clone(), count);
                    run.outside.insert(key, count)
                }
                Reach::Elsewhere => {
                    run.matching.elsewhere.add(key, count);
                    None
                }
            };
        }
        let mended = run.mended(outcome);
        run.moved(&mended, |key| {
            Some((key.rule.clone(), key.place.clone(), key.subject.clone()))
        });
        run.moved(&mended, |key| {
            Some((key.rule.clone(), vec![key.place.last()?.clone()], key.subject.clone()))
        });
        run.finish()
    }
}

/// A baseline that is being looked for.
struct Run {
    /// For each finding its key, if it has one.
    keys: Vec<Option<Key>>,
    /// The entries that are still to be found, with their numbers.
    left: BTreeMap<Key, u32>,
    /// Those of files that are gone from where nothing was checked.
    outside: BTreeMap<Key, u32>,
    matching: Matching,
}

impl Run {
    /// Findings that stand where the baseline says.
    fn in_place(&mut self) {
        for (key, known) in self.keys.iter().zip(&mut self.matching.known) {
            let Some(key) = key else { continue };
            if take(&mut self.left, key) {
                *known = true;
                self.matching.kept.add(key.clone(), 1);
            }
        }
    }

    /// Findings that stand where an entry says that does not tell what it is about.
    fn about_something(&mut self) {
        for (key, known) in self.keys.iter().zip(&mut self.matching.known) {
            let Some(key) = key.as_ref().filter(|_| !*known) else {
                continue;
            };
            let bare = Key {
                subject: Vec::new(),
                ..key.clone()
            };
            // With no subject, a key comes before those of the same place with one.
            let mut of_place = self.left.range(&bare..).map(|(entry, _)| entry);
            let is_same = |entry: &&Key| {
                (&entry.path, &entry.rule, &entry.place) == (&key.path, &key.rule, &key.place)
                    && entry.subject.is_empty()
            };
            if let Some(entry) = of_place.next().filter(is_same).cloned() {
                *known = take(&mut self.left, &entry);
                self.matching.kept.add(key.clone(), 1);
            }
        }
    }

    /// What is left of entries of which more things stand where they were than have the finding there. Where nothing has
    /// a name, the file itself is what stands.
    fn mended(&self, outcome: &Outcome) -> BTreeSet<Key> {
        let open = || self.left.keys().chain(self.outside.keys());
        let paths: BTreeSet<&str> = open().map(|key| key.path.as_str()).collect();
        let mut standing: BTreeMap<(&str, Vec<String>), usize> = BTreeMap::new();
        for (file, source) in outcome.sources.iter() {
            let path = path_of(source.path(), outcome);
            let Some(path) = path.as_deref().and_then(|path| paths.get(path)) else {
                continue;
            };
            standing.insert((path, Vec::new()), usize::MAX);
            for place in outcome.places(file).iter() {
                *standing.entry((path, place.clone())).or_default() += 1;
            }
        }
        let mut found: BTreeMap<(&str, &str, &[String]), usize> = BTreeMap::new();
        for (key, count) in self.matching.kept.entries() {
            *found.entry((&key.path, &key.rule, &key.place)).or_default() += count as usize;
        }
        let stands = |key: &&Key| {
            let things = standing.get(&(key.path.as_str(), key.place.clone()));
            let found = found
                .get(&(&key.path, &key.rule, &key.place))
                .copied()
                .unwrap_or_default();
            things.is_some_and(|things| *things > found)
        };
        open().filter(stands).cloned().collect()
    }

    /// Findings that agree with an entry in what `name` tells of their keys.
    fn moved(&mut self, mended: &BTreeSet<Key>, name: impl Fn(&Key) -> Option<Name>) {
        let mut open: BTreeMap<Name, VecDeque<Key>> = BTreeMap::new();
        let may_move = |key: &&Key| key.has_name() && !mended.contains(*key);
        for key in self.left.keys().chain(self.outside.keys()).filter(may_move) {
            if let Some(name) = name(key) {
                open.entry(name).or_default().push_back(key.clone());
            }
        }
        for (key, known) in self.keys.iter().zip(&mut self.matching.known) {
            let Some(key) = key.as_ref().filter(|key| !*known && key.has_name()) else {
                continue;
            };
            let Some(entries) = name(key).and_then(|name| open.get_mut(&name)) else {
                continue;
            };
            let Some(entry) = entries.front() else { continue };
            *known = true;
            if take(&mut self.left, entry) {
                self.matching.kept.add(key.clone(), 1);
                self.matching.moved += 1;
            } else {
                take(&mut self.outside, entry);
            }
            if !self.left.contains_key(entry) && !self.outside.contains_key(entry) {
                entries.pop_front();
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

/// Takes one finding out of an entry, if there is such an entry.
fn take(entries: &mut BTreeMap<Key, u32>, key: &Key) -> bool {
    let Some(count) = entries.get_mut(key) else {
        return false;
    };
    *count -= 1;
    if *count == 0 {
        entries.remove(key);
    }
    true
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
