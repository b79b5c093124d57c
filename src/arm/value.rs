//! Values of a template: known, partly known, one of several under conditions, or unknown with a reason.

use std::collections::BTreeMap;
use std::sync::Arc;

pub use super::condition::{Atom, Condition};
use super::evaluate::alternatives_symbol;
use super::trail::{Passage, Trail};
use crate::text::{FileSpan, MappedText, Symbol};

/// A value, the place where it is used, and the place that it came from.
#[derive(Clone, Debug)]
pub struct Node {
    /// What is known of the value.
    pub value: Value,
    /// The JSON value or the part of an expression that stands for it: what one edits to change this
    /// use of the value.
    pub site: FileSpan,
    /// The literal that the value was copied from (a parameter's default, a variable, an entry of a
    /// parameter file); equal to `site` where the value is written on the spot or computed.
    pub origin: FileSpan,
    /// The steps between the two.
    pub trail: Trail,
}

/// What is known of a value.
#[derive(Clone, Debug)]
pub enum Value {
    /// `null`.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction or beyond 64 bits. Only parameters and `float()` make them.
    Float(f64),
    /// A text; it is partly known when it has holes. A text that is nothing but a hole is
    /// [`Value::Unknown`] instead: build texts with [`Value::text`].
    String(MappedText),
    /// A list; its elements are known each for itself.
    Array(Arc<Vec<Node>>),
    /// An object; its members are known each for itself.
    Object(Arc<Object>),
    /// Not known.
    Unknown(Unknown),
    /// One of several, each under its condition. Never nested, never fewer than two, at most
    /// [`MAX_ALTERNATIVES`].
    OneOf(Arc<Vec<Alternative>>),
}

/// More alternatives than this are not followed: the value is unknown then.
pub const MAX_ALTERNATIVES: usize = 16;

/// Why a value is not known, and the name by which it can still be compared.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// The reason in words for people: "parameter `keySize` has no value".
    pub why: Arc<str>,
    /// Equal symbols are equal values.
    pub symbol: Arc<Symbol>,
}

/// How the reason for a value that is a secret by its type ends.
pub(super) const NOT_LOOKED_AT: &str = "its value is not looked at";

/// An object; names compare without letter case, as in the Resource Manager.
#[derive(Clone, Debug, Default)]
pub struct Object {
    members: Vec<Member>,
    /// Index in `members` by canonical name in lower case; empty in an object of few members.
    index: BTreeMap<String, usize>,
    /// Whether a member was replaced by one whose name differs in letter case.
    has_variants: bool,
}

/// Members of an object that are looked through without an index, which is larger than they are.
const FEW: usize = 8;

/// A member of an [`Object`].
#[derive(Clone, Debug)]
pub struct Member {
    /// The name in the letter case in which it was written.
    pub name: MappedText,
    /// The value.
    pub node: Node,
}

/// One of the values that a value may have.
#[derive(Clone, Debug)]
pub struct Alternative {
    /// When the value is this one.
    pub when: Condition,
    /// The value; never [`Value::OneOf`].
    pub node: Node,
}

impl Value {
    /// A text; unknown when it is nothing but a hole.
    #[must_use]
    pub fn text(text: MappedText) -> Self {
        match text.sole_hole() {
            Some(symbol) => Self::Unknown(Unknown::of(Arc::clone(symbol))),
            None => Self::String(text),
        }
    }

    /// A value that is not known for the reason `why`.
    #[must_use]
    pub fn unknown(symbol: Symbol, why: impl Into<Arc<str>>) -> Self {
        Self::Unknown(Unknown {
            why: why.into(),
            symbol: Arc::new(symbol),
        })
    }

    /// The service's name of the value's type, as its error messages use it.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "Null",
            Self::Bool(_) => "Boolean",
            Self::Int(_) => "Integer",
            Self::Float(_) => "Float",
            Self::String(_) => "String",
            Self::Array(_) => "Array",
            Self::Object(_) => "Object",
            Self::Unknown(_) | Self::OneOf(_) => "unknown",
        }
    }
}

impl Unknown {
    /// Whether it is a parameter or a part of one whose type is a secret.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        self.why.ends_with(NOT_LOOKED_AT)
    }

    /// A value of which nothing is known but its symbol.
    #[must_use]
    pub fn of(symbol: Arc<Symbol>) -> Self {
        let why: Arc<str> = match &*symbol {
            Symbol::Parameter { name, .. } => format!("parameter `{name}` has no value").into(),
            Symbol::Reference { .. } | Symbol::List { .. } => {
                format!("`{symbol}` is known after the deployment only").into()
            }
            Symbol::Placeholder(text) => format!("`{text}` is a placeholder").into(),
            Symbol::Interpolation { text, .. } => format!("`{text}` is filled in at run time").into(),
            Symbol::Expression(text) | Symbol::Keyed(text) => format!("`{text}` is known at deployment only").into(),
        };
        Self { why, symbol }
    }
}

