//! From the joined facts to the map.

use std::collections::{BTreeMap, BTreeSet};

use super::targets::{Reached, targets};
use super::{AccessMap, Assigned, IdentityKind, MapCluster, MapIdentity, MapUsage, Part, Scope, State};
use crate::facts::{Cluster, GrantScope, Identity, IdentityRef, IdentityUse, Level, Name, ResourceKey};
use crate::link::{Entry, Verdict, Workspace};
use crate::service::{Support, Usage};
use crate::text::{FileSpan, Symbol};

/// Identities that a map holds.
const MOST_IDENTITIES: usize = 2000;
/// Scopes, usages or targets of one identity that a map holds.
const MOST_OF_ONE: usize = 500;
/// Places of one thing that are kept.
const MOST_PLACES: usize = 3;

/// The key of a scope: cluster and part.
type ScopeKey = (Option<String>, Part);

/// An identity while the map is made.
#[derive(Debug)]
pub(super) struct Draft<'w> {
    kind: IdentityKind,
    name: String,
    pub(super) identity: Identity,
    /// The cluster of a system-assigned identity.
    cluster: Option<Name>,
    scopes: BTreeMap<ScopeKey, BTreeMap<Option<String>, MapUsage>>,
    pub(super) reached: Reached<'w>,
    named_at: Vec<FileSpan>,
    /// Whether it has more than a map can hold.
    cut: bool,
}

/// The map while it is made.
#[derive(Debug)]
struct Drafts<'w> {
    workspace: &'w Workspace,
    /// The one cluster that the files declare, if there is one only.
    sole: Option<Name>,
    /// What the clusters of templates are called, by the keys of their names: each has one name in the map.
    cluster_names: BTreeMap<&'w str, String>,
    identities: BTreeMap<(IdentityKind, String), Draft<'w>>,
    cut: bool,
}

impl AccessMap {
    /// What the facts of a workspace show.
    #[must_use]
    pub fn of(workspace: &Workspace) -> Self {
        let mut drafts = Drafts {
            workspace,
            sole: sole_cluster(workspace),
            cluster_names: cluster_names(workspace),
            identities: BTreeMap::new(),
            cut: false,
        };
        for entry in workspace.at_end() {
            drafts.allowed(&entry);
        }
        for used in workspace.facts.uses.iter().filter(|used| used.script.is_run()) {
            drafts.used(used);
        }
        for role in workspace.roles() {
            let Some(principal) = &role.principal else { continue };
            if workspace.works_for_kusto(&principal.identity, role.case)
                && let Some(draft) = drafts.identity(principal, None)
            {
                draft.reached.roles.push(role);
            }
        }
        for cluster in &workspace.facts.clusters {
            drafts.on_cluster(cluster);
        }
        let mut cut = drafts.cut;
        let accounts = known_accounts(workspace);
        let drafts = drafts.identities.into_values();
        let identities: Vec<_> = drafts
            .map(|draft| draft.finish(workspace, &accounts, &mut cut))
            .collect();
        cut |= workspace.gave_up_at().is_some();
        Self {
            identities,
            clusters: clusters(workspace),
            cut,
        }
    }
}

/// The only cluster that the files name, if a template declares it: what names no cluster then means this one.
fn sole_cluster(workspace: &Workspace) -> Option<Name> {
    let facts = &workspace.facts;
    let first = facts.clusters.first()?.resource.own()?;
    let declared = facts.clusters.iter().map(|cluster| cluster.resource.own());
    let allowed = facts.policies.iter().filter_map(|command| command.cluster.as_ref());
    let used = facts.uses.iter().filter_map(|used| used.cluster.as_ref());
    let mut named = declared.chain(allowed.chain(used).map(Some));
    named
        .all(|name| name.is_some_and(|name| name.is(first)))
        .then(|| first.clone())
}

/// The keys of the storage accounts that the files declare or give roles on.
fn known_accounts(workspace: &Workspace) -> BTreeSet<&str> {
    let facts = &workspace.facts;
    let declared = facts.accounts.iter().map(|account| account.name.key());
    let scoped = facts.roles.iter().filter_map(|role| match &role.scope {
        GrantScope::Storage { account, .. } => Some(account.key()),
        _ => None,
    });
    declared.chain(scoped).collect()
}

