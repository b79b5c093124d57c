//! Which vault and which key encrypts which cluster.

use std::collections::BTreeMap;

use super::Workspace;
use crate::facts::{Case, Cluster, ClusterKey, Facts, Key, Vault};

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

/// The keys of clusters, by the name of their vault.
#[derive(Debug, Default)]
pub(super) struct Encryption {
    by_vault: BTreeMap<String, Vec<(usize, usize)>>,
    /// Keys whose vault can't be told, by the folder of their cluster.
    untold: BTreeMap<String, Vec<(usize, usize)>>,
}

impl Encryption {
    pub(super) fn of(facts: &Facts, folders: &BTreeMap<u32, String>) -> Self {
        let mut encryption = Self::default();
        for (index, cluster) in facts.clusters.iter().enumerate() {
            for (key_index, key) in cluster.keys.iter().enumerate() {
                match &key.vault {
                    Some(vault) => encryption
                        .by_vault
                        .entry(vault.key().to_owned())
                        .or_default()
                        .push((index, key_index)),
                    None => encryption
                        .untold
                        .entry(folders.get(&cluster.case.file.0).cloned().unwrap_or_default())
                        .or_default()
                        .push((index, key_index)),
                }
            }
        }
        encryption
    }
}

impl Workspace {
    /// What a vault is to the clusters of the workspace.
    #[must_use]
    pub fn holder_of_vault(&self, vault: &Vault) -> Holder<'_> {
        let named = self.named(vault.name.key(), vault.case).next();
        match named.or_else(|| self.untold(vault.case).next()) {
            Some((cluster, key)) if key.vault.is_some() => Holder::Encrypts(cluster, key),
            Some((cluster, key)) => Holder::MayEncrypt(cluster, key),
            None => self.elsewhere(),
        }
    }

    /// What a key is to the clusters of the workspace.
    #[must_use]
    pub fn holder_of_key(&self, key: &Key) -> Holder<'_> {
        let mut may = None;
        let named = self.named(key.vault.key(), key.case);
        for (cluster, used) in named.take_while(|_| self.comparisons.may(key.at)) {
            match &used.key {
                Some(name) if name.is(&key.name) => return Holder::Encrypts(cluster, used),
                Some(name) if name.is_not(&key.name) => {}
                _ => may = may.or(Some((cluster, used))),
            }
        }
        let untold = || {
            self.untold(key.case)
                .take_while(|_| self.comparisons.may(key.at))
                .find(|(_, used)| used.key.as_ref().is_none_or(|name| !name.is_not(&key.name)))
        };
        match may.or_else(untold) {
            Some((cluster, used)) => Holder::MayEncrypt(cluster, used),
            None => self.elsewhere(),
        }
    }

    fn elsewhere(&self) -> Holder<'_> {
        let none = self.encryption.by_vault.is_empty() && self.encryption.untold.is_empty();
        if none { Holder::NoClusterInSight } else { Holder::Unused }
    }

    /// The cluster keys in the vault of that name.
    fn named(&self, vault: &str, case: Case) -> impl Iterator<Item = (&Cluster, &ClusterKey)> {
        let found = self
            .encryption
            .by_vault
            .get(vault)
            .map(Vec::as_slice)
            .unwrap_or_default();
        found
            .iter()
            .filter_map(|found| self.cluster_key(*found))
            .filter(move |(cluster, _)| cluster.case.joins(case))
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
