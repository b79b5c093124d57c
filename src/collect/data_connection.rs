//! Data connections of databases.

use super::Collector;
use super::possible::present;
use crate::arm::template::Resource;
use crate::arm::value::Node;
use crate::facts::{Identity, IdentityRef, IdentityUse};
use crate::service::Flow;

impl Collector<'_> {
    /// A `Microsoft.Kusto/clusters/databases/dataConnections`.
    pub(super) fn data_connection(&mut self, resource: &Resource) {
        let kind = present(&resource.body, &["kind"]);
        let flow = match kind.as_ref().and_then(Node::as_str).map(str::to_lowercase).as_deref() {
            Some("eventhub" | "eventhubwithmanagedidentity") => Flow::EventHubConnection,
            Some("eventgrid" | "eventgridwithmanagedidentity") => Flow::EventGridConnection,
            Some("cosmosdb") => Flow::CosmosDbConnection,
            Some("iothub") => Flow::IotHubConnection,
            _ => return,
        };
        let Some(node) = present(&resource.body, &["properties", "managedIdentityResourceId"]) else {
            return;
        };
        let Some(id) = node.as_text().filter(|id| !id.trimmed().is_empty()) else {
            return;
        };
        let script = self.next_script();
        let written = self.written(node.site);
        self.facts.uses.push(IdentityUse {
            flow,
            identity: IdentityRef {
                identity: Identity::of_resource_id(&id),
                at: node.site,
                written,
            },
            at: node.site,
            database: self.parent_name(&resource.name, 1),
            cluster: self.parent_name(&resource.name, 0),
            account: None,
            script,
            order: 0,
            when: resource.condition.clone(),
        });
    }
}
