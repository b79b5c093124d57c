//! See `rules/customer-managed-keys/key-not-rsa-2048.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{Condition, Key, Known, Possible};
use crate::link::{Holder, Workspace};
use crate::rules::{Rule, rule};
use crate::service::{Acceptance, acceptance_of_kind, acceptance_of_size};

/// The rule `key-not-rsa-2048`.
pub static RULE: Rule = rule!("customer-managed-keys", "key-not-rsa-2048", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for key in &workspace.facts.keys {
        let holder = workspace.holder_of_key(key);
        if matches!(holder, Holder::Unused) {
            continue;
        }
        let given = holder.condition(&key.when);
        let kind = worst(&key.kind, &given, |kind| judge_kind(kind), out);
        let size = if kind
            .as_ref()
            .is_some_and(|defect| defect.refused && defect.when.is_always())
        {
            None
        } else {
            worst(&key.size, &given, |bits| judge_size(*bits), out)
        };
        for defect in kind.into_iter().chain(size) {
            out.report(finding(key, &holder, defect).in_case(key.case));
        }
    }
}

/// What is wrong with a kind or a size.
struct Defect {
    severity: Severity,
    /// Whether no document accepts the value.
    refused: bool,
    /// "is an elliptic curve key", "has 4096 bits".
    what: String,
    /// The value, for the labels.
    shown: String,
    when: Condition,
    /// Where the value stands and comes from.
    place: Possible<()>,
}

/// The worst of the values that are possible under the condition `given`; a warning at most when other values are
/// fine, or when something is given.
fn worst<T>(
    values: &[Possible<T>],
    given: &Condition,
    judge: impl Fn(&T) -> Option<(Severity, String, String)>,
    out: &mut Findings,
) -> Option<Defect> {
    let values: Vec<_> = values.iter().filter(|value| value.when.and(given).is_some()).collect();
    let mut defects = Vec::new();
    for value in &values {
        match &value.value {
            Known::Unknown(reason) => out.leave_undecided(value.site, reason.clone()),
            Known::Absent => {}
            Known::Value(known) => defects.extend(judge(known).map(|(severity, what, text)| Defect {
                severity,
                refused: severity == Severity::Error,
                what,
                shown: text,
                when: value.when.and(given).unwrap_or_default(),
                place: value.with(()),
            })),
        }
    }
    let always = defects.len() == values.len();
    let least = defects.iter().map(|defect| defect.severity).min();
    let mut alternatives: Vec<_> = defects.iter().map(|defect| defect.what.clone()).collect();
    alternatives.dedup();
    let mut defect = defects.into_iter().max_by_key(|defect| defect.severity)?;
    if always {
        defect.what = alternatives.join(" or ");
        defect.when = given.clone();
        defect.severity = least.unwrap_or(defect.severity);
        if !given.is_always() {
            defect.severity = defect.severity.min(Severity::Warning);
        }
    } else {
        defect.severity = Severity::Warning;
    }
    Some(defect)
}

fn judge_kind(kind: &str) -> Option<(Severity, String, String)> {
    let what = match kind {
        "EC" | "EC-HSM" => "is an elliptic curve key",
        "RSA-HSM" => "is kept in a hardware module (RSA-HSM)",
        _ => "is no RSA key",
    };
    Some((
        severity_of(acceptance_of_kind(kind))?,
        what.to_owned(),
        format!("`{kind}`"),
    ))
}

fn judge_size(bits: i64) -> Option<(Severity, String, String)> {
    Some((
        severity_of(acceptance_of_size(bits))?,
        format!("has {bits} bits"),
        bits.to_string(),
    ))
}

/// What the documents disagree on is a warning.
fn severity_of(acceptance: Acceptance) -> Option<Severity> {
    match acceptance {
        Acceptance::Always => None,
        Acceptance::Since2026 => Some(Severity::Warning),
        Acceptance::Never => Some(Severity::Error),
    }
}

fn finding(key: &Key, holder: &Holder<'_>, defect: Defect) -> Diagnostic {
    let when = defect.when.clause();
    let (subject, severity) = match holder {
        Holder::Encrypts(cluster, _) => (
            format!("the key that encrypts cluster `{}`", super::cluster_name(cluster)),
            defect.severity,
        ),
        Holder::MayEncrypt(cluster, _) => (
            format!(
                "key `{}`, which may encrypt cluster `{}`,",
                key.name,
                super::cluster_name(cluster)
            ),
            defect.severity,
        ),
        Holder::Unused | Holder::NoClusterInSight => (
            format!("key `{}` of vault `{}`", key.name, key.vault),
            Severity::Warning,
        ),
    };
    let consequence = if defect.refused && matches!(holder, Holder::NoClusterInSight) {
        ": it can't encrypt a cluster"
    } else {
        ""
    };
    let diagnostic = Diagnostic::new(
        RULE.name,
        severity,
        format!("{subject} {}{when}{consequence}", defect.what),
        defect.place.site,
        defect.shown.clone(),
    );
    let diagnostic = defect.place.traced(diagnostic, &defect.shown);
    let diagnostic = super::with_cluster(diagnostic, holder);
    let diagnostic = diagnostic.note(if defect.refused {
        "the service accepts RSA keys of 2048, 3072 or 4096 bits: setting this key on a cluster fails"
    } else {
        "the documents of 2023 accept RSA 2048 only; those of 2026 also 3072 and 4096 bits, and RSA-HSM"
    });
    diagnostic
        .note("write `\"kty\": \"RSA\", \"keySize\": 2048`, in a new key: kind and size of a key can't be changed")
}
