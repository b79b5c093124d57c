//! Commands on managed identity policies.

use super::{Condition, IdentityRef, Name, ScriptId};
use crate::service::{USAGES, Usage};
use crate::text::{Editable, FileSpan, nearest};

/// What a command does to a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyAction {
    /// `.alter`: replaces the whole policy of the level.
    Replace,
    /// `.alter-merge`: adds to it.
    Merge,
    /// `.delete`: clears it.
    Delete,
}

/// Where a policy is set.
#[derive(Clone, Debug)]
pub enum Level {
    /// On the cluster.
    Cluster,
    /// On a database: the named one, or the one in context.
    Database(Option<Name>),
}

/// A command that changes a managed identity policy.
#[derive(Clone, Debug)]
pub struct PolicyCommand {
    /// What it does.
    pub action: PolicyAction,
    /// Where the policy is set.
    pub level: Level,
    /// The words that name the level.
    pub level_at: FileSpan,
    /// The cluster on which the script runs, if the files say so.
    pub cluster: Option<Name>,
    /// The entries of the payload; `None` when the payload could not be read.
    pub entries: Option<Vec<PolicyEntry>>,
    /// What the service refuses in the payload.
    pub flaws: Vec<PolicyFlaw>,
    /// The command's verb.
    pub at: FileSpan,
    /// The verb, where it can be written anew.
    pub verb: Option<Editable>,
    /// When it runs.
    pub when: Condition,
    /// The script it stands in.
    pub script: ScriptId,
    /// Its place in the order of that script.
    pub order: u32,
}

/// Something in the payload of a policy that the service refuses.
#[derive(Clone, Debug)]
pub struct PolicyFlaw {
    /// What it is.
    pub kind: FlawKind,
    /// The characters that are wrong.
    pub at: FileSpan,
}

/// What can be wrong with the payload of a policy.
///
/// Source: managed-identity-policy.md, 11/12/2024, and the grammar of the commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlawKind {
    /// The payload is no string literal.
    NoString,
    /// The text is not JSON; what is expected at that place.
    NoJson(String),
    /// The text is JSON, and no list of objects; what stands there instead.
    NoList(&'static str),
    /// An element of the list is no object; what it is instead.
    NoObject(&'static str),
    /// An entry has no `ObjectId`.
    NoObjectId,
    /// `ObjectId` is neither an object id nor `system`.
    NoId(String),
    /// An entry has no `AllowedUsages`.
    NoUsages,
    /// `AllowedUsages` is no text; the text that it stands for, if it is a list of words.
    UsagesNoText(Option<String>),
}

/// One object of a policy's payload.
#[derive(Clone, Debug)]
pub struct PolicyEntry {
    /// The identity; `None` without an `ObjectId` that is a text.
    pub identity: Option<IdentityRef>,
    /// The words of `AllowedUsages`.
    pub usages: Vec<UsageWord>,
    /// Whether all words are known; otherwise more may be allowed than `usages` says.
    pub complete: bool,
    /// The text of `AllowedUsages`, or the whole entry without one.
    pub at: FileSpan,
    /// The place after the last word, where another one can be added, with the commas that stand there for none.
    pub end: Option<Editable>,
}

/// One word of `AllowedUsages`.
#[derive(Clone, Debug)]
pub struct UsageWord {
    /// The usage, if it is one.
    pub usage: Option<Usage>,
    /// The word as written.
    pub word: String,
    /// Its characters.
    pub at: FileSpan,
    /// The word, where it can be written anew.
    pub editable: Option<Editable>,
    /// The word with the comma before it, where both can be left out.
    pub with_comma: Option<Editable>,
}

/// A longer word is no slip of the pen.
const LONGEST_WORD: usize = 64;

impl UsageWord {
    /// The words between which something else than a comma stands.
    #[must_use]
    pub fn parts(&self) -> Vec<&str> {
        let parts = self.word.split([';', '|', ' ']);
        parts.filter(|part| !part.is_empty()).collect()
    }

    /// What each of its parts probably means: a usage, or the one whose name is close.
    pub fn meant(&self) -> impl Iterator<Item = Usage> {
        let parts = if self.word.len() > LONGEST_WORD {
            Vec::new()
        } else {
            self.parts()
        };
        let meant = |part| nearest(part, USAGES.map(|(_, name)| name)).and_then(Usage::named);
        parts.into_iter().filter_map(meant)
    }
}

impl PolicyEntry {
    /// Whether the entry certainly allows `usage`.
    #[must_use]
    pub fn allows(&self, usage: Usage) -> bool {
        self.usages
            .iter()
            .any(|word| word.usage.is_some_and(|granted| granted.allows(usage)))
    }
}
