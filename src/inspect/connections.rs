//! Data connections and followed databases in the view of the facts.

use serde_json::{Value, json};

use super::facts::{identity, resource};
use super::location;
use crate::facts::{ConnectionIdentity, DataConnection, FollowedDatabase, GivenIdentity, Name};
use crate::text::Sources;

pub(super) fn connection(connection: &DataConnection, sources: &Sources) -> Value {
    json!({
        "flow": format!("{:?}", connection.flow),
        "signsIn": format!("{:?}", connection.signs_in),
        "name": connection.name.to_string(),
        "cluster": connection.cluster.as_ref().map(Name::to_string),
        "identities": given(&connection.identities, sources),
        "setsObjectId": connection.object_id_at.is_some(),
        "hub": connection.hub.as_ref().map(resource),
        "storage": connection.storage.as_ref().map(resource),
        "cosmos": connection.cosmos.as_ref().map(resource),
        "when": connection.when.to_string(),
    })
}

pub(super) fn followed(followed: &FollowedDatabase) -> Value {
    json!({
        "follower": followed.follower.to_string(),
        "leader": resource(&followed.leader),
        "database": followed.database.as_ref().map(Name::to_string),
        "allExternalTables": followed.all_external_tables,
        "when": followed.when.to_string(),
    })
}

/// What a property that takes an identity may be.
pub(super) fn given(identities: &[ConnectionIdentity], sources: &Sources) -> Vec<Value> {
    let one = |given: &ConnectionIdentity| {
        let mut shown = json!({ "when": given.when.to_string(), "location": location(given.at, sources) });
        let (name, value) = match &given.value {
            GivenIdentity::Absent => ("absent", json!(true)),
            GivenIdentity::Resource(named) => ("resource", identity(named)),
            GivenIdentity::Principal(named) => ("principal", identity(named)),
            GivenIdentity::Unknown => ("$unknown", json!("the identity is not known")),
        };
        if let Some(shown) = shown.as_object_mut() {
            shown.insert(name.to_owned(), value);
        }
        shown
    };
    identities.iter().map(one).collect()
}
