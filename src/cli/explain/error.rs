//! `kustolint explain --error`: what an error of the service means, which rules find its causes, and where.

use std::io::{self, Write};
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::cli::args::Format;
use crate::cli::page::Page;
use crate::cli::terminal::{complain, print};
use crate::cli::{Failure, Status, configuration, or_here, working_directory};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::discover::{DiscoverOptions, inputs};
use crate::engine::{self, Outcome};
use crate::redact::{Redacted, Redactor};
use crate::report::{BOLD, DIM, count, escape, json_line};
use crate::rules::{self, Rule};
use crate::service::{MOST_TEXT, ServiceError, errors_in, errors_like};

/// Places of causes that people are shown.
const MOST_PLACES: usize = 10;
/// Errors that are offered when a text holds none.
const MOST_CLOSE: usize = 3;
/// Characters of an unknown text that are quoted.
const MOST_QUOTED: usize = 80;

/// An error with the rules that there are for its causes.
struct Explained {
    error: &'static ServiceError,
    causes: Vec<Cause>,
}

/// A rule that finds a cause.
struct Cause {
    rule: &'static Rule,
    page: Page,
    /// Whether it runs: the files are searched for it.
    runs: bool,
}

/// Explains the errors in `text`.
pub(super) fn run(text: &str, paths: &[PathBuf], format: Format) -> Result<Status, Failure> {
    let cwd = working_directory()?;
    let config = configuration::read(None, false, &cwd)?;
    let found = explained(&errors_in(text), &config)?;
    if found.is_empty() {
        let close = errors_like(text, MOST_CLOSE);
        if format == Format::Json {
            let close: Vec<_> = close.iter().map(|error| error.text).collect();
            print(|out| {
                let answer = json!({ "version": 1, "errors": [], "closest": close, "places": [] });
                json_line(&Redacted::own_words(answer), out)
            })?;
        }
        return Err(unknown(text, &close));
    }
    let options = DiscoverOptions {
        config: config.clone(),
        ..DiscoverOptions::default()
    };
    let outcome = engine::check_with(inputs(&or_here(paths), &options, &cwd)?, config);
    let places = places(&outcome, &found);
    print(|out| match format {
        Format::Json => json_line(&outcome.redactor.redacted(shape(&outcome, &found, &places)), out),
        Format::Human => human(&outcome, &found, &places, out),
    })?;
    if outcome.incomplete {
        complain(&Redacted::ours(
            "not every file could be read, so there may be more places",
        ));
        return Ok(Status::NotDone);
    }
    Ok(Status::Clean)
}

fn explained(errors: &[&'static ServiceError], config: &Config) -> Result<Vec<Explained>, Failure> {
    let explain = |error: &&'static ServiceError| {
        let rules = error.causes.iter().filter_map(|name| rules::find(name));
        let causes = rules
            .map(|rule| {
                let page = Page::of(rule)?;
                let runs = config.runs(rule.name, page.on);
                Ok(Cause { rule, page, runs })
            })
            .collect::<Result<_, Failure>>()?;
        Ok(Explained { error, causes })
    };
    errors.iter().map(explain).collect()
}

/// The findings of the causes: those of the first cause first, each in the order of the files.
fn places<'o>(outcome: &'o Outcome, found: &[Explained]) -> Vec<&'o Diagnostic> {
    let mut names: Vec<&str> = Vec::new();
    for cause in found.iter().flat_map(|explained| &explained.causes) {
        if !names.contains(&cause.rule.name) {
            names.push(cause.rule.name);
        }
    }
    names
        .iter()
        .flat_map(|name| outcome.findings.iter().filter(move |finding| finding.rule == *name))
        .collect()
}

fn unknown(text: &str, close: &[&ServiceError]) -> Failure {
    let known = Redactor::of_texts([text]).redacted(text.trim().to_owned());
    let quoted: String = known.chars().take(MOST_QUOTED).collect();
    let dots = if quoted.len() < known.len() { "…" } else { "" };
    let mut problem = format!("`{quoted}{dots}` holds no error that is known");
    if text.len() > MOST_TEXT {
        problem.push_str(&format!(" (only its first {MOST_TEXT} bytes were read)"));
    }
    let offers: Vec<_> = close.iter().map(|error| format!("`{}`", error.text)).collect();
    if offers.is_empty() {
        problem.push_str("; paste the service's own text or code, or run `kustolint check` to see all that is wrong");
    } else {
        problem.push_str(&format!("; did you mean {}?", offers.join(" or ")));
    }
    Failure::new(problem)
}

