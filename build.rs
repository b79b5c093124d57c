//! Collects the words of the program's own texts: what stands in the string literals of its sources. `src/redact/own_words.rs`
//! keeps them readable when a file holds a "secret" that is made of them. And takes the hashes of the style and the script
//! of the HTML report (`src/report/html`), which its policy names.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "this reads the program's own sources when it is built; it is no part of the program"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use sha2::{Digest, Sha256};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=src");
    let mut words = BTreeSet::new();
    for path in sources(Path::new("src"))? {
        let text = fs::read_to_string(&path)?;
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        words_of(code, &mut words);
    }
    let out = env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    let list: Vec<_> = words.into_iter().collect();
    fs::write(out.join("own_words.rs"), format!("&{list:?}"))?;
    fs::write(out.join("page.rs"), page()?)
}

/// The style and the script of the page, each with its hash. Browsers read `\r\n` as `\n` before they take theirs.
fn page() -> io::Result<String> {
    let mut made = String::new();
    for (name, file) in [("STYLE", "page.css"), ("SCRIPT", "page.js")] {
        let text = fs::read_to_string(Path::new("src/report/html").join(file))?.replace("\r\n", "\n");
        let hash = base64(&Sha256::digest(&text));
        made.push_str(&format!("pub(super) const {name}: &str = {text:?};\n"));
        made.push_str(&format!("pub(super) const {name}_HASH: &str = {hash:?};\n"));
    }
    Ok(made)
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let number = group
            .iter()
            .fold(0_usize, |number, byte| number << 8 | usize::from(*byte));
        let number = number << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = DIGITS[number >> (18 - 6 * place) & 63];
            out.push(if place <= group.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

/// The source files that are no tests.
fn sources(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs") {
                found.push(path);
            }
        }
    }
    Ok(found)
}

/// Adds the words in the string literals of a source, in lower case.
fn words_of(code: &str, words: &mut BTreeSet<String>) {
    let mut rest = code;
    while let Some(at) = rest.find(['"', '\'', '/']) {
        let before = &rest[..at];
        rest = &rest[at..];
        if rest.starts_with("//") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if rest.starts_with('"') {
            let hashes = before.len() - before.trim_end_matches('#').len();
            let raw = before.trim_end_matches('#').ends_with('r');
            let body = &rest[1..];
            let end = if raw {
                body.find(&format!("\"{}", "#".repeat(hashes)))
            } else {
                end_of_literal(body)
            };
            let end = end.unwrap_or(body.len());
            add_words(&body[..end], words);
            rest = body.get(end + 1..).unwrap_or_default();
        } else if let Some(escape) = rest.strip_prefix("'\\") {
            let skipped = escape.chars().next().map_or(0, char::len_utf8);
            rest = &escape[skipped..];
            rest = rest.split_once('\'').map_or("", |(_, after)| after);
        } else if rest.starts_with('\'') {
            let mut letters = rest.char_indices().skip(2);
            rest = match letters.next() {
                Some((end, '\'')) => &rest[end + 1..],
                _ => &rest[1..],
            };
        } else {
            rest = &rest[1..];
        }
    }
}

/// Where the quote stands that ends a literal.
fn end_of_literal(body: &str) -> Option<usize> {
    let mut escaped = false;
    body.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })
}

fn add_words(literal: &str, words: &mut BTreeSet<String>) {
    let mut plain = String::with_capacity(literal.len());
    let mut letters = literal.chars();
    while let Some(letter) = letters.next() {
        if letter == '\\' {
            letters.next();
            plain.push(' ');
        } else {
            plain.push(letter);
        }
    }
    let runs = plain.split(|letter: char| !letter.is_ascii_alphabetic());
    words.extend(runs.filter(|word| !word.is_empty()).map(str::to_ascii_lowercase));
}
