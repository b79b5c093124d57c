//! Joins the facts of all files: which policy allows what at which point, which vault holds the key of
//! which cluster, which identities work for Kusto.

mod comparisons;
mod encryption;
mod principal;
mod timeline;

use std::collections::BTreeMap;

use crate::facts::Facts;
use crate::text::FileSpan;

pub use encryption::Holder;
pub use timeline::{Entry, Verdict};

/// The facts of a run and their joins.
#[derive(Debug)]
pub struct Workspace {
    /// All facts, in the order of their files.
    pub facts: Facts,
    comparisons: comparisons::Comparisons,
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
        let encryption = encryption::Encryption::of(&facts, &folders);
        let principals = principal::Principals::of(&facts);
        Self {
            facts,
            comparisons: comparisons::Comparisons::default(),
            timeline,
            encryption,
            principals,
            folders,
        }
    }

    /// The fact at which the joins gave up, if the facts were too many to compare them all.
    #[must_use]
    pub fn gave_up_at(&self) -> Option<FileSpan> {
        self.comparisons.used_up()
    }
}
