//! What managed identity policies allow, command by command.
//!
//! Within one script the order is certain: `.alter` replaces what its level had, `.alter-merge` adds,
//! `.delete` clears. Between scripts it is not: what each of them leaves behind adds up.

use std::collections::BTreeMap;

use super::Workspace;
use crate::facts::{
    Facts, Identity, IdentityRef, IdentityUse, Level, Name, PolicyAction, PolicyCommand, PolicyEntry, Same, ScriptId,
};
use crate::service::Usage;

/// One entry of a policy together with the command that sets it.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'f> {
    /// The command.
    pub command: &'f PolicyCommand,
    /// The entry.
    pub entry: &'f PolicyEntry,
}

/// What the policies say of one use of an identity.
#[derive(Debug)]
pub enum Verdict<'f> {
    /// The usage is allowed.
    Allowed,
    /// It can't be told, for this reason.
    Undecided(String),
    /// There are entries for the identity, and none has the usage.
    Lacking(Vec<Entry<'f>>),
    /// The usage is allowed in other databases only.
    Elsewhere(Vec<Entry<'f>>),
    /// No entry names the identity.
    Absent,
}

/// What a command takes from an identity that the same script allowed before.
#[derive(Debug)]
pub struct Lost<'f> {
    /// The identity.
    pub identity: &'f IdentityRef,
    /// The entry that allowed it.
    pub entry: &'f PolicyEntry,
    /// What is lost.
    pub usages: Vec<Usage>,
}

/// An entry with the time during which it is in force in its script.
#[derive(Clone, Copy, Debug)]
struct InForce {
    command: usize,
    entry: usize,
    /// Order of the command that ends it; `None` at the end of the script still in force.
    until: Option<u32>,
}

/// Uses that one deletion is told to break.
const MOST_BROKEN: usize = 8;

/// All entries, by the identity that they name.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    by_object: BTreeMap<String, Vec<InForce>>,
    others: Vec<InForce>,
    /// Commands whose payload is not known, while in force.
    unread: Vec<InForce>,
    /// What each command that replaces a policy ends of what its script set before.
    ended_by: BTreeMap<(ScriptId, u32), Vec<InForce>>,
    /// What each script leaves behind at each level.
    at_end: BTreeMap<(ScriptId, String), Vec<InForce>>,
}

impl Timeline {
    pub(super) fn of(facts: &Facts) -> Self {
        let mut timeline = Self::default();
        let mut order: Vec<usize> = (0..facts.policies.len()).collect();
        order.sort_by_key(|index| {
            facts
                .policies
                .get(*index)
                .map(|command| (command.script, command.order))
        });
        let mut open: BTreeMap<(ScriptId, String), Vec<InForce>> = BTreeMap::new();
        for index in order {
            let Some(command) = facts.policies.get(index).filter(|command| command.script.is_run()) else {
                continue;
            };
            let level = open.entry((command.script, level_key(&command.level))).or_default();
            if command.action != PolicyAction::Merge {
                let ended_by = timeline.ended_by.entry((command.script, command.order)).or_default();
                ended_by.extend(level.iter().copied());
                for mut ended in level.drain(..) {
                    ended.until = Some(command.order);
                    timeline.add(facts, ended);
                }
            }
            match &command.entries {
                Some(entries) => level.extend((0..entries.len()).map(|entry| InForce {
                    command: index,
                    entry,
                    until: None,
                })),
                None if command.action != PolicyAction::Delete => timeline.unread.push(InForce {
                    command: index,
                    entry: 0,
                    until: None,
                }),
                None => {}
            }
        }
        for entries in open.values() {
            for entry in entries {
                timeline.add(facts, *entry);
            }
        }
        timeline.at_end = open;
        timeline
    }

    fn add(&mut self, facts: &Facts, entry: InForce) {
        match entry
            .of(facts)
            .and_then(|found| found.entry.identity.as_ref())
            .map(|named| &named.identity)
        {
            Some(Identity::Object(id)) => self.by_object.entry(id.clone()).or_default().push(entry),
            Some(Identity::Malformed) | None => {}
            Some(_) => self.others.push(entry),
        }
    }

    /// The entries that may name `identity`.
    fn candidates(&self, identity: &Identity) -> impl Iterator<Item = &InForce> {
        let objects: Vec<&Vec<InForce>> = match identity {
            Identity::Object(id) => self.by_object.get(id).into_iter().collect(),
            Identity::System(_) | Identity::Malformed => Vec::new(),
            Identity::UserAssigned(_) | Identity::Client(_) | Identity::Symbol(_) => self.by_object.values().collect(),
        };
        objects.into_iter().flatten().chain(&self.others)
    }
}

