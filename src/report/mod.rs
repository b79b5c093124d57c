//! How the outcome of a run is told: to people in a terminal or a browser, to programs, to services that run builds.

mod annotation;
mod azure;
mod concise;
mod diff;
mod each;
pub mod escape;
mod excerpt;
mod forge;
mod format;
mod github;
mod gitlab;
mod html;
mod human;
mod json;
mod junit;
pub mod map;
mod markdown;
mod model;
mod rdjson;
mod sarif;
pub mod sink;
mod style;
pub mod suppressions;

pub use diff::diff;
pub use format::Format;
pub use human::{HumanOptions, count};
pub use json::json_line;
pub use model::{CATEGORY, Located, Question, Report, Told};
pub use style::{BOLD, DIM};
