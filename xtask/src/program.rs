//! Programs that tasks start: what they print goes to the terminal or is handed back, and a failure tells what was run.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::project;

/// Runs to the end, with the output on the terminal.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let shown = shown(command);
    let status = command.stdin(Stdio::null()).status();
    match status.map_err(|error| format!("cannot run {shown}: {error}"))? {
        status if status.success() => Ok(()),
        status => Err(format!("{shown}: {status}")),
    }
}

/// Runs to the end, whatever the status.
pub(crate) fn output(command: &mut Command) -> Result<Output, String> {
    let shown = shown(command);
    let output = command.stdin(Stdio::null()).output();
    output.map_err(|error| format!("cannot run {shown}: {error}"))
}

/// What a program prints that must succeed, without spaces around it.
pub(crate) fn answer(command: &mut Command) -> Result<String, String> {
    let shown = shown(command);
    let output = output(command)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    Err(format!("{shown}: {}\n{}", output.status, both(&output)))
}

/// Standard output and then standard error.
pub(crate) fn both(output: &Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&text).into_owned()
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    format!("`{}`", words.join(" "))
}

/// A virtual environment of Python.
pub(crate) struct Venv(PathBuf);

impl Venv {
    /// A new one in the folder, in place of what was there.
    pub(crate) fn fresh(folder: &Path) -> Result<Self, String> {
        let python = if cfg!(windows) { "python" } else { "python3" };
        run(Command::new(python).args(["-m", "venv", "--clear"]).arg(folder))?;
        Ok(Self(folder.to_owned()))
    }

    /// The one with the programs of a file in `.github/requirements`; made when there is none, or the file has changed.
    pub(crate) fn of_requirements(name: &str) -> Result<Self, String> {
        let list = project().join(format!(".github/requirements/{name}.txt"));
        let wanted = std::fs::read_to_string(&list).map_err(|error| format!("{}: {error}", list.display()))?;
        let folder = project().join("target/tools").join(name);
        let mark = folder.join("installed.txt");
        if std::fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
            return Ok(Self(folder));
        }
        let venv = Self::fresh(&folder)?;
        run(venv
            .pip()
            .args(["--require-hashes", "--only-binary", ":all:", "-r"])
            .arg(list))?;
        std::fs::write(&mark, wanted).map_err(|error| format!("{}: {error}", mark.display()))?;
        Ok(venv)
    }

    /// `pip install`, still without what to install.
    pub(crate) fn pip(&self) -> Command {
        let mut pip = Command::new(self.program("python"));
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        pip
    }

    /// A program of the environment.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        let programs = if cfg!(windows) { "Scripts" } else { "bin" };
        let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        self.0.join(programs).join(name)
    }
}
