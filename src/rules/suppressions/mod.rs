//! What is wrong with suppressions; the stage `suppress` reports it.

mod expired_suppression;
mod malformed_suppression;
mod unexplained_suppression;
mod unused_suppression;

pub use expired_suppression::RULE as EXPIRED;
pub use malformed_suppression::RULE as MALFORMED;
pub use unexplained_suppression::RULE as UNEXPLAINED;
pub use unused_suppression::RULE as UNUSED;
