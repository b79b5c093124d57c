//! What the configuration says to be given elsewhere: facts as a file would hold them, kept apart from those of the
//! files, so that joins find them and no rule judges them.

use super::Workspace;
use super::grant::built_in;
use super::naming::Naming;
use super::timeline::covers;
use crate::config::{Grant, Granted, Grantee};
use crate::facts::{
    Callout, Case, Condition, Facts, GrantScope, Identity, IdentityRef, IdentityUse, Known, KustoGrant, Level, Name,
    PolicyAction, PolicyCommand, PolicyEntry, Possible, Purpose, ResourceKey, RoleAssignment, Same, ScriptId, Setting,
    UsageWord, VaultAccess, Wording,
};
use crate::service::{Reach, Role, Target, Usage};
use crate::text::{FileId, FileSpan, Span};

/// The place of what stands in no file of the run.
const NOWHERE: FileSpan = FileSpan {
    file: FileId(u32::MAX),
    span: Span { start: 0, end: 0 },
};

/// Whether a place is that of something which the configuration says to be given.
#[must_use]
pub fn is_granted_elsewhere(at: FileSpan) -> bool {
    at.file == NOWHERE.file
}

/// The type of the resources on which a role is assigned, in lower case; `None` for storage accounts.
fn kind_of(role: Role) -> Option<&'static str> {
    let Reach::Of(target, _) = role.reach else {
        return None;
    };
    match target {
        Target::Blobs | Target::Queues | Target::Tables | Target::EventGrid => None,
        Target::EventHubs => Some("microsoft.eventhub/namespaces"),
        Target::CosmosAccount | Target::CosmosItems => Some("microsoft.documentdb/databaseaccounts"),
        Target::OpenAI => Some("microsoft.cognitiveservices/accounts"),
        Target::VaultKeys | Target::VaultSecrets => Some("microsoft.keyvault/vaults"),
        Target::Sql => Some("microsoft.sql/servers"),
        Target::Identities => Some("microsoft.managedidentity/userassignedidentities"),
    }
}

/// The facts that the entries of a configuration stand for.
pub(super) fn facts_of(entries: &[Granted], naming: &Naming) -> Facts {
    let mut facts = Facts::default();
    for (entry, index) in entries.iter().zip(0..) {
        let who = entry.to.as_ref().map(|to| grantee(to, naming));
        match (&entry.grant, who) {
            (Grant::Callout(kind), _) => facts.callouts.push(Callout {
                kind: Some(kind.clone()),
                at: NOWHERE,
            }),
            (_, None) => {}
            (Grant::Usages(usages, database), Some(who)) => {
                facts
                    .policies
                    .push(policy(usages, database.as_deref(), who, setting(index, None)));
            }
            (Grant::KustoRole(role, database), Some(who)) => facts.kusto_grants.push(KustoGrant {
                database: database.as_deref().map(Name::literal),
                of_cluster: database.is_none(),
                role: role.clone(),
                principals: vec![who],
                others: false,
                at: NOWHERE,
                setting: setting(index, database.as_deref()),
            }),
            (Grant::Role(role, scope), Some(who)) => {
                let given = assignment(*role, scope_of(*role, scope.as_deref()), who);
                // Roles inside of a Cosmos DB account are assigned in it, and not by Azure.
                if role.reach.reads(Target::CosmosItems) {
                    facts.sql_roles.push(given);
                } else {
                    facts.roles.push(given);
                }
            }
            (Grant::Keys(permissions, vault), Some(who)) => facts.vault_access.push(VaultAccess {
                vault: Name::literal(vault),
                principal: Some(who),
                keys: Known::Value(permissions.clone()),
                at: NOWHERE,
                when: Condition::default(),
                own: false,
                wording: Wording::default(),
                case: Case::of(NOWHERE.file),
            }),
        }
    }
    facts
}

fn grantee(to: &Grantee, naming: &Naming) -> IdentityRef {
    let (identity, written) = match to {
        Grantee::System => (Identity::System(None), "system"),
        Grantee::Named(name) => (
            naming.named(name).cloned().unwrap_or(Identity::Malformed),
            name.as_str(),
        ),
        Grantee::Object(id) => (naming.of_object(id), id.as_str()),
    };
    IdentityRef {
        identity,
        at: NOWHERE,
        written: written.to_owned(),
    }
}

fn setting(index: u32, database: Option<&str>) -> Setting {
    Setting {
        cluster: None,
        database: database.map(Name::literal),
        script: ScriptId {
            case: Case::of(NOWHERE.file),
            index,
            purpose: Purpose::Run,
        },
        order: 0,
        when: Condition::default(),
    }
}

fn policy(usages: &[Usage], database: Option<&str>, who: IdentityRef, setting: Setting) -> PolicyCommand {
    let word = |usage: &Usage| UsageWord {
        usage: Some(*usage),
        word: usage.as_str().to_owned(),
        at: NOWHERE,
        editable: None,
        with_comma: None,
    };
    let entry = PolicyEntry {
        identity: Some(who),
        usages: usages.iter().map(word).collect(),
        complete: true,
        at: NOWHERE,
        end: None,
    };
    PolicyCommand {
        action: PolicyAction::Merge,
        level: match database {
            Some(name) => Level::Database(Some(Name::literal(name))),
            None => Level::Cluster,
        },
        level_at: NOWHERE,
        cluster: None,
        entries: Some(vec![entry]),
        flaws: Vec::new(),
        at: NOWHERE,
        verb: None,
        when: setting.when,
        script: setting.script,
        order: setting.order,
    }
}