impl InForce {
    fn of(self, facts: &Facts) -> Option<Entry<'_>> {
        let command = facts.policies.get(self.command)?;
        let entry = command.entries.as_ref()?.get(self.entry)?;
        Some(Entry { command, entry })
    }
}

fn level_key(level: &Level) -> String {
    match level {
        Level::Cluster => "cluster".to_owned(),
        Level::Database(None) => "database".to_owned(),
        Level::Database(Some(name)) => format!("database {}", name.key()),
    }
}

/// Whether a policy command holds where a use happens.
pub(super) fn covers(command: &PolicyCommand, used: &IdentityUse) -> Same {
    if !command.script.case.joins(used.script.case) || different(command.cluster.as_ref(), used.cluster.as_ref()) {
        return Same::No;
    }
    if used.when.and(&command.when).is_none() {
        return Same::No;
    }
    let clusters_differ = matches!((&command.cluster, &used.cluster), (Some(one), Some(two)) if !one.is(two));
    match (&command.level, &used.database) {
        (Level::Database(Some(one)), Some(two)) if one.is_not(two) => Same::No,
        _ if clusters_differ => Same::Maybe,
        (Level::Database(Some(one)), Some(two)) if !one.is(two) => Same::Maybe,
        _ if command.when.without(&used.when).is_always() => Same::Yes,
        // It holds under a condition that the use does not ask for.
        _ => Same::Maybe,
    }
}

/// Whether a policy holds in another database or cluster than that of the use, and nothing else keeps it
/// apart. `system` of another cluster is another identity.
fn is_elsewhere(command: &PolicyCommand, used: &IdentityUse) -> bool {
    let other_database = match (&command.level, &used.database) {
        (Level::Database(Some(one)), Some(two)) => one.is_not(two),
        _ => false,
    };
    let other_cluster = different(command.cluster.as_ref(), used.cluster.as_ref());
    let is_system = matches!(used.identity.identity, Identity::System(_));
    command.script.case.joins(used.script.case)
        && used.when.and(&command.when).is_some()
        && if is_system {
            other_database && !other_cluster
        } else {
            other_database || other_cluster
        }
}

fn different(one: Option<&Name>, two: Option<&Name>) -> bool {
    matches!((one, two), (Some(one), Some(two)) if one.is_not(two))
}

