//! Comments that speak to this program: `kustolint: ignore[rule, rule] until 2027-03-31 reason`, in any language.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::text::{Date, Span, nearest};

/// What a comment asks of this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// From its first word to the end of its reason.
    pub span: Span,
    /// The names in brackets, known or not, with their places.
    pub rules: Vec<(String, Span)>,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// The words after the brackets and the day, perhaps none.
    pub reason: String,
    /// What is wrong with it; with anything here, it is not followed.
    pub flaws: Vec<Flaw>,
    /// Whether the comment holds nothing else.
    pub alone: bool,
}

/// Something in a directive that can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The characters.
    pub span: Span,
    /// What is wrong with them.
    pub kind: FlawKind,
}

/// How a directive is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlawKind {
    /// It is no `ignore[…]`.
    Form,
    /// Its bracket is not closed.
    Open,
    /// Its brackets name no rule, or there is an empty place among the names.
    NoRule,
    /// After `until` stands no day.
    NoDay,
}

/// Words that people write where `ignore` is meant, as other tools have them.
const VERBS: [&str; 11] = [
    "allow",
    "disable",
    "disable-line",
    "disable-next-line",
    "expect",
    "ignore",
    "ignore-next-line",
    "noqa",
    "off",
    "skip",
    "suppress",
];

/// How the ends of a comment are written.
const ENDS: [(&str, &str); 3] = [("/*", "*/"), ("<!--", "-->"), ("<#", "#>")];

/// The name of the program with what may follow it in a directive.
static START: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern = r"(?i)kustolint([ \t]*:[ \t]*|-|[ \t]+)([a-z][a-z-]*)?([ \t]*\[)?";
    Regex::new(pattern).ok()
});

/// A day in the middle of a reason.
static UNTIL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)\buntil[ \t]+([0-9]{4}-[0-9]{2}-[0-9]{2})\b").ok());

/// Whether a text may hold a directive at all.
#[must_use]
pub fn may_hold(text: &str) -> bool {
    let mut from = 0;
    while let Some(at) = text
        .get(from..)
        .and_then(|rest| memchr::memchr2(b'k', b'K', rest.as_bytes()))
    {
        let word = text.as_bytes().get(from + at..from + at + 9).unwrap_or_default();
        if word.eq_ignore_ascii_case(b"kustolint") {
            return true;
        }
        from += at + 1;
    }
    false
}

/// The directives in the comment at `comment` of `text`, in their order. Each stands on one line.
#[must_use]
pub fn directives(text: &str, comment: Span) -> Vec<Directive> {
    let whole = comment.of_text(text);
    if !may_hold(whole) {
        return Vec::new();
    }
    let closing = ENDS
        .iter()
        .find(|(open, _)| whole.starts_with(open))
        .and_then(|(_, close)| whole.strip_suffix(close));
    let inside = closing.unwrap_or(whole);
    let mut found = Vec::new();
    let mut at = comment.range().start;
    for line in inside.split_inclusive(['\n', '\r']) {
        of_line(text, Span::of(at, at + line.len()), &mut found);
        at += line.len();
    }
    let lead = |character: char| !character.is_alphanumeric();
    let words = inside.trim_matches(|c: char| c.is_whitespace());
    if let [single] = found.as_mut_slice() {
        single.alone = words.trim_start_matches(lead) == single.span.of_text(text);
    }
    found
}

fn of_line(text: &str, line: Span, found: &mut Vec<Directive>) {
    let written = line.of_text(text);
    let Some(start) = START.as_ref() else { return };
    let starts: Vec<Captures<'_>> = start
        .captures_iter(written)
        .filter(|found| is_directive(written, found))
        .collect();
    for (index, captures) in starts.iter().enumerate() {
        let whole = captures.get_match();
        let end = starts
            .get(index + 1)
            .map_or(written.len(), |next| next.get_match().start());
        let piece = written.get(whole.start()..end).unwrap_or_default();
        let at = line.range().start + whole.start();
        found.push(read(piece, at, captures));
    }
}

/// Whether a match is meant as a directive, and is no word of a sentence.
fn is_directive(line: &str, captures: &Captures<'_>) -> bool {
    let before = line.get(..captures.get_match().start()).unwrap_or_default();
    let quoted = |last: char| last.is_alphanumeric() || matches!(last, '`' | '"' | '\'' | '_' | '-' | '/' | '.' | '@');
    let opens_comment = before.ends_with("//") || before.ends_with("--");
    if !opens_comment && before.chars().next_back().is_some_and(quoted) {
        return false;
    }
    let sign = captures.get(1).map_or("", |sign| sign.as_str());
    let verb = captures.get(2).map_or("", |verb| verb.as_str());
    let opens = captures.get(3).is_some();
    let resembles = nearest(verb, VERBS).is_some();
    match sign {
        "-" => resembles,
        _ if sign.contains(':') => opens || resembles,
        _ => opens && resembles,
    }
}

