//! What the service does: usages, flows, roles and the errors that it prints, each with the document that says so.
//!
//! This is the only place that holds service knowledge as data; rules and messages read it from here.

mod command;
mod error;
mod flow;
mod host;
mod key;
mod role;
mod script;
mod usage;
mod vault;

pub use command::{COMMANDS, CommandRow, Effect, GENERIC, OptionRow, Reads, Silent, Typed, command_of, starts_command};
pub use error::{ERRORS, MOST_TEXT, ServiceError, errors_in, errors_like};
pub use flow::{Basis, FLOWS, Flow, FlowRow, Levels, Need, Seen, SignsIn, Support};
pub use host::is_trusted_host;
pub use key::{Acceptance, acceptance_of_kind, acceptance_of_size};
pub use role::{Access, KUSTO_ROLES, ROLES, Reach, Role, Target, least_role, role_by_id};
pub use script::{MAX_SCRIPTS, SCRIPT_VERBS};
pub use usage::{USAGES, Usage};
pub use vault::{
    CURRENT_VERSION, DAY_OF_DOCUMENTS, FIRST_WITH_USERS, KEY_OPERATIONS, KEY_PERMISSIONS, Version,
    lacks_keys_of_databases, lacks_user_identities, takes_roles_by_default,
};
