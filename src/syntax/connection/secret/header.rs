//! The credentials of requests: what stands after `Authorization`, and after the name of a scheme.

use super::certain::{is_guid, is_mixed, is_password, is_service_key, is_signature_of_bucket, is_web_token, is_wordy};
use super::encoded::decoded_word;
use super::shapes::{add, is_base64_url};
use super::value::{is_placeholder, is_quote, starts_with_folded};
use super::{Secret, SecretKind, byte, places, rest, skip};

/// The longest credential that is looked at as a whole.
const LONGEST: usize = 16 * 1024;

/// Characters between the name of the header and the scheme, and between the scheme and what follows it.
const BETWEEN: usize = 24;

/// How far it is looked for the host of a request, before and after its header.
const AROUND: usize = 1024;

/// Parts of the names of hosts that Kusto works with.
const HOSTS: &[&str] = &[
    "kusto",
    "dataexplorer",
    ".blob.",
    ".dfs.",
    ".queue.",
    ".table.",
    "fabric.microsoft.com",
    "servicebus.windows.net",
    "azure-devices.net",
    "documents.azure.com",
    "database.windows.net",
];

/// Adds the credentials of requests.
pub(super) fn find(text: &str, found: &mut Vec<Secret>) {
    bearers(text, found);
    headers(text, found);
}

/// `Bearer …` and `Basic …`, wherever they stand.
fn bearers(text: &str, found: &mut Vec<Secret>) {
    for at in memchr::memchr2_iter(b'B', b'b', text.as_bytes()) {
        let word = rest(text, at);
        let scheme = ["bearer", "basic"]
            .into_iter()
            .find(|scheme| starts_with_folded(word, scheme));
        let Some(length) = scheme.map(str::len) else { continue };
        let blanks = skip_some(text, at + length, |byte| matches!(byte, b' ' | b'\t' | b'+'));
        if blanks == at + length {
            continue;
        }
        let end = end_of_token(text, blanks);
        let token = text.get(blanks..end).unwrap_or_default();
        let digits = token.bytes().any(|byte| byte.is_ascii_digit());
        if (digits && token.len() >= 12 || token.len() >= 40) && !is_placeholder(token) {
            add(found, blanks, end, SecretKind::Token, is_web_token(token));
        }
    }
}

