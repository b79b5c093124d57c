//! Completions and the manual page: both are made of the command line, so they must hold every verb of it.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::{run, tree};

const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

/// The verbs that the help lists.
fn verbs() -> Vec<String> {
    let folder = tree(&[]);
    let help = run(folder.path(), &["--help"]).out;
    let commands = help.split("Commands:\n").nth(1).unwrap();
    let verbs: Vec<String> = commands
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect();
    assert!(verbs.len() > 6 && verbs.iter().any(|verb| verb == "check"), "{help}");
    verbs
}

/// Whether a word stands in the text by itself.
fn has_word(text: &str, word: &str) -> bool {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '-')
        .any(|found| found == word)
}

#[test]
fn completions_hold_every_verb_and_option() {
    let folder = tree(&[]);
    for shell in SHELLS {
        let answer = run(folder.path(), &["completions", shell]);
        assert_eq!((answer.status, answer.err.as_str()), (0, ""), "{shell}");
        for word in verbs() {
            assert!(has_word(&answer.out, &word), "{shell} lacks {word}");
        }
        for option in ["output-format", "fail-on", "show-undecided"] {
            assert!(answer.out.contains(option), "{shell} lacks {option}");
        }
    }
}

#[test]
fn completions_are_for_shells_that_are_known() {
    let folder = tree(&[]);
    let answer = run(folder.path(), &["completions", "tcsh"]);
    assert_eq!((answer.status, answer.out.as_str()), (2, ""));
    for shell in SHELLS {
        assert!(answer.err.contains(shell), "{}", answer.err);
    }
}

/// Gives a script to a shell that is there, and tells what it prints; none if the shell is not there.
fn given_to(shell: &str, arguments: &[&str], script: &str) -> Option<(bool, String)> {
    let mut child = Command::new(shell)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    Some((output.status.success(), String::from_utf8_lossy(&text).into_owned()))
}

#[cfg(unix)]
#[test]
fn bash_takes_the_script_and_completes_verbs_and_options() {
    let folder = tree(&[]);
    let script = run(folder.path(), &["completions", "bash"]).out;
    let (accepted, said) = given_to("bash", &["-n"], &script).expect("bash is there");
    assert!(accepted && said.is_empty(), "{said}");
    for (line, wanted) in [
        ("kustolint ch", "check"),
        ("kustolint completions po", "powershell"),
        ("kustolint check --fail", "--fail-on"),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let last = words.len() - 1;
        let asked = format!(
            "{script}\nCOMP_WORDS=({line})\nCOMP_CWORD={last}\n_kustolint kustolint {} {}\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
            words[last],
            words[last - 1]
        );
        let (_, said) = given_to("bash", &["--norc"], &asked).expect("bash is there");
        assert!(said.lines().any(|reply| reply == wanted), "{line}: {said}");
    }
}

#[test]
fn other_shells_that_are_there_take_their_scripts() {
    let folder = tree(&[]);
    for (shell, arguments) in [("zsh", &["-n"][..]), ("fish", &["--no-execute"])] {
        let script = run(folder.path(), &["completions", shell]).out;
        if let Some((accepted, said)) = given_to(shell, arguments, &script) {
            assert!(accepted, "{shell}: {said}");
        }
    }
}

#[test]
fn the_manual_page_has_a_section_for_every_verb() {
    let folder = tree(&[]);
    let answer = run(folder.path(), &["man"]);
    assert_eq!((answer.status, answer.err.as_str()), (0, ""));
    assert!(answer.out.is_ascii());
    let lines: Vec<&str> = answer.out.lines().collect();
    assert!(
        lines.iter().any(|line| line.starts_with(".TH kustolint 1 ")),
        "{}",
        answer.out
    );
    for heading in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES"] {
        assert!(lines.contains(&format!(".SH {heading}").as_str()), "{heading}");
    }
    for verb in verbs().iter().filter(|verb| *verb != "help") {
        let heading = format!(".SH \"KUSTOLINT {}\"", verb.to_uppercase());
        let at = lines.iter().position(|line| *line == heading);
        let section = &lines[at.unwrap_or_else(|| panic!("no section of {verb}")) + 1..];
        let length = section.iter().take_while(|line| !line.starts_with(".SH ")).count();
        for part in [".SS SYNOPSIS", ".SS OPTIONS", ".SS EXAMPLES"] {
            assert!(section[..length].contains(&part), "{verb} lacks {part}");
        }
    }
    assert!(lines.iter().any(|line| line.contains(r"\-\-fail\-on")));
}

#[cfg(unix)]
#[test]
fn the_manual_page_is_set_without_complaint() {
    let folder = tree(&[]);
    let page = run(folder.path(), &["man"]).out;
    let Some((_, said)) = given_to("groff", &["-man", "-ww", "-z", "-Tutf8"], &page) else {
        return;
    };
    assert_eq!(said, "");
}
