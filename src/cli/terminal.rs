//! The two streams of a run: standard output for answers, standard error for complaints.

use std::io::{self, BufWriter, Write};

use anstream::AutoStream;
use anstyle::AnsiColor;

use crate::redact::Redacted;
use crate::report::escape;

/// Gives `write` standard output, which drops styles where they are not wanted. That nobody reads on
/// (`| head`) is no error.
pub(super) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let stdout = AutoStream::auto(io::stdout().lock());
    let mut out = BufWriter::with_capacity(1 << 16, stdout);
    let result = write(&mut out).and_then(|()| out.flush());
    // What could not be written must not be tried again when the buffer is dropped.
    let _ = out.into_parts();
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Gives `write` standard error, for what is said while standard output holds something else.
pub(super) fn print_beside(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
    // Nobody is left to be told when standard error is closed.
    let _ = write(&mut anstream::stderr().lock());
}

/// Writes bytes to standard output as they are.
pub(super) fn hand_on(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Says on standard error what went wrong.
pub(super) fn complain(problem: &Redacted<String>) {
    say("error", AnsiColor::Red, problem);
}

/// Says on standard error what one may want to know beside the answer.
pub(super) fn remark(text: &Redacted<String>) {
    say("note", AnsiColor::Cyan, text);
}

fn say(word: &str, color: AnsiColor, text: &Redacted<String>) {
    let style = color.on_default().bold();
    let text = escape::lines(text);
    // Nobody is left to be told when standard error is closed.
    let _ = writeln!(anstream::stderr().lock(), "{style}{word}{style:#}: {text}");
}
