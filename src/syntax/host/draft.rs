//! The decoding of a string literal, by a description of its form.

use std::sync::Arc;

use super::special::{Special, is_name, special, starts};
use crate::text::{Escape, MappedText, Span, Symbol};

/// How a string literal is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    /// What ends it; empty for one that ends with the text.
    pub(super) close: &'static str,
    /// Whether it may go on over line ends.
    pub(super) lines: bool,
    /// Whether what ends it stands for itself when it is written twice.
    pub(super) doubled: bool,
    /// Whether a line end in it is a blank.
    pub(super) folded: bool,
    /// Its escapes.
    pub(super) escapes: Escapes,
    /// What is filled in when the host runs.
    pub(super) holes: Holes,
}

/// Which escapes a literal has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escapes {
    /// None.
    Plain,
    /// Those of C, with all kinds of numbered characters.
    Backslash,
    /// A backslash stands for itself, and a quote after it does not end the literal.
    Raw,
    /// A backslash escapes only what has a meaning between double quotes of a shell.
    Shell,
    /// Those of PowerShell.
    Backtick,
}

/// How a literal marks what is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holes {
    /// Nothing is.
    Nothing,
    /// `${x}`.
    DollarBrace,
    /// `${x}` and `%{x}`; `$${` stands for `${`.
    Terraform,
    /// `$x`, `${x}`, `$(x)`.
    PowerShell,
    /// `$x`, `${x}`, `$(x)`, and a command between backticks.
    Shell,
    /// `{x}`, with as many braces as told; a single brace that is doubled stands for itself.
    Braces(usize),
}

/// A literal on one line without escapes and holes; others are made of it.
pub(super) const PLAIN: Form = Form {
    close: "",
    lines: false,
    doubled: false,
    folded: false,
    escapes: Escapes::Plain,
    holes: Holes::Nothing,
};

impl Form {
    /// How text must be written to stand in it, as far as that is certain.
    fn escape(&self) -> Escape {
        let is_bare = self.holes == Holes::Nothing && !self.folded;
        match (self.escapes, self.close) {
            (Escapes::Backslash, "\"" | "\"\"\"") if is_bare => Escape::BackslashDouble,
            (Escapes::Backslash, "'") if is_bare => Escape::BackslashSingle,
            (Escapes::Plain, "\"") if is_bare && self.doubled => Escape::DoubledDouble,
            (Escapes::Plain, "'") if is_bare && self.doubled => Escape::DoubledSingle,
            _ => Escape::Words,
        }
    }
}

/// How much of an expression names it.
const LONGEST_NAME: usize = 160;

/// A text that is being put together of literals and what stands between them.
pub(super) struct Draft<'t> {
    source: &'t MappedText,
    /// The text so far.
    pub(super) text: MappedText,
    /// Where it starts in the source.
    pub(super) start: usize,
    /// Within what equal expressions are equal values, if it is more than this text.
    shared: bool,
}

impl<'t> Draft<'t> {
    /// An empty text that starts at `start`. With `shared`, equal expressions of the whole file are equal.
    pub(super) fn new(source: &'t MappedText, start: usize, shared: bool) -> Self {
        Self {
            source,
            text: MappedText::default(),
            start,
            shared,
        }
    }

    /// Adds the bytes as they stand.
    pub(super) fn plain(&mut self, from: usize, to: usize) {
        if to > from {
            self.text.push_part(self.source, Span::of(from, to));
        }
    }

    /// Adds what the bytes stand for.
    pub(super) fn decoded(&mut self, text: &str, from: usize, to: usize) {
        self.text.push_decoded(text, self.source, Span::of(from, to));
    }

    /// Adds what is filled in for the bytes.
    pub(super) fn hole(&mut self, from: usize, to: usize) {
        let span = Span::of(from, to);
        let Some(place) = self.source.source(span) else { return };
        let mut name = match self.source.has_hole_in(span) {
            true => written(&self.source.part(span).display()),
            false => written(span.of_text(self.source.as_str())),
        };
        if name.len() > LONGEST_NAME {
            let end = (0..=LONGEST_NAME).rev().find(|end| name.is_char_boundary(*end));
            name.truncate(end.unwrap_or(0));
            name.push_str(&format!("…{from}"));
        }
        // What a caller hands over is another value in every function.
        let own = ["$_", "$args", "$@", "$*"].contains(&name.as_str())
            || name
                .strip_prefix('$')
                .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
        let scope = match (self.shared && !own, place.file.0) {
            (true, file) => format!("{file}"),
            (false, file) => format!("{file}:{}", self.start),
        };
        let symbol = Symbol::Interpolation { scope, text: name };
        self.text.push(&MappedText::hole(Arc::new(symbol), place));
    }

    /// Adds the literal whose content starts at `from`, up to its end or that of `src`. Returns the offset after
    /// it, or up to where a literal without an end was read.
    pub(super) fn read(&mut self, src: &str, from: usize, form: &Form) -> Result<usize, usize> {
        let inside = self.text.len();
        let result = self.read_inside(src, from, form);
        self.text.wrap_from(inside, form.escape());
        result
    }

    fn read_inside(&mut self, src: &str, from: usize, form: &Form) -> Result<usize, usize> {
        let (mut at, mut plain) = (from, from);
        while let Some(byte) = src.as_bytes().get(at) {
            if !form.close.is_empty() && starts(src, at, form.close) {
                let after = at + form.close.len();
                self.plain(plain, at);
                if !(form.doubled && starts(src, after, form.close)) {
                    return Ok(after);
                }
                (at, plain) = (after + form.close.len(), after + form.close.len());
                self.decoded(form.close, after - form.close.len(), at);
                continue;
            }
            if matches!(byte, b'\n' | b'\r') && !form.lines {
                return Err(at);
            }
            match special(src, at, form) {
                None => at += 1,
                Some(Special::Plain(length)) => at += length,
                Some(Special::Broken(to)) => return Err(to.max(at + 1)),
                Some(Special::Decoded(text, length)) => {
                    self.plain(plain, at);
                    self.decoded(&text, at, at + length);
                    at += length;
                    plain = at;
                }
                Some(Special::Hole(length)) => {
                    self.plain(plain, at);
                    self.hole(at, at + length);
                    at += length;
                    plain = at;
                }
            }
        }
        if !form.close.is_empty() {
            return Err(src.len());
        }
        self.plain(plain, src.len());
        Ok(src.len())
    }
}

/// An expression in one spelling: `${x}` of a plain name is `$x`.
fn written(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    match name {
        Some(name) if !name.is_empty() && name.bytes().all(is_name) => format!("${name}"),
        _ => text,
    }
}
