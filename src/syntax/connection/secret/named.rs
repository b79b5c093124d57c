//! Secrets that stand after their name.

use std::sync::LazyLock;

use regex::Regex;

use super::assembled::Gap;
use super::certain::{
    is_guid, is_in_url, is_made, is_mixed, is_random, is_service_key, is_signature, is_signature_token, is_the_word,
    is_web_token, is_wordy, telling,
};
use super::clues::{Clue, Clues};
use super::expression::is_cmdlet;
use super::site::{Site, Tie, is_blank};
use super::value::{LONG, Value, is_reference, stands_in};
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
        r"|(?:service[ _-]?principal|kusto|hub|private|signing|encryption|subscription|workspace)[ _-]?key",
        r"|passcode|secure[ _-]?value|(?:\b|_)pat\b",
        r"|aws[ _-]?credentials|x-amz-signature|x-amz-security-token|token|secret|code|sig",
        r"|(?:\b|_)(?:key|k|pass|creds?|credentials?)\b)",
    ))
    .ok()
});

/// Words in names of keys that open nothing.
const NO_KEYS: &[&str] = &["partition", "idempotency", "routing", "cache", "public"];

/// Adds the secrets after a name, and the gaps there that something else fills.
pub(super) fn find(text: &str, gaps: &mut Vec<Gap>, found: &mut Vec<Secret>) {
    let Some(names) = NAME.as_ref() else { return };
    let mut clues = Clues::new(text);
    let mut passed = Passed::default();
    let mut at = 0;
    while let Some(name) = names.find_at(text, at) {
        at = name.end();
        let Some(site) = Site::named(text, name.start(), name.end()) else {
            continue;
        };
        let within = site.within();
        let within = within.and_then(|(inner, value)| inner.judge(&value, &mut clues));
        if let Some(secret) = within {
            // Of the whole value no more is read than that of an expression, which may go on to the end of the line.
            let near = site.near();
            gaps.extend(near.gap(near.value().as_ref()));
            at = secret.span.range().end.max(at);
            found.push(secret);
            continue;
        }
        let value = site.value();
        gaps.extend(site.gap(value.as_ref()));
        let Some(value) = value else { continue };
        let Some(secret) = site.judge(&value, &mut clues) else {
            // It may be a string or a document in which another name has its secret.
            if value.end - value.start > LONG && !passed.enters(at, value.end) {
                at = value.end;
            }
            continue;
        };
        at = secret.span.range().end.max(at);
        found.push(secret);
    }
}

/// Long values in one another that are looked into.
const DEPTH: usize = 8;

/// The ends of the long values that were no secret and go on after the name that is looked at. There are few of them, so that
/// no byte is read as part of a value again and again.
#[derive(Debug, Default)]
struct Passed(Vec<usize>);

impl Passed {
    /// Whether the value that starts after `at` may be looked into.
    fn enters(&mut self, at: usize, end: usize) -> bool {
        self.0.retain(|passed| *passed > at);
        let enters = self.0.len() < DEPTH;
        if enters {
            self.0.push(end);
        }
        enters
    }
}

/// Whether a text holds the name of a secret.
pub(super) fn holds_name(text: &str) -> bool {
    NAME.as_ref().is_some_and(|names| names.is_match(text))
}

impl Site<'_> {
    /// The secret, if the value is one.
    fn judge(&self, value: &Value, clues: &mut Clues<'_>) -> Option<Secret> {
        let text = self.text.get(value.start..value.end)?;
        let trimmed = text.trim_end();
        let secret = value.known > 0
            && !stands_in(trimmed)
            && !is_reference(trimmed)
            && !is_spliced(trimmed)
            && !self.is_command(trimmed, value)
            && !self.is_assigned(trimmed, value)
            && (value.known >= 4 || value.known == text.len());
        // A table has a primary key as well, which is the name of a column.
        let is_column =
            ["primarykey", "secondarykey", "masterkey"].contains(&self.folded().as_str()) && !is_mixed(trimmed, 16);
        let is_vague = (self.is_vague() || self.tie == Tie::Listed) && !is_made(trimmed);
        // Words of what only stands near to the name may be those of anything.
        let is_guessed = self.is_within || self.tie == Tie::Listed;
        let is_plain = self.is_within && (!is_mixed(trimmed, 8) || is_wordy(trimmed));
        if !secret
            || is_column
            || is_vague
            || is_plain
            || !value.quoted && !self.in_string && self.is_other(trimmed, value)
        {
            return None;
        }
        Some(Secret {
            span: Span::of(value.start, value.start + trimmed.len()),
            kind: self.kind(),
            certain: self.is_certain(trimmed, value, clues),
            telling: if self.is_told(trimmed, value, clues) && !(is_guessed && trimmed.len() < 16) {
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

    /// Whether a value after `; name =` is the call or the name of a statement of its own, not that of a pair.
    fn is_assigned(&self, value: &str, site: &Value) -> bool {
        let before = self.text.get(..self.start).unwrap_or_default();
        if site.quoted || !self.in_string || !before.ends_with([' ', '\t']) {
            return false;
        }
        let end = skip(value, 0, |byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')
        });
        let called = rest(value, end).starts_with(['(', '[']) && rest(value, end + 1).starts_with(['"', '\'']);
        let is_name = |part: &str| part.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
        let is_constant = value.contains('_') && !value.bytes().any(|byte| byte.is_ascii_lowercase());
        let named = self.spaced && end == value.len() && (value.contains('.') || is_constant);
        (end > 0 && called || named) && value.get(..end).is_some_and(|path| path.split('.').all(is_name))
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
            || is_cmdlet(value)
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
        let is_id = (self.names_before > 0 || start < self.start) && is_guid(value);
        if is_braced
            || is_id
            || self.is_within
            || self.tie == Tie::Listed
            || NO_KEYS.iter().any(|word| name.contains(word))
        {
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

/// Whether a value is only the end of one literal, an expression, and the start of the next one:
/// `', variables('x'), '`.
fn is_spliced(value: &str) -> bool {
    let inner = value.strip_prefix(['\'', '"']).unwrap_or_default();
    value.ends_with(['\'', '"']) && inner.trim_start().starts_with([',', '+', '&', '.'])
}
