//! Grants that miss the uses they are meant for: for another identity, or in another database.

use std::collections::BTreeSet;

use super::timeline::covers;
use super::{Entry, Verdict, Workspace};
use crate::facts::{Identity, IdentityRef, IdentityUse, Level, PolicyAction, PolicyCommand, PolicyEntry, Same};
use crate::service::Usage;

/// Uses of an identity that no policy names, while a policy names another identity that nothing uses.
#[derive(Debug)]
pub struct Mismatch<'f> {
    /// The policy that names the other identity.
    pub command: &'f PolicyCommand,
    /// That identity.
    pub granted: &'f IdentityRef,
    /// The uses; not empty.
    pub uses: Vec<&'f IdentityUse>,
}

/// A policy of one database whose identity is used in another only.
#[derive(Debug)]
pub struct Misplaced<'f> {
    /// The policy.
    pub command: &'f PolicyCommand,
    /// The uses in other databases; not empty.
    pub uses: Vec<&'f IdentityUse>,
}

impl Workspace {
    /// Grants that are meant for another identity than the one they name, as far as can be told: exactly one identity
    /// is granted and not used, and exactly one is used and not granted.
    #[must_use]
    pub fn mismatches(&self) -> Vec<Mismatch<'_>> {
        let lacking = self.ungranted();
        let mut unused: Vec<(Entry<'_>, &IdentityRef)> = Vec::new();
        let entries = self
            .entries()
            .filter(|(command, _)| sets(command) && !lacking.is_empty());
        for (command, entry) in entries {
            let Some(named) = entry.identity.as_ref().filter(|named| is_certain(&named.identity)) else {
                continue;
            };
            if !self.is_used(&named.identity, command) {
                unused.push((Entry { command, entry }, named));
            }
        }
        let found = unused.iter().filter_map(|(first, granted)| {
            let same = |(found, other): &&(Entry<'_>, &IdentityRef)| {
                self.comparisons.may(granted.at)
                    && other.identity.same(&granted.identity) == Same::Yes
                    && found.command.script.case.joins(first.command.script.case)
            };
            // One finding for an identity that several entries name.
            let entries: Vec<_> = unused.iter().filter(same).map(|(found, _)| *found).collect();
            if !entries
                .first()
                .is_some_and(|entry| std::ptr::eq(entry.entry, first.entry))
            {
                return None;
            }
            let uses = self.meant_by(first.command, &entries, &lacking)?;
            let rival = |(found, other): &&(Entry<'_>, &IdentityRef)| {
                other.identity.same(&granted.identity) != Same::Yes && uses.iter().any(|used| grants(found, used))
            };
            let has_rival = unused.iter().any(|other| rival(&other));
            (!has_rival).then_some(Mismatch {
                command: first.command,
                granted,
                uses,
            })
        });
        found.collect()
    }

    /// The uses whose identity no policy names.
    fn ungranted(&self) -> Vec<&IdentityUse> {
        let lacks = |used: &&IdentityUse| {
            let usage = used.flow.usage().filter(|_| used.script.is_run());
            usage.is_some_and(|usage| matches!(self.verdict(used, usage), Verdict::Absent)) && !self.is_named(used)
        };
        self.facts.uses.iter().filter(lacks).collect()
    }

    /// The uses that are not granted beside a policy, if they are of one identity and its `entries` would allow all.
    fn meant_by<'f>(
        &self,
        command: &PolicyCommand,
        entries: &[Entry<'_>],
        lacking: &[&'f IdentityUse],
    ) -> Option<Vec<&'f IdentityUse>> {
        let joined = lacking
            .iter()
            .filter(|used| used.script.case.joins(command.script.case));
        let uses: Vec<&IdentityUse> = joined.copied().collect();
        let first = uses.first()?;
        let fits = |used: &&IdentityUse| {
            self.comparisons.may(used.at)
                && used.identity.identity.same(&first.identity.identity) == Same::Yes
                && entries.iter().any(|entry| grants(entry, used))
        };
        (is_certain(&first.identity.identity) && uses.iter().all(fits)).then_some(uses)
    }

