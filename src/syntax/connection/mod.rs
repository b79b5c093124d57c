//! Connection strings (Kusto, storage, SQL and their kin) and the secrets in them.

mod secret;

pub use secret::{MASK, Redacted, Secret, SecretKind, find_secrets, is_placeholder, mask, secrets_in};
