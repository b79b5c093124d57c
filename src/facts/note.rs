//! What scripts say to client tools and not to the service.

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
