//! Secrets that stand after their name.

use std::sync::LazyLock;

use regex::Regex;

use super::assembled::{Gap, Strength};
use super::certain::{
    is_in_url, is_made, is_mixed, is_random, is_service_key, is_signature, is_signature_token, is_the_word,
    is_web_token, is_wordy, telling,
};
use super::clues::{Clue, Clues};
use super::settings::{block, element, value_attribute, value_beside, value_member};
use super::value::{Ends, LONG, Value, braced, is_quote, is_reference, read, stands_in, starts_with_folded};
use super::{Secret, SecretKind, Telling, byte, rest, skip};
use crate::text::Span;

/// Names of secrets, as the ends of the words in which they occur.
static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i-u)(?:(?:event[ _-]?hubs?|service[ _-]?bus|iot[ _-]?hub|cosmos(?:[ _-]?db)?|blob)[a-z_-]{0,24}key",
        r"|account[ _-]?key|shared[ _-]?access[ _-]?key|shared[ _-]?access[ _-]?signature|shared[ _-]?key",
        r"|storage[ _-]?key|access[ _-]?key|secret[ _-]?key|api[ _-]?key|function[ _-]?key|app(?:lication)?[ _-]?key",
        r"|app(?:lication)?[ _-]?certificate[ _-]?blob|(?:usr|user|app|application|access|refresh|bearer)[ _-]?token",
        r"|sas[ _-]?token|(?:client|app)[ _-]?secret|securestring|passphrase|passw(?:or)?d|pwd",
        r"|(?:primary|secondary|master)[ _-]?key|(?:\b|_)pw\b",
        r"|aws[ _-]?credentials|x-amz-signature|x-amz-security-token|token|secret|code|sig",
        r"|(?:\b|_)(?:key|k|pass|creds?|credentials?)\b)",
    ))
    .ok()
});

/// Names that as often are those of something else: what stands after them is a secret if it looks made.
const VAGUE: &[&str] = &["key", "k", "pass", "cred", "creds", "credential", "credentials"];

/// Words in names of keys that open nothing.
const NO_KEYS: &[&str] = &["partition", "idempotency", "routing", "cache", "public"];

/// How a name is tied to its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tie {
    /// `name=value`.
    Equals,
    /// `name: value`, or the `value` of an object of that name.
    Colon,
    /// `--name value`.
    Argument,
    /// `<name>value</name>`.
    Element,
    /// `"name", "value"`.
    Listed,
}

/// A name in the text, and where its value starts.
struct Site<'t> {
    text: &'t str,
    name: &'t str,
    start: usize,
    tie: Tie,
    /// Whether blanks stand around the sign.
    spaced: bool,
    /// Whether the name follows a `;`, as it does inside a connection string.
    in_string: bool,
    value_at: usize,
}

/// Adds the secrets after a name, and the gaps there that something else fills.
pub(super) fn find(text: &str, gaps: &mut Vec<Gap>, found: &mut Vec<Secret>) {
    let Some(names) = NAME.as_ref() else { return };
    let mut clues = Clues::new(text);
    let mut at = 0;
    while let Some(name) = names.find_at(text, at) {
        at = name.end();
        let Some(site) = Site::after(text, name.start(), name.end()) else {
            continue;
        };
        let value = site.value();
        gaps.extend(site.gap(value.as_ref()));
        let Some(value) = value else { continue };
        let Some(secret) = site.judge(&value, &mut clues) else {
            if value.end - value.start > LONG {
                at = value.end;
            }
            continue;
        };
        at = secret.span.range().end.max(at);
        found.push(secret);
    }
}

/// Whether a text holds the name of a secret.
pub(super) fn holds_name(text: &str) -> bool {
    NAME.as_ref().is_some_and(|names| names.is_match(text))
}

pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

pub(super) fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace()
}

