//! Data connections of databases.

use super::Collector;
use super::possible::{forms, present};
use crate::arm::template::Resource;
use crate::arm::value::Node;
use crate::diagnostic::Undecided;
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
        let Some(properties) = present(&resource.body, &["properties"]) else {
            return;
        };
        let script = self.next_script();
        for (when, node) in forms(properties.property("managedIdentityResourceId")) {
            let id = node.as_ref().and_then(Node::as_text);
            let (Some(node), Some(id), Some(when)) = (node, id, when.and(&resource.condition)) else {
                let reason = "which identity the data connection has is not known".to_owned();
                self.facts.undecided.push(Undecided {
                    at: resource.properties_site,
                    reason,
                });
                continue;
            };
            if id.trimmed().is_empty() {
                continue;
            }
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
                when,
            });
        }
    }
}
