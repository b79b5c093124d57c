//! See `rules/customer-managed-keys/key-not-rsa-2048.md`.

use crate::config::CustomerManagedKeys;
use crate::diagnostic::{Applicability, Diagnostic, Findings, Fix, Severity};
use crate::facts::{Condition, Key, Known, Possible};
use crate::link::{Holder, Workspace};
use crate::rules::{Rule, rule};
use crate::service::{Acceptance, Typed, acceptance_of_kind, acceptance_of_size};

/// The rule `key-not-rsa-2048`.
pub static RULE: Rule = rule!("customer-managed-keys", "key-not-rsa-2048", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for key in &workspace.facts.keys {
        let holder = workspace.holder_of_key(key);
        if matches!(holder, Holder::Unused) || !super::is_looked_at(workspace, &holder) {
            continue;
        }
        if super::beside::is_for_another(workspace, key, &holder, out) {
            continue;
        }
        let given = holder.condition(&key.when);
        let accepted = Accepted::of(key, &given, &workspace.config.customer_managed_keys);
        let kind = worst(&key.kind, &given, |kind| accepted.judge_kind(kind), out);
        let size = if kind
            .as_ref()
            .is_some_and(|defect| defect.refused && defect.when.is_always())
        {
            None
        } else {
            worst(&key.size, &given, |bits| accepted.judge_size(*bits), out)
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

/// What is accepted of one key.
struct Accepted<'c> {
    config: &'c CustomerManagedKeys,
    /// Whether it may be of the kind RSA-HSM, of which the user accepts some size.
    may_be_hsm: bool,
    /// Whether it can be of no other kind.
    must_be_hsm: bool,
    /// Whether no size is given: it is 2048 then.
    is_plain: bool,
}

impl<'c> Accepted<'c> {
    fn of(key: &Key, given: &Condition, config: &'c CustomerManagedKeys) -> Self {
        let holds = |when: &Condition| when.and(given).is_some();
        let is_hsm = |kind: &Possible<String>| matches!(&kind.value, Known::Value(kind) if kind == "RSA-HSM");
        let mut kinds = key.kind.iter().filter(|kind| holds(&kind.when));
        let mut sizes = key.size.iter().filter(|size| holds(&size.when));
        let may_be_hsm = config.accepts_hsm() && kinds.clone().any(is_hsm);
        Self {
            config,
            may_be_hsm,
            must_be_hsm: may_be_hsm && kinds.all(is_hsm),
            is_plain: sizes.all(|size| matches!(size.value, Known::Absent)),
        }
    }

    fn judge_kind(&self, kind: &str) -> Option<(Severity, String, String)> {
        let what = match kind {
            "EC" | "EC-HSM" => "is an elliptic curve key",
            "RSA-HSM" if self.config.accepts(true, 2048) || self.may_be_hsm && !self.is_plain => return None,
            "RSA-HSM" => "is kept in a hardware module (RSA-HSM)",
            _ => "is no RSA key",
        };
        Some((
            severity_of(acceptance_of_kind(kind))?,
            what.to_owned(),
            format!("`{kind}`"),
        ))
    }

    fn judge_size(&self, bits: i64) -> Option<(Severity, String, String)> {
        let severity = match acceptance_of_size(bits) {
            Acceptance::Never => Severity::Error,
            Acceptance::Always | Acceptance::Since2026 => {
                let as_rsa = self.must_be_hsm || self.config.accepts(false, bits);
                let as_hsm = !self.may_be_hsm || self.config.accepts(true, bits);
                if as_rsa && as_hsm {
                    return None;
                }
                Severity::Warning
            }
        };
        let what = if self.must_be_hsm && severity == Severity::Warning {
            format!("is kept in a hardware module and has {bits} bits")
        } else {
            format!("has {bits} bits")
        };
        Some((severity, what, bits.to_string()))
    }
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
    let size = key.wording.typed("keySize", Typed::Number(2048));
    let diagnostic = super::with_cluster(diagnostic, holder).fixed_by(fix(&defect, &size));
    let diagnostic = diagnostic.note(if defect.refused {
        "the service accepts RSA keys of 2048, 3072 or 4096 bits: setting this key on a cluster fails"
    } else {
        "the documents of 2023 accept RSA 2048 only; those of 2026 also 3072 and 4096 bits, and RSA-HSM"
    });
    let kind = key.wording.typed("kty", Typed::Text("RSA"));
    let parted = if key.wording.is_command() { " " } else { ", " };
    diagnostic.note(format!(
        "write `{kind}{parted}{size}`, in a new key: kind and size of a key can't be changed"
    ))
}

/// Another size, where the size is written on the spot.
fn fix(defect: &Defect, size: &str) -> Option<Fix> {
    defect.shown.parse::<i64>().ok()?;
    let at = defect.place.written_as(&defect.shown)?;
    Fix::new(Applicability::Unsafe, format!("set `{size}`"), Some(&at), "2048")
}