/// Offset after at most a page of blanks.
pub(super) fn skip_blanks(text: &str, at: usize, wanted: fn(u8) -> bool) -> usize {
    let end = text.floor_char_boundary(at.saturating_add(512));
    skip(text.get(..end).unwrap_or(text), at, wanted)
}

/// Offset after a quotation mark and its backslashes.
pub(super) fn skip_quote(text: &str, at: usize) -> Option<usize> {
    let mark = skip_blanks(text, at, |byte| byte == b'\\');
    byte(text, mark).filter(|byte| is_quote(*byte)).map(|_| mark + 1)
}

/// Offset after the prefix of a literal (`h@`, `$`); the same offset when no literal starts there.
pub(super) fn skip_prefix(text: &str, at: usize) -> usize {
    let end = skip_blanks(text, at, |byte| b"hHfFrRbBuUN$@".contains(&byte));
    if end - at <= 2 && skip_quote(text, end).is_some() {
        end
    } else {
        at
    }
}

impl<'t> Site<'t> {
    fn after(text: &'t str, start: usize, end: usize) -> Option<Self> {
        let quoted = skip_quote(text, end);
        let mut here = quoted.unwrap_or(end);
        here = skip_blanks(text, here, |byte| byte == b']');
        let blanks_end = skip_blanks(text, here, is_space);
        let name = text.get(start..end)?;
        let before = text.get(..start)?.trim_end_matches([' ', '\t']);
        let mut site = Self {
            text,
            name,
            start,
            tie: Tie::Equals,
            spaced: blanks_end > here,
            in_string: before.ends_with(';') || ends_with_folded(before, "%3b"),
            value_at: blanks_end,
        };
        if let Some(sign) = sign_length(rest(text, blanks_end), site.spaced) {
            site.tie = if byte(text, blanks_end) == Some(b':') {
                Tie::Colon
            } else {
                Tie::Equals
            };
            let after = blanks_end + sign;
            site.value_at = skip_blanks(text, after, if quoted.is_some() { is_space } else { is_blank });
            site.spaced |= site.value_at > after;
            if quoted.is_some()
                && let Some(inner) = value_member(text, site.value_at, b'{')
            {
                site.value_at = inner;
            }
            return Some(site);
        }
        site.tie = Tie::Colon;
        if quoted.is_some()
            && let Some(inner) = value_member(text, blanks_end, b',')
        {
            site.value_at = inner;
            return Some(site);
        }
        if quoted.is_some()
            && let Some(inner) = value_attribute(text, here)
        {
            site.value_at = inner;
            return Some(site);
        }
        if let Some(inner) = value_beside(text, start, here) {
            site.value_at = inner;
            return Some(site);
        }
        if let Some(literal) = quoted.and_then(|_| listed(text, blanks_end)) {
            site.tie = Tie::Listed;
            site.value_at = literal;
            return Some(site);
        }
        if element(text, here).is_some() {
            site.tie = Tie::Element;
            site.value_at = here;
            return Some(site);
        }
        site.tie = Tie::Argument;
        (site.spaced && site.is_option()).then_some(site)
    }

    /// Whether the name is that of a command-line option, or of the command that makes a password.
    fn is_option(&self) -> bool {
        if self.name.eq_ignore_ascii_case("securestring") {
            return self.text.get(..self.start).is_some_and(|before| before.ends_with('-'));
        }
        let before = self.text.get(..self.start).unwrap_or_default().as_bytes();
        let word = before
            .iter()
            .rev()
            .take(32)
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-');
        let mut length = 0;
        let mut dash = false;
        for byte in word {
            length += 1;
            dash = *byte == b'-';
        }
        let starts_word = before.len() == length
            || before
                .get(before.len().saturating_sub(length + 1))
                .is_some_and(|byte| is_space(*byte) || is_quote(*byte));
        dash && starts_word
    }

    /// Whether the name is that of a parameter of a URL and nothing else.
    fn is_query(&self) -> bool {
        let name = self.folded();
        matches!(name.as_str(), "sig" | "code") || name.starts_with("xamz")
    }