impl Node {
    /// A value that is written at `site`.
    #[must_use]
    pub fn written(value: Value, site: FileSpan) -> Self {
        Self {
            value,
            site,
            origin: site,
            trail: Trail::default(),
        }
    }

    /// A value that comes from `origin` and is used at `site`.
    #[must_use]
    pub fn copied(value: Value, origin: FileSpan, site: FileSpan) -> Self {
        Self {
            origin,
            ..Self::written(value, site)
        }
    }

    /// The same value, used at another place.
    #[must_use]
    pub fn used_at(mut self, site: FileSpan) -> Self {
        self.site = site;
        self
    }

    /// The same value, handed on to `site`.
    #[must_use]
    pub fn handed_on(mut self, by: Passage, site: FileSpan) -> Self {
        self.trail = self.trail.then(by, self.site);
        self.site = site;
        self.shared()
    }

    /// The same value, taken because of the truth value `test`.
    #[must_use]
    pub fn chosen_by(mut self, test: &Self) -> Self {
        self.trail = self.trail.chosen_by(&test.trail);
        self
    }

    /// The same value as a part of `whole`, which goes the way of the whole.
    #[must_use]
    pub fn part_of(mut self, whole: &Self) -> Self {
        if whole.trail.is_empty() {
            return self;
        }
        self.trail = self.trail.within(&whole.trail, self.site);
        self.shared()
    }

    /// The same value, which may be used at other places, too: if it is a text, changing it changes those.
    #[must_use]
    pub fn shared(mut self) -> Self {
        if let Value::String(text) = self.value {
            self.value = Value::String(text.shared());
        }
        self
    }

    /// The value as text with its places if it is a text, whole or with holes; a hole for a value that
    /// is not known. `None` for other types and for one of several.
    #[must_use]
    pub fn as_text(&self) -> Option<MappedText> {
        match &self.value {
            Value::String(text) => Some(text.clone()),
            Value::Unknown(unknown) => Some(MappedText::hole(Arc::clone(&unknown.symbol), self.site)),
            _ => None,
        }
    }

