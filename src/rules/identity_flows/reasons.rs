//! Why something that runs by itself must have an identity: what its query reads.

use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::{Function, Identity, IdentityRef, Known, Name, Reads, Setting};
use crate::link::Workspace;
use crate::text::FileSpan;

/// Reasons that a finding shows.
const MOST: usize = 4;

/// Why there must be an identity.
pub(super) struct Reason {
    /// How certain it is.
    pub(super) severity: Severity,
    /// The end of the sentence "… has no `ManagedIdentity`, but".
    pub(super) but: String,
    /// Where one sees it.
    pub(super) at: FileSpan,
    /// What is to be seen there.
    pub(super) label: String,
}

/// Whether what runs by itself has no identity: how to say so of `what`, and where one sees it. What is written is none
/// where it is neither `system` nor an object id.
pub(super) fn without(
    identity: &Known<IdentityRef>,
    what: &str,
    property: &str,
    at: FileSpan,
) -> Option<(String, FileSpan)> {
    match identity {
        Known::Absent => Some((format!("{what} has no `{property}`"), at)),
        Known::Value(named) if matches!(named.identity, Identity::Malformed) => {
            Some((format!("`{}` in {what} names no identity", named.written), named.at))
        }
        Known::Value(_) | Known::Unknown(_) => None,
    }
}

/// An error where the commands are certainly of one database; scripts of databases that the files don't tell may
/// have nothing to do with one another.
pub(super) fn severity(certain: bool) -> Severity {
    if certain { Severity::Error } else { Severity::Warning }
}

/// The reasons that lie in what a query reads: other databases, and tables with row level security.
pub(super) fn of_query(workspace: &Workspace, reads: &Reads, setting: &Setting, at: FileSpan) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for reading in workspace.readings(reads, setting, at) {
        let of_function = reading.by.and_then(|function| function.setting.database.as_ref());
        let own = setting.database.as_ref().or(of_function).filter(|name| name.is_known());
        let others = reading.reads.databases.iter().filter(|(name, _)| name.is_known());
        for (name, place) in others.filter(|(name, _)| own.is_none_or(|own| own.is_not(name))) {
            reasons.push(of_database(name, *place, reading.by, own.is_some()));
        }
        if let Some(policy) = workspace.row_security(reading.reads, setting, at) {
            let table = format!("table `{}`", policy.table);
            let (severity, but) = told(
                reading.by,
                policy.setting.is_one_with(setting),
                &format!("reads {table}, which has row level security"),
            );
            reasons.push(Reason {
                severity,
                but,
                at: policy.at,
                label: format!("turns on row level security for {table}"),
            });
        }
    }
    reasons
}

fn of_database(name: &Name, at: FileSpan, by: Option<&Function>, is_other: bool) -> Reason {
    let says = if is_other {
        format!("reads another database, `{name}`")
    } else {
        format!("reads database `{name}`, which is another one unless the script runs there")
    };
    let (severity, but) = told(by, is_other, &says);
    Reason {
        severity,
        but,
        at,
        label: "read here".to_owned(),
    }
}

/// What a stored function does is as certain as the function is the one that is called.
fn told(by: Option<&Function>, certain: bool, says: &str) -> (Severity, String) {
    match by {
        Some(function) => (
            Severity::Warning,
            format!("function `{}` in its query {says}", function.name),
        ),
        None if certain => (Severity::Error, format!("its query {says}")),
        None => (Severity::Warning, format!("its query {says}")),
    }
}

/// One finding for all reasons, in the name of `rule`; none without a reason. `what` is the subject of its title.
pub(super) fn finding(
    rule: &'static str,
    mut reasons: Vec<Reason>,
    (what, when): (&str, &str),
    (at, label): (FileSpan, &str),
) -> Option<Diagnostic> {
    // The certain ones come first; the order is kept among equals.
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.severity));
    let first = reasons.first()?;
    let title = format!("{what}{when}, but {}", first.but);
    let shown = reasons.iter().take(MOST);
    let finding = Diagnostic::new(rule, first.severity, title, at, label);
    Some(finding.related_all(shown.map(|reason| (reason.at, reason.label.as_str()))))
}
