//! Joins the facts of all files: which policy allows what at which point, which vault holds the key of
//! which cluster, which identities work for Kusto.

mod encryption;
mod principal;
mod timeline;

use std::collections::BTreeMap;

use crate::facts::Facts;

pub use encryption::Holder;
pub use timeline::{Entry, Verdict};

/// The facts of a run and their joins.
#[derive(Debug)]
pub struct Workspace {
    /// All facts, in the order of their files.
    pub facts: Facts,
    timeline: timeline::Timeline,
    encryption: encryption::Encryption,
    principals: principal::Principals,
    /// Folder of each file, by the number of its id.
    folders: BTreeMap<u32, String>,
}

impl Workspace {
    /// Joins facts. `folders` names the folder of each file by the number of its id.
    #[must_use]
    pub fn link(facts: Facts, folders: BTreeMap<u32, String>) -> Self {
        let timeline = timeline::Timeline::of(&facts);
        let encryption = encryption::Encryption::of(&facts);
        let principals = principal::Principals::of(&facts);
        Self {
            facts,
            timeline,
            encryption,
            principals,
            folders,
        }
    }
}
