//! What the stages before the rules report: text that could not be read, parsed or evaluated.

mod limit_reached;
mod syntax_error;
mod unreadable_file;

pub use limit_reached::RULE as LIMIT_REACHED;
pub use syntax_error::RULE as SYNTAX_ERROR;
pub use unreadable_file::RULE as UNREADABLE_FILE;