fn cluster_names(workspace: &Workspace) -> BTreeMap<&str, String> {
    let names = workspace
        .facts
        .clusters
        .iter()
        .filter_map(|cluster| cluster.resource.own());
    names.map(|name| (name.key(), name.to_string())).collect()
}

impl<'w> Drafts<'w> {
    fn cluster_name(&self, name: &Name) -> String {
        self.cluster_names
            .get(name.key())
            .cloned()
            .unwrap_or_else(|| name.to_string())
    }

    /// What an identity is called: the name that the configuration gives to it goes before its own.
    fn called(&self, identity: &Identity, own: &str) -> String {
        match self.workspace.name_of(identity) {
            Some(name) if name != own => format!("{name} ({own})"),
            _ => own.to_owned(),
        }
    }

    /// The draft of an identity. `cluster` is where it is named.
    fn identity(&mut self, named: &IdentityRef, cluster: Option<&Name>) -> Option<&mut Draft<'w>> {
        self.draft(&named.identity, &named.written, cluster)
    }

    fn draft(&mut self, identity: &Identity, written: &str, cluster: Option<&Name>) -> Option<&mut Draft<'w>> {
        let own = |key: &ResourceKey| key.own().map(ToString::to_string).unwrap_or_default();
        let (kind, key, name, cluster) = match identity {
            Identity::System(of) => {
                let of = of.as_ref().and_then(|key| key.own()).or(cluster).or(self.sole.as_ref());
                let key = of.map(|name| name.key().to_owned()).unwrap_or_default();
                let name = of.map_or_else(
                    || "system".to_owned(),
                    |name| format!("system of {}", self.cluster_name(name)),
                );
                (IdentityKind::System, key, name, of.cloned())
            }
            Identity::Object(id) => (IdentityKind::Object, id.clone(), self.called(identity, id), None),
            Identity::UserAssigned(user) => (
                IdentityKind::UserAssigned,
                identity.key().unwrap_or_default(),
                self.called(identity, &own(user)),
                None,
            ),
            Identity::Client(user) => (IdentityKind::Client, own(user), own(user), None),
            Identity::Symbol(symbol) => (IdentityKind::Symbol, symbol.key(), written.to_owned(), None),
            Identity::Malformed => (IdentityKind::Malformed, written.to_owned(), written.to_owned(), None),
        };
        if self.identities.len() >= MOST_IDENTITIES && !self.identities.contains_key(&(kind, key.clone())) {
            self.cut = true;
            return None;
        }
        let draft = self.identities.entry((kind, key)).or_insert_with(|| Draft {
            kind,
            name,
            identity: identity.clone(),
            cluster,
            scopes: BTreeMap::new(),
            reached: Reached::default(),
            named_at: Vec::new(),
            cut: false,
        });
        Some(draft)
    }

    fn scope(&self, cluster: Option<&Name>, part: Part) -> ScopeKey {
        (cluster.or(self.sole.as_ref()).map(|name| self.cluster_name(name)), part)
    }

    /// Adds what an entry of a policy allows.
    fn allowed(&mut self, found: &Entry<'w>) {
        let Some(named) = &found.entry.identity else { return };
        let (part, is_database) = match &found.command.level {
            Level::Cluster => (Part::Whole, false),
            Level::Database(Some(name)) => (Part::Database(name.to_string()), true),
            Level::Database(None) => (Part::SomeDatabase, true),
        };
        let scope = self.scope(found.command.cluster.as_ref(), part);
        let Some(draft) = self.identity(named, found.command.cluster.as_ref()) else {
            return;
        };
        draft.named_at.push(named.at);
        for word in &found.entry.usages {
            let (state, why) = match word.usage {
                None => (State::Wrong, "there is no such usage"),
                Some(Usage::SandboxArtifacts) if is_database => (State::Wrong, "works in the cluster's policy only"),
                Some(_) => (State::Unused, ""),
            };
            let usage = word
                .usage
                .map_or_else(|| word.word.clone(), |usage| usage.as_str().to_owned());
            draft.add(&scope, Some(usage), state, why, None, word.at);
        }
        if !found.entry.complete {
            let why = "the policy allows more than can be read";
            draft.add(&scope, None, State::Unknown, why, None, found.entry.at);
        }
    }

    /// Adds a use, with what the policies say of it.
    fn used(&mut self, used: &'w IdentityUse) {
        let part = match &used.database {
            Some(name) => Part::Database(name.to_string()),
            None => Part::SomeDatabase,
        };
        let scope = self.scope(used.cluster.as_ref(), part);
        let workspace = self.workspace;
        let Some(draft) = self.identity(&used.identity, used.cluster.as_ref()) else {
            return;
        };
        draft.named_at.push(used.identity.at);
        draft.reached.uses.push(used);
        let row = used.flow.row();
        let needed = match row.support {
            Support::Needs(usage) => usage,
            Support::NoUsage => return,
            Support::Never(_) => {
                let why = "the flow takes no managed identity";
                return draft.add(&scope, None, State::Wrong, why, Some(row.title), used.at);
            }
        };
        let usage = Some(needed.as_str().to_owned());
        let mut add = |state, why: &str| draft.add(&scope, usage.clone(), state, why, Some(row.title), used.at);
        if matches!(used.identity.identity, Identity::Malformed) {
            return add(State::Wrong, "this text names no identity");
        }
        match workspace.verdict(used, needed) {
            Verdict::Allowed => draft.mark_used(&scope, needed, row.title, used.at),
            Verdict::Undecided(why) => add(State::Unknown, &why),
            Verdict::Lacking(_) => add(State::Missing, "the policy lacks it for this identity"),
            Verdict::Elsewhere(_) => add(State::Missing, "allowed in another database or cluster only"),
            Verdict::Absent if comes_from_outside(&used.identity.identity) => {
                add(State::Unknown, "which identity this is, the files don't tell");
            }
            Verdict::Absent => add(State::Missing, "no policy names the identity"),
        }
    }

    /// Adds the identities that a cluster has.
    fn on_cluster(&mut self, cluster: &Cluster) {
        for user in &cluster.users.known {
            self.draft(&Identity::UserAssigned(user.clone()), "", None);
        }
        if cluster.system_identity == Some(true) {
            let own = Identity::System(Some(cluster.resource.clone()));
            self.draft(&own, "", None);
        }
    }
}

