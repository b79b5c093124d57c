//! Bindings of function apps and the settings that hold their connection strings.

use super::Workspace;
use crate::facts::{Carrier, ConnectionString, KustoBinding};
use crate::text::FileId;

impl Workspace {
    /// The strings that a binding may use: those in its own file by a constant's name, otherwise the settings of its name
    /// in its own folder or in one above it; without any, those in templates.
    #[must_use]
    pub fn strings_of(&self, binding: &KustoBinding) -> Vec<&ConnectionString> {
        let Some(setting) = binding.setting.as_deref().map(last) else {
            return Vec::new();
        };
        let strings = self.facts.connection_strings.iter();
        let named = strings
            .take_while(|string| self.comparisons.may(string.at))
            .filter(|string| {
                let fits = string
                    .name()
                    .is_some_and(|name| last(name).eq_ignore_ascii_case(setting));
                fits && string.is_for_kusto() && !string.is_example()
            });
        let named: Vec<_> = named.collect();
        let of = |wanted: &dyn Fn(&ConnectionString) -> bool| -> Vec<&ConnectionString> {
            named.iter().copied().filter(|string| wanted(string)).collect()
        };
        let here = of(&|string| string.at.file == binding.at.file);
        if !here.is_empty() {
            return here;
        }
        let own = self.folder(binding.at.file);
        let above = of(&|string| holds(self.folder(string.at.file), own));
        if above.is_empty() {
            of(&|string| matches!(string.carrier, Carrier::Setting(_)))
        } else {
            above
        }
    }

    fn folder(&self, file: FileId) -> &str {
        self.folders.get(&file.0).map_or("", String::as_str)
    }
}

/// The last part of a name: of `Constants.Main`, `Values:Main`, `Values__Main`.
fn last(name: &str) -> &str {
    let name = name.rsplit(['.', ':']).next().unwrap_or(name);
    name.rsplit("__").next().unwrap_or(name)
}

/// Whether a folder is another one or lies above it.
fn holds(folder: &str, other: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    folder.is_empty()
        || other
            .strip_prefix(folder)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_holds_itself_and_what_is_in_it() {
        for (folder, other, wanted) in [
            ("", "a/b", true),
            ("a", "a", true),
            ("a", "a/b", true),
            ("a/b", "a", false),
            ("a", "ab", false),
        ] {
            assert_eq!(holds(folder, other), wanted, "{folder} {other}");
        }
    }

    #[test]
    fn the_last_part_of_a_name_counts() {
        for name in ["Main", "Constants.Main", "Values:Main", "Values__Main"] {
            assert_eq!(last(name), "Main");
        }
    }
}
