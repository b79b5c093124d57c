//! Family "Identity policy": what managed identity policies must and must not say.

pub mod database_level_sandbox_artifacts;
pub mod missing_native_ingestion;

use crate::service::Usage;

/// The command that allows `usage` to the identity `who` at `level` ("cluster", "database Sales"),
/// ready to copy.
fn grant_command(level: &str, who: &str, usage: Usage) -> String {
    format!(
        ".alter-merge {level} policy managed_identity ```[{{\"ObjectId\":\"{who}\",\"AllowedUsages\":\"{usage}\"}}]```"
    )
}
