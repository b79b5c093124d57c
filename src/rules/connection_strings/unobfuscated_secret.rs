//! See `rules/connection-strings/unobfuscated-secret.md`.

use super::kinds::words;
use crate::diagnostic::{Applicability, Diagnostic, Findings, Fix, Severity};
use crate::facts::{SecretFound, SecretLiteral};
use crate::link::Workspace;
use crate::rules::{Rule, rule};

/// The rule `unobfuscated-secret`.
pub static RULE: Rule = rule!("connection-strings", "unobfuscated-secret", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for secret in workspace.secrets() {
        let plain: Vec<_> = secret.literals.iter().filter(|literal| !literal.obfuscated).collect();
        if let Some((first, others)) = plain.split_first() {
            out.report(finding(secret, first, others));
        }
    }
}

fn finding(secret: &SecretFound, first: &SecretLiteral, others: &[&SecretLiteral]) -> Diagnostic {
    let title = format!(
        "{} in a plain string: the service writes it into its logs with the text of the query",
        words(secret.kind).name
    );
    let found = Diagnostic::new(RULE.name, Severity::Warning, title, first.at, "is logged as it stands");
    let found = others
        .iter()
        .fold(found, |found, other| found.caused_by(other.at, "so is this part of it"));
    if first.multiline {
        return found.note("a string over several lines can't be hidden: write it as h@'…' on one line");
    }
    found
        .fixed_by(fix(first, others))
        .note("write `h` before the string, h'…' or h@\"…\": its text is logged as asterisks")
}

/// The prefix of every part. What the string says stays.
fn fix(first: &SecretLiteral, others: &[&SecretLiteral]) -> Option<Fix> {
    let fix = Fix::new(
        Applicability::Safe,
        "write `h` before the string",
        first.start.as_ref(),
        "h",
    );
    others.iter().fold(fix, |fix, other| {
        let place = other.start.as_ref().filter(|_| !other.multiline);
        fix.and_then(|fix| fix.and(place, "h"))
    })
}
