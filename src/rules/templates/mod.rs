//! Family "Templates": what a template says of scripts and identities, and the service refuses.

pub mod cluster_command_in_database_script;
pub mod conflicting_script_sources;
pub mod identity_type_mismatch;
pub mod parallel_database_scripts;
pub mod unsupported_script_command;
