//! How text from input is made fit for a terminal and for the log of a build.
//!
//! Whatever comes from a file, a file's name or an argument passes through [`one_line`] or [`lines`]
//! before it is shown to people, and through [`breaks_out`] before it is written as JSON. Nothing is
//! removed: a character that a terminal or an agent would act upon is shown as `\u{…}`.
//!
//! What is not let through:
//! - control characters (C0 without tab, DEL, C1): a terminal obeys them;
//! - bidirectional controls, zero-width characters and line separators: what is shown would not be
//!   what stands there;
//! - `##[` and `##vso[`, which agents obey anywhere in a line: the second `#` is escaped;
//! - `::` at the start of a line, which agents obey as well: its second `:` is escaped.

use std::borrow::Cow;

/// The text on one line: line breaks are escaped like every other control character.
#[must_use]
pub fn one_line(text: &str) -> Cow<'_, str> {
    escaped(text, false)
}

/// The text with its line feeds (and CRLF as line feed); each line is fit to be shown.
#[must_use]
pub fn lines(text: &str) -> Cow<'_, str> {
    escaped(text, true)
}

/// The escape of one character, as Rust writes it.
#[must_use]
pub fn visible(character: char) -> String {
    format!("\\u{{{:x}}}", u32::from(character))
}

fn escaped(text: &str, keep_lines: bool) -> Cow<'_, str> {
    let mut line = LineStart::default();
    let mut out: Option<String> = None;
    for (at, character) in text.char_indices() {
        let command = line.completes_command(character);
        let feed = keep_lines && (character == '\n' || text.get(at..).is_some_and(|rest| rest.starts_with("\r\n")));
        if feed && character == '\n' || !feed && !command && !breaks_out(text, at, character) {
            if let Some(out) = &mut out {
                out.push(character);
            }
            continue;
        }
        let out = out.get_or_insert_with(|| text.get(..at).unwrap_or("").to_owned());
        if !feed {
            out.push_str(&visible(character));
        }
    }
    out.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Looks out for `::` at the start of a line.
#[derive(Default)]
struct LineStart {
    /// Whether something else than white space and colons stands in the line so far.
    text: bool,
    /// Whether a colon does.
    colon: bool,
}

impl LineStart {
    /// Takes the next character; whether it is a colon that follows on another one at the line's start.
    fn completes_command(&mut self, character: char) -> bool {
        match character {
            '\n' | '\r' => *self = Self::default(),
            ':' => return !self.text && std::mem::replace(&mut self.colon, true),
            _ => self.text |= self.colon || !character.is_whitespace(),
        }
        false
    }
}

/// Whether the character at the offset `at` of `text` would be obeyed instead of shown, wherever it
/// stands in a line.
#[must_use]
pub fn breaks_out(text: &str, at: usize, character: char) -> bool {
    match character {
        '\t' => false,
        '#' => {
            let rest = text.get(at + 1..).unwrap_or("");
            let before = text.get(..at).unwrap_or("");
            before.ends_with('#') && (rest.starts_with('[') || starts_with_vso(rest))
        }
        _ => character.is_control() || is_invisible(character),
    }
}

fn starts_with_vso(rest: &str) -> bool {
    rest.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("vso["))
}

/// Characters that reorder, hide or break what a terminal shows.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{AD}' | '\u{61C}' | '\u{180E}'
        | '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_text_is_borrowed() {
        for text in ["", "a `b` c: d::e", "# heading ## v2", "naïve 😀\tx"] {
            assert!(matches!(one_line(text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn terminals_are_told_nothing() {
        assert_eq!(one_line("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(one_line("a\nb\rc\u{7f}\u{9b}"), "a\\u{a}b\\u{d}c\\u{7f}\\u{9b}");
        assert_eq!(
            one_line("ab\u{202e}cd\u{2066}\u{200b}\u{feff}"),
            "ab\\u{202e}cd\\u{2066}\\u{200b}\\u{feff}"
        );
        assert_eq!(lines("a\r\nb\n\rc"), "a\nb\n\\u{d}c");
    }

    #[test]
    fn agents_are_told_nothing() {
        assert_eq!(one_line("::error::x"), ":\\u{3a}error::x");
        assert_eq!(one_line(" \t::stop-commands::x"), " \t:\\u{3a}stop-commands::x");
        assert_eq!(one_line(":::error"), ":\\u{3a}\\u{3a}error");
        assert_eq!(lines("a\n  ::warning::b"), "a\n  :\\u{3a}warning::b");
        assert_eq!(one_line("a ##[set-env name=X]"), "a #\\u{23}[set-env name=X]");
        assert_eq!(one_line("###[group]"), "##\\u{23}[group]");
        assert_eq!(one_line("x##vso[task.complete]"), "x#\\u{23}vso[task.complete]");
        assert_eq!(one_line("##VSO[task]"), "#\\u{23}VSO[task]");
    }

    /// What the agents of GitHub and Azure DevOps take for a command.
    fn obeyed(log: &str) -> bool {
        log.split(['\n', '\r']).any(|line| {
            let lower = line.to_lowercase();
            line.trim().starts_with("::") || lower.contains("##[") || lower.contains("##vso[")
        })
    }

    proptest! {
        #[test]
        fn no_text_is_obeyed(text in "[#:\\[vVsSoO \t\r\n\u{85}\u{2028}\u{200b}a]{0,24}") {
            prop_assert!(!obeyed(&one_line(&text)), "{}", one_line(&text));
            prop_assert!(!obeyed(&lines(&text)), "{}", lines(&text));
            prop_assert!(!one_line(&text).contains(['\n', '\r']));
        }

        #[test]
        fn no_control_character_is_left(text in any::<String>()) {
            prop_assert!(one_line(&text).chars().all(|c| c == '\t' || !c.is_control()));
        }
    }
}
