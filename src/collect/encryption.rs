//! The customer-managed keys that clusters and databases name, and what clusters say of themselves that decides
//! whether such a key works: identity, version, region.

use super::Collector;
use super::cluster::listed;
use super::key_address::rewritten;
use super::possible::{forms, possible, present, reason, relative, split_last};
use crate::arm::template::Resource;
use crate::arm::value::{Node, Property, Value};
use crate::facts::{
    AddressFlaw, ClusterKey, Condition, IdentityBlock, KeyOfDatabase, Known, Name, Possible, RemovedIdentity,
    ResourceKey, UserIdentities,
};
use crate::service::Version;
use crate::syntax::connection::is_placeholder;
use crate::syntax::placeholder::symbolic;
use crate::text::{FileSpan, HOLE, MappedText, Span, Symbol};

/// Words of the type of an `identity`, in lower case.
const IDENTITY_TYPES: [&str; 3] = ["none", "systemassigned", "userassigned"];

/// Forms of one `identity` that are told apart.
const MOST_FORMS: usize = 64;

impl Collector<'_> {
    /// The keys that `properties.keyVaultProperties` names, one for each form that it may have.
    pub(super) fn cluster_keys(&mut self, resource: &Resource, of_database: Option<&KeyOfDatabase>) -> Vec<ClusterKey> {
        let Some(properties) = present(&resource.body, &["properties"]) else {
            return Vec::new();
        };
        let forms = forms(properties.property("keyVaultProperties"));
        let known = forms.iter().filter_map(|(_, form)| form.as_ref());
        self.facts.slots.rewritten.extend(known.flat_map(rewritten));
        let forms = forms.into_iter();
        let keys = forms.filter_map(|(when, form)| self.cluster_key(&form?, when.and(&resource.condition)?));
        let keys = keys.map(|key| ClusterKey {
            of_database: of_database.cloned(),
            ..key
        });
        let keys: Vec<_> = keys.collect();
        self.opened_keys(&keys);
        keys
    }

    fn cluster_key(&self, form: &Node, when: Condition) -> Option<ClusterKey> {
        let given = |name: &str| match form.property(name) {
            Property::Present(node) if node.as_str().is_none_or(|text| !text.trim().is_empty()) => Some(node),
            _ => None,
        };
        let (uri, key) = (given("keyVaultUri"), given("keyName"));
        if uri.is_none() && key.is_none() {
            return None;
        }
        let at = uri.as_ref().or(key.as_ref()).map_or(form.site, |node| node.site);
        let mut flaws = flaws(form, "keyVaultUri", flaw_of_uri);
        flaws.extend(self::flaws(form, "keyName", flaw_of_name));
        let vault = uri.and_then(|uri| self.vault_of(&uri));
        let key = key
            .filter(|key| !matches!(key.value, Value::Unknown(_)))
            .map(|key| self.name(&key));
        Some(ClusterKey {
            vault,
            key,
            at,
            flaws,
            version: possible(
                form,
                &["keyVersion"],
                &Condition::default(),
                form.site,
                &read_version_of_key,
            ),
            identities: self.given_identities(form, "userIdentity", form.site),
            of_database: None,
            when,
            wording: self.wording,
        })
    }

    /// The name of the vault that a URI means, per alternative of it.
    fn vault_of(&self, uri: &Node) -> Option<Name> {
        let mut names = Vec::new();
        for (when, uri) in uri.alternatives() {
            let text = match &uri.value {
                Value::Unknown(unknown) => vault_of_reference(&unknown.symbol, uri.site)?,
                _ => vault_of_uri(&uri.as_text()?)?,
            };
            names.push((when, Node::written(Value::text(text), uri.site)));
        }
        Some(self.name(&Node::one_of(names, uri.site)))
    }

    /// `location`, without the blanks and the letter case that the service ignores.
    pub(super) fn locations(&self, resource: &Resource) -> Vec<Possible<Name>> {
        let read = |node: &Node| match node.as_str() {
            _ if matches!(node.value, Value::Null) => Known::Absent,
            Some(region) => Known::Value(Name::literal(
                &region.split_whitespace().collect::<String>().to_lowercase(),
            )),
            None => Known::Value(self.name(node)),
        };
        let found = possible(
            &resource.body,
            &["location"],
            &resource.condition,
            resource.name_site,
            &read,
        );
        relative(found, resource)
    }
}

/// What is wrong with a part of an address. What is not known is not judged, but for the address of a vault that a
/// reference reads.
fn flaws(form: &Node, name: &str, judge: fn(&MappedText) -> Option<AddressFlaw>) -> Vec<Possible<AddressFlaw>> {
    let read = |node: &Node| {
        if matches!(node.value, Value::Null) {
            return Known::Absent;
        }
        let Some(text) = node.as_text().as_ref().and_then(stated) else {
            return Known::Unknown(reason(node));
        };
        match judge(&text) {
            Some(flaw) => Known::Value(flaw),
            None if text.sole_hole().is_some_and(|symbol| !is_address(symbol)) => Known::Unknown(reason(node)),
            None => Known::Absent,
        }
    };
    possible(form, &[name], &Condition::default(), form.site, &read)
}

