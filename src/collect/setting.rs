//! Settings of apps: values that are commands, and connection strings.

use super::embedded::reach;
use super::text::is_value;
use super::{Collector, Errors};
use crate::arm::template::Resource;
use crate::arm::value::{Condition, Node, Value};

/// Where the settings of a type of resource, in lower case, stand.
const PLACES: &[(&str, &[&[&str]])] = &[
    ("microsoft.app/containerapps", CONTAINERS),
    ("microsoft.app/jobs", CONTAINERS),
    ("microsoft.web/sites", SITE),
    ("microsoft.web/sites/config", CONFIG),
    ("microsoft.web/sites/slots", SITE),
    ("microsoft.web/sites/slots/config", CONFIG),
    ("microsoft.web/staticsites/config", CONFIG),
];

const CONTAINERS: &[&[&str]] = &[&["properties", "template"], &["properties", "configuration", "secrets"]];

const SITE: &[&[&str]] = &[
    &["properties", "siteConfig", "appSettings"],
    &["properties", "siteConfig", "connectionStrings"],
];

const CONFIG: &[&[&str]] = &[&["properties"]];

impl Collector<'_> {
    /// An app, or a resource that holds settings of one.
    pub(super) fn settings(&mut self, resource: &Resource) -> Errors {
        let kind = resource.kind.to_lowercase();
        let places = PLACES.iter().find(|(known, _)| *known == kind);
        let paths = places.map(|(_, paths)| *paths).unwrap_or_default().iter();
        let mut errors = Errors::new();
        for path in paths {
            errors.extend(self.setting_values(&resource.body, path, resource));
        }
        errors
    }

    /// All texts at `path` below a node. Values that are not known are no question: hardly any is a command.
    pub(super) fn setting_values(&mut self, node: &Node, path: &[&str], resource: &Resource) -> Errors {
        let mut errors = Errors::new();
        for (when, node) in reach(node, path, &resource.condition) {
            self.setting(&node, None, &when, &mut errors);
        }
        errors
    }

    fn setting(&mut self, node: &Node, name: Option<&str>, when: &Condition, errors: &mut Errors) {
        for (condition, node) in node.alternatives() {
            let Some(when) = when.and(&condition) else { continue };
            if let Value::String(text) = &node.value {
                let before = self.scripts;
                errors.extend(self.perhaps(text, &when));
                if self.scripts == before {
                    self.connection_strings(text, name, &when);
                }
            }
            for element in node.elements() {
                self.setting(element, name, &when, errors);
            }
            let own = node
                .members()
                .iter()
                .find(|member| member.name.as_str().eq_ignore_ascii_case("name"));
            let own = own.and_then(|member| member.node.as_str());
            for member in node.members() {
                let of_value = own.filter(|_| is_value(member.name.as_str()));
                self.setting(
                    &member.node,
                    Some(of_value.unwrap_or(member.name.as_str())),
                    &when,
                    errors,
                );
            }
        }
    }
}
