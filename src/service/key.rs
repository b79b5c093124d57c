//! Which keys can encrypt a cluster.

/// Whether a cluster can be encrypted with a key of some kind or size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acceptance {
    /// All documents accept it.
    Always,
    /// The documents of 2026 accept it, those of 2023 do not.
    Since2026,
    /// No document accepts it.
    Never,
}

/// What is known of keys of a kind (`kty`, in upper case).
///
/// Source: customer-managed-keys.md, 05/10/2023 and 03/15/2026.
#[must_use]
pub fn acceptance_of_kind(kind: &str) -> Acceptance {
    match kind {
        "RSA" => Acceptance::Always,
        "RSA-HSM" => Acceptance::Since2026,
        _ => Acceptance::Never,
    }
}

/// What is known of RSA keys of a size in bits.
///
/// Source: customer-managed-keys.md, 05/10/2023 and 03/15/2026.
#[must_use]
pub fn acceptance_of_size(bits: i64) -> Acceptance {
    match bits {
        2048 => Acceptance::Always,
        3072 | 4096 => Acceptance::Since2026,
        _ => Acceptance::Never,
    }
}
