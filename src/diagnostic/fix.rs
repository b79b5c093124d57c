//! What to write in place of what is wrong.

use crate::text::{Editable, FileSpan};

/// Whether a fix may be written without being looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Applicability {
    /// The meaning stays, and nobody is allowed more than before.
    Safe,
    /// It is probably what is meant.
    Unsafe,
}

impl Applicability {
    /// Safe for what always holds. What comes up under a condition only may be right under another one, and the same
    /// text stands in both.
    #[must_use]
    pub fn safe_if(always: bool) -> Self {
        if always { Self::Safe } else { Self::Unsafe }
    }

    /// The word that outputs and rule pages use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// One piece of text that is put in the place of another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// The characters of the file that go; none where something is added.
    pub at: FileSpan,
    /// What is written there, with all the escapes that the place asks for.
    pub text: String,
}

/// How a finding is mended: all of the edits, or none of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Whether it may be written without being looked at.
    pub applicability: Applicability,
    /// What it does: "write `NativeIngestion`".
    pub title: String,
    /// The edits.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix that writes `text` at a place. None if that can't be written there; an unsafe one if something else may use
    /// what stands there.
    #[must_use]
    pub fn new(
        applicability: Applicability,
        title: impl Into<String>,
        at: Option<&Editable>,
        text: &str,
    ) -> Option<Self> {
        let fix = Self {
            applicability,
            title: title.into(),
            edits: Vec::new(),
        };
        fix.and(at, text)
    }

    /// The fix with another place.
    #[must_use]
    pub fn and(mut self, at: Option<&Editable>, text: &str) -> Option<Self> {
        let at = at?;
        if at.is_shared() {
            self.applicability = Applicability::Unsafe;
        }
        self.edits.push(Edit {
            at: at.at(),
            text: at.written(text)?,
        });
        Some(self)
    }
}
