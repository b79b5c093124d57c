//! One model of a managed identity, however it is written.

use std::sync::{Arc, LazyLock};

use regex::Regex;

use super::ResourceKey;
use crate::arm::evaluate::for_people;
use crate::syntax::connection::is_placeholder;
use crate::syntax::placeholder::symbolic;
use crate::text::{FileSpan, MappedText, Symbol};

/// A managed identity.
#[derive(Clone, Debug)]
pub enum Identity {
    /// The system-assigned identity of a cluster: of that one, or of the cluster that runs the command.
    System(Option<ResourceKey>),
    /// An identity by its object (principal) id, in lower case.
    Object(String),
    /// A user-assigned identity by its resource.
    UserAssigned(ResourceKey),
    /// A user-assigned identity by its client id, where its object id is expected.
    Client(ResourceKey),
    /// An identity that a parameter, an expression or a placeholder stands for.
    Symbol(Arc<Symbol>),
    /// A text that can't name an identity (a name, a broken id).
    Malformed,
}

/// An identity where it is named.
#[derive(Clone, Debug)]
pub struct IdentityRef {
    /// The identity.
    pub identity: Identity,
    /// The characters that name it.
    pub at: FileSpan,
    /// The name as the user wrote it.
    pub written: String,
}

/// Whether two things are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Same {
    /// Certainly.
    Yes,
    /// Certainly not, or so unlikely that a user would want to hear of it.
    No,
    /// It can't be told from the files.
    Maybe,
}

static GUID: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$").ok());

impl Same {
    /// The same answer with a certain "no" taken back.
    #[must_use]
    pub fn max_doubt(self) -> Self {
        if self == Self::No { Self::Maybe } else { self }
    }
}

impl Identity {
    /// The identity that a text names where an object id or `system` is expected.
    #[must_use]
    pub fn of(text: &MappedText) -> Self {
        let text = symbolic(&text.trimmed());
        if let Some(symbol) = text.sole_hole() {
            return Self::of_symbol(symbol);
        }
        let Some(word) = text.known() else {
            return Self::Symbol(Arc::new(Symbol::Expression(text.canonical())));
        };
        if word == "system" {
            Self::System(None)
        } else if GUID.as_ref().is_some_and(|pattern| pattern.is_match(word)) {
            Self::Object(word.to_lowercase())
        } else if is_placeholder(word) || word.eq_ignore_ascii_case("system") {
            // Whether the service minds the letter case of `system` is not documented.
            Self::Symbol(Arc::new(Symbol::Placeholder(word.to_owned())))
        } else {
            Self::Malformed
        }
    }

    /// The identity that a value of a template stands for where a principal id is expected.
    #[must_use]
    pub fn of_symbol(symbol: &Arc<Symbol>) -> Self {
        if let Symbol::Reference { resource, path, .. } = &**symbol
            && let Some(key) = ResourceKey::of_id(&MappedText::of_canonical(resource, FileSpan::default()))
        {
            let path: Vec<_> = path.iter().map(|step| step.to_lowercase()).collect();
            let path: Vec<_> = path.iter().map(String::as_str).collect();
            match (key.kind.as_str(), path.as_slice()) {
                ("microsoft.kusto/clusters", ["identity", "principalid"]) => return Self::System(Some(key)),
                (
                    "microsoft.managedidentity/userassignedidentities",
                    ["principalid"] | ["properties", "principalid"],
                ) => {
                    return Self::UserAssigned(key);
                }
                ("microsoft.managedidentity/userassignedidentities", ["clientid"] | ["properties", "clientid"]) => {
                    return Self::Client(key);
                }
                _ => {}
            }
        }
        Self::Symbol(Arc::clone(symbol))
    }

    /// The identity whose resource id a text is, where a resource id is expected. The id of a cluster
    /// stands for its system-assigned identity.
    #[must_use]
    pub fn of_resource_id(id: &MappedText) -> Self {
        match ResourceKey::of_id(id) {
            Some(key) if key.kind == "microsoft.kusto/clusters" => Self::System(Some(key)),
            Some(key) if key.kind == "microsoft.managedidentity/userassignedidentities" => Self::UserAssigned(key),
            _ if id.is_known() => Self::Malformed,
            _ => Self::Symbol(Arc::new(Symbol::Expression(id.canonical()))),
        }
    }

