//! The findings that are wanted, each once, in the order of the files.

use std::collections::{BTreeMap, BTreeSet};

use super::settings::Settings;
use super::{Named, Outcome, index};
use crate::config::Config;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Findings, Label, SetAside, Undecided};
use crate::facts::{Suppression, Units};
use crate::redact::Redactor;
use crate::suppress::{Candidate, Decisions, Request, Sifted, sift};
use crate::text::{Date, FileId, FileSpan, Root, Sources};

/// The parameter files of a run.
#[derive(Clone, Debug, Default)]
pub(super) struct ParameterFiles {
    /// All of them.
    pub(super) files: BTreeSet<FileId>,
    /// Those with which each template was evaluated.
    pub(super) cases: BTreeMap<FileId, BTreeSet<FileId>>,
}

/// Parameter files that one title names; of more, it tells the number.
const MOST_NAMED: usize = 4;

/// What a run has gathered beside its findings.
pub(super) struct Run {
    pub(super) sources: Sources,
    /// For each file, whether findings in it are wanted.
    pub(super) reported: Vec<bool>,
    pub(super) parameters: ParameterFiles,
    pub(super) redactor: Redactor,
    pub(super) incomplete: bool,
    pub(super) root: Root,
    pub(super) units: Units,
    /// What places are about.
    pub(super) subjects: Units,
}

/// The suppressions of a run.
pub(super) struct Suppressions<'c> {
    /// Those in the files.
    pub(super) written: Vec<Suppression>,
    /// Those in the configuration.
    pub(super) config: &'c Config,
    /// Which rules run, for each file.
    pub(super) settings: &'c Settings<'c>,
    pub(super) today: Option<Date>,
    /// Whether all files that the configuration speaks of are there.
    pub(super) whole: bool,
    /// Whether everything was compared that can be.
    pub(super) complete: bool,
}

impl Run {
    fn is_reported(&self, file: FileId) -> bool {
        self.reported.get(index(file)).copied().unwrap_or(false)
    }

    /// Puts together what the run reports. Files that only supplied facts are not reported on: a finding there is shown
    /// in a reported file that it concerns, or not at all.
    pub(super) fn outcome(self, findings: Findings, suppressions: Option<Suppressions<'_>>) -> Outcome {
        let sifted = self.sifted(findings.reported, &findings.undecided, suppressions);
        let wanted = |label: &Label| self.is_reported(label.at.file);
        let own = sifted.own.into_iter().filter(|finding| wanted(&finding.primary));
        let left = sifted.left.into_iter().chain(own).map(|finding| (finding, ()));
        let kept: Vec<Diagnostic> = self
            .kept(left.collect())
            .into_iter()
            .map(|(finding, ())| finding)
            .collect();
        let aside = sifted
            .aside
            .into_iter()
            .map(|aside| (aside.finding, aside.by))
            .collect();
        let aside = self
            .kept(aside)
            .into_iter()
            .map(|(finding, by)| SetAside { finding, by });
        let aside: Vec<SetAside> = aside.collect();
        let mut undecided = findings.undecided;
        undecided.retain(|question| self.is_reported(question.at.file));
        undecided.sort();
        undecided.dedup();
        let files = self.reported.iter().filter(|reported| **reported).count();
        Outcome {
            sources: self.sources,
            findings: self.redactor.redacted(kept),
            set_aside: self.redactor.redacted(aside),
            suppressions: self.redactor.redacted(sifted.inventory),
            undecided: self.redactor.redacted(undecided),
            redactor: self.redactor,
            files,
            left_out: None,
            incomplete: self.incomplete,
            cut: false,
            root: self.root,
            map: None,
            named: Named(self.units),
        }
    }

    /// The findings as seen from the reported files, less those that are suppressed.
    fn sifted(
        &self,
        reported: Vec<Diagnostic>,
        undecided: &[Undecided],
        suppressions: Option<Suppressions<'_>>,
    ) -> Sifted {
        let wanted = |label: &Label| self.is_reported(label.at.file);
        let Some(suppressions) = suppressions else {
            let turned = reported.into_iter().map(|finding| turned(finding, &wanted));
            return Sifted {
                left: turned
                    .filter(|(_, is_wanted)| *is_wanted)
                    .map(|(finding, _)| finding)
                    .collect(),
                ..Sifted::default()
            };
        };
        let candidate = |finding: Diagnostic| {
            let found_at = finding.primary.at;
            let (finding, is_wanted) = turned(finding, &wanted);
            let mut names = self.units.names_of(found_at);
            if found_at != finding.primary.at {
                names.extend(self.units.names_of(finding.primary.at));
            }
            Candidate {
                finding,
                found_at,
                names,
                is_wanted,
            }
        };
        let files = self.sources.iter().map(|(file, _)| file);
        let request = Request {
            written: suppressions.written,
            config: suppressions.config,
            decisions: &Decided {
                settings: suppressions.settings,
                templates: self.parameters.templates(),
            },
            sources: &self.sources,
            today: suppressions.today,
            undecided,
            whole: suppressions.whole,
            complete: suppressions.complete,
            reported: files.filter(|file| self.is_reported(*file)).collect(),
        };
        sift(reported.into_iter().map(candidate).collect(), request)
    }

