//! What each suppression comes to.

use std::collections::BTreeSet;
use std::ops::Range;

use super::index::Index;
use super::{Decisions, has_expired};
use crate::config::NEVER_SUPPRESSED;
use crate::facts::{Cover, RuleMention, Suppression};
use crate::rules;
use crate::text::{Date, FileId, FileSpan, Span};

/// What a suppression comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Judged {
    /// What it comes to as a whole.
    pub(super) standing: Standing,
    /// Whether it sets findings aside.
    pub(super) counts: bool,
    /// Its rules, in their order.
    pub(super) mentions: Vec<Mention>,
}

/// What a suppression comes to as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It can't be read.
    Flawed,
    /// It gives no reason.
    Unexplained,
    /// Its day has passed.
    Expired(Date),
    /// It is followed.
    Followed,
}

/// A rule that a suppression names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mention {
    /// What is to be said of it.
    pub(super) kind: MentionKind,
    /// The groups of findings that it covers.
    pub(super) found: Vec<Range<usize>>,
}

/// What is to be said of a rule that a suppression names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MentionKind {
    /// There is no such rule.
    Unknown,
    /// It can't be suppressed.
    Never,
    /// It covers something.
    Used,
    /// It covers nothing, and would if there were something.
    Unused,
    /// It covers nothing, which may be another's doing: the rule is off, something was not decided or not read.
    Idle,
}

/// What suppressions are judged by.
pub(super) struct Judgement<'j> {
    pub(super) index: &'j Index,
    pub(super) decisions: &'j dyn Decisions,
    pub(super) today: Option<Date>,
    /// Where something could not be decided, in order.
    pub(super) undecided: Vec<(FileId, u32)>,
    /// Files that were not read wholly.
    pub(super) unread: BTreeSet<FileId>,
    pub(super) complete: bool,
}

impl Judgement<'_> {
    pub(super) fn of(&self, one: &Suppression) -> Judged {
        let standing = match one.until {
            _ if !one.flaws.is_empty() => Standing::Flawed,
            _ if one.reason.is_empty() => Standing::Unexplained,
            Some(until) if has_expired(one.until, self.today) => Standing::Expired(until),
            _ => Standing::Followed,
        };
        let mentions = match standing {
            Standing::Flawed => Vec::new(),
            _ => one.rules.iter().map(|rule| self.mention(one, rule)).collect(),
        };
        Judged {
            standing,
            counts: standing == Standing::Followed,
            mentions,
        }
    }

    fn mention(&self, one: &Suppression, rule: &RuleMention) -> Mention {
        let name = rule.name.as_str();
        let nothing = |kind| Mention {
            kind,
            found: Vec::new(),
        };
        if NEVER_SUPPRESSED.contains(&name) {
            return nothing(MentionKind::Never);
        }
        if rules::find(name).is_none() {
            return nothing(MentionKind::Unknown);
        }
        let tiers = one.covers.iter().map(|cover| self.index.ranges(name, cover));
        let found = tiers.into_iter().find(|ranges| !ranges.is_empty()).unwrap_or_default();
        let kind = if !found.is_empty() {
            MentionKind::Used
        } else if self.runs(name, one) && self.is_decided(one) {
            MentionKind::Unused
        } else {
            MentionKind::Idle
        };
        Mention { kind, found }
    }

    /// Whether a rule is on wherever a suppression counts.
    fn runs(&self, rule: &str, one: &Suppression) -> bool {
        let places = one.covers.iter().flat_map(Cover::places);
        let files: BTreeSet<FileId> = places.map(|place| place.file).chain([one.at.file]).collect();
        files.iter().all(|file| self.decisions.runs_for(rule, *file))
    }

    /// Whether all was read and decided where a suppression counts.
    fn is_decided(&self, one: &Suppression) -> bool {
        let mut places = one.covers.iter().flat_map(Cover::places);
        self.complete
            && !self.unread.contains(&one.at.file)
            && !places.any(|place| self.unread.contains(&place.file) || self.holds_question(place))
    }

    /// Whether all was read and decided in a file.
    pub(super) fn is_file_decided(&self, file: FileId) -> bool {
        let whole = FileSpan::new(file, Span::new(0, u32::MAX));
        !self.unread.contains(&file) && !self.holds_question(whole)
    }

    fn holds_question(&self, place: FileSpan) -> bool {
        let next = self
            .undecided
            .partition_point(|question| *question < (place.file, place.span.start));
        let question = self.undecided.get(next);
        question.is_some_and(|(file, start)| *file == place.file && *start <= place.span.end)
    }
}
