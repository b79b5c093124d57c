//! See `rules/identity-flows/missing-callout-policy.md`.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::IdentityUse;
use crate::link::Workspace;
use crate::rules::{Rule, rule};

/// The rule `missing-callout-policy`.
pub static RULE: Rule = rule!("identity-flows", "missing-callout-policy", Some(check));

/// Further uses that a finding shows.
const MOST: usize = 3;

fn check(workspace: &Workspace, out: &mut Findings) {
    let mut uses: BTreeMap<&str, Vec<&IdentityUse>> = BTreeMap::new();
    for used in workspace.facts.uses.iter().filter(|used| used.script.is_run()) {
        if let Some(kind) = used.flow.row().callout {
            uses.entry(kind).or_default().push(used);
        }
    }
    for (kind, uses) in uses {
        let may_allow = |entry: Option<&str>| entry.is_none_or(|entry| entry == kind);
        let Some(first) = uses
            .first()
            .filter(|_| !workspace.callouts().any(|entry| may_allow(entry.kind.as_deref())))
        else {
            continue;
        };
        if workspace.sets_up_clusters() {
            out.report(finding(kind, first, &uses));
        } else {
            let reason = format!("whether the cluster's callout policy allows `{kind}` is not in the files");
            out.leave_undecided(first.at, reason);
        }
    }
}

fn finding(kind: &str, first: &IdentityUse, uses: &[&IdentityUse]) -> Diagnostic {
    let title = format!(
        "`{}` is used for {}{}, but no callout policy has an entry of type `{kind}`",
        first.identity.written,
        first.flow.row().title,
        first.when.clause()
    );
    let more = uses.iter().skip(1).take(MOST);
    Diagnostic::new(
        RULE.name,
        Severity::Warning,
        title,
        first.at,
        format!("calls out of the cluster: `{kind}`"),
    )
    .in_case(first.script.case)
    .related_all(more.map(|used| (used.at, "calls out, too")))
        .note("the service calls only what the cluster's callout policy allows, whatever the identity may do")
        .note(format!(
            "run: .alter-merge cluster policy callout @'[{{\"CalloutType\":\"{kind}\",\"CalloutUriRegex\":\"{}\",\"CanCall\":true}}]'",
            example(kind)
        ))
        .note("`.show cluster policy callout` lists what is allowed already")
}

/// A pattern of the hosts that such a callout goes to, to be narrowed down.
fn example(kind: &str) -> &'static str {
    match kind {
        "azure_openai" => "<name>[.]openai[.]azure[.]com",
        "cosmosdb" => "<account>[.]documents[.]azure[.]com",
        _ => "<account>[.]blob[.]core[.]windows[.]net/<container>/",
    }
}
