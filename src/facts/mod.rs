//! What rules read: plain statements about identities, policies, grants, vaults and keys, each with the
//! place that says so. A collector per language makes them; no rule looks at a tree.

mod connection;
mod connection_string;
mod encryption;
mod grant;
mod identity;
mod name;
mod note;
mod object;
mod policy;
mod script;
mod secret;
mod slot;
mod subject;
mod suppression;
mod unit;
mod usage;
mod wording;

use crate::arm::trail::Trail;
use crate::diagnostic::{Diagnostic, Undecided};
use crate::syntax::connection::Hidden;
use crate::text::{Editable, FileId, FileSpan, Span};

pub use crate::arm::value::Condition;
pub use connection::{ConnectionIdentity, DataConnection, FollowedDatabase, GivenIdentity};
pub use connection_string::{
    Address, BoundIdentity, Carrier, ConnectionPair, ConnectionString, Credential, CredentialKind, Dialect, Given,
    Keyword, KustoBinding, QuerySign, Store, Target,
};
pub use encryption::{
    AddressFlaw, Cluster, ClusterKey, IdentityBlock, Key, KeyOfDatabase, RemovedIdentity, UserIdentities, Vault,
};
pub use grant::{GrantScope, RoleAssignment, STORAGE_ACCOUNTS, StorageAccount, VaultAccess, management_role};
pub use identity::{Identity, IdentityRef, Same};
pub use name::{Name, ResourceKey};
pub use note::ClientDirective;
pub use object::{
    Acceleration, Callout, ContinuousExport, DroppedTable, ExternalTable, Function, KustoGrant, MisplacedPolicy, Reads,
    RowSecurity, ScriptRun, Setting, SignIn, TableExport, TableKind, UpdatePolicy,
};
pub use policy::{FlawKind, Level, PolicyAction, PolicyCommand, PolicyEntry, PolicyFlaw, UsageWord};
pub use script::{ParallelScripts, ScriptCommand, ScriptCount, ScriptLevel, ScriptSource, ScriptToken, TokenFrom};
pub use secret::{SecretFound, SecretKind, SecretLiteral};
pub use slot::{Slot, Slots};
pub use subject::subjects;
pub use suppression::{Cover, RuleMention, Suppression, SuppressionFlaw, Written};
pub use unit::{Unit, Units};
pub use usage::{IdentityUse, PossibleUse};
pub use wording::Wording;

/// A value that a property may have.
#[derive(Clone, Debug)]
pub struct Possible<T> {
    /// When it has this value.
    pub when: Condition,
    /// The value.
    pub value: Known<T>,
    /// Where the value is used: what one edits to change it.
    pub site: FileSpan,
    /// Where it comes from; equal to `site` where it is written on the spot.
    pub origin: FileSpan,
    /// The steps between the two.
    pub trail: Trail,
}

/// Steps of the way of one value that a finding shows; more would hide it.
const MOST_STEPS: usize = 3;

impl<T> Possible<T> {
    /// A value that a property has in any case, written at a place.
    #[must_use]
    pub fn certain(value: T, at: FileSpan) -> Self {
        Self {
            when: Condition::default(),
            value: Known::Value(value),
            site: at,
            origin: at,
            trail: Trail::default(),
        }
    }

    /// The same place and way with another value.
    #[must_use]
    pub fn with<U>(&self, value: U) -> Possible<U> {
        Possible {
            when: self.when.clone(),
            value: Known::Value(value),
            site: self.site,
            origin: self.origin,
            trail: self.trail.clone(),
        }
    }

    /// The place of the value, if it is written on the spot and is as long as the word `written`: a bare word of JSON
    /// is nothing but itself, and what makes one of others is longer.
    #[must_use]
    pub fn written_as(&self, written: &str) -> Option<Editable> {
        (self.is_here() && self.site.span.range().len() == written.len()).then(|| Editable::bare_word(self.site))
    }

    /// The place of the value without its quotes, if it is a string that is written on the spot and holds plain letters
    /// and digits, as many as `written` has.
    #[must_use]
    pub fn quoted_as(&self, written: &str) -> Option<Editable> {
        let span = self.site.span;
        let is_it = self.is_here() && span.range().len() == written.len() + 2;
        let inside = Span::new(span.start + 1, span.end.saturating_sub(1));
        is_it.then(|| Editable::bare_word(FileSpan::new(self.site.file, inside)))
    }

