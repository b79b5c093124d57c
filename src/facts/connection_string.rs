//! Connection strings: what they lead to and how they sign in, never the text of what they keep secret.

use super::{Condition, IdentityRef, Name, ScriptId};
use crate::service::Flow;
use crate::text::{Editable, FileSpan};

pub use crate::syntax::connection::{CredentialKind, Dialect, Keyword, Store, Target};

/// A connection string.
#[derive(Clone, Debug)]
pub struct ConnectionString {
    /// Its characters.
    pub at: FileSpan,
    /// What holds it.
    pub carrier: Carrier,
    /// What it leads to.
    pub target: Target,
    /// Whether all of it is there: nothing is added to it or filled in for more than one value.
    pub whole: bool,
    /// Whether it stands in a comment of a program, where nothing reads it.
    pub commented: bool,
    /// What a program may set outside of it: keywords of signing in as an application whose names stand elsewhere in the
    /// same file.
    pub named_outside: Vec<Keyword>,
    /// The URL of the store, cluster or account.
    pub address: Option<Address>,
    /// How a storage string signs in, in the order of the text.
    pub credentials: Vec<Credential>,
    /// The managed identities that it names.
    pub identities: Vec<IdentityRef>,
    /// The pairs of a string of pairs, in the order of the text.
    pub pairs: Vec<ConnectionPair>,
    /// What breaks its form, with the place.
    pub broken: Vec<(FileSpan, String)>,
    /// The script or text that it stands in.
    pub script: ScriptId,
    /// When it is used.
    pub when: Condition,
}

/// What holds a connection string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// A string of KQL that is part of this.
    Query(Flow),
    /// A setting that a template gives to an app, by its name.
    Setting(String),
    /// A value with a name: a setting in a file, a variable, a constant.
    Named(String),
    /// Any other text.
    Text,
}

/// The URL in a connection string.
#[derive(Clone, Debug)]
pub struct Address {
    /// The scheme in lower case; empty if it is not known.
    pub scheme: String,
    /// The characters of the scheme.
    pub scheme_at: FileSpan,
    /// The scheme, where it can be written anew.
    pub scheme_edit: Option<Editable>,
    /// The scheme that stands before another one, with its `://`.
    pub doubled: Option<(FileSpan, Option<Editable>)>,
    /// The host in lower case, if it is known.
    pub host: Option<String>,
    /// The characters of the host.
    pub host_at: FileSpan,
    /// The storage account.
    pub account: Option<Name>,
    /// Whether the URL is known to name no container or file system: nothing stands before an `@` or in the path.
    pub no_container: bool,
    /// Whether something stands before an `@`.
    pub has_user: bool,
    /// Whether it stands before the pairs of a string, and not in one of them.
    pub leads: bool,
    /// Whether the host is the machine itself.
    pub is_local: bool,
    /// Whether the path names something: in strings for Kusto the database.
    pub has_path: bool,
}

/// One way in which a storage string signs in.
#[derive(Clone, Debug)]
pub struct Credential {
    /// What it is.
    pub kind: CredentialKind,
    /// Its characters.
    pub at: FileSpan,
    /// The keyword that was probably meant, if what is written is none.
    pub meant: Option<CredentialKind>,
    /// The keyword, where it can be written anew.
    pub keyword: Option<Editable>,
    /// The sign before the keyword, if it stands in the query.
    pub sign: Option<QuerySign>,
    /// Whether blanks stand around the keyword or its value.
    pub spaced: bool,
    /// Whether it has no value.
    pub empty: bool,
    /// The identity that it names.
    pub identity: Option<IdentityRef>,
    /// Whether it is a SAS that the key of an identity signs, not that of the account.
    pub is_delegated: bool,
    /// The permissions (`sp`) of a SAS, if they are known.
    pub permissions: Option<String>,
}

/// The `?` or `&` before a keyword that does not belong into the query of a URL.
#[derive(Clone, Debug)]
pub struct QuerySign {
    /// The sign, where it can be written anew.
    pub edit: Option<Editable>,
    /// Whether more of the query follows.
    pub is_followed: bool,
}

