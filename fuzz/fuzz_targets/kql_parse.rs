//! Any text is read without a panic, and whatever is told of it lies inside it.
#![no_main]

use kustolint::syntax::kql;
use kustolint::text::{FileId, MappedText, Span};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let inside = |span: Span| assert!(text.get(span.range()).is_some(), "{span:?} is not inside");
    let parsed = kql::parse(&MappedText::of_file(FileId::default(), text));
    parsed.errors.iter().for_each(|error| inside(error.span));
    for block in &parsed.tree.blocks {
        inside(block.span);
        block.literals.iter().for_each(|part| inside(part.span));
    }
    for command in parsed.tree.commands() {
        inside(command.span);
        inside(command.verb);
    }
    for used in parsed.tree.operators() {
        inside(used.span);
        used.strings.iter().for_each(|string| inside(string.span));
    }
    parsed
        .tree
        .directives
        .iter()
        .for_each(|directive| inside(directive.span));
    for ignore in &parsed.tree.ignores {
        inside(ignore.span);
        ignore.rules.iter().for_each(|(_, span)| inside(*span));
    }
});
