//! Which findings are set aside, by what is written in the files and in the configuration, and what is wrong with the
//! suppressions themselves. None is silent: one that covers nothing, has expired, gives no reason or can't be read is a
//! finding.

mod index;
mod inventory;
mod judge;
mod report;

use std::collections::BTreeSet;

use crate::config::{Config, ConfiguredSuppression};
use crate::diagnostic::{Diagnostic, SetAside, SetAsideBy, Undecided};
use crate::facts::{Suppression, Written};
use crate::text::{Date, FileId, FileSpan, SourceFile, Sources};

use index::Index;
pub use inventory::{Listed, Place, State};
use judge::{Judged, Judgement};

/// Rules whose findings say that a file was not read wholly: what is suppressed there may be there unseen.
const UNREAD: [&str; 3] = ["limit-reached", "syntax-error", "unreadable-file"];

/// A finding that may be suppressed.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The finding, as it is shown.
    pub finding: Diagnostic,
    /// Where the rule has found it; another place is shown if only a parameter file is checked.
    pub found_at: FileSpan,
    /// The names of what holds these places.
    pub names: Vec<String>,
    /// Whether it concerns a file for which findings are wanted; others only show that a suppression is needed.
    pub is_wanted: bool,
}

/// What the user has set for the rules, as it holds for each file.
pub trait Decisions {
    /// Whether findings of a rule that concern a file are wanted wherever they are found.
    fn runs_for(&self, rule: &str, file: FileId) -> bool;

    /// Whether a finding is wanted where it stands; it gets the severity that is set for its rule there.
    fn takes(&self, finding: &mut Diagnostic) -> bool;
}

/// What suppressions rest on.
pub struct Request<'r> {
    /// What is written in the files.
    pub written: Vec<Suppression>,
    /// What the user has set.
    pub config: &'r Config,
    /// Which rules that turns on, for each file.
    pub decisions: &'r dyn Decisions,
    /// The files.
    pub sources: &'r Sources,
    /// The day it is; without one nothing has expired.
    pub today: Option<Date>,
    /// What could not be decided: a suppression there may be needed.
    pub undecided: &'r [Undecided],
    /// Whether all files that the configuration speaks of are there; otherwise no entry of it is called unused.
    pub whole: bool,
    /// Whether all was compared that can be; otherwise no suppression is called unused.
    pub complete: bool,
    /// The files for which findings are wanted.
    pub reported: BTreeSet<FileId>,
}

/// Findings after suppressions.
#[derive(Debug, Default)]
pub struct Sifted {
    /// Those that nothing covers.
    pub left: Vec<Diagnostic>,
    /// Those that are covered.
    pub aside: Vec<SetAside>,
    /// What is wrong with the suppressions.
    pub own: Vec<Diagnostic>,
    /// All suppressions, those of the files in the order of the files.
    pub inventory: Vec<Listed>,
}