/// `apiVersion`; one that is no version is not known.
pub(super) fn versions(resource: &Resource) -> Vec<Possible<Version>> {
    let read = |node: &Node| match node.as_str().and_then(Version::of) {
        Some(version) => Known::Value(version),
        None => Known::Unknown(reason(node)),
    };
    let found = possible(
        &resource.body,
        &["apiVersion"],
        &resource.condition,
        resource.name_site,
        &read,
    );
    relative(found, resource)
}

/// The forms that the `identity` of a cluster may have.
pub(super) fn identity_blocks(resource: &Resource) -> Vec<IdentityBlock> {
    let whole = |node: &Node| match &node.value {
        Value::Null => Known::Absent,
        Value::Object(_) => Known::Value(node.clone()),
        _ => Known::Unknown(reason(node)),
    };
    let blocks = possible(
        &resource.body,
        &["identity"],
        &resource.condition,
        resource.name_site,
        &whole,
    );
    let mut forms = Vec::new();
    for block in relative(blocks, resource) {
        match &block.value {
            Known::Value(node) => forms.extend(forms_of_block(node, &block)),
            Known::Absent => forms.push(IdentityBlock {
                users: UserIdentities {
                    complete: true,
                    ..UserIdentities::default()
                },
                ..unread_block(&block, Known::Absent)
            }),
            Known::Unknown(why) => forms.push(unread_block(&block, Known::Unknown(why.clone()))),
        }
    }
    if forms.len() > MOST_FORMS {
        forms.truncate(MOST_FORMS);
        let last = forms.last().map(|form| form.kind.with(()));
        let too_many = Known::Unknown("`identity` has too many forms".to_owned());
        forms.extend(last.map(|form| unread_block(&form, too_many)));
    }
    forms
}

/// A block of which only the type is known, if anything.
fn unread_block<T>(block: &Possible<T>, kind: Known<String>) -> IdentityBlock {
    IdentityBlock {
        kind: Possible {
            when: block.when.clone(),
            value: kind,
            site: block.site,
            origin: block.origin,
            trail: block.trail.clone(),
        },
        users: UserIdentities::default(),
        users_at: None,
        removed: Vec::new(),
    }
}

fn forms_of_block(node: &Node, block: &Possible<Node>) -> Vec<IdentityBlock> {
    let read_kind = |node: &Node| match node.as_str() {
        Some(kind) => {
            let kind: String = kind.to_lowercase().split_whitespace().collect();
            if kind.split(',').all(|word| IDENTITY_TYPES.contains(&word)) {
                Known::Value(kind)
            } else {
                Known::Unknown("that is no type of identities".to_owned())
            }
        }
        None => Known::Unknown(reason(node)),
    };
    let read_users = |node: &Node| match &node.value {
        Value::Null => Known::Absent,
        _ => Known::Value(node.clone()),
    };
    let mut forms = Vec::new();
    for mut kind in possible(node, &["type"], &block.when, node.site, &read_kind) {
        // The service asks for a type; what it makes of a block without one is not documented.
        if kind.value == Known::Absent {
            kind.value = Known::Unknown("`identity` has no `type`".to_owned());
        }
        for users in possible(node, &["userAssignedIdentities"], &kind.when, node.site, &read_users) {
            let removed = match &users.value {
                Known::Value(users) => removed(users),
                Known::Absent | Known::Unknown(_) => Vec::new(),
            };
            forms.push(IdentityBlock {
                kind: Possible {
                    when: users.when.clone(),
                    ..kind.clone()
                },
                users: match &users.value {
                    Known::Value(users) => listed(users),
                    Known::Absent => UserIdentities {
                        complete: true,
                        ..UserIdentities::default()
                    },
                    Known::Unknown(_) => UserIdentities::default(),
                },
                users_at: (!matches!(users.value, Known::Absent)).then_some(users.site),
                removed,
            });
        }
    }
    forms
}

/// The identities whose value is `null`.
fn removed(users: &Node) -> Vec<RemovedIdentity> {
    let members = users.members().iter();
    let null = members.filter(|member| matches!(member.node.value, Value::Null));
    let removed = null.map(|member| RemovedIdentity {
        name: ResourceKey::of_id(&member.name)
            .and_then(|key| key.own().cloned())
            .unwrap_or_else(|| Name::of(&member.name)),
        at: member.node.site,
    });
    removed.collect()
}

