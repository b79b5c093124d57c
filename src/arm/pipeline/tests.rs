use super::*;
use crate::arm::value::Condition;
use crate::text::FileId;

fn value(text: &str) -> Node {
    Run::new("file 0 p".to_owned(), Budget::default()).value(&MappedText::of_file(FileId(0), text))
}

/// The text of a value, with its holes in braces.
fn show(text: &str) -> String {
    value(text)
        .as_text()
        .map_or_else(|| "no text".to_owned(), |text| text.display())
}

#[test]
fn strings_are_literals_expressions_or_both() {
    for (written, expected) in [
        (".drop table T", ".drop table T"),
        ("@@x", "@x"),
        ("mail a@b", "mail a@b"),
        ("@concat('.drop table ', 'T''s')", ".drop table T's"),
        ("a @{'}'} b @{open", "a } b @{open"),
        ("n = @{42}", "n = 42"),
        ("say @@{pipeline().x}", "say @{pipeline().x}"),
        ("@pipeline().x", "{pipeline().x}"),
        ("@", "{}"),
        ("@concat(", "{concat(}"),
        (
            ".drop table @{pipeline().parameters.t} now",
            ".drop table {pipeline().parameters.t} now",
        ),
    ] {
        assert_eq!(show(written), expected, "{written}");
    }
}

#[test]
fn what_the_documents_settle_is_computed() {
    for (written, expected) in [
        ("@concat('a', string(7))", "a7"),
        (
            "@concat('a', 1, null, createArray('b'))",
            "a{1}{null}{createArray('b')}",
        ),
        ("@replace('the old string', 'old', 'new')", "the new string"),
        ("@replace('aXa', 'x', '-')", "aXa"),
        ("@replace('.drop table #t#', '#t#', item())", ".drop table {item()}"),
        ("@toUpper(TOLOWER('aBc'))", "ABC"),
        ("@trim('  a ')", "a"),
        ("@first(split('a;b;c', ';'))", "a"),
        ("@last(split('a;b;c', ';'))", "c"),
        ("@split('a;b;c', ';')[1]", "b"),
        ("@first('hello')", "h"),
        ("@join(createArray('a', item()), ', ')", "a, {item()}"),
        ("@substring('somevalue', 4, 5)", "value"),
        ("@if(equals(1, 1), 'yes', 'no')", "yes"),
        ("@if(not(equals('a', 'b')), 'yes', 'no')", "yes"),
        ("@if(and(true, startsWith('abc', 'ab')), 'yes', 'no')", "yes"),
        ("@if(or(false, endsWith('abc', 'ab')), 'yes', 'no')", "no"),
        ("@if(contains('abc', 'd'), 'yes', 'no')", "no"),
        ("@if(empty(''), 'yes', 'no')", "yes"),
        ("@if(equals(length('abc'), 3), 'yes', 'no')", "yes"),
        ("@coalesce(null, 'a')", "a"),
    ] {
        assert_eq!(show(written), expected, "{written}");
    }
}

#[test]
fn what_they_leave_open_is_a_hole_named_as_it_is_written() {
    for written in [
        "pipeline().parameters.x",
        "activity('A').output.firstRow?.x",
        "triggerBody()?['x']",
        "items('Each')['id']",
        "variables('x')",
        "guid()",
        "utcnow('yyyy')",
        "formatDateTime(utcnow(), 'yyyy')",
        "json('{}').x",
        "string(true)",
        "format('{0}', 'a')",
        "toLower('É')",
        "toLower(item())",
        "substring('abc', 2, 5)",
        "substring('abc', 1)",
        "replace(item(), 'a', 'b')",
        "replace('abc', '', 'x')",
        "split('abc', '')[0]",
        "split('a,b', ',')[7]",
        "first(createArray())",
        "base64('a')",
        "resourceGroup().id",
        "parameters('x')",
        "uniqueString('a')",
        "coalesce(item(), 'a')",
        "a.concat('b')",
        "1.5",
        "'a' 'b'",
    ] {
        assert_eq!(show(&format!("@{written}")), format!("{{{written}}}"), "{written}");
        assert_eq!(
            show(&format!("<@{{{written}}}>")),
            format!("<{{{written}}}>"),
            "{written}"
        );
    }
}

#[test]
fn comparisons_in_which_letter_case_counts_are_left_open() {
    for test in [
        "equals('a', 'A')",
        "contains('abc', 'B')",
        "startsWith('abc', 'A')",
        "endsWith('abc', 'C')",
        "equals('1', 1)",
        "and(true, item())",
    ] {
        let alternatives = value(&format!("@if({test}, 'yes', 'no')")).alternatives();
        assert_eq!(alternatives.len(), 2, "{test}");
    }
}