    /// Text that two spellings share exactly when they are certainly one identity; `None` for what names
    /// no identity of its own (`system` depends on the cluster).
    #[must_use]
    pub fn key(&self) -> Option<String> {
        match self {
            Self::Object(id) => Some(format!("object {id}")),
            Self::UserAssigned(resource) => {
                let names: Vec<_> = resource.names.iter().map(super::Name::key).collect();
                Some(format!("user {}", names.join("/")))
            }
            Self::Symbol(symbol) => Some(format!("symbol {}", symbol.key())),
            Self::System(_) | Self::Client(_) | Self::Malformed => None,
        }
    }

    /// Whether both are one identity.
    #[must_use]
    pub fn same(&self, other: &Self) -> Same {
        let certain = |yes: bool, no: bool| {
            if yes {
                Same::Yes
            } else if no {
                Same::No
            } else {
                Same::Maybe
            }
        };
        match (self, other) {
            (Self::System(Some(one)), Self::System(Some(two))) | (Self::UserAssigned(one), Self::UserAssigned(two)) => {
                certain(one.is(two), one.is_not(two))
            }
            (Self::System(_), Self::System(_)) => Same::Yes,
            (Self::Object(one), Self::Object(two)) => certain(one == two, true),
            (Self::Symbol(one), Self::Symbol(two)) => certain(one.key() == two.key(), false),
            (Self::System(_), Self::Object(_) | Self::UserAssigned(_))
            | (Self::Object(_) | Self::UserAssigned(_), Self::System(_)) => Same::No,
            _ => Same::Maybe,
        }
    }
}

impl IdentityRef {
    /// The identity that `text` names as an object id or `system`; `at` is used where the text has no place
    /// of its own.
    #[must_use]
    pub fn new(text: &MappedText, at: FileSpan) -> Self {
        let text = text.trimmed();
        Self {
            identity: Identity::of(&text),
            at: text.whole_source().unwrap_or(at),
            written: for_people(
                &text
                    .sole_hole()
                    .map_or_else(|| text.display(), |symbol| symbol.to_string()),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::FileId;

    fn identity(text: &str) -> Identity {
        Identity::of(&MappedText::of_file(FileId(0), text))
    }

    #[test]
    fn spellings_of_one_identity_are_one() {
        let upper = identity("00D0430C-7C14-4EAF-A736-7B8DD6A790D5");
        assert_eq!(upper.same(&identity("00d0430c-7c14-4eaf-a736-7b8dd6a790d5")), Same::Yes);
        assert_eq!(upper.same(&identity("system")), Same::No);
        assert_eq!(identity("system").same(&identity("system")), Same::Yes);
        assert_eq!(identity("<id>").same(&identity("<id>")), Same::Yes);
        assert_eq!(identity("<id>").same(&identity("<other>")), Same::Maybe);
        assert_eq!(identity("{{mi}}").same(&upper), Same::Maybe);
        assert!(matches!(identity("id-adx"), Identity::Malformed));
    }

    #[test]
    fn a_reference_names_the_identity_of_its_resource() {
        let reference = |resource: &str, path: &[&str]| {
            Identity::of_symbol(&Arc::new(Symbol::Reference {
                resource: resource.into(),
                full: true,
                path: path.iter().map(|step| (*step).to_owned()).collect(),
            }))
        };
        let cluster = reference("/providers/Microsoft.Kusto/clusters/adx", &["identity", "principalId"]);
        assert_eq!(cluster.same(&identity("system")), Same::Yes);
        let user = reference(
            "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-a",
            &["principalId"],
        );
        let id = MappedText::of_file(FileId(0), "Microsoft.ManagedIdentity/userAssignedIdentities/ID-a");
        assert_eq!(user.same(&Identity::of_resource_id(&id)), Same::Yes);
        assert_eq!(user.same(&identity("system")), Same::No);
        assert!(matches!(
            reference("/providers/Microsoft.Kusto/clusters/adx", &["uri"]),
            Identity::Symbol(_)
        ));
    }
}
