//! The time of reading grows no faster than the text.

use super::super::*;
use super::source;
use crate::syntax::growth::assert_linear;

/// What can be said against a reader: pieces that are repeated, and what stands before and after them.
const SHAPES: &[(&str, &str, &str, &str)] = &[
    (
        "commands",
        "",
        ".create-merge table T (a:int, b:string) with (folder='x')\n\n",
        "",
    ),
    ("policies", "", ".alter table T policy caching hot = 1d\n", ""),
    ("open brackets", "", "([{", ""),
    ("open fences", "", "```\n\n.show tables x\n\n", ""),
    ("open quotes", "", ".alter cluster policy x '\n", ""),
    ("calls in calls", "", "python(", ""),
    (
        "strcat in strcat",
        "let x = ",
        "strcat('a', ",
        "; externaldata (a:int) [x]",
    ),
    (
        "uses of one let",
        "let x = strcat('aaaaaaaaaaaaaaaa', 'b');",
        "sql_request(x, strcat(x, y));",
        "",
    ),
    ("names", ".drop tables (", "['a'], ", ")"),
    ("principals", ".add database D viewers (", "'aadapp=1;2', ", ")"),
    ("placeholders", ".drop table ['", "{<$%a", "']"),
    ("properties", ".create table T (a:int) with (", "a='b', ", ")"),
    ("tables", ".create tables ", "T (a:int), ", ""),
    ("notes", "", "// kustolint: ignore[a, b, c] d\n#connect 'x'\n", ""),
    ("words", ".show ", "a-", ""),
    ("inline data", ".ingest inline into table T <|", "1,'a\n", ""),
];

#[test]
fn time_grows_no_faster_than_the_text() {
    for (name, before, piece, after) in SHAPES {
        assert_linear(name, [before, piece, after], |text| parse(&source(text)));
    }
}
