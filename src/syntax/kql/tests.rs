use proptest::prelude::*;

use super::lexer::{TokenKind, token};
use super::*;
use crate::syntax::Parsed;
use crate::text::{FileId, MappedText, Span, offset};

mod commands;
mod objects;
mod operators;
mod time;

use commands::values;

fn source(text: &str) -> MappedText {
    MappedText::of_file(FileId(0), text)
}

fn parsed(text: &str) -> Parsed<Script> {
    parse(&source(text))
}

fn names(text: &str) -> Vec<String> {
    let name = |command: &Command| command.name.clone().unwrap_or_else(|| "?".to_owned());
    parsed(text).tree.commands().map(name).collect()
}

fn uses(text: &str) -> Vec<(&'static str, Vec<String>)> {
    let strings = |found: &OperatorUse| values(&found.strings).into_iter().map(str::to_owned).collect();
    parsed(text)
        .tree
        .operators()
        .map(|found| (found.name, strings(found)))
        .collect()
}

fn messages(text: &str) -> Vec<(u32, String)> {
    let errors = parsed(text).errors;
    errors
        .into_iter()
        .map(|error| (error.span.start, error.message))
        .collect()
}

#[test]
fn tokens_have_the_expected_kinds() {
    use TokenKind::{Blank, Break, Comment, Directive, Enclosed, Number, Stray, Symbol, Word};
    let cases: &[(&str, TokenKind, u32)] = &[
        (" \u{feff}\u{200b}\u{a0}x", Blank, 9),
        ("\r\nx", Break, 2),
        ("\rx", Break, 1),
        ("\u{2028}x", Break, 3),
        ("// a\nb", Comment, 4),
        ("#connect 'x\ny", Directive, 11),
        ("$left.x", Word, 5),
        ("h + 1", Word, 1),
        ("hx'a'", Word, 2),
        ("datetime(2020-01-01 'x)y", Enclosed, 23),
        ("datetime (x)", Word, 8),
        ("real(\n1)", Word, 4),
        ("int(f(1))", Word, 3),
        ("33rd_x+", Number, 6),
        ("1.5e3,", Number, 5),
        ("1..2", Number, 1),
        ("..", Symbol, 2),
        ("<| x", Symbol, 2),
        ("=~~~x~~~", Symbol, 2),
        ("@x", Symbol, 1),
        ("\u{1}x", Stray, 1),
        ("😀", Stray, 4),
    ];
    for (text, kind, length) in cases {
        assert_eq!(token(text), Some((*kind, *length)), "{text:?}");
    }
    assert_eq!(token(""), None);
}

#[test]
fn inline_data_is_not_read() {
    let text = ".ingest inline into table T with (format='csv') <|\n1,it's {\n2,```\n\n.show tables";
    assert_eq!(names(text), ["ingest inline into table", "show tables"]);
    assert!(parsed(text).errors.is_empty());
    let adjacent = ".ingest inline into table T <| 1,'\n.5,\"\n.create table U (a:int)\r\n";
    assert_eq!(names(adjacent), ["ingest inline into table", "create table"]);
    assert!(parsed(adjacent).errors.is_empty());
}

#[test]
fn a_leading_dot_starts_a_command_and_nothing_else_does() {
    let cases: &[(&str, usize)] = &[
        ("\u{feff}.show tables\r\n.show tables", 2),
        ("  .show tables\n\t.show tables", 2),
        (".create function F() {\n.show\n}", 1),
        (".create function F() {\n T\n .x\n}\n.show tables", 2),
        ("```\n.show tables\n```", 0),
        (".show tables | where x == '\\'' // .show\n", 1),
        (".set T <|\n.show tables", 1),
        (".set T <|\n\n.create table X (a:int)", 2),
        (
            "T\n| take 1\n\n.show tables\n\nlet x = 1;\n\nprint x\n\n.show tables",
            2,
        ),
        (".create table A (a:int); .create table B (b:int)", 1),
        (".show tables\nx between (1\n.. 2)", 1),
    ];
    for (text, count) in cases {
        assert_eq!(names(text).len(), *count, "{text:?}: {:?}", names(text));
    }
}

