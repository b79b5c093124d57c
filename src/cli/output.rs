//! Where the reports of a check go: one to standard output, others to files.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anstream::StripStream;

use super::args::CheckArgs;
use super::check::judged;
use super::terminal::{complain, print, print_beside};
use super::{Failure, Status, sentence};
use crate::apply;
use crate::baseline;
use crate::config::{self, FailOn};
use crate::discover;
use crate::engine::Outcome;
use crate::report::{Format, HumanOptions, Report};
use crate::text::nearest;

/// The reports that are wanted.
#[derive(Debug)]
pub(super) struct Outputs {
    /// The format of standard output.
    pub(super) stream: Format,
    /// Files, each with its format.
    files: Vec<(PathBuf, Format)>,
    options: HumanOptions,
    category: Option<String>,
    fail_on: FailOn,
}

impl Outputs {
    /// What the arguments ask for. A file without a format of its own has the one that its name leaves no doubt of, else
    /// that of `--output-format` (people get theirs on standard output then); without that either, its name must tell.
    pub(super) fn of(args: &CheckArgs) -> Result<Self, Failure> {
        let options = HumanOptions {
            show_undecided: args.show_undecided,
            max_findings: args.max_findings,
        };
        let mut stream = args.output_format.unwrap_or(Format::Human);
        let mut files: Vec<(PathBuf, Format)> = Vec::new();
        for wanted in &args.output {
            let (format, path) = split(wanted)?;
            may_be_written(&path)?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let format = match (format.or_else(|| Format::told_by(&name)), args.output_format) {
                (Some(format), _) => format,
                (None, Some(format)) => {
                    stream = Format::Human;
                    format
                }
                (None, None) => of_name(&path)?,
            };
            if files.iter().any(|(known, _)| same_file(known, &path)) {
                return Err(Failure::new(format!("`-o` names `{}` twice", path.display())));
            }
            files.push((path, format));
        }
        Ok(Self {
            stream,
            files,
            options,
            category: args.sarif_category.clone(),
            fail_on: FailOn::Warning,
        })
    }

    /// The same reports, of a run that fails on findings of that severity.
    pub(super) fn failing_on(self, fail_on: FailOn) -> Self {
        Self { fail_on, ..self }
    }

    /// Whether one of them shows the access map.
    pub(super) fn want_map(&self) -> bool {
        let files = self.files.iter().map(|(_, format)| *format);
        files.chain([self.stream]).any(|format| format == Format::Html)
    }

    /// Writes all reports; `beside` if standard output holds something else. Says whether all files were written.
    pub(super) fn deliver(
        &self,
        outcome: &Outcome,
        beside: bool,
        then: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<bool, Failure> {
        let mut report = Report::new(outcome).failing(judged(outcome, self.fail_on) != Status::Clean);
        if let Some(category) = &self.category {
            report.category.clone_from(&outcome.redactor.redacted(category.clone()));
        }
        let tell = |out: &mut dyn Write| {
            self.stream.write(&report, self.options, out)?;
            then(out)
        };
        if beside {
            print_beside(tell);
        } else {
            print(tell)?;
        }
        let mut all = true;
        for (path, format) in &self.files {
            if let Err(why) = self.file(path, *format, &report) {
                let problem = format!("the report `{}` was not written: {why}", path.display());
                complain(&sentence(&problem));
                all = false;
            }
        }
        Ok(all)
    }

    /// Writes one file. People's formats have no colours there.
    fn file(&self, path: &Path, format: Format, report: &Report<'_>) -> Result<(), String> {
        // Each file is whole, however many findings a person bears to see at once.
        let options = HumanOptions {
            max_findings: 0,
            ..self.options
        };
        apply::put(path, |file| {
            let mut out = BufWriter::with_capacity(1 << 16, StripStream::new(file));
            format.write(report, options, &mut out)?;
            out.flush()
        })
    }
}

/// The format and the file of `FORMAT=FILE`. A word before the sign that is no format is a mistake; a file whose name has
/// such a word in it is written `./NAME`.
fn split(wanted: &Path) -> Result<(Option<Format>, PathBuf), Failure> {
    let parts = wanted.to_str().and_then(|text| text.split_once('='));
    let is_word = |name: &str| name.chars().all(|letter| letter.is_ascii_alphanumeric());
    let Some((name, file)) = parts.filter(|(name, _)| is_word(name)) else {
        return Ok((None, wanted.to_owned()));
    };
    match Format::ALL.into_iter().find(|format| format.name() == name) {
        Some(format) => Ok((Some(format), PathBuf::from(file))),
        None => {
            let names = Format::ALL.map(Format::name);
            let advice = match nearest(&name.to_ascii_lowercase(), names) {
                Some(meant) => format!("did you mean `{meant}={file}`?"),
                None => format!("there are {}", names.join(", ")),
            };
            Err(Failure::new(format!(
                "`-o`: there is no format `{name}`; {advice} A file of that name is written `./{name}={file}`"
            )))
        }
    }
}

/// Whether a report may be written to a path: not over what a person wrote, such as a script or a configuration.
fn may_be_written(path: &Path) -> Result<(), Failure> {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_ascii_lowercase();
    if path.as_os_str().is_empty() || name == "-" {
        return Err(Failure::new(
            "`-o` wants a file, such as `-o json=report.json`; `--output-format` is what standard output has",
        ));
    }
    let is_script = [".kql", ".csl", ".kusto"].iter().any(|end| name.ends_with(end));
    if is_script || [config::FILE_NAME, baseline::FILE_NAME].contains(&name.as_str()) {
        let shown = path.display();
        return Err(Failure::new(format!(
            "`-o` would write a report over `{shown}`, which is no name of a report; name another file"
        )));
    }
    Ok(())
}

/// Whether two paths are spellings of one file.
fn same_file(one: &Path, other: &Path) -> bool {
    one == other || discover::same_file(one, other)
}

fn of_name(path: &Path) -> Result<Format, Failure> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Format::of_file(&name).ok_or_else(|| {
        let shown = path.display();
        Failure::new(format!(
            "the name of `{shown}` tells no format: write `-o json={shown}`, or another format"
        ))
    })
}
