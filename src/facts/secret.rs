//! Secrets in files: where they stand and what they open, never what they are.

use super::Case;
pub use crate::syntax::connection::SecretKind;
use crate::text::{Editable, FileSpan};

/// A secret that stands in a file, or is put together of pieces of files.
#[derive(Clone, Debug)]
pub struct SecretFound {
    /// Its characters, or its first piece.
    pub at: FileSpan,
    /// The other pieces, in the order in which they are put together.
    pub pieces: Vec<FileSpan>,
    /// The value of a template that takes it in, if that tells what it is.
    pub used_at: Option<FileSpan>,
    /// What it opens.
    pub kind: SecretKind,
    /// The string literals of a KQL script that hold it.
    pub literals: Vec<SecretLiteral>,
    /// The template or script that it was found in.
    pub case: Case,
}

impl SecretFound {
    /// Its characters, piece by piece.
    pub fn places(&self) -> impl Iterator<Item = FileSpan> {
        std::iter::once(self.at).chain(self.pieces.iter().copied())
    }
}

/// A string literal of a KQL script that holds a secret or a piece of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretLiteral {
    /// The literal with its prefix and quotes.
    pub at: FileSpan,
    /// Where a prefix may be written, if one can be.
    pub start: Option<Editable>,
    /// Whether the service keeps it out of its logs.
    pub obfuscated: bool,
    /// Whether it is of the form over several lines, which can't be kept out of them.
    pub multiline: bool,
}
