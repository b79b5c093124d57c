//! What the configuration sets for each file: rules by path, environments.

use crate::config::{Config, RuleSetting};
use crate::diagnostic::Diagnostic;
use crate::rules;
use crate::text::{FileId, Sources};

/// The configuration as it holds for the files of a run.
pub(super) struct Settings<'c> {
    config: &'c Config,
    /// For each file, the entries of `[[paths]]` that mean it.
    entries: Vec<Vec<usize>>,
}

impl<'c> Settings<'c> {
    pub(super) fn of(config: &'c Config, sources: &Sources) -> Self {
        let entries = sources.iter().map(|(_, file)| config.entries_for(file.path()));
        Self {
            config,
            entries: entries.collect(),
        }
    }

    /// Whether a rule reports on a file.
    pub(super) fn runs_on(&self, rule: &str, file: FileId) -> bool {
        match self.setting(rule, file) {
            Some(setting) => setting != RuleSetting::Off,
            None => rules::find(rule).is_none_or(rules::Rule::is_on_by_default),
        }
    }

    /// Whether a finding is wanted; it gets the severity that is set for its rule where it stands.
    pub(super) fn takes(&self, finding: &mut Diagnostic) -> bool {
        let setting = self.setting(finding.rule, finding.primary.at.file);
        if let Some(RuleSetting::As(severity)) = setting {
            finding.severity = severity;
        }
        self.runs_on(finding.rule, finding.primary.at.file)
    }

    fn setting(&self, rule: &str, file: FileId) -> Option<RuleSetting> {
        let entries = self.entries.get(super::index(file)).map(Vec::as_slice);
        let found = self.config.setting_of(rule, entries.unwrap_or_default());
        found.map(|(setting, _)| setting)
    }
}
