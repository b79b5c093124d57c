//! Which vault and which key encrypts which cluster.

use std::collections::{BTreeMap, BTreeSet};

use super::Workspace;
use crate::facts::{Case, Cluster, ClusterKey, Condition, Facts, Key, Name, Vault};

/// What a vault or key is to the clusters of the workspace.
#[derive(Debug)]
pub enum Holder<'f> {
    /// It encrypts this cluster.
    Encrypts(&'f Cluster, &'f ClusterKey),
    /// This cluster has a customer-managed key, and it can't be told which.
    MayEncrypt(&'f Cluster, &'f ClusterKey),
    /// Clusters are encrypted with others.
    Unused,
    /// No cluster of the workspace has a customer-managed key.
    NoClusterInSight,
}

impl Holder<'_> {
    /// What the cluster's key asks for beyond `taken`, which is taken for granted.
    #[must_use]
    pub fn condition(&self, taken: &Condition) -> Condition {
        match self {
            Self::Encrypts(_, key) | Self::MayEncrypt(_, key) => key.when.without(taken),
            Self::Unused | Self::NoClusterInSight => Condition::default(),
        }
    }
}

/// The keys of clusters, by the name of their vault.
#[derive(Debug, Default)]
pub(super) struct Encryption {
    by_vault: BTreeMap<String, Vec<(usize, usize)>>,
    /// Keys whose vault can't be told, by the folder of their cluster.
    untold: BTreeMap<String, Vec<(usize, usize)>>,
    /// The vaults that templates declare, by the key of their name.
    declared: BTreeSet<(Case, String)>,
}

impl Encryption {
    pub(super) fn of(facts: &Facts, folders: &BTreeMap<u32, String>) -> Self {
        let mut encryption = Self::default();
        let vaults: BTreeSet<_> = facts
            .vaults
            .iter()
            .map(|vault| (vault.case.file, vault.name.key()))
            .collect();
        let declared = facts.vaults.iter();
        encryption.declared = declared
            .map(|vault| (vault.case, vault.name.key().to_owned()))
            .collect();
        let is_told = |name: &Name, file| name.is_known() || vaults.contains(&(file, name.key()));
        for (index, cluster) in facts.clusters.iter().enumerate() {
            for (key_index, key) in cluster.keys.iter().enumerate() {
                let found = (index, key_index);
                if let Some(vault) = &key.vault {
                    let named = encryption.by_vault.entry(vault.key().to_owned()).or_default();
                    named.push(found);
                }
                if !key.vault.as_ref().is_some_and(|name| is_told(name, cluster.case.file)) {
                    let folder = folders.get(&cluster.case.file.0).cloned().unwrap_or_default();
                    encryption.untold.entry(folder).or_default().push(found);
                }
            }
        }
        encryption
    }
}

/// Evaluations of one vault that are joined with one key; only hostile input has more.
const MOST_VAULTS: usize = 64;

