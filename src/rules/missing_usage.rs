//! Uses of identities whose usage no policy allows: what the rules `missing-native-ingestion` and
//! `missing-identity-usage` have in common.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{Identity, IdentityUse, Name};
use crate::link::{Entry, Verdict, Workspace};
use crate::rules::identity_policy::{database_of, grant_command, in_database};
use crate::service::{Basis, Levels, Usage};
use crate::text::Symbol;

/// Entries of policies that a finding shows.
const MOST: usize = 3;

/// Judges the uses whose usage is `wanted`, in the name of `rule`.
pub(super) fn check(rule: &'static str, wanted: impl Fn(Usage) -> bool, workspace: &Workspace, out: &mut Findings) {
    for used in workspace.facts.uses.iter().filter(|used| used.script.is_run()) {
        let Some(needed) = used.flow.usage().filter(|usage| wanted(*usage)) else {
            continue;
        };
        let missing = Missing { rule, used, needed };
        let identity = &used.identity.identity;
        if matches!(identity, Identity::Malformed) {
            let reason = format!("`{}` is neither `system` nor an object id", used.identity.written);
            out.leave_undecided(used.at, reason);
            continue;
        }
        match workspace.verdict(used, needed) {
            Verdict::Allowed => {}
            Verdict::Undecided(reason) => out.leave_undecided(used.at, reason),
            Verdict::Lacking(entries) => out.report(missing.lacking(&entries)),
            Verdict::Elsewhere(entries) => out.report(missing.elsewhere(&entries)),
            Verdict::Absent if comes_from_outside(identity) => {
                out.leave_undecided(
                    used.at,
                    format!(
                        "which identity `{}` stands for is not in the files",
                        used.identity.written
                    ),
                );
            }
            Verdict::Absent => out.report(missing.finding(None, Severity::Warning, "no policy names it")),
        }
    }
}

/// A use of an identity that lacks its usage.
struct Missing<'f> {
    rule: &'static str,
    used: &'f IdentityUse,
    needed: Usage,
}

impl Missing<'_> {
    /// There are entries for the identity, and none of them has the usage: a contradiction.
    fn lacking(&self, entries: &[Entry<'_>]) -> Diagnostic {
        let severity = if self.used.flow.row().basis == Basis::Documented {
            Severity::Error
        } else {
            Severity::Warning
        };
        let database = entries.iter().find_map(|found| database_of(&found.command.level));
        let but = format!("no policy allows it `{}`", self.needed);
        let mut diagnostic = self.finding(database, severity, &but);
        for found in entries.iter().take(MOST) {
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

    /// The usage is allowed, and in another database or cluster than the one in which it is needed.
    fn elsewhere(&self, entries: &[Entry<'_>]) -> Diagnostic {
        let cluster = self.used.cluster.as_ref();
        let on_other_cluster =
            |found: &Entry<'_>| matches!((&found.command.cluster, cluster), (Some(one), Some(two)) if one.is_not(two));
        let but = if entries.iter().all(on_other_cluster) {
            format!("only another cluster allows it `{}`", self.needed)
        } else {
            format!("it is allowed `{}` in another database only", self.needed)
        };
        let mut diagnostic = self.finding(None, Severity::Warning, &but);
        for found in entries.iter().take(MOST) {
            let why = if on_other_cluster(found) {
                "this policy holds on its own cluster only"
            } else {
                "this policy holds in its own database only"
            };
            diagnostic = diagnostic.related(found.command.level_at, why);
        }
        diagnostic
    }

    /// The finding; `mended` is the database whose policy to mend where the use does not tell its own.
    fn finding(&self, mended: Option<&Name>, severity: Severity, but: &str) -> Diagnostic {
        let who = &self.used.identity.written;
        let database = self.used.database.as_ref().filter(|name| name.is_known());
        let does = match (self.needed, database) {
            (Usage::NativeIngestion, None) => "ingests".to_owned(),
            (Usage::NativeIngestion, Some(name)) => format!("ingests into database `{name}`"),
            (_, None) => format!("is used for {}", self.used.flow.row().title),
            (_, Some(name)) => format!("is used for {} in database `{name}`", self.used.flow.row().title),
        };
        let when = self.used.when.clause();
        let level = match self.used.flow.row().levels {
            Levels::Cluster => "cluster".to_owned(),
            Levels::ClusterOrDatabase => in_database(database.or(mended)),
        };
        let command = grant_command(&level, Some(&self.used.identity), self.needed);
        Diagnostic::new(
            self.rule,
            severity,
            format!("`{who}` {does}{when}, but {but}"),
            self.used.at,
            format!("this flow needs the usage `{}`", self.needed),
        )
        .in_case(self.used.script.case)
        .note("the service: \"Authentication with a Managed Identity is disabled for this flow\"")
        .note(format!("run: {command}"))
    }
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
