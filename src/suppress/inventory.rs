//! The list of all suppressions, for those who look after them.

use super::index::Places;
use super::judge::{Judged, MentionKind, Standing};
use crate::config::ConfiguredSuppression;
use crate::facts::{Suppression, Written};
use crate::redact::{Redact, Redactor};
use crate::text::{Date, FileSpan};

/// A suppression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Where it stands.
    pub place: Place,
    /// The rules that it names.
    pub rules: Vec<String>,
    /// Why; perhaps empty.
    pub reason: String,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// What it comes to.
    pub state: State,
    /// How many findings it covers; those of one rule at one place are one.
    pub findings: usize,
}

/// Where a suppression stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a comment.
    Comment(FileSpan),
    /// In the metadata of an object of JSON.
    Metadata(FileSpan),
    /// In the configuration.
    Configuration {
        /// Its path.
        path: String,
        /// The line, from 1.
        line: u32,
    },
}

/// What a suppression comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It covers findings.
    Active,
    /// It covers nothing, and nothing is known that it might cover: its rule is off, a value there is not known, its file
    /// was not read wholly, or none of its files is checked.
    Idle,
    /// It covers nothing, or one of its rules does not.
    Unused,
    /// Its day has passed.
    Expired,
    /// It gives no reason, and is not followed.
    Unexplained,
    /// It can't be read, or names a rule that there is not.
    Malformed,
}

impl State {
    /// The word that outputs use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Idle => "idle",
            Self::Unused => "unused",
            Self::Expired => "expired",
            Self::Unexplained => "unexplained",
            Self::Malformed => "malformed",
        }
    }

    /// Whether somebody should look after it.
    #[must_use]
    pub fn is_wrong(self) -> bool {
        !matches!(self, Self::Active | Self::Idle)
    }
}

impl Listed {
    pub(super) fn written(one: &Suppression, judged: &Judged, places: &mut Places<'_>) -> Self {
        let place = match one.written {
            Written::Comment | Written::Elsewhere => Place::Comment(one.at),
            Written::Metadata => Place::Metadata(one.at),
        };
        Self {
            place,
            rules: one.rules.iter().map(|rule| rule.name.clone()).collect(),
            reason: one.reason.clone(),
            until: one.until,
            state: state(judged),
            findings: judged.mentions.iter().map(|mention| places.count(&mention.found)).sum(),
        }
    }

    pub(super) fn configured(entry: &ConfiguredSuppression, path: &str, state: State, findings: usize) -> Self {
        Self {
            place: Place::Configuration {
                path: path.to_owned(),
                line: entry.line,
            },
            rules: entry.rules.clone(),
            reason: entry.reason.clone(),
            until: entry.until,
            state,
            findings,
        }
    }
}

fn state(judged: &Judged) -> State {
    let any = |kinds: &[MentionKind]| judged.mentions.iter().any(|mention| kinds.contains(&mention.kind));
    match judged.standing {
        Standing::Flawed => State::Malformed,
        Standing::Unexplained => State::Unexplained,
        _ if any(&[MentionKind::Unknown, MentionKind::Never]) => State::Malformed,
        Standing::Expired(_) => State::Expired,
        Standing::Followed if any(&[MentionKind::Unused]) => State::Unused,
        Standing::Followed if any(&[MentionKind::Used]) => State::Active,
        Standing::Followed => State::Idle,
    }
}

impl Redact for Listed {
    fn redact(&mut self, redactor: &Redactor) {
        self.rules.redact(redactor);
        self.reason.redact(redactor);
    }
}
