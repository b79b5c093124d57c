//! Data connections, and databases that follow others.

use super::{Case, Condition, IdentityRef, Known, Name, Possible, ResourceKey};
use crate::arm::trail::Trail;
use crate::diagnostic::Diagnostic;
use crate::service::{Flow, SignsIn};
use crate::text::FileSpan;

/// A data connection of a database.
#[derive(Clone, Debug)]
pub struct DataConnection {
    /// The flow that it is, by its kind.
    pub flow: Flow,
    /// How it signs in to what it reads from.
    pub signs_in: SignsIn,
    /// Its name, without those of cluster and database.
    pub name: Name,
    /// The cluster; `None` when it can't be told.
    pub cluster: Option<Name>,
    /// The value of `managedIdentityResourceId`, one for each form that it may have.
    pub identities: Vec<ConnectionIdentity>,
    /// The value of `managedIdentityObjectId`, if it is written.
    pub object_id_at: Option<FileSpan>,
    /// The event hub.
    pub hub: Option<ResourceKey>,
    /// The storage account.
    pub storage: Option<ResourceKey>,
    /// The Cosmos DB account.
    pub cosmos: Option<ResourceKey>,
    /// The name of the member `properties`.
    pub at: FileSpan,
    /// When it is deployed.
    pub when: Condition,
    /// The template.
    pub case: Case,
}

/// What a property that takes the id of an identity may be: `managedIdentityResourceId` of a data connection,
/// `userIdentity` of a customer-managed key.
#[derive(Clone, Debug)]
pub struct ConnectionIdentity {
    /// When it is this.
    pub when: Condition,
    /// What it is.
    pub value: GivenIdentity,
    /// The resource group in its id, as far as that tells.
    pub group: Option<String>,
    /// The value, or the name of `properties` without one.
    pub at: FileSpan,
    /// Where the value comes from.
    pub origin: FileSpan,
    /// The steps between the two.
    pub trail: Trail,
}

impl ConnectionIdentity {
    /// Adds to a finding where the value comes from, and by which way.
    #[must_use]
    pub fn traced(&self, finding: Diagnostic) -> Diagnostic {
        let place = Possible {
            when: Condition::default(),
            value: Known::Value(()),
            site: self.at,
            origin: self.origin,
            trail: self.trail.clone(),
        };
        place.traced(finding, "the identity")
    }
}

/// An identity where the id of its resource is expected.
#[derive(Clone, Debug)]
pub enum GivenIdentity {
    /// None: the property is not there, or empty.
    Absent,
    /// This one.
    Resource(IdentityRef),
    /// This one, by its object id or client id: no resource id, which the service expects.
    Principal(IdentityRef),
    /// It can't be told.
    Unknown,
}

/// A database of a cluster that follows one of another cluster.
#[derive(Clone, Debug)]
pub struct FollowedDatabase {
    /// The cluster that follows.
    pub follower: Name,
    /// The cluster that is followed.
    pub leader: ResourceKey,
    /// The database; `None` for all of them.
    pub database: Option<Name>,
    /// Whether it has all external tables, and not some that are named.
    pub all_external_tables: bool,
    /// The value of `clusterResourceId`.
    pub at: FileSpan,
    /// When it is deployed.
    pub when: Condition,
    /// The template.
    pub case: Case,
}
