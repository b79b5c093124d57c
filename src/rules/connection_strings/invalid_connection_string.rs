//! See `rules/connection-strings/invalid-connection-string.md`.

use std::collections::BTreeSet;

use crate::diagnostic::{Applicability, Diagnostic, Findings, Fix, Severity};
use crate::facts::{
    Address, Carrier, ConnectionString, Credential, CredentialKind, Identity, IdentityRef, Keyword, Store,
};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::service::Flow;
use crate::text::FileSpan;

/// The rule `invalid-connection-string`.
pub static RULE: Rule = rule!("connection-strings", "invalid-connection-string", Some(check));

/// What to write in place of whatever names an identity wrongly.
const IDENTITY: &str =
    "write `;managed_identity=system`, or `;managed_identity=<object id>` with the `principalId` of the identity";

/// Values of `Authority Id` that stand for more than one tenant.
const ANY_TENANT: [&str; 3] = ["common", "organizations", "consumers"];

fn check(workspace: &Workspace, out: &mut Findings) {
    super::binding::misplaced(workspace, RULE.name, out);
    let strings = workspace.facts.connection_strings.iter();
    for string in strings.filter(|string| string.is_bounded()) {
        let mut found: Vec<Diagnostic> = string
            .credentials
            .iter()
            .filter_map(|credential| suffix(string, credential))
            .collect();
        found.extend(string.address.as_ref().and_then(|address| place(string, address)));
        found.extend(database(string));
        found.extend(broken(string));
        found.extend(tenant(string));
        found.extend(keywords(string));
        for finding in found {
            out.report(finding.in_case(string.script.case));
        }
    }
}

/// Misspelt keywords of a string for Kusto, each name once.
fn keywords(string: &ConnectionString) -> Vec<Diagnostic> {
    if !string.is_for_kusto() || !super::names_kusto(string) {
        return Vec::new();
    }
    let mut told = BTreeSet::new();
    let pairs = string.pairs.iter().filter(|pair| pair.keyword.is_none());
    pairs
        .filter_map(|pair| Some((pair, pair.name.as_deref()?, pair.meant?)))
        .filter(|(_, name, _)| told.insert(*name))
        .map(|(pair, name, meant)| {
            let title = format!("`{name}` is no keyword of a Kusto connection string: the client refuses the string");
            let fix = Fix::new(
                Applicability::Unsafe,
                format!("write `{meant}`"),
                pair.name_edit.as_ref(),
                meant,
            );
            finding(Severity::Error, title, pair.name_at, "a misspelt keyword")
                .note("the client checks the keywords and throws when it meets one that it does not know")
                .note(format!("write: {meant}="))
                .fixed_by(fix)
        })
        .collect()
}

fn finding(severity: Severity, title: impl Into<String>, at: FileSpan, label: &str) -> Diagnostic {
    Diagnostic::new(RULE.name, severity, title, at, label)
}

/// What stands after a `;`, or should.
fn suffix(string: &ConnectionString, credential: &Credential) -> Option<Diagnostic> {
    match credential.kind {
        CredentialKind::ManagedIdentity if credential.empty && string.whole => Some(
            finding(
                Severity::Error,
                "`managed_identity` names no identity",
                credential.at,
                "the value is missing",
            )
            .note(IDENTITY),
        ),
        CredentialKind::ManagedIdentity => credential
            .identity
            .as_ref()
            .filter(|_| !string.is_example())
            .and_then(malformed)
            .or_else(|| spaced(credential)),
        CredentialKind::Impersonate => impersonate(string, credential),
        CredentialKind::Unknown => misspelt(string, credential),
        CredentialKind::Sas if string.carrier == Carrier::Query(Flow::ExportToStorage) => cannot_write(credential),
        CredentialKind::Sas
        | CredentialKind::AccountKey
        | CredentialKind::SharedKey
        | CredentialKind::AwsCredentials
        | CredentialKind::PresignedUrl => not_of_store(string, credential),
        _ => None,
    }
}

/// A value that can be no identity: neither `system` nor an object id.
fn malformed(named: &IdentityRef) -> Option<Diagnostic> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '@');
    let is_plain = named.written.chars().all(plain) && !stands_for_another(&named.written);
    if !matches!(named.identity, Identity::Malformed) || !is_plain {
        return None;
    }
    let is = if named.written.starts_with('/') {
        "the id of a resource"
    } else {
        "no object id"
    };
    Some(
        finding(
            Severity::Error,
            format!("`managed_identity` is {is}, so the string signs in as nobody"),
            named.at,
            "expected `system` or an object id",
        )
        .note("the service takes `system` or the object id of a user-assigned identity")
        .note(IDENTITY),
    )
}

