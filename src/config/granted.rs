//! `[[granted]]`: what identities are given outside of the repository.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::identities::Identities;
use super::read::{Problems, place, quoted, tables, text, texts};
use super::shape::{Form, Key, Kind, LINE, Words};
use crate::service::{FLOWS, KUSTO_ROLES, ROLES, Reach, Role, USAGES, Usage};
use crate::text::Span;

/// Who gets something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grantee {
    /// The system-assigned identity of the cluster.
    System,
    /// One of `[identities]`.
    Named(String),
    /// The one with that object id, in lower case.
    Object(String),
}

/// What is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Usages, in the policy of a database or, without one, of the cluster.
    Usages(Vec<Usage>, Option<String>),
    /// A role in a database or, without one, in the cluster; in lower case.
    KustoRole(String, Option<String>),
    /// A role of Azure on what has that name; without one on everything.
    Role(Role, Option<String>),
    /// Permissions to keys, in lower case, in the access policy of a vault.
    Keys(Vec<String>, String),
    /// Calls out of the cluster, by `CalloutType`. They are nobody's.
    Callout(String),
}

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    /// Who gets it; `None` for what all identities have.
    pub to: Option<Grantee>,
    /// What it is.
    pub grant: Grant,
}

const WHO: Form = Form {
    what: "a name of `[identities]`, \"system\" or an object id",
    pattern: r"[0-9A-Za-z][0-9A-Za-z_-]*",
    longest: 64,
};
const ENTITY: Form = Form {
    what: "the name of a database: \"Sales\"",
    pattern: LINE.pattern,
    longest: 1024,
};
const SCOPE: Form = Form {
    what: "the name of a storage account, namespace, vault or other resource, or \"*\" for all",
    pattern: r"\*|[0-9A-Za-z][0-9A-Za-z_.-]*",
    longest: 128,
};
const VAULT: Form = Form {
    what: "the name of a vault: \"kv-harbor\"",
    pattern: r"[A-Za-z][0-9A-Za-z-]*",
    longest: 24,
};

const USAGE: Words = Words {
    what: "usage",
    plural: "usages",
    list: || USAGES.map(|(_, name)| name).to_vec(),
    missed: None,
};
const AZURE_ROLE: Words = Words {
    what: "role",
    plural: "roles",
    list: || giving().map(|role| role.name).collect(),
    missed: None,
};
const DATABASE_ROLE: Words = Words {
    what: "role of a database",
    plural: "roles of databases",
    list: || kusto_roles(false),
    missed: None,
};
const CLUSTER_ROLE: Words = Words {
    what: "role of a cluster",
    plural: "roles of clusters",
    list: || kusto_roles(true),
    missed: None,
};
const PERMISSION: Words = Words {
    what: "permission",
    plural: "permissions",
    list: || PERMISSIONS.map(|(word, _)| word).to_vec(),
    missed: None,
};
const CALLOUT: Words = Words {
    what: "callout type",
    plural: "callout types",
    list: callouts,
    missed: None,
};

/// The permissions that a cluster needs to use its key, as access policies spell them, and in lower case.
const PERMISSIONS: [(&str, &str); 3] = [("get", "get"), ("unwrapKey", "unwrapkey"), ("wrapKey", "wrapkey")];

/// The types of the callouts that flows make.
fn callouts() -> Vec<&'static str> {
    let mut types: Vec<&str> = FLOWS.iter().filter_map(|row| row.callout).collect();
    types.sort_unstable();
    types.dedup();
    types
}

/// The roles of Azure that give data.
fn giving() -> impl Iterator<Item = &'static Role> {
    ROLES.iter().filter(|role| role.reach != Reach::ControlPlane)
}

fn kusto_roles(of_cluster: bool) -> Vec<&'static str> {
    let roles = KUSTO_ROLES.iter().filter(|(_, cluster)| *cluster == of_cluster);
    roles.map(|(name, _)| *name).collect()
}

