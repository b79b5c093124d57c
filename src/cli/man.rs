//! `kustolint man`: the manual page, made of what the command line says of itself.

use std::io::{self, Write};

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use super::args::Args;
use super::terminal::hand_on;
use super::{Failure, Status};

/// Prints one page with the program and all its verbs.
pub(super) fn run() -> Result<Status, Failure> {
    let mut page = Vec::new();
    write_page(&mut page)?;
    hand_on(plain(&String::from_utf8_lossy(&page)).as_bytes())?;
    Ok(Status::Clean)
}

fn write_page(out: &mut Vec<u8>) -> io::Result<()> {
    let mut program = Args::command();
    program.build();
    let man = Man::new(program.clone());
    man.render_title(out)?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    man.render_options_section(out)?;
    // Verbs may have verbs of their own: each has its section, in the order of the help.
    let mut open = verbs(&program);
    while let Some(verb) = open.pop() {
        out.write_all(&verb_section(verb)?)?;
        open.extend(verbs(verb));
    }
    write_examples("SH", &program, out)
}

/// The page in ASCII: not every reader of pages takes other characters as they are.
fn plain(page: &str) -> String {
    let mut plain = String::with_capacity(page.len());
    for letter in page.chars() {
        if letter.is_ascii() {
            plain.push(letter);
        } else {
            plain.push_str(&format!("\\[u{:04X}]", u32::from(letter)));
        }
    }
    plain
}

/// The verbs of a command that its help shows, the first one last.
fn verbs(command: &Command) -> Vec<&Command> {
    let mut verbs: Vec<_> = command
        .get_subcommands()
        .filter(|verb| !verb.is_hide_set() && verb.get_name() != "help")
        .collect();
    verbs.reverse();
    verbs
}

/// What the page says of one verb.
fn verb_section(verb: &Command) -> io::Result<Vec<u8>> {
    let name = verb.get_bin_name().unwrap_or_else(|| verb.get_name()).to_uppercase();
    let mut heading = Roff::new();
    heading.control("SH", [name.as_str()]);
    if let Some(about) = verb.get_about() {
        heading.text([roman(about.to_string())]);
    }
    let mut section = Vec::new();
    heading.to_writer(&mut section)?;
    let man = Man::new(verb.clone());
    let mut parts = Vec::new();
    man.render_synopsis_section(&mut parts)?;
    man.render_options_section(&mut parts)?;
    // A request stands at the start of a line, where text never puts a `.`.
    for line in String::from_utf8_lossy(&parts).lines() {
        match line.strip_prefix(".SH ") {
            Some(heading) => writeln!(section, ".SS {heading}")?,
            None => writeln!(section, "{line}")?,
        }
    }
    write_examples("SS", verb, &mut section)?;
    Ok(section)
}

/// Writes the text that follows the help of a command, line for line under a heading of the level.
fn write_examples(level: &str, command: &Command, out: &mut Vec<u8>) -> io::Result<()> {
    let Some(text) = command.get_after_help() else {
        return Ok(());
    };
    let text = text.to_string();
    let mut roff = Roff::new();
    roff.control(level, ["EXAMPLES"]).control("nf", []);
    for line in text.trim_start_matches("Examples:\n").lines() {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
    roff.to_writer(out)
}
