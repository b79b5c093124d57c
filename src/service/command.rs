//! Commands of the Azure CLI and of Azure PowerShell, and a class of the .NET library, that make or change what
//! templates declare: which option stands for which property. The collectors of templates read the properties.

mod table;
mod typed;

pub use table::COMMANDS;
pub use typed::Typed;

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
    /// A truth value; without one it is true.
    Truth,
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
    /// Its names; letter case does not count. The first is what the documents write, and what one is told to type.
    pub names: &'static [&'static str],
    /// Where the property stands in the resource; `[]` is the only element of a list.
    pub path: &'static [&'static str],
    /// How its value is read.
    pub reads: Reads,
    /// Whether only earlier editions of the program's reference list it: the present program may refuse it.
    pub former: bool,
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
    /// Its words as the documents write them; letter case does not count.
    pub words: &'static [&'static str],
    /// What it does.
    pub effect: Effect,
    /// The type of the resource.
    pub kind: &'static str,
    /// The options that name the resource, parents first: each by its names, of which letter case does not count.
    pub names: &'static [&'static [&'static str]],
    /// The other options.
    pub options: &'static [OptionRow],
    /// What is so without an option.
    pub silent: &'static [Silent],
    /// Options with which it is about one version of the resource, or a part of it, and not about what a cluster reads.
    pub apart: &'static [&'static str],
}

impl CommandRow {
    /// Whether a command that consists of these words is this one.
    fn is_start_of(&self, words: &[&str]) -> bool {
        let mut pairs = self.words.iter().zip(words);
        words.len() >= self.words.len() && pairs.all(|(own, word)| own.eq_ignore_ascii_case(word))
    }
}

/// Whether a command of the table starts with this word.
#[must_use]
pub fn starts_command(word: &str) -> bool {
    let mut words = COMMANDS.iter().map(|row| row.words).chain(GENERIC.iter().copied());
    words.any(|words| words.first().is_some_and(|first| first.eq_ignore_ascii_case(word)))
}

/// Commands that set any property of any resource, in lower case: what they leave is not known.
pub const GENERIC: &[&[&str]] = &[
    &["az", "resource", "update"],
    &["az", "rest"],
    &["set-azresource"],
    &["invoke-azrestmethod"],
];

/// The command that starts with these words.
#[must_use]
pub fn command_of(words: &[&str]) -> Option<&'static CommandRow> {
    COMMANDS.iter().find(|row| row.is_start_of(words))
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
                .find(|later| row.is_start_of(later.words));
            assert!(hides.is_none(), "{:?} stands before a longer one", row.words);
            let mut names: Vec<_> = row.names.iter().flat_map(|names| names.iter()).collect();
            names.extend(row.options.iter().flat_map(|option| option.names.iter()));
            names.extend(row.apart);
            let mut names: Vec<_> = names.into_iter().map(|name| name.to_lowercase()).collect();
            let count = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), count, "{:?}", row.words);
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
        assert_eq!(title(&["new-azkeyvault"]).as_deref(), Some("New-AzKeyVault"));
    }
}
