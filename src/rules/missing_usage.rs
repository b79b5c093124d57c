//! Uses of identities whose usage no policy allows: what the rules `missing-native-ingestion` and
//! `missing-identity-usage` have in common.

use crate::diagnostic::{Applicability, Diagnostic, Findings, Fix, Severity};
use crate::facts::{Identity, IdentityUse, Level, Name};
use crate::link::{Assigned, Entry, Verdict, Workspace};
use crate::rules::identity_policy::{assigning, cluster_name, database_of, grant_command, identities_of, in_database};
use crate::service::{Basis, Flow, Levels, Usage};
use crate::text::Symbol;

/// What is in doubt about `.ingest into` with an identity.
pub(super) const DIRECT: &str =
    "one page of the service's documents allows an identity in `.ingest into`, another one in queued ingestion only";

/// What is not.
pub(super) const QUEUED: &str = "queued: .ingest-from-storage-queued into table database('<name>').<table> with (format='<format>') <| .list blobs (h'<container>;managed_identity=<object id>')";

/// Entries of policies that a finding shows.
const MOST: usize = 3;

/// Judges the uses whose usage is `wanted`, in the name of `rule`.
pub(super) fn check(rule: &'static str, wanted: impl Fn(Usage) -> bool, workspace: &Workspace, out: &mut Findings) {
    for used in workspace.facts.uses.iter().filter(|used| used.script.is_run()) {
        let Some(needed) = used.flow.usage().filter(|usage| wanted(*usage)) else {
            continue;
        };
        let missing = Missing {
            rule,
            used,
            needed,
            workspace,
        };
        // That the cluster lacks its identity comes first, and `malformed-data-connection-identity` tells both.
        if workspace.is_foreign(used) {
            continue;
        }
        let identity = &used.identity.identity;
        if matches!(identity, Identity::Malformed) {
            let reason = format!("`{}` is neither `system` nor an object id", used.identity.written);
            out.leave_undecided(used.at, reason);
            continue;
        }
        match workspace.verdict(used, needed) {
            Verdict::Allowed => {}
            Verdict::Undecided(reason) => out.leave_undecided(used.at, reason),
            // One cause, one finding: it stands at the mistake in the policy.
            Verdict::Lacking(_) | Verdict::Absent if workspace.has_flawed_grant(used, needed) => {}
            Verdict::Lacking(entries) => out.report(missing.lacking(&entries)),
            // What a database allows of artifacts counts nowhere, which stands there.
            Verdict::Elsewhere(entries) if needed == Usage::SandboxArtifacts && in_databases(&entries) => {}
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
            Verdict::Absent => out.report(missing.absent()),
        }
    }
}

/// A use of an identity that lacks its usage.
struct Missing<'f> {
    rule: &'static str,
    used: &'f IdentityUse,
    needed: Usage,
    workspace: &'f Workspace,
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
        diagnostic.fixed_by(self.appended(entries))
    }

    /// The usage, added to the one entry that there is. Of several it can't be told which is meant. Nothing is added
    /// where it has no effect, and not where an `.alter` has dropped it: that it adds instead is the fix of
    /// `overwritten-identity-policy`.
    fn appended(&self, entries: &[Entry<'_>]) -> Option<Fix> {
        let [found] = entries else { return None };
        if found.entry.usages.is_empty() || !found.entry.complete {
            return None;
        }
        let needed = self.needed;
        let has_no_effect = needed.is_of_clusters() && matches!(found.command.level, Level::Database(_));
        let identity = &self.used.identity;
        if has_no_effect || self.workspace.drops(found.command, identity, needed) {
            return None;
        }
        let title = format!("allow `{needed}`, too");
        Fix::new(
            Applicability::Unsafe,
            title,
            found.entry.end.as_ref(),
            &format!(", {needed}"),
        )
    }

    /// No entry names the identity.
    fn absent(&self) -> Diagnostic {
        let finding = self.finding(None, Severity::Warning, "no policy names it");
        if self.used.flow == Flow::IngestFromStorage {
            finding.note(DIRECT).note(QUEUED)
        } else {
            finding
        }
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
        let finding = Diagnostic::new(
            self.rule,
            severity,
            format!("`{who}` {does}{when}, but {but}"),
            self.used.at,
            format!("this flow needs the usage `{}`", self.needed),
        )
        .in_case(self.used.script.case)
        .note("the service: \"Authentication with a Managed Identity is disabled for this flow\"");
        let used = self.used;
        let cluster = match self
            .workspace
            .assigned(used.cluster.as_ref(), used.script.case, &used.when, &used.identity)
        {
            Assigned::Untold => return finding.note(format!("run: {command}")),
            Assigned::Excluded(cluster) | Assigned::ExcludedByAll(cluster) => cluster,
        };
        let (name, has) = (cluster_name(cluster), identities_of(cluster));
        finding
            .related(cluster.identity_at, format!("{has} here"))
            .note(format!(
                "cluster `{name}` has {has}: first {}",
                assigning(&used.identity.identity, cluster)
            ))
            .note(format!("then run (the service refuses it before): {command}"))
    }
}

fn in_databases(entries: &[Entry<'_>]) -> bool {
    let mut levels = entries.iter().map(|found| &found.command.level);
    levels.all(|level| matches!(level, Level::Database(_)))
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
