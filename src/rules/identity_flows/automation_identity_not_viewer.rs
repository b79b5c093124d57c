//! See `rules/identity-flows/automation-identity-not-viewer.md`.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{Identity, IdentityRef, Known, Name, Reads, Setting};
use crate::link::Workspace;
use crate::rules::identity_policy::in_database;
use crate::rules::{Rule, rule};

/// The rule `automation-identity-not-viewer`.
pub static RULE: Rule = rule!("identity-flows", "automation-identity-not-viewer", Some(check));

/// Something that runs by itself.
struct Automation<'f> {
    what: String,
    identity: &'f Known<IdentityRef>,
    reads: &'f Reads,
    setting: &'f Setting,
}

fn check(workspace: &Workspace, out: &mut Findings) {
    let exports = workspace.facts.exports.iter().map(|export| Automation {
        what: format!("continuous export `{}`", export.name),
        identity: &export.identity,
        reads: &export.reads,
        setting: &export.setting,
    });
    let policies = workspace.facts.update_policies.iter().filter(|policy| policy.enabled);
    let policies = policies.map(|policy| Automation {
        what: match &policy.table {
            Some(table) => format!("the update policy of table `{table}`"),
            None => "an update policy".to_owned(),
        },
        identity: &policy.identity,
        reads: &policy.reads,
        setting: &policy.setting,
    });
    let ids = workspace.object_ids();
    for automation in exports.chain(policies).filter(|found| found.setting.script.is_run()) {
        judge(workspace, &automation, &ids, out);
    }
}

fn judge(workspace: &Workspace, automation: &Automation<'_>, ids: &BTreeSet<&str>, out: &mut Findings) {
    let setting = automation.setting;
    let Known::Value(named) = automation.identity else {
        return;
    };
    if !workspace.gives_database_roles(setting, named.at) {
        return;
    }
    let known = match named.identity {
        Identity::Object(_) | Identity::UserAssigned(_) => true,
        Identity::System(_) => setting.cluster.is_some(),
        Identity::Client(_) | Identity::Symbol(_) | Identity::Malformed => false,
    };
    if !known {
        let reason = format!("which roles `{}` has in databases is not known", named.written);
        return out.leave_undecided(named.at, reason);
    }
    let lacking = lacking(workspace, automation, named, ids);
    let Some(first) = lacking.first() else { return };
    let unnamed = || "the database".to_owned();
    let places: Vec<_> = lacking
        .iter()
        .map(|name| name.map_or_else(unnamed, |name| format!("database `{name}`")))
        .collect();
    let title = format!(
        "{} runs as `{}`{}, which gets no role to read {}",
        automation.what,
        named.written,
        setting.when.clause(),
        places.join(" and ")
    );
    let id = match &named.identity {
        Identity::Object(id) => id.as_str(),
        _ => "<object id>",
    };
    out.report(
        Diagnostic::new(RULE.name, Severity::Warning, title, named.at, "reads as this identity")
            .in_case(automation.setting.script.case)
            .note("the run reads with the identity's own roles: without the role Database Viewer it fails")
            .note(format!(
                "run: .add {} viewers ('aadapp={id};<tenant>')",
                in_database(*first)
            )),
    );
}

/// The databases that the query reads and the identity may certainly not; `None` for one that is not named.
fn lacking<'f>(
    workspace: &'f Workspace,
    automation: &Automation<'f>,
    named: &IdentityRef,
    ids: &BTreeSet<&str>,
) -> Vec<Option<&'f Name>> {
    let setting = automation.setting;
    let readings = workspace.readings(automation.reads, setting, named.at);
    let others = readings.iter().flat_map(|reading| &reading.reads.databases);
    let others: BTreeMap<&str, &Name> = others.map(|(name, _)| (name.key(), name)).collect();
    let own = setting.database.as_ref();
    let others = others
        .into_values()
        .filter(|name| own.is_none_or(|own| !own.is(name)))
        .map(Some);
    let read = [own].into_iter().chain(others);
    read.filter(|database| {
        let may = workspace.may_view(&named.identity, *database, setting, (ids, named.at));
        !may && database.is_none_or(Name::is_known)
    })
    .collect()
}
