//! The formats in which a check is told.

use std::io::{self, Write};

use super::concise::concise;
use super::human::{HumanOptions, human};
use super::json::{json, jsonl};
use super::model::Report;

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
}

impl Format {
    /// All of them, in the order in which help lists them.
    pub const ALL: [Self; 4] = [Self::Human, Self::Concise, Self::Json, Self::Jsonl];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
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
        }
    }

    /// The format that files with a name such as that have; `None` where a name does not tell.
    #[must_use]
    pub fn of_file(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        match extension {
            "json" => Some(Self::Json),
            "jsonl" => Some(Self::Jsonl),
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
        }
    }
}
