//! What the linter sees, as JSON: the views of `kustolint inspect`.

pub mod expression;
pub mod facts;
pub mod kql;
pub mod resources;
