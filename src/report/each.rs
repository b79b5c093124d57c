//! Lists that are made while they are written: a report of a million findings takes the memory of one.

use serde::{Serialize, Serializer};

/// What `make` goes through, as a list.
pub(super) struct Each<F>(pub(super) F);

impl<I, F> Serialize for Each<F>
where
    F: Fn() -> I,
    I: Iterator<Item: Serialize>,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_made_one_after_another() {
        let list = Each(|| (1..4).map(|number| number * 2));
        assert_eq!(serde_json::to_string(&list).unwrap(), "[2,4,6]");
    }
}
