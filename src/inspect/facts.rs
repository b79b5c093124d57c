//! The view of the facts that rules read.

use serde_json::Value;

use crate::engine::Input;

/// One object a fact, sorted by path and byte.
#[must_use]
pub fn view(_inputs: Vec<Input>) -> Vec<Value> {
    Vec::new()
}