impl Workspace {
    /// What a vault is to the clusters of the workspace.
    #[must_use]
    pub fn holder_of_vault(&self, vault: &Vault) -> Holder<'_> {
        let together = |used: &ClusterKey| used.when.and(&vault.when).is_some();
        let named = self.named(&vault.name, vault.case).find(|(_, used)| together(used));
        if let Some((cluster, key)) = named {
            return Holder::Encrypts(cluster, key);
        }
        let mut untold = self.untold(vault.case).take_while(|_| self.comparisons.may(vault.at));
        let may = |used: &ClusterKey| used.vault.as_ref().is_none_or(|name| !name.is_not(&vault.name));
        match untold.find(|(_, used)| together(used) && may(used)) {
            Some((cluster, key)) => Holder::MayEncrypt(cluster, key),
            None => self.elsewhere(),
        }
    }

    /// What a key is to the clusters of the workspace.
    #[must_use]
    pub fn holder_of_key(&self, key: &Key) -> Holder<'_> {
        let mut may = None;
        let together = |used: &ClusterKey| used.when.and(&key.when).is_some();
        let named = self.named(&key.vault, key.case).filter(|(_, used)| together(used));
        for (cluster, used) in named.take_while(|_| self.comparisons.may(key.at)) {
            match &used.key {
                Some(name) if name.is(&key.name) => return Holder::Encrypts(cluster, used),
                Some(name) if name.is_not(&key.name) => {}
                _ => may = may.or(Some((cluster, used))),
            }
        }
        let possible = |used: &ClusterKey| {
            together(used)
                && used.vault.as_ref().is_none_or(|name| !name.is_not(&key.vault))
                && used.key.as_ref().is_none_or(|name| !name.is_not(&key.name))
        };
        let untold = || {
            self.untold(key.case)
                .take_while(|_| self.comparisons.may(key.at))
                .find(|(_, used)| possible(used))
        };
        match may.or_else(untold) {
            Some((cluster, used)) => Holder::MayEncrypt(cluster, used),
            None => self.elsewhere(),
        }
    }

    /// The vault of the files that holds the key of a cluster, in each of its evaluations: of the same template, or of
    /// the only file that declares it in the same folder, around or inside of it.
    #[must_use]
    pub fn vaults_of(&self, cluster: &Cluster, key: &ClusterKey) -> Vec<&Vault> {
        let Some(name) = &key.vault else { return Vec::new() };
        let holds = |vault: &&Vault| {
            vault.name.is(name)
                && vault.case.joins(cluster.case)
                && (name.is_known() || vault.case.file == cluster.case.file)
                && self.is_near(vault.case.file, cluster.case.file)
                && vault.when.and(&key.when).is_some()
        };
        let vaults = self.facts.vaults.iter();
        let mut found: Vec<_> = vaults
            .take_while(|_| self.comparisons.may(key.at))
            .filter(holds)
            .collect();
        if found.iter().any(|vault| vault.case == cluster.case) {
            found.retain(|vault| vault.case == cluster.case);
        }
        let files: BTreeSet<_> = found.iter().map(|vault| vault.case.file).collect();
        if files.len() > 1 {
            found.clear();
        }
        found.truncate(MOST_VAULTS);
        found
    }

    /// Whether what stands in `case` and names a vault is about this one: it is in the same template, or in one near it
    /// that has no vault of that name itself.
    pub(super) fn is_about(&self, name: &Name, case: Case, vault: &Vault) -> bool {
        name.is(&vault.name)
            && (case == vault.case
                || name.is_known()
                    && case.joins(vault.case)
                    && self.is_near(case.file, vault.case.file)
                    && !self.encryption.declared.contains(&(case, name.key().to_owned())))
    }

    fn elsewhere(&self) -> Holder<'_> {
        let none = self.encryption.by_vault.is_empty() && self.encryption.untold.is_empty();
        if none { Holder::NoClusterInSight } else { Holder::Unused }
    }

    /// The cluster keys in the vault of that name. A name that is not wholly known is the same only within one
    /// file: `uniqueString(resourceGroup().id)` differs from deployment to deployment.
    fn named(&self, vault: &Name, case: Case) -> impl Iterator<Item = (&Cluster, &ClusterKey)> {
        let found = self
            .encryption
            .by_vault
            .get(vault.key())
            .map(Vec::as_slice)
            .unwrap_or_default();
        let known = vault.is_known();
        found
            .iter()
            .filter_map(|found| self.cluster_key(*found))
            .filter(move |(cluster, _)| cluster.case.joins(case) && (known || cluster.case.file == case.file))
    }

    /// The cluster keys whose vault can't be told, of clusters that stand in the same folder: a vault
    /// far away is not theirs for want of knowledge.
    fn untold(&self, case: Case) -> impl Iterator<Item = (&Cluster, &ClusterKey)> {
        let folder = self.folders.get(&case.file.0);
        let found = folder.and_then(|folder| self.encryption.untold.get(folder));
        found
            .into_iter()
            .flatten()
            .filter_map(|found| self.cluster_key(*found))
            .filter(move |(cluster, _)| cluster.case.joins(case))
    }

    fn cluster_key(&self, (cluster, key): (usize, usize)) -> Option<(&Cluster, &ClusterKey)> {
        let cluster = self.facts.clusters.get(cluster)?;
        Some((cluster, cluster.keys.get(key)?))
    }
}