    /// Whether a use may be one of the identity that a policy names.
    fn is_used(&self, identity: &Identity, command: &PolicyCommand) -> bool {
        let mut uses = self.facts.uses.iter().filter(|used| used.script.is_run());
        uses.any(|used| {
            !self.comparisons.may(command.at)
                || (used.script.case.joins(command.script.case) && used.identity.identity.same(identity) != Same::No)
        })
    }

    /// Whether a policy may name the identity of a use.
    fn is_named(&self, used: &IdentityUse) -> bool {
        let mut named = self.entries().filter(|(command, _)| command.script.is_run());
        named.any(|(_, entry)| {
            let same = entry
                .identity
                .as_ref()
                .map(|named| named.identity.same(&used.identity.identity));
            !self.comparisons.may(used.at) || same.is_none_or(|same| same != Same::No)
        })
    }

    /// Policies of databases whose identities are used in other databases only.
    #[must_use]
    pub fn misplaced(&self) -> Vec<Misplaced<'_>> {
        let mut found: Vec<Misplaced<'_>> = Vec::new();
        for used in self.facts.uses.iter().filter(|used| used.script.is_run()) {
            // Artifacts are allowed by the policy of the cluster alone, in no database.
            let Some(usage) = used.flow.usage().filter(|usage| *usage != Usage::SandboxArtifacts) else {
                continue;
            };
            let Verdict::Elsewhere(entries) = self.verdict(used, usage) else {
                continue;
            };
            for Entry { command, entry } in entries {
                if !self.comparisons.may(used.at) || !in_other_database(command, used) || self.serves(command, entry) {
                    continue;
                }
                match found.iter_mut().find(|known| std::ptr::eq(known.command, command)) {
                    Some(known) => known.uses.push(used),
                    None => found.push(Misplaced {
                        command,
                        uses: vec![used],
                    }),
                }
            }
        }
        found
    }

    /// Whether an entry may be what allows some use.
    fn serves(&self, command: &PolicyCommand, entry: &PolicyEntry) -> bool {
        let mut uses = self.facts.uses.iter().filter(|used| used.script.is_run());
        uses.any(|used| {
            let same = entry
                .identity
                .as_ref()
                .map(|named| named.identity.same(&used.identity.identity));
            !self.comparisons.may(command.at)
                || (same.is_some_and(|same| same != Same::No)
                    && covers(command, used) != Same::No
                    && grants(&Entry { command, entry }, used))
        })
    }
}

/// Whether a command leaves its entries in a policy that counts.
fn sets(command: &PolicyCommand) -> bool {
    command.script.is_run() && command.action != PolicyAction::Delete
}

/// Whether it is known which identity it is.
fn is_certain(identity: &Identity) -> bool {
    matches!(
        identity,
        Identity::System(_) | Identity::Object(_) | Identity::UserAssigned(_)
    )
}

/// Whether an entry would allow a use if it named its identity.
fn grants(found: &Entry<'_>, used: &IdentityUse) -> bool {
    let usage = used.flow.usage();
    covers(found.command, used) != Same::No && usage.is_some_and(|usage| found.entry.allows(usage))
}

/// Whether the policy is one of another database than that of the use, on what may be the same cluster.
fn in_other_database(command: &PolicyCommand, used: &IdentityUse) -> bool {
    let clusters = (&command.cluster, &used.cluster);
    let other_cluster = matches!(clusters, (Some(one), Some(two)) if one.is_not(two));
    match (&command.level, &used.database) {
        (Level::Database(Some(one)), Some(two)) => one.is_not(two) && !other_cluster,
        _ => false,
    }
}

/// The usages that uses need, each once, in the order of their names.
#[must_use]
pub fn needed(uses: &[&IdentityUse]) -> Vec<Usage> {
    let needed: BTreeSet<_> = uses.iter().filter_map(|used| used.flow.usage()).collect();
    needed.into_iter().collect()
}
