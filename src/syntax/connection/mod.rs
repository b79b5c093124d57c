//! Connection strings (Kusto, storage, SQL and their kin) and the secrets in them.

mod endpoint;
mod host;
mod keyword;
mod pairs;
mod secret;
mod storage;
mod url;

use super::SyntaxError;
use crate::service::is_trusted_host;
use crate::text::{MappedText, Span};

pub use endpoint::{Store, is_local_host};
pub use host::find;
pub use keyword::{Dialect, KUSTO_NAMES, Keyword};
pub use pairs::{Authentication, KeywordString, Pair};
pub use secret::{
    Declared, Finder, Hidden, MASK, Secret, SecretKind, Telling, base64_text, find_secrets, is_placeholder, mask,
    may_name_secret, random_in, secrets_in,
};
pub use storage::{Credential, CredentialKind, StorageString};
pub use url::Url;

/// A piece of a connection string.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Its text, with its holes and its places in the file.
    pub text: MappedText,
    /// Its bytes in the text that was parsed.
    pub span: Span,
}

impl Part {
    /// The bytes `span` of `source`.
    fn of(source: &MappedText, span: Span) -> Self {
        Self {
            text: source.part(span),
            span,
        }
    }

    /// The characters, with [`HOLE`](crate::text::HOLE) for what is not known.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// Whether the text is filled in elsewhere: it has a hole, or is a placeholder such as `<key>`.
    #[must_use]
    pub fn is_symbolic(&self) -> bool {
        !self.text.is_known() || is_placeholder(self.as_str())
    }
}

/// A connection string, and what was wrong with it. All spans are those of the text that was parsed.
#[derive(Clone, Debug)]
pub struct ConnectionString {
    /// What it is.
    pub form: Form,
    /// What could not be read, in the order of the text.
    pub errors: Vec<SyntaxError>,
}

/// The shapes of connection strings.
#[derive(Clone, Debug)]
pub enum Form {
    /// A URL with credentials after it.
    Storage(Box<StorageString>),
    /// `name=value` pairs, perhaps after a URL.
    Keywords(Box<KeywordString>),
    /// None that is known.
    Other,
}

/// What a connection string leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Files in a store.
    Storage(Store),
    /// What a string of pairs is for.
    Keywords(Dialect),
    /// Not known.
    Unknown,
}

/// A managed identity that a connection string names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its value; `None` where leaving it out means the system-assigned identity.
    pub value: Option<Part>,
    /// The bytes of everything that names it, without the `;` around.
    pub span: Span,
}

impl ConnectionString {
    /// The storage string, if it is one.
    #[must_use]
    pub fn storage(&self) -> Option<&StorageString> {
        match &self.form {
            Form::Storage(storage) => Some(storage),
            Form::Keywords(_) | Form::Other => None,
        }
    }

    /// The pairs, if the string is made of them.
    #[must_use]
    pub fn keywords(&self) -> Option<&KeywordString> {
        match &self.form {
            Form::Keywords(keywords) => Some(keywords),
            Form::Storage(_) | Form::Other => None,
        }
    }

    /// What the string leads to.
    #[must_use]
    pub fn target(&self) -> Target {
        match &self.form {
            Form::Storage(storage) => Target::Storage(storage.store),
            Form::Keywords(keywords) => Target::Keywords(keywords.dialect),
            Form::Other => Target::Unknown,
        }
    }

    /// The managed identities that the string names, in the order of the text.
    #[must_use]
    pub fn identities(&self) -> Vec<Identity> {
        match &self.form {
            Form::Storage(storage) => storage.identities().collect(),
            Form::Keywords(keywords) => keywords.identity().into_iter().collect(),
            Form::Other => Vec::new(),
        }
    }

    /// The values in the string that are secrets; placeholders and holes are none.
    #[must_use]
    pub fn secrets(&self) -> Vec<(Span, SecretKind)> {
        match &self.form {
            Form::Storage(storage) => storage.secrets(),
            Form::Keywords(keywords) => keywords.secrets(),
            Form::Other => Vec::new(),
        }
    }
}

/// Reads a connection string. What it is shows in its own shape alone; text of no known shape is
/// [`Form::Other`].
#[must_use]
pub fn parse(source: &MappedText) -> ConnectionString {
    let mut errors = Vec::new();
    let form = read_form(source, &mut errors);
    errors.sort_by_key(|error| error.span);
    ConnectionString { form, errors }
}

fn read_form(source: &MappedText, errors: &mut Vec<SyntaxError>) -> Form {
    let text = source.as_str();
    let start = text.len() - text.trim_start().len();
    let all = Span::of(start, text.trim_end().len());
    if let Some(url) = Url::parse(source, all) {
        let after = Span::new(url.span.end, all.end);
        if is_trusted_host(url.host.as_str()) || pairs::has_kusto_keyword(after.of_text(text)) {
            return Form::Keywords(Box::new(KeywordString::read(source, after, Some(url), errors)));
        }
        return Form::Storage(Box::new(StorageString::read(source, Some(url), after, errors)));
    }
    let first = text
        .get(start..)
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default();
    let lead = Span::of(start, start + first.len());
    if Part::of(source, lead).is_symbolic() && !first.is_empty() {
        let storage = StorageString::read(source, None, Span::new(lead.end, all.end), errors);
        return if storage
            .credentials
            .iter()
            .any(|credential| credential.kind != CredentialKind::Unknown)
        {
            Form::Storage(Box::new(storage))
        } else {
            Form::Other
        };
    }
    if pairs::starts_pair(first) {
        return Form::Keywords(Box::new(KeywordString::read(source, all, None, errors)));
    }
    Form::Other
}

#[cfg(test)]
mod tests;
