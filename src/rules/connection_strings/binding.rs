//! Bindings of function apps, for the rules `conflicting-credentials` and `invalid-connection-string`.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Applicability, Diagnostic, Findings, Fix, Severity};
use crate::facts::{BoundIdentity, ConnectionString, Identity, Keyword, KustoBinding};
use crate::link::Workspace;
use crate::text::FileSpan;

/// What an identity makes superfluous in a string, and what goes with it.
const SIGNING_IN: [Keyword; 13] = [
    Keyword::FederatedSecurity,
    Keyword::ApplicationClientId,
    Keyword::ApplicationKey,
    Keyword::ApplicationToken,
    Keyword::UserToken,
    Keyword::Password,
    Keyword::CertificateThumbprint,
    Keyword::CertificateBlob,
    Keyword::CertificateSubject,
    Keyword::CertificateIssuer,
    Keyword::SendX5c,
    Keyword::AuthorityId,
    Keyword::UserId,
];

/// What is a credential by itself.
const CREDENTIALS: [Keyword; 7] = [
    Keyword::ApplicationKey,
    Keyword::ApplicationToken,
    Keyword::UserToken,
    Keyword::Password,
    Keyword::CertificateThumbprint,
    Keyword::CertificateBlob,
    Keyword::CertificateSubject,
];

/// Bindings with an identity whose string holds credentials as well, or that name the identity by another id.
pub(super) fn conflicts(workspace: &Workspace, rule: &'static str, out: &mut Findings) {
    let objects = object_ids(workspace);
    let mut told: BTreeSet<FileSpan> = BTreeSet::new();
    let mut asked = BTreeSet::new();
    let bindings = workspace.facts.bindings.iter();
    for binding in bindings.filter(|binding| binding.script.is_run()) {
        let Some(identity) = &binding.identity else { continue };
        out.report_all(other_id(rule, identity, &objects));
        if !asked.insert((binding.at.file, &binding.setting)) {
            continue;
        }
        for string in workspace.strings_of(binding) {
            if !told.contains(&string.at) {
                let found = with_credentials(rule, identity, string);
                told.extend(found.iter().map(|_| string.at));
                out.report_all(found);
            }
        }
    }
}

fn with_credentials(rule: &'static str, identity: &BoundIdentity, string: &ConnectionString) -> Option<Diagnostic> {
    let given = |keyword: Keyword| string.get(keyword).filter(|pair| !pair.is_empty());
    let pair = CREDENTIALS.into_iter().find_map(given)?;
    let what = match pair.keyword? {
        Keyword::ApplicationKey => "an application key",
        Keyword::ApplicationToken | Keyword::UserToken => "a token",
        Keyword::Password => "a password",
        _ => "a certificate",
    };
    let setting = match string.name().filter(|name| is_plain(name)) {
        Some(name) => format!("`{name}`"),
        None => "the string".to_owned(),
    };
    Some(
        Diagnostic::new(
            rule,
            Severity::Warning,
            format!("{setting} holds {what}, and the binding that uses it signs in as a managed identity"),
            pair.at(),
            "not needed with the identity",
        )
        .in_case(string.script.case)
        .related(identity.at, "the binding names an identity")
        .note("with `ManagedServiceIdentity` the string needs the address and the database only")
        .note("write: Data Source=https://<cluster>.<region>.kusto.windows.net;Database=<database>;")
        .fixed_by(fix(string)),
    )
}

/// Whether a name can be shown: it is short, and a word.
fn is_plain(name: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
    name.len() <= 40 && name.chars().all(part)
}

/// The string without what signs in.
fn fix(string: &ConnectionString) -> Option<Fix> {
    let pairs = string.pairs.iter();
    let mut going = pairs.filter(|pair| pair.keyword.is_some_and(|keyword| SIGNING_IN.contains(&keyword)));
    let first = going.next()?;
    let fix = Fix::new(
        Applicability::Unsafe,
        "remove the keywords that sign in",
        first.removed.as_ref(),
        "",
    )?;
    going.try_fold(fix, |fix, pair| fix.and(pair.removed.as_ref(), ""))
}

/// Ids that policies name as object ids.
fn object_ids(workspace: &Workspace) -> BTreeMap<String, FileSpan> {
    let entries = workspace.entries().filter(|(command, _)| command.script.is_run());
    let ids = entries.filter_map(
        |(_, entry)| match entry.identity.as_ref().map(|named| &named.identity) {
            Some(Identity::Object(id)) => Some((id.clone(), entry.at)),
            _ => None,
        },
    );
    ids.collect()
}

fn other_id(rule: &'static str, identity: &BoundIdentity, objects: &BTreeMap<String, FileSpan>) -> Option<Diagnostic> {
    let object = objects.get(&identity.written.trim().to_lowercase());
    let is_resource =
        identity.written.starts_with('/') && identity.written.to_lowercase().contains("/userassignedidentities/");
    let is = match object {
        Some(_) => "an object id",
        None if is_resource => "the id of a resource",
        None => return None,
    };
    let finding = Diagnostic::new(
        rule,
        Severity::Warning,
        format!("`ManagedServiceIdentity` of the binding is {is}: by it no identity gets a token"),
        identity.at,
        "expected a client id or `system`",
    )
    .note("the binding asks for a token by the client id of a user-assigned identity")
    .note("write: ManagedServiceIdentity = \"system\", or the client id of the identity");
    Some(match object {
        Some(at) => finding.related(*at, "a policy names it as an object id"),
        None => finding,
    })
}

/// Bindings in which a connection string stands where the name of its setting is expected.
pub(super) fn misplaced(workspace: &Workspace, rule: &'static str, out: &mut Findings) {
    let run = |binding: &&KustoBinding| binding.is_string && binding.script.is_run();
    for binding in workspace.facts.bindings.iter().filter(run) {
        out.report(
            Diagnostic::new(
                rule,
                Severity::Error,
                "`Connection` of the binding is a connection string: no setting has such a name",
                binding.setting_at.unwrap_or(binding.at),
                "expected the name of a setting",
            )
            .note("the runtime looks for a setting of that name")
            .note("put the string into a setting, and write its name: Connection = \"KustoConnectionString\""),
        );
    }
}