    /// Whether it is written where it is used.
    #[must_use]
    pub fn is_here(&self) -> bool {
        self.trail.is_empty() && self.origin == self.site
    }

    /// Adds to a finding where the value comes from, and by which way. `shown` is the value for people.
    #[must_use]
    pub fn traced(&self, finding: Diagnostic, shown: &str) -> Diagnostic {
        let finding = finding.comes_from(self.origin, format!("{shown} comes from here"));
        let between = self.trail.between(self.origin, self.site);
        between.into_iter().take(MOST_STEPS).fold(finding, |finding, step| {
            finding.by_way_of(step.at, format!("by way of {}", step.by))
        })
    }
}

/// A text that is written in one place and run as part of a script in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Carried {
    /// Where it is written: a literal of a variable, a parameter's value.
    pub text: FileSpan,
    /// The value that runs.
    pub site: FileSpan,
}

/// What is known of a property's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known<T> {
    /// The property is not there.
    Absent,
    /// This value.
    Value(T),
    /// Not known, for this reason.
    Unknown(String),
}

/// Which evaluation of a template a fact belongs to. Facts of two evaluations of one template are never
/// joined: one parameter file's vault is not another one's. Neither are those of two environments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Case {
    /// The template or script.
    pub file: FileId,
    /// The parameter file it was evaluated with.
    pub parameters: Option<FileId>,
    /// The environment that it belongs to, by its number in the configuration; what belongs to none is part of all.
    pub environment: Option<u16>,
}

/// The template and the parameter file.
impl From<Case> for (FileId, Option<FileId>) {
    fn from(case: Case) -> Self {
        (case.file, case.parameters)
    }
}

impl Case {
    /// A script, or a template with its defaults.
    #[must_use]
    pub fn of(file: FileId) -> Self {
        Self {
            file,
            parameters: None,
            environment: None,
        }
    }

    /// A template with a parameter file.
    #[must_use]
    pub fn with(file: FileId, parameters: FileId) -> Self {
        Self {
            parameters: Some(parameters),
            ..Self::of(file)
        }
    }

    /// The same as a part of an environment.
    #[must_use]
    pub fn in_environment(self, environment: Option<u16>) -> Self {
        Self { environment, ..self }
    }

    /// Whether facts of both can hold together.
    #[must_use]
    pub fn joins(self, other: Self) -> bool {
        let apart = matches!((self.environment, other.environment), (Some(one), Some(two)) if one != two);
        !apart && (self.file != other.file || self.parameters == other.parameters)
    }
}

/// Whether commands are run from the file that they stand in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// They are, as far as can be told.
    #[default]
    Run,
    /// They are examples for readers. What a command says by itself counts; it is joined with nothing: an example
    /// neither grants to nor asks for anything of the commands that are run.
    Documentation,
}

/// One script: commands in a certain order. A file has one, a template one per script resource, a file of another
/// language one for each text with commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ScriptId {
    /// Where it was read.
    pub case: Case,
    /// Which script of the file it is.
    pub index: u32,
    /// Whether it is run.
    pub purpose: Purpose,
}

impl ScriptId {
    /// Whether its commands are run, and count for one another.
    #[must_use]
    pub fn is_run(self) -> bool {
        self.purpose == Purpose::Run
    }
}

