//! How much work the joins of a run may be.

use std::cell::Cell;

use crate::text::FileSpan;

/// Comparisons that may be made to join the facts of a run; hostile input alone needs more.
const MAX_COMPARISONS: u32 = 10_000_000;

/// The comparisons made so far.
#[derive(Debug, Default)]
pub(super) struct Comparisons {
    made: Cell<u32>,
    /// What was looked at when they were used up.
    used_up: Cell<Option<FileSpan>>,
}

impl Comparisons {
    /// Whether another comparison may be made for what stands at `at`.
    pub(super) fn may(&self, at: FileSpan) -> bool {
        if self.made.get() < MAX_COMPARISONS {
            self.made.set(self.made.get() + 1);
            return true;
        }
        self.used_up.set(self.used_up.get().or(Some(at)));
        false
    }

    pub(super) fn used_up(&self) -> Option<FileSpan> {
        self.used_up.get()
    }
}
