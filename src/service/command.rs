//! Commands of the Azure CLI and of Azure PowerShell, and a class of the .NET library, that make or change what
//! templates declare: which option stands for which property. The collectors of templates read the properties.

mod table;

pub use table::COMMANDS;

/// What a command does with a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It makes the resource: a property without an option has the value of `silent`, or none.
    Makes,
    /// It changes what its options name, and nothing else.
    Changes,
    /// It only tells of the resource.
    Shows,
}

/// How the value of an option stands for a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// As it is.
    Text,
    /// A switch, with or without a truth value after it.
    Switch,
    /// A switch for the opposite.
    Opposite,
    /// All words up to the next option.
    List,
    /// Pairs `name=value`: which name stands for which property below the path.
    Pairs(&'static [(&'static str, &'static str)]),
    /// A built-in role by its name, or any role by its id.
    Role,
    /// An object id, the id of an application or the name of a user: only an id that another command tells is certain.
    Principal,
    /// Whether a key is kept in software, which says nothing of its kind, or in hardware.
    Protection,
    /// It says something about the property, which the files do not tell.
    Untold,
}

/// An option.
#[derive(Clone, Copy, Debug)]
pub struct OptionRow {
    /// Its names in lower case.
    pub names: &'static [&'static str],
    /// Where the property stands in the resource; `[]` is the only element of a list.
    pub path: &'static [&'static str],
    /// How its value is read.
    pub reads: Reads,
}

/// A property that is not known, or known, when no option names it.
#[derive(Clone, Copy, Debug)]
pub struct Silent {
    /// Where the property stands.
    pub path: &'static [&'static str],
    /// What it is then; `None` when documents do not tell.
    pub value: Option<bool>,
}

/// A command.
#[derive(Clone, Copy, Debug)]
pub struct CommandRow {
    /// Its words, in lower case.
    pub words: &'static [&'static str],
    /// What it does.
    pub effect: Effect,
    /// The type of the resource.
    pub kind: &'static str,
    /// The options that name the resource, parents first: each by its names.
    pub names: &'static [&'static [&'static str]],
    /// The other options.
    pub options: &'static [OptionRow],
    /// What is so without an option.
    pub silent: &'static [Silent],
}

/// Whether a command of the table starts with this word, in lower case.
#[must_use]
pub fn starts_command(word: &str) -> bool {
    let words = COMMANDS.iter().map(|row| row.words).chain(GENERIC.iter().copied());
    words.into_iter().any(|words| words.first() == Some(&word))
}

/// Commands that set any property of any resource, in lower case: what they leave is not known.
pub const GENERIC: &[&[&str]] = &[
    &["az", "resource", "update"],
    &["az", "rest"],
    &["set-azresource"],
    &["invoke-azrestmethod"],
];

/// The command that starts with these words, in lower case.
#[must_use]
pub fn command_of(words: &[&str]) -> Option<&'static CommandRow> {
    COMMANDS.iter().find(|row| words.starts_with(row.words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_command_hides_another_and_no_option_stands_twice() {
        for (index, row) in COMMANDS.iter().enumerate() {
            let hides = COMMANDS
                .iter()
                .skip(index + 1)
                .find(|later| later.words.starts_with(row.words));
            assert!(hides.is_none(), "{:?} stands before a longer one", row.words);
            let mut names: Vec<_> = row.names.iter().flat_map(|names| names.iter()).collect();
            names.extend(row.options.iter().flat_map(|option| option.names.iter()));
            let count = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), count, "{:?}", row.words);
            assert!(names.iter().all(|name| **name == name.to_lowercase()));
        }
    }

    #[test]
    fn commands_are_found_by_their_words() {
        let title = |words: &[&str]| command_of(words).map(|row| row.words.join(" "));
        assert_eq!(
            title(&["az", "keyvault", "create", "-n"]).as_deref(),
            Some("az keyvault create")
        );
        assert_eq!(title(&["az", "keyvault", "list"]), None);
        assert!(starts_command("new-azkeyvault") && !starts_command("new-azvm"));
    }
}
