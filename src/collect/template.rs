//! Templates: which collector reads which type of resource.

use super::{Collector, Errors};
use crate::arm::template::Resource;
use crate::arm::value::Node;
use crate::facts::Carried;
use crate::syntax::SyntaxError;
use crate::text::MappedText;

/// How a type of resource is read.
#[derive(Clone, Copy)]
enum Collect {
    /// By a collector of plain facts.
    Facts(fn(&mut Collector<'_>, &Resource)),
    /// Before all others, which look it up.
    First(fn(&mut Collector<'_>, &Resource)),
    /// By a collector that reads text of another language in it, and says what is wrong with that text.
    Text(fn(&mut Collector<'_>, &Resource) -> Errors),
}

/// Types of resources, in lower case, with their collectors.
const TYPES: &[(&str, Collect)] = &[
    (
        "microsoft.authorization/roleassignments",
        Collect::Facts(|to, of| to.role_assignment(of)),
    ),
    ("microsoft.app/containerapps", Collect::Text(|to, of| to.settings(of))),
    ("microsoft.app/jobs", Collect::Text(|to, of| to.settings(of))),
    (
        "microsoft.datafactory/factories/linkedservices",
        Collect::First(|to, of| to.linked_service(of)),
    ),
    (
        "microsoft.datafactory/factories/pipelines",
        Collect::Text(|to, of| to.pipeline(of)),
    ),
    (
        "microsoft.documentdb/databaseaccounts/sqlroleassignments",
        Collect::Facts(|to, of| to.sql_role_assignment(of)),
    ),
    ("microsoft.keyvault/vaults", Collect::Facts(|to, of| to.vault(of))),
    (
        "microsoft.keyvault/vaults/accesspolicies",
        Collect::Facts(|to, of| to.vault_access(of, false)),
    ),
    ("microsoft.keyvault/vaults/keys", Collect::Facts(|to, of| to.key(of))),
    ("microsoft.kusto/clusters", Collect::Facts(|to, of| to.cluster(of))),
    (
        "microsoft.kusto/clusters/attacheddatabaseconfigurations",
        Collect::Facts(|to, of| to.followed_database(of)),
    ),
    (
        "microsoft.kusto/clusters/databases",
        Collect::Facts(|to, of| to.database(of)),
    ),
    (
        "microsoft.kusto/clusters/databases/dataconnections",
        Collect::Facts(|to, of| to.data_connection(of)),
    ),
    (
        "microsoft.kusto/clusters/databases/principalassignments",
        Collect::Facts(|to, of| to.principal_assignment(of)),
    ),
    (
        "microsoft.kusto/clusters/databases/scripts",
        Collect::Text(|to, of| to.script(of)),
    ),
    (
        "microsoft.kusto/clusters/principalassignments",
        Collect::Facts(|to, of| to.principal_assignment(of)),
    ),
    ("microsoft.logic/workflows", Collect::Text(|to, of| to.pipeline(of))),
    (
        "microsoft.resources/deployments",
        Collect::Facts(|to, of| to.linked_deployment(of)),
    ),
    (
        "microsoft.resources/deploymentscripts",
        Collect::Text(|to, of| to.deployment_script(of)),
    ),
    (
        "microsoft.resources/deploymentstacks",
        Collect::Facts(|to, of| to.linked_deployment(of)),
    ),
    (
        "microsoft.resources/templatespecs/versions",
        Collect::Facts(|to, of| to.linked_deployment(of)),
    ),
    (
        "microsoft.storage/storageaccounts",
        Collect::Facts(|to, of| to.storage_account(of)),
    ),
    (
        "microsoft.synapse/workspaces/linkedservices",
        Collect::First(|to, of| to.linked_service(of)),
    ),
    (
        "microsoft.synapse/workspaces/pipelines",
        Collect::Text(|to, of| to.pipeline(of)),
    ),
    ("microsoft.web/sites", Collect::Text(|to, of| to.settings(of))),
    ("microsoft.web/sites/config", Collect::Text(|to, of| to.settings(of))),
    ("microsoft.web/sites/slots", Collect::Text(|to, of| to.settings(of))),
    (
        "microsoft.web/sites/slots/config",
        Collect::Text(|to, of| to.settings(of)),
    ),
    (
        "microsoft.web/staticsites/config",
        Collect::Text(|to, of| to.settings(of)),
    ),
];

/// The collector of a type in lower case. Role assignments may be written as a child of what they are for.
fn collector_of(kind: &str) -> Option<Collect> {
    let kind = match kind.rsplit_once("/providers/") {
        Some((_, "roleassignments")) => "microsoft.authorization/roleassignments",
        _ => kind,
    };
    TYPES
        .iter()
        .find(|(known, _)| *known == kind)
        .map(|(_, collect)| *collect)
}

/// Whether facts are read from resources of that type (in lower case).
#[must_use]
pub fn is_wanted(kind: &str) -> bool {
    collector_of(kind).is_some()
}

/// Adds the facts of a template's resources; returns what is wrong with the scripts in them.
pub fn collect_template(collector: &mut Collector<'_>, resources: &[Resource]) -> Errors {
    let deployed = resources.iter().filter(|resource| !resource.existing);
    let known: Vec<_> = deployed
        .filter_map(|resource| Some((collector_of(&resource.kind.to_lowercase())?, resource)))
        .collect();
    for (collect, resource) in &known {
        if let Collect::First(collect) = collect {
            collect(collector, resource);
        }
    }
    let mut errors = Vec::new();
    for (collect, resource) in known {
        collector.secrets_of_value(&resource.body);
        match collect {
            Collect::Facts(collect) => collect(collector, resource),
            Collect::Text(collect) => errors.extend(collect(collector, resource)),
            Collect::First(_) => {}
        }
    }
    collector.script_order(resources);
    errors
}

impl Collector<'_> {
    /// Adds the facts of a resource of a type without text of another language in it.
    pub(super) fn resource(&mut self, resource: &Resource) {
        if let Some(Collect::Facts(collect)) = collector_of(&resource.kind.to_lowercase()) {
            collect(self, resource);
        }
    }

    /// The text of a script as far as it is known; nothing for one that is not known at all.
    pub(super) fn script_text(&mut self, node: &Node) -> Option<MappedText> {
        let text = node.as_text()?;
        if text.sole_hole().is_some() {
            let reason = format!("the script is not known: {}", super::possible::reason(node));
            self.facts
                .undecided
                .push(crate::diagnostic::Undecided { at: node.site, reason });
            return None;
        }
        let elsewhere = text.pieces().filter(|piece| !node.site.holds(*piece));
        let carried = elsewhere.map(|text| Carried { text, site: node.site });
        self.facts.carried.extend(carried);
        Some(text)
    }
}

/// Errors in a text with their places in the file.
pub(super) fn placed(text: &MappedText, errors: Vec<SyntaxError>) -> Errors {
    let place = |error: &SyntaxError| {
        text.source(error.span)
            .or_else(|| text.whole_source())
            .unwrap_or_default()
    };
    errors.into_iter().map(|error| (place(&error), error)).collect()
}
