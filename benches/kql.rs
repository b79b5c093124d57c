//! How fast KQL is read. `cargo bench --bench kql -- PATH` reads the scripts under PATH, or those that the
//! environment variable `KUSTOLINT_CORPUS` leads to; without either, the scripts of the example. Then it shows how the
//! time grows on texts that are hard to read.
#![allow(clippy::print_stdout, reason = "it prints its figures")]
#![allow(
    clippy::disallowed_methods,
    reason = "it reads a corpus and a clock, which the program itself never does"
)]

mod measure;

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

use kustolint::syntax::host::{Host, fragments};
use kustolint::syntax::kql;
use kustolint::text::{FileId, MappedText};

use measure::stage;

fn main() {
    let given = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let path = given
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("KUSTOLINT_CORPUS").map(PathBuf::from))
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/projects/demo"));
    let mut texts = Vec::new();
    collect(&path, &mut texts);
    let bytes: usize = texts.iter().map(String::len).sum();
    println!("{} files, {bytes} bytes in {}", texts.len(), path.display());
    if bytes == 0 {
        return;
    }
    stage("lex", bytes, || {
        for text in &texts {
            black_box(kql::tokens(text).count());
        }
    });
    stage("lex + split", bytes, || {
        for text in &texts {
            black_box(kql::pieces(text));
        }
    });
    stage("parse", bytes, || {
        for text in &texts {
            black_box(kql::parse(&MappedText::of_file(FileId::default(), text)));
        }
    });
    for piece in HARD {
        growth(piece);
    }
}

/// What is hard to read when there is much of it: each opens something, most close nothing.
const HARD: [&str; 8] = [
    ".show tables 'a\n\n",
    ".show tables ```\n",
    "(",
    ".execute database script <|\n",
    "let a = strcat(a, 'x');\n",
    "{{",
    "#{",
    "````md\n",
];

/// Prints how long a text takes with its double and its fourfold, as a script and as Markdown.
fn growth(piece: &str) {
    let times = |read: &dyn Fn(&MappedText)| {
        [1, 2, 4].map(|times| {
            let text = format!(".show tables\n{}", piece.repeat(times * (200_000 / piece.len())));
            let text = MappedText::of_file(FileId::default(), &text);
            let once = || {
                let start = Instant::now();
                read(&text);
                start.elapsed()
            };
            (0..5).map(|_| once()).min().unwrap_or_default().as_secs_f64() * 1e3
        })
    };
    let print = |how: &str, [one, two, four]: [f64; 3]| {
        let ratio = four / one;
        println!("{how:<12} {one:>8.2} ms  2x {two:>8.2} ms  4x {four:>8.2} ms  grows {ratio:>4.1} times  {piece:?}");
    };
    print("as a script", times(&|text| drop(black_box(kql::parse(text)))));
    print(
        "as Markdown",
        times(&|text| drop(black_box(fragments(text, Host::Markdown)))),
    );
}

/// The scripts under a path.
fn collect(path: &Path, texts: &mut Vec<String>) {
    if let Ok(entries) = std::fs::read_dir(path) {
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        paths.iter().for_each(|path| collect(path, texts));
        return;
    }
    let is_script = path
        .extension()
        .is_some_and(|end| ["kql", "csl", "kusto"].iter().any(|known| end == *known));
    if is_script && let Ok(text) = std::fs::read_to_string(path) {
        texts.push(text);
    }
}
