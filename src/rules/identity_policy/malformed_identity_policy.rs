//! See `rules/identity-policy/malformed-identity-policy.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{FlawKind, PolicyCommand, PolicyFlaw};
use crate::link::Workspace;
use crate::rules::{Rule, rule};

/// The rule `malformed-identity-policy`.
pub static RULE: Rule = rule!("identity-policy", "malformed-identity-policy", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for command in &workspace.facts.policies {
        // The uses that wait for an entry without an identity stand with the first that is told of.
        let entries = command.entries.iter().flatten().filter(|_| !command.flaws.is_empty());
        let mut waiting: Vec<_> = entries
            .flat_map(|entry| workspace.waiting_for(command, entry))
            .collect();
        for flaw in &command.flaws {
            let mut finding = finding(command, flaw);
            if matches!(flaw.kind, FlawKind::NoObjectId | FlawKind::NoId(_)) {
                finding = waiting.drain(..).fold(finding, super::waiting);
            }
            out.report(finding);
        }
    }
    for policy in &workspace.facts.misplaced_policies {
        let title = "only the cluster and databases have a managed identity policy";
        let case = policy.setting.script.case;
        out.report(
            Diagnostic::new(RULE.name, Severity::Error, title, policy.at, "there is no such command")
                .in_case(case)
                .note("the service refuses the command")
                .note("run: .alter-merge database <name> policy managed_identity ```[…]```"),
        );
    }
}

fn finding(command: &PolicyCommand, flaw: &PolicyFlaw) -> Diagnostic {
    let policy = super::policy_of(&command.level);
    let level = super::in_level(&command.level);
    let entry = "each entry is an object with an `ObjectId` and `AllowedUsages`";
    let (what, label, mend) = match &flaw.kind {
        FlawKind::NoString => (
            "is not in a string literal".to_owned(),
            "no string literal",
            "put it between two lines of three backticks, or in one line between single quotes".to_owned(),
        ),
        FlawKind::NoJson(error) => (
            format!("is not JSON: {error}"),
            "not JSON",
            format!("write: {}", super::grant_example(&level)),
        ),
        FlawKind::NoList(other) => (
            format!("is {other}, not a list of objects"),
            "no list",
            "put it in brackets: [{…}]".to_owned(),
        ),
        FlawKind::NoObject(other) => (format!("lists {other}"), "no object", entry.to_owned()),
        FlawKind::NoObjectId => (
            "has an entry without an `ObjectId`".to_owned(),
            "`ObjectId` is missing",
            "add the object (principal) id of the identity, or `system`; its client id is filled in by the service"
                .to_owned(),
        ),
        FlawKind::NoId(written) => (
            format!("names {} as an identity", quoted(written)),
            "neither an object id nor `system`",
            "write the object (principal) id of the identity, or `system` for the cluster's own".to_owned(),
        ),
        FlawKind::NoUsages => (
            "has an entry without `AllowedUsages`".to_owned(),
            "`AllowedUsages` is missing",
            "add the usages, separated by commas: \"AllowedUsages\":\"NativeIngestion, ExternalTable\"".to_owned(),
        ),
        FlawKind::UsagesNoText(joined) => (
            "has `AllowedUsages` that are no text".to_owned(),
            "no text",
            match joined {
                Some(joined) => format!("write: \"AllowedUsages\":\"{joined}\""),
                None => "usages stand in one text, separated by commas".to_owned(),
            },
        ),
    };
    // No document says what the service makes of an entry without its list.
    let severity = if flaw.kind == FlawKind::NoList("an object") {
        Severity::Warning
    } else {
        Severity::Error
    };
    let title = format!("{policy} {what}{}", command.when.clause());
    Diagnostic::new(RULE.name, severity, title, flaw.at, label)
        .in_case(command.script.case)
        .note("the service refuses the command and leaves the policy as it was")
        .note(mend)
}

/// What stands for an identity: a word in quotation, or what kind of value it is.
fn quoted(written: &str) -> String {
    if written.starts_with("a ") || written.starts_with('`') {
        written.to_owned()
    } else {
        format!("`{written}`")
    }
}
