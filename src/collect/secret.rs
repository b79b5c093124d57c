//! Secrets: where they stand in a file, in the strings of a script, and in what a template puts together.

use super::Collector;
use super::kql::Reader;
use super::text::name_of;
use crate::arm::value::{Node, Value};
use crate::facts::{Case, Facts, SecretFound, SecretLiteral, Unit};
use crate::syntax::connection::{Hidden, Secret, find_secrets, may_name_secret};
use crate::syntax::kql::{self, LiteralPart, Style};
use crate::text::{FileId, FileSpan, MappedText, SourceFile, Span};

/// Pieces of one secret that are told.
const MOST_PIECES: usize = 8;

/// How deep a value is looked through.
const DEPTH: usize = 64;

/// Adds the secrets that stand in the text of a file.
pub fn secrets_of_file((file, source): (FileId, &SourceFile), secrets: &[Secret], facts: &mut Facts) {
    for secret in secrets.iter().filter(|secret| secret.certain) {
        let name = name_of(source.text(), secret.span);
        let at = FileSpan::new(file, secret.span);
        facts.named_secrets.extend(name.map(|name| Unit { at, name }));
        facts.secrets.push(SecretFound {
            at: FileSpan::new(file, secret.span),
            pieces: Vec::new(),
            used_at: None,
            kind: secret.kind,
            literals: Vec::new(),
            case: Case::of(file),
        });
    }
}

/// Adds the texts of the secrets that a value puts together, those that the name of their member tells among them.
pub fn hide_secrets(node: &Node, hidden: &mut Hidden) {
    hide_named(node, hidden);
    each_text(node, &mut |text, _| {
        for secret in &find_secrets(text.as_str()) {
            if !text.has_hole_in(secret.span) {
                hidden.learn(secret, text.as_str());
            }
        }
    });
}

/// Adds the texts of the members of a value whose names say that they are secrets: what an expression made of one may
/// stand in another member as well, without such a name.
fn hide_named(node: &Node, hidden: &mut Hidden) {
    let mut open = vec![(node, None, 0)];
    while let Some((node, name, depth)) = open.pop() {
        if depth > DEPTH {
            continue;
        }
        let inner = depth + 1;
        match (&node.value, name) {
            (Value::String(text), Some(name)) => hide_value(name, text, hidden),
            (Value::Array(elements), name) => open.extend(elements.iter().map(|element| (element, name, inner))),
            (Value::OneOf(alternatives), name) => open.extend(alternatives.iter().map(|one| (&one.node, name, inner))),
            (Value::Object(object), _) => open.extend(object.members().iter().map(|member| {
                let name = Some(member.name.as_str()).filter(|name| may_name_secret(name));
                (&member.node, name, inner)
            })),
            _ => {}
        }
    }
}

/// Adds a text as far as its name says that it is a secret.
fn hide_value(name: &str, text: &MappedText, hidden: &mut Hidden) {
    if text.has_hole_in(Span::new(0, text.len())) {
        return;
    }
    let pair = format!("\"{name}\": \"{}\"", text.as_str());
    for secret in &find_secrets(&pair) {
        hidden.learn(secret, &pair);
    }
}

/// Gives every text in a value to `read`, with the place where it is used.
fn each_text(node: &Node, read: &mut dyn FnMut(&MappedText, FileSpan)) {
    let mut open = vec![(node, 0)];
    while let Some((node, depth)) = open.pop() {
        if depth > DEPTH {
            continue;
        }
        let inner = depth + 1;
        match &node.value {
            Value::String(text) => read(text, node.site),
            Value::Array(elements) => open.extend(elements.iter().map(|element| (element, inner))),
            Value::Object(object) => {
                for member in object.members() {
                    read(&member.name, node.site);
                    open.push((&member.node, inner));
                }
            }
            Value::OneOf(alternatives) => open.extend(alternatives.iter().map(|one| (&one.node, inner))),
            _ => {}
        }
    }
}

