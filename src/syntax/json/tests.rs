use super::*;
use crate::text::{FileId, FileSpan};
use proptest::prelude::*;

fn text(source: &str) -> MappedText {
    MappedText::of_file(FileId(0), source)
}

fn errors(source: &str) -> Vec<String> {
    parse(&text(source), Dialect::Template)
        .errors
        .into_iter()
        .map(|error| format!("{:?} {}", error.span, error.message))
        .collect()
}

#[test]
fn what_the_resource_manager_accepts_has_no_errors() {
    let source = "// head\n{ \"a\": [1, 2.5e3, -0, true, null,], /* c */ \"b\": \"two\nlines\", \"A\": {}, }";
    assert_eq!(errors(source), Vec::<String>::new());
    let tree = parse(&text(source), Dialect::Template).tree;
    assert_eq!(tree.members().len(), 3);
    assert_eq!(
        tree.member("a").unwrap().name,
        "A",
        "the last of equal names counts, without letter case"
    );
}

#[test]
fn a_mistake_is_reported_where_it_is_and_the_rest_is_read() {
    assert_eq!(errors("{ \"a\": 1 \"b\": 2 }"), ["9..10 expected `,` or `}`"]);
    assert_eq!(errors("{ \"a\": }"), ["7..8 expected a value for this property"]);
    assert_eq!(
        errors("[1, tru, 3"),
        [
            "4..7 expected a JSON value: a text needs double quotes",
            "0..1 expected `]`: this array is not closed"
        ]
    );
    assert_eq!(errors("{ \"a\": 'x' }"), ["7..8 expected a string in double quotes"]);
    assert_eq!(errors("[01, .5, 0x1]").len(), 3);
    assert_eq!(errors("[1]]").len(), 1);
    assert_eq!(
        parse(&text("{ \"a\": 1 \"b\": 2 }"), Dialect::Template)
            .tree
            .members()
            .len(),
        2
    );
}

#[test]
fn a_mistake_covers_whole_characters() {
    assert_eq!(
        errors("ﻻ"),
        [
            "0..3 expected a JSON value",
            "0..3 expected the end of the text after the JSON value"
        ]
    );
    assert_eq!(
        errors("1 é"),
        ["2..4 expected the end of the text after the JSON value"]
    );
}

#[test]
fn a_star_does_not_open_and_close_a_comment() {
    assert_eq!(errors("/**/ 1 /***/"), Vec::<String>::new());
    assert_eq!(errors("1 /*/ , 2"), ["2..4 expected `*/`: this comment is not closed"]);
}

#[test]
fn strings_map_to_the_bytes_they_stand_on() {
    let source = text(r#"{"k": "a\n\"b\u00e9\ud83d\ude00\/z"}"#);
    let tree = parse(&source, Dialect::Template).tree;
    let string = tree.get("K").unwrap().string(&source).unwrap();
    assert_eq!(string.as_str(), "a\n\"bé😀/z");
    let at = |needle: &str| {
        let start = crate::text::offset(string.as_str().find(needle).unwrap());
        string
            .source(Span::new(start, start + crate::text::offset(needle.len())))
            .unwrap()
    };
    assert_eq!(at("\n"), FileSpan::new(FileId(0), Span::new(8, 10)));
    assert_eq!(at("b"), FileSpan::new(FileId(0), Span::new(12, 13)));
    assert_eq!(at("😀"), FileSpan::new(FileId(0), Span::new(19, 31)));
    assert_eq!(at("z"), FileSpan::new(FileId(0), Span::new(33, 34)));
}

#[test]
fn nesting_beyond_the_limit_is_skipped_and_said() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let parsed = parse(&text(&deep), Dialect::Template);
    assert_eq!(parsed.errors.len(), 1);
    assert!(parsed.errors[0].limit);
    let open = "{\"a\":".repeat(100_000);
    assert!(
        parse(&text(&open), Dialect::Template)
            .errors
            .iter()
            .any(|error| error.limit)
    );
}

#[test]
fn a_policy_may_use_single_quotes() {
    let source = text("[ { 'ObjectId' : 'system' } ]");
    let parsed = parse(&source, Dialect::Policy);
    assert!(parsed.errors.is_empty());
    assert_eq!(
        parsed.tree.elements()[0]
            .get("objectid")
            .unwrap()
            .string(&source)
            .unwrap()
            .as_str(),
        "system"
    );
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(source in "\\PC{0,60}|[\\[\\]{}\",:0-9a-u\\\\'/* \n]{0,80}") {
        let source = text(&source);
        let parsed = parse(&source, Dialect::Template);
        for error in &parsed.errors {
            prop_assert!(error.span.end <= source.len());
        }
        check(&parsed.tree, &source)?;
    }

    #[test]
    fn strict_json_gives_the_same_value_as_serde(value in json_value()) {
        let written = serde_json::to_string_pretty(&value).unwrap();
        let source = text(&written);
        let parsed = parse(&source, Dialect::Template);
        prop_assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
        prop_assert_eq!(to_serde(&parsed.tree, &source), value);
    }
}

fn check(node: &Node, source: &MappedText) -> Result<(), TestCaseError> {
    prop_assert!(node.span.end <= source.len());
    if let Some(string) = node.string(source)
        && let Some(place) = string.whole_source()
    {
        prop_assert!(place.span.start >= node.span.start && place.span.end <= node.span.end);
    }
    node.elements().iter().try_for_each(|element| check(element, source))?;
    node.members()
        .iter()
        .try_for_each(|member| check(&member.value, source))
}

fn json_value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        "\\PC{0,8}|[\"\\\\\n\t/é😀]{0,6}".prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(serde_json::Value::from),
            proptest::collection::btree_map("[a-z]{1,4}", inner, 0..5)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

fn to_serde(node: &Node, source: &MappedText) -> serde_json::Value {
    match &node.kind {
        Kind::Null | Kind::Broken => serde_json::Value::Null,
        Kind::Bool(value) => (*value).into(),
        Kind::Number(text) => serde_json::from_str(text).unwrap(),
        Kind::String => node.string(source).unwrap().as_str().into(),
        Kind::Array(elements) => elements.iter().map(|element| to_serde(element, source)).collect(),
        Kind::Object(members) => members
            .iter()
            .map(|member| (member.name.clone(), to_serde(&member.value, source)))
            .collect(),
    }
}
