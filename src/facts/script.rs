//! Scripts that a deployment runs: `Microsoft.Kusto/clusters/databases/scripts`.

use super::{Condition, Known, Name, Possible, ScriptId};
use crate::diagnostic::Diagnostic;
use crate::text::{Editable, FileSpan};

/// What a script resource may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptLevel {
    /// Commands of its database.
    Database,
    /// Commands of the cluster.
    Cluster,
}

/// A command right in the text of a script resource.
#[derive(Clone, Debug)]
pub struct ScriptCommand {
    /// Its first word, without the dot.
    pub verb: String,
    /// Whether it is about the cluster.
    pub of_cluster: bool,
    /// Whether it changes a managed identity policy.
    pub sets_identities: bool,
    /// What the resource may run.
    pub level: Known<ScriptLevel>,
    /// Whether the resource goes on after an error: the value of `continueOnErrors`, and its place.
    pub goes_on: (Known<bool>, FileSpan),
    /// The command's words up to what it is about: `.alter-merge cluster policy`.
    pub at: FileSpan,
    /// When it runs.
    pub when: Condition,
    /// The script.
    pub script: ScriptId,
}

/// Where a script resource takes its text from.
#[derive(Clone, Debug)]
pub struct ScriptSource {
    /// The name of the script.
    pub name: Name,
    /// The name of the member `properties`.
    pub at: FileSpan,
    /// `scriptContent`, if it is there.
    pub content: Option<FileSpan>,
    /// `scriptUrl`, if it is there.
    pub url: Option<FileSpan>,
    /// `scriptUrlSasToken`, if it is there.
    pub token: Option<ScriptToken>,
    /// Whether neither a token nor `managedIdentityResourceId` is there: nothing opens what `scriptUrl` names.
    pub needs_token: bool,
    /// When it is deployed.
    pub when: Condition,
    /// The template.
    pub case: super::Case,
}

/// The shared access signature that opens the blob of a script.
#[derive(Clone, Debug)]
pub struct ScriptToken {
    /// Its value.
    pub at: FileSpan,
    /// Where it comes from.
    pub from: TokenFrom,
    /// How it got to its place.
    pub given: Possible<TokenFrom>,
    /// Whether it is there for certain: a parameter may be given an empty text.
    pub certain: bool,
}

impl ScriptToken {
    /// Adds to a finding where the token comes from, and by which way.
    #[must_use]
    pub fn traced(&self, finding: Diagnostic) -> Diagnostic {
        self.given.traced(finding, "the token")
    }
}

/// Where a shared access signature comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFrom {
    /// It is written in the files.
    Text,
    /// A parameter of a type that is no secret: its value is kept in the history of deployments.
    OpenParameter,
    /// A parameter of a secret type, a key vault, or a function that makes it.
    Elsewhere,
}

/// Two script resources of one cluster that a deployment may run at the same time.
#[derive(Clone, Debug)]
pub struct ParallelScripts {
    /// The cluster.
    pub cluster: Name,
    /// The name of the later one in the text.
    pub at: FileSpan,
    /// Its name.
    pub name: Name,
    /// The name of the other one; that of the later one itself for rounds of one loop.
    pub beside: FileSpan,
    /// The other one's name.
    pub beside_name: Name,
    /// Where the later one can be told to wait, and what to write there.
    pub waits: Option<(Editable, String)>,
    /// When both are deployed.
    pub when: Condition,
    /// The template.
    pub case: super::Case,
}

/// The script resources of one cluster in one template.
#[derive(Clone, Debug)]
pub struct ScriptCount {
    /// The cluster.
    pub cluster: Name,
    /// How many there are for certain.
    pub count: usize,
    /// The name of the first one that is too many.
    pub at: FileSpan,
    /// The template.
    pub case: super::Case,
}
