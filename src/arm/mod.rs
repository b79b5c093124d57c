//! Partial evaluation of Azure Resource Manager templates: what is known of each value, and where it
//! comes from.

mod condition;
pub mod evaluate;
mod functions;
pub mod pipeline;
pub mod template;
pub mod trail;
pub mod value;
