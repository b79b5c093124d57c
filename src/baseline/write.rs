//! The baseline as text.

use std::io;

use serde::Serialize;

use super::{Baseline, VERSION};
use crate::report::sink::Sink;

/// One entry, in the order in which its parts are read.
#[derive(Serialize)]
struct Entry<'b> {
    path: &'b str,
    rule: &'b str,
    place: &'b [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    subject: &'b [String],
    count: u32,
}

impl Baseline {
    /// The text of the file: sorted, one entry a line, so that a change of one is a change of one line. It depends on the
    /// entries alone.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let mut sink = Sink::new(out);
        sink.ours("{\n  \"version\": ")?;
        sink.number(VERSION as usize)?;
        sink.ours(",\n  \"findings\": [")?;
        for (index, (key, count)) in self.entries().enumerate() {
            sink.ours(if index == 0 { "\n    " } else { ",\n    " })?;
            sink.json(&Entry {
                path: &key.path,
                rule: &key.rule,
                place: &key.place,
                subject: &key.subject,
                count,
            })?;
        }
        sink.ours(if self.entries.is_empty() {
            "]\n}\n"
        } else {
            "\n  ]\n}\n"
        })
    }
}