    /// Findings, each once, in order, with its place and what can be fixed.
    fn kept<T>(&self, mut kept: Vec<(Diagnostic, T)>) -> Vec<(Diagnostic, T)> {
        kept.sort_by(|(one, _), (two, _)| order(one).cmp(&order(two)));
        kept.dedup_by(|(later, _), (first, _)| {
            let same = later.rule == first.rule && later.primary.at == first.primary.at;
            if same {
                merge(first, later);
            }
            same
        });
        for (finding, _) in &mut kept {
            self.parameters.name(finding, &self.sources);
            // A file that only supplied facts is not written, and no secret is copied.
            let may_write = |edit: &Edit| self.is_reported(edit.at.file) && !self.redactor.hides(&edit.text);
            finding.fix = finding.fix.take().filter(|fix| fix.edits.iter().all(may_write));
            finding.place = self.units.names_of(finding.primary.at);
            finding.subject = self.subjects.names_of(finding.primary.at);
        }
        kept
    }
}

/// Which findings are wanted, by the files that they concern.
struct Decided<'d> {
    settings: &'d Settings<'d>,
    /// For each parameter file the templates that are evaluated with it.
    templates: BTreeMap<FileId, Vec<FileId>>,
}

impl Decisions for Decided<'_> {
    /// A finding that concerns a parameter file is found in a template, which has settings of its own.
    fn runs_for(&self, rule: &str, file: FileId) -> bool {
        let mut templates = self.templates.get(&file).into_iter().flatten();
        self.settings.runs_on(rule, file) && templates.all(|template| self.settings.runs_on(rule, *template))
    }

    fn takes(&self, finding: &mut Diagnostic) -> bool {
        self.settings.takes(finding)
    }
}

/// Places of one finding that are kept; more would hide it.
const MOST_PLACES: usize = 8;

/// Adds to a finding what another one at the same place concerns: another round of a loop, another parameter file.
fn merge(first: &mut Diagnostic, later: &mut Diagnostic) {
    first.cases.append(&mut later.cases);
    // One text that asks for two different things, or for nothing in one of its uses, can't be mended by itself.
    if first.fix != later.fix {
        first.fix = None;
    }
    for label in later.related.drain(..) {
        let known = first.related.iter().any(|known| known.at == label.at) || first.primary.at == label.at;
        if !known && first.related.len() < MOST_PLACES {
            first.related.push(label);
        }
    }
}

impl ParameterFiles {
    /// For each file the templates that are evaluated with it.
    fn templates(&self) -> BTreeMap<FileId, Vec<FileId>> {
        let mut templates: BTreeMap<FileId, Vec<FileId>> = BTreeMap::new();
        for (template, files) in &self.cases {
            for file in files {
                templates.entry(*file).or_default().push(*template);
            }
        }
        templates
    }

    /// Says in the title with which parameter files the finding comes up: nothing when it does with all of several.
    fn name(&self, finding: &mut Diagnostic, sources: &Sources) {
        let is_template = self.cases.contains_key(&finding.primary.at.file);
        let without_parameters = is_template && finding.cases.is_empty();
        let mut by_template: BTreeMap<FileId, BTreeSet<FileId>> = BTreeMap::new();
        for (template, parameters) in finding.cases.drain(..) {
            by_template.entry(template).or_default().insert(parameters);
        }
        let mut only = BTreeSet::new();
        let mut several = false;
        for (template, with) in by_template {
            let all = self.cases.get(&template).map_or(0, BTreeSet::len);
            several |= all > 1;
            if with.len() < all {
                only.extend(with);
            }
        }
        // With other values, nothing may be wrong.
        if let Some(fix) = finding.fix.as_mut().filter(|_| without_parameters || !only.is_empty()) {
            fix.applicability = Applicability::Unsafe;
        }
        if !only.is_empty() {
            let names = self.names(&only, sources);
            finding.message.push_str(&format!(" (only with {names})"));
        }
        if several || self.files.contains(&finding.primary.at.file) {
            return;
        }
        let causes = finding
            .related
            .iter()
            .filter(|label| label.cause && self.files.contains(&label.at.file));
        let files: BTreeSet<FileId> = causes.map(|label| label.at.file).collect();
        if !files.is_empty() {
            let names = self.names(&files, sources);
            finding.message.push_str(&format!(" when {names} is used"));
        }
    }

    /// The names of parameter files; with their folders where names alone do not tell them apart.
    fn names(&self, files: &BTreeSet<FileId>, sources: &Sources) -> String {
        let name = |file: &FileId| {
            let path = sources.path(*file);
            path.rsplit('/').next().unwrap_or(path)
        };
        let distinct: BTreeSet<&str> = files.iter().map(name).collect();
        let shown = |file: &FileId| {
            if distinct.len() == files.len() {
                format!("`{}`", name(file))
            } else {
                format!("`{}`", sources.path(*file))
            }
        };
        let mut names: Vec<String> = files.iter().take(MOST_NAMED).map(shown).collect();
        if files.len() > MOST_NAMED {
            names.push(format!("{} others", files.len() - MOST_NAMED));
        }
        names.join(" or ")
    }
}

