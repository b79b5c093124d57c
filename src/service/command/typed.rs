//! What to type for a property: the option of a command with its value.

use super::{COMMANDS, CommandRow, Effect, OptionRow, Reads};

/// A value to type.
#[derive(Clone, Copy, Debug)]
pub enum Typed<'v> {
    /// A text.
    Text(&'v str),
    /// A number.
    Number(i64),
    /// A truth value.
    Truth(bool),
    /// A list of words.
    Words(&'v [&'v str]),
}

/// The program that takes a command.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Program {
    AzureCli,
    PowerShell,
    DotNet,
}

impl CommandRow {
    /// The name of the option that stands for a property, by the last name of the property.
    #[must_use]
    pub fn name_of(&self, property: &str) -> Option<&'static str> {
        let (option, pair) = self.option_for(property)?;
        pair.or_else(|| option.names.first().copied())
    }

    /// The option that gives a property a value.
    #[must_use]
    pub fn typed(&self, property: &str, value: Typed<'_>) -> Option<String> {
        let (option, pair) = self.option_for(property)?;
        let program = self.program();
        if let Typed::Truth(truth) = value {
            return Some(truth_of(option, truth, program));
        }
        let text = match value {
            Typed::Text(text) => quoted(text, program),
            Typed::Number(number) => number.to_string(),
            Typed::Words(words) => words.join(if program == Program::AzureCli { " " } else { "," }),
            Typed::Truth(_) => return None,
        };
        Some(match (pair, program) {
            (Some(pair), _) => format!("{pair}={text}"),
            (None, Program::DotNet) => format!("{} = {text}", option.names.first()?),
            (None, _) => format!("{} {text}", option.names.first()?),
        })
    }

    /// The command of the same program that makes a resource of this type.
    #[must_use]
    pub fn beside(&self, kind: &str) -> Option<&'static Self> {
        let makes = |row: &&Self| row.effect == Effect::Makes && row.kind == kind && row.program() == self.program();
        COMMANDS.iter().find(makes)
    }

    /// The option for a property; in one that takes pairs, the name of the pair as well.
    fn option_for(&self, property: &str) -> Option<(&'static OptionRow, Option<&'static str>)> {
        self.options.iter().find_map(|option| match option.reads {
            Reads::Pairs(pairs) => {
                let (name, _) = pairs.iter().find(|(_, known)| *known == property)?;
                Some((option, Some(*name)))
            }
            Reads::Untold | Reads::Protection => None,
            _ => (option.path.last() == Some(&property)).then_some((option, None)),
        })
    }

    fn program(&self) -> Program {
        match self.words.first() {
            Some(&"az") => Program::AzureCli,
            Some(word) if word.contains('-') => Program::PowerShell,
            _ => Program::DotNet,
        }
    }
}

/// A switch that makes a property true or false.
fn truth_of(option: &OptionRow, truth: bool, program: Program) -> String {
    let name = option.names.first().copied().unwrap_or_default();
    let truth = truth != (option.reads == Reads::Opposite);
    match (program, option.reads, truth) {
        (Program::AzureCli, ..) => format!("{name} {truth}"),
        (Program::PowerShell, Reads::Truth, _) => format!("{name} ${truth}"),
        (Program::PowerShell, _, true) => name.to_owned(),
        (Program::PowerShell, _, false) => format!("{name}:$false"),
        (Program::DotNet, ..) => format!("{name} = {truth}"),
    }
}

/// A text in quotes where it has blanks.
fn quoted(text: &str, program: Program) -> String {
    if text.contains(' ') || program == Program::DotNet {
        format!("\"{text}\"")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::command_of;

    fn typed(command: &str, property: &str, value: Typed<'_>) -> String {
        let words: Vec<_> = command.split(' ').collect();
        let row = command_of(&words);
        row.and_then(|row| row.typed(property, value)).unwrap_or_default()
    }

    #[test]
    fn each_program_is_told_in_its_own_way() {
        let (on, off) = (Typed::Truth(true), Typed::Truth(false));
        for (command, property, value, text) in [
            (
                "az keyvault create",
                "enablePurgeProtection",
                on,
                "--enable-purge-protection true",
            ),
            ("New-AzKeyVault", "enablePurgeProtection", on, "-EnablePurgeProtection"),
            (
                "New-AzKeyVault",
                "enableRbacAuthorization",
                on,
                "-DisableRbacAuthorization:$false",
            ),
            (
                "New-AzKeyVault",
                "enableRbacAuthorization",
                off,
                "-DisableRbacAuthorization",
            ),
            ("az keyvault key create", "enabled", on, "--disabled false"),
            ("Update-AzKeyVaultKey", "enabled", on, "-Enable $true"),
            ("az keyvault key create", "keySize", Typed::Number(2048), "--size 2048"),
            (
                "Add-AzKeyVaultKey",
                "keyOps",
                Typed::Words(&["wrapKey", "unwrapKey"]),
                "-KeyOps wrapKey,unwrapKey",
            ),
            ("az kusto cluster update", "keyName", Typed::Text("adx"), "key-name=adx"),
            (
                "KustoKeyVaultProperties",
                "keyName",
                Typed::Text("adx"),
                "KeyName = \"adx\"",
            ),
            (
                "Update-AzKustoCluster",
                "keyName",
                Typed::Text("adx"),
                "-KeyVaultPropertyKeyName adx",
            ),
            ("az keyvault create", "nothing", on, ""),
        ] {
            assert_eq!(typed(command, property, value), text, "{command}");
        }
    }

    #[test]
    fn a_command_knows_those_of_its_own_program() {
        let beside = |words: &[&str]| {
            let row = command_of(words)?.beside("Microsoft.KeyVault/vaults/accessPolicies")?;
            Some(row.words.join(" "))
        };
        assert_eq!(
            beside(&["az", "keyvault", "create"]).as_deref(),
            Some("az keyvault set-policy")
        );
        assert_eq!(
            beside(&["New-AzKeyVault"]).as_deref(),
            Some("Set-AzKeyVaultAccessPolicy")
        );
    }
}
