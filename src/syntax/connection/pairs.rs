//! Strings of `name=value` pairs.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_till, take_while};
use nom::character::complete::char;
use nom::combinator::{map, opt, recognize};
use nom::multi::many0_count;
use nom::sequence::{delimited, terminated};
use nom::{IResult, Parser};

use super::keyword::{Dialect, Keyword, folded, is_kusto_only, is_sql_only};
use super::secret::starts_with_folded;
use super::{Identity, Part, SecretKind, Url, is_placeholder};
use crate::service::is_trusted_host;
use crate::syntax::SyntaxError;
use crate::text::{HOLE, MappedText, Span};

/// One `name=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The name without blanks around it.
    pub name: Part,
    /// The value without blanks and quotes around it; a doubled quote inside stays doubled.
    pub value: Part,
    /// The bytes of the value with its quotes.
    pub value_span: Span,
    /// Whether the value stands in quotes.
    pub quoted: bool,
    /// What the name means in this string; `None` for a name that is not known.
    pub keyword: Option<Keyword>,
}

/// How a SQL or Cosmos DB string proves who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authentication {
    /// `Active Directory Managed Identity` (or `MSI`), with the `User Id` of a user-assigned identity.
    ManagedIdentity(Identity),
    /// `Active Directory Integrated`.
    Integrated(Span),
    /// Any other text, or one that is filled in elsewhere.
    Other(Part),
}

/// A string of pairs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeywordString {
    /// What it is for.
    pub dialect: Dialect,
    /// The URL before the pairs; its path names the default database.
    pub uri: Option<Url>,
    /// The pairs in the order of the text.
    pub pairs: Vec<Pair>,
}

/// A pair as slices of the text: name, value with its quotes, whether the quotes are closed.
struct RawPair<'t> {
    name: &'t str,
    value: Option<&'t str>,
    quoted: bool,
}

/// A value in quotes, up to the next `;`. A doubled quote stands for one.
fn quoted_value<'t>(
    quote: &'static str,
    mark: char,
) -> impl Parser<&'t str, Output = &'t str, Error = nom::error::Error<&'t str>> {
    terminated(
        recognize(delimited(
            char(mark),
            many0_count(alt((
                nom::bytes::complete::take_till1(move |c| c == mark),
                recognize((tag(quote), tag(quote))),
            ))),
            char(mark),
        )),
        nom::combinator::peek((take_while(char::is_whitespace), alt((tag(";"), nom::combinator::eof)))),
    )
}

fn pair(text: &str) -> IResult<&str, RawPair<'_>> {
    let (text, name) = take_till(|c| c == '=' || c == ';').parse(text)?;
    let (text, sign) = opt((char('='), take_while(char::is_whitespace))).parse(text)?;
    if sign.is_none() {
        let raw = RawPair {
            name,
            value: None,
            quoted: false,
        };
        return Ok((text, raw));
    }
    let quoted = alt((quoted_value("\"", '"'), quoted_value("'", '\'')));
    let (text, (value, quoted)) = alt((
        map(quoted, |value| (value, true)),
        map(take_till(|c| c == ';'), |value: &str| (value, false)),
    ))
    .parse(text)?;
    let (text, _) = take_while(char::is_whitespace).parse(text)?;
    let raw = RawPair {
        name,
        value: Some(value),
        quoted,
    };
    Ok((text, raw))
}

/// Whether the first segment of a string is a pair.
pub(super) fn starts_pair(segment: &str) -> bool {
    segment.split_once('=').is_some_and(|(name, value)| {
        let name = name.trim();
        !value.starts_with('=')
            && name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.len() <= 64
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '_' | '-'))
    })
}

/// Whether a name that only strings for Kusto use stands in one of the segments.
pub(super) fn has_kusto_keyword(text: &str) -> bool {
    text.split(';')
        .filter_map(|segment| segment.split_once('='))
        .any(|(name, _)| name.len() <= 64 && is_kusto_only(name))
}

