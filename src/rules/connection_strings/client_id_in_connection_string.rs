//! See `rules/connection-strings/client-id-in-connection-string.md`.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{Identity, IdentityRef, Keyword};
use crate::link::Workspace;
use crate::rules::role_grants::own_name;
use crate::rules::{Rule, rule};
use crate::text::FileSpan;

/// The rule `client-id-in-connection-string`.
pub static RULE: Rule = rule!("connection-strings", "client-id-in-connection-string", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    let known = client_ids(workspace);
    for string in &workspace.facts.connection_strings {
        for named in &string.identities {
            let found = by_reference(named).or_else(|| by_value(named, &known).filter(|_| !string.is_example()));
            found
                .into_iter()
                .for_each(|finding| out.report(finding.in_case(string.script.case)));
        }
    }
}

/// The ids that other places use as client ids, with the place and what it is. One that a policy names as an object id
/// is not certain to be one.
fn client_ids(workspace: &Workspace) -> BTreeMap<String, (FileSpan, &'static str)> {
    let facts = &workspace.facts;
    let mut known = BTreeMap::new();
    for string in facts.connection_strings.iter().filter(|string| !string.is_example()) {
        for pair in string.all(Keyword::ApplicationClientId) {
            if let Some(id) = pair.text() {
                known
                    .entry(id.to_lowercase())
                    .or_insert((pair.value_at, "an application signs in by it here"));
            }
        }
    }
    for identity in facts.bindings.iter().filter_map(|binding| binding.identity.as_ref()) {
        let told = (identity.at, "a binding, which takes client ids, names it here");
        known.entry(identity.written.to_lowercase()).or_insert(told);
    }
    for (_, entry) in workspace.entries() {
        if let Some(Identity::Object(id)) = entry.identity.as_ref().map(|named| &named.identity) {
            known.remove(id);
        }
    }
    known
}

fn by_reference(named: &IdentityRef) -> Option<Diagnostic> {
    let Identity::Client(user) = &named.identity else {
        return None;
    };
    let name = own_name(user);
    Some(
        finding(
            named,
            format!("the string names identity `{name}` by its client id, where its object id is expected"),
        )
        .note(format!(
            "write: reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', '{name}'), '2023-01-31').principalId"
        )),
    )
}

fn by_value(named: &IdentityRef, known: &BTreeMap<String, (FileSpan, &'static str)>) -> Option<Diagnostic> {
    let Identity::Object(id) = &named.identity else {
        return None;
    };
    let (at, label) = known.get(id)?;
    Some(
        finding(
            named,
            "the string names an identity by a client id, where its object id is expected".to_owned(),
        )
        .related(*at, *label)
        .note("write its object id: az identity show --name <name> --resource-group <group> --query principalId"),
    )
}

fn finding(named: &IdentityRef, title: String) -> Diagnostic {
    Diagnostic::new(RULE.name, Severity::Warning, title, named.at, "a client id")
        .note("connection strings take `system` or the object id (`principalId`) of an identity; a client id signs in as nobody")
}
