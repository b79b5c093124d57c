//! What identities may do at a target, as far as role assignments in the files tell.

use super::Workspace;
use crate::facts::{
    Case, Condition, Identity, IdentityRef, Known, Possible, ResourceKey, RoleAssignment, STORAGE_ACCOUNTS, Same,
};
use crate::service::{Reach, Role, role_by_id};
use crate::text::{FileSpan, MappedText, Symbol};

/// Whether an identity holds a role that is good enough.
#[derive(Debug)]
pub enum Held<'f> {
    /// This role assignment gives it one.
    Granted(&'f RoleAssignment),
    /// The configuration says that one is given outside of the files.
    GrantedElsewhere,
    /// None does. Those that give it something else on the target.
    Lacking(Vec<&'f RoleAssignment>),
    /// It can't be told, for this reason.
    Untold(String),
}

/// Role assignments that are kept to be shown.
const MOST: usize = 4;

/// Who is asked for, and about what.
#[derive(Clone, Copy, Debug)]
pub struct Question<'q> {
    /// The identity.
    pub identity: &'q IdentityRef,
    /// Where it works: facts of other evaluations of one template do not count.
    pub case: Case,
    /// When it works.
    pub when: &'q Condition,
    /// The resource that it has to reach.
    pub on: &'q ResourceKey,
}

impl Workspace {
    /// Whether an identity holds an Azure role on a resource, one in it or around it. `enough` judges the built-in
    /// ones; a role that is none of them may always be enough.
    pub fn holds(&self, question: Question<'_>, enough: impl Fn(Reach) -> Same) -> Held<'_> {
        self.held_among((&self.facts.roles, &self.granted.roles), question, enough)
    }

    /// The same for roles inside of a Cosmos DB account.
    pub fn holds_in_cosmos(&self, question: Question<'_>, enough: impl Fn(Reach) -> Same) -> Held<'_> {
        self.held_among((&self.facts.sql_roles, &self.granted.sql_roles), question, enough)
    }

    fn held_among<'f>(
        &self,
        (roles, elsewhere): (&'f [RoleAssignment], &[RoleAssignment]),
        question: Question<'_>,
        enough: impl Fn(Reach) -> Same,
    ) -> Held<'f> {
        let who = &question.identity.written;
        if matches!(question.identity.identity, Identity::Malformed) {
            return Held::Untold(format!("`{who}` is no identity"));
        }
        let given = Self::is_held_elsewhere(elsewhere, &question.identity.identity, question.on, &enough);
        if given == Same::Yes {
            return Held::GrantedElsewhere;
        }
        let (mut others, mut untold) = (Vec::new(), given == Same::Maybe);
        for role in roles {
            if !self.may_compare(question.identity.at) {
                return Held::Untold(format!("`{who}` has too many role assignments to compare them all"));
            }
            let reached = role.scope.reaches(question.on);
            let same = self.goes_to(role, &question.identity.identity, question.case);
            if !role.case.joins(question.case) || reached == Same::No || same == Same::No {
                continue;
            }
            let certain = reached == Same::Yes && same == Same::Yes;
            let of_role = |role: &Possible<String>| match built_in(role) {
                // A condition that excludes the use excludes the role as well.
                _ if role.when.and(question.when).is_none() => Same::No,
                Some(role) => enough(role.reach),
                None => Same::Maybe,
            };
            let gives: Vec<_> = role.role.iter().map(of_role).collect();
            if certain && gives.contains(&Same::Yes) {
                return Held::Granted(role);
            }
            if gives.iter().any(|gives| *gives != Same::No) {
                untold = true;
            } else if certain && others.len() < MOST {
                others.push(role);
            }
        }
        if untold {
            return Held::Untold(format!(
                "another role assignment may be for `{who}`, and may give it enough"
            ));
        }
        Held::Lacking(others)
    }

    /// Whether a role assignment is for an identity that works in `case`.
    fn goes_to(&self, role: &RoleAssignment, identity: &Identity, case: Case) -> Same {
        match role.principal.as_ref().map(|principal| &principal.identity) {
            None | Some(Identity::Malformed) => Same::Maybe,
            // A template writes the id of its own cluster's identity as an expression; other files have to write it
            // out.
            Some(other)
                if (role.case.file != case.file || !self.declares_a_cluster(case))
                    && matches!(
                        (other, identity),
                        (Identity::Object(_), Identity::System(_)) | (Identity::System(_), Identity::Object(_))
                    ) =>
            {
                Same::Maybe
            }
            Some(Identity::Symbol(symbol)) if !matches!(identity, Identity::Symbol(_)) && is_of_others(symbol) => {
                Same::No
            }
            Some(other) => other.same(identity),
        }
    }

    /// Whether the template itself has a cluster, whose identity it then writes as an expression.
    fn declares_a_cluster(&self, case: Case) -> bool {
        self.facts.clusters.iter().any(|cluster| cluster.case.file == case.file)
    }

    /// Whether the workspace has role assignments at all.
    #[must_use]
    pub fn has_role_assignments(&self) -> bool {
        self.facts.roles.iter().any(|role| role.principal.is_some())
    }

    /// Whether the template that gives a role also declares a storage account: a role on its group holds there.
    #[must_use]
    pub fn declares_account(&self, case: Case, account: &ResourceKey) -> bool {
        let own = account.root();
        self.facts
            .accounts
            .iter()
            .any(|known| known.case == case && own.is_some_and(|own| own.is(&known.name)))
    }
}

/// The built-in role that a value certainly is.
pub(super) fn built_in(role: &Possible<String>) -> Option<Role> {
    match &role.value {
        Known::Value(id) => role_by_id(id),
        Known::Absent | Known::Unknown(_) => None,
    }
}

/// Whether a value is the system-assigned identity of a resource that is no cluster: a site, a factory. That of a
/// cluster is an identity of its own kind, and no symbol.
pub(super) fn is_of_others(symbol: &Symbol) -> bool {
    let Symbol::Reference { resource, path, .. } = symbol else {
        return false;
    };
    let is_principal = matches!(path.as_slice(), [block, id]
        if block.eq_ignore_ascii_case("identity") && id.eq_ignore_ascii_case("principalId"));
    is_principal && ResourceKey::of_id(&MappedText::of_canonical(resource, FileSpan::default())).is_some()
}

impl ResourceKey {
    /// The storage account of that name.
    #[must_use]
    pub fn account(name: &crate::facts::Name) -> Self {
        Self {
            kind: STORAGE_ACCOUNTS.to_owned(),
            names: vec![name.clone()],
        }
    }
}
