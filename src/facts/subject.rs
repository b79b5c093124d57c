//! What findings are about: the account, the cluster, the identity. Where two findings of one rule stand in one thing, it
//! tells them apart.

use super::{ConnectionString, Dialect, Facts, IdentityRef, Keyword, Unit, Units};
use crate::text::FileSpan;

/// The pairs that tell where a string of pairs leads to, if no URL does.
const LEADING: [Keyword; 3] = [Keyword::AccountName, Keyword::Endpoint, Keyword::DataSource];

/// What such strings call a key.
const KEYS: [Keyword; 4] = [
    Keyword::AccountKey,
    Keyword::ApplicationKey,
    Keyword::SharedAccessKey,
    Keyword::SharedAccessSignature,
];

/// What the places of some facts are about, by its name and without a secret, ready to be asked. A place that is about
/// different things in different evaluations of a template tells none of them.
#[must_use]
pub fn subjects(facts: &Facts) -> Units {
    let strings = facts.connection_strings.iter();
    let leading = strings.filter_map(|string| Some(unit(string.at, &of_string(string)?)));
    let leading = told(leading.collect());
    // In a string that says where it leads to, the name of a key says nothing more; nor does what every such string calls it.
    let named = facts.named_secrets.iter();
    let named = named.filter(|secret| leading.names_of(secret.at).is_empty() && !is_key(&secret.name));
    let mut found: Vec<Unit> = leading.all().chain(named).cloned().collect();
    for string in &facts.connection_strings {
        let credentials = string.credentials.iter();
        let named = credentials.filter_map(|credential| Some((credential.at, credential.identity.as_ref()?)));
        found.extend(named.map(|(at, identity)| of_identity(at, identity)));
        found.extend(
            string
                .identities
                .iter()
                .map(|identity| of_identity(identity.at, identity)),
        );
    }
    let uses = facts.uses.iter();
    found.extend(uses.map(|used| of_identity(used.at, &used.identity)));
    let policies = facts.policies.iter().filter_map(|policy| policy.entries.as_ref());
    for entry in policies.flatten() {
        if let Some(identity) = &entry.identity {
            found.push(of_identity(entry.at, identity));
            found.push(of_identity(identity.at, identity));
        }
    }
    told(found)
}

/// Names of places, less those of places that have several.
fn told(mut found: Vec<Unit>) -> Units {
    found.sort();
    found.dedup();
    let of_one = found.chunk_by(|one, other| one.at == other.at);
    Units::new(of_one.filter(|units| units.len() == 1).flatten().cloned().collect())
}

/// Where a connection string leads to, or else the name of what holds it.
fn of_string(string: &ConnectionString) -> Option<String> {
    let host = string.address.as_ref().and_then(|address| address.host.clone());
    let told = || {
        LEADING
            .iter()
            .find_map(|keyword| string.get(*keyword)?.text().map(str::to_owned))
    };
    host.or_else(told).or_else(|| string.name().map(str::to_owned))
}

/// Whether a name is what connection strings of services call a key.
fn is_key(name: &str) -> bool {
    Keyword::of(name, Dialect::Unknown).is_some_and(|keyword| KEYS.contains(&keyword))
}

fn of_identity(at: FileSpan, identity: &IdentityRef) -> Unit {
    unit(at, &identity.written)
}

fn unit(at: FileSpan, name: &str) -> Unit {
    Unit {
        at,
        name: name.trim().to_owned(),
    }
}
