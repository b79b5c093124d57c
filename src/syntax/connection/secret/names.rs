//! Words in names of secrets.

use super::site::skip_blanks;
use super::{byte, rest, starts_with_folded};

/// Names that as often are those of something else: what stands after them is a secret if it looks made.
pub(super) const VAGUE: &[&str] = &[
    "key",
    "k",
    "pass",
    "cred",
    "creds",
    "credential",
    "credentials",
    "serviceprincipalkey",
    "kustokey",
    "hubkey",
    "privatekey",
    "signingkey",
    "encryptionkey",
    "subscriptionkey",
    "workspacekey",
    "passcode",
    "pat",
    "securevalue",
];

/// What may stand between the word that tells of a secret and the end of a name, in lower case: where it is used, which one
/// of several it is, that it is the value itself. Other words tell that the name is that of something else: `secretName`.
const SUFFIXES: &[&str] = &[
    "production",
    "prod",
    "prd",
    "preprod",
    "nonprod",
    "development",
    "dev",
    "test",
    "tst",
    "staging",
    "stage",
    "stg",
    "uat",
    "qa",
    "acc",
    "int",
    "sandbox",
    "sbx",
    "local",
    "default",
    "primary",
    "secondary",
    "backup",
    "old",
    "new",
    "current",
    "value",
    "val",
    "string",
    "str",
    "text",
    "plain",
    "raw",
    "encoded",
    "base64",
    "b64",
    "adx",
    "kusto",
    "sql",
    "db",
    "eventhub",
    "storage",
];

/// Words at the end of a name, at most.
const MOST_SUFFIXES: usize = 3;

/// Offset after the words that may stand at the end of a name: `_PROD_2`.
pub(super) fn skip_suffixes(text: &str, at: usize) -> usize {
    let mut here = at;
    for _ in 0..MOST_SUFFIXES {
        let start = here + usize::from(matches!(byte(text, here), Some(b'_' | b'-' | b'.')));
        let version = start + usize::from(byte(text, start).is_some_and(|byte| byte.eq_ignore_ascii_case(&b'v')));
        let digits = skip_blanks(text, version, |byte| byte.is_ascii_digit());
        let word = SUFFIXES.iter().find(|word| {
            let end = start + word.len();
            starts_with_folded(rest(text, start), word)
                && !byte(text, end).is_some_and(|next| next.is_ascii_lowercase())
        });
        here = match word {
            Some(word) => start + word.len(),
            None if digits > version && digits - version <= 4 => digits,
            None => break,
        };
    }
    here
}
