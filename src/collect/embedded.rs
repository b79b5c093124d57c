//! Texts of KQL that other resources carry.

use super::host::limits;
use super::template::placed;
use super::{Collector, Errors, Script, collect_script};
use crate::arm::value::{Condition, Node, Property, Value};
use crate::facts::Name;
use crate::syntax::host::{self, Host};
use crate::syntax::kql;
use crate::text::{MappedText, Symbol};

/// Where a text of KQL is sent to, as far as the files tell it for certain.
#[derive(Clone, Debug, Default)]
pub(super) struct Destination {
    /// The cluster.
    pub(super) cluster: Option<Name>,
    /// The database.
    pub(super) database: Option<Name>,
}

impl Collector<'_> {
    /// A text that is KQL for certain. All that is wrong with it is returned.
    pub(super) fn certain(&mut self, node: &Node, to: &Destination, when: &Condition) -> Errors {
        let Some(text) = self.script_text(node) else {
            return Errors::new();
        };
        self.carried(&text, to, when)
    }

    /// A text that may be a command, or JSON that holds commands. It may also be a part of a command that is put
    /// together elsewhere, so only limits are returned.
    pub(super) fn perhaps(&mut self, text: &MappedText, when: &Condition) -> Errors {
        let nowhere = Destination::default();
        if kql::starts_with_command(text.as_str()) {
            return limits(self.carried(text, &nowhere, when));
        }
        if text.as_str().trim_start().starts_with(['{', '[']) {
            return self.fragments(text, Host::Json, "", when);
        }
        Errors::new()
    }

    /// The commands in the strings of a text of another language, whose variables are those of `scope` alone;
    /// only limits are returned.
    pub(super) fn fragments(&mut self, text: &MappedText, host: Host, scope: &str, when: &Condition) -> Errors {
        let nowhere = Destination::default();
        let found = host::fragments(text, host).into_iter();
        let errors = found.flat_map(|fragment| {
            let text = fragment.text.with_symbols(|symbol| within(symbol, scope));
            self.carried(&text, &nowhere, when)
        });
        limits(errors.collect())
    }

    fn carried(&mut self, text: &MappedText, to: &Destination, when: &Condition) -> Errors {
        let script = Script {
            deployed: None,
            text,
            cluster: to.cluster.clone(),
            database: to.database.clone(),
            when: when.clone(),
        };
        placed(text, collect_script(self, &script))
    }
}

/// The symbol of a value that is filled in at run time, apart from those of other scopes.
pub(super) fn within(symbol: &Symbol, scope: &str) -> Symbol {
    match symbol {
        Symbol::Interpolation { scope: own, text } if !scope.is_empty() => Symbol::Interpolation {
            scope: format!("{own} {scope}"),
            text: text.clone(),
        },
        _ => symbol.clone(),
    }
}

/// The values that stand at `path` below a node, each with its condition. One that is not known stands for all
/// that it may hold.
pub(super) fn reach(node: &Node, path: &[&str], when: &Condition) -> Vec<(Condition, Node)> {
    let mut out = Vec::new();
    for (condition, node) in node.alternatives() {
        let Some(when) = when.and(&condition) else { continue };
        match path.split_first() {
            None => out.push((when, node)),
            Some((name, rest)) => follow(node.property(name), &node, rest, &when, &mut out),
        }
    }
    out
}

fn follow(property: Property, owner: &Node, rest: &[&str], when: &Condition, out: &mut Vec<(Condition, Node)>) {
    match property {
        Property::Absent | Property::OneOf(_) => {}
        Property::Present(node) => out.extend(reach(&node, rest, when)),
        Property::Unknown(unknown) => out.push((when.clone(), Node::written(Value::Unknown(unknown), owner.site))),
    }
}
