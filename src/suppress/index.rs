//! Findings by rule and place, so that what a suppression covers is found without looking at all of them.

use std::ops::Range;

use super::{Candidate, judge::Judged};
use crate::facts::{Cover, Suppression};
use crate::text::{FileId, FileSpan};

/// The findings of a rule at a place.
struct Group {
    rule: &'static str,
    at: FileSpan,
    /// The numbers of the findings.
    findings: Vec<usize>,
}

/// Findings, ready to be asked for.
pub(super) struct Index {
    /// By rule, file and start.
    groups: Vec<Group>,
    /// How many findings there are.
    findings: usize,
}

impl Index {
    pub(super) fn new(candidates: &[Candidate]) -> Self {
        let mut all: Vec<(&'static str, FileSpan, usize)> = Vec::new();
        for (number, candidate) in candidates.iter().enumerate() {
            let (rule, shown) = (candidate.finding.rule, candidate.finding.primary.at);
            all.push((rule, shown, number));
            if candidate.found_at != shown {
                all.push((rule, candidate.found_at, number));
            }
        }
        all.sort_unstable();
        let mut groups: Vec<Group> = Vec::new();
        for (rule, at, number) in all {
            match groups.last_mut().filter(|last| last.rule == rule && last.at == at) {
                Some(last) => last.findings.push(number),
                None => groups.push(Group {
                    rule,
                    at,
                    findings: vec![number],
                }),
            }
        }
        Self {
            groups,
            findings: candidates.len(),
        }
    }

    /// The groups of a rule that start in a place.
    fn range(&self, rule: &str, place: FileSpan) -> Range<usize> {
        let key = |group: &Group| -> (&'static str, FileId, u32) { (group.rule, group.at.file, group.at.span.start) };
        let from = (rule, place.file, place.span.start);
        let to = (rule, place.file, place.span.end);
        let start = self.groups.partition_point(|group| key(group) < from);
        let end = self.groups.partition_point(|group| key(group) <= to);
        start..end.max(start)
    }

    /// The groups of a rule in what something covers, in order and without overlap.
    pub(super) fn ranges(&self, rule: &str, cover: &Cover) -> Vec<Range<usize>> {
        let mut ranges: Vec<Range<usize>> = cover
            .places()
            .map(|place| self.range(rule, place))
            .filter(|range| !range.is_empty())
            .collect();
        ranges.sort_unstable_by_key(|range| range.start);
        ranges.dedup_by(|next, kept| {
            let joined = next.start <= kept.end;
            if joined {
                kept.end = kept.end.max(next.end);
            }
            joined
        });
        ranges
    }

    /// For each finding the suppression that sets it aside: of several the one that covers the least.
    pub(super) fn taken(&self, written: &[(Suppression, Judged)]) -> Vec<Option<usize>> {
        let mut order: Vec<(u64, usize)> = written
            .iter()
            .enumerate()
            .filter(|(_, (_, judged))| judged.counts)
            .map(|(number, (one, _))| (extent(one), number))
            .collect();
        order.sort_unstable();
        let mut taken = vec![None; self.findings];
        let mut free = Free((0..=self.groups.len()).collect());
        for (_, number) in order {
            let Some((_, judged)) = written.get(number) else {
                continue;
            };
            for range in judged.mentions.iter().flat_map(|mention| &mention.found) {
                let mut next = free.from(range.start);
                while next < range.end {
                    let findings = self.groups.get(next).map(|group| group.findings.as_slice());
                    for finding in findings.unwrap_or_default() {
                        if let Some(by) = taken.get_mut(*finding) {
                            *by = by.or(Some(number));
                        }
                    }
                    free.take(next);
                    next = free.from(next);
                }
            }
        }
        taken
    }
}

/// How much text a suppression covers.
fn extent(one: &Suppression) -> u64 {
    let places = one.covers.iter().flat_map(Cover::places);
    places.map(|place| u64::from(place.span.len())).sum()
}

/// For each group, one at or after it that was not taken.
struct Free(Vec<usize>);

impl Free {
    /// The first free group from one on.
    fn from(&mut self, from: usize) -> usize {
        let mut root = from;
        while let Some(next) = self.0.get(root).copied().filter(|next| *next != root) {
            root = next;
        }
        let mut at = from;
        while let Some(step) = self.0.get_mut(at).filter(|step| **step != root) {
            at = std::mem::replace(step, root);
        }
        root
    }

    fn take(&mut self, group: usize) {
        if let Some(next) = self.0.get_mut(group) {
            *next = group + 1;
        }
    }
}
