//! The secrets in any text: what a connection string, a template or a script must not hold, and what no
//! output may show.
//!
//! The search is by names (`AppKey=`, `"clientSecret":`) and by shapes (an account key, a JWT). It errs
//! on the side of masking: [`Secret::certain`] tells which finds a rule may report.
//! Every byte is looked at a bounded number of times, whatever the text.

mod assembled;
mod certain;
mod clues;
mod declared;
mod defined;
mod elsewhere;
mod encoded;
mod expression;
mod header;
mod hidden;
mod named;
mod names;
mod positions;
mod random;
mod settings;
mod shapes;
mod site;
mod value;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use memchr::memmem;

use assembled::Gap;

use crate::text::Span;

pub use encoded::base64_text;
pub use hidden::{Finder, Hidden};
pub use random::random_in;
pub use value::is_placeholder;
pub(super) use value::starts_with_folded;

/// What stands for a secret in all outputs.
pub const MASK: &str = "***";

/// What a secret opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SecretKind {
    /// The key of a storage account or a Cosmos DB account.
    AccountKey,
    /// The signature of a shared access signature, or the whole of one.
    SasSignature,
    /// The key of an Event Hub, Service Bus or IoT Hub policy.
    SharedAccessKey,
    /// The secret of an application registration.
    ClientSecret,
    /// A password.
    Password,
    /// A bearer token.
    Token,
    /// A user and a password, or the signature of a request, in an `Authorization` header.
    Login,
    /// The secret half of an AWS key pair, or the signature of a presigned URL.
    Aws,
    /// The body of a private key or of a certificate.
    PrivateKey,
    /// Any other key.
    Key,
}

impl SecretKind {
    /// The kind in words that fit into a sentence after "a" or "an".
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccountKey => "account key",
            Self::SasSignature => "SAS signature",
            Self::SharedAccessKey => "shared access key",
            Self::ClientSecret => "client secret",
            Self::Password => "password",
            Self::Token => "token",
            Self::Login => "credential of a request",
            Self::Aws => "AWS secret",
            Self::PrivateKey => "private key",
            Self::Key => "key",
        }
    }
}

impl fmt::Display for SecretKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One secret in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Secret {
    /// Its characters, without the name before it and without quotes.
    pub span: Span,
    /// What it opens.
    pub kind: SecretKind,
    /// Whether it is a secret beyond reasonable doubt. The others are masked, not reported.
    pub certain: bool,
    /// What of it is masked where it comes up again.
    pub telling: Telling,
}

/// How much of a secret tells of it where it does not stand after its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Telling {
    /// Nothing: what only might be a secret, or is too short, is masked where it stands and nowhere else.
    #[default]
    Nothing,
    /// It is of words: what reaches from one to the next tells of it, and a long row of letters. A word of it may come up
    /// in any text.
    Phrase,
    /// Any piece: it is certain, or of letters and digits that are no words with numbers.
    Pieces,
}

/// The secrets in a text, in order and without overlap.
#[must_use]
pub fn find_secrets(text: &str) -> Vec<Secret> {
    let mut gaps = Vec::new();
    let mut found = plain(text, &mut gaps);
    encoded::find(text, &mut found);
    // Not in literals that are joined: there, an argument is one with the next.
    positions::find(text, &mut gaps, &mut found);
    gaps.extend(Gap::declared(declared::declared(text)));
    assembled::find(text, gaps, &mut found);
    found.retain(|secret| !secret.span.is_empty());
    merged(found)
}

/// The parameters that texts declare to be secrets by their type. Other texts give them values.
#[derive(Clone, Debug, Default)]
pub struct Declared(Option<Gap>);

