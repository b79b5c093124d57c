//! Where commands are sent to: linked services of pipelines, and addresses of clusters.

use std::collections::BTreeMap;

use super::Collector;
use super::embedded::Destination;
use super::encryption::named_by_reference;
use super::possible::{present, split_last};
use crate::arm::template::Resource;
use crate::arm::value::{Node, Property, Value};
use crate::facts::{Name, ResourceKey};
use crate::service::is_trusted_host;
use crate::text::{MappedText, Span};

/// The type of clusters, in lower case.
const CLUSTERS: &str = "microsoft.kusto/clusters";

/// The type of linked services that lead to a cluster.
const DATA_EXPLORER: &str = "AzureDataExplorer";

/// What the name of a host starts with that takes in data for a cluster.
const INGESTION: &str = "ingest-";

/// More linked services of one name than this are not told apart.
const MOST_OF_ONE_NAME: usize = 16;

/// The linked services of a template.
#[derive(Debug, Default)]
pub(super) struct LinkedServices {
    /// By their own names.
    by_name: BTreeMap<String, Vec<LinkedService>>,
    /// Whether the own names of some are not known: any activity may mean them.
    has_unnamed: bool,
}

/// A linked service.
#[derive(Debug)]
struct LinkedService {
    factory: Name,
    body: Node,
}

impl LinkedServices {
    /// The one that is certainly meant in a factory.
    fn get(&self, factory: &Name, name: &Name) -> Option<&LinkedService> {
        let named = self
            .by_name
            .get(name.key())
            .filter(|_| name.is_known() && !self.has_unnamed)?;
        let mut may_be = named
            .iter()
            .take(MOST_OF_ONE_NAME + 1)
            .filter(|service| !service.factory.is_not(factory));
        let first = may_be
            .next()
            .filter(|_| may_be.next().is_none() && named.len() <= MOST_OF_ONE_NAME)?;
        first.factory.is(factory).then_some(first)
    }
}

impl Collector<'_> {
    /// A linked service, which activities name.
    pub(super) fn linked_service(&mut self, resource: &Resource) {
        let kind = present(&resource.body, &["properties", "type"]);
        if kind
            .as_ref()
            .and_then(Node::as_str)
            .is_some_and(|kind| kind != DATA_EXPLORER)
        {
            return;
        }
        let names = resource.name.as_text().map(|name| ResourceKey::new("", &name).names);
        let Some([factory, name]) = names
            .as_deref()
            .filter(|names| names.iter().skip(1).all(Name::is_known))
        else {
            self.linked_services.has_unnamed = true;
            return;
        };
        let service = LinkedService {
            factory: factory.clone(),
            body: resource.body.clone(),
        };
        let named = self.linked_services.by_name.entry(name.key().to_owned()).or_default();
        named.push(service);
    }

    /// Where an activity of the pipeline `pipeline` sends its commands to.
    pub(super) fn destination_of(&self, activity: &Node, pipeline: &Node) -> Destination {
        let Some(link) = present(activity, &["linkedServiceName"]) else {
            return Destination::default();
        };
        let Some(service) = self.service_named(&link, pipeline) else {
            return Destination::default();
        };
        let known = |name: &str| present(&service.body, &["properties", "typeProperties", name]);
        Destination {
            cluster: known("endpoint").and_then(|endpoint| self.cluster_at(&endpoint)),
            database: known("database").and_then(|database| self.linked_database(&database, &link, service)),
        }
    }

    /// The linked service that an activity names.
    fn service_named(&self, link: &Node, pipeline: &Node) -> Option<&LinkedService> {
        let factory = split_last(&pipeline.as_text()?).0;
        let reference = present(link, &["referenceName"])?.as_text()?;
        self.linked_services.get(&Name::of(&factory), &Name::of(&reference))
    }

    /// The database of a linked service; one that it takes from its own parameter is what the activity hands
    /// over, or the default of the parameter.
    fn linked_database(&self, database: &Node, link: &Node, service: &LinkedService) -> Option<Name> {
        let written = database.as_str().unwrap_or_default();
        let Some(parameter) = own_parameter(written) else {
            return self.settled(database);
        };
        match link.property("parameters") {
            Property::Absent => {}
            Property::Present(handed_over) => match handed_over.property(parameter) {
                Property::Absent => {}
                Property::Present(value) => return self.settled(&value),
                Property::Unknown(_) | Property::OneOf(_) => return None,
            },
            Property::Unknown(_) | Property::OneOf(_) => return None,
        }
        let default = present(&service.body, &["properties", "parameters", parameter, "defaultValue"])?;
        self.settled(&default)
    }

    /// The name that a value holds, unless a run decides it.
    pub(super) fn settled(&self, node: &Node) -> Option<Name> {
        let text = node.as_text()?;
        (!text.is_empty() && !text.as_str().contains('@')).then(|| self.name(node))
    }

    /// The cluster at an address, or of a name.
    pub(super) fn cluster_at(&self, address: &Node) -> Option<Name> {
        let name = match &address.value {
            Value::Unknown(unknown) => ["uri", "dataIngestionUri"]
                .iter()
                .find_map(|property| named_by_reference(&unknown.symbol, CLUSTERS, property, address.site))?,
            Value::String(text) => cluster_of_host(text)?,
            _ => return None,
        };
        Some(self.name(&Node::written(Value::text(name), address.site)))
    }
}

