//! Connection strings inside other text: settings, code, scripts, prose.

use std::sync::LazyLock;

use regex::Regex;

use super::endpoint::{Store, is_local_host};
use super::{CredentialKind, Dialect, Form, Keyword, KeywordString, StorageString, parse};
use crate::service::is_trusted_host;
use crate::text::{FileId, FileSpan, MappedText, Span};

/// What a connection string may start with.
static START: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i-u)(?:https?|abfss?|wasbs?|adl)://",
        r"|(?:data[ ]?source|network[ ]address|initial[ ]catalog|accountendpoint|defaultendpointsprotocol",
        r"|usedevelopmentstorage|blobendpoint|application[ ]client[ ]id|aad[ ]federated[ ]security)[ \t]{0,4}=",
        r"|(?:server|address|addr|hostname|host|endpoint|database|accountname|fed|aadfed|appclientid",
        r"|user[ ]id|uid|sharedaccesskeyname|sharedaccesssignature)=",
    ))
    .ok()
});

/// The longest string that is looked for.
const LONGEST: usize = 16 * 1024;
/// How far a placeholder with blanks in it may reach, or the rest of a value with blanks.
const NEAR: usize = 128;
/// How often a stretch of text is looked at again after it proved to be none.
const RETRIES: usize = 4;

/// The connection strings in a text of any kind, in order and without overlap. A string ends with the
/// quote that it started after, otherwise with the line, or where a blank is no part of it any more.
/// URLs without credentials are none.
#[must_use]
pub fn find(text: &str) -> Vec<Span> {
    let Some(starts) = START.as_ref() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let (mut at, mut looked, mut retries, mut line_end) = (0, 0, 0, 0);
    while let Some(start) = starts.find_at(text, at) {
        at = start.end();
        if !may_start(text, start.start()) {
            continue;
        }
        if start.start() >= line_end {
            let line = memchr::memchr2(b'\n', b'\r', text.as_bytes().get(at..).unwrap_or_default());
            line_end = line.map_or(text.len(), |length| at + length);
        }
        let end = end_of(text, start.start(), line_end, start.as_str().ends_with("://"));
        if is_connection_string(text, start.start(), end) {
            found.push(Span::of(start.start(), end));
            at = end.max(at);
            continue;
        }
        if start.start() >= looked {
            (looked, retries) = (end, 0);
        } else {
            retries += 1;
        }
        if retries >= RETRIES {
            at = looked.max(at);
        }
    }
    found
}

fn byte(text: &str, at: usize) -> Option<u8> {
    text.as_bytes().get(at).copied()
}

fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// Whether a word can start at an offset.
fn may_start(text: &str, at: usize) -> bool {
    at.checked_sub(1)
        .and_then(|before| byte(text, before))
        .is_none_or(|before| {
            before.is_ascii() && !before.is_ascii_alphanumeric() && !matches!(before, b'_' | b'-' | b'.' | b';')
        })
}

/// The quote right before an offset, and the number of backslashes before it.
fn opening_quote(text: &str, at: usize) -> Option<(u8, usize)> {
    let before = text.as_bytes().get(..at)?;
    let (quote, before) = before.split_last()?;
    let slashes = before.iter().rev().take(8).take_while(|byte| **byte == b'\\').count();
    is_quote(*quote).then_some((*quote, slashes))
}

/// Where the string ends that starts at `start`, on a line that ends at `line_end`.
fn end_of(text: &str, start: usize, line_end: usize, url: bool) -> usize {
    let limit = text.floor_char_boundary(start.saturating_add(LONGEST));
    let window = text.get(..limit.min(line_end)).unwrap_or(text);
    let end = match opening_quote(text, start) {
        Some((quote, slashes)) => closing_quote(window, start, quote, slashes),
        None => bare_end(window, start, url),
    };
    let string = text.get(start..end).unwrap_or_default();
    start + string.trim_end().len()
}

