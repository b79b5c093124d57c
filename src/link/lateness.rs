//! Grants that come too late: in the script of a use, and after it.

use super::timeline::covers;
use super::{Entry, Workspace};
use crate::facts::{IdentityUse, PolicyAction, PolicyEntry, Same};
use crate::service::Usage;

impl Workspace {
    /// The entry that allows a use its `usage` after the use, in the same script. `None` when something else may
    /// allow it before: an earlier command, or one of another script.
    #[must_use]
    pub fn granted_late(&self, used: &IdentityUse, usage: Usage) -> Option<Entry<'_>> {
        let mut late = None;
        for command in self.facts.policies.iter().filter(|command| command.script.is_run()) {
            if !self.comparisons.may(used.at) {
                return None;
            }
            let is_later = command.script == used.script && command.order > used.order;
            let covered = covers(command, used);
            if covered == Same::No {
                continue;
            }
            let entries = match &command.entries {
                Some(entries) => entries,
                None if is_later || command.action == PolicyAction::Delete => continue,
                None => return None,
            };
            if !is_later && entries.iter().any(|entry| may_allow(entry, used, usage)) {
                return None;
            }
            let allows = |entry: &&PolicyEntry| is_for(entry, used) == Same::Yes && entry.allows(usage);
            if is_later && covered == Same::Yes && late.is_none() {
                late = entries.iter().find(allows).map(|entry| Entry { command, entry });
            }
        }
        late
    }
}

fn is_for(entry: &PolicyEntry, used: &IdentityUse) -> Same {
    let named = entry.identity.as_ref();
    named.map_or(Same::No, |named| named.identity.same(&used.identity.identity))
}

fn may_allow(entry: &PolicyEntry, used: &IdentityUse, usage: Usage) -> bool {
    is_for(entry, used) != Same::No && (entry.allows(usage) || !entry.complete)
}
