//! Grants that are written down with a mistake: the use that they are for lacks nothing else.

use super::timeline::covers;
use super::{Verdict, Workspace};
use crate::facts::{Identity, IdentityUse, PolicyAction, PolicyCommand, PolicyEntry, Same};
use crate::service::Usage;

/// Uses that one mistake is told to break.
const MOST: usize = 8;

impl Workspace {
    /// Whether a policy is meant to allow `usage` to the identity of a use, and does not because the word is misspelt or
    /// the entry names no identity: both are reported where they stand.
    #[must_use]
    pub fn has_flawed_grant(&self, used: &IdentityUse, usage: Usage) -> bool {
        let mut commands = self.facts.policies.iter();
        commands.any(|command| {
            let mut entries = command.entries.iter().flatten();
            entries.any(|entry| self.is_meant_for(command, entry, used, usage))
        })
    }

    /// The uses that lack nothing but what an entry with a mistake is meant to allow.
    #[must_use]
    pub fn waiting_for(&self, command: &PolicyCommand, entry: &PolicyEntry) -> Vec<&IdentityUse> {
        let run = self.facts.uses.iter().filter(|used| used.script.is_run());
        let waits = |used: &&IdentityUse| {
            used.flow.usage().is_some_and(|usage| {
                self.is_meant_for(command, entry, used, usage)
                    && matches!(self.verdict(used, usage), Verdict::Lacking(_) | Verdict::Absent)
            })
        };
        run.filter(waits).take(MOST).collect()
    }

    fn is_meant_for(&self, command: &PolicyCommand, entry: &PolicyEntry, used: &IdentityUse, usage: Usage) -> bool {
        (names_nobody(entry) || entry.usages.iter().any(|word| word.usage.is_none()))
            && self.comparisons.may(used.at)
            && command.script.is_run()
            && command.action != PolicyAction::Delete
            && covers(command, used) != Same::No
            && (is_misspelt(entry, used, usage) || self.lacks_its_identity(command, entry, used, usage))
    }

    /// Whether an entry without an identity can only be meant for the one of the use: no other that is used there
    /// lacks what the entry allows. Where the database of a use is known, those in unknown ones do not count.
    fn lacks_its_identity(
        &self,
        command: &PolicyCommand,
        entry: &PolicyEntry,
        used: &IdentityUse,
        usage: Usage,
    ) -> bool {
        if command.flaws.is_empty() || !names_nobody(entry) || !entry.allows(usage) {
            return false;
        }
        let mut others = self.facts.uses.iter().filter(|other| other.script.is_run());
        !others.any(|other| {
            !self.comparisons.may(used.at)
                || (other.identity.identity.same(&used.identity.identity) != Same::Yes
                    && other.flow.usage().is_some_and(|needed| entry.allows(needed))
                    && (other.database.is_some() || used.database.is_none())
                    && covers(command, other) != Same::No
                    && !self.is_allowed(other))
        })
    }

    /// Whether policies certainly allow a use what it needs.
    fn is_allowed(&self, used: &IdentityUse) -> bool {
        let needed = used.flow.usage();
        needed.is_none_or(|usage| matches!(self.verdict(used, usage), Verdict::Allowed))
    }
}

/// Whether an entry for the identity of a use has a word that is no usage, and `usage` is the one that it is meant for.
fn is_misspelt(entry: &PolicyEntry, used: &IdentityUse, usage: Usage) -> bool {
    let named = entry.identity.as_ref();
    let mut unknown = entry.usages.iter().filter(|word| word.usage.is_none());
    named.is_some_and(|named| named.identity.same(&used.identity.identity) == Same::Yes)
        && unknown.any(|word| word.meant().any(|meant| meant.allows(usage)))
}

/// Whether an entry has no identity, or a word in its place that is none.
fn names_nobody(entry: &PolicyEntry) -> bool {
    let named = entry.identity.as_ref().map(|named| &named.identity);
    matches!(named, None | Some(Identity::Malformed))
}
