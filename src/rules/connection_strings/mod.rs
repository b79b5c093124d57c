//! Family "Connection strings and secrets": what leaks, and strings that services refuse.

mod binding;
pub mod client_id_in_connection_string;
pub mod conflicting_credentials;
pub mod embedded_secret;
pub mod incomplete_application_authentication;
pub mod insecure_scheme;
pub mod invalid_connection_string;
mod kinds;
pub mod shared_key_on_keyless_account;
pub mod unknown_connection_keyword;
pub mod unobfuscated_secret;
pub mod untrusted_kusto_host;

use crate::facts::{ConnectionString, Keyword};
use crate::service::is_trusted_host;

/// Whether a string is for Kusto beyond doubt: by its host, or by what only such strings say. Others have URLs as well.
fn names_kusto(string: &ConnectionString) -> bool {
    let by_host = string
        .address
        .as_ref()
        .is_some_and(|address| address.is_local || address.host.as_deref().is_some_and(is_trusted_host));
    let own = [
        Keyword::FederatedSecurity,
        Keyword::ApplicationClientId,
        Keyword::ApplicationKey,
        Keyword::ApplicationToken,
        Keyword::UserToken,
        Keyword::CertificateThumbprint,
    ];
    by_host || own.into_iter().any(|keyword| string.get(keyword).is_some())
}
