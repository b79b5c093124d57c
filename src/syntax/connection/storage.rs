//! A URL of a store with the credentials after it.

use nom::bytes::complete::{tag, take_till, take_while};
use nom::combinator::opt;
use nom::sequence::preceded;
use nom::{IResult, Parser};

use super::endpoint::Store;
use super::{Identity, Part, SecretKind, Url, is_placeholder};
use crate::syntax::SyntaxError;
use crate::text::{MappedText, Span};

/// What a credential is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CredentialKind {
    /// `;impersonate`.
    Impersonate,
    /// `;managed_identity=…`.
    ManagedIdentity,
    /// A query that holds a `sig`.
    Sas,
    /// The key of the account with no name before it.
    AccountKey,
    /// `;sharedkey=…`.
    SharedKey,
    /// `;token=…`.
    Token,
    /// `;AwsCredentials=id,secret`.
    AwsCredentials,
    /// A query that holds an `X-Amz-Signature`.
    PresignedUrl,
    /// A placeholder or a hole where any credential may stand.
    Symbolic,
    /// Text that is none of these, such as a misspelt keyword.
    Unknown,
}

impl CredentialKind {
    /// The credential as people write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Impersonate => "impersonate",
            Self::ManagedIdentity => "managed_identity",
            Self::Sas => "SAS",
            Self::AccountKey => "account key",
            Self::SharedKey => "sharedkey",
            Self::Token => "token",
            Self::AwsCredentials => "AwsCredentials",
            Self::PresignedUrl => "presigned URL",
            Self::Symbolic => "placeholder",
            Self::Unknown => "unknown",
        }
    }
}

/// One way in which a storage string proves who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// What it is.
    pub kind: CredentialKind,
    /// The keyword as written; none for a bare key and for queries.
    pub name: Option<Part>,
    /// Its value without blanks: the identity, the key, the signature; empty for `impersonate`.
    pub value: Part,
    /// The bytes from the keyword to the end of the value, without the `;`; the query of a SAS.
    pub span: Span,
    /// Whether blanks stand around the keyword or the value.
    pub spaced: bool,
}

/// A URL of a store with the credentials after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageString {
    /// The URL; `None` when it is filled in elsewhere as a whole.
    pub url: Option<Url>,
    /// The kind of the store, by host and scheme.
    pub store: Store,
    /// The storage account.
    pub account: Option<Part>,
    /// The container, file system or workspace; the bucket for S3.
    pub container: Option<Part>,
    /// The path inside the container, with no `/` before it.
    pub path: Option<Part>,
    /// The credentials in the order of the text.
    pub credentials: Vec<Credential>,
}

/// `name = value`, `name`, or a bare key. The sign must not be the padding of a key.
fn suffix(text: &str) -> IResult<&str, (&str, Option<&str>)> {
    let (rest, name) = take_till(|c| c == '=').parse(text)?;
    let (rest, value) = opt(preceded(tag("="), take_while(|_| true))).parse(rest)?;
    Ok((
        rest,
        (
            name,
            value.filter(|value| !value.trim().chars().all(|c| c == '=') || is_keyword(name)),
        ),
    ))
}

fn is_keyword(name: &str) -> bool {
    kind_of(name) != CredentialKind::Unknown
}

fn kind_of(name: &str) -> CredentialKind {
    match name.trim().to_ascii_lowercase().as_str() {
        "impersonate" => CredentialKind::Impersonate,
        "managed_identity" => CredentialKind::ManagedIdentity,
        "sharedkey" => CredentialKind::SharedKey,
        "token" => CredentialKind::Token,
        "awscredentials" => CredentialKind::AwsCredentials,
        _ => CredentialKind::Unknown,
    }
}

impl StorageString {
    /// Reads the credentials in `after`, which starts behind the URL.
    pub(super) fn read(source: &MappedText, url: Option<Url>, after: Span, errors: &mut Vec<SyntaxError>) -> Self {
        let mut credentials = Vec::new();
        if let Some(url) = &url {
            if matches!(url.host.as_str(), "https" | "http") && url.path.as_str().starts_with("//") {
                errors.push(SyntaxError::new(
                    url.scheme.span,
                    "expected one scheme: it stands twice here",
                ));
            }
            credentials.extend(query_credential(source, url));
            credentials.extend(misplaced(source, url));
        }
        let mut at = after.start as usize;
        for (index, segment) in after.of_text(source.as_str()).split(';').enumerate() {
            if index > 0 {
                credentials.extend(credential(source, at, segment));
            }
            at += segment.len() + 1;
        }
        let mut storage = Self {
            store: Store::Unknown,
            url: None,
            account: None,
            container: None,
            path: None,
            credentials,
        };
        if let Some(url) = url {
            storage.place(source, url);
        }
        storage
    }

    /// Fills in what the URL tells.
    fn place(&mut self, source: &MappedText, url: Url) {
        let symbolic = url.host.is_symbolic() || url.host.as_str().contains(['<', '{', '$', '%']);
        self.store = Store::of(url.scheme.as_str(), url.host.as_str(), symbolic);
        let first = url.host.as_str().split('.').next().unwrap_or_default();
        let first = Part::of(
            source,
            Span::of(url.host.span.start as usize, url.host.span.start as usize + first.len()),
        );
        let mut steps = url.steps(source).into_iter();
        if self.store.has_account() {
            self.account = Some(first);
        } else if self.store == Store::S3 && !first.as_str().starts_with("s3") {
            self.container = Some(first);
        }
        if url.user.is_some() && self.store.has_container() {
            self.container.clone_from(&url.user);
        } else if self.store.has_container() || self.store == Store::S3 && self.container.is_none() {
            self.container = steps.next();
        }
        let path_end = url.path.span.start as usize + url.path.as_str().trim_end().len();
        self.path = steps
            .next()
            .map(|step| Part::of(source, Span::of(step.span.start as usize, path_end)));
        self.url = Some(url);
    }

