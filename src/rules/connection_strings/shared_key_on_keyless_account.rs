//! See `rules/connection-strings/shared-key-on-keyless-account.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{ConnectionString, CredentialKind, Keyword, Known, Name, StorageAccount};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::text::FileSpan;

/// The rule `shared-key-on-keyless-account`.
pub static RULE: Rule = rule!("connection-strings", "shared-key-on-keyless-account", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    let strings = workspace.facts.connection_strings.iter();
    for string in strings.filter(|string| !string.is_example()) {
        if let Some((account, at, what)) = keyed(string) {
            judge(workspace, string, (&account, at, what), out);
        }
    }
}

/// The account of a string that signs in with what the account's key makes.
fn keyed(string: &ConnectionString) -> Option<(Name, FileSpan, &'static str)> {
    if let Some(account) = string.address.as_ref().and_then(|address| address.account.clone()) {
        return string.credentials.iter().find_map(|credential| {
            let what = match credential.kind {
                CredentialKind::AccountKey | CredentialKind::SharedKey => "an account key",
                CredentialKind::Sas if !credential.is_delegated => "a signature made with an account key",
                _ => return None,
            };
            Some((account.clone(), credential.at, what))
        });
    }
    let key = string.get(Keyword::AccountKey).filter(|pair| !pair.is_empty())?;
    let account = string.get(Keyword::AccountName)?.text()?;
    Some((Name::literal(account), key.at(), "an account key"))
}

fn judge(
    workspace: &Workspace,
    string: &ConnectionString,
    (account, at, what): (&Name, FileSpan, &str),
    out: &mut Findings,
) {
    let accounts = workspace.facts.accounts.iter();
    let mut accounts = accounts.take_while(|_| workspace.may_compare(at));
    let of_string = |declared: &&StorageAccount| declared.name.is(account) && declared.case.joins(string.script.case);
    let Some(declared) = accounts.find(of_string) else {
        return;
    };
    let off = declared.shared_key.iter().find_map(|setting| {
        let when = setting.when.and(&string.when)?;
        (setting.value == Known::Value(false)).then_some((setting, when))
    });
    let Some((setting, when)) = off else { return };
    let severity = if when.is_always() {
        Severity::Error
    } else {
        Severity::Warning
    };
    let title = format!(
        "the string signs in with {what}, and account `{}` takes none{}",
        declared.name,
        when.clause()
    );
    out.report(
        Diagnostic::new(RULE.name, severity, title, at, "refused by the account")
            .in_case(string.script.case)
            .related(setting.site, "keys are turned off here")
            .note("an account with `allowSharedKeyAccess: false` refuses every request that its keys sign")
            .note("write `;managed_identity=system` or `;managed_identity=<object id>`, and give the identity a role on the account"),
    );
}
