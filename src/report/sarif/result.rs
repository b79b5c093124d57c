//! A finding as a result.

use serde::Serialize;

use super::Message;
use super::location::{ArtifactLocation, Location, Region, artifact, plain, region};
use super::notification::{level, sentence};
use super::selection::{Chosen, MOST_PLACES, MOST_STEPS};
use crate::diagnostic::{Diagnostic, Edit, Fix, Label, SetAsideBy, Severity, Way};
use crate::engine::Outcome;
use crate::report::model::{Located, Told};
use crate::text::{FileSpan, Span, offset};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResultTold<'r> {
    rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    kind: &'static str,
    level: &'static str,
    rank: f64,
    message: Message<String>,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    code_flows: Vec<CodeFlow>,
    partial_fingerprints: Fingerprints<'r>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Suppression>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<FixTold>,
}

#[derive(Serialize)]
struct Fingerprints<'r> {
    #[serde(rename = "primaryLocationLineHash")]
    line: &'r str,
    #[serde(rename = "kustolint/v1")]
    own: &'r str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CodeFlow {
    thread_flows: [ThreadFlow; 1],
}

#[derive(Serialize)]
struct ThreadFlow {
    locations: Vec<ThreadFlowLocation>,
}

#[derive(Serialize)]
struct ThreadFlowLocation {
    location: Location,
}

#[derive(Serialize)]
struct Suppression {
    kind: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
    justification: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FixTold {
    description: Message<String>,
    artifact_changes: Vec<ArtifactChange>,
    properties: FixProperties,
}

#[derive(Serialize)]
struct FixProperties {
    applicability: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Message<String>,
}

/// A finding with the fingerprint of its line. `rules` are the names of the rules in the order of their descriptors.
pub(super) fn result<'r>(
    (told, by): Chosen<'r, '_>,
    hash: &'r str,
    rules: &[&'static str],
    outcome: &Outcome,
) -> ResultTold<'r> {
    let finding = told.finding;
    let first = Location::new(&told.at)
        .inside(&finding.place)
        .saying(&finding.primary.message);
    ResultTold {
        rule_id: finding.rule,
        rule_index: rules.binary_search(&finding.rule).ok(),
        kind: "fail",
        level: level(finding.severity),
        rank: rank(finding.severity),
        message: message(finding),
        locations: [first],
        related_locations: related(told),
        code_flows: code_flows(told),
        partial_fingerprints: Fingerprints {
            line: hash,
            own: &told.fingerprint,
        },
        suppressions: by.map(|by| suppression(by, outcome)).into_iter().collect(),
        baseline_state: by.filter(|by| by.reason().is_none()).map(|_| "unchanged"),
        fixes: finding.fix.iter().map(|fix| fix_told(fix, outcome)).collect(),
    }
}

/// How sure it is, of 100: severities tell what is certain from what holds under a condition.
fn rank(severity: Severity) -> f64 {
    match severity {
        Severity::Error => 90.0,
        Severity::Warning => 60.0,
        Severity::Note => 30.0,
    }
}

/// The title as the first sentence, and each note on a line of its own.
fn message(finding: &Diagnostic) -> Message<String> {
    let notes = finding.notes.iter().map(|note| plain(note));
    let lines: Vec<String> = std::iter::once(sentence(&finding.message)).chain(notes).collect();
    Message { text: lines.join("\n") }
}

fn related(told: &Told<'_>) -> Vec<Location> {
    let places = told.related.iter().take(MOST_PLACES - 1).enumerate();
    places
        .map(|(index, (at, message))| Location::new(at).saying(message).numbered(index + 1))
        .collect()
}

/// How many steps the ways of a finding's values have, the uses at their ends among them.
pub(super) fn steps(finding: &Diagnostic) -> usize {
    let ways = finding.related.iter().filter_map(|label| label.way);
    ways.map(|way| match way {
        Way::Source => 2,
        Way::Step => 1,
        Way::Use => 0,
    })
    .sum()
}