impl Declared {
    /// What is declared in the texts of a run.
    #[must_use]
    pub fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let names: BTreeSet<String> = texts.into_iter().flat_map(declared::declared).collect();
        Self(Gap::declared(names.into_iter().collect()))
    }

    /// The secrets in a text, as [`find_secrets`] gives them, and those that it gives to the parameters.
    #[must_use]
    pub fn secrets_of(&self, text: &str) -> Vec<Secret> {
        let mut found = find_secrets(text);
        self.find(text, &mut found);
        found
    }

    /// Adds the values that a text gives to the parameters to its secrets.
    pub fn find(&self, text: &str, found: &mut Vec<Secret>) {
        let gives = || {
            ["deploymentParameters.json", "using '"]
                .iter()
                .any(|word| text.contains(word))
        };
        if let Some(gap) = self.0.as_ref().filter(|_| gives()) {
            assembled::find(text, vec![gap.clone()], found);
            *found = merged(std::mem::take(found));
        }
    }
}

/// The secrets that stand in a text as they are, and the gaps that something else fills.
fn plain(text: &str, gaps: &mut Vec<Gap>) -> Vec<Secret> {
    let mut found = Vec::new();
    named::find(text, gaps, &mut found);
    shapes::find(text, &mut found);
    header::find(text, &mut found);
    found.retain(|secret| !secret.span.is_empty());
    for secret in &mut found {
        let least = if secret.kind == SecretKind::Key { 16 } else { 8 };
        let value = secret.span.of_text(text);
        let is_random = certain::is_mixed(value, least) && !certain::is_wordy(value);
        if secret.certain || is_random && !elsewhere::is_elsewhere(value) {
            secret.telling = Telling::Pieces;
        }
    }
    merged(found)
}

/// Finds in order; of those that overlap, one.
fn merged(mut found: Vec<Secret>) -> Vec<Secret> {
    found.sort_by_key(|secret| (secret.span, !secret.certain));
    let mut merged: Vec<Secret> = Vec::with_capacity(found.len());
    for secret in found {
        match merged.last_mut() {
            Some(last) if secret.span.start < last.span.end => {
                if secret.certain && !last.certain {
                    last.kind = secret.kind;
                    last.certain = true;
                }
                last.telling = last.telling.max(secret.telling);
                last.span = last.span.cover(secret.span);
            }
            _ => merged.push(secret),
        }
    }
    merged
}

/// The secrets in a text, as spans of it, in order and without overlap. What outputs show of a file has
/// these characters masked.
#[must_use]
pub fn secrets_in(text: &str) -> Vec<Span> {
    find_secrets(text).into_iter().map(|secret| secret.span).collect()
}

/// The text with [`MASK`] in place of each secret.
#[must_use]
pub fn mask(text: &str) -> Cow<'_, str> {
    let spans = secrets_in(text);
    if spans.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for span in spans {
        let range = span.range();
        out.push_str(text.get(from..range.start).unwrap_or_default());
        out.push_str(MASK);
        from = range.end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(out)
}

/// Whether a name may be that of a secret: what does not have such a name is known by its own looks.
#[must_use]
pub fn may_name_secret(name: &str) -> bool {
    named::holds_name(name) || name.to_ascii_lowercase().contains("authorization")
}

/// Texts up to this length are searched byte by byte: to prepare a search takes longer than such a text.
const SHORT: usize = 512;

/// Where a sign stands in a text.
fn places(text: &str, sign: &'static str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let Some(first) = sign.bytes().next().filter(|_| text.len() <= SHORT) else {
        return memmem::find_iter(bytes, sign).collect();
    };
    let starts = |at: &usize| bytes.get(*at..).is_some_and(|rest| rest.starts_with(sign.as_bytes()));
    memchr::memchr_iter(first, bytes).filter(starts).collect()
}

/// The byte at an offset.
fn byte(text: &str, at: usize) -> Option<u8> {
    text.as_bytes().get(at).copied()
}

/// The text from an offset on; empty when that is no character border.
fn rest(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

/// The offset of the first byte at or after `at` for which `wanted` does not hold.
fn skip(text: &str, at: usize, wanted: impl Fn(u8) -> bool) -> usize {
    let bytes = text.as_bytes().get(at..).unwrap_or_default();
    at + bytes.iter().take_while(|byte| wanted(**byte)).count()
}

#[cfg(test)]
mod tests;
