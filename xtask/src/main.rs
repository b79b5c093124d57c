//! Checks that are run from a terminal: see `cargo xtask help`.
fn main() {}
