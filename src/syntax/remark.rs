//! Comments in files of languages of which nothing else is read: settings, programs, markup.

use crate::text::{MappedText, Span};

use super::host::{self, Host};

/// How a language writes comments and strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Style {
    /// What starts a comment that goes to the end of the line.
    line: &'static [&'static str],
    /// What starts and ends a comment over several lines.
    block: Option<(&'static str, &'static str)>,
    /// The quotes of strings; of those that go on over lines, a backtick.
    quotes: &'static str,
    /// Whether a comment up to the line's end starts only at the line's start or after white space.
    spaced: bool,
}

const SLASHES: Style = Style {
    line: &["//"],
    block: Some(("/*", "*/")),
    quotes: "\"'`",
    spaced: false,
};
const SETTINGS: Style = Style {
    line: &["#"],
    block: None,
    quotes: "\"'",
    spaced: true,
};
const INI: Style = Style {
    line: &["#", ";"],
    ..SETTINGS
};
const REQUESTS: Style = Style {
    line: &["#", "//"],
    ..SETTINGS
};
const SQL: Style = Style {
    line: &["--"],
    quotes: "'",
    ..SLASHES
};
const MARKUP: Style = Style {
    line: &[],
    block: Some(("<!--", "-->")),
    quotes: "",
    spaced: false,
};

/// A quote whose partner is further away has none: a long line is not searched again and again.
const LONGEST: usize = 4096;

/// The styles by the extensions of files.
const EXTENSIONS: &[(&str, Style)] = &[
    ("cfg", INI),
    ("conf", INI),
    ("config", MARKUP),
    ("env", SETTINGS),
    ("fs", SLASHES),
    ("go", SLASHES),
    ("html", MARKUP),
    ("http", REQUESTS),
    ("ini", INI),
    ("java", SLASHES),
    ("js", SLASHES),
    ("properties", SETTINGS),
    ("psd1", SETTINGS),
    ("rest", REQUESTS),
    ("rs", SLASHES),
    ("sql", SQL),
    ("toml", SETTINGS),
    ("ts", SLASHES),
    ("xml", MARKUP),
];

/// The comments in the text of a file that is no KQL and no JSON, in order; none in a language that is not known. `name`
/// is the last part of its path.
#[must_use]
pub fn comments(text: &MappedText, name: &str) -> Vec<Span> {
    if let Some(host) = Host::of_path(name) {
        return host::comments(text, host);
    }
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let is_environment = name == ".env" || name.starts_with(".env.");
    let of_extension = || {
        let known = EXTENSIONS
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(extension));
        known.map(|(_, style)| *style)
    };
    let style = if is_environment { Some(SETTINGS) } else { of_extension() };
    style.map_or_else(Vec::new, |style| style.comments(text.as_str()))
}

impl Style {
    fn comments(self, text: &str) -> Vec<Span> {
        let bytes = text.as_bytes();
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(byte) = bytes.get(at).copied() {
            let rest = text.get(at..).unwrap_or_default();
            let before = at.checked_sub(1).and_then(|before| bytes.get(before));
            let leads = !self.spaced || before.is_none_or(u8::is_ascii_whitespace);
            if let Some((open, close)) = self.block.filter(|(open, _)| rest.starts_with(open)) {
                let inside = rest.as_bytes().get(open.len()..).unwrap_or_default();
                let length = memchr::memmem::find(inside, close.as_bytes());
                let end = length.map_or(text.len(), |length| at + open.len() + length + close.len());
                found.push(Span::of(at, end));
                at = end;
            } else if leads && self.line.iter().any(|mark| rest.starts_with(mark)) {
                let end = line_end(bytes, at);
                found.push(Span::of(at, end));
                at = end;
            } else if self.quotes.as_bytes().contains(&byte) {
                at = after_string(bytes, at, byte);
            } else {
                at += 1;
            }
        }
        found
    }
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    memchr::memchr2(b'\n', b'\r', rest).map_or(bytes.len(), |length| from + length)
}

/// The offset after the string that starts at `at`; of a quote without a partner, after the quote. Only between
/// backticks a string goes on over lines.
fn after_string(bytes: &[u8], at: usize, quote: u8) -> usize {
    let over_lines = quote == b'`';
    let end = if over_lines { bytes.len() } else { at + LONGEST };
    let mut next = at + 1;
    while next < end {
        match bytes.get(next) {
            Some(b'\n' | b'\r') if !over_lines => break,
            Some(b'\\') => next += 2,
            Some(byte) if *byte == quote => return next + 1,
            Some(_) => next += 1,
            None => break,
        }
    }
    if over_lines { bytes.len() } else { at + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::growth::assert_linear;
    use crate::text::FileId;

    fn found<'t>(name: &str, text: &'t str) -> Vec<&'t str> {
        let mapped = MappedText::of_file(FileId(0), text);
        comments(&mapped, name).iter().map(|span| span.of_text(text)).collect()
    }

    #[test]
    fn comments_are_found_in_every_language_and_not_in_strings() {
        for (name, text, expected) in [
            ("a.sh", "# one\nx='# no' y#no # two\n", vec!["# one", "# two"]),
            ("a.ps1", "<# one\n#>\n'# no' # two", vec!["<# one\n#>", "# two"]),
            ("a.py", "a = '# no' # one\n'''\n# no\n'''\n", vec!["# one"]),
            ("a.py", "a = ('x'\n  # one\n  'y')\n", vec!["# one"]),
            (
                "a.yml",
                "a: 'x # no' # one\n# two\nb: |  # three\n  # four\n  run\n",
                vec!["# one", "# two", "# three", "# four"],
            ),
            (
                "a.tf",
                "a = \"# no\" # one\n// two\n/* three */",
                vec!["# one", "// two", "/* three */"],
            ),
            (
                "a.cs",
                "var a = \"// no\" + @\"\"\"// no\"; // one\n/* two\n*/",
                vec!["// one", "/* two\n*/"],
            ),
            (
                "a.bicep",
                "var a = '// no' // one\nvar b = '''\n// no\n'''",
                vec!["// one"],
            ),
            (
                "a.md",
                "`<!-- no -->` <!-- one -->\n```text\n<!-- no -->\n```\n<!-- two\n-->",
                vec!["<!-- one -->", "<!-- two\n-->"],
            ),
            ("a.js", "let a = '// no', b = `\n// no`; // one", vec!["// one"]),
            ("a.config", "<a b=\"x\"/><!-- one -->", vec!["<!-- one -->"]),
            (".env", "# one\nA=\"# no\"#no # two", vec!["# one", "# two"]),
            ("a.ini", "; one\na=b;c", vec!["; one"]),
            ("a.sql", "select '-- no' -- one", vec!["-- one"]),
            ("a.txt", "# no", vec![]),
        ] {
            assert_eq!(found(name, text), expected, "{name}: {text}");
        }
    }

    #[test]
    fn time_grows_no_faster_than_the_text() {
        for (name, piece) in [
            ("a.js", "'"),
            ("a.js", "/* "),
            ("a.js", "// x\n"),
            ("a.md", "<!-- "),
            ("a.md", "<!-- x\n"),
            ("a.xml", "<!-- -->"),
            (".env", "# kustolint: ignore[a] b\n"),
            ("a.yml", "a: |\n  # b\n"),
        ] {
            assert_linear(name, ["", piece, ""], |text| {
                comments(&MappedText::of_file(FileId(0), text), name)
            });
        }
    }
}