/// The offset of the quote that closes a literal; a doubled quote belongs to it.
fn closing_quote(text: &str, start: usize, quote: u8, slashes: usize) -> usize {
    let mut here = start;
    while let Some(next) = memchr::memchr(quote, text.as_bytes().get(here..).unwrap_or_default()) {
        let at = here + next;
        let before = text.as_bytes().get(start..at).unwrap_or_default();
        let found = before.iter().rev().take_while(|byte| **byte == b'\\').count();
        let doubled = byte(text, at + 1) == Some(quote);
        here = at + 1;
        if doubled && found == 0 {
            here = at + 2;
        } else if found <= slashes || found.is_multiple_of(2) {
            return at - found.min(slashes);
        }
    }
    text.len()
}

/// Which part of a string stands at an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Name,
    Value,
}

/// The end of a string without quotes around it.
fn bare_end(text: &str, start: usize, url: bool) -> usize {
    let mut place = if url { Place::Value } else { Place::Name };
    let mut here = start;
    while let Some(current) = byte(text, here) {
        match current {
            b';' => place = Place::Name,
            b'=' if place == Place::Name => {
                place = Place::Value;
                here = skip_blanks(text, here + 1);
                if let Some(end) = byte(text, here)
                    .filter(|byte| is_quote(*byte))
                    .and_then(|quote| quoted(text, here, quote))
                {
                    here = end;
                }
                continue;
            }
            b' ' | b'\t' if !blank_belongs(text, here, place) => return here,
            b'<' if byte(text, here + 1) == Some(b'/') => return here,
            b'<' | b'{' | b'(' => {
                if let Some(end) = placeholder_end(text, here, current) {
                    here = end;
                    continue;
                }
            }
            b')' | b']' | b'}' if is_end(text, here + 1) => return here,
            _ if is_quote(current) || current == b'\\' => return here,
            _ => {}
        }
        here += 1;
    }
    here
}

fn skip_blanks(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    at + rest
        .iter()
        .take(NEAR)
        .take_while(|byte| matches!(**byte, b' ' | b'\t'))
        .count()
}

/// Offset after a value in quotes, which must be short.
fn quoted(text: &str, at: usize, quote: u8) -> Option<usize> {
    let inner = text.as_bytes().get(at + 1..)?;
    let end = inner.iter().take(NEAR).position(|byte| *byte == quote)?;
    let after = at + end + 2;
    byte(text, after)
        .is_none_or(|next| next == b';' || next.is_ascii_whitespace() || is_quote(next))
        .then_some(after)
}

/// Offset after `<…>`, `{…}` or `(…)`.
fn placeholder_end(text: &str, at: usize, open: u8) -> Option<usize> {
    let close = match open {
        b'<' => b'>',
        b'{' => b'}',
        _ => b')',
    };
    let inner = text.as_bytes().get(at + 1..)?;
    let end = inner
        .iter()
        .take(NEAR)
        .position(|byte| *byte == close || *byte == b';' || *byte == b'"')?;
    (inner.get(end) == Some(&close)).then_some(at + end + 2)
}

/// Whether a bracket before `at` closes something around the string.
fn is_end(text: &str, at: usize) -> bool {
    byte(text, at).is_none_or(|next| next.is_ascii_whitespace() || matches!(next, b',' | b'.' | b')' | b']' | b'}'))
}

/// Whether the blank at `at` is inside the string: the name of a pair goes on, or a `;` follows.
fn blank_belongs(text: &str, at: usize, place: Place) -> bool {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    let next = rest
        .iter()
        .take(NEAR)
        .position(|byte| matches!(*byte, b';' | b'=' | b'<') || is_quote(*byte));
    let Some(next) = next else { return false };
    let between = rest.get(..next).unwrap_or_default();
    let word = between
        .iter()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(*byte, b' ' | b'\t' | b'_' | b'-'));
    match (place, rest.get(next)) {
        (Place::Name, Some(b'=')) => word,
        (Place::Value, Some(b';')) => true,
        _ => false,
    }
}

