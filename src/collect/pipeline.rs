//! Pipelines of Data Factory and Synapse, whose activities send commands to a database.

use super::template::placed;
use super::{Collector, Script, collect_script};
use crate::arm::evaluate::{Budget, CopyPosition, DeploymentScope, EvalError, Scope, evaluate};
use crate::arm::template::Resource;
use crate::arm::value::{Condition, Node, Value};
use crate::syntax::{SyntaxError, expression, kql};
use crate::text::{FileSpan, MappedText, Span, Symbol};

/// The type of the activity that sends a command.
const COMMAND: &str = "AzureDataExplorerCommand";

impl Collector<'_> {
    /// A pipeline: each of its commands is a script of its own, since the files do not say in which order
    /// activities run, nor in which database.
    pub(super) fn pipeline(&mut self, resource: &Resource) -> Vec<(FileSpan, SyntaxError)> {
        self.commands(&resource.body)
    }

    /// The commands of the activities in a tree.
    pub(super) fn commands(&mut self, body: &Node) -> Vec<(FileSpan, SyntaxError)> {
        let mut commands = Vec::new();
        find_commands(body, &mut commands);
        let mut errors = Vec::new();
        for command in commands {
            let Some(text) = self.script_text(&command) else {
                continue;
            };
            let text = interpolated(&text);
            let script = Script {
                text: &text,
                cluster: None,
                database: None,
                when: Condition::default(),
            };
            errors.extend(placed(&text, collect_script(self, &script)));
        }
        errors
    }
}

/// The texts of all commands in a tree of activities: of those that send commands, and other strings that are one,
/// such as the query of a look-up.
fn find_commands(node: &Node, out: &mut Vec<Node>) {
    for (_, node) in node.alternatives() {
        let is_command = node
            .member("type")
            .is_some_and(|member| member.node.as_str() == Some(COMMAND));
        let command = super::possible::present(&node, &["typeProperties", "command"]).filter(|_| is_command);
        match command {
            Some(command) if matches!(command.value, Value::Object(_)) => {
                out.extend(super::possible::present(&command, &["value"]))
            }
            Some(command) => out.push(command),
            None if node.as_str().is_some_and(kql::starts_with_command) => out.push(node),
            None => {
                for member in node.members() {
                    find_commands(&member.node, out);
                }
                for element in node.elements() {
                    find_commands(element, out);
                }
            }
        }
    }
}

/// The text that a string of a pipeline stands for: `@concat(…)` as a whole, or `@{…}` inside of it.
/// What is known at run time only is a hole.
fn interpolated(text: &MappedText) -> MappedText {
    let source = text.as_str();
    let mut out = MappedText::default();
    if source.starts_with("@@") {
        out.push_part(text, Span::new(1, text.len()));
        return out;
    }
    if source.starts_with('@') && !source.starts_with("@{") {
        return value_of(text, Span::new(1, text.len()));
    }
    let mut plain = 0;
    while let Some(found) = source.get(plain..).and_then(|rest| rest.find("@{")) {
        let open = plain + found;
        let Some(length) = source.get(open..).and_then(closing_brace) else {
            break;
        };
        out.push_part(text, Span::of(plain, open));
        out.push(&value_of(text, Span::of(open + 2, open + length - 1)));
        plain = open + length;
    }
    out.push_part(text, Span::of(plain, source.len()));
    out
}

/// Length of `@{…}` at the start of a text, braces in strings left aside.
fn closing_brace(text: &str) -> Option<usize> {
    let (mut open, mut quoted) = (0usize, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\'' => quoted = !quoted,
            b'{' if !quoted => open += 1,
            b'}' if !quoted => {
                open = open.saturating_sub(1);
                if open == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// The text of the expression at `span`.
fn value_of(text: &MappedText, span: Span) -> MappedText {
    let place = text.source(span).unwrap_or_default();
    let unknown = || {
        let written = span.of_text(text.as_str()).trim().to_owned();
        MappedText::hole(std::sync::Arc::new(Symbol::Expression(written)), place)
    };
    let parsed = expression::parse(text, span);
    if !parsed.errors.is_empty() {
        return unknown();
    }
    evaluate(&parsed.tree, text, &Pipeline::default())
        .ok()
        .and_then(|node| node.as_text())
        .unwrap_or_else(unknown)
}

/// What an expression of a pipeline can see: nothing that is known before it runs.
#[derive(Default)]
struct Pipeline {
    deployment: DeploymentScope,
    budget: Budget,
}

impl Pipeline {
    fn run_time(kind: &str, name: &str, site: FileSpan) -> Node {
        let text = format!("{kind}('{name}')");
        let why = format!("`{text}` is known when the pipeline runs");
        Node::written(Value::unknown(Symbol::Expression(text), why), site)
    }
}

impl Scope for Pipeline {
    fn parameter(&self, name: &str, site: FileSpan) -> Result<Node, EvalError> {
        Ok(Self::run_time("parameters", name, site))
    }

    fn variable(&self, name: &str, site: FileSpan) -> Result<Node, EvalError> {
        Ok(Self::run_time("variables", name, site))
    }

    fn copy_index(&self, _name: Option<&str>) -> Option<CopyPosition> {
        None
    }

    fn deployment(&self) -> &DeploymentScope {
        &self.deployment
    }

    fn budget(&self) -> &Budget {
        &self.budget
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::FileId;

    #[test]
    fn expressions_of_pipelines_become_text_with_holes() {
        let show = |text: &str| interpolated(&MappedText::of_file(FileId(0), text)).display();
        assert_eq!(show(".drop table T"), ".drop table T");
        assert_eq!(show("@@x"), "@x");
        assert_eq!(show("@concat('.drop table ', 'T''s')"), ".drop table T's");
        assert_eq!(
            show(".drop table @{pipeline().parameters.t} now"),
            ".drop table {pipeline().parameters.t} now"
        );
        assert_eq!(show("a @{'}'} b @{open"), "a } b @{open");
        assert_eq!(show("@pipeline().x"), "{pipeline().x}");
    }
}