/// Reads a directive that starts at `at` of the text.
fn read(piece: &str, at: usize, captures: &Captures<'_>) -> Directive {
    let start = captures.get_match().start();
    let head = captures.get_match().end() - start;
    let piece = piece.trim_end_matches(|c: char| c.is_whitespace() || c == ';');
    let span = Span::of(at, at + piece.len());
    let mut directive = Directive {
        span,
        rules: Vec::new(),
        until: None,
        reason: String::new(),
        flaws: Vec::new(),
        alone: false,
    };
    let sign = captures.get(1).map_or("", |sign| sign.as_str());
    let verb = captures.get(2).map_or("", |verb| verb.as_str());
    let is_formed = sign.contains(':') && verb.eq_ignore_ascii_case("ignore") && captures.get(3).is_some();
    let mut flaw = |span, kind| directive.flaws.push(Flaw { span, kind });
    if !is_formed {
        flaw(span, FlawKind::Form);
        return directive;
    }
    let inside = piece.get(head..).unwrap_or_default();
    let Some((names, rest)) = inside.split_once(']') else {
        flaw(Span::of(at, at + head), FlawKind::Open);
        return directive;
    };
    let mut from = at + head;
    for name in names.split(',') {
        let trimmed = name.trim();
        let start = from + (name.len() - name.trim_start().len());
        let place = Span::of(start, start + trimmed.len());
        if trimmed.is_empty() {
            flaw(Span::of(at, at + head + names.len() + 1), FlawKind::NoRule);
        } else {
            directive.rules.push((trimmed.to_owned(), place));
        }
        from += name.len() + 1;
    }
    directive.flaws.dedup();
    directive.after_brackets(rest, at + head + names.len() + 1);
    directive
}

impl Directive {
    /// Reads the day and the reason, which start at `at`.
    fn after_brackets(&mut self, rest: &str, at: usize) {
        let words = without_dash(rest);
        let from = at + (rest.len() - words.len());
        let first = words.split_whitespace().next().unwrap_or_default();
        let mut reason = words;
        if first.trim_end_matches(':').eq_ignore_ascii_case("until") {
            let after = words.get(first.len()..).unwrap_or_default().trim_start();
            let day = after.split_whitespace().next().unwrap_or_default();
            self.until = Date::parse(day.trim_end_matches([',', ':', ';', '.']));
            if self.until.is_none() {
                let end = from + words.len() - after.len() + day.len();
                let span = Span::of(from, end.max(from + first.len()));
                self.flaws.push(Flaw {
                    span,
                    kind: FlawKind::NoDay,
                });
            }
            reason = without_dash(after.get(day.len()..).unwrap_or_default());
        } else if let Some(found) = UNTIL.as_ref().and_then(|until| until.captures(words)) {
            self.until = found.get(1).and_then(|day| Date::parse(day.as_str()));
            if let (None, Some(day)) = (self.until, found.get(0)) {
                let span = Span::of(from + day.start(), from + day.end());
                self.flaws.push(Flaw {
                    span,
                    kind: FlawKind::NoDay,
                });
            }
        }
        // A dash alone explains nothing.
        if reason.contains(char::is_alphanumeric) {
            self.reason = reason.trim().to_owned();
        }
    }
}

