//! Which fixes are applied in one round: those that are wanted and don't overlap, the first first.

use std::collections::BTreeSet;

use super::{Key, key};
use crate::diagnostic::{Applicability, Edit};
use crate::engine::Outcome;
use crate::text::FileSpan;

/// A fix that is to be applied.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    /// The number of its finding.
    pub(super) finding: usize,
    pub(super) edits: Vec<Edit>,
}

/// The fixes of an outcome that are wanted (no worse than `most`), were not refused before, and leave each other's places alone.
pub(super) fn chosen(outcome: &Outcome, most: Applicability, refused: &BTreeSet<Key>) -> Vec<Choice> {
    let mut taken = Taken::default();
    let mut made = Vec::new();
    for (number, finding) in outcome.findings.iter().enumerate() {
        let fix = finding.fix.as_ref().filter(|fix| fix.applicability <= most);
        let Some(fix) = fix.filter(|_| !refused.contains(&key(finding, outcome))) else {
            continue;
        };
        if taken.takes(&fix.edits) {
            made.push(Choice {
                finding: number,
                edits: fix.edits.clone(),
            });
        }
    }
    made
}

/// The places that are taken, in order; none touches another unless both have characters.
#[derive(Default)]
struct Taken(BTreeSet<FileSpan>);

impl Taken {
    /// Takes the places of a fix, all or none.
    fn takes(&mut self, edits: &[Edit]) -> bool {
        let mut mine = Self::default();
        for edit in edits {
            if self.is_free(edit.at) && mine.is_free(edit.at) {
                mine.0.insert(edit.at);
            } else {
                return false;
            }
        }
        self.0.extend(mine.0);
        true
    }

    /// Whether nothing that is taken lies at a place. Those that are taken don't overlap: only the neighbours matter.
    fn is_free(&self, at: FileSpan) -> bool {
        let before = self.0.range(..=at).next_back();
        let after = self.0.range(at..).next();
        before.into_iter().chain(after).all(|other| !clash(*other, at))
    }
}

fn clash(one: FileSpan, other: FileSpan) -> bool {
    let (a, b) = (one.span, other.span);
    let touch_is_clash = a.is_empty() || b.is_empty();
    one.file == other.file
        && if touch_is_clash {
            a.start <= b.end && b.start <= a.end
        } else {
            a.start < b.end && b.start < a.end
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{FileId, Span};

    fn edit(start: u32, end: u32) -> Edit {
        Edit {
            at: FileSpan::new(FileId(0), Span::new(start, end)),
            text: String::new(),
        }
    }

    #[test]
    fn a_fix_takes_all_of_its_places_or_none() {
        let mut taken = Taken::default();
        assert!(taken.takes(&[edit(10, 20), edit(30, 40)]));
        assert!(!taken.takes(&[edit(0, 5), edit(35, 36)]), "one of two overlaps");
        assert!(taken.takes(&[edit(0, 5)]), "what was not taken is free");
        assert!(taken.takes(&[edit(20, 30)]), "neighbours don't overlap");
        assert!(!taken.takes(&[edit(5, 5)]), "what comes first is not certain");
        assert!(!taken.takes(&[edit(12, 12)]) && !taken.takes(&[edit(41, 45), edit(44, 46)]));
    }
}