/// Where a role holds: on the resource of its kind that has that name, or on everything.
fn scope_of(role: Role, name: Option<&str>) -> GrantScope {
    let Some(name) = name.map(Name::literal) else {
        return GrantScope::Group;
    };
    match kind_of(role) {
        None => GrantScope::Storage {
            account: name,
            container: None,
        },
        Some(kind) => GrantScope::Resource(ResourceKey {
            kind: kind.to_owned(),
            names: vec![name],
        }),
    }
}

fn assignment(role: Role, scope: GrantScope, who: IdentityRef) -> RoleAssignment {
    RoleAssignment {
        principal: Some(who),
        role: vec![Possible::certain(role.id.to_owned(), NOWHERE)],
        scope,
        at: NOWHERE,
        when: Condition::default(),
        wording: Wording::default(),
        case: Case::of(NOWHERE.file),
    }
}

impl Workspace {
    /// The role assignments of the files, and those that the configuration says to be elsewhere.
    pub fn roles(&self) -> impl Iterator<Item = &RoleAssignment> {
        self.facts.roles.iter().chain(&self.granted.roles)
    }

    /// The roles of Kusto that the files give, and those that the configuration says to be given elsewhere.
    pub fn kusto_grants(&self) -> impl Iterator<Item = &KustoGrant> {
        self.facts.kusto_grants.iter().chain(&self.granted.kusto_grants)
    }

    /// The entries of callout policies in the files, and those that the configuration says to be elsewhere.
    pub fn callouts(&self) -> impl Iterator<Item = &Callout> {
        self.facts.callouts.iter().chain(&self.granted.callouts)
    }

    /// Whether the configuration says that a use has its usage.
    pub(super) fn is_allowed_elsewhere(&self, used: &IdentityUse, usage: Usage) -> Same {
        let entries = self.granted.policies.iter();
        let entries = entries.flat_map(|command| command.entries.iter().flatten().map(move |entry| (command, entry)));
        let verdicts = entries
            .filter(|(_, entry)| entry.allows(usage))
            .map(|(command, entry)| {
                let named = entry.identity.as_ref();
                let same = named.map_or(Same::No, |named| named.identity.same(&used.identity.identity));
                both(same, covers(command, used))
            });
        best(verdicts)
    }

    /// Whether the configuration says that an identity holds a role that is `enough` on a resource.
    pub(super) fn is_held_elsewhere(
        roles: &[RoleAssignment],
        identity: &Identity,
        on: &ResourceKey,
        enough: &dyn Fn(Reach) -> Same,
    ) -> Same {
        let verdicts = roles.iter().map(|role| {
            let same = role
                .principal
                .as_ref()
                .map_or(Same::No, |named| named.identity.same(identity));
            let known = role.role.iter().filter_map(built_in);
            let gives = best(known.map(|role| enough(role.reach)));
            both(both(same, role.scope.reaches(on)), gives)
        });
        best(verdicts)
    }

    /// Whether the configuration says that an identity may read a database.
    pub(super) fn is_viewer_elsewhere(&self, identity: &Identity, reads: &dyn Fn(&KustoGrant) -> bool) -> bool {
        let mut grants = self.granted.kusto_grants.iter();
        grants.any(|grant| {
            let mut principals = grant.principals.iter();
            reads(grant) && principals.any(|named| named.identity.same(identity) != Same::No)
        })
    }

    /// Whether the configuration says that an identity has permissions to the keys of a vault which are `enough`.
    pub(super) fn has_keys_elsewhere(
        &self,
        identity: &Identity,
        vault: &Name,
        enough: &dyn Fn(&Known<Vec<String>>) -> Same,
    ) -> Same {
        let entries = self.granted.vault_access.iter().filter(|access| access.vault.is(vault));
        let verdicts = entries.map(|access| {
            let named = access.principal.as_ref();
            both(
                named.map_or(Same::No, |named| named.identity.same(identity)),
                enough(&access.keys),
            )
        });
        best(verdicts)
    }

    /// The name that the configuration gives to an identity.
    #[must_use]
    pub fn name_of(&self, identity: &Identity) -> Option<&str> {
        self.naming.name_of(identity)
    }
}

fn both(one: Same, two: Same) -> Same {
    match (one, two) {
        (Same::No, _) | (_, Same::No) => Same::No,
        (Same::Yes, Same::Yes) => Same::Yes,
        _ => Same::Maybe,
    }
}

fn best(verdicts: impl Iterator<Item = Same>) -> Same {
    let mut best = Same::No;
    for verdict in verdicts {
        match verdict {
            Same::Yes => return Same::Yes,
            Same::Maybe => best = Same::Maybe,
            Same::No => {}
        }
    }
    best
}
