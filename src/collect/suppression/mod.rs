//! What authors ask this program to be silent about: comments in any language, and `metadata` of JSON.

mod metadata;
mod placement;
mod stray;

pub use metadata::collect_metadata;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Collector;
use super::kql::Reader;
use crate::facts::{Cover, RuleMention, Suppression, SuppressionFlaw, Written};
use crate::syntax::host::{self, Host, Language};
use crate::syntax::suppression::{Directive, FlawKind, directives, may_hold};
use crate::syntax::{json, kql, remark};
use crate::text::{FileSpan, MappedText, Span};
use placement::{Grammar, Placement, Things};

/// Pieces of one text that a suppression covers; those of a text that is put together of more are left out.
const MOST_PIECES: usize = 256;

/// Adds the comments of a JSON document that speak to this program.
pub fn collect_json_comments(collector: &mut Collector<'_>, tree: &json::Node) {
    let text = collector.source;
    if may_hold(text.as_str()) {
        let comments = json::comments(text.as_str());
        collector.comments(text, &comments, Grammar::Json, || things_of(tree).into());
        collector.strays_of_json(tree);
    }
}

/// Adds the comments of a file of another language that speak to this program.
pub fn collect_text_comments(collector: &mut Collector<'_>, host: Option<Host>) {
    let text = collector.source;
    if !may_hold(text.as_str()) {
        return;
    }
    let path = collector.sources.path(collector.case.file);
    let comments = remark::comments(text, path.rsplit('/').next().unwrap_or(path));
    match host {
        Some(host) => collector.host_comments(text, &comments, host),
        None => collector.comments(text, &comments, Grammar::Host(None), Things::default),
    }
    match host {
        Some(Host::Yaml) => collector.strays(text, &comments, stray::ELSEWHERE),
        // A notebook.
        Some(Host::Json) => collector.strays_of_json(&json::parse(text, json::Dialect::Template).tree),
        _ => {}
    }
}

/// The members and elements of a document, and the document itself. The parser bounds the depth.
fn things_of(tree: &json::Node) -> Vec<Span> {
    fn add(node: &json::Node, things: &mut Vec<Span>) {
        for element in node.elements() {
            things.push(element.span);
            add(element, things);
        }
        for member in node.members() {
            things.push(member.name_span.cover(member.value.span));
            add(&member.value, things);
        }
    }
    let mut things = vec![tree.span];
    add(tree, &mut things);
    things
}

impl Reader<'_, '_> {
    /// Adds the comments of a script that speak to this program.
    pub(super) fn suppressions(&mut self, tree: &kql::Script) {
        let text = self.script.text;
        if !may_hold(text.as_str()) {
            return;
        }
        self.collector.comments(text, &tree.comments, Grammar::Kql, || {
            let blocks = tree.blocks.iter().map(|block| block.span);
            let commands = tree.commands().map(|command| command.span);
            blocks.chain(commands).collect::<Vec<_>>().into()
        });
        // What stands in a string is for who reads the string.
        let literals = tree.blocks.iter().flat_map(|block| &block.literals);
        let mut passed_over: Vec<Span> = literals.map(|literal| literal.span).collect();
        passed_over.extend(&tree.comments);
        passed_over.sort_unstable();
        self.collector.strays(text, &passed_over, stray::KQL);
    }
}