    /// What after the name something else fills; `value` is what stands there.
    fn gap(&self, value: Option<&Value>) -> Option<Gap> {
        let kind = self.kind();
        let is_vague = self.is_vague();
        let joined = self.tie == Tie::Equals && (self.in_string || !self.spaced) && !is_vague;
        let Some(value) = value else {
            let ends = joined && self.ends_literal() && (!self.is_query() || self.is_parameter());
            return ends.then(|| Gap::after_literal(self.text, self.value_at, kind));
        };
        if value.known < value.end - value.start
            || joined && self.text.get(value.start..value.end)?.starts_with(['%', '{'])
        {
            let gap = Gap::of_value(self.text, value, kind)?;
            let strength = if is_vague { Strength::Loose } else { gap.strength };
            return Some(Gap { strength, ..gap });
        }
        (!value.quoted && self.tie != Tie::Argument && !is_vague && !self.is_query())
            .then(|| Gap::of_name(self.text, value.start, kind, Strength::Loose))
            .flatten()
    }

    /// Whether the name tells of a secret only if the value looks like one.
    fn is_vague(&self) -> bool {
        VAGUE.contains(&self.folded().as_str())
    }

    fn value(&self) -> Option<Value> {
        let (kind, query) = (self.kind(), self.is_query());
        if query && !self.is_parameter() {
            return None;
        }
        let ends = match self.tie {
            _ if query => Ends::Query,
            Tie::Argument => Ends::Argument,
            Tie::Equals if self.in_string || !self.spaced => Ends::Pair,
            Tie::Listed => Ends::Pair,
            Tie::Equals | Tie::Colon | Tie::Element => Ends::Word,
        };
        match self.tie {
            Tie::Element => return element(self.text, self.value_at),
            Tie::Colon => {
                if let Some(block) = block(self.text, self.value_at) {
                    return Some(block);
                }
            }
            Tie::Equals => {
                if let Some(braced) = braced(self.text, self.value_at) {
                    return Some(braced);
                }
            }
            Tie::Argument | Tie::Listed => {}
        }
        if let Some(next) = self.next_literal() {
            return Some(read(self.text, next, Ends::Pair));
        }
        if self.ends_literal() {
            return None;
        }
        let literal = skip_prefix(self.text, self.value_at);
        let start = if self.in_string { self.value_at } else { literal };
        let mut value = read(self.text, start, ends);
        if self.tie == Tie::Colon && !value.quoted {
            value = self.in_flow(value)?;
        }
        if kind == SecretKind::Aws && !query {
            let whole = self.text.get(value.start..value.end)?;
            let second = whole.find(',').map_or(0, |comma| comma + 1);
            value.start += second;
            value.known = read_known(whole, second);
        }
        Some(value)
    }

    /// A value without the brackets and the comma that end a member of YAML: `{name: value, …}`.
    fn in_flow(&self, value: Value) -> Option<Value> {
        let written = self.text.get(value.start..value.end)?;
        let bare = written.trim_end_matches(['}', ']', ',']);
        // In prose and code a comma stands after anything.
        let is_other = written.contains(['{', '[']) || written.ends_with(',') && !is_made(bare);
        let surplus = if is_other { 0 } else { written.len() - bare.len() };
        Some(Value {
            end: value.end - surplus,
            known: value.known.saturating_sub(surplus),
            ..value
        })
    }

    /// Whether the name is that of a parameter of a URL, with an equals sign.
    fn is_parameter(&self) -> bool {
        let before = self.text.get(..self.start).unwrap_or_default();
        let begins = before
            .bytes()
            .next_back()
            .is_none_or(|byte| !byte.is_ascii_alphanumeric() && byte != b'_');
        let escaped = ["%26", "%3f", "u0026", "%3b"]
            .iter()
            .any(|end| ends_with_folded(before, end));
        let in_url = before.ends_with(['?', '&']) || before.ends_with("&amp;") || escaped;
        self.tie == Tie::Equals
            && !self.spaced
            && if self.name.eq_ignore_ascii_case("code") {
                in_url
            } else {
                begins || escaped
            }
    }

