//! See `rules/connection-strings/untrusted-kusto-host.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::ConnectionString;
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::service::is_trusted_host;

use super::names_kusto;

/// The rule `untrusted-kusto-host`.
pub static RULE: Rule = rule!("connection-strings", "untrusted-kusto-host", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    let strings = workspace.facts.connection_strings.iter();
    for string in strings.filter(|string| string.is_for_kusto() && !string.is_example() && names_kusto(string)) {
        out.report_all(finding(workspace, string));
    }
}

fn finding(workspace: &Workspace, string: &ConnectionString) -> Option<Diagnostic> {
    let address = string.address.as_ref().filter(|address| address.doubled.is_none())?;
    let host = address.host.as_deref()?;
    // A name without a dot is one of a network of one's own, such as that of an emulator in a container.
    let is_public = host.contains('.') && !address.is_local;
    let is_trusted = is_trusted_host(host) || workspace.config.connection_strings.trusts(host);
    (is_public && !is_trusted).then(|| {
        Diagnostic::new(
            RULE.name,
            Severity::Note,
            format!("clients refuse to sign in to `{host}`, which is no host of the service"),
            address.host_at,
            "not among the trusted hosts",
        )
        .in_case(string.script.case)
        .note("clients send tokens to the service's own hosts only, unless the program adds others to `KustoTrustedEndpoints`; name those in `trusted-hosts` of kustolint.toml")
        .note("write the cluster's own address: https://<cluster>.<region>.kusto.windows.net")
    })
}
