//! See `rules/role-grants/read-only-grant-for-write-flow.md`.

use super::{described, grant_note};
use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{Condition, GrantScope, Known, Possible, ResourceKey, RoleAssignment, Same};
use crate::link::{Held, Question, Workspace, Write};
use crate::rules::{Rule, rule};
use crate::service::{Reach, role_by_id};

/// The rule `read-only-grant-for-write-flow`.
pub static RULE: Rule = rule!("role-grants", "read-only-grant-for-write-flow", Some(check));

/// Writes that one finding shows.
const MOST: usize = 3;

fn check(workspace: &Workspace, out: &mut Findings) {
    let writes = workspace.writes();
    let mut found: Vec<(&RoleAssignment, Diagnostic)> = Vec::new();
    for write in &writes {
        let on = ResourceKey::account(write.account);
        let question = Question {
            identity: write.identity,
            case: write.script.case,
            when: &write.when,
            on: &on,
        };
        let enough = |reach| if reach == Reach::BlobWrite { Same::Yes } else { Same::No };
        match workspace.holds(question, enough) {
            Held::Granted(_) | Held::GrantedElsewhere => {}
            Held::Untold(reason) => out.leave_undecided(write.at, reason),
            Held::Lacking(roles) => {
                let reads = roles
                    .into_iter()
                    .filter(|role| holds_certainly(workspace, role, &on))
                    .find_map(|role| Some((role, role.role.iter().find(|role| reads_blobs(role))?)));
                let Some((role, reading)) = reads else { continue };
                match found.iter_mut().find(|(known, _)| std::ptr::eq(*known, role)) {
                    Some((_, finding)) if finding.related.len() < MOST => finding.add_related(write.at, writes_here()),
                    Some(_) => {}
                    None => found.push((role, finding(write, role, reading))),
                }
            }
        }
    }
    found.into_iter().for_each(|(_, finding)| out.report(finding));
}

/// Whether the role holds on the account whatever else stands in the group that it may be for.
fn holds_certainly(workspace: &Workspace, role: &RoleAssignment, account: &ResourceKey) -> bool {
    match role.scope {
        GrantScope::Storage { .. } => true,
        GrantScope::Group => workspace.declares_account(role.case, account),
        GrantScope::Resource(_) | GrantScope::Unknown => false,
    }
}

fn reads_blobs(role: &Possible<String>) -> bool {
    matches!(&role.value, Known::Value(id) if role_by_id(id).is_some_and(|role| role.reach == Reach::BlobRead))
}

fn writes_here() -> &'static str {
    "this writes to the account"
}

fn finding(write: &Write<'_>, grant: &RoleAssignment, role: &Possible<String>) -> Diagnostic {
    let always = |when: &Condition| when.is_always();
    let certain = always(&role.when) && always(&write.when) && write.certain;
    let severity = if certain { Severity::Error } else { Severity::Warning };
    let clause = if always(&role.when) {
        write.when.clause()
    } else {
        role.when.clause()
    };
    let diagnostic = Diagnostic::new(
        RULE.name,
        severity,
        format!(
            "with `Storage Blob Data Reader`, {} can't write to account `{}`{clause}",
            described(write.identity),
            write.account
        ),
        grant.at,
        "this role reads blobs, and writes none",
    )
    .in_case(grant.case);
    let diagnostic = role
        .traced(diagnostic, "`Storage Blob Data Reader`")
        .related(write.at, writes_here())
        .note(format!(
            "{} of this identity fails when it writes its first blob",
            write.by
        ));
    match grant_note(Reach::BlobWrite) {
        Some(note) => diagnostic.note(note),
        None => diagnostic,
    }
}