    /// The literal that continues one which ends with `name=`: `'…;AppKey=' h'…'`.
    fn next_literal(&self) -> Option<usize> {
        if self.tie != Tie::Equals || self.spaced {
            return None;
        }
        let closed = skip_quote(self.text, self.value_at)?;
        let blanks = skip_blanks(self.text, closed, is_space);
        let sign = skip_blanks(self.text, blanks, |byte| matches!(byte, b',' | b'+' | b'&'));
        let literal = skip_blanks(self.text, sign, is_space);
        if literal == closed {
            return None;
        }
        let quote = skip_prefix(self.text, literal);
        skip_quote(self.text, quote).map(|_| quote)
    }

    /// Whether the quote after `name=` ends a literal that is joined to something else: `';AppKey=', f(x)`.
    fn ends_literal(&self) -> bool {
        let Some(closed) = skip_quote(self.text, self.value_at) else {
            return false;
        };
        let sign = skip_blanks(self.text, closed, is_blank);
        let joined = match byte(self.text, sign) {
            Some(b',') => true,
            Some(b'+' | b'&' | b')' | b']') => sign > closed || byte(self.text, sign + 1).is_none_or(is_space),
            _ => false,
        };
        joined && self.tie == Tie::Equals && !self.spaced
    }

    /// The name in lower case without blanks and dashes.
    fn folded(&self) -> String {
        self.name
            .bytes()
            .filter(u8::is_ascii_alphanumeric)
            .map(|byte| char::from(byte.to_ascii_lowercase()))
            .collect()
    }

    fn kind(&self) -> SecretKind {
        match self.folded().as_str() {
            "accountkey" | "storagekey" | "sharedkey" => SecretKind::AccountKey,
            "sharedaccesskey" => SecretKind::SharedAccessKey,
            name if name.ends_with("key")
                && ["eventhub", "servicebus", "iothub"]
                    .iter()
                    .any(|hub| name.starts_with(hub)) =>
            {
                SecretKind::SharedAccessKey
            }
            name if name.ends_with("key") && ["cosmos", "blob"].iter().any(|store| name.starts_with(store)) => {
                SecretKind::AccountKey
            }
            "sharedaccesssignature" | "sastoken" | "sig" => SecretKind::SasSignature,
            "appkey" | "applicationkey" | "clientsecret" | "appsecret" => SecretKind::ClientSecret,
            "passphrase" | "password" | "passwd" | "pwd" | "pw" | "securestring" => SecretKind::Password,
            "awscredentials" | "xamzsignature" | "xamzsecuritytoken" => SecretKind::Aws,
            name if name.ends_with("blob") => SecretKind::PrivateKey,
            name if name.ends_with("token") => SecretKind::Token,
            _ => SecretKind::Key,
        }
    }

    /// The secret, if the value is one.
    fn judge(&self, value: &Value, clues: &mut Clues<'_>) -> Option<Secret> {
        let text = self.text.get(value.start..value.end)?;
        let trimmed = text.trim_end();
        let secret = value.known > 0
            && !stands_in(trimmed)
            && !is_reference(trimmed)
            && !is_spliced(trimmed)
            && !self.is_command(trimmed, value)
            && (value.known >= 4 || value.known == text.len());
        // A table has a primary key as well, which is the name of a column.
        let is_column =
            ["primarykey", "secondarykey", "masterkey"].contains(&self.folded().as_str()) && !is_mixed(trimmed, 16);
        let is_vague = (self.is_vague() || self.tie == Tie::Listed) && !is_made(trimmed);
        if !secret || is_column || is_vague || !value.quoted && !self.in_string && self.is_other(trimmed, value) {
            return None;
        }
        Some(Secret {
            span: Span::of(value.start, value.start + trimmed.len()),
            kind: self.kind(),
            certain: self.is_certain(trimmed, value, clues),
            telling: if self.is_told(trimmed, value, clues) {
                telling(trimmed)
            } else {
                Telling::Nothing
            },
        })
    }

