//! Family "Connection strings and secrets": what leaks, and strings that services refuse.

pub mod embedded_secret;
mod kinds;
pub mod unobfuscated_secret;
