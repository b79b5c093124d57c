//! How much work the evaluation of one template may be.

use std::cell::Cell;

use super::EvalError;
use crate::text::FileSpan;

/// The longest text that a function may make, in bytes.
pub(in crate::arm) const MAX_TEXT: usize = 1 << 20;

/// The heaviest list or object that a function may make; the service refuses templates of more than 4 MB.
pub(in crate::arm) const MAX_MADE: usize = 4 << 20;

/// The heaviest value that a template may write down with all that its expressions put into it.
pub(super) const MAX_WEIGHT: usize = 16 << 20;

/// What a value weighs besides its texts.
pub(in crate::arm) const NODE_WEIGHT: usize = 64;

/// Evaluations inside one another, through variables, parameters, functions, lists and objects.
const MAX_DEPTH: u32 = 192;

/// What the evaluation of a template may still spend.
#[derive(Debug)]
pub struct Budget {
    steps: Cell<u64>,
    bytes: Cell<u64>,
    depth: Cell<u32>,
    /// Whether it was told that all is spent.
    told: Cell<bool>,
    max_steps: u64,
    max_bytes: u64,
}

impl Default for Budget {
    /// 3 million steps and 64 MiB of computed values.
    fn default() -> Self {
        Self::new(3_000_000, 64 << 20)
    }
}

impl Budget {
    /// A budget of so many evaluation steps and bytes of computed values.
    #[must_use]
    pub fn new(max_steps: u64, max_bytes: u64) -> Self {
        Self {
            steps: Cell::new(0),
            bytes: Cell::new(0),
            depth: Cell::new(0),
            told: Cell::new(false),
            max_steps,
            max_bytes,
        }
    }

    /// The steps taken so far.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps.get()
    }

    /// Takes steps.
    ///
    /// # Errors
    /// When all steps are spent.
    pub fn take_steps(&self, count: u64, at: FileSpan) -> Result<(), EvalError> {
        self.steps.set(self.steps.get().saturating_add(count));
        if self.steps.get() > self.max_steps {
            let message = format!("the evaluation takes more than {} steps", self.max_steps);
            return Err(EvalError::limit(at, message));
        }
        Ok(())
    }

    /// Takes bytes for a computed value.
    ///
    /// # Errors
    /// When all bytes are spent.
    pub fn take_bytes(&self, count: usize, at: FileSpan) -> Result<(), EvalError> {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        self.bytes.set(self.bytes.get().saturating_add(count));
        if self.bytes.get() > self.max_bytes {
            let message = format!("the computed values are larger than {} bytes", self.max_bytes);
            return Err(EvalError::limit(at, message));
        }
        Ok(())
    }

    /// Takes steps and bytes for work that cannot be stopped in its midst; what was overdrawn ends the
    /// evaluation at its next step.
    pub(in crate::arm) fn charge(&self, steps: u64, bytes: usize) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.steps.set(self.steps.get().saturating_add(steps));
        self.bytes.set(self.bytes.get().saturating_add(bytes));
    }

    /// Whether all is spent.
    pub(in crate::arm) fn is_spent(&self) -> bool {
        self.steps.get() > self.max_steps || self.bytes.get() > self.max_bytes
    }

    /// Whether an error says something new: that all is spent is told once.
    pub(in crate::arm) fn is_news(&self, error: &EvalError) -> bool {
        let spent = matches!(error, EvalError::Limit { .. }) && self.is_spent();
        !spent || !self.told.replace(true)
    }

    /// Takes back that it was told that all is spent: who was told hands the error on instead of reporting it.
    pub(in crate::arm) fn hand_on(&self) {
        self.told.set(false);
    }

    /// Goes one level deeper; [`Budget::leave`] must follow if it succeeds.
    ///
    /// # Errors
    /// When the levels or the steps are spent.
    pub fn enter(&self, at: FileSpan) -> Result<(), EvalError> {
        self.take_steps(1, at)?;
        self.take_bytes(0, at)?;
        if self.depth.get() >= MAX_DEPTH {
            let message = format!("the evaluation is nested more than {MAX_DEPTH} levels deep");
            return Err(EvalError::limit(at, message));
        }
        self.depth.set(self.depth.get() + 1);
        Ok(())
    }

    /// Comes back from one level.
    pub fn leave(&self) {
        self.depth.set(self.depth.get().saturating_sub(1));
    }
}
