//! Placeholders that other tools fill in: `<name>`, `{{name}}`, `$(name)`, `$$name$$`, `${name}`, `%%name%%`,
//! `{0}`, `#{name}#`, `#{name}`, `@@name@@`. They are values that are not known; equal texts are equal
//! values.

use std::sync::Arc;

use crate::text::{MappedText, Span, Symbol};

/// Characters that the inside of a placeholder may have; longer ones are text.
const LONGEST: usize = 80;

/// How placeholders start and end. Of several that fit the first is taken.
const FORMS: &[(&str, &str)] = &[
    ("#{", "}#"),
    ("#{", "}"),
    ("{{", "}}"),
    ("${", "}"),
    ("$(", ")"),
    ("$$", "$$"),
    ("%%", "%%"),
    ("@@", "@@"),
    ("{", "}"),
    ("<", ">"),
];

/// The text with a hole in place of each placeholder.
#[must_use]
pub fn symbolic(text: &MappedText) -> MappedText {
    let written = text.as_str();
    let mut out = MappedText::default();
    let mut plain = 0;
    let mut at = 0;
    while let Some(found) = written
        .get(at..)
        .and_then(|rest| rest.find(['{', '$', '%', '<', '#', '@']))
    {
        let start = at + found;
        at = start + 1;
        let Some(length) = written.get(start..).and_then(length) else {
            continue;
        };
        let span = Span::of(start, start + length);
        let Some(place) = text.source(span).filter(|_| !text.has_hole_in(span)) else {
            continue;
        };
        out.push_part(text, Span::of(plain, start));
        let symbol = Symbol::Placeholder(span.of_text(written).to_owned());
        out.push(&MappedText::hole(Arc::new(symbol), place));
        plain = start + length;
        at = plain;
    }
    if plain == 0 {
        return text.clone();
    }
    out.push_part(text, Span::of(plain, written.len()));
    out
}

/// Length in bytes of the placeholder at the start of `text`.
#[must_use]
pub(super) fn length(text: &str) -> Option<usize> {
    FORMS.iter().find_map(|(open, close)| {
        let after = text.strip_prefix(open)?;
        let within = after.get(..after.floor_char_boundary(LONGEST + close.len()))?;
        let end = within.find(close)?;
        let inside = within.get(..end)?;
        is_name(inside, *open == "<").then_some(open.len() + end + close.len())
    })
}

/// Whether this can be the name of a value that is filled in. `spoken` ones may be several words.
fn is_name(inside: &str, spoken: bool) -> bool {
    let trimmed = inside.trim();
    let fits = |character: char| {
        character.is_alphanumeric()
            || matches!(character, '_' | '-' | '.' | ':')
            || (spoken && matches!(character, ' ' | '\''))
    };
    !trimmed.is_empty()
        && trimmed.chars().all(fits)
        && (!spoken || inside.starts_with(|first: char| first.is_alphanumeric() || first == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::FileId;

    fn shown(text: &str) -> String {
        symbolic(&MappedText::of_file(FileId(0), text)).display()
    }

    #[test]
    fn every_form_is_a_hole() {
        for form in [
            "<name>",
            "<Your name>",
            "{{x}}",
            "{{ x }}",
            "$(x)",
            "$$x$$",
            "${x}",
            "%%x%%",
            "{0}",
            "{name}",
            "#{name}#",
            "#{name}",
            "@@name@@",
        ] {
            let text = MappedText::of_file(FileId(0), form);
            let hole = symbolic(&text);
            let symbol = hole.sole_hole().unwrap_or_else(|| panic!("{form}"));
            assert_eq!(**symbol, Symbol::Placeholder(form.to_owned()));
            assert_eq!(hole.whole_source(), text.whole_source());
        }
        assert_eq!(shown("a-<b>-{{c}}.d"), "a-{<b>}-{{{c}}}.d");
    }

    #[test]
    fn other_text_is_left_alone() {
        for text in [
            "plain",
            "a < b > c",
            "<>",
            "{}",
            "{ \"a\": 1 }",
            "$$",
            "100%% or 5%%, no",
            "$(",
            "<a;b>",
            "${a",
            "</b>",
            "é{",
            "#connect",
            "#{",
        ] {
            assert_eq!(shown(text), text, "{text}");
        }
        let marks = "{<$%#@".repeat(20_000);
        assert_eq!(shown(&marks), marks);
    }
}
