//! The time of reading grows no faster than the text.

use std::time::{Duration, Instant};

use super::super::*;
use super::source;

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

/// Bytes of the smallest text.
const SIZE: usize = 4 * 1024;

#[test]
#[allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this test is about time, which the program never asks for"
)]
fn time_grows_no_faster_than_the_text() {
    let time = |text: &str| {
        let source = source(text);
        let once = || {
            let start = Instant::now();
            drop(parse(&source));
            start.elapsed()
        };
        (0..3).map(|_| once()).min().unwrap_or_default()
    };
    for (name, before, piece, after) in SHAPES {
        let text = |times: usize| format!("{before}{}{after}", piece.repeat(times * SIZE / piece.len()));
        let times = [1, 2, 4].map(|times| time(&text(times)));
        println!(
            "{name:<18} 1x {:>8.1?}  2x {:>8.1?}  4x {:>8.1?}",
            times[0], times[1], times[2]
        );
        // A reader whose time is quadratic takes 16 times as long.
        assert!(
            times[2] < times[0] * 12 + Duration::from_millis(50),
            "{name}: {times:?}"
        );
    }
}
