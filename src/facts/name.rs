//! Names that are compared: of entities of Kusto, and of resources of Azure.

use crate::arm::evaluate::for_people;
use crate::syntax::placeholder::symbolic;
use crate::text::{MappedText, Span, offset};

/// A name, wholly or partly known.
///
/// Letter case is ignored: database names, resource names and resource types compare that way.
/// Source: entity-names.md of the product documentation.
#[derive(Clone, Debug)]
pub struct Name {
    canonical: String,
    display: String,
    known: bool,
}

impl Name {
    /// The name that a text holds. Placeholders in it are not known.
    #[must_use]
    pub fn of(text: &MappedText) -> Self {
        let text = symbolic(&text.trimmed());
        Self {
            canonical: text.canonical().to_lowercase(),
            display: for_people(
                &text
                    .sole_hole()
                    .map_or_else(|| text.display(), |symbol| symbol.to_string()),
            ),
            known: text.is_known(),
        }
    }

    /// A name that is written out.
    #[must_use]
    pub fn literal(text: &str) -> Self {
        Self {
            canonical: text.to_lowercase(),
            display: text.to_owned(),
            known: true,
        }
    }

    /// A name that is not known: `key` tells it from others, `display` is for people.
    #[must_use]
    pub fn symbolic(key: &str, display: &str) -> Self {
        Self {
            canonical: key.to_lowercase(),
            display: display.to_owned(),
            known: false,
        }
    }

    /// Text that two names share exactly when they are certainly equal.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.canonical
    }

    /// Whether every character is known.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.known
    }

    /// Whether the names are certainly equal.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.canonical == other.canonical
    }

    /// Whether the names are certainly different.
    #[must_use]
    pub fn is_not(&self, other: &Self) -> bool {
        self.known && other.known && self.canonical != other.canonical
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.display)
    }
}

/// A resource by its type and its names, without subscription and resource group: what is left of a
/// resource id that one can compare inside a repository.
#[derive(Clone, Debug)]
pub struct ResourceKey {
    /// The type in lower case: `microsoft.kusto/clusters/databases`.
    pub kind: String,
    /// One name for each segment of the type after the first.
    pub names: Vec<Name>,
}

impl ResourceKey {
    /// The resource that an id names. Ids may be whole (`/subscriptions/…/providers/Type/name`) or
    /// relative (`Type/name`). `None` for the id of a resource group or subscription, or for no id.
    #[must_use]
    pub fn of_id(id: &MappedText) -> Option<Self> {
        let parts = path_parts(id);
        let word = |index: usize| parts.get(index).and_then(MappedText::known).map(str::to_lowercase);
        let from = match (0..parts.len())
            .rev()
            .find(|index| word(*index).as_deref() == Some("providers"))
        {
            Some(index) => index + 1,
            None if id.as_str().starts_with('/') => return None,
            None => 0,
        };
        let mut kind = word(from).filter(|namespace| namespace.contains('.'))?;
        let mut names = Vec::new();
        let mut at = from + 1;
        while let (Some(segment), Some(name)) = (word(at), parts.get(at + 1)) {
            kind.push('/');
            kind.push_str(&segment);
            names.push(Name::of(name));
            at += 2;
        }
        (!names.is_empty()).then_some(Self { kind, names })
    }

    /// The resource group that an id names, in lower case, if it is written out.
    #[must_use]
    pub fn group_of_id(id: &MappedText) -> Option<String> {
        let parts = path_parts(id).into_iter();
        let is_head = |part: &MappedText| {
            part.known()
                .is_some_and(|part| part.eq_ignore_ascii_case("resourceGroups"))
        };
        let group = parts.skip_while(|part| !is_head(part)).nth(1)?;
        group.known().map(str::to_lowercase)
    }

    /// A resource by its type and the text of its name, in which `/` separates the names of parents.
    #[must_use]
    pub fn new(kind: &str, name: &MappedText) -> Self {
        Self {
            kind: kind.to_lowercase(),
            names: path_parts(name).iter().map(Name::of).collect(),
        }
    }