/// Sets findings aside.
#[must_use]
pub fn sift(candidates: Vec<Candidate>, request: Request<'_>) -> Sifted {
    let index = Index::new(&candidates);
    let unread = candidates
        .iter()
        .filter(|candidate| UNREAD.contains(&candidate.finding.rule))
        .flat_map(|candidate| [candidate.found_at.file, candidate.finding.primary.at.file])
        .collect();
    let judgement = Judgement {
        index: &index,
        decisions: request.decisions,
        today: request.today,
        undecided: sorted(request.undecided),
        unread,
        complete: request.complete,
    };
    let written: Vec<(Suppression, Judged)> = joined(request.written)
        .into_iter()
        .map(|one| {
            let judged = judgement.of(&one);
            (one, judged)
        })
        .collect();
    let by = index.taken(&written);
    let mut sifted = Sifted::default();
    let mut configured = Configured::new(request.config, request.sources);
    for (number, mut candidate) in candidates.into_iter().enumerate() {
        let taken = by.get(number).copied().flatten().and_then(|one| written.get(one));
        let by = match taken {
            Some((one, _)) => Some(SetAsideBy::Source {
                reason: one.reason.clone(),
                at: one.at,
            }),
            None => configured.cover(&mut candidate, request.today),
        };
        match by {
            _ if !candidate.is_wanted => {}
            Some(by) => sifted.aside.push(SetAside {
                finding: candidate.finding,
                by,
            }),
            None => sifted.left.push(candidate.finding),
        }
    }
    for (one, judged) in &written {
        report::told(one, judged, &mut sifted.own);
    }
    let is_reported = |one: &&(Suppression, Judged)| request.reported.contains(&one.0.at.file);
    let of_files = written.iter().filter(is_reported);
    let mut places = index.places();
    sifted
        .inventory
        .extend(of_files.map(|(one, judged)| Listed::written(one, judged, &mut places)));
    let verdicts = configured.verdicts(&judgement, &request.reported, request.whole);
    configured.told(&verdicts, &mut sifted.own);
    sifted.inventory.extend(configured.listed(&verdicts));
    sifted.own.retain_mut(|finding| request.decisions.takes(finding));
    sifted
}

/// Suppressions in the order of the files, each once; what one reading of a text passes over and another one reads is read.
fn joined(mut written: Vec<Suppression>) -> Vec<Suppression> {
    let is_read = |one: &&Suppression| one.written != Written::Elsewhere;
    let start = |one: &Suppression| (one.at.file, one.at.span.start);
    let read: BTreeSet<(FileId, u32)> = written.iter().filter(is_read).map(start).collect();
    written.retain(|one| one.written != Written::Elsewhere || !read.contains(&start(one)));
    // Of two readings that pass over it, the one that knows the language better is told.
    let flaw = |one: &Suppression| one.flaws.first().map(|flaw| flaw.what.clone());
    written.sort_by(|one, other| (one.key(), flaw(one)).cmp(&(other.key(), flaw(other))));
    let mut passed_over = BTreeSet::new();
    written.retain(|one| one.written != Written::Elsewhere || passed_over.insert(start(one)));
    written.dedup_by(|later, first| {
        let same = later.key() == first.key();
        if same {
            first.join(later);
        }
        same
    });
    written
}

/// Where the questions stand, in order.
fn sorted(undecided: &[Undecided]) -> Vec<(FileId, u32)> {
    let mut places: Vec<_> = undecided
        .iter()
        .map(|question| (question.at.file, question.at.span.start))
        .collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// What an entry of the configuration comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// It covers findings.
    Active,
    /// Its day has passed.
    Expired,
    /// It covers nothing.
    NoFinding,
    /// Its patterns mean no file that is checked.
    NoFile,
    /// It covers nothing, and something in its files was not read or decided.
    NothingDecided,
    /// It covers nothing, and nothing is known that it might cover: its rules are off, or not all files are checked.
    Untold,
}

impl Verdict {
    fn state(self) -> State {
        match self {
            Self::Active => State::Active,
            Self::Expired => State::Expired,
            Self::NoFinding | Self::NoFile => State::Unused,
            Self::NothingDecided | Self::Untold => State::Idle,
        }
    }
}

/// The entries of the configuration, and how many findings each covers.
struct Configured<'r> {
    config: &'r Config,
    sources: &'r Sources,
    counts: Vec<BTreeSet<(&'static str, FileSpan)>>,
}

impl<'r> Configured<'r> {
    fn new(config: &'r Config, sources: &'r Sources) -> Self {
        Self {
            config,
            sources,
            counts: vec![BTreeSet::new(); config.suppress.len()],
        }
    }

    /// The way to a file from the folder of the configuration.
    fn path_of(&self, file: FileId) -> Option<String> {
        self.config.base.way_to(self.sources.path(file))
    }

