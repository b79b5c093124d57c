//! What the service does: usages, flows and roles, each with the document that says so.
//!
//! This is the only place that holds service knowledge as data; rules and messages read it from here.

mod flow;
mod role;
mod usage;

pub use flow::{Basis, FLOWS, Flow, FlowRow, Support};
pub use role::{ROLES, Reach, Role, role_by_id};
pub use usage::{USAGES, Usage};
