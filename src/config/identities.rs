//! `[identities]`: names for managed identities, and by what else the files know them.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::DeValue;

use super::read::{Problems, place, quoted, span_of, text, texts};
use super::shape::{Form, GUID, Key, Kind, LINE, NAME};

const RESOURCE: Form = Form {
    what: "the name of a user-assigned identity: \"id-adx-ingest\"",
    pattern: r"[0-9A-Za-z][0-9A-Za-z_-]*",
    longest: 128,
};

const IDENTITY: &[Key] = &[
    Key::new("client-id", Kind::Text(&GUID), "Its client (application) id"),
    Key::new("object-id", Kind::Text(&GUID), "Its object (principal) id"),
    Key::new(
        "placeholders",
        Kind::List(&Kind::Text(&LINE)),
        "What stands for its object id in scripts and templates: placeholders as written, or `parameters('name')`",
    ),
    Key::new(
        "resource",
        Kind::Text(&RESOURCE),
        "The name of its resource, if it is a user-assigned identity",
    ),
];

/// The section.
pub(super) const KIND: Kind = Kind::Map(&NAME, &Kind::Table(IDENTITY));

/// By what the files know an identity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownIdentity {
    /// Its object id, in lower case.
    pub object_id: Option<String>,
    /// Its client id, in lower case.
    pub client_id: Option<String>,
    /// The name of its resource.
    pub resource: Option<String>,
    /// What stands for its object id.
    pub placeholders: Vec<String>,
}

/// The identities by the names that the user gives them.
pub type Identities = BTreeMap<String, KnownIdentity>;

pub(super) fn read(value: &Spanned<DeValue<'_>>, problems: &mut Problems) -> Identities {
    let mut identities = Identities::new();
    // What each id and placeholder stands for.
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for (key, value) in value.get_ref().as_table().into_iter().flatten() {
        let (name, at) = (key.get_ref().to_string(), span_of(key.span()));
        if name.eq_ignore_ascii_case("system") {
            problems.add(
                at,
                "`system` is the system-assigned identity: it can't be another one's name",
            );
        }
        let Some(table) = value.get_ref().as_table() else {
            continue;
        };
        let id = |key: &str| text(table, key).map(str::to_ascii_lowercase);
        let placeholders = texts(table, "placeholders");
        let identity = KnownIdentity {
            object_id: id("object-id"),
            client_id: id("client-id"),
            resource: text(table, "resource").map(ToOwned::to_owned),
            placeholders: placeholders.iter().map(|(text, _)| text.trim().to_owned()).collect(),
        };
        let mut claim = |text: &str, at| match known.get(text) {
            Some(other) => problems.add(at, format!("`{}` stands for `{}` already", quoted(text), quoted(other))),
            None => {
                known.insert(text.to_owned(), name.clone());
            }
        };
        for (key, text) in [("object-id", &identity.object_id), ("client-id", &identity.client_id)] {
            if let Some(text) = text {
                claim(text, place(table, key, at));
            }
        }
        if let Some(resource) = &identity.resource {
            claim(&resource.to_lowercase(), place(table, "resource", at));
        }
        for (text, (_, at)) in identity.placeholders.iter().zip(&placeholders) {
            claim(text, *at);
        }
        identities.insert(name, identity);
    }
    identities
}