/// Files are numbered in the order of their paths; of findings of one rule at one place the worst comes first.
fn order(
    finding: &Diagnostic,
) -> (
    FileId,
    u32,
    &'static str,
    crate::text::Span,
    std::cmp::Reverse<crate::diagnostic::Severity>,
    &str,
) {
    let at = finding.primary.at;
    (
        at.file,
        at.span.start,
        finding.rule,
        at.span,
        std::cmp::Reverse(finding.severity),
        &finding.message,
    )
}

/// Where a finding is shown, by whether findings are wanted of each file: `None` if it concerns none of those.
pub(super) fn shown_at(finding: &Diagnostic, reported: &[bool]) -> Option<FileSpan> {
    let is_wanted = |label: &&Label| reported.get(index(label.at.file)) == Some(&true);
    let causes = finding.related.iter().filter(|label| label.cause);
    let label = std::iter::once(&finding.primary).chain(causes).find(is_wanted);
    label.map(|label| label.at)
}

/// The finding as seen from the reported files: as it is, or with the place in one of them that it concerns
/// (the parameter file that gives the value) as its first; and whether it concerns any of them.
fn turned(mut finding: Diagnostic, wanted: &dyn Fn(&Label) -> bool) -> (Diagnostic, bool) {
    if wanted(&finding.primary) {
        return (finding, true);
    }
    let is_cause = |label: &Label| label.cause && wanted(label);
    let Some(at) = finding.related.iter().position(is_cause) else {
        return (finding, false);
    };
    let cause = finding.related.remove(at);
    let effect = std::mem::replace(&mut finding.primary, cause);
    finding.related.insert(0, effect);
    (finding, true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Fix, Severity};
    use crate::text::{SourceFile, Span};

    const AT: FileSpan = FileSpan {
        file: FileId(0),
        span: Span { start: 0, end: 1 },
    };

    fn finding(text: &str) -> Diagnostic {
        let fix = Fix {
            applicability: Applicability::Safe,
            title: "write it".to_owned(),
            edits: vec![Edit {
                at: AT,
                text: text.to_owned(),
            }],
        };
        Diagnostic::new("a-rule", Severity::Note, "title", AT, "label").fixed_by(Some(fix))
    }

    /// The fix that is left of some findings.
    fn left(reported: Vec<Diagnostic>, parameters: &ParameterFiles) -> Option<Fix> {
        let mut sources = Sources::new();
        for path in ["a.json", "b.json", "c.json"] {
            sources.add(SourceFile::in_memory(path, "text"));
        }
        let findings = Findings {
            reported,
            undecided: Vec::new(),
        };
        let run = Run {
            sources,
            reported: vec![true, false, false],
            parameters: parameters.clone(),
            redactor: Redactor::default(),
            incomplete: false,
            root: Root::default(),
            units: Units::default(),
            subjects: Units::default(),
        };
        let outcome = run.outcome(findings, None);
        assert_eq!(outcome.findings.len(), 1);
        outcome.findings.into_iter().next()?.fix
    }

    #[test]
    fn a_fix_that_copies_a_secret_or_changes_another_file_is_dropped() {
        let none = ParameterFiles::default();
        assert!(left(vec![finding("plain")], &none).is_some());
        let key = format!(
            "h'https://quay.blob.core.windows.net/c;{}=='",
            "Zm9vYmFyYmF6cXV4".repeat(6).split_at(86).0
        );
        assert_eq!(left(vec![finding(&key)], &none), None);
        let mut elsewhere = finding("plain");
        if let Some(fix) = &mut elsewhere.fix {
            fix.edits[0].at.file = FileId(1);
        }
        assert_eq!(left(vec![elsewhere], &none), None);
    }

    #[test]
    fn a_text_that_asks_for_two_things_is_not_mended() {
        let none = ParameterFiles::default();
        assert!(left(vec![finding("one"), finding("one")], &none).is_some());
        assert_eq!(left(vec![finding("one"), finding("two")], &none), None);
        let without = finding("one").fixed_by(None);
        assert_eq!(left(vec![finding("one"), without], &none), None);
    }

    #[test]
    fn what_is_wrong_with_some_parameter_files_only_is_no_safe_fix() {
        let (template, one, other) = (FileId(0), FileId(1), FileId(2));
        let parameters = ParameterFiles {
            files: [one, other].into(),
            cases: [(template, [one, other].into())].into(),
        };
        let in_case = |file: FileId| finding("one").in_case((template, Some(file)));
        let applicability = |found: Vec<Diagnostic>| left(found, &parameters).unwrap().applicability;
        assert_eq!(applicability(vec![in_case(one), in_case(other)]), Applicability::Safe);
        assert_eq!(applicability(vec![in_case(one)]), Applicability::Unsafe);
        let with_defaults = vec![finding("one")];
        assert_eq!(applicability(with_defaults), Applicability::Unsafe);
    }
}
