//! Places in files.

use serde::Serialize;

use super::Message;
use crate::report::forge::ForgePath;
use crate::report::model::Located;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message<String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

/// Lines and columns, counted from 1; the end is exclusive. Columns count Unicode characters, as `columnKind` says.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    name: String,
    fully_qualified_name: String,
}

impl Location {
    pub(super) fn new(at: &Located) -> Self {
        Self {
            id: None,
            physical_location: PhysicalLocation {
                artifact_location: artifact(at),
                region: region(at),
            },
            logical_locations: Vec::new(),
            message: None,
        }
    }

    /// The location with words, if there are some.
    pub(super) fn saying(mut self, message: &str) -> Self {
        self.message = (!message.is_empty()).then(|| Message { text: plain(message) });
        self
    }

    /// The location with a number by which messages can speak of it.
    pub(super) fn numbered(mut self, id: usize) -> Self {
        self.id = Some(id);
        self
    }

    /// The location with the names of what holds it, the outermost first.
    pub(super) fn inside(mut self, names: &[String]) -> Self {
        self.logical_locations = names
            .last()
            .map(|name| LogicalLocation {
                name: name.clone(),
                fully_qualified_name: names.join(" > "),
            })
            .into_iter()
            .collect();
        self
    }
}

/// The file that holds a place. What lies outside of the repository has no base.
pub(super) fn artifact(at: &Located) -> ArtifactLocation {
    let path = ForgePath::of(at);
    ArtifactLocation {
        uri: path.uri(),
        uri_base_id: path.inside.then_some("%SRCROOT%"),
    }
}

pub(super) fn region(at: &Located) -> Region {
    Region {
        start_line: at.start.line,
        start_column: at.start.column,
        end_line: at.end.line,
        end_column: at.end.column,
    }
}

/// A text as a plain message: brackets would be links (SARIF 2.1.0, 3.11.6), so they and the sign that escapes them
/// are escaped.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '[' | ']' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_hold_no_links() {
        assert_eq!(plain(r"[a](https://b) \[c\]"), r"\[a\](https://b) \\\[c\\\]");
    }
}
