//! From a parsed connection string to the fact that rules read. The text of what may be a secret stays behind.

use super::Collector;
use super::kql::identity_of;
use crate::arm::value::Condition;
use crate::facts::{
    Address, Carrier, ConnectionPair, ConnectionString, Credential, Given, IdentityRef, Name, QuerySign, ScriptId,
};
use crate::syntax::connection::{
    self, CredentialKind, Dialect, Form, KUSTO_NAMES, Keyword, KeywordString, Pair, Part, StorageString, Url,
    is_local_host,
};
use crate::syntax::placeholder::symbolic;
use crate::text::{FileSpan, HOLE, MappedText, Span, is_one_slip, nearest};

/// What may follow a `;` in a storage string.
const SUFFIXES: [(&str, CredentialKind); 5] = [
    ("managed_identity", CredentialKind::ManagedIdentity),
    ("impersonate", CredentialKind::Impersonate),
    ("sharedkey", CredentialKind::SharedKey),
    ("token", CredentialKind::Token),
    ("AwsCredentials", CredentialKind::AwsCredentials),
];

/// Characters that a text has that other tools fill in, or that stands for another one in documents.
const FILLED_IN: [char; 9] = ['{', '}', '<', '>', '$', '[', '*', '…', HOLE];

/// Shorter parts of a string are no secrets.
const MIN_SECRET: usize = 8;

/// The longest name of a pair that is shown.
const LONGEST_NAME: usize = 50;

/// Where a connection string stands.
pub(super) struct Found {
    /// Its characters.
    pub(super) at: FileSpan,
    /// What holds it.
    pub(super) carrier: Carrier,
    /// Whether nothing is added to it outside.
    pub(super) bounded: bool,
    /// Whether it stands in a comment of a program.
    pub(super) commented: bool,
    /// Keywords whose names stand elsewhere in the program that holds it.
    pub(super) named_outside: Vec<Keyword>,
    /// The script or text.
    pub(super) script: ScriptId,
    /// When it is used.
    pub(super) when: Condition,
}

impl Collector<'_> {
    /// Adds the fact of a connection string.
    pub(super) fn connection_string(&mut self, text: &MappedText, parsed: &connection::ConnectionString, found: Found) {
        let reader = Reader { text, at: found.at };
        let (address, credentials, pairs) = match &parsed.form {
            Form::Other => return,
            Form::Storage(storage) => (reader.storage_address(storage), reader.credentials(storage), Vec::new()),
            Form::Keywords(keywords) => {
                let address = keywords.endpoint(text).map(|url| {
                    let leads = keywords.uri.is_some();
                    Address {
                        leads,
                        ..reader.address(&url)
                    }
                });
                (address, Vec::new(), reader.pairs(keywords))
            }
        };
        self.hide_parts(text, parsed);
        let is_doubled = address.as_ref().is_some_and(|address| address.doubled.is_some());
        let broken = parsed.errors.iter().filter(|_| !is_doubled);
        self.facts.connection_strings.push(ConnectionString {
            at: found.at,
            carrier: found.carrier,
            identities: parsed
                .identities()
                .iter()
                .map(|identity| identity_of(identity, reader.place(identity.span)))
                .collect(),
            target: parsed.target(),
            whole: found.bounded && is_whole(text, !pairs.is_empty()),
            commented: found.commented,
            named_outside: found.named_outside,
            address,
            credentials,
            broken: broken
                .map(|error| (reader.place(error.span), error.message.clone()))
                .collect(),
            pairs,
            script: found.script,
            when: found.when,
        });
    }
}

impl Collector<'_> {
    /// Keeps what may be a secret without its name out of all outputs: values of misspelt names, and parts without a name,
    /// which may be the rest of a key with a `;` in it.
    fn hide_parts(&mut self, text: &MappedText, parsed: &connection::ConnectionString) {
        let unknown = |pair: &&Pair| pair.keyword.is_none();
        let pairs = parsed.keywords().into_iter().flat_map(|keywords| &keywords.pairs);
        let values = pairs.filter(unknown).flat_map(|pair| [pair.value_span, pair.name.span]);
        let rest = parsed.errors.iter().map(|error| error.span);
        for span in values.chain(rest) {
            let part = span.of_text(text.as_str()).trim_matches(['"', '\'', ' ']);
            if may_be_secret(part) {
                self.facts.hidden.add(part);
            }
        }
    }
}

/// Whether a part of a string may be a secret or a piece of one: letters and digits, no word and no placeholder.
fn may_be_secret(part: &str) -> bool {
    let has = |wanted: fn(&char) -> bool| part.chars().any(|c| wanted(&c));
    part.len() >= MIN_SECRET
        && has(char::is_ascii_digit)
        && has(char::is_ascii_alphabetic)
        && !part.contains([' ', '/', ':'])
        && !connection::is_placeholder(part)
}