    /// Whether a value in backticks is a command whose output a shell puts there.
    fn is_command(&self, value: &str, site: &Value) -> bool {
        let before = self.text.get(..site.start).unwrap_or_default();
        let single = before.ends_with('`') && !before.ends_with("``");
        site.quoted && single && value.contains(' ')
    }

    /// Whether a value without quotes, outside a connection string, is code, a type or prose.
    fn is_other(&self, value: &str, site: &Value) -> bool {
        if value.len() > LONG {
            return false;
        }
        let name = skip(value, 0, |byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'$' | b':')
        });
        let call = name > 0 && matches!(byte(value, name), Some(b'(' | b'['));
        let path = name == value.len()
            && value.contains('.')
            && (!value.bytes().any(|byte| byte.is_ascii_digit()) || is_wordy(value));
        let word = value
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b',' | b')' | b'}'));
        let open = value.starts_with(['{', '[', '(', '|', '>', '=', '~', '!', '-'])
            && (value.len() < 8 || self.spaced || self.tie == Tie::Colon);
        let line_end = rest(self.text, site.end)
            .bytes()
            .find(|byte| !is_blank(*byte))
            .is_none_or(|byte| matches!(byte, b'\n' | b'\r' | b'#' | b'}' | b','));
        call || path
            || open
            || self.spaced && self.tie == Tie::Equals && word
            || self.tie == Tie::Colon && (!line_end || value.ends_with([')', ',']))
    }

    /// Whether a rule may report the value.
    fn is_certain(&self, value: &str, site: &Value, clues: &mut Clues<'_>) -> bool {
        let (start, end) = (site.start, site.start + value.len());
        let pair = self.is_pair(site);
        let mut near = |clue| clues.near(clue, start..end);
        let name = self.folded();
        let is_braced = self.text.get(..start).is_some_and(|before| before.ends_with('{'));
        if is_braced || self.tie == Tie::Listed || NO_KEYS.iter().any(|word| name.contains(word)) {
            return false;
        }
        match self.kind() {
            SecretKind::Token => is_web_token(value),
            SecretKind::SasSignature if name == "sig" => is_signature(self.text, start, end),
            SecretKind::SasSignature => is_signature_token(value),
            SecretKind::AccountKey | SecretKind::SharedAccessKey => {
                let shared = name == "sharedkey";
                let key = is_service_key(value) || pair && is_random(value, 20) || shared && is_random(value, 8);
                key && (!shared || self.in_string)
            }
            SecretKind::ClientSecret => {
                let may_ask = name == "clientsecret" && self.tie == Tie::Equals && (site.quoted || !self.spaced);
                let long = pair || value.len() >= 16;
                (long || may_ask)
                    && is_random(value, 8)
                    && (may_ask && near(Clue::TokenRequest) || long && near(Clue::Kusto))
            }
            SecretKind::Password => {
                (pair || self.closes_string())
                    && is_random(value, 8)
                    && !is_the_word(value)
                    && near(Clue::User)
                    && near(Clue::Server)
            }
            SecretKind::Aws if name == "awscredentials" => is_random(value, 8),
            SecretKind::Aws => value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit()),
            SecretKind::PrivateKey => is_random(value, 100),
            SecretKind::Login => false,
            SecretKind::Key => self.names_key() && is_service_key(value),
        }
    }

    /// Whether the name is a keyword that has a secret and nothing else after it, whatever that looks like.
    fn is_told(&self, value: &str, site: &Value, clues: &mut Clues<'_>) -> bool {
        let (start, end) = (site.start, site.start + value.len());
        let pair = self.is_pair(site);
        let mut near = |clue| clues.near(clue, start..end);
        match self.kind() {
            SecretKind::SasSignature => self.folded() == "sig" && is_in_url(self.text, start, end),
            SecretKind::AccountKey | SecretKind::SharedAccessKey => pair,
            SecretKind::ClientSecret => {
                pair && near(Clue::Kusto) || self.folded() == "clientsecret" && near(Clue::TokenRequest)
            }
            SecretKind::Password => (pair || self.closes_string()) && near(Clue::User) && near(Clue::Server),
            SecretKind::Token => pair && near(Clue::Kusto),
            SecretKind::Aws => self.folded() == "awscredentials",
            SecretKind::PrivateKey | SecretKind::Login | SecretKind::Key => false,
        }
    }

    /// Whether the name and its value are a pair of a connection string.
    fn is_pair(&self, site: &Value) -> bool {
        let next = rest(self.text, site.end);
        let mut line_after = next
            .bytes()
            .take_while(|byte| !matches!(byte, b'\n' | b'\r'))
            .take(49)
            .skip(1);
        let pair_follows = next.starts_with(';') && line_after.any(|byte| byte == b'=');
        self.in_string || self.tie == Tie::Equals && !self.spaced && pair_follows
    }

    /// Whether the pair is the first one of its string, or stands alone in one.
    fn closes_string(&self) -> bool {
        self.tie == Tie::Equals && !self.spaced
    }

    /// Whether the access key is that of a service which Kusto works with, as far as the word it ends tells.
    fn names_key(&self) -> bool {
        let before = self.text.get(..self.start).unwrap_or_default();
        let before = before.get(before.floor_char_boundary(before.len().saturating_sub(64))..);
        let before = before.unwrap_or_default().to_ascii_lowercase();
        let mut words = before.rsplit(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '_' | '-'));
        let word = words.next().unwrap_or_default();
        let services = ["storage", "blob", "cosmos", "hub", "servicebus", "adls"];
        self.folded() == "accesskey" && services.iter().any(|service| word.contains(service))
    }
}

