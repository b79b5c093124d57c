//! Findings by rule and place, so that what a suppression covers is found without looking at all of them.

use std::collections::{BTreeMap, BTreeSet};
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
    /// Whether one of them stands in another group as well.
    is_shared: bool,
}

/// Findings, ready to be asked for.
pub(super) struct Index {
    /// By rule, file and start.
    groups: Vec<Group>,
    /// For each finding the place that is shown.
    shown: Vec<FileSpan>,
}

impl Index {
    pub(super) fn new(candidates: &[Candidate]) -> Self {
        let mut all: Vec<(&'static str, FileSpan, usize, bool)> = Vec::new();
        for (number, candidate) in candidates.iter().enumerate() {
            let (rule, shown) = (candidate.finding.rule, candidate.finding.primary.at);
            let has_moved = candidate.found_at != shown;
            all.push((rule, shown, number, has_moved));
            if has_moved {
                all.push((rule, candidate.found_at, number, has_moved));
            }
        }
        all.sort_unstable();
        let mut groups: Vec<Group> = Vec::new();
        for (rule, at, number, is_shared) in all {
            match groups.last_mut().filter(|last| last.rule == rule && last.at == at) {
                Some(last) => {
                    last.findings.push(number);
                    last.is_shared |= is_shared;
                }
                None => groups.push(Group {
                    rule,
                    at,
                    findings: vec![number],
                    is_shared,
                }),
            }
        }
        let shown = candidates.iter().map(|candidate| candidate.finding.primary.at);
        Self {
            groups,
            shown: shown.collect(),
        }
    }

    /// What counts the places of findings.
    pub(super) fn places(&self) -> Places<'_> {
        let shared = self.groups.iter().enumerate().filter(|(_, group)| group.is_shared);
        Places {
            index: self,
            shared: shared.map(|(number, _)| number).collect(),
            known: BTreeMap::new(),
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
        let mut taken = vec![None; self.shown.len()];
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

/// Counts the places of findings in groups.
pub(super) struct Places<'i> {
    index: &'i Index,
    /// The groups with findings that stand in others as well, in order.
    shared: Vec<usize>,
    /// What was counted before, by the starts and ends of the groups.
    known: BTreeMap<Vec<(usize, usize)>, usize>,
}

impl Places<'_> {
    /// At how many places findings are shown that stand in some groups of one rule; the groups are in order and do not
    /// overlap.
    pub(super) fn count(&mut self, ranges: &[Range<usize>]) -> usize {
        let all = ranges.iter().map(ExactSizeIterator::len).sum();
        if self.shared.is_empty() {
            return all;
        }
        let key = ranges.iter().map(|range| (range.start, range.end)).collect();
        let (index, shared) = (self.index, &self.shared);
        *self.known.entry(key).or_insert_with(|| {
            let among = |range: &Range<usize>| {
                let from = shared.partition_point(|group| *group < range.start);
                let end = shared.partition_point(|group| *group < range.end);
                shared.get(from..end).unwrap_or_default()
            };
            let several: Vec<usize> = ranges.iter().flat_map(among).copied().collect();
            let groups = several.iter().filter_map(|group| index.groups.get(*group));
            let findings = groups.flat_map(|group| &group.findings);
            let places: BTreeSet<&FileSpan> = findings.filter_map(|finding| index.shown.get(*finding)).collect();
            all - several.len() + places.len()
        })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Diagnostic, Severity};
    use crate::text::Span;

    fn place(file: u32, start: u32) -> FileSpan {
        FileSpan::new(FileId(file), Span::new(start, start + 1))
    }

    fn candidate(shown: FileSpan, found_at: FileSpan) -> Candidate {
        Candidate {
            finding: Diagnostic::new("a-rule", Severity::Note, "title", shown, "label"),
            found_at,
            names: Vec::new(),
            is_wanted: true,
        }
    }

    #[test]
    fn a_finding_that_is_shown_elsewhere_counts_once() {
        let candidates = [
            candidate(place(0, 1), place(1, 1)),
            candidate(place(0, 1), place(1, 1)),
            candidate(place(0, 5), place(1, 1)),
            candidate(place(1, 7), place(1, 7)),
        ];
        let index = Index::new(&candidates);
        let count = |covered: &[FileSpan]| {
            let cover = Cover([std::sync::Arc::from(covered)].into());
            index.places().count(&index.ranges("a-rule", &cover))
        };
        let whole = |file: u32| FileSpan::new(FileId(file), Span::new(0, 9));
        assert_eq!(count(&[whole(0), whole(1)]), 3);
        assert_eq!(count(&[whole(1)]), 3);
        assert_eq!(count(&[whole(0)]), 2);
        assert_eq!(count(&[place(0, 1)]), 1);
        assert_eq!(count(&[place(1, 7)]), 1);
        assert_eq!(count(&[]), 0);
    }
}
