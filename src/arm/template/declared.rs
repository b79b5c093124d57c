//! What a template declares, by name: a template may use each of its thousands of parameters.

use std::cell::OnceCell;
use std::collections::BTreeMap;

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
    symbolic: OnceCell<ByName<'t, Member>>,
    outputs: OnceCell<ByName<'t, Member>>,
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
                    loops.insert(lower(name.as_str()), entry);
                }
            }
            loops
        };
        self.loops.get_or_init(list).get(&lower(name)).copied()
    }

    /// The resource of a symbolic name.
    pub(super) fn symbolic(&self, template: &'t Node, name: &str) -> Option<&'t Node> {
        let list = || members(template, "resources");
        let member = self.symbolic.get_or_init(list).get(&lower(name))?;
        Some(&member.value)
    }

    /// An output.
    pub(super) fn output(&self, template: &'t Node, name: &str) -> Option<&'t Node> {
        let list = || members(template, "outputs");
        let member = self.outputs.get_or_init(list).get(&lower(name))?;
        Some(&member.value)
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

/// Whether a member of `variables` is the list of loops and not a variable called `copy`.
fn is_loop_list(member: &Member) -> bool {
    member.name.eq_ignore_ascii_case("copy")
        && matches!(&member.value.kind, Kind::Array(entries) if entries.iter().all(|entry| entry.get("count").is_some()))
}
