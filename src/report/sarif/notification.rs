//! What the run has to say of itself: what it could not analyse, and what this report leaves out.

use serde::Serialize;

use super::location::Location;
use super::rule::Descriptor;
use super::selection::{MOST_PLACES, MOST_STEPS, Selection};
use super::{Message, location};
use crate::diagnostic::Severity;
use crate::report::model::Report;
use crate::rules::input::{LIMIT_REACHED, SYNTAX_ERROR, UNREADABLE_FILE};

/// Notifications of one kind that are written; of more, the number is.
const MOST: usize = 1000;

/// Something about the run itself.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Notification {
    descriptor: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    associated_rule: Option<Reference>,
    level: &'static str,
    message: Message<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location>,
}

#[derive(Serialize)]
struct Reference {
    id: &'static str,
    index: usize,
}

/// The kinds of notifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The report leaves something out.
    Cut,
    /// A file or a part of one was not read as what it is.
    Input,
    /// A value was not known, so that no verdict was given.
    NotAnalysed,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Cut, Self::Input, Self::NotAnalysed];

    fn id(self) -> &'static str {
        match self {
            Self::Cut => "report-cut",
            Self::Input => "input-not-read",
            Self::NotAnalysed => "not-analysed",
        }
    }

    fn about(self) -> &'static str {
        match self {
            Self::Cut => "This report leaves out findings, places or notifications, as there are too many.",
            Self::Input => "A file, or a part of one, could not be read as what it is.",
            Self::NotAnalysed => "A value is not known from the files, so that no verdict was given on it.",
        }
    }

    fn reference(self) -> Reference {
        Reference {
            id: self.id(),
            index: Self::ALL.iter().position(|kind| *kind == self).unwrap_or_default(),
        }
    }

    fn saying(self, level: &'static str, text: String) -> Notification {
        Notification {
            descriptor: self.reference(),
            associated_rule: None,
            level,
            message: Message { text },
            locations: Vec::new(),
        }
    }
}

impl Notification {
    /// What the kinds of notifications are.
    pub(super) fn descriptors() -> Vec<Descriptor> {
        Kind::ALL
            .iter()
            .map(|kind| Descriptor::of_notification(kind.id(), kind.about()))
            .collect()
    }
}

/// All notifications: what is left out first.
pub(super) fn all<'s>(
    report: &'s Report<'_>,
    selection: &'s Selection<'_, '_>,
    rules: &'s [&'static str],
) -> impl Iterator<Item = Notification> + 's {
    let input = report.findings.iter().filter(|told| is_about_input(told.finding.rule));
    let inputs = input.clone().count();
    let input = input.take(MOST).map(|told| {
        let rule = rules.iter().position(|rule| *rule == told.finding.rule);
        Notification {
            associated_rule: rule.map(|index| Reference {
                id: told.finding.rule,
                index,
            }),
            locations: vec![Location::new(&told.at)],
            ..Kind::Input.saying(level(told.finding.severity), sentence(&told.finding.message))
        }
    });
    let questions = report.not_analysed.iter().take(MOST).map(|question| Notification {
        locations: vec![Location::new(&question.at)],
        ..Kind::NotAnalysed.saying("note", sentence(question.reason))
    });
    let unnamed = inputs.saturating_sub(MOST) + report.not_analysed.len().saturating_sub(MOST);
    cut(selection, unnamed).into_iter().chain(input).chain(questions)
}

fn cut(selection: &Selection<'_, '_>, unnamed: usize) -> Vec<Notification> {
    let kept = selection.results.len();
    let most = MOST_PLACES;
    let (dropped, places) = (selection.dropped, selection.dropped_places);
    [
        (
            dropped,
            "warning",
            format!(
                "{dropped} findings were dropped from this report: the {kept} worst ones are in it. GitHub also refuses a file \
                 of more than 10 MB when it is compressed: check parts of the repository by themselves."
            ),
        ),
        (
            places,
            "note",
            format!("{places} related places were dropped: a result has at most {most} places."),
        ),
        (
            selection.cut_ways,
            "note",
            format!(
                "{} of the results do not tell all ways of their values: a result has at most {MOST_STEPS} steps.",
                selection.cut_ways
            ),
        ),
        (
            unnamed,
            "note",
            format!("{unnamed} more places were not analysed: the formats `json` and `jsonl` list them all."),
        ),
    ]
    .into_iter()
    .filter(|(number, ..)| *number > 0)
    .map(|(_, level, text)| Kind::Cut.saying(level, text))
    .collect()
}

fn is_about_input(rule: &str) -> bool {
    [&LIMIT_REACHED, &SYNTAX_ERROR, &UNREADABLE_FILE]
        .iter()
        .any(|input| input.name == rule)
}

/// The word of SARIF for a severity.
pub(super) fn level(severity: Severity) -> &'static str {
    severity.as_str()
}

/// A title as a sentence.
pub(super) fn sentence(title: &str) -> String {
    let end = if title.ends_with(['.', '!', '?', '…']) {
        ""
    } else {
        "."
    };
    location::plain(title) + end
}
