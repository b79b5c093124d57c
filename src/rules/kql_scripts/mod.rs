//! Family "KQL scripts": what goes wrong in how commands follow one another and how scripts are run.

pub mod external_table_admin_needed;
pub mod identity_policy_after_use;
pub mod non_idempotent_command;
pub mod swallowed_script_errors;
