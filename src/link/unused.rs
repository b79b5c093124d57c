//! Usages that policies allow and that nothing in the files needs.

use std::collections::{BTreeMap, BTreeSet};

use super::timeline::covers;
use super::{Entry, Workspace};
use crate::facts::{
    Case, ConnectionIdentity, Facts, GivenIdentity, Identity, IdentityUse, Level, Name, Same, SignIn, UsageWord,
};
use crate::service::{USAGES, Usage};
use crate::text::FileSpan;

/// A word of a policy that nothing needs.
#[derive(Clone, Debug)]
pub struct Unused<'f> {
    /// The entry with its command.
    pub entry: Entry<'f>,
    /// The word.
    pub word: &'f UsageWord,
    /// The usage.
    pub usage: Usage,
    /// The usages of the entry that something may need, each once.
    pub needed: Vec<Usage>,
}

/// The uses by usage, identity and database. Those that can't be told go under the empty text.
type Needs<'f> = BTreeMap<Usage, BTreeMap<String, BTreeMap<String, Vec<&'f IdentityUse>>>>;

impl Workspace {
    /// The usages that are allowed when the scripts are done, and that nothing in the files needs: with that identity,
    /// at that level. A use that may be one counts, and so does an example in documentation. `All` is used by whatever
    /// there is.
    #[must_use]
    pub fn unused(&self) -> Vec<Unused<'_>> {
        let needs = needs(&self.facts);
        let untold = untold(&self.facts);
        let mut unused = Vec::new();
        for entry in self.at_end() {
            let judged = |identity: &Identity| !matches!(identity, Identity::Malformed | Identity::Client(_));
            let named = entry.entry.identity.as_ref();
            let Some(named) = named.filter(|named| judged(&named.identity)) else {
                continue;
            };
            let words = &entry.entry.usages;
            if words.iter().any(|word| word.usage == Some(Usage::All)) {
                continue;
            }
            let (mut needed, mut spare): (Vec<Usage>, Vec<_>) = (Vec::new(), Vec::new());
            for (index, word) in words.iter().enumerate() {
                let Some(usage) = word.usage else { continue };
                if words.iter().take(index).any(|before| before.usage == Some(usage)) {
                    continue;
                }
                // Where the word has no effect, another rule says so.
                let ignored = usage.is_of_clusters() && matches!(entry.command.level, Level::Database(_));
                let case = entry.command.script.case;
                let untold = untold.iter().any(|(needed, by)| *needed == usage && by.joins(case));
                if ignored || untold || self.is_needed(&needs, entry, &named.identity, usage) {
                    needed.push(usage);
                } else {
                    spare.push((word, usage));
                }
            }
            let spare = spare.into_iter().map(|(word, usage)| Unused {
                entry,
                word,
                usage,
                needed: needed.clone(),
            });
            unused.extend(spare);
        }
        unused
    }

    fn is_needed(&self, needs: &Needs<'_>, entry: Entry<'_>, identity: &Identity, usage: Usage) -> bool {
        let may_be = |used: &IdentityUse| {
            !self.comparisons.may(entry.entry.at)
                || used.identity.identity.same(identity) != Same::No && covers(entry.command, used) != Same::No
        };
        let who = of_identity(identity);
        let database = match &entry.command.level {
            Level::Database(name) => of_name(name.as_ref()),
            Level::Cluster => String::new(),
        };
        let by_identity = needs.get(&usage).into_iter();
        let by_database = by_identity.flat_map(|needs| fitting(needs, &who));
        let here = by_database.flat_map(|needs| fitting(needs, &database));
        here.flatten().any(|used| may_be(used))
    }
}

/// What is kept under a key or can't be told; all for a key that can't be told itself. Of many databases and identities,
/// each with its policy and its uses, only what can be joined is compared.
fn fitting<'m, V>(map: &'m BTreeMap<String, V>, key: &str) -> impl Iterator<Item = &'m V> {
    let all = key.is_empty().then(|| map.values());
    let own = if key.is_empty() {
        [None, None]
    } else {
        [map.get(key), map.get("")]
    };
    all.into_iter().flatten().chain(own.into_iter().flatten())
}

fn needs(facts: &Facts) -> Needs<'_> {
    let mut needs = Needs::new();
    for used in &facts.uses {
        if let Some(usage) = used.flow.usage() {
            let of_usage = needs.entry(usage).or_default();
            let by_database = of_usage.entry(of_identity(&used.identity.identity)).or_default();
            by_database
                .entry(of_name(used.database.as_ref()))
                .or_default()
                .push(used);
        }
    }
    needs
}

/// The usages that may be needed by what works as an identity that the files don't tell, each with its evaluation: a
/// data connection whose identity is filled in, or whose kind has no usage in the documents; an external table whose
/// connection string is filled in, or that is made elsewhere; what the collectors call a possible use.
fn untold(facts: &Facts) -> BTreeSet<(Usage, Case)> {
    let mut untold = BTreeSet::new();
    let is_untold = |given: &ConnectionIdentity| matches!(given.value, GivenIdentity::Unknown);
    for connection in &facts.connections {
        if connection.flow.usage().is_none() || connection.identities.iter().any(is_untold) {
            untold.insert((Usage::DataConnection, connection.case));
        }
    }
    let is_filled_in = |(sign_in, _): &(SignIn, FileSpan)| *sign_in == SignIn::Other;
    let mut made = BTreeSet::new();
    for table in &facts.external_tables {
        made.insert(table.name.key());
        if table.sign_ins.iter().any(is_filled_in) {
            untold.insert((Usage::ExternalTable, table.setting.script.case));
        }
    }
    let once = facts
        .table_exports
        .iter()
        .map(|export| (Some(&export.table), &export.setting));
    let again = facts
        .exports
        .iter()
        .map(|export| (export.table.as_ref(), &export.setting));
    for (table, setting) in once.chain(again) {
        if table.is_some_and(|table| !made.contains(table.key())) {
            untold.insert((Usage::ExternalTable, setting.script.case));
        }
    }
    for possible in &facts.possible_uses {
        if possible.table.as_ref().is_none_or(|table| !made.contains(table.key())) {
            let usages = USAGES.iter().map(|(usage, _)| *usage);
            let may_be = |usage: &Usage| match possible.usage {
                Some(one) => one == *usage,
                None => !matches!(usage, Usage::DataConnection | Usage::AutomatedFlows),
            };
            untold.extend(usages.filter(may_be).map(|usage| (usage, possible.case)));
        }
    }
    untold
}

/// What two identities share unless they are certainly two; nothing for one that may be another.
fn of_identity(identity: &Identity) -> String {
    match identity {
        Identity::System(_) => "system".to_owned(),
        Identity::Object(id) => id.clone(),
        Identity::UserAssigned(_) | Identity::Client(_) | Identity::Symbol(_) | Identity::Malformed => String::new(),
    }
}

/// The same for the name of a database.
fn of_name(name: Option<&Name>) -> String {
    name.filter(|name| name.is_known())
        .map_or_else(String::new, |name| name.key().to_owned())
}