/// Whether the identity is filled in where the files don't show it.
pub(super) fn comes_from_outside(identity: &Identity) -> bool {
    let outside = |symbol: &Symbol| {
        matches!(
            symbol,
            Symbol::Placeholder(_) | Symbol::Interpolation { .. } | Symbol::Expression(_) | Symbol::List { .. }
        )
    };
    matches!(identity, Identity::Symbol(symbol) if outside(symbol))
}

impl Draft<'_> {
    /// Adds a usage to a scope. Of two states the one that stands out more is kept; a use makes `Unused` good.
    fn add(
        &mut self,
        scope: &ScopeKey,
        usage: Option<String>,
        state: State,
        why: &str,
        flow: Option<&'static str>,
        at: FileSpan,
    ) {
        if self.scopes.len() >= MOST_OF_ONE && !self.scopes.contains_key(scope) {
            self.cut = true;
            return;
        }
        let usages = self.scopes.entry(scope.clone()).or_default();
        if usages.len() >= MOST_OF_ONE && !usages.contains_key(&usage) {
            self.cut = true;
            return;
        }
        let known = usages.entry(usage.clone()).or_insert_with(|| MapUsage {
            usage,
            state,
            why: why.to_owned(),
            flows: Vec::new(),
            places: Vec::new(),
        });
        if state < known.state {
            (known.state, known.why) = (state, why.to_owned());
        }
        known.note(flow, at);
    }

    /// Marks what allows a use: in its own database, on its cluster, or where the files don't tell the database.
    fn mark_used(&mut self, scope: &ScopeKey, needed: Usage, flow: &'static str, at: FileSpan) {
        let (cluster, part) = scope;
        let mut found = false;
        for ((of, allowed_in), usages) in &mut self.scopes {
            let other_cluster = matches!((of, cluster), (Some(one), Some(two)) if one != two);
            let other_database = matches!((allowed_in, part), (Part::Database(one), Part::Database(two)) if !one.eq_ignore_ascii_case(two));
            if other_cluster || other_database {
                continue;
            }
            for usage in usages.values_mut() {
                let named = usage.usage.as_deref().and_then(Usage::named);
                if named.is_some_and(|named| named.allows(needed)) && matches!(usage.state, State::Unused | State::Good)
                {
                    usage.state = State::Good;
                    usage.note(Some(flow), at);
                    found = true;
                }
            }
        }
        if !found {
            let usage = Some(needed.as_str().to_owned());
            self.add(
                scope,
                usage,
                State::Good,
                "allowed by a policy of another place",
                Some(flow),
                at,
            );
        }
    }

    /// The identity as the map shows it; `cut` becomes true if it has more than a map can hold.
    fn finish(self, workspace: &Workspace, accounts: &BTreeSet<&str>, cut: &mut bool) -> MapIdentity {
        let assigned = assigned(&self, workspace);
        let mut targets = targets(&self, workspace, accounts);
        *cut |= self.cut || targets.len() > MOST_OF_ONE;
        targets.truncate(MOST_OF_ONE);
        let scopes = self.scopes.into_iter().map(|((cluster, part), usages)| Scope {
            cluster,
            part,
            usages: usages.into_values().collect(),
        });
        MapIdentity {
            kind: self.kind,
            name: self.name,
            assigned,
            scopes: scopes.collect(),
            targets,
        }
    }
}

