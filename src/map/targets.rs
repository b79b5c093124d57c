//! What an identity reaches outside of Kusto, and by which roles.

use std::collections::{BTreeMap, BTreeSet};

use super::build::{Draft, comes_from_outside};
use super::{State, Target, TargetKind};
use crate::facts::{DataConnection, GrantScope, IdentityUse, Known, Name, ResourceKey, RoleAssignment, Same};
use crate::link::{Workspace, is_granted_elsewhere};
use crate::service::{self, Reach, role_by_id};
use crate::text::FileSpan;

/// Places of one target that are kept.
const MOST_PLACES: usize = 3;

/// What is known of the reach of an identity.
#[derive(Debug, Default)]
pub(super) struct Reached<'w> {
    pub(super) uses: Vec<&'w IdentityUse>,
    pub(super) roles: Vec<&'w RoleAssignment>,
}

/// A target while the map is made.
#[derive(Debug, Default)]
struct Draw {
    name: Option<String>,
    roles: Vec<String>,
    places: Vec<FileSpan>,
    used: bool,
    writes: bool,
    /// The best that the roles give.
    best: Option<Reach>,
    unknown_role: bool,
    /// Whether a role lets it receive events.
    receives: bool,
    /// Whether a role on what is around it does.
    inherits: bool,
}

impl Draw {
    fn at(&mut self, at: FileSpan) {
        if self.places.len() < MOST_PLACES && !self.places.contains(&at) {
            self.places.push(at);
        }
    }

    fn role(&mut self, role: &RoleAssignment) {
        if !is_granted_elsewhere(role.at) {
            self.at(role.at);
        }
        for possible in &role.role {
            let (shown, reach) = match &possible.value {
                Known::Value(id) => match role_by_id(id) {
                    Some(role) => (role.name.to_owned(), Some(role.reach)),
                    None => (format!("role {id}"), None),
                },
                Known::Absent => continue,
                Known::Unknown(_) => ("a role that is not known".to_owned(), None),
            };
            self.unknown_role |= reach.is_none();
            self.best = better(self.best, reach);
            self.receives |= reach.is_some_and(|reach| reach.reads(service::Target::EventHubs));
            if !self.roles.contains(&shown) {
                self.roles.push(shown);
            }
        }
    }
}

fn better(one: Option<Reach>, two: Option<Reach>) -> Option<Reach> {
    let rank = |reach: Option<Reach>| match reach {
        None => 0,
        Some(Reach::ControlPlane) => 1,
        Some(Reach::Of(..)) => 2,
        Some(Reach::BlobRead) => 3,
        Some(Reach::BlobWrite) => 4,
    };
    if rank(two) > rank(one) { two } else { one }
}

/// The targets of an identity: those that it uses, and those on which it has a role.
pub(super) fn targets(draft: &Draft<'_>, workspace: &Workspace, accounts: &BTreeSet<&str>) -> Vec<Target> {
    let mut found: BTreeMap<(TargetKind, String), Draw> = BTreeMap::new();
    for used in &draft.reached.uses {
        for (kind, (key, name)) in targets_of(used, workspace) {
            let draw = found.entry((kind, key)).or_default();
            draw.name = name;
            draw.used = true;
            draw.writes |= used.flow.on_blobs() == Some(Reach::BlobWrite);
            draw.at(used.at);
        }
    }
    let may_have_more = may_have_more(draft, workspace);
    let mut around = Draw::default();
    for role in &draft.reached.roles {
        let (kind, (key, name)) = match &role.scope {
            GrantScope::Storage { account, .. } => (TargetKind::Storage, named(std::slice::from_ref(account))),
            GrantScope::Resource(on) => (kind_of(on), resource(Some(on))),
            GrantScope::Group => (TargetKind::Group, resource(None)),
            GrantScope::Unknown => (TargetKind::Unknown, resource(None)),
        };
        if matches!(kind, TargetKind::Group | TargetKind::Unknown) {
            around.role(role);
        }
        let draw = found.entry((kind, key)).or_default();
        draw.name = name;
        draw.role(role);
    }
    inherit(&mut found, around.receives);
    let doubt = |account: &str| {
        if comes_from_outside(&draft.identity) {
            Some("which identity this is, the files don't tell")
        } else if may_have_more {
            Some("a role may be there that can't be read")
        } else if !accounts.contains(account) {
            Some("the account is not in the files")
        } else {
            None
        }
    };
    let told = found
        .into_iter()
        .map(|((kind, key), draw)| target(kind, draw, &around, doubt(&key)));
    told.collect()
}

/// The key of a target, and its name where the files tell it.
type Named = (String, Option<String>);

