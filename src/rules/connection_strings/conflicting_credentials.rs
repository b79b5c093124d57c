//! See `rules/connection-strings/conflicting-credentials.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{Carrier, ConnectionPair, ConnectionString, Credential, CredentialKind, Keyword, Target};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::text::FileSpan;

/// The rule `conflicting-credentials`.
pub static RULE: Rule = rule!("connection-strings", "conflicting-credentials", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    super::binding::conflicts(workspace, RULE.name, out);
    let strings = workspace.facts.connection_strings.iter();
    for string in strings.filter(|string| string.is_bounded()) {
        let found = match string.target {
            Target::Storage(_) => in_storage(string, out),
            _ if string.is_for_kusto() => in_kusto(string),
            Target::Keywords(_) => in_database(string),
            Target::Unknown => None,
        };
        found.into_iter().for_each(|finding| out.report(finding));
    }
}

/// Two ways to sign in after one URL.
fn in_storage(string: &ConnectionString, out: &mut Findings) -> Option<Diagnostic> {
    let mut known = string.credentials.iter().filter(|credential| is_known(credential));
    let first = known.next()?;
    let Some(second) = known.next() else {
        let others = string.credentials.iter();
        for other in others.filter(|other| other.kind == CredentialKind::Symbolic) {
            out.leave_undecided(other.at, "whether this is a second credential is not known");
        }
        return None;
    };
    let (one, two) = (storage_words(first.kind), storage_words(second.kind));
    let title = if first.kind == second.kind {
        format!("the string names {one} twice: which of them counts is not told anywhere")
    } else {
        format!("the string signs in twice, with {one} and with {two}")
    };
    let finding = Diagnostic::new(RULE.name, Severity::Error, title, second.at, "a second credential")
        .in_case(string.script.case)
        .related(first.at, "the first credential")
        .related_all(known.map(|another| (another.at, "one more credential")))
        .note("a storage string takes one credential; with two, one is ignored or the string is refused");
    let by_identity = [first, second]
        .iter()
        .any(|one| one.kind == CredentialKind::ManagedIdentity);
    Some(finding.note(if by_identity {
        "keep `;managed_identity=<object id>` (or `system`), and remove the other one"
    } else {
        "keep one of them"
    }))
}

fn is_known(credential: &Credential) -> bool {
    !matches!(credential.kind, CredentialKind::Symbolic | CredentialKind::Unknown)
}

fn storage_words(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::Impersonate => "`impersonate`",
        CredentialKind::ManagedIdentity => "a managed identity",
        CredentialKind::Sas => "a shared access signature",
        CredentialKind::AccountKey | CredentialKind::SharedKey => "an account key",
        CredentialKind::Token => "a token",
        CredentialKind::AwsCredentials => "AWS credentials",
        CredentialKind::PresignedUrl => "a presigned URL",
        CredentialKind::Symbolic | CredentialKind::Unknown => "something else",
    }
}

/// Ways to sign in to a cluster that exclude one another.
const OF_KUSTO: [(&str, &[Keyword]); 4] = [
    ("a user token", &[Keyword::UserToken]),
    ("an application token", &[Keyword::ApplicationToken]),
    ("an application key", &[Keyword::ApplicationKey]),
    (
        "a certificate",
        &[
            Keyword::CertificateThumbprint,
            Keyword::CertificateBlob,
            Keyword::CertificateSubject,
        ],
    ),
];

fn in_kusto(string: &ConnectionString) -> Option<Diagnostic> {
    let given = OF_KUSTO.iter().filter_map(|(words, keywords)| {
        let pair = keywords.iter().find_map(|keyword| string.get(*keyword))?;
        (!pair.is_empty()).then_some((*words, pair))
    });
    let mut given: Vec<(&str, &ConnectionPair)> = given.collect();
    let by_user = given
        .first()
        .is_some_and(|(_, pair)| pair.keyword == Some(Keyword::UserToken));
    if by_user && given.len() == 1 {
        let application = string.get(Keyword::ApplicationClientId)?;
        given.push(("an application", application));
    }
    let ((one, first), (two, second)) = (given.first()?, given.get(1)?);
    let severity = if by_user { Severity::Error } else { Severity::Warning };
    let title = if by_user {
        format!("the string signs in with {one}, so {two} in it is ignored")
    } else {
        format!("the string signs in twice, with {one} and with {two}")
    };
    let why = if by_user {
        "a user token overrides the application's client id, key and token"
    } else {
        "each way to sign in has its own keywords; the documents know no mix of them"
    };
    Some(
        Diagnostic::new(RULE.name, severity, title, second.at(), "a second credential")
            .in_case(string.script.case)
            .related(first.at(), "the first credential")
            .note(why)
            .note(
                "keep the keywords of one way to sign in, or none and call `.WithAadSystemManagedIdentity()` in code",
            ),
    )
}

/// Strings for SQL databases and Cosmos DB: how they say to sign in, and with what.
fn in_database(string: &ConnectionString) -> Option<Diagnostic> {
    let method = string.get(Keyword::Authentication)?;
    let word: String = method.text()?.chars().filter(|c| !c.is_whitespace()).collect();
    let given = |keyword| string.get(keyword).filter(|pair: &&ConnectionPair| !pair.is_empty());
    let secret = given(Keyword::Password)
        .map(|pair| ("password", pair))
        .or_else(|| given(Keyword::AccountKey).map(|pair| ("account key", pair)));
    let finding = |severity, title: String, at: FileSpan, label: &str| {
        Diagnostic::new(RULE.name, severity, title, at, label)
            .in_case(string.script.case)
            .related(method.at(), "this tells how to sign in")
    };
    match word.to_ascii_lowercase().as_str() {
        "activedirectorymanagedidentity" | "activedirectorymsi" => {
            let (what, pair) = secret?;
            let title = format!("the string signs in as a managed identity and holds a {what}");
            Some(
                finding(Severity::Error, title, pair.at(), "contradicts the managed identity")
                    .note("a managed identity has no such secret; one of the two is ignored or the string is refused")
                    .note("write: Authentication=\"Active Directory Managed Identity\";User Id=<object id>"),
            )
        }
        "activedirectoryintegrated" if matches!(string.carrier, Carrier::Query(_)) => {
            let user = given(Keyword::UserId)?;
            let title = "the string signs in as whoever runs the command: its user is not used".to_owned();
            Some(
                finding(Severity::Warning, title, user.at(), "has no meaning here")
                    .note("`Active Directory Integrated` impersonates the caller; a user belongs to a managed identity or a password")
                    .note("write: Authentication=\"Active Directory Managed Identity\";User Id=<object id>"),
            )
        }
        _ => None,
    }
}
