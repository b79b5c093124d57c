//! The guide's examples: each page is a project, its console blocks are sessions in it.
//!
//! A block with `file=PATH` after its language writes that file. In a `console` block, lines after `$ ` are commands:
//! `kustolint …`, `git …` and `echo $?`; the lines that follow are what they print, standard output first. `GUIDE=write`
//! in the environment writes what they print now into the pages. A `console norun` block is only shown, and holds no
//! command whose output the guide promises.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::kustolint;

/// The folder of the guide's pages.
fn pages() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The project of one page, and the status of the last command.
struct Session {
    folder: tempfile::TempDir,
    status: i32,
}

impl Session {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(".git")).unwrap();
        Self { folder, status: 0 }
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// What a command prints.
    fn run(&mut self, line: &str) -> String {
        if line == "echo $?" {
            return format!("{}\n", self.status);
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let mut command = match words.as_slice() {
            ["kustolint", rest @ ..] => {
                let mut command = kustolint(self.folder.path(), rest);
                // Whatever day it is, the suppressions of the pages have not expired.
                if rest
                    .first()
                    .is_some_and(|verb| ["check", "suppressions"].contains(verb))
                {
                    command.args(["--today", "2026-12-01"]);
                }
                command
            }
            ["git", rest @ ..] => {
                let mut git = Command::new("git");
                git.current_dir(self.folder.path()).args(rest);
                git
            }
            _ => panic!("the guide's sessions know no `{line}`"),
        };
        let output = command.output().unwrap();
        self.status = output.status.code().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        text(output.stdout) + &text(output.stderr)
    }
}

/// The page as it would be if all its sessions printed what they print now.
fn played(page: &str) -> String {
    let mut session = Session::new();
    let mut out = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) else {
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if info == "console" {
            for command in block.iter().filter_map(|line| line.strip_prefix("$ ")) {
                out.push_str(&format!("$ {command}\n{}", session.run(command)));
            }
        } else {
            let file = info.split_whitespace().find_map(|word| word.strip_prefix("file="));
            let text: String = block.iter().map(|line| format!("{line}\n")).collect();
            if let Some(path) = file {
                session.write(path, &text);
            }
            out.push_str(&text);
        }
        out.push_str("```\n");
    }
    out
}

#[test]
fn what_the_guide_shows_is_what_the_program_prints() {
    let mut sessions = 0;
    for path in pages() {
        let page = fs::read_to_string(&path).unwrap();
        let now = played(&page);
        sessions += page.matches("\n```console\n").count();
        if std::env::var_os("GUIDE").is_some_and(|wanted| wanted == "write") {
            fs::write(&path, now).unwrap();
        } else {
            assert_eq!(
                page,
                now,
                "{}: `GUIDE=write cargo test --test cli guide::` writes it anew",
                path.display()
            );
        }
    }
    assert!(sessions >= 8, "the guide has only {sessions} sessions");
}

#[test]
fn what_is_only_shown_promises_no_output() {
    for path in pages() {
        let page = fs::read_to_string(&path).unwrap();
        for block in page.split("```console norun\n").skip(1) {
            let block = block.split("```").next().unwrap();
            assert!(
                block.lines().all(|line| line.starts_with("$ ")),
                "{}: {block}",
                path.display()
            );
        }
    }
}
