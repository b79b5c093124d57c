//! See `rules/identity-policy/missing-native-ingestion.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{Identity, IdentityUse, Name};
use crate::link::{Entry, Verdict, Workspace};
use crate::rules::{Rule, rule};
use crate::service::{Basis, Usage};
use crate::text::Symbol;

/// The rule `missing-native-ingestion`.
pub static RULE: Rule = rule!("identity-policy", "missing-native-ingestion", Some(check));

const NEEDED: Usage = Usage::NativeIngestion;

fn check(workspace: &Workspace, out: &mut Findings) {
    for used in workspace
        .facts
        .uses
        .iter()
        .filter(|used| used.flow.usage() == Some(NEEDED) && used.script.is_run())
    {
        let identity = &used.identity.identity;
        if matches!(identity, Identity::Malformed) {
            let reason = format!("`{}` is neither `system` nor an object id", used.identity.written);
            out.leave_undecided(used.at, reason);
            continue;
        }
        match workspace.verdict(used, NEEDED) {
            Verdict::Allowed => {}
            Verdict::Undecided(reason) => out.leave_undecided(used.at, reason),
            Verdict::Lacking(entries) => out.report(lacking(used, &entries)),
            Verdict::Elsewhere(entries) => out.report(elsewhere(used, &entries)),
            Verdict::Absent if comes_from_outside(identity) => {
                out.leave_undecided(
                    used.at,
                    format!(
                        "which identity `{}` stands for is not in the files",
                        used.identity.written
                    ),
                );
            }
            Verdict::Absent => out.report(finding(used, None, Severity::Warning, "no policy names it")),
        }
    }
}

/// There are entries for the identity, and none of them has the usage: a contradiction.
fn lacking(used: &IdentityUse, entries: &[Entry<'_>]) -> Diagnostic {
    let severity = if used.flow.row().basis == Basis::Documented {
        Severity::Error
    } else {
        Severity::Warning
    };
    let database = entries
        .iter()
        .find_map(|found| super::database_of(&found.command.level));
    let mut diagnostic = finding(used, database, severity, "no policy allows it `NativeIngestion`");
    for found in entries.iter().take(3) {
        let words: Vec<_> = found
            .entry
            .usages
            .iter()
            .map(|word| format!("`{}`", word.word))
            .collect();
        let said = if words.is_empty() {
            "nothing".to_owned()
        } else {
            format!("{} only", words.join(", "))
        };
        diagnostic = diagnostic.related(found.entry.at, format!("the policy allows {said}"));
    }
    diagnostic
}

/// The usage is allowed, and in another database or cluster than the one that is ingested into.
fn elsewhere(used: &IdentityUse, entries: &[Entry<'_>]) -> Diagnostic {
    let on_other_cluster = |found: &Entry<'_>| matches!((&found.command.cluster, &used.cluster), (Some(one), Some(two)) if one.is_not(two));
    let but = if entries.iter().all(on_other_cluster) {
        "only another cluster allows it `NativeIngestion`"
    } else {
        "it is allowed `NativeIngestion` in another database only"
    };
    let mut diagnostic = finding(used, None, Severity::Warning, but);
    for found in entries.iter().take(3) {
        let why = if on_other_cluster(found) {
            "this policy holds on its own cluster only"
        } else {
            "this policy holds in its own database only"
        };
        diagnostic = diagnostic.related(found.command.level_at, why);
    }
    diagnostic
}

/// The finding on a use; `mended` is the database whose policy to mend where the use does not tell its own.
fn finding(used: &IdentityUse, mended: Option<&Name>, severity: Severity, but: &str) -> Diagnostic {
    let who = &used.identity.written;
    let database = used.database.as_ref().filter(|name| name.is_known());
    let into = database
        .map(|name| format!(" into database `{name}`"))
        .unwrap_or_default();
    let when = used.when.clause();
    let level = super::in_database(database.or(mended));
    Diagnostic::new(
        RULE.name,
        severity,
        format!("`{who}` ingests{into}{when}, but {but}"),
        used.at,
        "this flow needs the usage `NativeIngestion`",
    )
    .in_case(used.script.case.file, used.script.case.parameters)
    .note("the service: \"Authentication with a Managed Identity is disabled for this flow\"")
    .note(format!(
        "run: {}",
        super::grant_command(&level, Some(&used.identity), NEEDED)
    ))
}

/// Whether the identity is a placeholder or a run-time value: its policy may stand where it is filled in.
fn comes_from_outside(identity: &Identity) -> bool {
    let outside = |symbol: &Symbol| {
        matches!(
            symbol,
            Symbol::Placeholder(_) | Symbol::Interpolation { .. } | Symbol::Expression(_) | Symbol::List { .. }
        )
    };
    matches!(identity, Identity::Symbol(symbol) if outside(symbol))
}
