//! `metadata.kustolint.ignore` of a resource, or of anything else that is an object of JSON.

use std::sync::Arc;

use crate::collect::Collector;
use crate::facts::{Cover, RuleMention, Suppression, SuppressionFlaw, Written};
use crate::syntax::json::{Kind, Member, Node};
use crate::syntax::suppression::may_hold;
use crate::text::{Date, FileSpan, MappedText, Span, nearest};

use super::pieces;

/// The member that this program reads.
const IGNORE: &str = "ignore";
/// What an entry of the list may say.
const KEYS: [&str; 4] = ["reason", "rule", "rules", "until"];

const FORMS: &str =
    "`ignore` is `{\"rule\": \"reason\"}` or `[{\"rule\": \"…\", \"reason\": \"…\", \"until\": \"2027-03-31\"}]`";

/// Adds what the metadata of a JSON document asks for. Each covers the object that the metadata is of.
pub fn collect_metadata(collector: &mut Collector<'_>, tree: &Node) {
    if may_hold(collector.source.as_str()) {
        collector.metadata_in(tree, tree.span);
    }
}

impl Collector<'_> {
    /// `whole` is the object with the name that it has. The parser bounds the depth.
    fn metadata_in(&mut self, node: &Node, whole: Span) {
        for element in node.elements() {
            self.metadata_in(element, element.span);
        }
        for member in node.members() {
            let of_kustolint = || member.value.member("kustolint");
            let is_metadata = member.name.eq_ignore_ascii_case("metadata");
            if let Some(own) = is_metadata.then(of_kustolint).flatten() {
                self.asked_for(own, whole);
            }
            self.metadata_in(&member.value, member.name_span.cover(member.value.span));
        }
    }

    fn asked_for(&mut self, own: &Member, whole: Span) {
        let source = self.source;
        let places: Arc<[FileSpan]> = pieces(&source.part(whole)).into();
        let reader = Entries {
            source,
            cover: Cover([places].into()),
        };
        let mut found = Vec::new();
        if !matches!(own.value.kind, Kind::Object(_)) {
            found.extend(reader.flawed(own.value.span, format!("`kustolint` is to be an object: {FORMS}")));
        }
        for member in own.value.members() {
            if member.name.eq_ignore_ascii_case(IGNORE) {
                reader.ignore(&member.value, &mut found);
            } else {
                let what = format!(
                    "there is no `{}` in `metadata.kustolint`: there is `{IGNORE}`",
                    member.name
                );
                found.extend(reader.flawed(member.name_span, what));
            }
        }
        self.facts.suppressions.extend(found);
    }
}

/// Reads the entries of one object's metadata.
struct Entries<'t> {
    source: &'t MappedText,
    cover: Cover,
}

impl Entries<'_> {
    fn ignore(&self, value: &Node, found: &mut Vec<Suppression>) {
        match &value.kind {
            Kind::Object(members) => {
                for member in members {
                    found.extend(self.member(member));
                }
            }
            Kind::Array(elements) => {
                for element in elements {
                    found.extend(self.entry(element));
                }
            }
            _ => found.extend(self.flawed(value.span, FORMS.to_owned())),
        }
    }

    /// `"rule": "reason"`.
    fn member(&self, member: &Member) -> Option<Suppression> {
        let mut entry = self.empty(member.name_span.cover(member.value.span))?;
        entry.rules.push(self.mention(&member.name, member.name_span)?);
        match member.value.string(self.source) {
            Some(reason) => entry.reason = reason.as_str().trim().to_owned(),
            None => self.flaw(&mut entry, member.value.span, "the reason is to be a string".to_owned()),
        }
        Some(entry)
    }

    /// `{"rule": "…", "reason": "…", "until": "…"}`.
    fn entry(&self, node: &Node) -> Option<Suppression> {
        let mut entry = self.empty(node.span)?;
        if !matches!(node.kind, Kind::Object(_)) {
            self.flaw(&mut entry, node.span, FORMS.to_owned());
            return Some(entry);
        }
        for member in node.members() {
            let text = member.value.string(self.source);
            match (member.name.to_ascii_lowercase().as_str(), text) {
                ("rule", Some(name)) => entry.rules.extend(self.mention(name.as_str(), member.value.span)),
                ("rules", _) if !member.value.elements().is_empty() => self.rules(&member.value, &mut entry),
                ("reason", Some(reason)) => entry.reason = reason.as_str().trim().to_owned(),
                ("until", Some(day)) => {
                    entry.until = Date::parse(day.as_str().trim());
                    if entry.until.is_none() {
                        let what = "`until` is no day such as `2027-03-31`";
                        self.flaw(&mut entry, member.value.span, what.to_owned());
                    }
                }
                (known, _) if KEYS.contains(&known) => {
                    let what = format!("`{known}` is to be {}", wanted(known));
                    self.flaw(&mut entry, member.value.span, what);
                }
                (other, _) => {
                    let meant = nearest(other, KEYS).map_or_else(
                        || "there are `rule`, `rules`, `reason` and `until`".to_owned(),
                        |meant| format!("did you mean `{meant}`?"),
                    );
                    let what = format!("an entry of `ignore` has no `{}`; {meant}", member.name);
                    self.flaw(&mut entry, member.name_span, what);
                }
            }
        }
        if entry.rules.is_empty() && entry.flaws.is_empty() {
            self.flaw(&mut entry, node.span, "it names no rule".to_owned());
        }
        Some(entry)
    }

    fn rules(&self, list: &Node, entry: &mut Suppression) {
        for element in list.elements() {
            match element.string(self.source) {
                Some(name) => entry.rules.extend(self.mention(name.as_str(), element.span)),
                None => self.flaw(entry, element.span, format!("`rules` is to be {}", wanted("rules"))),
            }
        }
    }

    fn mention(&self, name: &str, span: Span) -> Option<RuleMention> {
        Some(RuleMention {
            name: name.trim().to_owned(),
            at: self.source.source(span)?,
            part: None,
        })
    }

    fn flaw(&self, entry: &mut Suppression, span: Span, what: String) {
        let at = self.source.source(span).unwrap_or(entry.at);
        entry.flaws.push(SuppressionFlaw { at, what });
    }

    fn flawed(&self, span: Span, what: String) -> Option<Suppression> {
        let mut entry = self.empty(span)?;
        self.flaw(&mut entry, span, what);
        Some(entry)
    }

    fn empty(&self, span: Span) -> Option<Suppression> {
        Some(Suppression {
            written: Written::Metadata,
            at: self.source.source(span)?,
            rules: Vec::new(),
            until: None,
            reason: String::new(),
            covers: vec![self.cover.clone()],
            flaws: Vec::new(),
            whole: None,
        })
    }
}

fn wanted(key: &str) -> &'static str {
    match key {
        "rules" => "a list of names of rules",
        _ => "a string",
    }
}