impl KeywordString {
    /// Reads the pairs in `span`.
    pub(super) fn read(source: &MappedText, span: Span, uri: Option<Url>, errors: &mut Vec<SyntaxError>) -> Self {
        let mut pairs = Vec::new();
        let text = span.of_text(source.as_str());
        let mut rest = text;
        while !rest.is_empty() {
            let at = span.start as usize + text.len() - rest.len();
            let Ok((after, raw)) = pair(rest) else { break };
            pairs.extend(place(source, at, &raw, rest, errors));
            rest = after.strip_prefix(';').unwrap_or(after);
        }
        let dialect = dialect(uri.as_ref(), source, &pairs);
        for pair in &mut pairs {
            pair.keyword = Keyword::of(pair.name.as_str(), dialect);
        }
        Self { dialect, uri, pairs }
    }

    /// The pairs whose names mean `keyword`.
    pub fn all(&self, keyword: Keyword) -> impl Iterator<Item = &Pair> {
        self.pairs.iter().filter(move |pair| pair.keyword == Some(keyword))
    }

    /// The first pair whose name means `keyword`.
    #[must_use]
    pub fn get(&self, keyword: Keyword) -> Option<&Pair> {
        self.all(keyword).next()
    }

    /// The URL of the cluster or account: the one before the pairs, or the value of `Data Source`,
    /// `AccountEndpoint` and their kin. `source` is the text that was parsed.
    #[must_use]
    pub fn endpoint(&self, source: &MappedText) -> Option<Url> {
        self.uri.clone().or_else(|| {
            let pair = self.get(Keyword::DataSource).or_else(|| self.get(Keyword::Endpoint))?;
            Url::parse(source, pair.value.span)
        })
    }

    /// What the string says about how to prove who asks.
    #[must_use]
    pub fn authentication(&self) -> Option<Authentication> {
        let pair = self.get(Keyword::Authentication)?;
        let span = pair.name.span.cover(pair.value_span);
        Some(match folded(pair.value.as_str()).as_str() {
            "activedirectorymanagedidentity" | "activedirectorymsi" => {
                let user = self.get(Keyword::UserId);
                Authentication::ManagedIdentity(Identity {
                    value: user.map(|user| user.value.clone()),
                    span,
                })
            }
            "activedirectoryintegrated" => Authentication::Integrated(span),
            _ => Authentication::Other(pair.value.clone()),
        })
    }

    pub(super) fn identity(&self) -> Option<Identity> {
        match self.authentication()? {
            Authentication::ManagedIdentity(identity) => Some(identity),
            Authentication::Integrated(_) | Authentication::Other(_) => None,
        }
    }

    pub(super) fn secrets(&self) -> Vec<(Span, SecretKind)> {
        self.pairs.iter().filter_map(Pair::secret).collect()
    }
}

impl Pair {
    /// The bytes of the secret, if the value is one and is not filled in elsewhere.
    #[must_use]
    pub fn secret(&self) -> Option<(Span, SecretKind)> {
        let kind = match self.keyword? {
            Keyword::Password => SecretKind::Password,
            Keyword::UserToken | Keyword::ApplicationToken => SecretKind::Token,
            Keyword::ApplicationKey => SecretKind::ClientSecret,
            Keyword::CertificateBlob => SecretKind::PrivateKey,
            Keyword::AccountKey => SecretKind::AccountKey,
            Keyword::SharedAccessKey => SecretKind::SharedAccessKey,
            Keyword::SharedAccessSignature => SecretKind::SasSignature,
            _ => return None,
        };
        let text = self.value.as_str();
        (!text.contains(HOLE) && !is_placeholder(text)).then_some((self.value.span, kind))
    }
}

