//! The tokens of any text tile it, and the pieces of a script stand in order inside it.
#![no_main]

use kustolint::syntax::kql;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut at = 0;
    for token in kql::tokens(text) {
        assert_eq!(token.start, at, "a gap between tokens");
        assert!(token.end > at && text.is_char_boundary(token.end as usize));
        at = token.end;
    }
    assert_eq!(at as usize, text.len(), "a rest without a token");
    let mut at = 0;
    for piece in kql::pieces(text) {
        assert!(piece.start >= at && piece.end as usize <= text.len());
        at = piece.end;
    }
});