/// What a use reaches, as its flow needs: a data connection from Event Grid reads events and blobs.
fn targets_of(used: &IdentityUse, workspace: &Workspace) -> Vec<(TargetKind, Named)> {
    if let Some(account) = &used.account {
        return vec![(TargetKind::Storage, named(std::slice::from_ref(account)))];
    }
    let (hubs, items) = (
        used.flow.reads(service::Target::EventHubs),
        used.flow.reads(service::Target::CosmosItems),
    );
    let connection = (hubs || items).then(|| connection_of(used, workspace)).flatten();
    let mut targets = Vec::new();
    if hubs {
        let hub = connection.and_then(|found| found.hub.as_ref());
        targets.push((TargetKind::EventHub, resource(hub)));
    }
    if items {
        let account = connection.and_then(|found| found.cosmos.as_ref());
        targets.push((TargetKind::CosmosDb, resource(account)));
    }
    if connection.is_some() && used.flow.on_blobs().is_some() {
        let account = connection.and_then(|found| found.storage.as_ref());
        let own = account.and_then(ResourceKey::own);
        targets.push((TargetKind::Storage, named(own.map_or(&[], std::slice::from_ref))));
    }
    targets
}

/// The data connection that works as an identity.
fn connection_of<'w>(used: &IdentityUse, workspace: &'w Workspace) -> Option<&'w DataConnection> {
    let mut connections = workspace.facts.connections.iter();
    connections.find(|connection| {
        workspace.may_compare(used.at)
            && connection.case == used.script.case
            && connection.identities.iter().any(|given| given.at == used.at)
    })
}

/// The key and the name of a resource in the map; both are empty for one that the files don't tell.
fn resource(key: Option<&ResourceKey>) -> Named {
    named(key.map_or(&[], |key| &key.names))
}

/// The names of a resource and those around it as one: a hub is told from that of another namespace.
fn named(names: &[Name]) -> Named {
    let keys: Vec<_> = names.iter().map(Name::key).collect();
    let shown: Vec<_> = names.iter().map(ToString::to_string).collect();
    (keys.join("/"), (!shown.is_empty()).then(|| shown.join("/")))
}

/// Lets hubs have the roles on their namespaces, and on what is around those.
fn inherit(found: &mut BTreeMap<(TargetKind, String), Draw>, around: bool) {
    let namespace = |key: &str| key.split('/').next().unwrap_or_default().to_owned();
    let of_hubs = |kind: TargetKind| kind == TargetKind::EventHub;
    let receive = found.iter().filter(|((kind, _), draw)| of_hubs(*kind) && draw.receives);
    let receive: BTreeSet<String> = receive.map(|((_, key), _)| key.clone()).collect();
    let used = found.iter().filter(|((kind, _), draw)| of_hubs(*kind) && draw.used);
    let used: BTreeSet<String> = used.map(|((_, key), _)| namespace(key)).collect();
    for ((_, key), draw) in found.iter_mut().filter(|((kind, _), _)| of_hubs(*kind)) {
        draw.inherits = around || receive.contains(&namespace(key));
        draw.used |= used.contains(key);
    }
}

/// What kind of target a resource is.
fn kind_of(resource: &ResourceKey) -> TargetKind {
    match resource.kind.split('/').next() {
        Some("microsoft.eventhub") => TargetKind::EventHub,
        Some("microsoft.documentdb") => TargetKind::CosmosDb,
        Some("microsoft.keyvault") => TargetKind::Vault,
        _ => TargetKind::Other,
    }
}

/// Whether a role assignment may go to the identity whose principal can't be told.
fn may_have_more(draft: &Draft<'_>, workspace: &Workspace) -> bool {
    let Some(used) = draft.reached.uses.first() else {
        return false;
    };
    let mut roles = workspace
        .data_roles(&draft.identity, used.script.case)
        .take_while(|_| workspace.may_compare(used.at));
    roles.any(|(_, same)| same == Same::Maybe)
}

/// A target as the map shows it. `doubt` is why a role that is not there may be there all the same.
fn target(kind: TargetKind, draw: Draw, around: &Draw, doubt: Option<&str>) -> Target {
    let best = better(draw.best, around.best);
    let unread = (draw.unknown_role || around.unknown_role).then_some("a role may be there that can't be read");
    let manages = kind == TargetKind::Storage && best == Some(Reach::ControlPlane);
    let (state, why) = match best {
        _ if !draw.used && !manages => (State::Unused, ""),
        _ if draw.name.is_none() => (State::Unknown, "the files don't tell which one"),
        _ if kind == TargetKind::EventHub && draw.receives => (State::Good, ""),
        _ if kind == TargetKind::EventHub && draw.inherits => (State::Good, "by a role on what is around it"),
        _ if kind == TargetKind::EventHub => (State::Unknown, "no role in the files receives its events"),
        _ if kind != TargetKind::Storage => (State::Unknown, "roles on its data are not weighed here"),
        Some(Reach::BlobWrite) => (State::Good, ""),
        Some(Reach::BlobRead) if !draw.writes => (State::Good, ""),
        _ => match (unread.or(doubt), best) {
            (Some(doubt), _) => (State::Unknown, doubt),
            (None, Some(Reach::BlobRead)) => (State::Wrong, "the role reads only, and a flow writes"),
            (None, Some(Reach::ControlPlane)) => (State::Wrong, "management roles don't reach blobs"),
            (None, Some(_)) => (State::Missing, "no role on blobs in the files"),
            (None, None) => (State::Missing, ""),
        },
    };
    Target {
        kind,
        name: draw.name,
        roles: draw.roles,
        state,
        why: why.to_owned(),
        places: draw.places,
    }
}
