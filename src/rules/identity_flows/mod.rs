//! Family "Identity flows": where identities work and where they do not.

pub mod automation_identity_not_viewer;
pub mod continuous_export_without_identity;
pub mod data_connection_without_identity;
pub mod direct_ingestion_identity;
pub mod identity_mismatch;
pub mod identity_policy_on_other_database;
pub mod malformed_data_connection_identity;
pub mod missing_callout_policy;
pub mod missing_follower_identity;
pub mod missing_identity_usage;
pub mod query_acceleration_without_identity;
mod reasons;
pub mod rls_export_target;
pub mod unsupported_identity_flow;
pub mod update_policy_without_identity;

use crate::facts::IdentityUse;

/// Uses of one identity that a finding shows.
const MOST_USES: usize = 8;

/// How many uses there are where not all of them are shown.
fn in_all(uses: &[&IdentityUse]) -> Option<String> {
    (uses.len() > MOST_USES).then(|| format!("it is used in {} places in all", uses.len()))
}
