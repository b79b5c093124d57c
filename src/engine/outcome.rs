//! The findings that are wanted, each once, in the order of the files.

use std::collections::{BTreeMap, BTreeSet};

use super::{Outcome, index};
use crate::diagnostic::{Diagnostic, Findings, Label};
use crate::text::{FileId, Sources};

/// The parameter files of a run.
#[derive(Debug, Default)]
pub(super) struct ParameterFiles {
    /// All of them.
    pub(super) files: BTreeSet<FileId>,
    /// Those with which each template was evaluated.
    pub(super) cases: BTreeMap<FileId, BTreeSet<FileId>>,
}

/// Parameter files that one title names; of more, it tells the number.
const MOST_NAMED: usize = 4;

/// Puts together what a run reports. Files that only supplied facts are not reported on: a finding there is
/// shown in a reported file that it concerns, or not at all.
pub(super) fn assemble(
    sources: Sources,
    findings: Findings,
    reported: &[bool],
    parameters: &ParameterFiles,
    incomplete: bool,
) -> Outcome {
    let wanted = |label: &Label| reported.get(index(label.at.file)).copied().unwrap_or(false);
    let mut kept: Vec<Diagnostic> = findings
        .reported
        .into_iter()
        .filter_map(|finding| turned(finding, &wanted))
        .collect();
    kept.sort_by(|one, two| order(one).cmp(&order(two)));
    kept.dedup_by(|later, first| {
        let same = later.rule == first.rule && later.primary.at == first.primary.at;
        if same {
            merge(first, later);
        }
        same
    });
    for finding in &mut kept {
        parameters.name(finding, &sources);
    }
    let mut undecided = findings.undecided;
    undecided.retain(|question| reported.get(index(question.at.file)).copied().unwrap_or(false));
    undecided.sort();
    undecided.dedup();
    let files = reported.iter().filter(|reported| **reported).count();
    Outcome {
        sources,
        findings: kept,
        undecided,
        files,
        incomplete,
    }
}

/// Places of one finding that are kept; more would hide it.
const MOST_PLACES: usize = 8;

/// Adds to a finding what another one at the same place concerns: another round of a loop, another parameter file.
fn merge(first: &mut Diagnostic, later: &mut Diagnostic) {
    first.cases.append(&mut later.cases);
    for label in later.related.drain(..) {
        let known = first.related.iter().any(|known| known.at == label.at) || first.primary.at == label.at;
        if !known && first.related.len() < MOST_PLACES {
            first.related.push(label);
        }
    }
}

impl ParameterFiles {
    /// Says in the title with which parameter files the finding comes up: nothing when it does with all of several.
    fn name(&self, finding: &mut Diagnostic, sources: &Sources) {
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

/// The finding as seen from the reported files: as it is, or with the place in one of them that it concerns
/// (the parameter file that gives the value) as its first. `None` if it concerns none of them.
fn turned(mut finding: Diagnostic, wanted: &dyn Fn(&Label) -> bool) -> Option<Diagnostic> {
    if wanted(&finding.primary) {
        return Some(finding);
    }
    let at = finding.related.iter().position(|label| label.cause && wanted(label))?;
    let cause = finding.related.remove(at);
    let effect = std::mem::replace(&mut finding.primary, cause);
    finding.related.insert(0, effect);
    Some(finding)
}
