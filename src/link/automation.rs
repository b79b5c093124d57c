//! What runs by itself: which tables, functions and databases it reaches.

use std::collections::{BTreeMap, BTreeSet};

use super::Workspace;
use crate::facts::{ExternalTable, Function, Name, Reads, RowSecurity, ScriptId, Setting, SignIn};
use crate::text::FileSpan;

/// Stored functions that are followed from one query; more are no query that people write.
const MOST_FUNCTIONS: usize = 64;

/// What a query reads by itself, or by a stored function.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'f> {
    /// What is read.
    pub reads: &'f Reads,
    /// The function whose body reads it; `None` for the query itself.
    pub by: Option<&'f Function>,
}

impl Workspace {
    /// The external tables that a name may mean for a command: the one that its own script makes last, or those that
    /// other scripts make.
    #[must_use]
    pub fn external_tables(&self, name: &Name, setting: &Setting, at: FileSpan) -> Vec<&ExternalTable> {
        let tables = self
            .facts
            .external_tables
            .iter()
            .take_while(|_| self.comparisons.may(at));
        let named: Vec<_> = tables
            .filter(|table| table.name.is(name) && table.setting.joins(setting))
            .collect();
        let own = named.iter().filter(|table| table.setting.script == setting.script);
        match own.max_by_key(|table| table.setting.order) {
            // Others may be meant once the comparisons are used up.
            _ if self.gave_up_at().is_some() => Vec::new(),
            Some(own) => vec![own],
            None => named,
        }
    }

    /// Where the external table of a name says that it impersonates whoever reads it; `None` as soon as one of the
    /// tables that may be meant does not. Whether the tables are certainly those of the command's database.
    #[must_use]
    pub fn impersonates(&self, name: &Name, setting: &Setting, at: FileSpan) -> Option<(FileSpan, bool)> {
        let tables = self.external_tables(name, setting, at);
        let said: Option<Vec<FileSpan>> = tables
            .iter()
            .map(|table| table.signs_in(|how| how == SignIn::Impersonation))
            .collect();
        let certain = tables.iter().all(|table| table.setting.is_one_with(setting));
        said?.first().map(|at| (*at, certain))
    }

    /// What a query reads, and what the stored functions read that it calls, by way of others too.
    #[must_use]
    pub fn readings<'w>(&'w self, reads: &'w Reads, setting: &Setting, at: FileSpan) -> Vec<Reading<'w>> {
        let mut found = vec![Reading { reads, by: None }];
        let mut next = 0;
        while let Some(reading) = found.get(next).copied() {
            next += 1;
            for function in &self.facts.functions {
                if found.len() > MOST_FUNCTIONS || !self.comparisons.may(at) {
                    return found;
                }
                let known = |known: &Reading<'_>| known.by.is_some_and(|by| std::ptr::eq(by, function));
                if reading.reads.calls(&function.name) && function.setting.joins(setting) && !found.iter().any(known) {
                    found.push(Reading {
                        reads: &function.reads,
                        by: Some(function),
                    });
                }
            }
        }
        found
    }

    /// The row level security of a table that is read, if it is certainly on at the end of every script that sets it.
    #[must_use]
    pub fn row_security(&self, reads: &Reads, setting: &Setting, at: FileSpan) -> Option<&RowSecurity> {
        let policies = self
            .facts
            .row_securities
            .iter()
            .take_while(|_| self.comparisons.may(at));
        let mut last: BTreeMap<(&str, ScriptId), &RowSecurity> = BTreeMap::new();
        for policy in policies.filter(|policy| reads.names(&policy.table) && policy.setting.joins(setting)) {
            let known = last
                .entry((policy.table.key(), policy.setting.script))
                .or_insert(policy);
            if known.setting.order <= policy.setting.order {
                *known = policy;
            }
        }
        if self.gave_up_at().is_some() {
            return None;
        }
        let off: BTreeSet<_> = last
            .iter()
            .filter(|(_, policy)| !policy.enabled)
            .map(|((table, _), _)| *table)
            .collect();
        last.iter()
            .find(|((table, _), _)| !off.contains(table))
            .map(|(_, policy)| *policy)
    }
}

impl ExternalTable {
    /// Where one of its connection strings signs in in such a way.
    #[must_use]
    pub fn signs_in(&self, wanted: impl Fn(SignIn) -> bool) -> Option<FileSpan> {
        let found = self.sign_ins.iter().find(|(how, _)| wanted(*how));
        found.map(|(_, at)| *at)
    }
}

impl Reads {
    /// Whether the query reads a table of that name. Names of tables and functions differ by letter case.
    #[must_use]
    pub fn names(&self, name: &Name) -> bool {
        name.is_known() && self.words.binary_search(&name.to_string()).is_ok()
    }

    /// Whether the query calls a function of that name: a word alone may be a column.
    #[must_use]
    pub fn calls(&self, name: &Name) -> bool {
        name.is_known() && self.calls.binary_search(&name.to_string()).is_ok()
    }
}
