//! Keys of one vault, of which a cluster that names its key at the deployment may read any.

use crate::diagnostic::Findings;
use crate::facts::{Key, Known, Possible};
use crate::link::{Holder, Workspace};
use crate::service::{Acceptance, DAY_OF_DOCUMENTS, KEY_OPERATIONS, acceptance_of_kind, acceptance_of_size};

/// Whether a key that is not fit for a cluster stands beside one that is, and the cluster may read either: the unfit
/// one may be for signatures, or an old one. It is left undecided then.
pub(super) fn is_for_another(workspace: &Workspace, key: &Key, holder: &Holder<'_>, out: &mut Findings) -> bool {
    let Holder::MayEncrypt(_, used) = holder else {
        return false;
    };
    let may_be_read = |other: &&Key| {
        other.vault.is(&key.vault)
            && !other.name.is(&key.name)
            && other.case.joins(key.case)
            && (key.vault.is_known() || other.case.file == key.case.file)
            && other.when.and(&used.when).is_some()
            && used.key.as_ref().is_none_or(|name| !name.is_not(&other.name))
    };
    if is_fit(key) {
        return false;
    }
    let keys = workspace.facts.keys.iter();
    let mut others = keys.take_while(|_| workspace.may_compare(key.at)).filter(may_be_read);
    let found = others.any(is_fit);
    if found {
        out.leave_undecided(key.at, "the cluster may read another key of the vault");
    }
    found
}

/// Whether nothing that is known of a key speaks against it.
fn is_fit(key: &Key) -> bool {
    fn never<T>(values: &[Possible<T>], bad: impl Fn(&T) -> bool) -> bool {
        values
            .iter()
            .all(|value| !matches!(&value.value, Known::Value(known) if bad(known)))
    }
    let lacks = |words: &Vec<String>| {
        KEY_OPERATIONS
            .iter()
            .any(|wanted| words.iter().all(|word| word != wanted))
    };
    never(&key.operations, lacks)
        && never(&key.enabled, |enabled| !enabled)
        && never(&key.expires, |end| *end < DAY_OF_DOCUMENTS)
        && never(&key.kind, |kind| acceptance_of_kind(kind) == Acceptance::Never)
        && never(&key.size, |bits| acceptance_of_size(*bits) == Acceptance::Never)
}