/// Whether a value is one that documents show in place of a real one: digits, capitals, or what the value would be.
fn stands_for_another(text: &str) -> bool {
    const WORDS: [&str; 5] = ["your", "object", "principal", "client", "guid"];
    let lower = text.to_ascii_lowercase();
    let is_path = text.contains('/');
    text.chars().all(|c| c.is_ascii_digit())
        || text.chars().all(|c| c.is_ascii_uppercase() || matches!(c, '_' | '-'))
        || !is_path && WORDS.iter().any(|word| lower.contains(word))
}

/// Blanks around the keyword: whether the service takes them is not documented.
fn spaced(credential: &Credential) -> Option<Diagnostic> {
    credential.spaced.then(|| {
        finding(
            Severity::Note,
            "blanks stand around `managed_identity` or its value: no document says that they are ignored",
            credential.at,
            "blanks here",
        )
        .note("write `;managed_identity=system` or `;managed_identity=<object id>` without blanks")
    })
}

/// `impersonate` where the service has nobody to impersonate.
fn impersonate(string: &ConnectionString, credential: &Credential) -> Option<Diagnostic> {
    let (title, mend) = match (string.store()?, &string.carrier) {
        (Store::S3, _) => (
            "Amazon S3 knows no caller to impersonate",
            "write `;AwsCredentials=<id>,<secret>` in an `h'…'` literal, or a presigned URL",
        ),
        (_, Carrier::Query(Flow::QueuedIngestCommand)) => (
            "this command works later and for nobody: it can't impersonate its caller",
            "write `;managed_identity=system` or `;managed_identity=<object id>`",
        ),
        _ => return None,
    };
    Some(finding(Severity::Error, title, credential.at, "is not supported here").note(mend))
}

/// Something that is none of the keywords, and close to one; or a keyword that stands in the query.
fn misspelt(string: &ConnectionString, credential: &Credential) -> Option<Diagnostic> {
    let meant = credential.meant?;
    let identity = credential.identity.as_ref();
    let is_open = credential.empty && !string.whole;
    let is_known_store = !matches!(string.store()?, Store::Http | Store::Unknown);
    if is_open || meant != CredentialKind::ManagedIdentity && !is_known_store {
        return None;
    }
    let word = meant.as_str();
    let applicability = Applicability::safe_if(
        string.when.is_always()
            && identity.is_some_and(|named| matches!(named.identity, Identity::System(_) | Identity::Object(_))),
    );
    if let Some(sign) = &credential.sign {
        let fix = (!sign.is_followed)
            .then(|| Fix::new(applicability, "write `;` before it", sign.edit.as_ref(), ";"))
            .flatten();
        return Some(
            finding(
                Severity::Error,
                format!("`{word}` stands in the query of the URL, where the store gets it and the service does not"),
                credential.at,
                "belongs after a `;`",
            )
            .note(IDENTITY)
            .fixed_by(fix),
        );
    }
    let fix = Fix::new(
        applicability,
        format!("write `{word}`"),
        credential.keyword.as_ref(),
        word,
    );
    Some(
        finding(
            Severity::Error,
            format!("this is not the keyword `{word}`, so the string does not sign in"),
            credential.at,
            "a misspelt keyword",
        )
        .note("after the URL stand `;managed_identity=…`, `;impersonate`, `;sharedkey=…`, `;token=…` or a key, and nothing else")
        .note(format!("write `;{word}{}`", if meant == CredentialKind::Impersonate { "" } else { "=…" }))
        .fixed_by(fix),
    )
}

/// A signature that lets nobody write, for a target.
fn cannot_write(credential: &Credential) -> Option<Diagnostic> {
    let permissions = credential.permissions.as_ref()?;
    let writes = permissions.contains(['w', 'c']);
    (!writes).then(|| {
        finding(
            Severity::Error,
            "the export writes with a signature that gives no right to write",
            credential.at,
            "`sp` holds no `w`",
        )
        .note("make a signature with `sp=w` at least, or write `;managed_identity=<object id>`")
    })
}

/// Keys and signatures for stores that have none.
fn not_of_store(string: &ConnectionString, credential: &Credential) -> Option<Diagnostic> {
    let store = string.store()?;
    let is_of_aws = matches!(
        credential.kind,
        CredentialKind::AwsCredentials | CredentialKind::PresignedUrl
    );
    let fits = match store {
        Store::OneLake | Store::DataLakeGen1 => false,
        Store::Blob | Store::DataLakeGen2 => !is_of_aws,
        Store::S3 => is_of_aws,
        Store::OpenAi | Store::Http | Store::Unknown => true,
    };
    let what = match credential.kind {
        CredentialKind::Sas => "shared access signature",
        CredentialKind::AccountKey | CredentialKind::SharedKey => "account key",
        _ => "credential of AWS",
    };
    (!fits).then(|| {
        finding(
            Severity::Error,
            format!("{} takes no {what}", store.as_str()),
            credential.at,
            "is not supported by this store",
        )
        .note(if store == Store::S3 {
            "write `;AwsCredentials=<id>,<secret>`, or a presigned URL"
        } else {
            "write `;impersonate` or `;managed_identity=<object id>`"
        })
    })
}

