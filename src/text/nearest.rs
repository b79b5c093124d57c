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

/// Whether two names differ by one character that is changed, added or left out, or by two neighbours that are swapped;
/// letter case does not count.
#[must_use]
pub fn is_one_slip(written: &str, known: &str) -> bool {
    let written: Vec<char> = written.to_lowercase().chars().collect();
    let known: Vec<char> = known.to_lowercase().chars().collect();
    let same = written.iter().zip(&known).take_while(|(one, two)| one == two).count();
    let (one, two) = (
        written.get(same..).unwrap_or_default(),
        known.get(same..).unwrap_or_default(),
    );
    match (one, two) {
        ([], [_]) | ([_], []) => true,
        ([a, after @ ..], [b, rest @ ..]) => {
            let swapped = match (after, rest) {
                ([c, after @ ..], [d, rest @ ..]) => a == d && b == c && after == rest,
                _ => false,
            };
            after == rest || after == two || one == rest || swapped
        }
        _ => false,
    }
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

    #[test]
    fn one_slip_is_one_character_or_two_swapped() {
        for written in ["AppKye", "appkey1", "AppKe", "AppKeY1", "ppKey", "ApKey", "AqpKey"] {
            assert!(is_one_slip(written, "AppKey"), "{written}");
        }
        for written in ["AppKey", "", "AppName", "AppK", "pApKye", "AppKey12"] {
            assert!(!is_one_slip(written, "AppKey"), "{written}");
        }
    }
}
