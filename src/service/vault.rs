//! What versions of the management APIs of clusters and vaults know.

use std::fmt;

/// A version of a management API: a date, perhaps of a preview.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    date: String,
    suffix: String,
}

impl Version {
    /// The version that a text is: `2024-04-13`, `2026-04-01-preview`.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let date = text.get(..10)?;
        let is_date = date.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        let suffix = text.get(10..)?;
        let is_version = is_date && (suffix.is_empty() || suffix.starts_with('-'));
        is_version.then(|| Self {
            date: date.to_owned(),
            suffix: suffix.to_owned(),
        })
    }

    fn is_preview(&self) -> bool {
        !self.suffix.is_empty()
    }

    /// Whether the version is this date or an older one.
    fn is_until(&self, date: &str) -> bool {
        self.date.as_str() <= date
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.date, self.suffix)
    }
}

/// The last version of clusters that has no `userIdentity`, asks for a `keyVersion` and knows no user-assigned
/// identity. The next one that was read, [`FIRST_WITH_USERS`], has all three; those between the two were not read.
///
/// Source: Azure/azure-rest-api-specs, stable/2019-09-07/kusto.json.
const LAST_WITHOUT_USERS: &str = "2019-09-07";

/// The first version of clusters that was read and has `userIdentity` and user-assigned identities.
///
/// Source: Azure/azure-rest-api-specs, stable/2020-09-18/kusto.json.
pub const FIRST_WITH_USERS: &str = "2020-09-18";

/// A version of clusters and databases that has all that is written here.
///
/// Source: Azure/azure-rest-api-specs, Azure-kusto.Management/models.tsp.
pub const CURRENT_VERSION: &str = "2024-04-13";

/// Whether the version of a cluster certainly knows nothing of user-assigned identities.
#[must_use]
pub fn lacks_user_identities(version: &Version) -> bool {
    version.is_until(LAST_WITHOUT_USERS)
}

/// Whether the version of a database certainly has no `keyVaultProperties`.
///
/// Source: Azure/azure-rest-api-specs, stable/2020-09-18/kusto.json.
#[must_use]
pub fn lacks_keys_of_databases(version: &Version) -> bool {
    version.is_until(FIRST_WITH_USERS)
}

/// Whether a vault takes roles only when `enableRbacAuthorization` is left out; `None` for versions between the last
/// one that is known to take policies and the first one that is known to take roles.
///
/// Source: Azure/azure-rest-api-specs, Microsoft.KeyVault/KeyVault/models.tsp, 2025-05-01 to 2026-04-01-preview.
#[must_use]
pub fn takes_roles_by_default(version: &Version) -> Option<bool> {
    if version.is_until("2025-05-01") {
        return Some(false);
    }
    let first = version.date == "2026-02-01" && version.is_preview();
    (!version.is_until("2026-01-31") && !first).then_some(true)
}

/// Permissions of an access policy that a cluster needs to its key, in lower case.
///
/// Source: customer-managed-keys.md, 05/10/2023 and 03/15/2026; security.md, 03/15/2026.
pub const KEY_PERMISSIONS: [&str; 3] = ["get", "wrapkey", "unwrapkey"];

/// What a key must be allowed to do, in lower case.
///
/// Source: security.md, 03/15/2026 (the service wraps and unwraps its own key with it).
pub const KEY_OPERATIONS: [&str; 2] = ["wrapkey", "unwrapkey"];

/// A day on which the documents were read, in seconds since 1970 (2026-03-15): what was over by then is over.
pub const DAY_OF_DOCUMENTS: i64 = 1_773_532_800;

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::of(text).unwrap()
    }

    #[test]
    fn versions_are_dates() {
        assert_eq!(version(" 2026-04-01-Preview ").to_string(), "2026-04-01-preview");
        for text in ["", "latest", "2024-04", "2024/04/13", "2024-04-13x", "é024-04-13"] {
            assert!(Version::of(text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_default_of_vaults_changed_with_a_version() {
        for (text, roles) in [
            ("2019-09-01", Some(false)),
            ("2025-05-01", Some(false)),
            ("2025-06-01-preview", None),
            ("2026-02-01-preview", None),
            ("2026-02-01", Some(true)),
            ("2026-04-01-preview", Some(true)),
        ] {
            assert_eq!(takes_roles_by_default(&version(text)), roles, "{text}");
        }
    }

    #[test]
    fn old_versions_lack_what_came_later() {
        assert!(lacks_user_identities(&version("2019-01-21")) && lacks_user_identities(&version("2019-09-07")));
        assert!(!lacks_user_identities(&version("2020-02-15")) && !lacks_user_identities(&version(FIRST_WITH_USERS)));
        assert!(lacks_keys_of_databases(&version("2020-09-18")) && !lacks_keys_of_databases(&version(CURRENT_VERSION)));
    }
}
