//! Family "Role grants": what identities may do at the target.

pub mod control_plane_only_grant;