impl MapUsage {
    fn note(&mut self, flow: Option<&'static str>, at: FileSpan) {
        if let Some(flow) = flow.filter(|flow| !self.flows.contains(flow)) {
            self.flows.push(flow);
        }
        if self.places.len() < MOST_PLACES && !self.places.contains(&at) {
            self.places.push(at);
        }
    }
}

/// Whether the identity is on the clusters on which the files name it.
fn assigned(draft: &Draft<'_>, workspace: &Workspace) -> Vec<Assigned> {
    let mut found: BTreeMap<String, State> = BTreeMap::new();
    let at = draft.named_at.first().copied().unwrap_or_default();
    for cluster in workspace
        .facts
        .clusters
        .iter()
        .take_while(|_| workspace.may_compare(at))
    {
        let Some(name) = cluster.resource.own() else { continue };
        let is_named = match &draft.cluster {
            Some(own) => own.is(name),
            None => draft
                .scopes
                .keys()
                .any(|(scope, _)| scope.as_deref() == Some(name.to_string().as_str())),
        };
        let state = match &draft.identity {
            Identity::System(_) => cluster
                .system_identity
                .map(|has| if has { State::Good } else { State::Wrong }),
            Identity::UserAssigned(user) if cluster.users.known.iter().any(|known| known.is(user)) => Some(State::Good),
            identity => cluster.lacks(identity).then_some(State::Wrong),
        };
        let state = state.unwrap_or(State::Unknown);
        let is_on_it = state == State::Good && draft.kind != IdentityKind::System;
        if is_named || is_on_it {
            let known = found.entry(name.to_string()).or_insert(state);
            if *known != state {
                *known = State::Unknown;
            }
        }
    }
    found
        .into_iter()
        .map(|(cluster, state)| Assigned { cluster, state })
        .collect()
}

/// The clusters of templates, each once.
fn clusters(workspace: &Workspace) -> Vec<MapCluster> {
    let mut found: BTreeMap<String, MapCluster> = BTreeMap::new();
    for cluster in &workspace.facts.clusters {
        let Some(name) = cluster.resource.own() else { continue };
        let users = cluster.users.known.iter().filter_map(|user| user.own());
        let users: Vec<String> = users.map(ToString::to_string).collect();
        let known = found.entry(name.key().to_owned()).or_insert_with(|| MapCluster {
            name: name.to_string(),
            system_identity: cluster.system_identity,
            users: Vec::new(),
            more_users: false,
            vaults: Vec::new(),
            at: cluster.at,
        });
        known.more_users |= !cluster.users.complete;
        if known.system_identity != cluster.system_identity {
            known.system_identity = None;
        }
        let vaults = cluster
            .keys
            .iter()
            .map(|key| key.vault.as_ref().map(ToString::to_string));
        known.vaults.extend(vaults);
        known.users.extend(users);
    }
    for cluster in found.values_mut() {
        cluster.users.sort();
        cluster.users.dedup();
        cluster.vaults.sort();
        cluster.vaults.dedup();
    }
    found.into_values().take(MOST_IDENTITIES).collect()
}
