//! Deployment scripts: PowerShell or a shell, in whose strings commands stand.

use super::command_line::CommandLines;
use super::embedded::{reach, within};
use super::host::limits;
use super::{Collector, Errors};
use crate::arm::template::Resource;
use crate::arm::value::Condition;
use crate::diagnostic::Undecided;
use crate::syntax::host::{self, Host, Language};
use crate::text::{FileSpan, MappedText};

impl Collector<'_> {
    /// A `Microsoft.Resources/deploymentScripts`: the commands in its text and in its variables.
    pub(super) fn deployment_script(&mut self, resource: &Resource) -> Errors {
        let mut errors = self.setting_values(&resource.body, &["properties", "environmentVariables"], resource);
        let kinds = reach(&resource.body, &["kind"], &resource.condition);
        let language = match kinds.as_slice() {
            [(_, kind)] => kind.as_str().and_then(language),
            _ => None,
        };
        for (when, node) in reach(&resource.body, &["properties", "scriptContent"], &resource.condition) {
            let Some(text) = self.script_text(&node) else { continue };
            let scope = format!("{} {}", node.site.span.start, resource.name.canonical());
            match language {
                Some(host) => {
                    self.carried_comments(&text, host);
                    errors.extend(self.fragments(&text, host, &scope, &when));
                    errors.extend(self.deployed_lines(&text, host, &scope, &when));
                }
                None => self.unread(&text, node.site),
            }
        }
        errors
    }

    /// The command lines of a script, whose variables are those of `scope` alone.
    fn deployed_lines(&mut self, text: &MappedText, host: Host, scope: &str, when: &Condition) -> Errors {
        let mut lines = CommandLines::default();
        let mut errors = Errors::new();
        for script in host::scripts(text, host) {
            if let Language::Script(dialect) = script.language {
                errors.extend(lines.read(&script.text, dialect, &|symbol| within(symbol, scope)));
            }
        }
        self.command_lines(lines, when);
        limits(errors)
    }

    /// A script of a language that is not known.
    fn unread(&mut self, text: &MappedText, at: FileSpan) {
        let holds_commands = [Host::PowerShell, Host::Shell]
            .iter()
            .any(|host| !host::fragments(text, *host).is_empty());
        if holds_commands {
            let reason = "the commands in the script are not known: its `kind` does not tell its language".to_owned();
            self.facts.undecided.push(Undecided { at, reason });
        }
    }
}

fn language(kind: &str) -> Option<Host> {
    match kind.to_ascii_lowercase().as_str() {
        "azurepowershell" => Some(Host::PowerShell),
        "azurecli" => Some(Host::Shell),
        _ => None,
    }
}