/// The text that a value holds; nothing for one that stands in for the text to come.
pub(super) fn stated(text: &MappedText) -> Option<MappedText> {
    let text = symbolic(&text.trimmed());
    let to_come = text
        .known()
        .is_some_and(|text| !text.is_empty() && is_placeholder(text));
    (!to_come).then_some(text)
}

/// `keyVersion`; empty stands for the latest one, as if it were not there.
fn read_version_of_key(node: &Node) -> Known<String> {
    match (&node.value, node.as_text()) {
        (Value::Null, _) => Known::Absent,
        (_, Some(text)) => match stated(&text).as_ref().map(MappedText::known) {
            Some(Some("")) => Known::Absent,
            Some(Some(version)) => Known::Value(version.to_owned()),
            _ => Known::Unknown(reason(node)),
        },
        _ => Known::Unknown(reason(node)),
    }
}

/// The vault of which a reference reads the address, or that of the key of which it reads the identifier.
fn vault_of_reference(symbol: &Symbol, at: FileSpan) -> Option<MappedText> {
    if let Some(vault) = named_by_reference(symbol, VAULTS, "vaultUri", at) {
        return Some(vault);
    }
    let id = read_by_reference(symbol, KEYS, &KEY_IDENTIFIERS, at)?;
    let (keys, _) = split_last(&id);
    let (vault, _) = split_last(&keys);
    Some(split_last(&vault).1)
}

const VAULTS: &str = "microsoft.keyvault/vaults";

const KEYS: &str = "microsoft.keyvault/vaults/keys";

/// Properties of a key that hold its identifier.
const KEY_IDENTIFIERS: [&str; 2] = ["keyUri", "keyUriWithVersion"];

/// The name of the resource of a type, in lower case, of which a reference reads a property.
pub(super) fn named_by_reference(symbol: &Symbol, kind: &str, property: &str, at: FileSpan) -> Option<MappedText> {
    read_by_reference(symbol, kind, &[property], at).map(|id| split_last(&id).1)
}

/// The id of the resource of a type, in lower case, of which a reference reads one of these properties.
fn read_by_reference(symbol: &Symbol, kind: &str, properties: &[&str], at: FileSpan) -> Option<MappedText> {
    let Symbol::Reference { resource, path, .. } = symbol else {
        return None;
    };
    let id = MappedText::of_canonical(resource, at);
    let is_wanted = ResourceKey::of_id(&id).is_some_and(|key| key.kind == kind);
    let read = path.last()?;
    let reads_it = properties.iter().any(|property| read.eq_ignore_ascii_case(property));
    (is_wanted && reads_it).then_some(id)
}

/// The first label of the host of a URI: `kv` of `https://kv.vault.azure.net/`.
fn vault_of_uri(uri: &MappedText) -> Option<MappedText> {
    let text = uri.as_str();
    let start = text.find("://")? + 3;
    let rest = text.get(start..)?;
    let end = start + rest.find(['.', '/'])?;
    (end > start).then(|| uri.part(Span::of(start, end)))
}

/// Whether a reference reads the address of a vault.
fn is_address(symbol: &Symbol) -> bool {
    read_by_reference(symbol, VAULTS, &["vaultUri"], FileSpan::default()).is_some()
}

/// Whether a value is the identifier of a key that a reference reads.
fn is_identifier(text: &MappedText) -> bool {
    let reads = |symbol: &Symbol| read_by_reference(symbol, KEYS, &KEY_IDENTIFIERS, FileSpan::default()).is_some();
    text.sole_hole().is_some_and(|symbol| reads(symbol))
}

/// Why a text can't be the address of a vault, as far as it is known.
pub(super) fn flaw_of_uri(uri: &MappedText) -> Option<AddressFlaw> {
    let text = uri.as_str().to_ascii_lowercase();
    if is_identifier(uri) || text.contains("/keys/") || text.contains(&format!("{HOLE}keys/")) {
        return Some(AddressFlaw::KeyIdentifier);
    }
    match text.split_once("://") {
        Some(("https", rest)) => {
            let path = rest.split_once('/').map_or("", |(_, path)| path);
            (!path.trim_matches('/').is_empty() && !path.contains(HOLE)).then_some(AddressFlaw::Path)
        }
        Some((scheme, _)) if !scheme.contains(HOLE) => Some(AddressFlaw::Insecure),
        Some(_) => None,
        // The id of a resource is none, whatever its subscription is.
        None => (text.starts_with('/') || uri.is_known() && !text.is_empty()).then_some(AddressFlaw::NoUri),
    }
}

/// Why a text can't be the name of a key, as far as it is known.
pub(super) fn flaw_of_name(name: &MappedText) -> Option<AddressFlaw> {
    let text = name.as_str();
    if text.contains("://") || is_identifier(name) {
        Some(AddressFlaw::NameIsUri)
    } else if text.contains('/') {
        Some(AddressFlaw::NameWithVersion)
    } else {
        None
    }
}