/// Everything that is known from one file.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Commands on managed identity policies.
    pub policies: Vec<PolicyCommand>,
    /// Uses of managed identities.
    pub uses: Vec<IdentityUse>,
    /// What may work as an identity that the files don't tell.
    pub possible_uses: Vec<PossibleUse>,
    /// Role assignments.
    pub roles: Vec<RoleAssignment>,
    /// Assignments of roles inside Cosmos DB accounts.
    pub sql_roles: Vec<RoleAssignment>,
    /// Entries of access policies of vaults, and one of nobody for those that could not be read.
    pub vault_access: Vec<VaultAccess>,
    /// Data connections.
    pub connections: Vec<DataConnection>,
    /// Databases that follow others.
    pub followed: Vec<FollowedDatabase>,
    /// Storage accounts that a template declares.
    pub accounts: Vec<StorageAccount>,
    /// Kusto clusters.
    pub clusters: Vec<Cluster>,
    /// Key vaults.
    pub vaults: Vec<Vault>,
    /// Keys in vaults.
    pub keys: Vec<Key>,
    /// Commands that make external tables.
    pub external_tables: Vec<ExternalTable>,
    /// Commands that export to external tables once.
    pub table_exports: Vec<TableExport>,
    /// Commands that remove external tables.
    pub dropped_tables: Vec<DroppedTable>,
    /// Continuous exports.
    pub exports: Vec<ContinuousExport>,
    /// Update policies.
    pub update_policies: Vec<UpdatePolicy>,
    /// Query acceleration policies.
    pub accelerations: Vec<Acceleration>,
    /// Managed identity policies on what has none.
    pub misplaced_policies: Vec<MisplacedPolicy>,
    /// Row level security policies.
    pub row_securities: Vec<RowSecurity>,
    /// Stored functions.
    pub functions: Vec<Function>,
    /// Roles in clusters and databases.
    pub kusto_grants: Vec<KustoGrant>,
    /// Entries of callout policies.
    pub callouts: Vec<Callout>,
    /// Commands in scripts that deployments run.
    pub script_commands: Vec<ScriptCommand>,
    /// Where scripts that deployments run come from.
    pub script_sources: Vec<ScriptSource>,
    /// Scripts that deployments may run at the same time.
    pub parallel_scripts: Vec<ParallelScripts>,
    /// Clusters with more scripts than they take.
    pub script_counts: Vec<ScriptCount>,
    /// Connection strings.
    pub connection_strings: Vec<ConnectionString>,
    /// Bindings of function apps to Kusto.
    pub bindings: Vec<KustoBinding>,
    /// Scripts that one command runs.
    pub script_runs: Vec<ScriptRun>,
    /// Lines for client tools in scripts.
    pub directives: Vec<ClientDirective>,
    /// What authors ask this program to be silent about.
    pub suppressions: Vec<Suppression>,
    /// Texts of scripts that are written elsewhere.
    pub carried: Vec<Carried>,
    /// Secrets.
    pub secrets: Vec<SecretFound>,
    /// The texts of secrets that were put together, which no output may show.
    pub hidden: Hidden,
    /// Where templates take more members and elements, or can do without them.
    pub slots: Slots,
    /// The named parts of the files.
    pub units: Vec<Unit>,
    /// The secrets in the files under the names that stand before them.
    pub named_secrets: Vec<Unit>,
    /// What could not be decided while the facts were collected.
    pub undecided: Vec<Undecided>,
}

impl Facts {
    /// Adds the facts of another file.
    pub fn extend(&mut self, other: Self) {
        self.policies.extend(other.policies);
        self.uses.extend(other.uses);
        self.possible_uses.extend(other.possible_uses);
        self.roles.extend(other.roles);
        self.sql_roles.extend(other.sql_roles);
        self.vault_access.extend(other.vault_access);
        self.connections.extend(other.connections);
        self.followed.extend(other.followed);
        self.accounts.extend(other.accounts);
        self.clusters.extend(other.clusters);
        self.vaults.extend(other.vaults);
        self.keys.extend(other.keys);
        self.external_tables.extend(other.external_tables);
        self.table_exports.extend(other.table_exports);
        self.dropped_tables.extend(other.dropped_tables);
        self.exports.extend(other.exports);
        self.update_policies.extend(other.update_policies);
        self.accelerations.extend(other.accelerations);
        self.misplaced_policies.extend(other.misplaced_policies);
        self.row_securities.extend(other.row_securities);
        self.functions.extend(other.functions);
        self.kusto_grants.extend(other.kusto_grants);
        self.callouts.extend(other.callouts);
        self.script_commands.extend(other.script_commands);
        self.script_sources.extend(other.script_sources);
        self.parallel_scripts.extend(other.parallel_scripts);
        self.script_counts.extend(other.script_counts);
        self.connection_strings.extend(other.connection_strings);
        self.bindings.extend(other.bindings);
        self.script_runs.extend(other.script_runs);
        self.directives.extend(other.directives);
        self.suppressions.extend(other.suppressions);
        self.carried.extend(other.carried);
        self.secrets.extend(other.secrets);
        self.hidden.extend(other.hidden);
        self.slots.extend(other.slots);
        self.units.extend(other.units);
        self.named_secrets.extend(other.named_secrets);
        self.undecided.extend(other.undecided);
    }
}
