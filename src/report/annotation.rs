//! What the services that run builds show beside a line of a file: shared by the formats that tell it to them.

use std::io;

use super::model::{Located, Told};
use super::sink::{Grammar, Sink};

/// Writes the title of a finding and its notes, each on a line of its own. `%0A` is a line break in both grammars.
pub(super) fn message(sink: &mut Sink<'_>, grammar: Grammar, told: &Told<'_>) -> io::Result<()> {
    sink.text(grammar, &told.finding.message)?;
    for line in told.finding.notes.iter().flat_map(|note| note.lines()) {
        sink.ours("%0A")?;
        sink.text(grammar, line)?;
    }
    Ok(())
}

/// The number of the last line of which some characters are meant; that of the first one if they are none.
pub(super) fn last_line(at: &Located) -> u32 {
    let before_it = at.end.column == 1 && at.end.line > at.start.line;
    at.end.line - u32::from(before_it)
}
