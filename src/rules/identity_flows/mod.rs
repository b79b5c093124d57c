//! Family "Identity flows": where identities work and where they do not.

pub mod unsupported_identity_flow;