const IDENTITY: Key = Key::new("identity", Kind::Text(&WHO), "Who is given it").required();
const DATABASE: Key = Key::new("database", Kind::Text(&ENTITY), "The database in which it holds").required();
const CLUSTER: Key = Key::new("cluster", Kind::Yes, "That it holds in the cluster as a whole").required();
const ALLOWED: Key = Key::new(
    "usages",
    Kind::List(&Kind::Word(&USAGE)),
    "The usages that a managed identity policy allows",
)
.required();
const REASON: Key = Key::new(
    "reason",
    Kind::Text(&LINE),
    "Where it is given, for whoever reads this file",
);

const fn role(words: &'static Words) -> Key {
    let doc = "A role in the database, a role in the cluster, or a role assignment of Azure that gives data";
    Key::new("role", Kind::Word(words), doc).required()
}

/// The forms of an entry.
pub(super) const FORMS: &[&[Key]] = &[
    &[IDENTITY, ALLOWED, DATABASE, REASON],
    &[IDENTITY, ALLOWED, CLUSTER, REASON],
    &[IDENTITY, role(&DATABASE_ROLE), DATABASE, REASON],
    &[IDENTITY, role(&CLUSTER_ROLE), CLUSTER, REASON],
    &[
        IDENTITY,
        role(&AZURE_ROLE),
        Key::new("scope", Kind::Text(&SCOPE), "The resource on which it is assigned").required(),
        REASON,
    ],
    &[
        IDENTITY,
        Key::new(
            "key-permissions",
            Kind::List(&Kind::Word(&PERMISSION)),
            "The permissions to keys that an access policy gives",
        )
        .required(),
        Key::new("vault", Kind::Text(&VAULT), "The vault with the policy").required(),
        REASON,
    ],
    &[
        Key::new(
            "callout",
            Kind::Word(&CALLOUT),
            "A `CalloutType` that the cluster's callout policy allows",
        )
        .required(),
        REASON,
    ],
];

pub(super) fn read(value: &Spanned<DeValue<'_>>, identities: &Identities, problems: &mut Problems) -> Vec<Granted> {
    let entries = tables(value).into_iter();
    let entries = entries.filter_map(|(table, at)| {
        let to = text(table, "identity").map(|who| grantee(who, place(table, "identity", at), identities, problems));
        Some(Granted {
            to,
            grant: grant(table)?,
        })
    });
    entries.collect()
}

fn grantee(who: &str, at: Span, identities: &Identities, problems: &mut Problems) -> Grantee {
    let is_guid = who.len() == 36 && who.matches('-').count() == 4;
    if who == "system" {
        Grantee::System
    } else if is_guid && who.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit()) {
        Grantee::Object(who.to_ascii_lowercase())
    } else {
        if !identities.contains_key(who) {
            let mut known: Vec<&str> = identities.keys().map(String::as_str).collect();
            known.push("system");
            problems.unknown(at, "identity", who, &known);
        }
        Grantee::Named(quoted(who))
    }
}

/// What an entry gives; `None` if the check before found it wanting.
fn grant(table: &DeTable<'_>) -> Option<Grant> {
    let words = |key: &str| texts(table, key).into_iter().map(|(word, _)| word);
    let database = text(table, "database").map(ToOwned::to_owned);
    if let Some(callout) = text(table, "callout") {
        return Some(Grant::Callout(callout.to_owned()));
    }
    if let Some(vault) = text(table, "vault") {
        let spelt = |word: &str| PERMISSIONS.iter().find(|(known, _)| *known == word);
        let keys = words("key-permissions").filter_map(|word| Some(spelt(word)?.1.to_owned()));
        return Some(Grant::Keys(keys.collect(), vault.to_owned()));
    }
    if let Some(scope) = text(table, "scope") {
        let name = text(table, "role")?;
        let role = giving().find(|role| role.name == name)?;
        return Some(Grant::Role(*role, (scope != "*").then(|| scope.to_owned())));
    }
    match text(table, "role") {
        Some(role) => Some(Grant::KustoRole(role.to_ascii_lowercase(), database)),
        None => Some(Grant::Usages(
            words("usages").filter_map(Usage::named).collect(),
            database,
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::KEY_PERMISSIONS;

    #[test]
    fn the_permissions_are_those_that_a_cluster_needs() {
        let mut needed: Vec<String> = KEY_PERMISSIONS.iter().map(|word| word.to_lowercase()).collect();
        needed.sort();
        assert_eq!(needed, PERMISSIONS.map(|(_, word)| word));
    }
}