impl Workspace {
    /// The entries of policies that are in force when their scripts are done.
    pub fn at_end(&self) -> impl Iterator<Item = Entry<'_>> {
        let entries = self.timeline.at_end.values().flatten();
        entries.filter_map(|in_force| in_force.of(&self.facts))
    }

    /// What an `.alter` drops of what its own script allowed before at the same level, and does not allow again.
    #[must_use]
    pub fn lost_by(&self, command: &PolicyCommand) -> Vec<Lost<'_>> {
        let level = level_key(&command.level);
        let ended = self.timeline.ended_by.get(&(command.script, command.order));
        let mut lost = Vec::new();
        for found in ended
            .into_iter()
            .flatten()
            .filter_map(|in_force| in_force.of(&self.facts))
        {
            let Some(identity) = found.entry.identity.as_ref() else {
                continue;
            };
            // What stands at the end of the script counts: a usage may be allowed again.
            let at_end = self.timeline.at_end.get(&(command.script, level.clone()));
            let later: Vec<_> = at_end
                .into_iter()
                .flatten()
                .filter_map(|in_force| in_force.of(&self.facts))
                .collect();
            let may_be_kept = |usage: Usage| {
                later.iter().any(|kept| {
                    let same = kept
                        .entry
                        .identity
                        .as_ref()
                        .map(|kept| kept.identity.same(&identity.identity));
                    same.is_some_and(|same| same != Same::No) && (kept.entry.allows(usage) || !kept.entry.complete)
                })
            };
            let mut usages: Vec<Usage> = Vec::new();
            for usage in found.entry.usages.iter().filter_map(|word| word.usage) {
                if !usages.contains(&usage) && !may_be_kept(usage) {
                    usages.push(usage);
                }
            }
            if !usages.is_empty() && self.comparisons.may(identity.at) {
                lost.push(Lost {
                    identity,
                    entry: found.entry,
                    usages,
                });
            }
        }
        lost
    }

    /// Whether an `.alter` replaces an entry of its own script that allowed an identity a usage.
    #[must_use]
    pub fn drops(&self, command: &PolicyCommand, identity: &IdentityRef, usage: Usage) -> bool {
        let ended = self.timeline.ended_by.get(&(command.script, command.order));
        let ended = ended
            .into_iter()
            .flatten()
            .take_while(|_| self.comparisons.may(identity.at));
        let mut entries = ended.filter_map(|in_force| in_force.of(&self.facts));
        entries.any(|found| {
            let named = found.entry.identity.as_ref();
            let is_its = named.is_some_and(|named| named.identity.same(&identity.identity) == Same::Yes);
            is_its && found.entry.allows(usage)
        })
    }

    /// The uses that rely on the policy which a `.delete` takes away: those of other scripts, and those of its own
    /// that go on by themselves.
    #[must_use]
    pub fn broken_by(&self, command: &PolicyCommand) -> Vec<&IdentityUse> {
        let mut broken = Vec::new();
        for used in self.facts.uses.iter().filter(|used| used.script.is_run()) {
            if !self.comparisons.may(command.at) || broken.len() >= MOST_BROKEN {
                break;
            }
            let own = used.script == command.script;
            let (Some(usage), Same::Yes) = (used.flow.usage(), covers(command, used)) else {
                continue;
            };
            if own && !used.flow.row().lasts {
                continue;
            }
            // What counts is the policy after the script of the deletion has run.
            let after = IdentityUse {
                order: if own { u32::MAX } else { used.order },
                ..used.clone()
            };
            if matches!(self.verdict(&after, usage), Verdict::Absent | Verdict::Lacking(_)) {
                broken.push(used);
            }
        }
        broken
    }

    /// What the policies of the workspace say of a use that needs `usage`.
    #[must_use]
    pub fn verdict(&self, used: &IdentityUse, usage: Usage) -> Verdict<'_> {
        let (mut lacking, mut elsewhere, mut undecided) = (Vec::new(), Vec::new(), None);
        match self.is_allowed_elsewhere(used, usage) {
            Same::Yes => return Verdict::Allowed,
            Same::Maybe => {
                let who = &used.identity.written;
                undecided = Some(format!(
                    "`{who}` may be allowed what the configuration says to be granted"
                ));
            }
            Same::No => {}
        }
        for in_force in self.timeline.candidates(&used.identity.identity) {
            if !self.comparisons.may(used.at) {
                return Verdict::Undecided("the workspace has too many policies to compare them all".to_owned());
            }
            let Some(found) = in_force.of(&self.facts) else {
                continue;
            };
            let ended = in_force
                .until
                .is_some_and(|until| found.command.script != used.script || until <= used.order);
            let Some(named) = found.entry.identity.as_ref().filter(|_| !ended) else {
                continue;
            };
            let may_allow = found.entry.allows(usage) || !found.entry.complete;
            match (
                named.identity.same(&used.identity.identity),
                covers(found.command, used),
            ) {
                (Same::No, _) => {}
                (Same::Yes, Same::Yes) if found.entry.allows(usage) => return Verdict::Allowed,
                (Same::Yes, Same::No) if found.entry.allows(usage) && is_elsewhere(found.command, used) => {
                    elsewhere.push(found)
                }
                (_, Same::No) => {}
                (Same::Yes, Same::Yes) if found.entry.complete => lacking.push(found),
                _ if may_allow => {
                    undecided.get_or_insert_with(|| {
                        format!(
                            "`{}` may be allowed by the entry for `{}`",
                            used.identity.written, named.written
                        )
                    });
                }
                _ => {}
            }
        }
        if undecided.is_none() {
            let unread = self
                .timeline
                .unread
                .iter()
                .filter_map(|unread| self.facts.policies.get(unread.command));
            if unread.take(1000).any(|command| covers(command, used) != Same::No) {
                undecided = Some(format!(
                    "`{}` may be allowed by a policy that could not be read",
                    used.identity.written
                ));
            }
        }
        match undecided {
            Some(reason) => Verdict::Undecided(reason),
            None if !lacking.is_empty() => Verdict::Lacking(lacking),
            None if !elsewhere.is_empty() => Verdict::Elsewhere(elsewhere),
            None => Verdict::Absent,
        }
    }
}
