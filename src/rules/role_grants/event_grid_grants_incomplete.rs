//! See `rules/role-grants/event-grid-grants-incomplete.md`.

use super::{described, grant_note, only_manages, own_name, reading};
use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{GivenIdentity, IdentityRef, RoleAssignment};
use crate::link::{Held, Question, Workspace};
use crate::rules::{Rule, rule};
use crate::service::{Access, Flow, Reach, Target};

/// The rule `event-grid-grants-incomplete`.
pub static RULE: Rule = rule!("role-grants", "event-grid-grants-incomplete", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    let reads_both = |flow: Flow| flow.reads(Target::EventHubs) && flow.reads(Target::Blobs);
    for connection in workspace
        .facts
        .connections
        .iter()
        .filter(|connection| reads_both(connection.flow))
    {
        let (Some(hub), Some(storage)) = (&connection.hub, &connection.storage) else {
            continue;
        };
        for given in &connection.identities {
            let (GivenIdentity::Resource(identity), Some(when)) = (&given.value, given.when.and(&connection.when))
            else {
                continue;
            };
            let question = |on| Question {
                identity,
                case: connection.case,
                when: &when,
                on,
            };
            let receives = workspace.holds(question(hub), reading(Target::EventHubs));
            let reads = workspace.holds(question(storage), reading(Target::Blobs));
            match (receives, reads) {
                (Held::Granted(role), Held::Lacking(roles)) if !roles.iter().any(|role| only_manages(role)) => {
                    let lacks = format!("can't read the blobs of account `{}`", own_name(storage));
                    out.report(finding(identity, role, "receives the events", &lacks, Reach::BlobRead));
                }
                (Held::Lacking(_), Held::Granted(role)) => {
                    let lacks = format!("can't receive events from event hub `{}`", own_name(hub));
                    let reach = Reach::Of(Target::EventHubs, Access::Read);
                    out.report(finding(identity, role, "reads the blobs", &lacks, reach));
                }
                (Held::Untold(reason), _) | (_, Held::Untold(reason)) => out.leave_undecided(identity.at, reason),
                _ => {}
            }
        }
    }
}

fn finding(identity: &IdentityRef, has: &RoleAssignment, does: &str, lacks: &str, reach: Reach) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        RULE.name,
        Severity::Warning,
        format!("{} {does}, but {lacks}", described(identity)),
        identity.at,
        "this identity needs both: to receive events and to read blobs",
    )
    .in_case(has.case)
    .related(has.at, "this role is one of the two")
    .note("the connection ingests nothing until the identity has both roles");
    match grant_note(reach) {
        Some(note) => diagnostic.note(note),
        None => diagnostic,
    }
}