/// Whether the text between two offsets is a connection string of a known kind.
fn is_connection_string(text: &str, start: usize, end: usize) -> bool {
    let candidate = text.get(start..end).unwrap_or_default();
    let source = MappedText::verbatim(
        candidate,
        FileSpan::new(FileId::default(), Span::of(0, candidate.len())),
    );
    match parse(&source).form {
        Form::Storage(storage) => is_storage(&storage),
        Form::Keywords(keywords) => is_keywords(&keywords, &source),
        Form::Other => false,
    }
}

/// A URL of a known store with something after it, or of any host with a keyword after it.
fn is_storage(storage: &StorageString) -> bool {
    let known = !matches!(storage.store, Store::Http | Store::Unknown | Store::OpenAi);
    storage.credentials.iter().any(|credential| match credential.kind {
        CredentialKind::Impersonate
        | CredentialKind::ManagedIdentity
        | CredentialKind::SharedKey
        | CredentialKind::AwsCredentials
        | CredentialKind::PresignedUrl => true,
        CredentialKind::Sas | CredentialKind::AccountKey | CredentialKind::Symbolic | CredentialKind::Token => known,
        CredentialKind::Unknown => known && credential.name.is_some(),
    })
}

/// Pairs that lead to a service, and are not merely assignments in code.
fn is_keywords(keywords: &KeywordString, source: &MappedText) -> bool {
    let known = keywords.pairs.iter().filter(|pair| pair.keyword.is_some()).count();
    let has = |keyword| keywords.get(keyword).is_some();
    match keywords.dialect {
        Dialect::Unknown => false,
        Dialect::Kusto => {
            let endpoint = keywords.endpoint(source);
            let host = endpoint.as_ref().map_or("", |url| url.host.as_str());
            let symbolic = host.contains(['<', '{', '$', '%']);
            let settled = keywords.uri.is_none() || known > 0;
            settled
                && (is_trusted_host(host) || is_local_host(host) || known >= 2 || symbolic || host.contains("kusto"))
        }
        Dialect::SqlServer | Dialect::MySql | Dialect::PostgreSql => {
            let login = [
                Keyword::Password,
                Keyword::UserId,
                Keyword::Authentication,
                Keyword::InitialCatalog,
            ];
            has(Keyword::DataSource) && login.into_iter().any(has)
        }
        Dialect::CosmosDb | Dialect::EventHub | Dialect::StorageAccount => {
            known >= 2 || keywords.pairs.iter().any(|pair| pair.keyword == Some(Keyword::Setting))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<&str> {
        find(text).into_iter().map(|span| span.of_text(text)).collect()
    }

    #[test]
    fn strings_end_where_their_literal_or_line_does() {
        for (text, wanted) in [
            (
                "CS=Data Source=http://c.kusto.windows.net;Fed=True\nX=1",
                "Data Source=http://c.kusto.windows.net;Fed=True",
            ),
            (
                "cs = Data Source=https://c.kusto.windows.net;Initial Catalogue=T;Fed=True # note",
                "Data Source=https://c.kusto.windows.net;Initial Catalogue=T;Fed=True",
            ),
            (
                "f\"Data Source={os.environ['K']};Fed=True;AppKey={os.environ['A']}\" x",
                "Data Source={os.environ['K']};Fed=True;AppKey={os.environ['A']}",
            ),
            (
                "{\"a\": \"Server=tcp:h;Authentication=\\\"Active Directory Integrated\\\";Database=d\"}",
                "Server=tcp:h;Authentication=\\\"Active Directory Integrated\\\";Database=d",
            ),
            (
                "var a = @\"Server=tcp:h;Authentication=\"\"Active Directory Integrated\"\"\";",
                "Server=tcp:h;Authentication=\"\"Active Directory Integrated\"\"",
            ),
            (
                "A=Server=tcp:h;Authentication=\"Active Directory Managed Identity\";User Id=12",
                "Server=tcp:h;Authentication=\"Active Directory Managed Identity\";User Id=12",
            ),
            (
                "url: https://a.blob.core.windows.net/c;managed_identity=system",
                "https://a.blob.core.windows.net/c;managed_identity=system",
            ),
            (
                "url: 'https://a.blob.core.windows.net/c ; managed_identity = system'",
                "https://a.blob.core.windows.net/c ; managed_identity = system",
            ),
            (
                "(see https://a.blob.core.windows.net/c;impersonate).",
                "https://a.blob.core.windows.net/c;impersonate",
            ),
            (
                "<v>https://a.blob.core.windows.net/c?sv=1&sig=x</v>",
                "https://a.blob.core.windows.net/c?sv=1&sig=x",
            ),
            (
                "Use `Data Source=https://<cluster name>.kusto.windows.net;Fed=True` here",
                "Data Source=https://<cluster name>.kusto.windows.net;Fed=True",
            ),
            (
                "use Data Source=https://<cluster name>.kusto.windows.net;Fed=True here",
                "Data Source=https://<cluster name>.kusto.windows.net;Fed=True",
            ),
            (
                "export S=\"DefaultEndpointsProtocol=https;AccountName=a;AccountKey=k\"",
                "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=k",
            ),
            ("a: UseDevelopmentStorage=true", "UseDevelopmentStorage=true"),
            (
                "'Endpoint=sb://n.servicebus.windows.net/;SharedAccessKeyName=k'",
                "Endpoint=sb://n.servicebus.windows.net/;SharedAccessKeyName=k",
            ),
            (
                "LightIngest \"https://ingest-c.kusto.windows.net;Fed=True\" -x",
                "https://ingest-c.kusto.windows.net;Fed=True",
            ),
            (
                "-source:\"https://b.s3.eu-west-1.amazonaws.com/k;AwsCredentials=A,b\"",
                "https://b.s3.eu-west-1.amazonaws.com/k;AwsCredentials=A,b",
            ),
            (
                "\"Data Source=http://localhost:8080;Initial Catalog=NetDefaultDB\"",
                "Data Source=http://localhost:8080;Initial Catalog=NetDefaultDB",
            ),
            (
                "$c = 'Server=tcp:h.database.windows.net,1433;User ID=a;Password=b c!;'",
                "Server=tcp:h.database.windows.net,1433;User ID=a;Password=b c!;",
            ),
        ] {
            assert_eq!(found(text), [wanted], "{text}");
        }
    }

    #[test]
    fn code_links_and_prose_are_none() {
        for text in [
            "https://a.blob.core.windows.net/c/file.csv",
            "see https://c.kusto.windows.net/db and https://example.org/a;b=c",
            "host=a;port=b;",
            "let server = \"x\"; let database = \"y\";",
            "f(host=h, database=d)",
            "uid=1000;gid=1000",
            "docker run --add-host=x",
            "Server=production",
            "endpoint=https://example.org/;x",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn long_lines_take_linear_time() {
        for piece in [
            "host=",
            "host=a;",
            "https://",
            "server=\"",
            "'server=",
            "Data Source=<",
            "uid=\\",
            "https://a.blob.x/;b ",
            "fed= ",
        ] {
            crate::syntax::growth::assert_linear("places", ["", piece, ""], find);
        }
    }

    proptest! {
        #[test]
        fn spans_are_ordered_and_lie_on_borders(text in "([;=\"'\\\\ `<>{}()\n]|é|Data Source=|https://|c.kusto.windows.net|a.blob.core.windows.net/c|;impersonate|;Fed=true|[a-z]{1,4}){0,30}") {
            let spans = find(&text);
            prop_assert!(spans.iter().all(|span| text.get(span.range()).is_some_and(|found| !found.is_empty())));
            prop_assert!(spans.is_sorted_by(|a, b| a.end <= b.start));
        }
    }
}
