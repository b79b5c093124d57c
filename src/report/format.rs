//! The formats in which a check is told.

use std::io::{self, Write};

use super::concise::concise;
use super::gitlab::gitlab;
use super::human::{HumanOptions, human};
use super::json::{json, jsonl};
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
}

impl Format {
    /// All of them, in the order in which help lists them.
    pub const ALL: [Self; 7] = [
        Self::Human,
        Self::Concise,
        Self::Json,
        Self::Jsonl,
        Self::Sarif,
        Self::Gitlab,
        Self::Rdjson,
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
        }
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
        }
    }
}