impl Collector<'_> {
    /// Adds the comments of a text that is written in the language `host`.
    fn host_comments(&mut self, text: &MappedText, comments: &[Span], host: Host) {
        let grammar = match host {
            Host::Shell | Host::Yaml => Grammar::Host(Some('\\')),
            Host::PowerShell => Grammar::Host(Some('`')),
            _ => Grammar::Host(None),
        };
        self.comments(text, comments, grammar, || {
            let scripts = host::scripts(text, host).into_iter();
            let parts = scripts.filter(|script| script.span.len() < text.len() && script.language != Language::Kql);
            let fragments = host::fragments(text, host).into_iter();
            Things {
                things: fragments.map(|fragment| fragment.span).collect(),
                scripts: parts.map(|script| script.span).collect(),
            }
        });
    }

    /// Adds the comments of a script that a template carries in a string.
    pub(super) fn carried_comments(&mut self, text: &MappedText, host: Host) {
        if may_hold(text.as_str()) {
            self.host_comments(text, &host::comments(text, host), host);
        }
    }

    /// Adds the directives among the comments of a text. `things` are the parts of the text that are covered as wholes.
    fn comments(&mut self, text: &MappedText, comments: &[Span], grammar: Grammar, things: impl FnOnce() -> Things) {
        let found: Vec<(usize, Vec<Directive>)> = comments
            .iter()
            .enumerate()
            .map(|(index, comment)| (index, directives(text.as_str(), *comment)))
            .filter(|(_, found)| !found.is_empty())
            .collect();
        if found.is_empty() {
            return;
        }
        let placement = Placement::new(text.as_str(), comments, grammar, things());
        let mut covers = Covers {
            text,
            known: BTreeMap::new(),
        };
        for (index, directives) in found {
            let place = placement.of(index);
            let covered: Vec<Cover> = place
                .tiers
                .iter()
                .map(|tier| Cover(tier.iter().map(|span| covers.of(*span)).collect()))
                .collect();
            for directive in directives {
                let read = suppression(text, &directive, place.whole, covered.clone());
                self.facts.suppressions.extend(read);
            }
        }
    }
}

/// The places in files that spans of a text came from, each looked up once.
struct Covers<'t> {
    text: &'t MappedText,
    known: BTreeMap<Span, Arc<[FileSpan]>>,
}

impl Covers<'_> {
    fn of(&mut self, span: Span) -> Arc<[FileSpan]> {
        let known = self.known.entry(span);
        Arc::clone(known.or_insert_with(|| pieces(&self.text.part(span)).into()))
    }
}

/// Where a text came from, in as few pieces as tell it.
fn pieces(text: &MappedText) -> Vec<FileSpan> {
    let mut all: Vec<FileSpan> = Vec::new();
    for piece in text.pieces() {
        let is_full = all.len() == MOST_PIECES;
        match all.last_mut() {
            Some(last) if last.file == piece.file && last.span.end == piece.span.start => {
                last.span.end = piece.span.end;
            }
            Some(last) if last.holds(piece) => {}
            _ if is_full => break,
            _ => all.push(piece),
        }
    }
    all
}

/// The fact that a directive is. `whole` is the characters that go when it does.
fn suppression(text: &MappedText, directive: &Directive, whole: Span, covers: Vec<Cover>) -> Option<Suppression> {
    let at = text.source(directive.span)?;
    let place = |span| text.source(span).unwrap_or(at);
    let flaws = directive.flaws.iter().map(|flaw| SuppressionFlaw {
        at: place(flaw.span),
        what: told(flaw.kind).to_owned(),
    });
    let names = &directive.rules;
    let rules = names.iter().enumerate().map(|(index, (name, span))| {
        let before = index.checked_sub(1).and_then(|before| names.get(before));
        let part = match (before, names.get(index + 1)) {
            (Some((_, before)), _) => Some(Span::new(before.end, span.end)),
            (None, Some((_, after))) => Some(Span::new(span.start, after.start)),
            (None, None) => None,
        };
        RuleMention {
            name: name.clone(),
            at: place(*span),
            part: part.and_then(|part| text.editable(part)),
        }
    });
    Some(Suppression {
        written: Written::Comment,
        at,
        rules: rules.collect(),
        until: directive.until,
        reason: directive.reason.clone(),
        covers,
        flaws: flaws.collect(),
        whole: directive.alone.then(|| text.editable(whole)).flatten(),
    })
}

fn told(kind: FlawKind) -> &'static str {
    match kind {
        FlawKind::Form => "it is not written `kustolint: ignore[rule] reason`",
        FlawKind::Open => "the bracket after `ignore` is not closed on its line",
        FlawKind::NoRule => "a name of a rule is missing between the brackets",
        FlawKind::NoDay => "after `until` stands no day such as `2027-03-31`",
    }
}
