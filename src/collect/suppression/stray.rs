//! Directives that are written as comments where none is read: in a block scalar of YAML, in a string of JSON, and in the
//! forms of other languages in KQL. Who wrote one believes that it is followed.

use super::suppression;
use crate::collect::Collector;
use crate::facts::{SuppressionFlaw, Written};
use crate::syntax::json;
use crate::syntax::suppression::{directives, may_hold};
use crate::text::{MappedText, Span};

/// What is no comment in some place, although it starts as one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    /// How it starts, at the start of a line.
    marks: &'static [&'static str],
    /// What is wrong with it.
    why: &'static str,
}

/// In KQL.
pub(super) const KQL: Kind = Kind {
    marks: &["/*", "#", "--", "<!--"],
    why: "a comment of KQL starts with `//`",
};

/// In a text of another language. Of what starts with `//` it may be KQL that is read elsewhere.
pub(super) const ELSEWHERE: Kind = Kind {
    marks: &["/*", "#", "--", "<!--"],
    why: "this is part of a text in which no such comment is read",
};

impl Collector<'_> {
    /// Adds the directives that start a line of a text, and stand in none of its comments.
    pub(super) fn strays(&mut self, text: &MappedText, comments: &[Span], kind: Kind) {
        let mut start = 0;
        let mut is_open = false;
        for line in text.as_str().split_inclusive(['\n', '\r']) {
            let place = Span::of(start, start + line.len());
            start += line.len();
            let trimmed = line.trim_start();
            // A comment over several lines of another language may also follow a command.
            let inside = is_open;
            is_open = match line.rfind("/*") {
                Some(at) => !line.get(at..).is_some_and(|rest| rest.contains("*/")),
                None => is_open && !line.contains("*/"),
            };
            let lead = if inside || kind.marks.iter().any(|mark| trimmed.starts_with(mark)) {
                line.len() - trimmed.len()
            } else {
                match line.rfind("/*") {
                    Some(at) => at,
                    None => continue,
                }
            };
            let opened = Span::new(place.start + crate::text::offset(lead), place.end);
            let before = comments.partition_point(|comment| comment.start <= opened.start);
            let comment = before.checked_sub(1).and_then(|index| comments.get(index));
            if may_hold(line) && comment.is_none_or(|comment| comment.end <= opened.start) {
                self.stray(text, opened, kind);
            }
        }
    }

    fn stray(&mut self, text: &MappedText, line: Span, kind: Kind) {
        for directive in directives(text.as_str(), line) {
            if let Some(mut found) = suppression(text, &directive, line, Vec::new()) {
                found.written = Written::Elsewhere;
                found.whole = None;
                found.flaws = vec![SuppressionFlaw {
                    at: found.at,
                    what: kind.why.to_owned(),
                }];
                self.facts.suppressions.push(found);
            }
        }
    }

    /// The same of all strings in a document. The parser bounds the depth.
    pub(super) fn strays_of_json(&mut self, node: &json::Node) {
        if let Some(text) = node.string(self.source).filter(|text| may_hold(text.as_str())) {
            self.strays(&text, &[], ELSEWHERE);
        }
        for element in node.elements() {
            self.strays_of_json(element);
        }
        for member in node.members() {
            self.strays_of_json(&member.value);
        }
    }
}