/// The pair that was read at `at`, of which `text` is the rest of the string.
fn place(source: &MappedText, at: usize, raw: &RawPair<'_>, text: &str, errors: &mut Vec<SyntaxError>) -> Option<Pair> {
    let name = raw.name.trim();
    let name_at = at + raw.name.len() - raw.name.trim_start().len();
    let name = Part::of(source, Span::of(name_at, name_at + name.len()));
    let Some(value) = raw.value else {
        if !name.text.is_empty() && !name.is_symbolic() {
            errors.push(SyntaxError::new(name.span, "expected `name=value`"));
        }
        return None;
    };
    let after_sign = text.get(raw.name.len() + 1..).unwrap_or_default();
    let value_at = at + raw.name.len() + 1 + after_sign.len() - after_sign.trim_start().len();
    let trimmed = value.trim_end();
    let value_span = Span::of(value_at, value_at + trimmed.len());
    if name.text.is_empty() {
        errors.push(SyntaxError::new(
            Span::new(name.span.start, value_span.end),
            "expected a name before `=`",
        ));
    }
    if !raw.quoted && (trimmed.starts_with('"') || trimmed.starts_with('\'')) {
        errors.push(SyntaxError::new(
            value_span,
            "expected a closing quote before the next `;`",
        ));
    }
    let inner = if raw.quoted {
        Span::new(value_span.start + 1, value_span.end - 1)
    } else {
        value_span
    };
    Some(Pair {
        name,
        value: Part::of(source, inner),
        value_span,
        quoted: raw.quoted,
        keyword: None,
    })
}

/// What a string of pairs is for.
fn dialect(uri: Option<&Url>, source: &MappedText, pairs: &[Pair]) -> Dialect {
    if uri.is_some() {
        return Dialect::Kusto;
    }
    let value = |names: &[&str]| {
        let wanted = |pair: &&Pair| names.contains(&folded(pair.name.as_str()).as_str());
        pairs.iter().find(wanted)
    };
    if value(&["accountendpoint"]).is_some() {
        return Dialect::CosmosDb;
    }
    let storage = [
        "defaultendpointsprotocol",
        "accountname",
        "blobendpoint",
        "usedevelopmentstorage",
    ];
    if value(&storage).is_some() {
        return Dialect::StorageAccount;
    }
    if value(&["sharedaccesskeyname", "sharedaccesskey"]).is_some()
        || value(&["endpoint"]).is_some_and(|pair| starts_with_folded(pair.value.as_str(), "sb://"))
    {
        return Dialect::EventHub;
    }
    let server = value(&["datasource", "server", "addr", "address", "networkaddress"]);
    if let Some(server) = server {
        let url = Url::parse(source, server.value.span);
        let web = url.is_some_and(|url| {
            matches!(
                url.scheme.as_str().to_ascii_lowercase().as_str(),
                "https" | "http" | "net.tcp"
            )
        });
        if is_trusted_host(server.value.as_str()) && pairs.iter().any(|pair| is_sql_only(pair.name.as_str())) {
            return Dialect::SqlServer;
        }
        if web || is_trusted_host(server.value.as_str()) {
            return Dialect::Kusto;
        }
    }
    sql_dialect(server.or_else(|| value(&["host"])), pairs)
}

/// Which database a string is for that is none for Kusto by its server.
fn sql_dialect(server: Option<&Pair>, pairs: &[Pair]) -> Dialect {
    let has = |names: &[&str]| {
        pairs
            .iter()
            .any(|pair| names.contains(&folded(pair.name.as_str()).as_str()))
    };
    let host = server
        .map(|pair| pair.value.as_str().to_ascii_lowercase())
        .unwrap_or_default();
    if host.contains(".postgres.") || host.is_empty() && has(&["host"]) {
        return Dialect::PostgreSql;
    }
    if host.contains(".mysql.") {
        return Dialect::MySql;
    }
    if host.starts_with("tcp:") || host.contains(".database.") || host.contains(".sql.") {
        return Dialect::SqlServer;
    }
    if pairs.iter().any(|pair| is_kusto_only(pair.name.as_str())) {
        return Dialect::Kusto;
    }
    if has(&["host"]) {
        return Dialect::PostgreSql;
    }
    let sql = [
        "authentication",
        "encrypt",
        "trustservercertificate",
        "integratedsecurity",
        "password",
        "pwd",
        "trusted_connection",
    ];
    if server.is_some() && has(&sql) {
        return Dialect::SqlServer;
    }
    Dialect::Unknown
}
