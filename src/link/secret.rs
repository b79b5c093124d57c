//! Secrets, each once: what was found in a file and again in a script or a value that takes it in.

use std::collections::BTreeMap;

use crate::facts::SecretFound;
use crate::text::{FileId, FileSpan};

/// Makes one of finds that overlap. What stands in one piece counts first.
#[must_use]
pub fn each_once(mut found: Vec<SecretFound>) -> Vec<SecretFound> {
    found.sort_by_key(|secret| (secret.pieces.len(), secret.at, secret.kind));
    let mut kept: Vec<SecretFound> = Vec::new();
    let mut taken = Taken::default();
    for secret in found {
        let known = secret.places().find_map(|place| taken.overlapping(place));
        match known.and_then(|index| kept.get_mut(index)) {
            Some(known) => {
                let literals = secret.literals.into_iter();
                let new: Vec<_> = literals.filter(|literal| !known.literals.contains(literal)).collect();
                known.literals.extend(new);
            }
            None => {
                secret.places().for_each(|place| taken.add(place, kept.len()));
                kept.push(secret);
            }
        }
    }
    kept.sort_by_key(|secret| secret.at);
    kept
}

/// Places of secrets that don't overlap, with the index of the secret.
#[derive(Default)]
struct Taken(BTreeMap<(FileId, u32), (FileSpan, usize)>);

impl Taken {
    fn overlapping(&self, place: FileSpan) -> Option<usize> {
        let before = self.0.range(..(place.file, place.span.end.max(place.span.start + 1)));
        let (last, index) = before.last().map(|(_, found)| found)?;
        (last.file == place.file && last.span.end > place.span.start).then_some(*index)
    }

    fn add(&mut self, place: FileSpan, index: usize) {
        self.0.entry((place.file, place.span.start)).or_insert((place, index));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Case, SecretLiteral};
    use crate::syntax::connection::SecretKind;
    use crate::text::Span;

    fn secret(places: &[(u32, u32)], literal: Option<u32>) -> SecretFound {
        let at = |start, end| FileSpan::new(FileId(0), Span::new(start, end));
        let mut places = places.iter().map(|(start, end)| at(*start, *end));
        SecretFound {
            at: places.next().unwrap(),
            pieces: places.collect(),
            used_at: None,
            kind: SecretKind::AccountKey,
            literals: literal
                .map(|start| SecretLiteral {
                    at: at(start, start + 50),
                    start: None,
                    obfuscated: false,
                    multiline: false,
                })
                .into_iter()
                .collect(),
            case: Case::of(FileId(0)),
        }
    }

    #[test]
    fn a_secret_that_is_found_twice_is_one() {
        let found = vec![
            secret(&[(90, 100), (10, 20)], Some(5)),
            secret(&[(10, 20)], None),
            secret(&[(12, 18)], Some(5)),
            secret(&[(20, 30)], None),
            secret(&[(40, 50), (60, 70)], None),
            secret(&[(60, 70), (40, 50)], None),
        ];
        let merged = each_once(found);
        let places: Vec<(u32, usize)> = merged
            .iter()
            .map(|one| (one.at.span.start, one.literals.len()))
            .collect();
        assert_eq!(places, [(10, 1), (20, 0), (40, 0)]);
    }
}
