//! The things in a file that have names: what a finding is remembered by when lines move.

use crate::text::{FileId, FileSpan};

/// Names that a place has at most: of deeper ones the innermost count.
const MOST_NAMES: usize = 8;

/// A command, a resource, a parameter: a part of a file with a name of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unit {
    /// The characters of all of it.
    pub at: FileSpan,
    /// What it is called, as it is written: `.create external table Orders`, `Microsoft.KeyVault/vaults kv1`.
    pub name: String,
}

/// The named parts of all files, ready to be asked what holds a place.
#[derive(Debug, Default)]
pub struct Units {
    /// By file, then by start, the longer ones first.
    units: Vec<Unit>,
    /// For each unit the one that it stands in.
    parents: Vec<Option<usize>>,
}

impl Units {
    /// Sorts units.
    #[must_use]
    pub fn new(mut units: Vec<Unit>) -> Self {
        let order = |unit: &Unit| (unit.at.file, unit.at.span.start, std::cmp::Reverse(unit.at.span.end));
        units.sort_by(|one, two| (order(one), &one.name).cmp(&(order(two), &two.name)));
        units.dedup();
        let mut parents: Vec<Option<usize>> = Vec::with_capacity(units.len());
        let mut last: Option<usize> = None;
        for (index, unit) in units.iter().enumerate() {
            while let Some(open) = last.filter(|open| !units.get(*open).is_some_and(|outer| outer.at.holds(unit.at))) {
                last = parents.get(open).copied().flatten();
            }
            parents.push(last);
            last = Some(index);
        }
        Self { units, parents }
    }

    /// All of them, by file and start.
    pub fn all(&self) -> impl Iterator<Item = &Unit> {
        self.units.iter()
    }

    /// The names of each unit in a file and of those that hold it, the outermost first.
    pub fn places_in(&self, file: FileId) -> impl Iterator<Item = Vec<String>> {
        let start = self.units.partition_point(|unit| unit.at.file < file);
        let units = self.units.iter().skip(start);
        units
            .take_while(move |unit| unit.at.file == file)
            .map(|unit| self.names_of(unit.at))
    }

    /// The names of the units that hold a place, the outermost first.
    #[must_use]
    pub fn names_of(&self, place: FileSpan) -> Vec<String> {
        let key = |unit: &Unit| -> (FileId, u32) { (unit.at.file, unit.at.span.start) };
        let after = self
            .units
            .partition_point(|unit| key(unit) <= (place.file, place.span.start));
        let mut next = after.checked_sub(1);
        let mut names = Vec::new();
        while let Some((index, unit)) = next.and_then(|index| Some((index, self.units.get(index)?))) {
            if unit.at.file != place.file || names.len() == MOST_NAMES {
                break;
            }
            if unit.at.holds(place) && names.last() != Some(&unit.name) {
                names.push(unit.name.clone());
            }
            next = self.parents.get(index).copied().flatten();
        }
        names.reverse();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn unit(file: u32, start: u32, end: u32, name: &str) -> Unit {
        Unit {
            at: FileSpan::new(FileId(file), Span::new(start, end)),
            name: name.to_owned(),
        }
    }

    #[test]
    fn a_place_has_the_names_of_what_holds_it() {
        let units = Units::new(vec![
            unit(0, 60, 80, "second"),
            unit(0, 0, 100, "whole"),
            unit(0, 10, 50, "first"),
            unit(0, 20, 30, "inner"),
            unit(1, 0, 9, "other"),
        ]);
        let of = |file, start, end| {
            units
                .names_of(FileSpan::new(FileId(file), Span::new(start, end)))
                .join(" › ")
        };
        assert_eq!(of(0, 22, 24), "whole › first › inner");
        assert_eq!(of(0, 35, 36), "whole › first");
        assert_eq!(of(0, 70, 70), "whole › second");
        assert_eq!(of(0, 55, 56), "whole");
        assert_eq!(of(0, 45, 65), "whole", "over the border of two");
        assert_eq!(of(1, 3, 4), "other");
        assert_eq!(of(1, 30, 31), "");
        assert_eq!(of(2, 0, 1), "");
    }
}
