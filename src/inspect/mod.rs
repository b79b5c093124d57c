//! What the linter sees, as JSON: the views of `kustolint inspect`.

mod connection_strings;
mod connections;
mod encryption;
pub mod expression;
pub mod facts;
pub mod kql;
mod parts;
mod provenance;
pub mod resources;
mod scripts;
mod secrets;
mod values;

use serde_json::{Value, json};

use crate::syntax::connection;
use crate::text::{FileSpan, Position, Sources};

/// A place in the shape that findings have it.
fn location(at: FileSpan, sources: &Sources) -> Value {
    let place = sources.get(at.file).map(|file| file.place(at.span));
    let position =
        |position: Position| json!({ "line": position.line, "column": position.column, "byte": position.byte });
    json!({
        "path": sources.path(at.file),
        "start": place.map(|place| position(place.start)),
        "end": place.map(|place| position(place.end)),
    })
}

/// A text from a file; what holds a secret is not shown.
fn hidden(text: &str) -> String {
    if connection::secrets_in(text).is_empty() {
        text.to_owned()
    } else {
        connection::MASK.to_owned()
    }
}