/// Where the URL leads to.
fn place(string: &ConnectionString, address: &Address) -> Option<Diagnostic> {
    let store = string.store()?;
    let Carrier::Query(flow) = string.carrier else {
        return no_file_system(address);
    };
    let by_identity = string
        .credentials
        .iter()
        .any(|credential| credential.kind == CredentialKind::ManagedIdentity);
    match store {
        Store::DataLakeGen1
            if !by_identity && matches!(flow, Flow::ExternalData | Flow::ExternalTable | Flow::InlineExternalTable) =>
        {
            Some(
                finding(
                    Severity::Error,
                    "Data Lake Storage Gen1 is not read here",
                    address.scheme_at,
                    "`adl://` is not accepted",
                )
                .note("`externaldata` and external tables over storage take Blob Storage, Data Lake Storage Gen2, OneLake, S3 and web servers")
                .note("write: h'https://<account>.blob.core.windows.net/<container>/<path>;managed_identity=system'"),
            )
        }
        Store::Blob | Store::DataLakeGen2 if address.scheme.starts_with("http") && address.no_container => Some(
            finding(
                Severity::Error,
                "the URL names an account and no container in it",
                address.host_at,
                "expected `/<container>` after the account",
            )
            .note("write: h'https://<account>.blob.core.windows.net/<container>;managed_identity=system'"),
        ),
        _ => no_file_system(address),
    }
}

/// `abfss://account…/filesystem`.
fn no_file_system(address: &Address) -> Option<Diagnostic> {
    let host = address.host.as_ref()?;
    let is_account = host.contains(".dfs.") || host.contains(".blob.");
    (matches!(address.scheme.as_str(), "abfss" | "abfs") && !address.has_user && is_account).then(|| {
        finding(
            Severity::Error,
            "the URL names no file system: in `abfss://` it stands before the account",
            address.host_at,
            "expected `<file system>@` before this",
        )
        .note("write: abfss://<file system>@<account>.dfs.core.windows.net/<path>")
    })
}

/// How a SQL string in KQL says to sign in.
fn database(string: &ConnectionString) -> Option<Diagnostic> {
    let (Carrier::Query(_), None) = (&string.carrier, string.store()) else {
        return None;
    };
    let method = string.get(Keyword::Authentication)?;
    let word: String = method.text()?.chars().filter(|c| !c.is_whitespace()).collect();
    match word.to_ascii_lowercase().as_str() {
        "activedirectorymanagedidentity" | "activedirectorymsi" => {
            let user = string.get(Keyword::UserId)?;
            let text = user.text()?;
            let is_id = text.len() == 36 && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
            (!is_id && !stands_for_another(text)).then(|| {
                finding(
                    Severity::Error,
                    "`User Id` is no object id, so the string signs in as nobody",
                    user.value_at,
                    "expected the object id of the identity",
                )
                .note("without `User Id` the system-assigned identity of the cluster is meant")
                .note("write: Authentication=\"Active Directory Managed Identity\";User Id=<object id>")
            })
        }
        "activedirectoryintegrated" => None,
        _ => Some(
            finding(
                Severity::Warning,
                "the documents know no such `Authentication` in a string of a query",
                method.value_at,
                "not among the documented methods",
            )
            .note("documented are `Active Directory Integrated` and `Active Directory Managed Identity`, or a user with a password")
            .note("write: Authentication=\"Active Directory Managed Identity\";User Id=<object id>"),
        ),
    }
}

/// What is no pair in a string for Kusto.
fn broken(string: &ConnectionString) -> Option<Diagnostic> {
    let (at, why) = string
        .broken
        .first()
        .filter(|_| string.is_for_kusto() && string.whole)?;
    Some(
        finding(
            Severity::Error,
            format!("this part of the connection string can't be read: {why}"),
            *at,
            "no `name=value`",
        )
        .note("the client refuses the string when it starts")
        .note("put a value that holds `;` or a quote into double quotes: AppKey=\"<key>\""),
    )
}

/// `Authority Id` must be a tenant.
fn tenant(string: &ConnectionString) -> Option<Diagnostic> {
    let pair = string
        .get(Keyword::AuthorityId)
        .filter(|_| string.is_for_kusto() && !string.is_example())?;
    let text = pair.text()?;
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let is_id = text.len() == 36 && text.matches('-').count() == 4;
    (plain && !is_id && !ANY_TENANT.contains(&text.to_ascii_lowercase().as_str())).then(|| {
        finding(
            Severity::Warning,
            "`Authority Id` is neither a tenant's id nor one of its domains",
            pair.value_at,
            "no tenant",
        )
        .note("write the tenant's id, or a domain such as `contoso.com`")
    })
}