/// Whether no part of a string is filled in as a whole, so that it could be several; and the last value is there.
fn is_whole(text: &MappedText, of_pairs: bool) -> bool {
    let segments = text.as_str().split(';').skip(usize::from(!of_pairs));
    let mut last = "";
    for segment in segments {
        if segment.contains(FILLED_IN) && !segment.contains('=') {
            return false;
        }
        last = segment;
    }
    let is_open = of_pairs && last.trim_end().ends_with('=');
    !is_open && !text.as_str().contains("...")
}

/// Reads the parts of one string.
struct Reader<'s> {
    text: &'s MappedText,
    at: FileSpan,
}

impl Reader<'_> {
    fn place(&self, span: Span) -> FileSpan {
        self.text.source(span).unwrap_or(self.at)
    }

    fn storage_address(&self, storage: &StorageString) -> Option<Address> {
        let url = storage.url.as_ref()?;
        let mut address = self.address(url);
        address.account = storage.account.as_ref().map(|account| Name::of(&account.text));
        Some(address)
    }

    fn address(&self, url: &Url) -> Address {
        let host = known(&url.host).map(str::to_ascii_lowercase);
        let scheme = known(&url.scheme).map(str::to_ascii_lowercase).unwrap_or_default();
        let is_scheme = |word: &str| ["https", "http"].iter().any(|scheme| word.eq_ignore_ascii_case(scheme));
        let is_doubled = is_scheme(url.host.as_str()) && url.path.as_str().starts_with("//");
        let doubled = is_doubled.then(|| {
            let span = Span::new(url.scheme.span.start, url.host.span.start);
            (self.place(span), self.text.editable(span))
        });
        let path = url.path.as_str().trim();
        Address {
            scheme_at: self.place(url.scheme.span),
            scheme_edit: self.text.editable(url.scheme.span),
            doubled,
            no_container: host.is_some() && url.user.is_none() && path.trim_matches('/').is_empty(),
            has_user: url.user.is_some(),
            has_path: !path.trim_matches('/').is_empty(),
            host_at: self.place(url.host.span),
            account: None,
            leads: false,
            is_local: host.as_deref().is_some_and(is_local_host),
            host,
            scheme,
        }
    }

    fn credentials(&self, storage: &StorageString) -> Vec<Credential> {
        let url = storage.url.as_ref();
        let credentials = storage.credentials.iter();
        credentials.map(|credential| self.credential(url, credential)).collect()
    }

    fn credential(&self, url: Option<&Url>, credential: &connection::Credential) -> Credential {
        let query = url.and_then(|url| url.query.as_ref());
        let name = credential.name.as_ref();
        let sign = name.and_then(|name| {
            let query = query.filter(|query| query.span.contains(name.span.start))?;
            let before = Span::new(name.span.start.checked_sub(1)?, name.span.start);
            Some(QuerySign {
                edit: self.text.editable(before),
                is_followed: credential.span.end < query.span.start.saturating_add(query.text.len()),
            })
        });
        let meant = (credential.kind == CredentialKind::Unknown)
            .then(|| meant(name.unwrap_or(&credential.value).as_str(), name.is_some()))
            .flatten();
        let names_identity = credential.kind == CredentialKind::ManagedIdentity
            || meant == Some(CredentialKind::ManagedIdentity) && name.is_some();
        let at = self.place(credential.span);
        let permissions = || known(&url?.parameter(self.text, "sp")?).map(str::to_ascii_lowercase);
        Credential {
            kind: credential.kind,
            at,
            meant,
            keyword: self.text.editable(name.map_or(credential.span, |name| name.span)),
            sign,
            spaced: credential.spaced,
            empty: credential.value.as_str().trim().is_empty(),
            identity: (names_identity && !credential.value.as_str().trim().is_empty())
                .then(|| IdentityRef::new(&credential.value.text, at)),
            is_delegated: url.is_some_and(|url| url.parameter(self.text, "skoid").is_some()),
            permissions: (credential.kind == CredentialKind::Sas).then(permissions).flatten(),
        }
    }

    fn pairs(&self, keywords: &KeywordString) -> Vec<ConnectionPair> {
        let mut after_secret = false;
        let starts = keywords.pairs.iter().skip(1).map(|pair| pair.name.span.start);
        let ends = starts.chain([self.text.len()]);
        let pairs = keywords.pairs.iter().zip(ends).map(|(pair, end)| {
            let removed = self.text.editable(Span::new(pair.name.span.start, end));
            let made = ConnectionPair {
                removed,
                ..self.pair(pair, keywords.dialect, after_secret)
            };
            after_secret = pair.keyword.is_some_and(is_secret) || after_secret && made.keyword.is_none();
            made
        });
        pairs.collect()
    }

    fn pair(&self, pair: &Pair, dialect: Dialect, after_secret: bool) -> ConnectionPair {
        let name = pair.name.as_str();
        let is_unknown = pair.keyword.is_none() && dialect == Dialect::Kusto && name.len() <= LONGEST_NAME;
        let shortens = is_unknown.then(|| shortened_keyword(name)).flatten();
        let meant = (is_unknown && shortens.is_none())
            .then(|| meant_keyword(name))
            .flatten();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_');
        let is_shown = pair.keyword.is_some()
            || meant.is_some()
            || shortens.is_some()
            || !after_secret && name.len() <= LONGEST_NAME && name.chars().all(plain);
        ConnectionPair {
            keyword: pair.keyword,
            name: is_shown.then(|| name.to_owned()),
            name_at: self.place(pair.name.span),
            name_edit: self.text.editable(pair.name.span),
            removed: None,
            value_at: if pair.value_span.is_empty() {
                self.place(pair.name.span)
            } else {
                self.place(pair.value_span)
            },
            value: given(pair),
            meant,
            shortens,
        }
    }
}

