//! Secrets that are known by their looks, whatever stands before them.

use memchr::memmem;

use super::certain::{is_guid, is_mixed, is_random, is_wordy, telling};
use super::value::{is_placeholder, is_quote, starts_with_folded};
use super::{Secret, SecretKind, byte, places, rest, skip};
use crate::text::Span;

/// Characters of the key of a storage account, without its padding.
const ACCOUNT_KEY: usize = 86;
/// The longest private key that is looked for as a whole.
const PEM: usize = 32 * 1024;

/// Adds the secrets that are known by their looks.
pub(super) fn find(text: &str, found: &mut Vec<Secret>) {
    account_keys(text, found);
    keys_of_urls(text, found);
    web_tokens(text, found);
    private_keys(text, found);
    client_secrets(text, found);
    logins(text, found);
}

pub(super) fn add(found: &mut Vec<Secret>, start: usize, end: usize, kind: SecretKind, certain: bool) {
    found.push(Secret {
        span: Span::of(start, end),
        kind,
        certain,
        telling: super::Telling::default(),
    });
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

pub(super) fn is_base64_url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// Length of a run of characters for which `wanted` holds, that ends before `end`.
fn run_before(text: &str, end: usize, wanted: fn(u8) -> bool) -> usize {
    text.as_bytes()
        .get(..end)
        .unwrap_or_default()
        .iter()
        .rev()
        .take(ACCOUNT_KEY + 64)
        .take_while(|byte| wanted(**byte))
        .count()
}

/// 88 characters of base64 that end with `==`: the key of an account. A path before it (`c/…;`) does not
/// belong to it.
fn account_keys(text: &str, found: &mut Vec<Secret>) {
    for padding in ["==", "%3D%3D", "%3d%3d", "\\u003d\\u003d", "\\u003D\\u003D"] {
        for at in places(text, padding) {
            let end = at + padding.len();
            let run = run_before(text, at, is_base64_or_escape);
            let Some(start) = decoded_start(text, at, run) else {
                continue;
            };
            if byte(text, end).is_some_and(|next| is_base64(next) || next == b'=') {
                continue;
            }
            let before = text.get(..start).unwrap_or_default();
            let key = text.get(start..end).unwrap_or_default();
            if !is_placeholder(key) {
                add(
                    found,
                    start,
                    end,
                    SecretKind::AccountKey,
                    before.ends_with(';') && is_random(key, 20),
                );
            }
        }
    }
}

fn is_base64_or_escape(byte: u8) -> bool {
    is_base64(byte) || matches!(byte, b'%' | b'\\')
}

/// Where the 86 characters before `end` start, with `%2B`, `%2F` and `\/` counted as one.
fn decoded_start(text: &str, end: usize, run: usize) -> Option<usize> {
    let mut count = 0;
    let mut at = end;
    while count < ACCOUNT_KEY {
        let escaped = at
            .checked_sub(3)
            .filter(|_| end - at + 3 <= run)
            .filter(|from| byte(text, *from) == Some(b'%'));
        at = match escaped {
            Some(from) => from,
            None => at.checked_sub(1)?,
        };
        if at.checked_sub(1).is_some_and(|slash| byte(text, slash) == Some(b'\\')) && byte(text, at) == Some(b'/') {
            at -= 1;
        }
        count += 1;
        if end - at > run {
            return None;
        }
    }
    let outside = at.checked_sub(1).and_then(|before| byte(text, before));
    let letter_before = outside.is_some_and(is_base64);
    let escape_before = starts_with_folded(rest(text, at.saturating_sub(3)), "%3b");
    (!letter_before || escape_before).then_some(at)
}

/// A bare key of any length after the URL of a store.
fn keys_of_urls(text: &str, found: &mut Vec<Secret>) {
    for host in [".blob.", ".dfs.", ".queue.", ".table."] {
        let mut at = 0;
        for start in places(text, host) {
            if start < at {
                continue;
            }
            let end = skip(text, start, |byte| {
                !byte.is_ascii_whitespace() && !is_quote(byte) && !matches!(byte, b';' | b'<')
            });
            at = end;
            while byte(text, at) == Some(b';') {
                let start = at + 1;
                let key = skip(text, start, is_base64);
                let padded = skip(text, key, |byte| byte == b'=');
                at = skip(text, padded, |byte| {
                    !byte.is_ascii_whitespace() && !is_quote(byte) && byte != b';'
                });
                let whole = text.get(start..at).unwrap_or_default();
                let digits = text
                    .get(start..key)
                    .unwrap_or_default()
                    .bytes()
                    .any(|byte| byte.is_ascii_digit());
                if key - start >= 20 && padded - key <= 2 && padded == at && digits {
                    add(found, start, padded, SecretKind::AccountKey, is_random(whole, 40));
                } else if is_bare_key(whole) {
                    let telling = telling(whole);
                    add(found, start, at, SecretKind::AccountKey, false);
                    found
                        .iter_mut()
                        .next_back()
                        .into_iter()
                        .for_each(|last| last.telling = telling);
                }
            }
        }
    }
}

/// Whether what follows the URL of a store is a key, though not in the form of one: no pair, no name, no code, nothing that
/// is filled in later.
fn is_bare_key(value: &str) -> bool {
    let is_code = value.contains(['(', '{', '[', '$', '%', '<', '>', '\\', ',', ':']);
    let is_pair = value.trim_end_matches('=').contains('=');
    !is_code && !is_pair && is_mixed(value, 8) && !is_wordy(value) && !is_guid(value) && !is_placeholder(value)
}

/// JSON web tokens: three parts, the first of which starts as `{"` does in base64.
fn web_tokens(text: &str, found: &mut Vec<Secret>) {
    let mut at = 0;
    for start in places(text, "eyJ") {
        if start < at {
            continue;
        }
        let end = skip(text, start, |byte| is_base64_url(byte) || byte == b'.');
        at = end;
        let token = text.get(start..end).unwrap_or_default().trim_end_matches('.');
        let mut parts = token.split('.');
        let (Some(head), Some(body)) = (parts.next(), parts.next()) else {
            continue;
        };
        if head.len() >= 12 && body.len() >= 8 {
            add(found, start, start + token.len(), SecretKind::Token, false);
        }
    }
}

/// The bodies of private keys in PEM form. Each ends with the next label, also that of another key: a sample that
/// is cut short says nothing of the one after it.
fn private_keys(text: &str, found: &mut Vec<Secret>) {
    let bytes = text.as_bytes();
    // Where the next end may start at the earliest, so that no byte is searched for it twice.
    let mut endless = 0;
    for at in places(text, "PRIVATE KEY-----") {
        if !begins_key(text, at) {
            continue;
        }
        let start = at + "PRIVATE KEY-----".len();
        let limit = text.floor_char_boundary(start + PEM);
        let from = start.max(endless);
        let end = match memmem::find(bytes.get(from..limit).unwrap_or_default(), b"-----") {
            Some(end) => from + end,
            None => {
                endless = endless.max(limit.saturating_sub("-----".len() - 1));
                skip(text.get(..limit).unwrap_or(text), start, |byte| {
                    is_base64(byte) || byte.is_ascii_whitespace() || matches!(byte, b'=' | b'\\')
                })
            }
        };
        let body = text.get(start..end).unwrap_or_default();
        let blank = body.len() - body.trim_start().len();
        if body.bytes().filter(|byte| is_base64(*byte)).count() >= 16 && !is_placeholder(body) {
            add(
                found,
                start + blank,
                start + body.trim_end().len(),
                SecretKind::PrivateKey,
                !body.contains("...") && !body.contains('…'),
            );
        }
    }
}

/// Whether the label whose last words stand at `at` is that of the start of a key, not of its end.
fn begins_key(text: &str, at: usize) -> bool {
    let from = text.floor_char_boundary(at.saturating_sub(32));
    let label = text.get(from..at).unwrap_or_default();
    label
        .rfind("-----")
        .is_some_and(|dashes| rest(label, dashes).starts_with("-----BEGIN"))
}

/// Secrets of application registrations: three characters, a digit, `Q~`, and 31 to 34 more.
fn client_secrets(text: &str, found: &mut Vec<Secret>) {
    let wanted = |byte: u8| is_base64_url(byte) || matches!(byte, b'.' | b'~');
    for at in places(text, "Q~") {
        let limit = text.floor_char_boundary(at + 64);
        let end = skip(text.get(..limit).unwrap_or(text), at + 2, wanted);
        let start = at - run_before(text, at, |byte| is_base64_url(byte) || matches!(byte, b'.' | b'~')).min(4);
        let digit = at
            .checked_sub(1)
            .and_then(|before| byte(text, before))
            .is_some_and(|byte| byte.is_ascii_digit());
        if digit && at - start == 4 && (31..=34).contains(&(end - at - 2)) {
            add(found, start, end, SecretKind::ClientSecret, true);
        }
    }
}

/// The password of `scheme://user:password@host`.
fn logins(text: &str, found: &mut Vec<Secret>) {
    for at in places(text, "://") {
        let start = at + 3;
        let window = text
            .get(start..text.floor_char_boundary(start + 256))
            .unwrap_or_default();
        let end = window
            .bytes()
            .position(|byte| byte.is_ascii_whitespace() || is_quote(byte) || matches!(byte, b'/' | b'?' | b';' | b'<'));
        let authority = window.get(..end.unwrap_or(window.len())).unwrap_or_default();
        let Some((login, _)) = authority.rsplit_once('@') else {
            continue;
        };
        let Some((user, password)) = login.split_once(':') else {
            continue;
        };
        if !password.is_empty() && !is_placeholder(password) {
            let from = start + user.len() + 1;
            add(found, from, from + password.len(), SecretKind::Password, false);
        }
    }
}
