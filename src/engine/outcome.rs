//! The findings that are wanted, each once, in the order of the files.

use std::collections::BTreeSet;

use super::{Outcome, index};
use crate::diagnostic::{Diagnostic, Findings, Label};
use crate::text::{FileId, Sources};

/// Puts together what a run reports. Files that only supplied facts are not reported on: a finding there is
/// shown in a reported file that it concerns, or not at all.
pub(super) fn assemble(
    sources: Sources,
    findings: Findings,
    reported: &[bool],
    parameter_files: &BTreeSet<FileId>,
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
        name_parameter_files(finding, &sources, parameter_files);
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
    for label in later.related.drain(..) {
        let known = first.related.iter().any(|known| known.at == label.at) || first.primary.at == label.at;
        if !known && first.related.len() < MOST_PLACES {
            first.related.push(label);
        }
    }
}

/// Says in the title with which parameter files the finding comes up.
fn name_parameter_files(finding: &mut Diagnostic, sources: &Sources, parameter_files: &BTreeSet<FileId>) {
    if parameter_files.contains(&finding.primary.at.file) {
        return;
    }
    let causes = finding
        .related
        .iter()
        .filter(|label| label.cause && parameter_files.contains(&label.at.file));
    let files: BTreeSet<&str> = causes.map(|label| sources.path(label.at.file)).collect();
    let names: Vec<_> = files
        .iter()
        .map(|path| format!("`{}`", path.rsplit('/').next().unwrap_or(path)))
        .collect();
    if !names.is_empty() {
        finding
            .message
            .push_str(&format!(" when {} is used", names.join(" or ")));
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
