//! The formats in which a check is told.

use std::io::{self, Write};

use super::azure::azure;
use super::concise::concise;
use super::github::github;
use super::gitlab::gitlab;
use super::html::html;
use super::human::{HumanOptions, human};
use super::json::{json, jsonl};
use super::junit::junit;
use super::markdown::markdown;
use super::model::Report;
use super::rdjson::rdjson;
use super::sarif::sarif;

/// For whom a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// People, with the lines that each finding speaks of.
    Human,
    /// People and editors, a line for each finding.
    Concise,
    /// Programs: one JSON object.
    Json,
    /// Programs: a JSON object on each line.
    Jsonl,
    /// Code scanning: SARIF 2.1.0.
    Sarif,
    /// GitLab: Code Quality.
    Gitlab,
    /// Reviewdog: its diagnostic format.
    Rdjson,
    /// GitHub Actions: a workflow command for each finding.
    Github,
    /// Azure Pipelines: a logging command for each error and warning.
    Azure,
    /// Jenkins, GitLab and others that show results of tests.
    Junit,
    /// A page of a forge, such as the summary of a job.
    Markdown,
    /// People with a browser: one file.
    Html,
}

impl Format {
    /// All of them, in the order in which help lists them.
    pub const ALL: [Self; 12] = [
        Self::Human,
        Self::Concise,
        Self::Json,
        Self::Jsonl,
        Self::Sarif,
        Self::Gitlab,
        Self::Rdjson,
        Self::Github,
        Self::Azure,
        Self::Junit,
        Self::Markdown,
        Self::Html,
    ];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Sarif => "sarif",
            Self::Gitlab => "gitlab",
            Self::Rdjson => "rdjson",
            Self::Github => "github",
            Self::Azure => "azure",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Html => "html",
        }
    }

    /// For whom it is, in a few words.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Human => "For people",
            Self::Concise => "For people, one line for each finding",
            Self::Json => "For programs: one JSON object",
            Self::Jsonl => "For programs: a JSON object on each line",
            Self::Sarif => "For code scanning (GitHub, Azure DevOps, editors): SARIF 2.1.0",
            Self::Gitlab => "For GitLab: a Code Quality report",
            Self::Rdjson => "For reviewdog: its diagnostic format",
            Self::Github => "For GitHub Actions: annotations of the lines",
            Self::Azure => "For Azure Pipelines: issues of the run",
            Self::Junit => "For Jenkins, GitLab and others: results of tests, as XML",
            Self::Markdown => "For the summary of a job or a comment: a table",
            Self::Html => "For people: one page with filters, which loads nothing",
        }
    }

    /// The format that only one kind of reports has such names for: `.sarif` is SARIF, but `.json` may be any.
    #[must_use]
    pub fn told_by(name: &str) -> Option<Self> {
        Self::of_file(name).filter(|format| !matches!(format, Self::Json | Self::Human))
    }

    /// The format that files with a name such as that have; `None` where a name does not tell.
    #[must_use]
    pub fn of_file(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        match extension {
            "json" => Some(Self::Json),
            "jsonl" => Some(Self::Jsonl),
            "sarif" => Some(Self::Sarif),
            "txt" => Some(Self::Human),
            "xml" => Some(Self::Junit),
            "md" => Some(Self::Markdown),
            "html" | "htm" => Some(Self::Html),
            _ => None,
        }
    }

    /// Writes a report.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write(self, report: &Report<'_>, options: HumanOptions, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Human => human(report, options, out),
            Self::Concise => concise(report, options, out),
            Self::Json => json(report, out),
            Self::Jsonl => jsonl(report, out),
            Self::Sarif => sarif(report, out),
            Self::Gitlab => gitlab(report, out),
            Self::Rdjson => rdjson(report, out),
            Self::Github => github(report, options, out),
            Self::Azure => azure(report, options, out),
            Self::Junit => junit(report, out),
            Self::Markdown => markdown(report, options, out),
            Self::Html => html(report, out),
        }
    }
}
