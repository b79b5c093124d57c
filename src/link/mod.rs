//! Joins the facts of all files: which policy allows what at which point, which vault holds the key of
//! which cluster, which identities work for Kusto.

mod assignment;
mod automation;
mod binding;
mod comparisons;
mod encryption;
mod flawed;
mod grant;
mod granted;
mod key_access;
mod lateness;
mod mismatch;
mod naming;
mod principal;
mod secret;
mod timeline;
mod unused;
mod viewer;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Config;
use crate::facts::{Case, Facts, Identity, PolicyCommand, PolicyEntry, Same, SecretFound};
use crate::service::Usage;
use crate::text::FileSpan;

pub use assignment::{Assigned, Foreign};
pub use automation::Reading;
pub use encryption::Holder;
pub use grant::{Held, Question};
pub use granted::is_granted_elsewhere;
pub use key_access::{KeyAccess, KeyReader, Lack};
pub use mismatch::{Mismatch, Misplaced, needed};
pub use secret::each_once;
pub use timeline::{Entry, Lost, Verdict};
pub use unused::Unused;
pub use write::Write;

/// The facts of a run and their joins.
#[derive(Debug)]
pub struct Workspace {
    /// All facts, in the order of their files.
    pub facts: Facts,
    /// What the user has set.
    pub config: Config,
    naming: naming::Naming,
    /// What the configuration says to be given elsewhere. Rules do not judge it: joins find it.
    granted: Facts,
    comparisons: comparisons::Comparisons,
    timeline: timeline::Timeline,
    encryption: encryption::Encryption,
    principals: principal::Principals,
    secrets: Vec<SecretFound>,
    /// Folder of each file, by the number of its id.
    folders: BTreeMap<u32, String>,
}

impl Workspace {
    /// Joins facts, with the identities and what they are given as the configuration says. `folders` names the folder of each file by the number of its id.
    #[must_use]
    pub fn link(mut facts: Facts, folders: BTreeMap<u32, String>, config: Config) -> Self {
        let naming = naming::Naming::of(&config.identities);
        naming.apply(&mut facts);
        let granted = granted::facts_of(&config.granted, &naming);
        let timeline = timeline::Timeline::of(&facts);
        let encryption = encryption::Encryption::of(&facts, &folders);
        let principals = principal::Principals::of(&facts);
        let secrets = each_once(std::mem::take(&mut facts.secrets));
        Self {
            facts,
            secrets,
            config,
            naming,
            granted,
            comparisons: comparisons::Comparisons::default(),
            timeline,
            encryption,
            principals,
            folders,
        }
    }

    /// The entries of all policies, each with the command that sets it.
    pub fn entries(&self) -> impl Iterator<Item = (&PolicyCommand, &PolicyEntry)> {
        self.facts.policies.iter().flat_map(|command| {
            let entries = command.entries.iter().flatten();
            entries.map(move |entry| (command, entry))
        })
    }

    /// The secrets in the files, each once.
    #[must_use]
    pub fn secrets(&self) -> &[SecretFound] {
        &self.secrets
    }

    /// The usages of the flows in which the files use an identity, in the order of their names.
    #[must_use]
    pub fn usages_of(&self, identity: &Identity, case: Case) -> Vec<Usage> {
        let run = self.facts.uses.iter().filter(|used| used.script.is_run());
        let here = run
            .take_while(|used| self.comparisons.may(used.at))
            .filter(|used| used.script.case.joins(case) && used.identity.identity.same(identity) == Same::Yes);
        here.filter_map(|used| used.flow.usage())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect()
    }

    /// Whether the files set up clusters: a template declares one, or a command sets a policy that clusters have.
    #[must_use]
    pub fn sets_up_clusters(&self) -> bool {
        let mut policies = self.facts.policies.iter();
        !self.facts.clusters.is_empty()
            || !self.facts.callouts.is_empty()
            || policies.any(|command| command.script.is_run())
    }

    /// The fact at which the joins gave up, if the facts were too many to compare them all.
    #[must_use]
    pub fn gave_up_at(&self) -> Option<FileSpan> {
        self.comparisons.used_up()
    }
}