#[test]
fn blocks_have_kinds() {
    use BlockKind::{Command, Directive, Empty, Query, Unknown};
    let cases: &[(&str, &[BlockKind])] = &[
        ("", &[Empty]),
        ("// only this\n\n", &[Empty]),
        ("#connect 'x\n.show tables", &[Directive, Command]),
        ("T | take 1\n\nU\n| take 2", &[Query, Query]),
        ("let x = 1;\n\nT | where y == x", &[Query]),
        (".show tables\n\nT | take 1", &[Command, Query]),
        (".create table T (a:int)\n\nwith (folder='x')", &[Command]),
        (".set T <|\n\nlet x = 1;\n\nT", &[Command]),
        ("select 1", &[Unknown]),
        ("-- x", &[Unknown]),
        ("T", &[Query]),
    ];
    for (text, kinds) in cases {
        let found: Vec<BlockKind> = parsed(text).tree.blocks.iter().map(|block| block.kind).collect();
        assert_eq!(found, *kinds, "{text:?}");
    }
}

#[test]
fn mistakes_do_not_hide_later_commands() {
    let cases: &[(&str, usize, u32, &str)] = &[
        (
            ".create table T (a:int\n\n.show tables",
            2,
            16,
            "expected `)`: this bracket is not closed",
        ),
        (
            ".create function F() {\n T(\n}\n.show tables",
            2,
            25,
            "expected `)`: this bracket is not closed",
        ),
        (
            ".create function F() {\n  T\n.create table T (a:int)",
            2,
            21,
            "expected `}`: this bracket is not closed",
        ),
        (
            ".alter cluster policy x 'abc\n.show tables",
            2,
            24,
            "expected a closing ' on the line where this string starts",
        ),
        (
            ".alter cluster policy x h@\"abc\n.show tables",
            2,
            24,
            "expected a closing \" on the line where this string starts",
        ),
        (
            ".alter cluster policy x ```[\n\n.show tables",
            2,
            24,
            "expected ``` at the end of this string, before `.show tables`",
        ),
        (
            ".alter cluster policy x ~~~[\n",
            1,
            24,
            "expected ~~~ at the end of this string",
        ),
        (
            ".alter cluster policy x ```[\n\n// next\n.alter table T policy y ```[]```",
            2,
            24,
            "expected ``` at the end of this string, before `.alter table`",
        ),
    ];
    for (text, count, at, message) in cases {
        assert_eq!(names(text).len(), *count, "{text:?}: {:?}", names(text));
        assert_eq!(messages(text), [(*at, (*message).to_owned())], "{text:?}");
    }
}

#[test]
fn a_broken_command_never_hides_the_next() {
    let broken = [
        ".create table T (a:int",
        ".create table T a:int)",
        ".create-or-alter function F() {\n  T | where (x",
        ".alter table T policy update 'abc",
        ".alter table T policy update @\"abc",
        ".alter table T policy update ```[",
        ".alter table T policy update ~~~[",
        ".alter table T policy",
        ".create external table",
        ".add database D admins ('aadapp=",
        ".add database D admins (",
        ".set-or-append T with (a=",
        ".execute database script with (",
        ".frobnicate {[(",
        ".create table T (a:dynamic([}",
        ".",
        ".ingest into table T ('x'",
        ".export async to csv (",
        ".create table T (a:int) with (x='\\",
    ];
    for first in broken {
        for gap in ["\n\n", "\r\n\r\n", "\n\n// about the next\n"] {
            let text = format!("{first}{gap}.drop table Next\n\n.show tables");
            let found = names(&text);
            assert!(
                found.ends_with(&["drop table".to_owned(), "show tables".to_owned()]),
                "{text:?}: {found:?}"
            );
        }
    }
}