fn human(outcome: &Outcome, found: &[Explained], places: &[&Diagnostic], out: &mut dyn Write) -> io::Result<()> {
    for Explained { error, causes } in found {
        writeln!(out, "{BOLD}{}{BOLD:#}\n{}", error.text, error.means)?;
        writeln!(out, "{DIM}Source: {}{DIM:#}\n", error.source)?;
        let width = causes
            .iter()
            .map(|cause| cause.rule.name.len())
            .max()
            .unwrap_or_default();
        if !causes.is_empty() {
            writeln!(out, "Likely causes, the most likely first:")?;
        }
        for (index, cause) in causes.iter().enumerate() {
            let (number, name) = (index + 1, cause.rule.name);
            let off = if cause.runs { "" } else { " (off: not looked for)" };
            writeln!(
                out,
                "{number:>3}. {name:width$}  {}{off}",
                escape::one_line(&cause.page.summary)
            )?;
        }
        if !error.besides.is_empty() {
            writeln!(out, "Look also at: {}", error.besides)?;
        }
        writeln!(out)?;
    }
    if found.iter().all(|explained| explained.causes.is_empty()) {
        return writeln!(out, "No rule looks for these causes, so the files were not searched.");
    }
    if places.is_empty() {
        return writeln!(
            out,
            "None of these causes was found in {}; `kustolint check --show-undecided` lists what could not be told.",
            count(outcome.files, "file")
        );
    }
    writeln!(out, "Found here:")?;
    for finding in places.iter().take(MOST_PLACES) {
        let line = format!("{} {} {}", place(outcome, finding), finding.rule, finding.message);
        writeln!(out, "  {}", escape::one_line(&line))?;
    }
    if places.len() > MOST_PLACES {
        writeln!(out, "  …and {} more", places.len() - MOST_PLACES)?;
    }
    writeln!(
        out,
        "\n`kustolint explain RULE` tells more about a cause, `kustolint check` what to write instead"
    )
}

/// `path:line:column` of a finding.
fn place(outcome: &Outcome, finding: &Diagnostic) -> String {
    let at = finding.primary.at;
    let path = outcome.sources.path(at.file);
    match outcome.sources.get(at.file) {
        Some(file) => {
            let start = file.position(at.span.start);
            format!("{path}:{}:{}", start.line, start.column)
        }
        None => path.to_owned(),
    }
}

fn shape(outcome: &Outcome, found: &[Explained], places: &[&Diagnostic]) -> Value {
    let cause = |cause: &Cause| json!({ "rule": cause.rule.name, "summary": cause.page.summary, "on": cause.runs });
    let errors: Vec<_> = found
        .iter()
        .map(|Explained { error, causes }| {
            json!({
                "text": error.text,
                "means": error.means,
                "causes": causes.iter().map(cause).collect::<Vec<_>>(),
                "besides": error.besides,
                "source": error.source,
            })
        })
        .collect();
    let finding = |finding: &&Diagnostic| {
        let at = finding.primary.at;
        let start = outcome.sources.get(at.file).map(|file| file.position(at.span.start));
        json!({
            "rule": finding.rule,
            "severity": finding.severity.as_str(),
            "message": finding.message,
            "path": outcome.sources.path(at.file),
            "line": start.map(|start| start.line),
            "column": start.map(|start| start.column),
        })
    };
    let places: Vec<_> = places.iter().map(finding).collect();
    json!({ "version": 1, "errors": errors, "closest": [], "places": places, "files": outcome.files })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::ERRORS;

    #[test]
    fn every_cause_is_a_rule() {
        for cause in ERRORS.iter().flat_map(|error| error.causes) {
            assert!(rules::find(cause).is_some(), "{cause}");
        }
    }

    #[test]
    fn a_long_text_that_is_not_known_is_quoted_in_part() {
        let Failure(problems) = unknown(&"é".repeat(MOST_TEXT), &[]);
        assert!(
            problems[0].chars().count() < 400 && problems[0].contains("…` holds no error"),
            "{problems:?}"
        );
        assert!(problems[0].contains("only its first"), "{problems:?}");
    }
}
