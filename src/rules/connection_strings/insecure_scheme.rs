//! See `rules/connection-strings/insecure-scheme.md`.

use crate::diagnostic::{Applicability, Diagnostic, Findings, Fix, Severity};
use crate::facts::{Address, ConnectionString, Store};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::service::is_trusted_host;

/// The rule `insecure-scheme`.
pub static RULE: Rule = rule!("connection-strings", "insecure-scheme", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    let strings = workspace.facts.connection_strings.iter();
    for string in strings.filter(|string| !string.commented) {
        let found = string
            .address
            .as_ref()
            .and_then(|address| doubled(address).or_else(|| in_clear(string, address)));
        found
            .into_iter()
            .for_each(|finding| out.report(finding.in_case(string.script.case)));
    }
}

/// `https://https://…`.
fn doubled(address: &Address) -> Option<Diagnostic> {
    let (at, edit) = address.doubled.as_ref()?;
    let fix = Fix::new(Applicability::Unsafe, "remove one scheme", edit.as_ref(), "");
    Some(
        Diagnostic::new(
            RULE.name,
            Severity::Error,
            "the scheme of the URL stands there twice, so that its host is `https`",
            *at,
            "one scheme too many",
        )
        .note("write it once: https://<account>.blob.core.windows.net/<container>")
        .fixed_by(fix),
    )
}

/// `http://` towards a service of Azure or Amazon.
fn in_clear(string: &ConnectionString, address: &Address) -> Option<Diagnostic> {
    if address.scheme != "http" {
        return None;
    }
    let host = address.host.as_deref()?;
    let what = match string.store() {
        Some(store @ (Store::Blob | Store::DataLakeGen2 | Store::OneLake | Store::S3 | Store::OpenAi)) => {
            store.as_str()
        }
        None if is_trusted_host(host) => "the cluster",
        _ => return None,
    };
    let fix = Fix::new(
        Applicability::Unsafe,
        "write `https`",
        address.scheme_edit.as_ref(),
        "https",
    );
    Some(
        Diagnostic::new(
            RULE.name,
            Severity::Error,
            format!("{what} is asked over `http`: what signs in and what is read go in clear text"),
            address.scheme_at,
            "not encrypted",
        )
        .note("the documented forms of all connection strings are `https`")
        .note("write: https://")
        .fixed_by(fix),
    )
}
