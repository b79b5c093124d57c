//! The one writer before every output. What it writes is either the program's own text, which is part of the program,
//! or text of an input, which it makes harmless for whoever reads the output. There is no third way in.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, Serializer};

use super::escape;

/// Who reads a piece of text, and so which characters of it would be obeyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    /// A person at a terminal, or in a log: one line.
    Line,
    /// The message of a workflow command of GitHub.
    GithubMessage,
    /// The value of a property of such a command.
    GithubProperty,
    /// The message of a logging command of Azure Pipelines.
    AzureMessage,
    /// The value of a property of such a command.
    AzureProperty,
    /// Text or the value of an attribute in double quotes, in XML 1.0 and in HTML.
    Markup,
    /// Text of an element of HTML that stands in Markdown.
    Markdown,
}

/// Writes one output.
pub struct Sink<'w> {
    out: &'w mut dyn Write,
}

impl<'w> Sink<'w> {
    /// Writes to `out`.
    pub fn new(out: &'w mut dyn Write) -> Self {
        Self { out }
    }

    /// Writes the program's own text as it is.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn ours(&mut self, text: &'static str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())
    }

    /// Writes a number.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn number(&mut self, number: usize) -> io::Result<()> {
        write!(self.out, "{number}")
    }

    /// Writes text of an input, so that a reader of that grammar takes it for nothing but text. Control characters,
    /// those that reorder or hide text, and the marks of commands in logs show as `\u{…}` in all of them.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn text(&mut self, grammar: Grammar, text: &str) -> io::Result<()> {
        let text = escape::one_line(text);
        let mut from = 0;
        for (at, character) in text.char_indices() {
            let Some(escaped) = grammar.escaped(character) else {
                continue;
            };
            self.out.write_all(text.get(from..at).unwrap_or_default().as_bytes())?;
            self.out.write_all(escaped.as_bytes())?;
            from = at + character.len_utf8();
        }
        self.out.write_all(text.get(from..).unwrap_or_default().as_bytes())
    }

    /// Writes a value as JSON on one line, without a line feed. Characters that would be obeyed are written as `\uXXXX`,
    /// which stands for the same text.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        let mut serializer = Serializer::with_formatter(&mut self.out, Quiet(CompactFormatter));
        value.serialize(&mut serializer).map_err(io::Error::from)
    }
}

impl Grammar {
    /// What stands for a character that means something else than itself; `None` for others. Control characters are
    /// gone before.
    fn escaped(self, character: char) -> Option<&'static str> {
        match (self, character) {
            (Self::Markdown, character) => markdown(character).or_else(|| markup(character)),
            (Self::GithubMessage | Self::GithubProperty, '%') => Some("%25"),
            (Self::GithubProperty, ':') => Some("%3A"),
            (Self::GithubProperty, ',') => Some("%2C"),
            (Self::AzureMessage | Self::AzureProperty, '%') => Some("%AZP25"),
            (Self::AzureProperty, ';') => Some("%3B"),
            (Self::AzureProperty, ']') => Some("%5D"),
            (Self::Markup, character) => markup(character),
            _ => None,
        }
    }
}

fn markup(character: char) -> Option<&'static str> {
    match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&#39;"),
        // XML 1.0 has no such characters.
        '\u{FFFE}' | '\u{FFFF}' => Some("\u{FFFD}"),
        _ => None,
    }
}

/// What Markdown, and what forges add to it (mentions, references, emoji, formulas), could take for more than text. A
/// reference to a character never stands for structure (CommonMark 0.31.2, section 2.5).
fn markdown(character: char) -> Option<&'static str> {
    Some(match character {
        '\t' => "&#9;",
        '!' => "&#33;",
        '#' => "&#35;",
        '$' => "&#36;",
        '(' => "&#40;",
        ')' => "&#41;",
        '*' => "&#42;",
        '+' => "&#43;",
        ':' => "&#58;",
        '=' => "&#61;",
        '@' => "&#64;",
        '[' => "&#91;",
        '\\' => "&#92;",
        ']' => "&#93;",
        '^' => "&#94;",
        '_' => "&#95;",
        '`' => "&#96;",
        '{' => "&#123;",
        '|' => "&#124;",
        '}' => "&#125;",
        '~' => "&#126;",
        _ => return None,
    })
}

/// Compact JSON without characters that are obeyed instead of shown.
struct Quiet(CompactFormatter);

impl Formatter for Quiet {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut from = 0;
        for (at, character) in fragment.char_indices() {
            if escape::breaks_out(fragment, at, character) {
                writer.write_all(fragment.get(from..at).unwrap_or("").as_bytes())?;
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
                from = at + character.len_utf8();
            }
        }
        writer.write_all(fragment.get(from..).unwrap_or("").as_bytes())
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        self.0.write_char_escape(writer, escape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Sink<'_>) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut Sink::new(&mut out)).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn text_is_nothing_but_text_in_every_grammar() {
        let hostile = "::a,b;c]%<i>\"&'\n##vso[x]";
        let of = |grammar| written(|sink| sink.text(grammar, hostile));
        assert_eq!(of(Grammar::Line), ":\\u{3a}a,b;c]%<i>\"&'\\u{a}#\\u{23}vso[x]");
        assert_eq!(
            of(Grammar::GithubProperty),
            "%3A\\u{3a}a%2Cb;c]%25<i>\"&'\\u{a}#\\u{23}vso[x]"
        );
        assert_eq!(
            of(Grammar::GithubMessage),
            ":\\u{3a}a,b;c]%25<i>\"&'\\u{a}#\\u{23}vso[x]"
        );
        assert_eq!(
            of(Grammar::AzureProperty),
            ":\\u{3a}a,b%3Bc%5D%AZP25<i>\"&'\\u{a}#\\u{23}vso[x%5D"
        );
        assert_eq!(
            of(Grammar::Markup),
            ":\\u{3a}a,b;c]%&lt;i&gt;&quot;&amp;&#39;\\u{a}#\\u{23}vso[x]"
        );
        assert_eq!(
            written(|sink| sink.text(Grammar::Markdown, "@me *a* [x](y) `b` | <i>\u{FFFF}")),
            "&#64;me &#42;a&#42; &#91;x&#93;&#40;y&#41; &#96;b&#96; &#124; &lt;i&gt;\u{FFFD}"
        );
    }

    #[test]
    fn json_comes_back_as_it_was_and_is_never_obeyed() {
        let text = written(|sink| sink.json(&"a\u{7f}\u{202e}\u{e0041}\"\n##vso[x"));
        assert_eq!(text, "\"a\\u007f\\u202e\\udb40\\udc41\\\"\\n#\\u0023vso[x\"");
        let back: String = serde_json::from_str(&text).unwrap();
        assert_eq!(back, "a\u{7f}\u{202e}\u{e0041}\"\n##vso[x");
    }
}
