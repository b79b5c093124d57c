//! The words of the program's own texts: of titles, notes, rules, usages, and the keywords of Kusto.

use crate::text::Span;

/// All of them in lower case, in order.
const WORDS: &[&str] = include!(concat!(env!("OUT_DIR"), "/own_words.rs"));

/// Letters of the longest word that is looked up.
const LONGEST: usize = 48;

/// Whether what stands at `span` is made of own words and nothing else. A word that only begins or ends there counts as
/// a whole.
pub(super) fn make_up(text: &str, span: Span) -> bool {
    let range = span.range();
    let bytes = text.as_bytes();
    let before = bytes.get(..range.start).unwrap_or_default();
    let after = bytes.get(range.end..).unwrap_or_default();
    let letters = |byte: &&u8| byte.is_ascii_alphabetic();
    let start = range.start - before.iter().rev().take(LONGEST).take_while(letters).count();
    let end = range.end + after.iter().take(LONGEST).take_while(letters).count();
    let whole = text.get(start..end).unwrap_or_default();
    let plain = |byte: u8| byte.is_ascii_alphabetic() || b" -_.,:;'\"`/=()[]".contains(&byte);
    let mut words = whole
        .split(|letter: char| !letter.is_ascii_alphabetic())
        .filter(|word| !word.is_empty());
    whole.bytes().all(plain) && words.all(is_own)
}

fn is_own(word: &str) -> bool {
    word.len() <= LONGEST && WORDS.binary_search(&word.to_ascii_lowercase().as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_words_are_known_in_order() {
        assert!(WORDS.is_sorted());
        for word in [
            "identity",
            "externaltable",
            "policy",
            "whoever",
            "cluster",
            "application",
        ] {
            assert!(is_own(word), "{word}");
        }
        // They stand in tests and comments alone.
        assert!(!is_own("lily") && !is_own("friction"));
    }

    #[test]
    fn a_text_is_made_of_own_words_or_not() {
        let made = |text: &str, start, end| make_up(text, Span::new(start, end));
        assert!(made("managed identity", 2, 12));
        assert!(!made("managed identities7", 10, 19));
        assert!(!made("xmanaged identity", 1, 8));
        assert!(!made("manag+ed", 0, 8));
    }
}
