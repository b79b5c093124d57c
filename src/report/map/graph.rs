//! The map as nodes and edges, for the forms that draw graphs.

use std::collections::BTreeMap;

use super::{marked, roles, scope_name, shown, target_name, usage_name};
use crate::map::{AccessMap, MapIdentity, State};

/// What a node stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NodeKind {
    Identity,
    Scope,
    Target,
    Vault,
}

/// A node; its number is its place in the list.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    /// Its lines, fit to be shown, and not yet escaped for a form.
    pub(super) lines: Vec<String>,
}

/// An edge.
#[derive(Debug)]
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) lines: Vec<String>,
    /// The state that stands out most among what the edge says.
    pub(super) state: State,
}

/// Nodes and edges in the order of the map.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
    known: BTreeMap<String, usize>,
}

impl Graph {
    pub(super) fn of(map: &AccessMap) -> Self {
        let mut graph = Self::default();
        for identity in &map.identities {
            graph.identity(identity);
        }
        for cluster in &map.clusters {
            for vault in &cluster.vaults {
                let from = graph.node(NodeKind::Scope, format!("{} (whole cluster)", shown(&cluster.name)));
                let name = vault
                    .as_deref()
                    .map_or_else(|| "vault ?".to_owned(), |name| format!("vault {}", shown(name)));
                let to = graph.node(NodeKind::Vault, name);
                let state = if vault.is_some() { State::Good } else { State::Unknown };
                graph.edge(from, to, vec!["key of the cluster".to_owned()], state);
            }
        }
        graph
    }

    fn identity(&mut self, identity: &MapIdentity) {
        let from = self.nodes.len();
        self.nodes.push(Node {
            kind: NodeKind::Identity,
            lines: vec![shown(&identity.name), format!("({})", identity.kind.words())],
        });
        for assigned in &identity.assigned {
            let to = self.node(NodeKind::Scope, format!("{} (whole cluster)", shown(&assigned.cluster)));
            let what = match assigned.state {
                State::Good => "✓ is on the cluster",
                State::Wrong => "! is not on the cluster",
                _ => "? on the cluster",
            };
            self.edge(from, to, vec![what.to_owned()], assigned.state);
        }
        for scope in &identity.scopes {
            let to = self.node(NodeKind::Scope, scope_name(scope));
            let lines = scope
                .usages
                .iter()
                .map(|usage| format!("{}: {}", marked(usage.state), usage_name(usage)));
            let worst = scope.usages.iter().map(|usage| usage.state).min();
            self.edge(from, to, lines.collect(), worst.unwrap_or(State::Unknown));
        }
        for target in &identity.targets {
            let to = self.node(NodeKind::Target, target_name(target));
            let line = format!("{}: {}", marked(target.state), roles(target));
            self.edge(from, to, vec![line], target.state);
        }
    }

    /// The node of that name; things of one name are one node.
    fn node(&mut self, kind: NodeKind, name: String) -> usize {
        let next = self.nodes.len();
        let index = *self.known.entry(name.clone()).or_insert(next);
        if index == next {
            self.nodes.push(Node {
                kind,
                lines: vec![name],
            });
        }
        index
    }

    fn edge(&mut self, from: usize, to: usize, lines: Vec<String>, state: State) {
        self.edges.push(Edge { from, to, lines, state });
    }
}
