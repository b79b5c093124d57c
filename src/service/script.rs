//! Scripts that a deployment runs.
//!
//! Source: database-script.md, 09/28/2025.

/// Script resources that a cluster takes.
pub const MAX_SCRIPTS: usize = 50;

/// The first words of commands that a script resource runs.
pub const SCRIPT_VERBS: [&str; 6] = [
    "add",
    "alter",
    "alter-merge",
    "create",
    "create-merge",
    "create-or-alter",
];
