//! The stages in their order, from bytes to findings, with no look at the disk.

use crate::diagnostic::{Diagnostic, Undecided};
use crate::text::Sources;

/// A file that is to be checked, or to be known while others are checked.
#[derive(Debug)]
pub struct Input {
    /// The path that outputs show: relative to the working directory, with `/`.
    pub path: String,
    /// Its bytes, or why they could not be had (in words for people, without the path).
    pub bytes: Result<Vec<u8>, String>,
    /// Whether the user named this very file (a broken file of no known kind is then worth a finding).
    pub named: bool,
    /// Whether findings in it are wanted; otherwise it only supplies facts.
    pub reported: bool,
}

/// What a run found.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The files, so that places can be told.
    pub sources: Sources,
    /// The findings, sorted by path, byte and rule.
    pub findings: Vec<Diagnostic>,
    /// What could not be decided, sorted by path and byte.
    pub undecided: Vec<Undecided>,
    /// Number of files for which findings were wanted.
    pub files: usize,
    /// Whether a file could not be read from the disk: the job was not done then.
    pub incomplete: bool,
}

/// Checks files. The result depends on the inputs alone, not on their order.
#[must_use]
pub fn check(_inputs: Vec<Input>) -> Outcome {
    Outcome::default()
}
