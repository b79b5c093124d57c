//! See `rules/connection-strings/incomplete-application-authentication.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{ConnectionPair, ConnectionString, Given, Keyword};
use crate::link::Workspace;
use crate::rules::{Rule, rule};

/// The rule `incomplete-application-authentication`.
pub static RULE: Rule = rule!(
    "connection-strings",
    "incomplete-application-authentication",
    Some(check)
);

/// What proves that one is an application, and needs its client id.
const PROOFS: [Keyword; 4] = [
    Keyword::ApplicationKey,
    Keyword::CertificateThumbprint,
    Keyword::CertificateSubject,
    Keyword::CertificateBlob,
];

fn check(workspace: &Workspace, out: &mut Findings) {
    let strings = workspace.facts.connection_strings.iter();
    for string in strings.filter(|string| string.is_for_kusto() && !string.is_example()) {
        let Some((finding, lacks)) = finding(string) else {
            continue;
        };
        let at = finding.primary.at;
        if !string.whole {
            out.leave_undecided(
                at,
                "the string goes on elsewhere: whether it says all that an application needs is not known",
            );
        } else if let Some(lacking) = lacks.iter().find(|lacking| string.named_outside.contains(lacking)) {
            let reason = format!("the program may set `{}` elsewhere", spelled(*lacking));
            out.leave_undecided(at, reason);
        } else {
            out.report(finding);
        }
    }
}

/// A keyword for a sentence.
fn spelled(keyword: Keyword) -> &'static str {
    match keyword {
        Keyword::ApplicationKey => "AppKey",
        Keyword::ApplicationClientId => "AppClientId",
        Keyword::AuthorityId => "Authority Id",
        _ => "Fed=True",
    }
}

/// The finding on a string, and the keywords of which the string says too little.
fn finding(string: &ConnectionString) -> Option<(Diagnostic, Vec<Keyword>)> {
    let given = |keyword: Keyword| string.get(keyword).filter(|pair| !pair.is_empty());
    let id = given(Keyword::ApplicationClientId);
    let proof = PROOFS.into_iter().find_map(given);
    let tokens = [Keyword::UserToken, Keyword::ApplicationToken];
    // A token is a way of its own, what is not known by its name may be any of these, and what names no cluster is a
    // piece of a string.
    if tokens.into_iter().any(|keyword| string.get(keyword).is_some())
        || string.pairs.iter().any(|pair| pair.keyword.is_none())
        || string.address.is_none() && string.get(Keyword::DataSource).is_none()
    {
        return None;
    }
    let (place, mut lacks) = match (id, proof) {
        (None, None) => return None,
        (Some(id), None) => (id, vec![Keyword::ApplicationKey]),
        (None, Some(proof)) => (proof, vec![Keyword::ApplicationClientId]),
        (Some(_), Some(proof)) => (proof, Vec::new()),
    };
    if given(Keyword::AuthorityId).is_none() {
        lacks.push(Keyword::AuthorityId);
    }
    match given(Keyword::FederatedSecurity).map(federated) {
        None => lacks.push(Keyword::FederatedSecurity),
        Some(Some(false)) => return Some((not_federated(string, place), vec![Keyword::FederatedSecurity])),
        Some(_) => {}
    }
    let words = lacks.iter().map(|keyword| match keyword {
        Keyword::ApplicationKey => "`AppKey`, or a certificate".to_owned(),
        other => format!("`{}`", spelled(*other)),
    });
    let words = words.collect::<Vec<_>>().join(" and ");
    (!lacks.is_empty()).then(|| {
        let finding = Diagnostic::new(
            RULE.name,
            Severity::Warning,
            format!("the string signs in as an application and lacks {words}"),
            place.name_at,
            "part of signing in as an application",
        )
        .in_case(string.script.case)
        .note("an application needs `Fed=True`, its client id, a key or a certificate, and its tenant; without `Authority Id` that is `microsoft.com`")
        .note("write: Data Source=<cluster>;Fed=True;AppClientId=<id>;AppKey=<key>;Authority Id=<tenant>");
        (finding, lacks)
    })
}

/// Whether federated security is on; `None` for what is filled in.
fn federated(pair: &ConnectionPair) -> Option<bool> {
    match &pair.value {
        Given::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Given::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn not_federated(string: &ConnectionString, place: &ConnectionPair) -> Diagnostic {
    let at = string
        .get(Keyword::FederatedSecurity)
        .map_or(place.name_at, ConnectionPair::at);
    Diagnostic::new(
        RULE.name,
        Severity::Warning,
        "the string signs in as an application and turns Microsoft Entra ID off",
        at,
        "must be `True` here",
    )
    .in_case(string.script.case)
    .related(place.name_at, "the application signs in with this")
    .note("all documented ways to sign in as an application have `Fed=True`")
    .note("write: Fed=True")
}