/// What stands after the name of the header, or in a value of that type: `Authorization: Basic …`,
/// `Headers.Add("Authorization", "SharedKey …")`, `new AuthenticationHeaderValue("Basic", "…")`.
fn headers(text: &str, found: &mut Vec<Secret>) {
    let ends = ["uthorization", "UTHORIZATION", "uthenticationHeaderValue"];
    let names = ends
        .into_iter()
        .flat_map(|end| places(text, end).into_iter().map(|at| at + end.len()));
    for name in names {
        let start = skip_some(text, name, is_between);
        let word = skip_some(text, start, |byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let scheme = text.get(start..word).unwrap_or_default().to_ascii_lowercase();
        let credential = skip_some(text, word, is_between);
        let is_scheme = credential > word && !text.get(word..credential).unwrap_or_default().contains(['=', ':']);
        if start == name {
            continue;
        }
        match scheme.as_str() {
            // Both are found by their own names.
            "bearer" | "sharedaccesssignature" => {}
            "basic" if is_scheme => basic(text, credential, found),
            "sharedkey" | "sharedkeylite" if is_scheme => shared_key(text, credential, found),
            "aws4-hmac-sha256" if is_scheme => aws(text, credential, found),
            _ => other(text, start, found),
        }
    }
}

fn is_between(byte: u8) -> bool {
    is_quote(byte)
        || matches!(
            byte,
            b' ' | b'\t' | b':' | b'=' | b',' | b'(' | b')' | b'[' | b']' | b'\\'
        )
}

/// Offset after the bytes that are `wanted`, of which there are not many.
fn skip_some(text: &str, at: usize, wanted: fn(u8) -> bool) -> usize {
    let limit = text.floor_char_boundary(at.saturating_add(BETWEEN));
    skip(text.get(..limit).unwrap_or(text), at, wanted)
}

fn end_of_token(text: &str, at: usize) -> usize {
    let limit = text.floor_char_boundary(at.saturating_add(LONGEST));
    skip(text.get(..limit).unwrap_or(text), at, |byte| {
        is_base64_url(byte) || matches!(byte, b'.' | b'~' | b'+' | b'/' | b'=')
    })
}

/// A user and a password in base64.
fn basic(text: &str, at: usize, found: &mut Vec<Secret>) {
    let end = end_of_token(text, at);
    let token = text.get(at..end).unwrap_or_default();
    if token.len() < 6 || is_placeholder(token) {
        return;
    }
    let login = decoded_word(token);
    let password = login
        .as_deref()
        .and_then(|login| login.split_once(':'))
        .map(|(_, word)| word);
    let certain = password.is_some_and(is_password) && names_host(text, at, end);
    add(found, at, end, SecretKind::Login, certain);
}

/// An account and the signature of one request.
fn shared_key(text: &str, at: usize, found: &mut Vec<Secret>) {
    let account = skip_some(text, at, |byte| byte.is_ascii_alphanumeric());
    if byte(text, account) != Some(b':') {
        return;
    }
    let (start, end) = (account + 1, end_of_token(text, account + 1));
    let signature = text.get(start..end).unwrap_or_default();
    if signature.len() >= 20 && !is_placeholder(signature) {
        let certain = is_service_key(signature) && names_host(text, at, end);
        add(found, start, end, SecretKind::Login, certain);
    }
}

/// The signature of a request to a service of Amazon.
fn aws(text: &str, at: usize, found: &mut Vec<Secret>) {
    let limit = text.floor_char_boundary(at.saturating_add(AROUND));
    let line = text.get(at..limit).unwrap_or_default();
    let line = line.split(['\n', '\r']).next().unwrap_or_default();
    let Some(name) = line.find("Signature=") else { return };
    let start = at + name + "Signature=".len();
    let end = skip(text, start, |byte| byte.is_ascii_hexdigit());
    let signature = text.get(start..end).unwrap_or_default();
    if signature.len() >= 16 {
        let is_bucket = line.get(..name).unwrap_or_default().contains("/s3/");
        add(
            found,
            start,
            end,
            SecretKind::Aws,
            is_bucket && is_signature_of_bucket(signature),
        );
    }
}

/// A credential without a scheme, or of one that is not known: it is masked if it looks like one.
fn other(text: &str, at: usize, found: &mut Vec<Secret>) {
    let limit = text.floor_char_boundary(at.saturating_add(LONGEST));
    let limited = text.get(..limit).unwrap_or(text);
    let mut start = at;
    for _ in 0..2 {
        let end = skip(limited, start, |byte| {
            byte.is_ascii_graphic() && !is_quote(byte) && byte != b'\\'
        });
        let word = text.get(start..end).unwrap_or_default();
        let is_filled_in = word.contains(['{', '<', '$', '(', '%', '[']) || is_placeholder(word);
        if is_mixed(word, 12) && !is_wordy(word) && !is_guid(word) && !is_filled_in {
            add(found, start, end, SecretKind::Login, false);
            return;
        }
        start = skip_some(limited, end, |byte| matches!(byte, b' ' | b'\t'));
        if start == end {
            return;
        }
    }
}

/// Whether a service that Kusto works with is named near to a header.
fn names_host(text: &str, start: usize, end: usize) -> bool {
    let from = text.floor_char_boundary(start.saturating_sub(AROUND));
    let to = text.floor_char_boundary(end.saturating_add(AROUND));
    let near = text.get(from..to).unwrap_or_default().to_ascii_lowercase();
    HOSTS.iter().any(|host| near.contains(host))
}

#[cfg(test)]
mod tests {
    use super::super::{find_secrets, secrets_in};
    use crate::syntax::growth::assert_linear;

    /// The secrets in a text, and whether a rule may report them.
    fn found(text: &str) -> Vec<(&str, bool)> {
        let secrets = find_secrets(text).into_iter();
        secrets
            .map(|secret| (secret.span.of_text(text), secret.certain))
            .collect()
    }

    const LOGIN: &str = "Z2F0ZTprOS1wb25kLWxpbHktNzc="; // gate:k9-pond-lily-77
    const SIGNATURE: &str = "q3V5Zm9yIG5vdGhpbmcgYXQgYWxsLCAzMiBieXRlczE=";
    const HEX: &str = "0af91c3d5e7f2a4b6c8d0e1f3a5b7c9d0af91c3d5e7f2a4b6c8d0e1f3a5b7c9d";

    #[test]
    fn credentials_of_every_scheme_are_found() {
        let host = "GET https://c.kusto.windows.net/v1\n";
        let aws = format!(
            "Authorization: AWS4-HMAC-SHA256 Credential=AKIDQUAY/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature={HEX}"
        );
        for (text, secret) in [
            (format!("{host}Authorization: Basic {LOGIN}"), LOGIN),
            (format!("{host}authorization = \"basic {LOGIN}\""), LOGIN),
            (
                format!("curl https://c.kusto.windows.net -H 'Authorization: Basic {LOGIN}'"),
                LOGIN,
            ),
            (format!("{host}h.Add(\"Authorization\", \"Basic {LOGIN}\")"), LOGIN),
            (format!("{host}h[\"Authorization\"] = \"Basic {LOGIN}\""), LOGIN),
            (
                format!("{host}new AuthenticationHeaderValue(\"Basic\", \"{LOGIN}\")"),
                LOGIN,
            ),
            (
                format!("PUT https://st.blob.core.windows.net/c\nAuthorization: SharedKey st:{SIGNATURE}"),
                SIGNATURE,
            ),
            (
                format!("https://st.table.core.windows.net\nAuthorization: SharedKeyLite st:{SIGNATURE}"),
                SIGNATURE,
            ),
            (aws, HEX),
            (
                format!(
                    "Authorization: SharedAccessSignature sr=sb%3A%2F%2Fq.servicebus.windows.net%2Fh&sig={SIGNATURE}&se=1700000000&skn=k"
                ),
                SIGNATURE,
            ),
        ] {
            assert_eq!(found(&text), [(secret, true)], "{text}");
        }
    }

    #[test]
    fn credentials_of_other_services_are_masked() {
        for text in [
            format!("GET https://git.example/x\nAuthorization: Basic {LOGIN}"),
            "https://c.kusto.windows.net Authorization: Basic dXNlcjpwYXNzd29yZA==".to_owned(),
            "Authorization: k9~pond-lily-77x".to_owned(),
            "Authorization: Token k9~pond-lily-77x".to_owned(),
            format!("Authorization: SharedKey workspace:{SIGNATURE}"),
        ] {
            assert!(matches!(found(&text).as_slice(), [(_, false)]), "{text}");
        }
    }

    #[test]
    fn what_is_filled_in_is_no_credential() {
        for value in [
            "Basic {{login}}",
            "Basic $LOGIN",
            "Basic <login>",
            "Basic ${LOGIN64}",
            "Basic \" + login64",
            "{{token1}}",
            "$TOKEN12345678",
            "<token of 12345>",
            "SharedKey {{account}}:{{signature}}",
            "SharedKey <account>:<signature>",
            "AWS4-HMAC-SHA256 Credential={{id}}, Signature={{signature}}",
            "SharedAccessSignature {{sas}}",
            "Bearer $(az account get-access-token)",
        ] {
            for text in [
                format!("https://c.kusto.windows.net\nAuthorization: {value}\n"),
                format!("curl -H \"Authorization: {value}\" https://c.kusto.windows.net"),
            ] {
                assert_eq!(found(&text), [], "{text}");
            }
        }
        for text in [
            "\"type\": \"Microsoft.Authorization/roleAssignments\"",
            "Microsoft.Authorization/roleDefinitions/ba92f5b4-2d11-453d-a403-e96b0029c9fe",
            "resourceId('Microsoft.Authorization/roleDefinitions', 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')",
            "\"authorization\": \"ba92f5b4-2d11-453d-a403-e96b0029c9fe\"",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn long_lines_take_linear_time() {
        for piece in [
            "Authorization: ",
            "authorization:basic YWE6YmIx",
            "Authorization: SharedKey a:",
        ] {
            assert_linear("headers", ["", piece, ""], secrets_in);
        }
    }
}
