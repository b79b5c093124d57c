//! Pipelines of Data Factory and Synapse and workflows of Logic Apps, whose activities and actions send commands
//! to a database.

use super::embedded::{Destination, reach};
use super::{Collector, Errors};
use crate::arm::pipeline::Run;
use crate::arm::template::Resource;
use crate::arm::value::{Condition, Node, Value};
use crate::syntax::SyntaxError;
use crate::text::Span;

/// Types of objects that send KQL, and where it stands in them.
const SENDERS: &[(&str, &[&str])] = &[
    ("AzureDataExplorerCommand", &["typeProperties", "command"]),
    ("AzureDataExplorerSource", &["query"]),
];

/// The member that holds the KQL of a request to a cluster, which the connector of Logic Apps sends.
const REQUEST: &str = "csl";

/// Members with words for people.
const WORDS: &[&str] = &["annotations", "description", "metadata", "$schema"];

/// A pipeline or a workflow.
pub(super) struct Sender<'n> {
    body: &'n Node,
    /// Its name with that of its factory, if it is a resource.
    name: Option<&'n Node>,
    when: Condition,
}

impl<'n> Sender<'n> {
    /// One that stands in a file of its own.
    pub(super) fn of_file(body: &'n Node) -> Self {
        Self {
            body,
            name: None,
            when: Condition::default(),
        }
    }

    /// What tells it from all others.
    fn scope(&self) -> String {
        let site = self.body.site;
        let name = self.name.map(Node::canonical).unwrap_or_default();
        format!("{}:{} {name}", site.file.0, site.span.start)
    }
}

impl Collector<'_> {
    /// A pipeline or workflow of a template.
    pub(super) fn pipeline(&mut self, resource: &Resource) -> Errors {
        self.commands(&Sender {
            body: &resource.body,
            name: Some(&resource.name),
            when: resource.condition.clone(),
        })
    }

    /// The commands of a pipeline or workflow: each is a script of its own, since the files do not say in which
    /// order activities run.
    pub(super) fn commands(&mut self, sender: &Sender<'_>) -> Errors {
        let run = Run::new(sender.scope(), std::mem::take(&mut self.budget));
        let mut walk = Walk {
            run: &run,
            pipeline: sender.name,
            collector: self,
            errors: Errors::new(),
        };
        walk.node(sender.body, &sender.when);
        let mut errors = walk.errors;
        let (budget, limits) = run.finish();
        self.budget = budget;
        errors.extend(limits.iter().map(|error| {
            let (at, message) = error.parts();
            (at, SyntaxError::limit(Span::default(), message))
        }));
        errors
    }
}

/// A walk over the activities of a pipeline.
struct Walk<'w, 't> {
    run: &'w Run,
    pipeline: Option<&'w Node>,
    collector: &'w mut Collector<'t>,
    errors: Errors,
}

impl Walk<'_, '_> {
    fn node(&mut self, node: &Node, when: &Condition) {
        for (condition, node) in node.alternatives() {
            let Some(when) = when.and(&condition) else { continue };
            match &node.value {
                Value::String(_) => self.other(&node, &when),
                Value::Array(elements) => elements.iter().for_each(|element| self.node(element, &when)),
                Value::Object(_) => self.object(&node, &when),
                _ => {}
            }
        }
    }

    fn object(&mut self, node: &Node, when: &Condition) {
        let kind = node.member("type").and_then(|member| member.node.as_str());
        let path = SENDERS.iter().find(|(known, _)| Some(*known) == kind);
        let sent = path.map(|(_, path)| reach(node, path, when)).unwrap_or_default();
        if !sent.is_empty() {
            let to = self
                .pipeline
                .map(|pipeline| self.collector.destination_of(node, pipeline));
            return self.send(sent, &to.unwrap_or_default());
        }
        if node.member(REQUEST).is_some() {
            let known = |name: &str| node.member(name).map(|member| &member.node);
            let to = Destination {
                cluster: known("cluster").and_then(|cluster| self.collector.cluster_at(cluster)),
                database: known("db").and_then(|database| self.collector.settled(database)),
            };
            return self.send(reach(node, &[REQUEST], when), &to);
        }
        for member in node.members() {
            if !WORDS.iter().any(|word| member.name.as_str().eq_ignore_ascii_case(word)) {
                self.node(&member.node, when);
            }
        }
    }

    /// Texts that are sent, as they are or as the `value` of an expression.
    fn send(&mut self, sent: Vec<(Condition, Node)>, to: &Destination) {
        for (when, node) in sent {
            let texts = match &node.value {
                Value::Object(_) => reach(&node, &["value"], &when),
                _ => vec![(when, node)],
            };
            for (when, node) in texts {
                for (when, node) in self.values(&node, &when) {
                    self.errors.extend(self.collector.certain(&node, to, &when));
                }
            }
        }
    }

    /// Any other string.
    fn other(&mut self, node: &Node, when: &Condition) {
        for (when, node) in self.values(node, when) {
            if let Value::String(text) = &node.value {
                self.errors.extend(self.collector.perhaps(text, &when));
            }
        }
    }

    /// What a string stands for when the pipeline runs.
    fn values(&self, node: &Node, when: &Condition) -> Vec<(Condition, Node)> {
        match &node.value {
            Value::String(text) => {
                let values = reach(&self.run.value(text), &[], when).into_iter();
                values.map(|(when, value)| (when, value.used_at(node.site))).collect()
            }
            _ => vec![(when.clone(), node.clone())],
        }
    }
}