    /// Whether both are certainly one resource.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.names.len() == other.names.len()
            && self.names.iter().zip(&other.names).all(|(name, other)| name.is(other))
    }

    /// Whether they are certainly different resources.
    #[must_use]
    pub fn is_not(&self, other: &Self) -> bool {
        self.kind != other.kind
            || self.names.len() != other.names.len()
            || self
                .names
                .iter()
                .zip(&other.names)
                .any(|(name, other)| name.is_not(other))
    }

    /// Whether one of the two is the other, or lies in it: a hub and its namespace, a container and its account.
    #[must_use]
    pub fn shares_path(&self, other: &Self) -> super::Same {
        use super::Same;
        let lies_in = |inner: &str, outer: &str| {
            let rest = inner.strip_prefix(outer);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let mut pairs = self.names.iter().zip(&other.names);
        if !lies_in(&self.kind, &other.kind) && !lies_in(&other.kind, &self.kind)
            || pairs.clone().any(|(one, two)| one.is_not(two))
        {
            Same::No
        } else if pairs.all(|(one, two)| one.is(two)) {
            Same::Yes
        } else {
            Same::Maybe
        }
    }

    /// The first name: the cluster of a script, the account of a container.
    #[must_use]
    pub fn root(&self) -> Option<&Name> {
        self.names.first()
    }

    /// The last name: the resource's own.
    #[must_use]
    pub fn own(&self) -> Option<&Name> {
        self.names.last()
    }
}

/// The parts of a path between `/`; slashes inside holes do not count.
fn path_parts(path: &MappedText) -> Vec<MappedText> {
    let mut parts = Vec::new();
    let mut start = 0;
    let text = path.as_str();
    for at in memchr::memchr_iter(b'/', text.as_bytes()).chain([text.len()]) {
        if at > start {
            parts.push(path.part(Span::of(start, at)));
        }
        start = at + 1;
    }
    debug_assert!(offset(start) >= path.len(), "the last part reaches the end");
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{FileId, FileSpan, Symbol};
    use std::sync::Arc;

    fn text(text: &str) -> MappedText {
        MappedText::of_file(FileId(0), text)
    }

    #[test]
    fn ids_name_resources_whole_or_relative() {
        let mut whole = text("/subscriptions/");
        whole.push(&MappedText::hole(
            Arc::new(Symbol::Expression("subscription().subscriptionId".into())),
            FileSpan::default(),
        ));
        whole.push(&text(
            "/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/St1",
        ));
        let whole = ResourceKey::of_id(&whole).unwrap();
        assert!(whole.is(&ResourceKey::of_id(&text("Microsoft.Storage/storageaccounts/st1")).unwrap()));
        assert!(whole.is(&ResourceKey::new("Microsoft.Storage/storageAccounts", &text("st1"))));
        assert!(ResourceKey::of_id(&text("/subscriptions/s/resourceGroups/rg")).is_none());
        assert!(ResourceKey::of_id(&text("st1")).is_none());
        let path = |id: &str| ResourceKey::of_id(&text(id)).unwrap();
        let hub = path("Microsoft.EventHub/namespaces/ns/eventhubs/h");
        for (other, same) in [
            ("Microsoft.EventHub/namespaces/NS", super::super::Same::Yes),
            (
                "Microsoft.EventHub/namespaces/ns/eventhubs/h/consumergroups/g",
                super::super::Same::Yes,
            ),
            (
                "Microsoft.EventHub/namespaces/ns/eventhubs/other",
                super::super::Same::No,
            ),
            ("Microsoft.EventHub/namespaces/<ns>", super::super::Same::Maybe),
            ("Microsoft.EventHub/namespacesets/ns", super::super::Same::No),
        ] {
            assert_eq!(hub.shares_path(&path(other)), same, "{other}");
        }
        let child = ResourceKey::of_id(&text("Microsoft.Kusto/clusters/c/databases/d")).unwrap();
        assert_eq!(
            (child.kind.as_str(), child.root().unwrap().key()),
            ("microsoft.kusto/clusters/databases", "c")
        );
    }
}