/// The ways of the finding's values, as many as a result may have: each from where it is written, by what hands it on, to where it is used.
fn code_flows(told: &Told<'_>) -> Vec<CodeFlow> {
    let finding = told.finding;
    let places = told.related.iter().map(|(at, message)| (at, *message));
    let first = (&finding.primary, (&told.at, finding.primary.message.as_str()));
    let labels: Vec<(&Label, (&Located, &str))> = std::iter::once(first)
        .chain(finding.related.iter().zip(places))
        .collect();
    let Some((_, used)) = labels.iter().find(|(label, _)| label.way == Some(Way::Use)) else {
        return Vec::new();
    };
    let mut ways: Vec<Vec<(&Located, &str)>> = Vec::new();
    for (label, place) in &labels {
        match (label.way, ways.last_mut()) {
            (Some(Way::Source), _) => ways.push(vec![*place]),
            (Some(Way::Step), Some(way)) => way.push(*place),
            _ => {}
        }
    }
    let step = |(at, message): (&Located, &str)| ThreadFlowLocation {
        location: Location::new(at).saying(message),
    };
    let mut room = MOST_STEPS;
    ways.into_iter()
        .take_while(|way| {
            let fits = way.len() < room;
            room = room.saturating_sub(way.len() + 1);
            fits
        })
        .map(|way| CodeFlow {
            thread_flows: [ThreadFlow {
                locations: way.into_iter().chain([*used]).map(step).collect(),
            }],
        })
        .collect()
}

fn suppression(by: &SetAsideBy, outcome: &Outcome) -> Suppression {
    let (kind, location) = match by {
        SetAsideBy::Source { at, .. } => ("inSource", Some(Location::new(&Located::new(*at, outcome)))),
        _ => ("external", None),
    };
    Suppression {
        kind,
        status: "accepted",
        location,
        justification: by.in_words(),
    }
}

fn fix_told(fix: &Fix, outcome: &Outcome) -> FixTold {
    let mut edits: Vec<&Edit> = fix.edits.iter().collect();
    edits.sort();
    let changes = edits.chunk_by(|one, two| one.at.file == two.at.file);
    let changes = changes.filter_map(|edits| {
        let first = edits.first()?;
        Some(ArtifactChange {
            artifact_location: artifact(&Located::new(first.at, outcome)),
            replacements: edits.iter().map(|edit| replacement(edit, outcome)).collect(),
        })
    });
    FixTold {
        description: Message {
            text: plain(&fix.title),
        },
        artifact_changes: changes.collect(),
        properties: FixProperties {
            applicability: fix.applicability.as_str(),
        },
    }
}

/// An edit without what it leaves as it is at both ends.
fn replacement(edit: &Edit, outcome: &Outcome) -> Replacement {
    let source = outcome.sources.get(edit.at.file);
    let old = source.map_or("", |file| edit.at.span.of_text(file.text()));
    let (before, after) = kept(old, &edit.text);
    let Span { start, end } = edit.at.span;
    let at = FileSpan::new(edit.at.file, Span::new(start + offset(before), end - offset(after)));
    let inserted = edit.text.get(before..edit.text.len() - after).unwrap_or_default();
    Replacement {
        deleted_region: region(&Located::new(at, outcome)),
        inserted_content: Message {
            text: inserted.to_owned(),
        },
    }
}

/// How many bytes two texts have in common at their start, and then at their end.
fn kept(old: &str, new: &str) -> (usize, usize) {
    let common = |(one, two): &(char, char)| one == two;
    let before: usize = old
        .chars()
        .zip(new.chars())
        .take_while(common)
        .map(|(one, _)| one.len_utf8())
        .sum();
    let (old, new) = (
        old.get(before..).unwrap_or_default(),
        new.get(before..).unwrap_or_default(),
    );
    let after = old.chars().rev().zip(new.chars().rev()).take_while(common);
    (before, after.map(|(one, _)| one.len_utf8()).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_edit_leaves_is_not_a_part_of_it() {
        for (old, new, expected) in [
            ("abc", "axc", (1, 1)),
            ("aa", "aaa", (2, 0)),
            ("é1é", "é2é", (2, 2)),
            ("", "x", (0, 0)),
            ("same", "same", (4, 0)),
            ("\u{e9}", "\u{e8}", (0, 0)),
        ] {
            assert_eq!(kept(old, new), expected, "{old} {new}");
        }
    }
}
