use proptest::prelude::*;

use super::*;
use crate::syntax::Parsed;
use crate::text::{FileId, FileSpan, MappedText, Span};

fn read(text: &str) -> Parsed<Expression> {
    let source = MappedText::of_file(FileId(0), text);
    parse(&source, Span::new(0, source.len()))
}

fn tree(text: &str) -> Expression {
    let parsed = read(text);
    assert!(parsed.errors.is_empty(), "{text}: {:?}", parsed.errors);
    parsed.tree
}

#[test]
fn brackets_tell_expressions_from_literals() {
    assert!(is_expression("[f()]"));
    assert!(is_expression("[]"));
    for literal in ["", "[", "]", "[[x]", "[x] y", "x", "[x] "] {
        assert!(!is_expression(literal), "{literal}");
    }
    assert!(is_escaped("[[x]"));
    assert!(!is_escaped("[[x"));
}

#[test]
fn calls_have_names_and_arguments() {
    let Kind::Call(call) = tree(" concat ( 'a' , 1 ,\n x.y(-2) ) ").kind else {
        panic!("a call");
    };
    assert_eq!((call.name.as_str(), call.args.len()), ("concat", 3));
    let Kind::Call(inner) = &call.args[2].kind else {
        panic!("a call");
    };
    assert_eq!((inner.namespace.as_deref(), inner.name.as_str()), (Some("x"), "y"));
    assert_eq!(inner.args[0].kind, Kind::Integer(-2));
}

#[test]
fn accessors_nest_to_the_left() {
    let parsed = tree("f().a[0]?.b?['c'].?d");
    let Kind::Property { base, name, safe, .. } = parsed.kind else {
        panic!("a property");
    };
    assert_eq!((name.as_str(), safe), ("d", true));
    let Kind::Index { base, safe, .. } = base.kind else {
        panic!("an index");
    };
    assert!(safe);
    let Kind::Property { base, name, safe, .. } = base.kind else {
        panic!("a property");
    };
    assert_eq!((name.as_str(), safe), ("b", true));
    assert!(matches!(base.kind, Kind::Index { safe: false, .. }));
}

#[test]
fn literals_keep_their_places() {
    let Kind::String(text) = tree("'it''s [x]'").kind else {
        panic!("a text");
    };
    assert_eq!(text.known(), Some("it's [x]"));
    assert_eq!(
        text.source(Span::new(0, 2)),
        Some(FileSpan::new(FileId(0), Span::new(1, 3)))
    );
    assert_eq!(
        text.source(Span::new(2, 3)),
        Some(FileSpan::new(FileId(0), Span::new(3, 5)))
    );
    assert_eq!(
        text.source(Span::new(3, 4)),
        Some(FileSpan::new(FileId(0), Span::new(5, 6)))
    );
}

#[test]
fn a_part_of_a_text_can_be_parsed() {
    let source = MappedText::of_file(FileId(0), "x @{pipeline().parameters.name} y");
    let parsed = parse(&source, Span::new(4, 30));
    assert!(parsed.errors.is_empty());
    assert_eq!(parsed.tree.span, Span::new(4, 30));
}

#[test]
fn numbers() {
    assert_eq!(tree("9223372036854775807").kind, Kind::Integer(i64::MAX));
    assert_eq!(
        tree("9223372036854775808").kind,
        Kind::Float(9_223_372_036_854_775_808.0)
    );
    assert_eq!(tree("-1.5").kind, Kind::Float(-1.5));
}

#[test]
fn mistakes_are_told_with_their_place() {
    for (text, at, message) in [
        ("", 0, "expected a value"),
        ("concat('a'", 10, "expected a comma"),
        ("concat('a',)", 11, "expected a value"),
        ("a b", 2, "expected a parenthesis"),
        ("f('x", 2, "the quote that closes"),
        ("f() g()", 4, "expected the end"),
        ("f().'x'", 4, "expected the name"),
        ("f()[1", 5, "expected a bracket"),
        ("\u{fffc}", 0, "expected a value"),
    ] {
        let errors = read(text).errors;
        assert_eq!(errors.len(), 1, "{text}");
        assert!(errors[0].message.starts_with(message), "{text}: {}", errors[0].message);
        assert_eq!(errors[0].span.start, at, "{text}");
    }
}

#[test]
fn depth_is_limited() {
    for text in [
        format!("{}1{}", "f(".repeat(100_000), ")".repeat(100_000)),
        format!("f(){}", ".a".repeat(100_000)),
        format!("f(){}", "[g()".repeat(100_000)),
    ] {
        assert!(read(&text).errors[0].limit);
    }
    tree(&format!("{}1{}", "f(".repeat(100), ")".repeat(100)));
}

fn inside(expression: &Expression, outer: Span) {
    assert!(outer.start <= expression.span.start && expression.span.end <= outer.end);
    match &expression.kind {
        Kind::Call(call) => call.args.iter().for_each(|arg| inside(arg, expression.span)),
        Kind::Property { base, .. } => inside(base, expression.span),
        Kind::Index { base, index, .. } => {
            inside(base, expression.span);
            inside(index, expression.span);
        }
        _ => {}
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text in r"(f|ns\.g|\(|\)|\[|\]|,|\.|\?|'|''|x| |-?[0-9]{1,3}|é){0,40}") {
        let parsed = read(&text);
        let whole = Span::of(0, text.len());
        inside(&parsed.tree, whole);
        for error in parsed.errors {
            prop_assert!(error.span.end <= whole.end);
        }
    }

    #[test]
    fn any_characters_are_read(text in any::<String>()) {
        read(&text);
    }
}
