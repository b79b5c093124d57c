//! The place of a name: how it is tied to its value, where that starts, and where it ends.

use super::assembled::{Gap, Strength};
use super::certain::is_made;
use super::expression::{
    command_argument, listed_literal, literal_within, names_before, set_literal, shell_default, skip_accessors,
};
use super::settings::{block, element, line_below, value_attribute, value_before, value_beside, value_member};
use super::value::{Ends, Value, braced, is_quote, read, starts_with_folded};
use super::{SecretKind, byte, names, rest, skip};

/// Bytes of a literal in an expression that are looked at.
const LITERAL: usize = 1024;

/// How a name is tied to its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tie {
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
pub(super) struct Site<'t> {
    pub(super) text: &'t str,
    pub(super) name: &'t str,
    pub(super) start: usize,
    pub(super) tie: Tie,
    /// Whether blanks stand around the sign.
    pub(super) spaced: bool,
    /// Whether the name follows a `;`, as it does inside a connection string.
    pub(super) in_string: bool,
    pub(super) value_at: usize,
    /// Whether more words follow in the name after the one that tells of a secret.
    has_suffix: bool,
    /// Names that are given their values together with this one, before it.
    pub(super) names_before: usize,
    /// Whether the value is only a part of the expression after the name.
    pub(super) is_within: bool,
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
    /// The site of the name in which the word at `start..end` tells of a secret.
    pub(super) fn named(text: &'t str, start: usize, end: usize) -> Option<Self> {
        // The strong name of an assembly.
        if ends_with_folded(text.get(..start)?, "publickey") {
            return None;
        }
        Self::after(text, start, end).or_else(|| {
            let whole = names::skip_suffixes(text, end);
            let site = (whole > end).then(|| Self::after(text, start, whole))??;
            Some(Self {
                name: text.get(start..end)?,
                has_suffix: true,
                ..site
            })
        })
    }

    fn after(text: &'t str, start: usize, end: usize) -> Option<Self> {
        let quoted = skip_quote(text, end);
        let mut here = quoted.unwrap_or(end);
        here = skip_blanks(text, here, |byte| byte == b']');
        let blanks_end = skip_accessors(text, skip_blanks(text, here, is_space));
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
            has_suffix: false,
            names_before: 0,
            is_within: false,
        };
        if let Some(sign) = sign_length(rest(text, blanks_end), site.spaced) {
            site.tie_by_sign(blanks_end, sign, quoted.is_some());
            return Some(site);
        }
        let (tie, value_at) = site.untied(here, blanks_end, end, quoted.is_some())?;
        site.tie = tie;
        site.value_at = value_at;
        (tie != Tie::Argument || site.spaced && site.is_option()).then_some(site)
    }

    /// Ties the name to what stands after the sign at `at`.
    fn tie_by_sign(&mut self, at: usize, sign: usize, quoted: bool) {
        let text = self.text;
        self.tie = if byte(text, at) == Some(b':') {
            Tie::Colon
        } else {
            Tie::Equals
        };
        let after = at + sign;
        self.value_at = skip_blanks(text, after, if quoted { is_space } else { is_blank });
        self.spaced |= self.value_at > after;
        if quoted {
            if let Some(inner) = value_member(text, self.value_at, b'{') {
                self.value_at = inner;
            }
            if let Some(literal) = first_member(text, self.value_at) {
                self.tie = Tie::Listed;
                self.value_at = literal;
            }
            return;
        }
        if self.tie == Tie::Equals || sign == 2 {
            self.names_before = names_before(text, self.start);
            if self.names_before > 0 {
                self.value_at = listed_literal(text, self.value_at, self.names_before).unwrap_or(self.value_at);
            }
        } else {
            self.value_at = line_below(text, self.start, after).unwrap_or(self.value_at);
        }
    }

    /// How a name is tied to its value that has no sign after it, and where the value starts. The name ends at `end`, its quote
    /// at `here`, and the blanks after that at `blanks_end`.
    fn untied(&self, here: usize, blanks_end: usize, end: usize, quoted: bool) -> Option<(Tie, usize)> {
        let (text, start) = (self.text, self.start);
        let member = || {
            value_member(text, blanks_end, b',')
                .or_else(|| value_attribute(text, here))
                .filter(|_| quoted)
                .or_else(|| value_beside(text, start, here))
                .or_else(|| value_before(text, start).filter(|_| quoted))
                .map(|at| (Tie::Colon, at))
        };
        let literal = || {
            listed(text, blanks_end)
                .filter(|_| quoted)
                .or_else(|| set_literal(text, start, end))
                .map(|at| (Tie::Listed, at))
        };
        let element = || element(text, here).map(|_| (Tie::Element, here));
        let argument = || {
            if self.name.eq_ignore_ascii_case("securestring") {
                command_argument(text, blanks_end)
            } else {
                Some(blanks_end)
            }
            .map(|at| (Tie::Argument, at))
        };
        member().or_else(literal).or_else(element).or_else(argument)
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
    pub(super) fn is_query(&self) -> bool {
        let name = self.folded();
        matches!(name.as_str(), "sig" | "code") || name.starts_with("xamz")
    }

    /// What after the name something else fills; `value` is what stands there.
    pub(super) fn gap(&self, value: Option<&Value>) -> Option<Gap> {
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
            let strength = if joined { gap.strength } else { Strength::Loose };
            return Some(Gap { strength, ..gap });
        }
        (!value.quoted && self.tie != Tie::Argument && !is_vague && !self.is_query())
            .then(|| Gap::of_name(self.text, value.start, kind, Strength::Loose))
            .flatten()
    }

    /// Whether the name tells of a secret only if the value looks like one.
    pub(super) fn is_vague(&self) -> bool {
        self.has_suffix || names::VAGUE.contains(&self.folded().as_str())
    }

    pub(super) fn value(&self) -> Option<Value> {
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

    /// The same in the text up to as much after the name as of an expression is read.
    pub(super) fn near(&self) -> Self {
        let limit = self.text.floor_char_boundary(self.value_at.saturating_add(LITERAL));
        Self {
            text: self.text.get(..limit).unwrap_or(self.text),
            ..*self
        }
    }

    /// The value in an expression after the name, which is not the whole of it.
    pub(super) fn within(&self) -> Option<(Self, Value)> {
        if !matches!(self.tie, Tie::Equals | Tie::Colon) || self.is_query() {
            return None;
        }
        let inner = |text, value_at| Self {
            text,
            value_at,
            is_within: true,
            ..*self
        };
        if let Some(value) = shell_default(self.text, self.value_at) {
            return Some((inner(self.text, self.value_at), value));
        }
        let literal = literal_within(self.text, self.value_at).filter(|_| self.spaced || !self.in_string)?;
        let limit = self.text.floor_char_boundary(literal.saturating_add(LITERAL));
        let text = self.text.get(..limit)?;
        let value = read(text, skip_prefix(text, literal), Ends::Pair);
        skip_quote(text, value.end).map(|_| (inner(text, literal), value))
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
        let literal = appended(self.text, closed).unwrap_or_else(|| skip_blanks(self.text, sign, is_space));
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
        let joined = joined || appended(self.text, closed).is_some();
        joined && self.tie == Tie::Equals && !self.spaced
    }

    /// The name in lower case without blanks and dashes.
    pub(super) fn folded(&self) -> String {
        self.name
            .bytes()
            .filter(u8::is_ascii_alphanumeric)
            .map(|byte| char::from(byte.to_ascii_lowercase()))
            .collect()
    }

    pub(super) fn kind(&self) -> SecretKind {
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
}

/// Where the argument starts of a call that adds to what the literal which is closed at `at` was added to:
/// `("…AppKey=").Append(…)`.
pub(super) fn appended(text: &str, at: usize) -> Option<usize> {
    let call = skip_blanks(text, at, is_space);
    byte(text, call).filter(|byte| *byte == b')')?;
    let dot = skip_blanks(text, call + 1, is_space);
    byte(text, dot).filter(|byte| *byte == b'.')?;
    let end = skip_blanks(text, dot + 1, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let name = text.get(dot + 1..end)?.to_ascii_lowercase();
    (byte(text, end) == Some(b'(') && (name.contains("append") || name == "concat"))
        .then(|| skip_blanks(text, end + 1, is_space))
}

/// Where the literal starts that is listed after a name: `"AppKey", "…"`.
fn listed(text: &str, at: usize) -> Option<usize> {
    byte(text, at).filter(|byte| *byte == b',')?;
    let literal = skip_blanks(text, at + 1, is_space);
    skip_quote(text, skip_prefix(text, literal)).map(|_| literal)
}

/// Where the literal starts that is the first member of the list at `at`: `["…"]`.
fn first_member(text: &str, at: usize) -> Option<usize> {
    byte(text, at).filter(|byte| *byte == b'[')?;
    let literal = skip_blanks(text, at + 1, is_space);
    skip_quote(text, literal).map(|_| literal)
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