    /// The credentials of one kind.
    pub fn of_kind(&self, kind: CredentialKind) -> impl Iterator<Item = &Credential> {
        self.credentials
            .iter()
            .filter(move |credential| credential.kind == kind)
    }

    /// The managed identities that the string names.
    pub(super) fn identities(&self) -> impl Iterator<Item = Identity> {
        self.of_kind(CredentialKind::ManagedIdentity)
            .map(|credential| Identity {
                value: Some(credential.value.clone()),
                span: credential.span,
            })
    }

    pub(super) fn secrets(&self) -> Vec<(Span, SecretKind)> {
        self.credentials.iter().filter_map(Credential::secret).collect()
    }
}

impl Credential {
    /// The bytes of the secret, if the credential is one and is not filled in elsewhere.
    #[must_use]
    pub fn secret(&self) -> Option<(Span, SecretKind)> {
        let kind = match self.kind {
            CredentialKind::Sas => SecretKind::SasSignature,
            CredentialKind::AccountKey | CredentialKind::SharedKey => SecretKind::AccountKey,
            CredentialKind::Token => SecretKind::Token,
            CredentialKind::AwsCredentials | CredentialKind::PresignedUrl => SecretKind::Aws,
            CredentialKind::Impersonate
            | CredentialKind::ManagedIdentity
            | CredentialKind::Symbolic
            | CredentialKind::Unknown => return None,
        };
        let mut span = self.value.span;
        let mut text = self.value.as_str();
        if let Some((id, secret)) = text
            .split_once(',')
            .filter(|_| self.kind == CredentialKind::AwsCredentials)
        {
            span = Span::of(span.start as usize + id.len() + 1, span.end as usize);
            text = secret;
        }
        let filled_in = text.contains(crate::text::HOLE) || is_placeholder(text);
        (!filled_in).then_some((span, kind))
    }
}

/// The credential in a query.
fn query_credential(source: &MappedText, url: &Url) -> Option<Credential> {
    let query = url.query.as_ref()?;
    let (kind, value) = if let Some(value) = url.parameter(source, "sig") {
        (CredentialKind::Sas, value)
    } else if let Some(value) = url.parameter(source, "X-Amz-Signature") {
        (CredentialKind::PresignedUrl, value)
    } else if query.is_symbolic() {
        (CredentialKind::Symbolic, query.clone())
    } else {
        return None;
    };
    Some(Credential {
        kind,
        name: None,
        value,
        span: Span::of(
            query.span.start as usize,
            query.span.start as usize + query.as_str().trim_end().len(),
        ),
        spaced: false,
    })
}

/// The keyword of an identity as a parameter of the query, where it means nothing.
fn misplaced(source: &MappedText, url: &Url) -> Option<Credential> {
    let name = "managed_identity";
    let value = url.parameter(source, name)?;
    let start = value.span.start.checked_sub(crate::text::offset(name.len() + 1))?;
    let keyword = Span::new(start, start + crate::text::offset(name.len()));
    Some(Credential {
        kind: CredentialKind::Unknown,
        name: Some(Part::of(source, keyword)),
        span: Span::new(start, value.span.end.max(keyword.end)),
        value,
        spaced: false,
    })
}

/// The credential in the segment that stands at `at`; none for an empty one.
fn credential(source: &MappedText, at: usize, segment: &str) -> Option<Credential> {
    let inner = segment.trim();
    if inner.is_empty() {
        return None;
    }
    let start = at + segment.len() - segment.trim_start().len();
    let end = start + inner.len();
    let whole = Part::of(source, Span::of(start, end));
    let spaced = inner.len() != segment.len();
    let (_, (name, value)) = suffix(inner).ok()?;
    if let Some(value) = value {
        let from = start + name.len() + 1;
        let from = from + value.len() - value.trim_start().len();
        return Some(Credential {
            kind: kind_of(name),
            name: Some(Part::of(source, Span::of(start, start + name.trim_end().len()))),
            value: Part::of(source, Span::of(from, end)),
            span: whole.span,
            spaced: spaced || name.len() != name.trim_end().len() || value.len() != value.trim_start().len(),
        });
    }
    let kind = match kind_of(name) {
        kind @ (CredentialKind::Impersonate | CredentialKind::ManagedIdentity) => kind,
        _ if whole.is_symbolic() => CredentialKind::Symbolic,
        _ if is_key(inner) => CredentialKind::AccountKey,
        _ => CredentialKind::Unknown,
    };
    let named = matches!(kind, CredentialKind::Impersonate | CredentialKind::ManagedIdentity);
    Some(Credential {
        kind,
        name: named.then(|| whole.clone()),
        value: if named {
            Part::of(source, Span::of(end, end))
        } else {
            whole.clone()
        },
        span: whole.span,
        spaced,
    })
}

/// Whether a bare text looks like the key of an account: base64 of some length, or padded.
fn is_key(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let base64 = body
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/'));
    base64 && text.len() - body.len() <= 2 && (body.len() < text.len() || body.len() >= 20)
}
