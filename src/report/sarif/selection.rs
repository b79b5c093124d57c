//! Which findings become results: GitHub refuses a run with more than 25,000 of them.

use std::cmp::Reverse;

use super::result::steps;
use crate::diagnostic::{SetAsideBy, Severity};
use crate::report::model::{Report, Told};

/// Results of one run that GitHub takes.
const MOST_RESULTS: usize = 25_000;

/// Places of one result that GitHub takes, the first one among them.
pub(super) const MOST_PLACES: usize = 1000;

/// Steps of all ways of one result that GitHub takes.
pub(super) const MOST_STEPS: usize = 10_000;

/// A finding, and who set it aside.
pub(super) type Chosen<'r, 'o> = (&'r Told<'o>, Option<&'o SetAsideBy>);

/// The findings that become results, in the order of the report.
pub(super) struct Selection<'r, 'o> {
    pub(super) results: Vec<Chosen<'r, 'o>>,
    /// Findings that are left out, the least bad ones.
    pub(super) dropped: usize,
    /// Places that are left out of the results.
    pub(super) dropped_places: usize,
    /// Results of which not all ways are told.
    pub(super) cut_ways: usize,
}

impl<'r, 'o> Selection<'r, 'o> {
    pub(super) fn of(report: &'r Report<'o>) -> Self {
        let all = || {
            let findings = report.findings.iter().map(|told| (told, None));
            let aside = report.set_aside.iter().map(|(told, by)| (told, Some(*by)));
            findings.chain(aside)
        };
        let number = report.findings.len() + report.set_aside.len();
        let mut kinds: Vec<(Kind, usize)> = KINDS
            .into_iter()
            .map(|kind| (kind, all().filter(|chosen| kind_of(chosen) == kind).count()))
            .collect();
        let mut room = MOST_RESULTS;
        for (_, count) in &mut kinds {
            *count = room.min(*count);
            room -= *count;
        }
        let fits = |chosen: &Chosen<'r, 'o>| {
            let left = kinds.iter_mut().find(|(kind, _)| *kind == kind_of(chosen));
            left.is_some_and(|(_, left)| {
                let fits = *left > 0;
                *left -= usize::from(fits);
                fits
            })
        };
        let results: Vec<Chosen<'r, 'o>> = all().filter(fits).collect();
        let places = results.iter().map(|(told, _)| told.related.len() + 1);
        Self {
            dropped: number - results.len(),
            dropped_places: places.map(|places| places.saturating_sub(MOST_PLACES)).sum(),
            cut_ways: results
                .iter()
                .filter(|(told, _)| steps(told.finding) > MOST_STEPS)
                .count(),
            results,
        }
    }

    /// The names of the rules of all results.
    pub(super) fn rules(&self) -> impl Iterator<Item = &'static str> {
        self.results.iter().map(|(told, _)| told.finding.rule)
    }
}

/// Whether a finding is set aside, and its severity: what comes first is kept first.
type Kind = (bool, Reverse<Severity>);

const KINDS: [Kind; 6] = [
    (false, Reverse(Severity::Error)),
    (false, Reverse(Severity::Warning)),
    (false, Reverse(Severity::Note)),
    (true, Reverse(Severity::Error)),
    (true, Reverse(Severity::Warning)),
    (true, Reverse(Severity::Note)),
];

fn kind_of((told, by): &Chosen<'_, '_>) -> Kind {
    (by.is_some(), Reverse(told.finding.severity))
}
