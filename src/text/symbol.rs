//! Names for values that are not known: equal symbols stand for equal values.

use std::fmt;

/// What stands where a value is not known.
///
/// A symbol is compared, never guessed: two places that hold the same symbol hold the same value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Symbol {
    /// A template parameter without a value.
    Parameter {
        /// Which evaluated template it belongs to; parameters of two templates are never the same.
        scope: String,
        /// The parameter's name, in the letter case of its declaration.
        name: String,
    },
    /// A run-time property of a resource: `reference(resource[, version, 'full']).path`.
    Reference {
        /// Canonical text of the resource id (see [`MappedText::canonical`](super::MappedText::canonical)).
        resource: String,
        /// Whether the whole resource is meant (`'full'`) instead of its `properties`.
        full: bool,
        /// Property names after the call, as written.
        path: Vec<String>,
    },
    /// What an action of a resource answers: `listKeys(resource, version, …).path`.
    List {
        /// The function as written: `listKeys`.
        function: String,
        /// Canonical text of the resource id.
        resource: String,
        /// Canonical text of the other arguments: the version and what the action is given.
        arguments: String,
        /// Property names and positions after the call, as written.
        path: Vec<String>,
    },
    /// A placeholder of another tool (`<name>`, `{{name}}`, `$(name)`), as written.
    Placeholder(String),
    /// What a program or script fills in when it runs.
    Interpolation {
        /// The file or text within which equal expressions are equal values.
        scope: String,
        /// The expression with its marks, as written.
        text: String,
    },
    /// Any other expression that is decided at deployment, in canonical form.
    Expression(String),
    /// Any symbol of which only its key is left (see [`Symbol::key`]).
    Keyed(String),
}

impl Symbol {
    /// Text that two symbols share exactly when they are equal values, and no two others do.
    /// Resource ids and property names compare without letter case.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Parameter { scope, name } => format!("parameter {scope} {}", name.to_lowercase()),
            Self::Reference { resource, full, path } => {
                let full = if *full { " full" } else { "" };
                format!(
                    "reference {}{full} {}",
                    resource.to_lowercase(),
                    path.join(".").to_lowercase()
                )
            }
            Self::List {
                function,
                resource,
                arguments,
                path,
            } => format!(
                "list {} {} ({arguments}) {}",
                function.to_lowercase(),
                resource.to_lowercase(),
                path.join(".").to_lowercase()
            ),
            Self::Placeholder(text) => format!("placeholder {text}"),
            Self::Interpolation { scope, text } => format!("interpolation {scope} {text}"),
            Self::Expression(text) => format!("expression {}", text.to_lowercase()),
            Self::Keyed(key) => key.clone(),
        }
    }
}

impl fmt::Display for Symbol {
    /// The symbol as a person would write it in a template or a script.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter { name, .. } => write!(f, "parameters('{name}')"),
            Self::Reference { resource, full, path } => {
                let full = if *full { ", 'full'" } else { "" };
                write!(f, "reference('{}'{full})", own_part(resource))?;
                path.iter().try_for_each(|step| write!(f, ".{step}"))
            }
            Self::List {
                function,
                resource,
                arguments,
                path,
            } => {
                let comma = if arguments.is_empty() { "" } else { ", " };
                write!(f, "{function}('{}'{comma}{arguments})", own_part(resource))?;
                path.iter().try_for_each(|step| {
                    if step.bytes().all(|byte| byte.is_ascii_digit()) {
                        write!(f, "[{step}]")
                    } else {
                        write!(f, ".{step}")
                    }
                })
            }
            Self::Placeholder(text) | Self::Interpolation { text, .. } | Self::Expression(text) | Self::Keyed(text) => {
                f.write_str(text)
            }
        }
    }
}

/// A resource id without its subscription and resource group, which say nothing to a reader.
fn own_part(resource: &str) -> &str {
    resource.rsplit_once("/providers/").map_or(resource, |(_, own)| own)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(function: &str, resource: &str, arguments: &str, path: &[&str]) -> Symbol {
        Symbol::List {
            function: function.to_owned(),
            resource: resource.to_owned(),
            arguments: arguments.to_owned(),
            path: path.iter().map(|step| (*step).to_owned()).collect(),
        }
    }

    #[test]
    fn lists_compare_by_what_they_ask_of_whom() {
        let id = "/subscriptions/s/providers/A.B/c/st1";
        let symbol = keys("listKeys", id, "'1'", &["keys", "0", "value"]);
        let same = keys("LISTKEYS", &id.to_uppercase(), "'1'", &["Keys", "0", "Value"]);
        assert_eq!(symbol.key(), same.key());
        for other in [
            keys("listSecrets", id, "'1'", &["keys", "0", "value"]),
            keys("listKeys", "/providers/A.B/c/st1", "'1'", &["keys", "0", "value"]),
            keys("listKeys", id, "'2'", &["keys", "0", "value"]),
            keys("listKeys", id, "'1'", &["keys", "1", "value"]),
        ] {
            assert_ne!(symbol.key(), other.key());
        }
        assert_eq!(symbol.to_string(), "listKeys('A.B/c/st1', '1').keys[0].value");
    }
}