/// Where the literal starts that is listed after a name: `"AppKey", "…"`.
fn listed(text: &str, at: usize) -> Option<usize> {
    byte(text, at).filter(|byte| *byte == b',')?;
    let literal = skip_blanks(text, at + 1, is_space);
    skip_quote(text, skip_prefix(text, literal)).map(|_| literal)
}

/// Whether a value is only the end of one literal, an expression, and the start of the next one:
/// `', variables('x'), '`.
fn is_spliced(value: &str) -> bool {
    let inner = value.strip_prefix(['\'', '"']).unwrap_or_default();
    value.ends_with(['\'', '"']) && inner.trim_start().starts_with([',', '+', '&', '.'])
}

/// Bytes of `value` from `start` on that are not part of a placeholder.
fn read_known(value: &str, start: usize) -> usize {
    read(rest(value, start), 0, Ends::Argument).known
}

/// Length of the sign between a name and its value; `spaced` tells that a blank stands before it.
fn sign_length(text: &str, spaced: bool) -> Option<usize> {
    for escaped in ["%3d", "\\u003d"] {
        if starts_with_folded(text, escaped) {
            return Some(escaped.len());
        }
    }
    let second = byte(text, 1);
    match byte(text, 0)? {
        b'=' if second == Some(b'=') || spaced && second == Some(b'~') => None,
        b'=' if second == Some(b'>') => Some(2),
        b'=' => Some(1),
        b':' if second == Some(b':') => None,
        b':' if second == Some(b'=') => Some(2),
        b':' => Some(1),
        _ => None,
    }
}

/// Whether the text ends with `suffix`, which is in lower case.
fn ends_with_folded(text: &str, suffix: &str) -> bool {
    text.len()
        .checked_sub(suffix.len())
        .is_some_and(|from| starts_with_folded(rest(text, from), suffix))
}
