//! The name that was probably meant.

/// The candidate that a mistyped name most likely stands for, if one is close.
#[must_use]
pub fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = (wanted.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(wanted, candidate), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many characters must be changed, added or left out; letter case does not count.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (line, left) in a.to_lowercase().chars().enumerate() {
        let mut next = vec![line + 1];
        let mut last = line + 1;
        for ((right, above), corner) in b.iter().zip(row.iter().skip(1)).zip(&row) {
            last = (corner + usize::from(left != *right)).min(above + 1).min(last + 1);
            next.push(last);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_recognised() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "ab"), 2);
        assert_eq!(
            nearest("polices.kql", ["policies.kql", "tables.kql"]),
            Some("policies.kql")
        );
        assert_eq!(nearest("POLICIES.kql", ["policies.kql"]), Some("policies.kql"));
        assert_eq!(nearest("x.kql", ["something-else.json"]), None);
    }
}
