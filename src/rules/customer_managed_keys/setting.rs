//! What the rules on vaults share: which of the possible values of a setting break it.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Applicability, Diagnostic, Findings, Fix, Severity};
use crate::facts::{Condition, Known, Possible, Vault};
use crate::link::Workspace;
use crate::service::Typed;
use crate::text::FileId;

/// The files that turn a setting of a vault on, by the name of the vault.
pub(super) struct TurnedOn<'f>(BTreeMap<&'f str, BTreeSet<FileId>>);

impl<'f> TurnedOn<'f> {
    /// Those of the vaults of a workspace.
    pub(super) fn of(workspace: &'f Workspace, setting: fn(&Vault) -> &[Possible<bool>]) -> Self {
        let mut files: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        let vaults = workspace.facts.vaults.iter().filter(|vault| vault.name.is_known());
        let on = |vault: &&Vault| setting(vault).iter().any(|value| value.value == Known::Value(true));
        for vault in vaults.filter(on) {
            files.entry(vault.name.key()).or_default().insert(vault.case.file);
        }
        Self(files)
    }

    /// Whether another file in the folder of the vault's own turns the setting on: which of the two holds is not known.
    pub(super) fn elsewhere(&self, workspace: &Workspace, vault: &Vault) -> bool {
        let own = vault.case.file;
        let other = |file: &FileId| *file != own && workspace.is_near(*file, own);
        self.0
            .get(vault.name.key())
            .is_some_and(|files| files.iter().any(other))
    }
}

/// A setting that is broken: always, or under a condition.
pub(super) struct Broken<'f> {
    /// When it is; always if every possible value breaks it.
    pub(super) when: Condition,
    /// The first value that breaks it.
    pub(super) value: &'f Possible<bool>,
}

/// The first value that `breaks` says breaks the setting, of those that it may have under the condition `given`.
/// What is not known is left undecided.
pub(super) fn broken<'f>(
    values: &'f [Possible<bool>],
    given: &Condition,
    breaks: fn(&Known<bool>) -> bool,
    out: &mut Findings,
) -> Option<Broken<'f>> {
    let values: Vec<_> = values.iter().filter(|value| value.when.and(given).is_some()).collect();
    for value in &values {
        if let Known::Unknown(reason) = &value.value {
            out.leave_undecided(value.site, reason.clone());
        }
    }
    let value = values.iter().find(|value| breaks(&value.value))?;
    let always = values.iter().all(|value| breaks(&value.value));
    let when = if always { given.clone() } else { value.when.and(given)? };
    Some(Broken { when, value })
}

impl Broken<'_> {
    /// " when `stage` is 'dev'", or nothing when it is always broken.
    pub(super) fn clause(&self) -> String {
        self.when.clause()
    }

    /// The setting `name` with the other value, where `false` is written on the spot; the setting where the properties
    /// of the vault are written out and leave it out.
    pub(super) fn turned_on(&self, workspace: &Workspace, vault: &Vault, name: &str) -> Option<Fix> {
        if self.value.value == Known::Absent {
            let slots = &workspace.facts.slots;
            let edit = match self.value.written_as("null") {
                Some(null) => Some((null, "true".to_owned())),
                None => slots.member(vault.properties_at, name, "true"),
            };
            let edit = edit.filter(|_| self.value.when.is_always());
            return super::written(format!("add `{}`", vault.wording.typed(name, Typed::Truth(true))), edit);
        }
        let at = self
            .value
            .written_as("false")
            .filter(|_| self.value.value == Known::Value(false))?;
        Fix::new(
            Applicability::Unsafe,
            format!("set `{}`", vault.wording.typed(name, Typed::Truth(true))),
            Some(&at),
            "true",
        )
    }

    /// The finding on the setting `name`, at the value or, where it is absent, at the properties of the vault.
    pub(super) fn diagnostic(
        &self,
        rule: &'static str,
        severity: Severity,
        title: String,
        vault: &Vault,
        name: &str,
    ) -> Diagnostic {
        if self.value.value == Known::Absent {
            return self.absent(rule, severity, title, vault, name);
        }
        let diagnostic = Diagnostic::new(rule, severity, title, self.value.site, "`false`");
        let diagnostic = diagnostic.in_case(vault.case);
        self.value.traced(diagnostic, "`false`")
    }

    /// The finding on a setting that is `null`, at the value, or left out, at the properties of the vault.
    fn absent(&self, rule: &'static str, severity: Severity, title: String, vault: &Vault, name: &str) -> Diagnostic {
        let name = vault.wording.named(name);
        let place = self.value.site;
        let is_always = self.value.when.is_always();
        // Where the facts name another place than that of the properties, `null` stands there.
        let diagnostic = if is_always && place != vault.properties_at {
            let diagnostic = Diagnostic::new(rule, severity, title, place, format!("`{name}` is `null`"));
            self.value.traced(diagnostic, "`null`")
        } else {
            let at = if is_always { vault.at } else { place };
            Diagnostic::new(rule, severity, title, at, format!("`{name}` is not set"))
                .related(vault.properties_at, format!("`{name}` belongs here"))
        };
        diagnostic.in_case(vault.case)
    }
}