/// The parameter of a linked service that an expression of its own reads: `@{linkedService().database}`.
fn own_parameter(written: &str) -> Option<&str> {
    let inner = written.strip_prefix('@')?;
    let inner = inner
        .strip_prefix('{')
        .and_then(|inner| inner.strip_suffix('}'))
        .unwrap_or(inner);
    let (function, parameter) = inner.trim().split_once("().")?;
    let is_name = !parameter.is_empty()
        && parameter
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (function.eq_ignore_ascii_case("linkedService") && is_name).then_some(parameter)
}

/// The cluster of `https://NAME.REGION.kusto.windows.net`, or of its bare name. Hosts of other services that take
/// KQL name no cluster.
fn cluster_of_host(address: &MappedText) -> Option<MappedText> {
    let address = address.trimmed();
    let text = address.as_str();
    let start = text.find("://").map_or(0, |at| at + 3);
    let host = text.get(start..)?;
    let host = host.get(..host.find(['/', ':', ';']).unwrap_or(host.len()))?;
    let is_bare =
        start == 0 && !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let labels: Vec<&str> = host.split('.').collect();
    let is_cluster = match labels.as_slice() {
        [_, "kusto", domain, ..] | [_, _, "kusto", domain, ..] => {
            is_trusted_host(host) && !["azuresynapse", "fabric", "data"].contains(domain)
        }
        _ => is_bare,
    };
    let first = labels.first().filter(|first| is_cluster && !first.is_empty())?;
    let own = first.strip_prefix(INGESTION).unwrap_or(first);
    let from = start + first.len() - own.len();
    Some(address.part(Span::of(from, start + first.len())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::FileId;

    #[test]
    fn hosts_name_their_cluster() {
        let of = |address: &str| {
            let cluster = cluster_of_host(&MappedText::of_file(FileId(0), address));
            cluster.map(|cluster| cluster.as_str().to_owned())
        };
        for address in [
            "https://quarry.westeurope.kusto.windows.net",
            "https://ingest-quarry.westeurope.kusto.windows.net:443/",
            "https://quarry.kusto.chinacloudapi.cn/v1",
            "quarry",
        ] {
            assert_eq!(of(address).as_deref(), Some("quarry"), "{address}");
        }
        for address in [
            "",
            "https://",
            "https://example.com",
            "https://pool.place.kusto.azuresynapse.net",
            "https://x.z9.kusto.fabric.microsoft.com",
            "https://quarry",
            "quarry one",
        ] {
            assert_eq!(of(address), None, "{address}");
        }
    }

    #[test]
    fn a_linked_service_reads_its_own_parameters() {
        assert_eq!(own_parameter("@{linkedService().database}"), Some("database"));
        assert_eq!(own_parameter("@linkedservice().db_1"), Some("db_1"));
        for other in [
            "linkedService().x",
            "@dataset().x",
            "@{linkedService().x}y",
            "@linkedService()",
        ] {
            assert_eq!(own_parameter(other), None, "{other}");
        }
    }
}