    /// What sets a finding aside, if an entry does. What an entry covered that has expired tells so.
    fn cover(&mut self, candidate: &mut Candidate, today: Option<Date>) -> Option<SetAsideBy> {
        let rule = candidate.finding.rule;
        let named = |entry: &ConfiguredSuppression| entry.rules.iter().any(|known| known == rule);
        if !self.config.suppress.iter().any(named) {
            return None;
        }
        let shown = candidate.finding.primary.at;
        let mut files = vec![shown.file, candidate.found_at.file];
        files.dedup();
        let paths: Vec<Option<String>> = files.into_iter().map(|file| self.path_of(file)).collect();
        let mut by = None;
        for (entry, count) in self.config.suppress.iter().zip(&mut self.counts) {
            let covers = paths
                .iter()
                .any(|path| entry.covers(rule, path.as_deref(), &candidate.names));
            if !covers {
                continue;
            }
            count.insert((rule, shown));
            if !has_expired(entry.until, today) {
                by.get_or_insert_with(|| SetAsideBy::Configuration {
                    reason: entry.reason.clone(),
                });
            } else if let Some(until) = entry.until {
                let note = format!(
                    "`{}` set this aside until {until}, at line {}; that day has passed",
                    self.config.path, entry.line
                );
                candidate.finding.notes.push(note);
            }
        }
        by
    }

    /// What each entry comes to. Nothing is known of one that covers nothing if not all of its files are there, or not
    /// all in them was read and decided.
    fn verdicts(&self, judgement: &Judgement<'_>, reported: &BTreeSet<FileId>, whole: bool) -> Vec<Verdict> {
        let files: Vec<(FileId, Option<String>)> = reported.iter().map(|file| (*file, self.path_of(*file))).collect();
        let entries = self.config.suppress.iter().zip(&self.counts);
        let verdicts = entries.map(|(entry, count)| {
            if has_expired(entry.until, judgement.today) {
                return Verdict::Expired;
            }
            if !count.is_empty() {
                return Verdict::Active;
            }
            let means = |(_, path): &&(FileId, Option<String>)| {
                entry.files.is_empty() || path.as_deref().is_some_and(|path| entry.files.matches(path))
            };
            let meant: Vec<FileId> = files.iter().filter(means).map(|(file, _)| *file).collect();
            let runs = |file: &FileId| {
                let mut rules = entry.rules.iter();
                rules.any(|rule| judgement.decisions.runs_for(rule, *file))
            };
            match () {
                () if !whole || !judgement.complete => Verdict::Untold,
                () if meant.is_empty() && !entry.files.is_empty() => Verdict::NoFile,
                () if !meant.iter().any(runs) => Verdict::Untold,
                () if meant.iter().all(|file| judgement.is_file_decided(*file)) => Verdict::NoFinding,
                () => Verdict::NothingDecided,
            }
        });
        verdicts.collect()
    }

    /// Adds what is to be said of the entries, if the configuration is one of the files.
    fn told(&self, verdicts: &[Verdict], out: &mut Vec<Diagnostic>) {
        let way = self.config.base.way_to(&self.config.path);
        let mut files = self.sources.iter();
        let is_it = |(_, file): &(FileId, &SourceFile)| {
            file.text() == self.config.text && self.config.base.way_to(file.path()) == way
        };
        if self.config.text.is_empty() || way.is_none() {
            return;
        }
        let Some((file, _)) = files.find(is_it) else {
            return;
        };
        for (entry, verdict) in self.config.suppress.iter().zip(verdicts) {
            report::configured(entry, *verdict, FileSpan::new(file, entry.at), out);
        }
    }

    fn listed(&self, verdicts: &[Verdict]) -> Vec<Listed> {
        let entries = self.config.suppress.iter().zip(&self.counts).zip(verdicts);
        let listed = entries.map(|((entry, count), verdict)| {
            Listed::configured(entry, &self.config.path, verdict.state(), count.len())
        });
        listed.collect()
    }
}

/// Whether a day has passed.
fn has_expired(until: Option<Date>, today: Option<Date>) -> bool {
    until.zip(today).is_some_and(|(until, today)| today > until)
}