#[test]
fn a_test_that_is_not_known_gives_both_results_with_their_conditions() {
    let alternatives = |text: &str| -> Vec<String> {
        let shown = |(when, node): (Condition, Node)| {
            let text = node.as_text().map(|text| text.display()).unwrap_or_default();
            format!("{text}{}", when.clause())
        };
        value(text).alternatives().into_iter().map(shown).collect()
    };
    assert_eq!(
        alternatives("@concat('.drop ', if(pipeline().parameters.t, 'table', 'function'), ' X')"),
        [
            ".drop table X when `pipeline().parameters.t` is true",
            ".drop function X when `pipeline().parameters.t` is false"
        ]
    );
    assert_eq!(
        alternatives("@{if(item().a, 'a', 'b')}@{if(item().a, 'c', 'd')}"),
        ["ac when `item().a` is true", "bd when `item().a` is false"]
    );
    assert_eq!(
        alternatives("@concat('take ', if(item().a, 0, item().n))"),
        [
            "take {if(item().a, 0, item().n)} when `item().a` is true",
            "take {item().n} when `item().a` is false"
        ]
    );
    let mut many = String::new();
    for name in ["a", "b", "c", "d", "e"] {
        many.push_str(&format!("@{{if(item().{name}, 'x', 'y')}}"));
    }
    assert_eq!(alternatives(&many).len(), 1, "too many alternatives are one hole");
    assert!(value(&many).as_text().is_some_and(|text| !text.is_known()));
}

#[test]
fn holes_are_equal_only_where_a_run_gives_one_value() {
    let file = MappedText::of_file(
        FileId(0),
        "@{pipeline().x}@{item()}@{item()}@{guid()}@{guid()}|@{pipeline().x}@{item()}",
    );
    let at = offset_of(&file, '|');
    let (one, two) = (
        file.part(Span::of(0, at)),
        file.part(Span::of(at + 1, file.as_str().len())),
    );
    let run = Run::new("file 0 p".to_owned(), Budget::default());
    let keys = |run: &Run, text: &MappedText| -> Vec<String> {
        let text = run.value(text).as_text().expect("a text");
        text.holes().iter().map(|hole| hole.symbol.key()).collect()
    };
    let (first, second) = (keys(&run, &one), keys(&run, &two));
    assert_eq!(first[1], first[2], "an item is the same within one text");
    assert_ne!(first[3], first[4], "each guid is another one");
    assert_eq!(first[0], second[0], "a parameter is the same in all of a pipeline");
    assert_ne!(first[1], second[1], "an item is not");
    let other = Run::new("file 0 q".to_owned(), Budget::default());
    assert_ne!(keys(&other, &one)[0], first[0], "another pipeline has other parameters");
}

fn offset_of(text: &MappedText, character: char) -> usize {
    text.as_str().find(character).expect("the character")
}

#[test]
fn places_survive_quotes_and_functions() {
    let file = MappedText::of_file(FileId(3), "@replace(toLower(concat('X ''', 'system''')), 'x', '.y')");
    let text = Run::new(String::new(), Budget::default())
        .value(&file)
        .as_text()
        .expect("a text");
    assert_eq!(text.as_str(), ".y 'system'");
    let at = crate::text::offset(offset_of(&text, 's'));
    let place = text.source(Span::new(at, at + 6)).expect("a place");
    assert_eq!(place.span.of_text(file.as_str()), "system");
    assert_eq!(place.file, FileId(3));
}

#[test]
fn limits_are_told_and_end_nothing_else() {
    let plain = MappedText::of_file(FileId(0), &"a".repeat(3 << 20));
    let run = Run::new(String::new(), Budget::default());
    assert!(
        run.value(&plain).as_str().is_some(),
        "a text without expressions is as long as it is"
    );
    let run = Run::new(String::new(), Budget::new(1_000_000, 500));
    let long = MappedText::of_file(FileId(0), &format!("@concat('{}', 'b')", "a".repeat(300)));
    assert!(
        run.value(&long)
            .as_text()
            .is_some_and(|text| text.sole_hole().is_some())
    );
    assert!(matches!(run.finish().1.as_slice(), [EvalError::Limit { .. }]));
    let many = format!("{}{}", "@{if(item(), 'a', 'b')}".repeat(3000), "c".repeat(9));
    let run = Run::new(String::new(), Budget::default());
    let made = run.value(&MappedText::of_file(FileId(0), &many));
    assert!(matches!(made.value, Value::Unknown(_)));
    assert!(matches!(run.finish().1.as_slice(), [EvalError::Limit { .. }]));
    let large = ["a".repeat(1 << 19), "b".repeat(1 << 18)];
    for made in [
        format!("@concat('{0}', '{0}', '{1}')", large[0], large[1]),
        format!("@replace('{}', 'b', 'ccccc')", large[1]),
        format!("@join(createArray('{0}', '{0}'), '{0}')", large[0]),
    ] {
        let run = Run::new(String::new(), Budget::default());
        let _ = run.value(&MappedText::of_file(FileId(0), &made));
        assert!(matches!(run.finish().1.as_slice(), [EvalError::Limit { .. }]));
    }
    let deep = format!("@{}'x'{}", "trim(".repeat(5000), ")".repeat(5000));
    let run = Run::new(String::new(), Budget::default());
    let made = run.value(&MappedText::of_file(FileId(0), &deep));
    assert!(matches!(made.value, Value::Unknown(_)));
    assert!(matches!(run.finish().1.as_slice(), [EvalError::Limit { .. }]));
}
