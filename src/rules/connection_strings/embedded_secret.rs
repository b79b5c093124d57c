//! See `rules/connection-strings/embedded-secret.md`.

use super::kinds::words;
use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::SecretFound;
use crate::link::Workspace;
use crate::rules::{Rule, rule};

/// The rule `embedded-secret`.
pub static RULE: Rule = rule!("connection-strings", "embedded-secret", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for secret in workspace.secrets() {
        out.report(finding(secret));
    }
}

fn finding(secret: &SecretFound) -> Diagnostic {
    let words = words(secret.kind);
    let title = format!(
        "{} stands in this file: whoever can read the file can {}",
        words.name, words.opens
    );
    let label = if secret.pieces.is_empty() {
        "this is the secret"
    } else {
        "the secret starts here"
    };
    let found = Diagnostic::new(RULE.name, Severity::Error, title, secret.at, label);
    let whole = secret
        .pieces
        .iter()
        .fold(found, |found, piece| found.caused_by(*piece, "and goes on here"));
    let used = secret
        .used_at
        .filter(|site| !secret.places().any(|place| site.holds(place)));
    let whole = match used {
        Some(site) => whole.related(site, "this value takes it in"),
        None => whole,
    };
    whole
        .note(format!(
            "take it out of the file and of its history, then {}",
            words.renew
        ))
        .note(words.instead)
}
