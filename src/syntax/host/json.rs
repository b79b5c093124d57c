//! JSON: every string value, lists of lines, and the cells of notebooks.

use super::python;
use super::scan::{Scan, Scanned};
use crate::syntax::json::{Dialect, Kind, Node, parse};
use crate::syntax::kql;
use crate::text::{MappedText, Span};

/// The commands in JSON that stands in so many strings of JSON or other languages.
pub(super) fn scan(text: &MappedText, depth: usize) -> Scanned {
    let parsed = parse(text, Dialect::Template);
    let mut scan = Scan::of_json(text, depth);
    let cells = parsed
        .tree
        .get("cells")
        .filter(|_| parsed.tree.get("nbformat").is_some());
    match cells {
        Some(cells) => cells.elements().iter().for_each(|node| cell(&mut scan, node)),
        None => value(&mut scan, &parsed.tree),
    }
    scan.finish()
}

/// All values in a tree, whose depth its parser bounds.
fn value(scan: &mut Scan<'_>, node: &Node) {
    match &node.kind {
        Kind::String => keep(scan, node.string(scan.source).unwrap_or_default(), node.span),
        Kind::Array(elements) => match lines(scan.source, elements) {
            Some(text) => keep(scan, text, node.span),
            None => elements.iter().for_each(|element| value(scan, element)),
        },
        Kind::Object(members) => members.iter().for_each(|member| value(scan, &member.value)),
        _ => {}
    }
}

/// The text of a list of strings that each, but for the last, end with a line end.
fn lines(source: &MappedText, elements: &[Node]) -> Option<MappedText> {
    let mut text = MappedText::default();
    for (index, element) in elements.iter().enumerate() {
        let line = element.string(source)?;
        if index + 1 < elements.len() && !line.as_str().ends_with('\n') {
            return None;
        }
        text.push(&line);
    }
    (elements.len() > 1).then_some(text)
}

fn keep(scan: &mut Scan<'_>, text: MappedText, span: Span) {
    let mut draft = scan.draft(span.range().start);
    draft.text = text;
    scan.keep(draft, span.range().end);
}

/// A code cell of a notebook: KQL by itself or after a magic word, otherwise a program.
fn cell(scan: &mut Scan<'_>, node: &Node) {
    let source = scan.source;
    let is_code = node
        .get("cell_type")
        .and_then(|kind| kind.string(source))
        .is_some_and(|kind| kind.as_str() == "code");
    let Some(content) = node.get("source").filter(|_| is_code) else {
        return;
    };
    let text = content
        .string(source)
        .or_else(|| lines(source, content.elements()))
        .or_else(|| content.elements().first()?.string(source));
    let Some(text) = text else { return };
    let mut from = 0;
    for line in text.as_str().split_inclusive('\n') {
        if !line.trim_start().starts_with('%') {
            break;
        }
        let command = line.find(char::is_whitespace).filter(|at| {
            let after = line.get(*at..).unwrap_or_default();
            kql::starts_with_command(after)
        });
        if let Some(at) = command {
            from += at;
            break;
        }
        from += line.len();
    }
    let code = text.part(Span::of(from, text.as_str().len()));
    if kql::starts_with_command(code.as_str()) {
        keep(scan, code, content.span);
    } else {
        let mut found = python::scan(&text);
        found.comments.clear();
        scan.take(found, &text, content.span);
    }
}
