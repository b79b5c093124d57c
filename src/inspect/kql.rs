//! The view of a KQL script: blocks, commands, string literals, errors.

use serde_json::{Value, json};

use crate::text::SourceFile;

/// One object for a file; offsets are bytes on disk.
#[must_use]
pub fn view(file: &SourceFile) -> Value {
    json!({ "path": file.path(), "blocks": [], "errors": [] })
}
