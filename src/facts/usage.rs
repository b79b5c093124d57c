//! Uses of managed identities.

use super::{Case, IdentityRef, Name, ScriptId};
use crate::arm::value::Condition;
use crate::service::{Flow, Usage};
use crate::text::FileSpan;

/// A place where the service is asked to act as an identity.
#[derive(Clone, Debug)]
pub struct IdentityUse {
    /// What it does as the identity.
    pub flow: Flow,
    /// The identity.
    pub identity: IdentityRef,
    /// The characters that ask for it: `managed_identity=system`.
    pub at: FileSpan,
    /// The database in which it happens, if the files say so.
    pub database: Option<Name>,
    /// The cluster on which it happens, if the files say so.
    pub cluster: Option<Name>,
    /// The storage account that it reaches, if the string names one.
    pub account: Option<Name>,
    /// The script it stands in.
    pub script: ScriptId,
    /// Its place in the order of that script.
    pub order: u32,
    /// When it happens.
    pub when: Condition,
}

/// Something that may work as an identity, without the files telling as which one.
#[derive(Clone, Debug)]
pub struct PossibleUse {
    /// The usage that it would need; `None` for any that strings for storage have.
    pub usage: Option<Usage>,
    /// The external table through which it works, if it does: a use only where the files don't make that table.
    pub table: Option<Name>,
    /// The characters that tell of it.
    pub at: FileSpan,
    /// Where it was read.
    pub case: Case,
}
