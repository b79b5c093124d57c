//! The colours of the human format. The writer underneath takes them out again where they are not wanted.

use std::io::{self, Write};

use anstyle::{AnsiColor, Reset, Style};
use codespan_reporting::diagnostic::{LabelStyle, Severity};
use codespan_reporting::term::WriteStyle;

/// What is to stand out.
pub const BOLD: Style = Style::new().bold();
/// What is not the point.
pub const DIM: Style = Style::new().dimmed();

const FRAME: Style = AnsiColor::Blue.on_default();

/// Writes ANSI styles into a buffer.
pub(super) struct Styled<'a>(pub(super) &'a mut Vec<u8>);

impl Write for Styled<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Styled<'_> {
    fn set(&mut self, style: Style) -> io::Result<()> {
        write!(self.0, "{}", style.render())
    }
}

fn color(severity: Severity) -> AnsiColor {
    match severity {
        Severity::Bug | Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Note | Severity::Help => AnsiColor::Green,
    }
}

impl WriteStyle for Styled<'_> {
    fn set_header(&mut self, severity: Severity) -> io::Result<()> {
        self.set(color(severity).on_default().bold())
    }

    fn set_header_message(&mut self) -> io::Result<()> {
        self.reset()?;
        self.set(BOLD)
    }

    fn set_line_number(&mut self) -> io::Result<()> {
        self.set(FRAME)
    }

    fn set_note_bullet(&mut self) -> io::Result<()> {
        self.set(FRAME)
    }

    fn set_source_border(&mut self) -> io::Result<()> {
        self.set(FRAME)
    }

    fn set_label(&mut self, severity: Severity, label: LabelStyle) -> io::Result<()> {
        self.set(match label {
            LabelStyle::Primary => color(severity).on_default(),
            LabelStyle::Secondary => FRAME,
        })
    }

    fn reset(&mut self) -> io::Result<()> {
        write!(self.0, "{}", Reset.render())
    }
}
