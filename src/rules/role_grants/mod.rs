//! Family "Role grants": what identities may do at the target.

pub mod client_id_in_role_assignment;
pub mod control_plane_only_grant;
pub mod cosmos_connection_grants_incomplete;
pub mod event_grid_grants_incomplete;
pub mod missing_storage_grant;
pub mod read_only_grant_for_write_flow;

use crate::facts::{Identity, IdentityRef, ResourceKey, RoleAssignment, Same, management_role};
use crate::service::{Reach, Role, Target, least_role};

/// The identity for a sentence.
fn described(principal: &IdentityRef) -> String {
    match &principal.identity {
        Identity::System(Some(cluster)) => format!("the system identity of cluster `{}`", own_name(cluster)),
        Identity::System(None) => "the system identity of the cluster".to_owned(),
        Identity::UserAssigned(user) => format!("identity `{}`", own_name(user)),
        _ => format!("`{}`", principal.written),
    }
}

/// The last name of a resource.
pub(super) fn own_name(key: &ResourceKey) -> String {
    key.own().map(ToString::to_string).unwrap_or_default()
}

/// Whether a role lets one read the data of `target`.
fn reading(target: Target) -> impl Fn(Reach) -> Same {
    move |reach| if reach.reads(target) { Same::Yes } else { Same::No }
}

/// A note that says which role to give, and how it is written.
fn grant_note(reach: Reach) -> Option<String> {
    least_role(reach).map(|role: Role| {
        format!(
            "grant {}: \"roleDefinitionId\": \"[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '{}')]\"",
            role.name, role.id
        )
    })
}

/// Whether a role assignment gives a role that only manages, which `control-plane-only-grant` reports.
fn only_manages(role: &RoleAssignment) -> bool {
    role.role.iter().any(|role| management_role(&role.value).is_some())
}