/// Words without the white space and the one sign that people put before them.
fn without_dash(words: &str) -> &str {
    let words = words.trim_start();
    let bare = words
        .strip_prefix("--")
        .or_else(|| words.strip_prefix([':', '-', '–', '—', ',']));
    bare.unwrap_or(words).trim_start()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(comment: &str) -> Vec<Directive> {
        directives(comment, Span::of(0, comment.len()))
    }

    /// The rules, the day and the reason of the only directive of a comment.
    fn read_one(comment: &str) -> (String, Option<String>, String) {
        let found = of(comment);
        let [one] = found.as_slice() else {
            panic!("{comment}: {found:?}")
        };
        assert!(one.flaws.is_empty(), "{comment}: {:?}", one.flaws);
        for (name, span) in &one.rules {
            assert_eq!(span.of_text(comment), name);
        }
        let rules: Vec<&str> = one.rules.iter().map(|(name, _)| name.as_str()).collect();
        (
            rules.join("+"),
            one.until.map(|day| day.to_string()),
            one.reason.clone(),
        )
    }

    #[test]
    fn rules_day_and_reason_are_read_in_every_language() {
        let long = "2027-03-31";
        for (comment, rules, until, reason) in [
            ("// kustolint: ignore[a-b] for tests", "a-b", None, "for tests"),
            ("//kustolint:ignore[a, b ,c]: why", "a+b+c", None, "why"),
            ("# Kustolint: Ignore [a] - why", "a", None, "why"),
            ("/* kustolint: ignore[a] why */", "a", None, "why"),
            ("<!-- kustolint: ignore[a] — why -->", "a", None, "why"),
            ("<!--kustolint: ignore[a] why-->", "a", None, "why"),
            ("--kustolint: ignore[a] why", "a", None, "why"),
            ("<# kustolint: ignore[a] why\n#>", "a", None, "why"),
            ("// kustolint: ignore[a] until 2027-03-31 why", "a", Some(long), "why"),
            ("// kustolint: ignore[a] until: 2027-03-31: why", "a", Some(long), "why"),
            (
                "// kustolint: ignore[a] why, until 2027-03-31",
                "a",
                Some(long),
                "why, until 2027-03-31",
            ),
            ("// kustolint: ignore[a]", "a", None, ""),
            ("// kustolint: ignore[a] --", "a", None, ""),
            ("// seen by Ada. kustolint: ignore[a] é😀", "a", None, "é😀"),
            ("// kustolint: ignore[a] why\r", "a", None, "why"),
        ] {
            let expected = (rules.to_owned(), until.map(str::to_owned), reason.to_owned());
            assert_eq!(read_one(comment), expected, "{comment}");
        }
    }

    #[test]
    fn what_can_not_be_followed_is_a_flaw() {
        for (comment, kind, at) in [
            ("// kustolint: ignore a", FlawKind::Form, "kustolint: ignore a"),
            (
                "// kustolint: disable[a] why",
                FlawKind::Form,
                "kustolint: disable[a] why",
            ),
            ("// kustolint-ignore a: why", FlawKind::Form, "kustolint-ignore a: why"),
            ("// kustolint ignore[a] why", FlawKind::Form, "kustolint ignore[a] why"),
            (
                "// kustolint: ignroe[a] why",
                FlawKind::Form,
                "kustolint: ignroe[a] why",
            ),
            ("// kustolint: [a] why", FlawKind::Form, "kustolint: [a] why"),
            ("// kustolint: ignore[a why", FlawKind::Open, "kustolint: ignore["),
            ("// kustolint: ignore[] why", FlawKind::NoRule, "kustolint: ignore[]"),
            (
                "// kustolint: ignore[a,] why",
                FlawKind::NoRule,
                "kustolint: ignore[a,]",
            ),
            ("// kustolint: ignore[a] until then why", FlawKind::NoDay, "until then"),
            (
                "// kustolint: ignore[a] until 2027-02-30 x",
                FlawKind::NoDay,
                "until 2027-02-30",
            ),
            (
                "// kustolint: ignore[a] x until 2027-02-30",
                FlawKind::NoDay,
                "until 2027-02-30",
            ),
            ("// kustolint: ignore[a] until", FlawKind::NoDay, "until"),
        ] {
            let found = of(comment);
            let flaws: Vec<_> = found.iter().flat_map(|one| &one.flaws).collect();
            let [flaw] = flaws.as_slice() else {
                panic!("{comment}: {found:?}")
            };
            assert_eq!((flaw.kind, flaw.span.of_text(comment)), (kind, at), "{comment}");
        }
    }

    #[test]
    fn sentences_are_no_directives() {
        for comment in [
            "// kustolint finds this",
            "# kustolint: run the linter",
            "# kustolint: https://example.org",
            "// write `kustolint: ignore[rule] reason` above it",
            "// see docs/kustolint-ignore.md and my-kustolint: ignore[x] y",
            "// kustolint ignores this file",
            "// nothing",
        ] {
            assert_eq!(of(comment), [], "{comment}");
        }
    }

    #[test]
    fn several_stand_in_one_comment() {
        let comment = "/* kustolint: ignore[a] one; kustolint: ignore[b] two\n * kustolint: ignore[c] three\n */";
        let found = of(comment);
        let told: Vec<_> = found
            .iter()
            .map(|one| format!("{} {} {}", one.rules[0].0, one.reason, one.alone))
            .collect();
        assert_eq!(told, ["a one false", "b two false", "c three false"]);
        assert!(of("// kustolint: ignore[a] one")[0].alone && of("/** kustolint: ignore[a] one */")[0].alone);
        assert!(!of("// first. kustolint: ignore[a] one")[0].alone);
        assert!(!of("/* kustolint: ignore[a] one\n more */")[0].alone);
    }
}
