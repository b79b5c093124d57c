//! How the outcome of a run is told: to people in a terminal, to programs as JSON.

mod diff;
pub mod escape;
mod excerpt;
mod human;
mod json;
pub mod map;
mod style;

pub use diff::diff;
pub use human::{HumanOptions, count, human};
pub use json::{json, json_line};
pub use style::{BOLD, DIM};