/// One `name=value`.
#[derive(Clone, Debug)]
pub struct ConnectionPair {
    /// What the name means; `None` if it is not known.
    pub keyword: Option<Keyword>,
    /// The name as it is written; `None` if it may be a piece of a secret.
    pub name: Option<String>,
    /// The characters of the name.
    pub name_at: FileSpan,
    /// The name, where it can be written anew.
    pub name_edit: Option<Editable>,
    /// The pair with what separates it from the next one, where it can be removed.
    pub removed: Option<Editable>,
    /// The characters of the value.
    pub value_at: FileSpan,
    /// What the value is.
    pub value: Given,
    /// The known name that was probably meant.
    pub meant: Option<&'static str>,
    /// The known name whose first words alone are written.
    pub shortens: Option<&'static str>,
}

/// What stands in a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// Nothing.
    Empty,
    /// This text, which is no secret.
    Text(String),
    /// Something that may be a secret, or that nobody asks for.
    Hidden,
    /// What is filled in elsewhere.
    Unknown,
}

impl ConnectionString {
    /// The pairs whose names mean `keyword`.
    pub fn all(&self, keyword: Keyword) -> impl Iterator<Item = &ConnectionPair> {
        self.pairs.iter().filter(move |pair| pair.keyword == Some(keyword))
    }

    /// The first pair whose name means `keyword`.
    #[must_use]
    pub fn get(&self, keyword: Keyword) -> Option<&ConnectionPair> {
        self.all(keyword).next()
    }

    /// The name of the setting, variable or constant that holds it.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match &self.carrier {
            Carrier::Setting(name) | Carrier::Named(name) => Some(name),
            Carrier::Query(_) | Carrier::Text => None,
        }
    }

    /// Whether it leads to a Kusto cluster.
    #[must_use]
    pub fn is_for_kusto(&self) -> bool {
        self.target == Target::Keywords(Dialect::Kusto)
    }

    /// The store that it leads to.
    #[must_use]
    pub fn store(&self) -> Option<Store> {
        match self.target {
            Target::Storage(store) => Some(store),
            Target::Keywords(_) | Target::Unknown => None,
        }
    }

    /// Whether it is certain where it ends, and what follows it is no prose.
    #[must_use]
    pub fn is_bounded(&self) -> bool {
        self.whole || matches!(self.carrier, Carrier::Query(_))
    }

    /// Whether it is an example for readers.
    #[must_use]
    pub fn is_example(&self) -> bool {
        !self.script.is_run()
    }
}

impl ConnectionPair {
    /// The text of the value, if it is known and no secret.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Given::Text(text) => Some(text),
            Given::Empty | Given::Hidden | Given::Unknown => None,
        }
    }

    /// Whether it has no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.value == Given::Empty
    }

    /// The characters of name and value.
    #[must_use]
    pub fn at(&self) -> FileSpan {
        if self.name_at.file == self.value_at.file {
            FileSpan::new(self.name_at.file, self.name_at.span.cover(self.value_at.span))
        } else {
            self.name_at
        }
    }
}

/// A binding of a function app to Kusto.
#[derive(Clone, Debug)]
pub struct KustoBinding {
    /// The setting that holds the connection string; `None` if it can't be told.
    pub setting: Option<String>,
    /// Where the setting is named.
    pub setting_at: Option<FileSpan>,
    /// Whether a connection string stands where the name of a setting is expected.
    pub is_string: bool,
    /// The identity that it signs in with, if it is known.
    pub identity: Option<BoundIdentity>,
    /// The attribute or object.
    pub at: FileSpan,
    /// The text that it stands in.
    pub script: ScriptId,
}

/// `ManagedServiceIdentity` of a binding.
#[derive(Clone, Debug)]
pub struct BoundIdentity {
    /// Its value as it is written.
    pub written: String,
    /// Its characters.
    pub at: FileSpan,
}