#[test]
fn lines_for_clients_and_comments_are_kept() {
    let text = "#connect \"https://c.kusto.windows.net;Fed=true\"\n.show tables // one\n// two\r\nprint '// none'\n#save c:\\a\n";
    let tree = parsed(text).tree;
    let directives: Vec<_> = tree
        .directives
        .iter()
        .map(|it| (it.word.as_str(), it.argument.as_str()))
        .collect();
    let expected = [
        ("connect", "\"https://c.kusto.windows.net;Fed=true\""),
        ("save", "c:\\a"),
    ];
    assert_eq!(directives, expected);
    let comments: Vec<_> = tree.comments.iter().map(|span| span.of_text(text)).collect();
    assert_eq!(comments, ["// one", "// two"]);
}

#[test]
fn only_kql_is_held_to_its_escapes() {
    assert!(messages("-- it's SQL (\n\n.show tables").is_empty());
    let unknown = messages("print @'\\d', '\\d', \"\\\"\"");
    assert_eq!(unknown.len(), 1);
    assert_eq!(unknown[0].0, 14);
}

#[test]
fn deep_and_long_texts_are_read_without_recursion() {
    let texts = [
        "(".repeat(200_000),
        format!("{}{}", "([{".repeat(50_000), ")".repeat(150_000)),
        ".a\n".repeat(50_000),
        "python(".repeat(50_000),
        format!("{}{}", "externaldata() ".repeat(3000), "a ".repeat(100_000)),
        "real(".repeat(100_000),
        format!("let x = ({});{}", "'a',".repeat(5000), "sql_request(x)".repeat(5000)),
        format!(".create external table T {}", "(".repeat(50_000)),
        format!(".show {}", "a-".repeat(100_000)),
        "`".repeat(100_000),
        "```\n\n.show tables x\n\n".repeat(5000),
    ];
    for text in texts {
        let script = parsed(&text);
        assert!(script.errors.len() <= 64);
    }
}

/// Pieces that scripts are made of, whole and broken.
fn piece() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        ".alter database ",
        "policy managed_identity ",
        ".create external table T ",
        "kind=storage ",
        "<|",
        "\n",
        "\r\n",
        "\n\n",
        "'",
        "\"",
        "```",
        "~~~",
        "h@'",
        "\\",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ".",
        ".execute database script <|\n",
        ".ingest inline into table T <|",
        "with (a=",
        ",",
        "=",
        "// c",
        "#d",
        "datetime(",
        "externaldata ",
        "python(",
        "let x = ",
        ";",
        "evaluate ",
        "é",
        "😀",
        "\u{feff}",
        "<",
        ">",
        "$",
        "%",
        "database('x')",
        "x",
        "\u{2028}",
        "=~~~",
    ]);
    prop_oneof![8 => known.prop_map(str::to_owned), 1 => any::<String>()]
}

proptest! {
    #[test]
    fn tokens_tile_any_text(pieces in prop::collection::vec(piece(), 0..40)) {
        let text = pieces.concat();
        let pieces = split::split(&text);
        let mut at = 0;
        for token in &pieces.tokens {
            prop_assert_eq!(token.span.start, at);
            prop_assert!(token.span.end > at && text.is_char_boundary(token.span.end as usize));
            at = token.span.end;
        }
        prop_assert_eq!(at, offset(text.len()));
    }

    #[test]
    fn everything_lies_in_the_text_and_in_order(pieces in prop::collection::vec(piece(), 0..40)) {
        let text = pieces.concat();
        let script = parsed(&text);
        let inside = |span: Span| span.end <= offset(text.len()) && text.get(span.range()).is_some();
        prop_assert!(script.errors.iter().all(|error| inside(error.span)));
        let mut at = 0;
        for block in &script.tree.blocks {
            prop_assert!(inside(block.span) && block.span.start >= at);
            at = block.span.end;
            prop_assert!(block.literals.iter().all(|part| inside(part.span) && block.span.cover(part.span) == block.span));
            prop_assert!(block.literals.is_sorted_by_key(|part| part.span));
        }
        for command in script.tree.commands() {
            prop_assert!(command.span.of_text(&text).starts_with('.'));
            prop_assert!(inside(command.verb));
        }
        prop_assert!(script.tree.operators().all(|found| inside(found.span)));
    }
}
