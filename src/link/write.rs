//! What identities write to storage: exports, and tables over storage that exports fill.

use std::collections::BTreeMap;

use super::Workspace;
use crate::facts::{Condition, ExternalTable, IdentityRef, IdentityUse, Known, Name, ScriptId, Setting, SignIn};
use crate::service::Flow;
use crate::text::FileSpan;

/// An identity that writes to a storage account.
#[derive(Debug)]
pub struct Write<'f> {
    /// The identity.
    pub identity: &'f IdentityRef,
    /// The account.
    pub account: &'f Name,
    /// What makes it write: an export's name, the string that an export writes to.
    pub at: FileSpan,
    /// What that is, for a sentence.
    pub by: &'static str,
    /// The script that it stands in.
    pub script: ScriptId,
    /// When it writes.
    pub when: Condition,
    /// Whether the export certainly fills the table that is meant.
    pub certain: bool,
}

/// An export to an external table.
struct Filled<'f> {
    table: &'f Name,
    runs_as: Option<&'f IdentityRef>,
    by: &'static str,
    at: FileSpan,
    setting: &'f Setting,
}

impl Workspace {
    /// What identities write to storage accounts, in the order of the facts.
    #[must_use]
    pub fn writes(&self) -> Vec<Write<'_>> {
        let mut writes = Vec::new();
        let mut of_tables: BTreeMap<(ScriptId, u32), Vec<&IdentityUse>> = BTreeMap::new();
        for used in self.facts.uses.iter().filter(|used| used.script.is_run()) {
            match (used.flow, &used.account) {
                (Flow::ExportToStorage, Some(account)) => writes.push(Write {
                    identity: &used.identity,
                    account,
                    at: used.at,
                    by: used.flow.row().title,
                    script: used.script,
                    when: used.when.clone(),
                    certain: true,
                }),
                (Flow::ExternalTable, Some(_)) => of_tables.entry((used.script, used.order)).or_default().push(used),
                _ => {}
            }
        }
        for filled in self.filled() {
            let mut here = self
                .facts
                .external_tables
                .iter()
                .take_while(|_| self.comparisons.may(filled.at));
            let meant = |table: &&ExternalTable| table.name.is(filled.table) && table.setting.joins(filled.setting);
            let Some(table) = here.by_ref().find(meant) else {
                continue;
            };
            let Some(when) = table.setting.when.and(&filled.setting.when) else {
                continue;
            };
            let write = |identity, account| Write {
                identity,
                account,
                at: filled.at,
                by: filled.by,
                script: filled.setting.script,
                when: when.clone(),
                certain: table.setting.is_one_with(filled.setting),
            };
            // The identity in the table's own string writes; a string that impersonates leaves it to the export's.
            let own = of_tables.get(&(table.setting.script, table.setting.order));
            let of_own = |used: &&'_ IdentityUse| used.account.is_some();
            for used in own.into_iter().flatten().copied().filter(of_own) {
                writes.extend(used.account.as_ref().map(|account| write(&used.identity, account)));
            }
            let impersonates = table
                .sign_ins
                .iter()
                .all(|(sign_in, _)| *sign_in == SignIn::Impersonation);
            if let Some(identity) = filled.runs_as.filter(|_| impersonates && !table.sign_ins.is_empty()) {
                writes.extend(table.accounts.iter().map(|account| write(identity, account)));
            }
        }
        writes
    }

    /// The exports to external tables.
    fn filled(&self) -> impl Iterator<Item = Filled<'_>> {
        let continuous = self.facts.exports.iter().filter_map(|export| {
            Some(Filled {
                table: export.table.as_ref()?,
                runs_as: match &export.identity {
                    Known::Value(identity) => Some(identity),
                    Known::Absent | Known::Unknown(_) => None,
                },
                by: "a continuous export",
                at: export.at,
                setting: &export.setting,
            })
        });
        let once = self.facts.table_exports.iter().map(|export| Filled {
            table: &export.table,
            runs_as: None,
            by: "`.export` to an external table",
            at: export.at,
            setting: &export.setting,
        });
        continuous.chain(once)
    }
}