impl Collector<'_> {
    /// The secrets in the texts of a value that are put together.
    pub(super) fn secrets_of_value(&mut self, node: &Node) {
        hide_named(node, &mut self.facts.hidden);
        each_text(node, &mut |text, site| self.secrets_of_text(text, site));
    }

    /// The secrets in a string of a JSON document, if it is not written as it is read.
    pub(super) fn secrets_of_json(&mut self, text: &MappedText) {
        if let Some(site) = text.whole_source() {
            self.secrets_of_text(text, site);
        }
    }

    /// The secrets in a text that was put together or decoded; what stands in a file as it is is found there.
    fn secrets_of_text(&mut self, text: &MappedText, site: FileSpan) {
        let mut pieces = text.pieces();
        let is_copied = pieces
            .next()
            .is_none_or(|piece| self.sources.text(piece) == text.as_str());
        if pieces.next().is_some() || !is_copied {
            let before = self.facts.secrets.len();
            self.add_secrets(text, |_, _| Vec::new());
            for secret in self.facts.secrets.iter_mut().skip(before) {
                secret.used_at = Some(site);
            }
        }
    }

    /// Adds the secrets in a text; `literals` tells which string literals hold the bytes of one, or its pieces.
    fn add_secrets(&mut self, text: &MappedText, literals: impl Fn(Span, &[FileSpan]) -> Vec<SecretLiteral>) {
        for secret in find_secrets(text.as_str()) {
            if text.has_hole_in(secret.span) {
                continue;
            }
            let own = text.part(secret.span);
            self.facts.hidden.learn(&secret, text.as_str());
            let pieces = pieces(&own);
            let Some((first, others)) = pieces.split_first().filter(|_| secret.certain) else {
                continue;
            };
            self.facts.secrets.push(SecretFound {
                at: *first,
                pieces: others.iter().take(MOST_PIECES).copied().collect(),
                used_at: None,
                kind: secret.kind,
                literals: literals(secret.span, &pieces),
                case: self.case,
            });
        }
    }
}

impl Reader<'_, '_> {
    /// The secrets in a script: as it is written, in strings that are joined, and in those that `strcat` makes.
    pub(super) fn secrets(&mut self, script: &kql::Script) {
        let text = self.script.text;
        let parts: Vec<(Span, SecretLiteral)> = script
            .blocks
            .iter()
            .flat_map(|block| &block.literals)
            .map(|part| (part.span, self.literal(part)))
            .collect();
        let overlapping = |span: Span, _: &[FileSpan]| {
            let first = parts.partition_point(|(part, _)| part.end <= span.start);
            let held = parts.iter().skip(first).take_while(|(part, _)| part.start < span.end);
            held.map(|(_, literal)| literal.clone()).collect()
        };
        self.collector.add_secrets(text, overlapping);
        for block in &script.blocks {
            for parts in block.literals.chunk_by(|_, part| part.joined) {
                self.secrets_of_parts(parts);
            }
            for literal in &block.assembled {
                let parts: Vec<SecretLiteral> = literal.parts.iter().map(|part| self.literal(part)).collect();
                let held = |_: Span, pieces: &[FileSpan]| {
                    let holds = |part: &&SecretLiteral| pieces.iter().any(|piece| part.at.holds(*piece));
                    parts.iter().filter(holds).cloned().collect()
                };
                self.collector.add_secrets(&literal.value, held);
            }
        }
    }

    /// The secrets in a string of several tokens, or of one in which characters are escaped.
    fn secrets_of_parts(&mut self, parts: &[LiteralPart]) {
        let mut whole = MappedText::default();
        let mut held: Vec<(Span, SecretLiteral)> = Vec::with_capacity(parts.len());
        for part in parts {
            let start = whole.len();
            whole.push(&part.value);
            held.push((Span::new(start, whole.len()), self.literal(part)));
        }
        if whole.pieces().nth(1).is_none() {
            return;
        }
        self.collector.add_secrets(&whole, |span, _| {
            let overlaps = |(part, _): &&(Span, SecretLiteral)| part.start < span.end && span.start < part.end;
            held.iter()
                .filter(overlaps)
                .map(|(_, literal)| literal.clone())
                .collect()
        });
    }

    fn literal(&self, part: &LiteralPart) -> SecretLiteral {
        SecretLiteral {
            at: self.place(part.span),
            start: self.script.text.editable(Span::at(part.span.start)),
            obfuscated: part.obfuscated,
            multiline: part.style == Style::Multiline,
        }
    }
}

/// Where the pieces of a text stand; those that follow one another are one.
fn pieces(text: &MappedText) -> Vec<FileSpan> {
    let mut joined: Vec<FileSpan> = Vec::new();
    for piece in text.pieces() {
        match joined.last_mut() {
            Some(last) if last.file == piece.file && last.span.end == piece.span.start => {
                last.span = last.span.cover(piece.span);
            }
            Some(last) if *last == piece => {}
            _ => joined.push(piece),
        }
    }
    joined
}
