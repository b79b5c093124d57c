//! The output depends on the input alone: not on threads, the working directory or the order of arguments.

use std::fs;
use std::path::Path;

use crate::{kustolint, tree};

const FORMATS: &[&str] = &[
    "human", "concise", "json", "jsonl", "sarif", "github", "azure", "gitlab", "junit", "rdjson", "html", "markdown",
];

/// The files of the demo, in a repository.
fn demo() -> tempfile::TempDir {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/projects/demo");
    let folder = tree(&[(".git/HEAD", b"ref: refs/heads/main\n"), ("sub/below/.keep", b"")]);
    let mut folders = vec![from.clone()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let to = folder.path().join(path.strip_prefix(&from).unwrap());
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(&path, to).unwrap();
        }
    }
    folder
}

fn printed(folder: &Path, arguments: &[&str], threads: &str) -> String {
    let output = kustolint(folder, arguments)
        .env("RAYON_NUM_THREADS", threads)
        .output()
        .unwrap();
    assert_eq!(
        output.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_format_has_the_same_bytes_however_it_is_asked_for() {
    let folder = demo();
    for format in FORMATS {
        let arguments = ["check", "--output-format", format, "infra", "kql"];
        let first = printed(folder.path(), &arguments, "1");
        assert!(!first.is_empty());
        assert_eq!(
            first,
            printed(folder.path(), &arguments, "8"),
            "{format}: on many threads"
        );
        let shuffled = ["check", "kql", "infra", "kql", "--output-format", format];
        assert_eq!(
            first,
            printed(folder.path(), &shuffled, "3"),
            "{format}: in another order"
        );
    }
}

#[test]
fn reports_that_a_forge_keeps_are_the_same_from_every_working_directory() {
    let folder = demo();
    let below = folder.path().join("sub/below");
    // The others name files from where the run starts (`azure` in the lines that are no issues), and are the same but for
    // that.
    for (format, way) in [
        ("sarif", ""),
        ("github", ""),
        ("gitlab", ""),
        ("junit", ""),
        ("json", "../../"),
        ("jsonl", "../../"),
        ("concise", "../../"),
        ("azure", "../../"),
    ] {
        let check = ["check", "--output-format", format];
        let here = printed(folder.path(), &[&check[..], &["infra", "kql"]].concat(), "2");
        let there = printed(&below, &[&check[..], &["../../kql", "../../infra"]].concat(), "2");
        let there = if way.is_empty() { there } else { there.replace(way, "") };
        assert_eq!(here, there, "{format}");
    }
}
