//! The program as people and pipelines run it: arguments, streams, exit status.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may stop at what it did not expect"
)]

mod arguments;
mod configuration;
mod explain;
mod files;
mod fixes;
mod integrations;
