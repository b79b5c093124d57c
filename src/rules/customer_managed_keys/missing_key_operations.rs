//! See `rules/customer-managed-keys/missing-key-operations.md`.

use crate::diagnostic::{Applicability, Diagnostic, Findings, Fix, Severity};
use crate::facts::{Condition, Key, Known, Possible};
use crate::link::{Holder, Workspace};
use crate::rules::{Rule, rule};
use crate::service::{Acceptance, DAY_OF_DOCUMENTS, KEY_OPERATIONS, Typed, acceptance_of_kind};

/// The rule `missing-key-operations`.
pub static RULE: Rule = rule!("customer-managed-keys", "missing-key-operations", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for key in workspace.facts.keys.iter().filter(|key| !is_of_other_kind(key)) {
        let holder = workspace.holder_of_key(key);
        let given = holder.condition(&key.when);
        // What a key is for is its owner's affair where no cluster reads it.
        let in_use = matches!(holder, Holder::Encrypts(..) | Holder::MayEncrypt(..));
        if !in_use || super::beside::is_for_another(workspace, key, &holder, out) {
            continue;
        }
        if let Some((value, when)) = first(&key.operations, &given, |words| !missing(words).is_empty(), out) {
            let lacks = lacking(value);
            let title = format!("add {} to `{}`", named(&lacks), key.wording.named("keyOps"));
            let fix = super::written(title, workspace.facts.slots.words(value.site, &lacks));
            out.report(operations(key, &holder, value, &when).fixed_by(fix));
        }
        if let Some((value, when)) = first(&key.enabled, &given, |enabled| !enabled, out) {
            out.report(disabled(key, &holder, value, &when));
        }
        let is_over = |end: &i64| *end < DAY_OF_DOCUMENTS;
        if let Some((value, when)) = first(&key.expires, &given, is_over, out) {
            out.report(expired(key, &holder, value, &when));
        }
    }
}

/// Whether it is certainly a key of a kind that no cluster takes, which is a finding of its own.
fn is_of_other_kind(key: &Key) -> bool {
    let refused = |kind: &Possible<String>| matches!(&kind.value, Known::Value(kind) if acceptance_of_kind(kind) == Acceptance::Never);
    !key.kind.is_empty() && key.kind.iter().all(refused)
}

/// The first value that is `bad`, and when: as `given` if all values are bad.
fn first<'f, T>(
    values: &'f [Possible<T>],
    given: &Condition,
    bad: impl Fn(&T) -> bool,
    out: &mut Findings,
) -> Option<(&'f Possible<T>, Condition)> {
    let values: Vec<_> = values.iter().filter(|value| value.when.and(given).is_some()).collect();
    for value in &values {
        if let Known::Unknown(reason) = &value.value {
            out.leave_undecided(value.site, reason.clone());
        }
    }
    let is_bad = |value: &Possible<T>| matches!(&value.value, Known::Value(known) if bad(known));
    let found = values.iter().copied().find(|value| is_bad(value))?;
    let always = values.iter().all(|value| is_bad(value));
    let when = if always { given.clone() } else { found.when.and(given)? };
    Some((found, when))
}

/// What a key that has these operations lacks.
fn missing(words: &[String]) -> Vec<&'static str> {
    let has = |wanted: &str| words.iter().any(|word| word == wanted);
    let lacks = KEY_OPERATIONS.iter().filter(|wanted| !has(wanted));
    lacks.map(super::spelled).collect()
}

/// What a key lacks that has this list of operations.
fn lacking(value: &Possible<Vec<String>>) -> Vec<&'static str> {
    match &value.value {
        Known::Value(words) => missing(words),
        Known::Absent | Known::Unknown(_) => Vec::new(),
    }
}

/// "`wrapKey` and `unwrapKey`".
fn named(words: &[&str]) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    words.join(" and ")
}

/// "the key that encrypts cluster `adx`".
fn subject(key: &Key, holder: &Holder<'_>) -> String {
    match holder {
        Holder::Encrypts(cluster, _) => format!("the key that encrypts cluster `{}`", super::cluster_name(cluster)),
        Holder::MayEncrypt(cluster, _) => format!(
            "key `{}`, which may encrypt cluster `{}`,",
            key.name,
            super::cluster_name(cluster)
        ),
        Holder::Unused | Holder::NoClusterInSight => format!("key `{}` of vault `{}`", key.name, key.vault),
    }
}

/// A warning for a key that may be another one.
fn severity(holder: &Holder<'_>, when: &Condition) -> Severity {
    match holder {
        Holder::Encrypts(..) => super::certain(when),
        Holder::MayEncrypt(..) | Holder::Unused | Holder::NoClusterInSight => Severity::Warning,
    }
}

fn operations(key: &Key, holder: &Holder<'_>, value: &Possible<Vec<String>>, when: &Condition) -> Diagnostic {
    let lacks = named(&lacking(value));
    let severity = match &value.value {
        // What the vault makes of an empty list is not documented.
        Known::Value(words) if words.is_empty() => Severity::Warning,
        _ => severity(holder, when),
    };
    let title = format!("{} may not be used for {lacks}{}", subject(key, holder), when.clause());
    let diagnostic = Diagnostic::new(RULE.name, severity, title, value.site, format!("{lacks} missing"));
    let diagnostic = value.traced(diagnostic, "the list").in_case(key.case);
    super::with_cluster(diagnostic, holder)
        .note("a cluster wraps and unwraps a key of its own with it: without both operations setting the key fails")
        .note(format!(
            "write `{}`, or leave `{}` out{}",
            key.wording.typed("keyOps", Typed::Words(&["wrapKey", "unwrapKey"])),
            key.wording.named("keyOps"),
            // A command that changes a key leaves the list as it is.
            if key.wording.changes() {
                ""
            } else {
                ": then all are allowed"
            }
        ))
}

fn disabled(key: &Key, holder: &Holder<'_>, value: &Possible<bool>, when: &Condition) -> Diagnostic {
    let title = format!("{} is turned off{}", subject(key, holder), when.clause());
    let diagnostic = Diagnostic::new(RULE.name, severity(holder, when), title, value.site, "`false`");
    let diagnostic = value.traced(diagnostic, "`false`").in_case(key.case);
    let place = value.written_as("false");
    let typed = key.wording.typed("enabled", Typed::Truth(true));
    let fix = Fix::new(
        Applicability::Unsafe,
        format!("write `{typed}`"),
        place.as_ref(),
        "true",
    );
    super::with_cluster(diagnostic, holder)
        .fixed_by(fix)
        .note("a cluster that can't use its key is suspended")
        .note(if key.wording.is_command() {
            format!("write `{typed}`, or leave `{}` out", key.wording.named("enabled"))
        } else {
            format!("write `\"attributes\": {{ {typed} }}`, or leave `enabled` out")
        })
}

fn expired(key: &Key, holder: &Holder<'_>, value: &Possible<i64>, when: &Condition) -> Diagnostic {
    let title = format!("{} has expired{}", subject(key, holder), when.clause());
    let diagnostic = Diagnostic::new(
        RULE.name,
        Severity::Warning,
        title,
        value.site,
        "seconds since 1970: before March 2026",
    );
    let diagnostic = value.traced(diagnostic, "the end").in_case(key.case);
    super::with_cluster(diagnostic, holder)
        .note("a key can't be used after its `exp`, and a cluster that can't use its key is suspended")
        .note(format!(
            "leave `{}` out, or let a rotation policy make new versions before it",
            key.wording.named("exp")
        ))
}
