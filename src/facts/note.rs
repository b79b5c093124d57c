//! What scripts say to tools and not to the service.

use super::ScriptId;
use crate::text::{FileSpan, MappedText};

/// A line for client tools: `#connect "https://…"`.
#[derive(Clone, Debug)]
pub struct ClientDirective {
    /// The word after `#`.
    pub word: String,
    /// The rest of the line.
    pub argument: MappedText,
    /// The line.
    pub at: FileSpan,
    /// The script it stands in.
    pub script: ScriptId,
}

/// A comment by which an author asks that rules be silent.
#[derive(Clone, Debug)]
pub struct IgnoreComment {
    /// The rules it names, known or not.
    pub rules: Vec<(String, FileSpan)>,
    /// Why, perhaps empty.
    pub reason: String,
    /// The comment.
    pub at: FileSpan,
    /// The script it stands in.
    pub script: ScriptId,
}
