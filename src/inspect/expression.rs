//! The view of a template expression: its value, or why it is not known.

use serde_json::{Value, json};

/// The answer to one line `{"id", "expression", "context"}`.
#[must_use]
pub fn view(question: &Value) -> Value {
    json!({ "id": question.get("id"), "unknown": "expressions are not evaluated yet" })
}