    /// The text if it is wholly known.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => text.known(),
            _ => None,
        }
    }

    /// The truth value if it is known.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The elements of a list; none for other types.
    #[must_use]
    pub fn elements(&self) -> &[Node] {
        match &self.value {
            Value::Array(elements) => elements,
            _ => &[],
        }
    }

    /// The members of an object; none for other types.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        match &self.value {
            Value::Object(object) => object.members(),
            _ => &[],
        }
    }

    /// The possible values with their conditions; one that always holds unless it is one of several.
    #[must_use]
    pub fn alternatives(&self) -> Vec<(Condition, Node)> {
        match &self.value {
            Value::OneOf(alternatives) => alternatives
                .iter()
                .map(|alternative| (alternative.when.clone(), alternative.node.clone().part_of(self)))
                .collect(),
            _ => vec![(Condition::default(), self.clone())],
        }
    }

    /// One of several values at `site`; a single one stands for itself, too many are unknown.
    /// Alternatives that are themselves one of several are flattened, contradictions dropped.
    #[must_use]
    pub fn one_of(alternatives: Vec<(Condition, Node)>, site: FileSpan) -> Self {
        let mut flat: Vec<Alternative> = Vec::new();
        for (when, node) in alternatives {
            for (inner, node) in node.alternatives() {
                if let Some(when) = when.and(&inner) {
                    flat.push(Alternative { when, node });
                }
            }
        }
        if flat.len() > MAX_ALTERNATIVES {
            let why = format!("it has more than {MAX_ALTERNATIVES} possible values");
            return Self::written(Value::unknown(alternatives_symbol(&flat, site), why), site);
        }
        match flat.len() {
            1 => flat.remove(0).node,
            _ => Self::written(Value::OneOf(Arc::new(flat)), site),
        }
    }

    /// The member of that name, looked up without letter case. An absent member of a known object is
    /// `None`; a member of something unknown is [`Member`]-less but not absent: see [`Node::property`].
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Member> {
        match &self.value {
            Value::Object(object) => object.get(name),
            _ => None,
        }
    }

    /// What is known of the property `name` of this value, per alternative of it.
    #[must_use]
    pub fn property(&self, name: &str) -> Property {
        match &self.value {
            Value::Object(object) => match object.get(name) {
                None => Property::Absent,
                Some(member) if matches!(member.node.value, Value::Null) => Property::Absent,
                Some(member) => Property::Present(member.node.clone().part_of(self)),
            },
            Value::Null => Property::Absent,
            Value::Unknown(unknown) => Property::Unknown(unknown.clone()),
            Value::OneOf(alternatives) => Property::OneOf(
                alternatives
                    .iter()
                    .map(|alternative| {
                        let node = alternative.node.clone().part_of(self);
                        (alternative.when.clone(), node.property(name))
                    })
                    .collect(),
            ),
            _ => Property::Absent,
        }
    }

    /// The value of the property `name` if it is there and is `null`, which leaves the property out.
    #[must_use]
    pub fn null_property(&self, name: &str) -> Option<Self> {
        let Value::Object(object) = &self.value else {
            return None;
        };
        let node = &object.get(name)?.node;
        matches!(node.value, Value::Null).then(|| node.clone().part_of(self))
    }

    /// Text that two values share exactly when they are certainly equal. Texts keep their letter case.
    #[must_use]
    pub fn canonical(&self) -> String {
        match &self.value {
            Value::Null => "null".to_owned(),
            Value::Bool(value) => value.to_string(),
            Value::Int(value) => value.to_string(),
            Value::Float(value) => value.to_string(),
            Value::String(text) => format!("'{}'", text.canonical().replace('\'', "''")),
            Value::Array(elements) => {
                let elements: Vec<_> = elements.iter().map(Node::canonical).collect();
                format!("[{}]", elements.join(","))
            }
            Value::Object(object) => {
                let members: Vec<_> = object
                    .members()
                    .iter()
                    .map(|member| format!("{}:{}", member.name.canonical().to_lowercase(), member.node.canonical()))
                    .collect();
                format!("{{{}}}", members.join(","))
            }
            Value::Unknown(unknown) => format!("{{{}}}", unknown.symbol.key()),
            Value::OneOf(alternatives) => {
                let alternatives: Vec<_> = alternatives
                    .iter()
                    .map(|alternative| format!("{} {}", alternative.when, alternative.node.canonical()))
                    .collect();
                format!("oneof({})", alternatives.join("|"))
            }
        }
    }

    /// Whether the value and everything in it is known.
    #[must_use]
    pub fn is_known(&self) -> bool {
        match &self.value {
            Value::String(text) => text.is_known(),
            Value::Array(elements) => elements.iter().all(Node::is_known),
            Value::Object(object) => object
                .members()
                .iter()
                .all(|member| member.name.is_known() && member.node.is_known()),
            Value::Unknown(_) | Value::OneOf(_) => false,
            _ => true,
        }
    }
}

/// What is known of a property.
#[derive(Clone, Debug)]
pub enum Property {
    /// The object is known and has no such property, or has `null` there.
    Absent,
    /// The property has this value.
    Present(Node),
    /// Whether it is there is not known.
    Unknown(Unknown),
    /// It depends.
    OneOf(Vec<(Condition, Property)>),
}

impl Object {
    /// An object of these members. Of names that are equal without letter case the last one counts,
    /// and it stands where the first one stood.
    #[must_use]
    pub fn new(members: Vec<Member>) -> Self {
        let mut object = Self::default();
        for member in members {
            object.insert(member);
        }
        object
    }

    /// Adds or replaces a member.
    pub fn insert(&mut self, member: Member) {
        let name = member.name.canonical().to_lowercase();
        match self.position(&name).and_then(|index| self.members.get_mut(index)) {
            Some(known) => {
                self.has_variants |= known.name != member.name && known.name.canonical() != member.name.canonical();
                *known = member;
            }
            None => {
                self.members.push(member);
                self.index_last(name);
            }
        }
    }

    /// Where the member of that canonical name in lower case stands.
    fn position(&self, name: &str) -> Option<usize> {
        if self.members.len() > FEW {
            return self.index.get(name).copied();
        }
        let is_it = |member: &Member| member.name.canonical().to_lowercase() == name;
        self.members.iter().position(is_it)
    }

    /// Indexes the last member, and all others when there come to be many.
    fn index_last(&mut self, name: String) {
        let last = self.members.len() - 1;
        if last > FEW {
            self.index.insert(name, last);
        } else if last == FEW {
            let names = self.members.iter().map(|member| member.name.canonical().to_lowercase());
            self.index = names.zip(0..).collect();
        }
    }

    /// Whether names that differ in letter case only were taken for one. The service keeps both when it
    /// lists the members, and takes one when it looks a name up.
    #[must_use]
    pub fn has_variants(&self) -> bool {
        self.has_variants
    }

    /// The members in order.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The member of that name, without letter case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Member> {
        self.position(&name.to_lowercase())
            .and_then(|index| self.members.get(index))
    }
}
