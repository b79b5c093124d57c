//! What holds of the parser of template expressions for any text.

use kustolint::syntax::expression::{Expression, Kind, MAX_HEIGHT, parse};
use kustolint::text::{FileId, MappedText, Span};

/// Holds the reading of `text` to all of it.
pub(crate) fn check(text: &str) {
    let source = MappedText::of_file(FileId::default(), text);
    let whole = Span::of(0, text.len());
    let parsed = parse(&source, whole);
    for error in &parsed.errors {
        assert!(
            text.get(error.span.range()).is_some(),
            "an error outside of the text: {error:?}"
        );
    }
    let mut parts = 0;
    stands_in(&parsed.tree, whole, text, 1, &mut parts);
    assert!(parts <= text.len().max(1), "{parts} parts of {} bytes", text.len());
    if parsed.errors.is_empty() {
        let alone = parse(&source, parsed.tree.span);
        assert_eq!(alone.tree, parsed.tree, "read otherwise without what stands around it");
    }
}

/// The parts stand inside one another, in order, on the borders of characters, and no deeper than they may.
fn stands_in(expression: &Expression, outer: Span, text: &str, height: u32, parts: &mut usize) {
    *parts += 1;
    assert!(height <= MAX_HEIGHT, "deeper than {MAX_HEIGHT}");
    let span = expression.span;
    inside(span, outer, text);
    let mut deeper = |part: &Expression| stands_in(part, span, text, height + 1, parts);
    match &expression.kind {
        Kind::Call(call) => {
            inside(call.name_span, span, text);
            let mut at = call.name_span.end;
            for arg in &call.args {
                assert!(arg.span.start >= at, "arguments out of order");
                deeper(arg);
                at = arg.span.end;
            }
        }
        Kind::Property { base, name_span, .. } => {
            deeper(base);
            inside(*name_span, span, text);
            assert!(name_span.start >= base.span.end, "a name before its base");
        }
        Kind::Index { base, index, .. } => {
            deeper(base);
            deeper(index);
            assert!(index.span.start >= base.span.end, "an index before its base");
        }
        Kind::String(text) => assert!(text.len() <= span.len(), "a text grew"),
        Kind::Integer(_) | Kind::Float(_) | Kind::Broken => {}
    }
}

fn inside(span: Span, outer: Span, text: &str) {
    let nested = span.start >= outer.start && span.end <= outer.end;
    assert!(nested && text.get(span.range()).is_some(), "{span:?} in {outer:?}");
}