/// The one keyword that a name is the first words of: `Application Name` of `Application Name for Tracing`.
fn shortened_keyword(name: &str) -> Option<&'static str> {
    let mut longer = KUSTO_NAMES.iter().copied().filter(|known| {
        let start = known.get(..name.len());
        let rest = known.get(name.len()..).unwrap_or_default();
        !name.is_empty() && rest.starts_with(' ') && start.is_some_and(|start| start.eq_ignore_ascii_case(name))
    });
    longer.next().filter(|_| longer.next().is_none())
}

/// The keyword that was probably meant. What is named a secret is one; else a keyword of a secret is meant by a single slip
/// alone, since the value of another one would be given away as a key.
fn meant_keyword(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let is_secret_name = |name: &str| {
        let name = name.to_ascii_lowercase();
        ["key", "secret", "password", "token", "kye"]
            .iter()
            .any(|word| name.contains(word))
    };
    if lower.contains("secret") {
        return Some("AppKey");
    }
    // A keyword of SQL Server, and none that was mistyped.
    if lower.starts_with("integrated") {
        return None;
    }
    let names = KUSTO_NAMES.iter().copied();
    nearest(
        name,
        names.filter(|known| {
            if is_secret_name(known) {
                is_one_slip(name, known)
            } else {
                !is_secret_name(name)
            }
        }),
    )
}

/// The suffix that was probably meant. A bare word may be a key: only `impersonate` is known without a value.
fn meant(written: &str, is_named: bool) -> Option<CredentialKind> {
    if written.len() > LONGEST_NAME {
        return None;
    }
    let folded: String = written.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    let folded = folded.to_ascii_lowercase();
    let candidates = SUFFIXES
        .iter()
        .filter(|(_, kind)| is_named != (*kind == CredentialKind::Impersonate));
    let spelt: Vec<_> = candidates
        .map(|(spelling, kind)| (spelling.replace('_', "").to_ascii_lowercase(), *kind))
        .collect();
    let close = nearest(&folded, spelt.iter().map(|(spelling, _)| spelling.as_str()))?;
    spelt
        .iter()
        .find(|(spelling, _)| spelling == close)
        .map(|(_, kind)| *kind)
}

fn is_secret(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::Password
            | Keyword::UserToken
            | Keyword::ApplicationToken
            | Keyword::ApplicationKey
            | Keyword::CertificateBlob
            | Keyword::AccountKey
            | Keyword::SharedAccessKey
            | Keyword::SharedAccessSignature
    )
}

/// What stands in a pair. Texts that rules ask for are kept, all others are not.
fn given(pair: &Pair) -> Given {
    let text = pair.value.as_str().trim();
    if text.is_empty() {
        return Given::Empty;
    }
    // Truth values are among the words that stand for a secret elsewhere.
    let is_truth = ["true", "false"].iter().any(|word| text.eq_ignore_ascii_case(word));
    if is_truth && pair.keyword == Some(Keyword::FederatedSecurity) {
        return Given::Text(text.to_owned());
    }
    let Some(known) = known(&pair.value) else {
        return Given::Unknown;
    };
    match pair.keyword {
        Some(
            Keyword::DataSource
            | Keyword::Endpoint
            | Keyword::FederatedSecurity
            | Keyword::AuthorityId
            | Keyword::UserId
            | Keyword::ApplicationClientId
            | Keyword::Authentication
            | Keyword::InitialCatalog
            | Keyword::AccountName
            | Keyword::ManagedServiceIdentity,
        ) => Given::Text(known.to_owned()),
        _ => Given::Hidden,
    }
}

/// The text of a part if nothing fills it in and it stands for nothing else.
fn known(part: &Part) -> Option<&str> {
    let text = part.as_str().trim();
    let is_known = !part.is_symbolic()
        && symbolic(&part.text).is_known()
        && !text.contains(FILLED_IN)
        && !text.contains("...")
        && !text.contains("%");
    is_known.then_some(text)
}
