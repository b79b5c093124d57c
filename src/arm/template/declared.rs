//! What a template declares, by name: a template may use each of its thousands of parameters.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::syntax::expression::{is_escaped, is_expression};
use crate::syntax::json::{Kind, Member, Node};
use crate::text::MappedText;

/// Things by their name in lower case.
type ByName<'t, T> = BTreeMap<String, &'t T>;

/// The declarations of one template, each kind listed when it is first asked for.
#[derive(Default)]
pub(super) struct Declared<'t> {
    parameters: OnceCell<ByName<'t, Member>>,
    variables: OnceCell<ByName<'t, Member>>,
    definitions: OnceCell<ByName<'t, Member>>,
    loops: OnceCell<ByName<'t, Node>>,
    symbolic: OnceCell<ByName<'t, Node>>,
    deployments: OnceCell<Deployments<'t>>,
}

/// The nested deployments of a template.
pub(super) struct Deployments<'t> {
    /// Those whose name is written out, by that name in lower case.
    pub(super) literal: ByName<'t, Node>,
    /// Those whose name is an expression, in order.
    pub(super) computed: Vec<&'t Node>,
}

impl<'t> Declared<'t> {
    pub(super) fn parameter(&self, template: &'t Node, name: &str) -> Option<&'t Member> {
        let list = || members(template, "parameters");
        self.parameters.get_or_init(list).get(&lower(name)).copied()
    }

    /// A type that the template defines.
    pub(super) fn definition(&self, template: &'t Node, name: &str) -> Option<&'t Member> {
        let list = || members(template, "definitions");
        self.definitions.get_or_init(list).get(&lower(name)).copied()
    }

    /// A variable that is not made by a loop.
    pub(super) fn variable(&self, template: &'t Node, name: &str) -> Option<&'t Member> {
        let list = || members(template, "variables");
        let member = self.variables.get_or_init(list).get(&lower(name)).copied();
        member.filter(|member| !is_loop_list(member))
    }

    /// The loop that makes a variable.
    pub(super) fn variable_loop(&self, template: &'t Node, text: &MappedText, name: &str) -> Option<&'t Node> {
        let list = || {
            let copy = template.get("variables").and_then(|variables| variables.get("copy"));
            let mut loops = BTreeMap::new();
            for entry in copy.map(Node::elements).unwrap_or_default() {
                if let Some(name) = entry.get("name").and_then(|name| name.string(text)) {
                    loops.entry(lower(name.as_str())).or_insert(entry);
                }
            }
            loops
        };
        self.loops.get_or_init(list).get(&lower(name)).copied()
    }

    /// The resource of a symbolic name.
    pub(super) fn symbolic(&self, template: &'t Node, name: &str) -> Option<&'t Node> {
        let list = || {
            let members = members(template, "resources").into_iter();
            members.map(|(name, member)| (name, &member.value)).collect()
        };
        self.symbolic.get_or_init(list).get(&lower(name)).copied()
    }

    /// The nested deployments.
    pub(super) fn deployments(&self, template: &'t Node, text: &MappedText) -> &Deployments<'t> {
        self.deployments.get_or_init(|| deployments(template, text))
    }
}

fn lower(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// The members of a section of a template; the last one of a name counts.
fn members<'t>(template: &'t Node, section: &str) -> ByName<'t, Member> {
    let members = template.get(section).map(Node::members).unwrap_or_default();
    members.iter().map(|member| (lower(&member.name), member)).collect()
}

fn deployments<'t>(template: &'t Node, text: &MappedText) -> Deployments<'t> {
    let mut found = Deployments {
        literal: BTreeMap::new(),
        computed: Vec::new(),
    };
    let Some(resources) = template.get("resources") else {
        return found;
    };
    let members = resources.members().iter().map(|member| &member.value);
    for node in resources.elements().iter().chain(members) {
        let kind = node.get("type").and_then(|kind| kind.string(text));
        if !kind.is_some_and(|kind| kind.as_str().eq_ignore_ascii_case("Microsoft.Resources/deployments")) {
            continue;
        }
        match node.get("name").and_then(|name| name.string(text)) {
            Some(name) if is_expression(name.as_str()) || is_escaped(name.as_str()) => found.computed.push(node),
            Some(name) => {
                found.literal.entry(lower(name.as_str())).or_insert(node);
            }
            None => {}
        }
    }
    found
}

/// Whether a member of `variables` is the list of loops and not a variable called `copy`.
fn is_loop_list(member: &Member) -> bool {
    member.name.eq_ignore_ascii_case("copy")
        && matches!(&member.value.kind, Kind::Array(entries) if entries.iter().all(|entry| entry.get("count").is_some()))
}
