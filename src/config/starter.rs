//! The file that `kustolint config init` writes: every section, explained, and nothing set.

use std::fmt::Write;

use super::SECTIONS;
use super::schema::SCHEMA_ID;
use super::shape::{Key, Kind};

/// Examples of the sections, in their order.
const EXAMPLES: &[(&str, &str)] = &[
    (
        "check",
        "[check]\nfail-on = \"warning\"\nbaseline = \"kustolint-baseline.json\"\n",
    ),
    (
        "connection-strings",
        "[connection-strings]\ntrusted-hosts = [\"adx.contoso.com\", \"*.contoso.net\"]\n",
    ),
    (
        "customer-managed-keys",
        "[customer-managed-keys]\naccepted = [\"RSA-4096\"]\nscope = \"cmk\"\n",
    ),
    (
        "environments",
        "[[environments]]\nname = \"prod\"\nparameters = [\"env/prod/*.parameters.json\"]\ntemplate = \"infra/main.json\"\n",
    ),
    (
        "files",
        "[files]\nexclude = [\"third-party/**\"]\ninclude = [\"deploy/*.cmdlist\"]\nkql = [\"scripts/*.txt\"]\n",
    ),
    (
        "granted",
        "[[granted]]\nidentity = \"ingest\"\nusages = [\"NativeIngestion\"]\ndatabase = \"Sales\"\nreason = \"set by the platform team\"\n\n\
         [[granted]]\nidentity = \"ingest\"\nrole = \"Storage Blob Data Reader\"\nscope = \"stsales\"\n\n\
         [[granted]]\nidentity = \"system\"\nrole = \"AllDatabasesAdmin\"\ncluster = true\n",
    ),
    (
        "identities",
        "[identities]\ningest = { object-id = \"4d8b1f36-92aa-4d1c-8a5e-0f3c6b7e2d91\", placeholders = [\"{{ingestIdentity}}\"] }\n",
    ),
    (
        "paths",
        "[[paths]]\nfiles = [\"samples/**\"]\nrules = { missing-storage-grant = \"off\" }\n",
    ),
    (
        "rules",
        "[rules]\nunused-identity-usage = \"on\"\nnon-idempotent-command = \"off\"\n",
    ),
    (
        "suppress",
        "[[suppress]]\nrule = \"missing-soft-delete\"\nfiles = \"infra/test/**\"\nresource = \"kv-test-*\"\nuntil = 2027-03-31\n\
         reason = \"these vaults are made anew for each test\"\n",
    ),
];

/// The text of a file that explains itself and sets nothing. It is a configuration as it is.
#[must_use]
pub fn starter() -> String {
    let mut text = format!(
        "#:schema ./{SCHEMA_ID}\n# Settings of kustolint. Nothing is set yet: take away the `#` of what you want.\n\
         # Paths and patterns are told from the folder of this file. `kustolint config show` lists what holds.\n"
    );
    for section in SECTIONS {
        let _ = writeln!(text, "\n# {}.", section.doc);
        explain(section.kind, &mut text);
        let example = EXAMPLES.iter().find(|(name, _)| *name == section.name);
        for line in example.map_or("", |(_, example)| example).lines() {
            let line = format!("#{line}");
            let _ = writeln!(text, "{line}");
        }
    }
    text
}

/// Says what each key is for.
fn explain(kind: Kind, text: &mut String) {
    let mut told: Vec<&str> = Vec::new();
    let mut tell = |keys: &[Key], text: &mut String| {
        for key in keys {
            if !told.contains(&key.name) {
                told.push(key.name);
                let _ = writeln!(text, "#   {}: {}.", key.name, key.doc);
            }
        }
    };
    match kind {
        Kind::Table(keys) => tell(keys, text),
        Kind::Map(_, of) => explain(*of, text),
        Kind::Tables(forms) => forms.iter().for_each(|keys| tell(keys, text)),
        Kind::Rules => text.push_str(
            "#   A rule is \"error\", \"warning\" or \"note\" for all its findings, \"on\" as its page says, or \"off\".\n",
        ),
        Kind::Word(_)
        | Kind::Text(_)
        | Kind::Yes
        | Kind::List(_)
        | Kind::OneOrMore(_)
        | Kind::Rule
        | Kind::Day => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Config, SECTIONS};
    use super::*;

    const RULES: &[&str] = &[
        "missing-soft-delete",
        "missing-storage-grant",
        "non-idempotent-command",
        "unused-identity-usage",
    ];

    #[test]
    fn the_file_is_a_configuration_as_it_is_and_with_all_that_it_offers() {
        let text = starter();
        assert_eq!(Config::parse(&text, RULES), Ok(Config::default()));
        let taken = |line: &str| match line.strip_prefix('#') {
            Some(rest) if rest.starts_with(|first: char| first == '[' || first.is_ascii_lowercase()) => rest.to_owned(),
            _ => line.to_owned(),
        };
        let whole: Vec<String> = text.lines().map(taken).collect();
        let config = Config::parse(&whole.join("\n"), RULES).expect("examples that are right");
        assert_eq!(
            (config.granted.len(), config.paths.len(), config.environments.len()),
            (3, 1, 1)
        );
        assert!(config.files.kql.matches("scripts/a.txt") && config.check.baseline.is_some());
        let named: Vec<&str> = EXAMPLES.iter().map(|(name, _)| *name).collect();
        let sections: Vec<&str> = SECTIONS.iter().map(|section| section.name).collect();
        assert_eq!(named, sections);
    }
}
