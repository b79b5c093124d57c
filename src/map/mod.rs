//! The access map: which identity may do what on which cluster and database, and which roles it holds where. It
//! says what the files show, what is missing or contradictory in them, and what they don't tell.

mod build;
mod redacted;
mod targets;

use crate::text::FileSpan;

/// What the files show of access.
#[derive(Clone, Debug, Default)]
pub struct AccessMap {
    /// The identities that Kusto works as, by kind and name.
    pub identities: Vec<MapIdentity>,
    /// The clusters of templates, by name.
    pub clusters: Vec<MapCluster>,
    /// Whether there was more than a map can hold.
    pub cut: bool,
}

/// How something stands in the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It contradicts what the service asks for.
    Wrong,
    /// It is needed, and the files don't give it.
    Missing,
    /// It can't be told.
    Unknown,
    /// It is given, and nothing in the files needs it.
    Unused,
    /// It is given and needed.
    Good,
}

impl State {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Missing => "missing",
            Self::Unknown => "unknown",
            Self::Unused => "unused",
            Self::Good => "ok",
        }
    }

    /// A mark that tells it without colours.
    #[must_use]
    pub fn mark(self) -> char {
        match self {
            Self::Wrong => '!',
            Self::Missing => '✗',
            Self::Unknown => '?',
            Self::Unused => '·',
            Self::Good => '✓',
        }
    }

    /// Whether somebody has to look at it.
    #[must_use]
    pub fn stands_out(self) -> bool {
        matches!(self, Self::Wrong | Self::Missing)
    }
}

/// What kind of name an identity has in the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IdentityKind {
    /// The system-assigned identity of a cluster.
    System,
    /// A user-assigned identity, by its resource.
    UserAssigned,
    /// An identity by its object id.
    Object,
    /// A user-assigned identity, by its client id.
    Client,
    /// A parameter, an expression or a placeholder stands for it.
    Symbol,
    /// A text that can name no identity.
    Malformed,
}

impl IdentityKind {
    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::System => "system-assigned",
            Self::UserAssigned => "user-assigned",
            Self::Object => "object id",
            Self::Client => "client id",
            Self::Symbol => "not resolved",
            Self::Malformed => "no identity",
        }
    }
}

/// An identity.
#[derive(Clone, Debug)]
pub struct MapIdentity {
    /// What kind of name it has.
    pub kind: IdentityKind,
    /// Its name for people.
    pub name: String,
    /// The clusters of templates that it is on or should be on.
    pub assigned: Vec<Assigned>,
    /// Where policies name it and commands use it.
    pub scopes: Vec<Scope>,
    /// What it reaches, or should reach.
    pub targets: Vec<Target>,
}

/// Whether an identity is on a cluster.
#[derive(Clone, Debug)]
pub struct Assigned {
    /// The cluster's name.
    pub cluster: String,
    /// `Good` if it is, `Wrong` if it is not and a policy or command names it.
    pub state: State,
}

/// A cluster or database in which an identity may do something, or does.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The cluster's name; `None` when the files don't tell.
    pub cluster: Option<String>,
    /// The part of the cluster.
    pub part: Part,
    /// Usages, by their names.
    pub usages: Vec<MapUsage>,
}

/// A part of a cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The cluster as a whole.
    Whole,
    /// This database.
    Database(String),
    /// A database that the files don't name.
    SomeDatabase,
}

/// A usage in a scope.
#[derive(Clone, Debug)]
pub struct MapUsage {
    /// The usage; `None` where a policy can't be read wholly, or the flow takes no identity.
    pub usage: Option<String>,
    /// How it stands.
    pub state: State,
    /// Why, where the state alone does not say it.
    pub why: String,
    /// The flows that need it.
    pub flows: Vec<&'static str>,
    /// Where it is allowed or needed, a few places.
    pub places: Vec<FileSpan>,
}

/// What kind of resource an identity reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetKind {
    /// A storage account.
    Storage,
    /// An event hub.
    EventHub,
    /// A Cosmos DB account.
    CosmosDb,
    /// A key vault.
    Vault,
    /// Another resource.
    Other,
    /// Everything in a resource group, subscription or management group.
    Group,
    /// It can't be told.
    Unknown,
}

impl TargetKind {
    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Storage => "storage account",
            Self::EventHub => "event hub",
            Self::CosmosDb => "Cosmos DB account",
            Self::Vault => "key vault",
            Self::Other => "other resource",
            Self::Group => "resource group or above",
            Self::Unknown => "scope not known",
        }
    }
}

/// A resource that an identity reaches or should reach.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its kind.
    pub kind: TargetKind,
    /// Its name; `None` when the files don't tell.
    pub name: Option<String>,
    /// The roles that the identity has on it.
    pub roles: Vec<String>,
    /// How it stands.
    pub state: State,
    /// Why, where the state alone does not say it.
    pub why: String,
    /// Where a role is given or needed, a few places.
    pub places: Vec<FileSpan>,
}

/// A cluster of a template.
#[derive(Clone, Debug)]
pub struct MapCluster {
    /// Its name.
    pub name: String,
    /// Whether it has a system-assigned identity; `None` when the files don't say.
    pub system_identity: Option<bool>,
    /// Its user-assigned identities.
    pub users: Vec<String>,
    /// Whether it may have others.
    pub more_users: bool,
    /// The vaults with its keys: `None` for one that can't be told.
    pub vaults: Vec<Option<String>>,
    /// Where it is declared.
    pub at: FileSpan,
}

impl AccessMap {
    /// How many things are in each state: wrong, missing, unknown.
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        let states: Vec<State> = self.identities.iter().flat_map(MapIdentity::states).collect();
        let count = |wanted| states.iter().filter(|state| **state == wanted).count();
        (count(State::Wrong), count(State::Missing), count(State::Unknown))
    }
}

impl MapIdentity {
    /// The states of everything that is said of the identity.
    pub fn states(&self) -> impl Iterator<Item = State> {
        let assigned = self.assigned.iter().map(|assigned| assigned.state);
        let usages = self
            .scopes
            .iter()
            .flat_map(|scope| &scope.usages)
            .map(|usage| usage.state);
        let targets = self.targets.iter().map(|target| target.state);
        assigned.chain(usages).chain(targets)
    }
}
