//! The view of a KQL script: blocks, commands, string literals, errors.

use serde_json::{Value, json};

use super::parts::{self, parts};
use crate::redact::{Redacted, Redactor};
use crate::syntax::connection::{self, MASK};
use crate::syntax::kql::{self, Block, BlockKind, Command, LiteralPart, OperatorUse, Script, Style};
use crate::text::{FileId, MappedText, SourceFile, Span};

/// One object for a file; offsets are bytes on disk. The commands of an `.execute database script` stand
/// as blocks of their own after it. `secrets` are those that stand in the text of the file.
#[must_use]
pub fn view(file: &SourceFile, secrets: &[Span]) -> Redacted<Value> {
    let source = MappedText::of_file(FileId::default(), file.text());
    let script = kql::parse(&source);
    let shown = Shown { file, secrets };
    let blocks: Vec<Value> = script
        .tree
        .blocks
        .iter()
        .flat_map(|block| blocks(shown, block))
        .collect();
    let errors: Vec<Value> = script
        .errors
        .iter()
        .map(|error| {
            let (start, end) = bytes(file, error.span);
            json!({ "start": start, "end": end, "message": error.message })
        })
        .collect();
    redactor(file, &script.tree).redacted(json!({ "path": file.path(), "blocks": blocks, "errors": errors }))
}

/// A file and the secrets that stand in it.
#[derive(Clone, Copy)]
struct Shown<'f> {
    file: &'f SourceFile,
    /// In order and without overlap.
    secrets: &'f [Span],
}

impl Shown<'_> {
    /// Whether a secret stands in a part of the file.
    fn hides(self, part: Span) -> bool {
        let first = self.secrets.partition_point(|secret| secret.end <= part.start);
        self.secrets.get(first).is_some_and(|secret| secret.start < part.end)
    }
}

/// Knows the secrets in a script: as it is written, and in its strings as they are joined.
fn redactor(file: &SourceFile, script: &Script) -> Redactor {
    let mut texts: Vec<String> = Vec::new();
    for block in &script.blocks {
        let joined = block.literals.chunk_by(|_, part| part.joined);
        texts.extend(joined.map(|parts| parts.iter().map(|part| part.value.as_str()).collect()));
        texts.extend(block.assembled.iter().map(|literal| literal.value.as_str().to_owned()));
    }
    let written = std::iter::once(file.text());
    Redactor::of_texts(written.chain(texts.iter().map(String::as_str)))
}

/// A block; a script command and the commands in it each for itself.
fn blocks(file: Shown<'_>, block: &Block) -> Vec<Value> {
    match block.command.as_deref() {
        Some(command) => std::iter::once(command)
            .chain(command.nested())
            .map(|command: &Command| {
                let literals = literals_in(&block.literals, command.span);
                let mut shown = object(file, command.span, block.kind, command.name.as_deref(), literals);
                if let Some(shown) = shown.as_object_mut() {
                    shown.insert("parts".to_owned(), parts(file.file, &command.body));
                }
                with_operators(file.file, shown, &command.operators)
            })
            .collect(),
        None => {
            let shown = object(file, block.span, block.kind, None, &block.literals);
            vec![with_operators(file.file, shown, &block.operators)]
        }
    }
}

/// A block with its uses of operators, if it has any.
fn with_operators(file: &SourceFile, mut shown: Value, operators: &[OperatorUse]) -> Value {
    if let Some(shown) = shown.as_object_mut().filter(|_| !operators.is_empty()) {
        let operators = operators.iter().map(|used| parts::operator(file, used)).collect();
        shown.insert("operators".to_owned(), Value::Array(operators));
    }
    shown
}

/// The literals inside `span`.
fn literals_in(literals: &[LiteralPart], span: Span) -> &[LiteralPart] {
    let from = literals.partition_point(|part| part.span.start < span.start);
    let to = literals.partition_point(|part| part.span.start < span.end);
    literals.get(from..to).unwrap_or_default()
}

fn object(file: Shown<'_>, span: Span, kind: BlockKind, command: Option<&str>, literals: &[LiteralPart]) -> Value {
    let kind = match kind {
        BlockKind::Command => "command",
        BlockKind::Query => "query",
        BlockKind::Directive => "directive",
        BlockKind::Empty => "empty",
        BlockKind::Unknown => "unknown",
    };
    let (start, end) = bytes(file.file, span);
    let strings: Vec<Value> = literals
        .chunk_by(|_, part| part.joined)
        .flat_map(|parts| strings(file, parts))
        .collect();
    json!({ "start": start, "end": end, "kind": kind, "command": command, "strings": strings })
}

/// The tokens of one string. A secret is looked for in the whole of it, and hides the tokens that hold it.
fn strings(file: Shown<'_>, parts: &[LiteralPart]) -> Vec<Value> {
    let whole: String = parts.iter().map(|part| part.value.as_str()).collect();
    let secrets = connection::secrets_in(&whole);
    let mut end = 0;
    parts
        .iter()
        .map(|part| {
            let here = Span::new(end, end + part.value.len());
            end = here.end;
            let hidden = secrets
                .iter()
                .any(|secret| secret.start < here.end && here.start < secret.end)
                || file.hides(part.span);
            string(file.file, part, if hidden { MASK } else { part.value.as_str() })
        })
        .collect()
}

fn string(file: &SourceFile, part: &LiteralPart, value: &str) -> Value {
    let (start, end) = bytes(file, part.span);
    let style = match part.style {
        Style::Double => "double",
        Style::Single => "single",
        Style::Verbatim => "verbatim",
        Style::Multiline => "multiline",
    };
    json!({ "start": start, "end": end, "value": value, "obfuscated": part.obfuscated, "style": style })
}

/// The bytes on disk of a span of the text.
fn bytes(file: &SourceFile, span: Span) -> (u32, u32) {
    let place = file.place(span);
    (place.start.byte, place.end.byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::decode;

    #[test]
    fn offsets_count_the_bytes_on_disk() {
        let script = b"\xEF\xBB\xBF// \xC3\xA9\r\n.execute database script <|\r\n.show tables 'a\r\n";
        let view = view(&SourceFile::new("a.kql", decode(script).unwrap()), &[]);
        let string = json!({"start": 52, "end": 54, "value": "a", "obfuscated": false, "style": "single"});
        let expected = json!({
            "path": "a.kql",
            "blocks": [
                {"start": 10, "end": 37, "kind": "command", "command": "execute database script", "strings": [],
                 "parts": {"kind": "script", "on": "database"}},
                {"start": 39, "end": 54, "kind": "command", "command": "show tables", "strings": [string],
                 "parts": {"kind": "other"}},
            ],
            "errors": [{
                "start": 52,
                "end": 53,
                "message": "expected a closing ' on the line where this string starts",
            }],
        });
        assert_eq!(*view, expected);
    }
}
