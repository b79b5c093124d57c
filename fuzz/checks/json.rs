//! What holds of the JSON parser for any text: it reads as `serde_json` does, but for the liberties that a
//! template may take, and each value stands where its span says.

use kustolint::syntax::json::{self, Dialect, Kind, Node};
use kustolint::text::{FileId, MappedText, Span};
use serde_json::Value;

/// Longest text of which each value is read a second time by itself.
const SHORT: usize = 4096;

/// Why `serde_json` may refuse what is right here: it keeps numbers as floats and nests half as deep.
const OWN_LIMITS: [&str; 2] = ["number out of range", "recursion limit exceeded"];

/// Holds the reading of `text` to all of it.
pub(crate) fn check(text: &str) {
    let source = MappedText::of_file(FileId::default(), text);
    let parsed = json::parse(&source, Dialect::Template);
    for error in &parsed.errors {
        assert!(
            text.get(error.span.range()).is_some(),
            "an error outside of the text: {error:?}"
        );
    }
    stands_in(&parsed.tree, whole(text), text);
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        assert!(parsed.errors.is_empty(), "JSON with errors: {:?}", parsed.errors);
        same(&parsed.tree, &value, &source);
    }
    if parsed.errors.is_empty() {
        let strict = strict(text);
        match serde_json::from_str::<Value>(&strict) {
            Ok(value) => same(&parsed.tree, &value, &source),
            Err(error) => {
                let error = error.to_string();
                let own = OWN_LIMITS.iter().any(|limit| error.starts_with(limit));
                assert!(own, "read without an error, but {error}: {strict:?}");
            }
        }
        if text.len() <= SHORT {
            reads_alone(&parsed.tree, &source);
        }
    }
    let policy = json::parse(&source, Dialect::Policy);
    stands_in(&policy.tree, whole(text), text);
}

fn whole(text: &str) -> Span {
    Span::of(0, text.len())
}

/// The values stand inside one another, in order, on the borders of characters.
fn stands_in(node: &Node, outer: Span, text: &str) {
    let inside = |span: Span, from: u32| {
        let nested = span.start >= from && span.end <= outer.end;
        assert!(
            nested && text.get(span.range()).is_some(),
            "{span:?} in {outer:?} after {from}"
        );
    };
    inside(node.span, outer.start);
    let mut at = node.span.start;
    for element in node.elements() {
        assert!(element.span.start >= at, "values out of order");
        stands_in(element, node.span, text);
        at = element.span.end;
    }
    for member in node.members() {
        inside(member.name_span, at);
        assert!(
            member.value.span.start >= member.name_span.end,
            "a value before its name"
        );
        stands_in(&member.value, node.span, text);
        at = member.value.span.end;
    }
}

/// The tree and the value of `serde_json` say the same. Of equal names the last counts in both.
fn same(node: &Node, value: &Value, source: &MappedText) {
    match (&node.kind, value) {
        (Kind::Null, Value::Null) => {}
        (Kind::Bool(one), Value::Bool(other)) => assert_eq!(one, other),
        (Kind::Number(text), Value::Number(_)) => {
            assert_eq!(serde_json::from_str::<Value>(text).ok().as_ref(), Some(value));
        }
        (Kind::String, Value::String(other)) => {
            let text = node.string(source).expect("a string has a text");
            assert_eq!(text.as_str(), other);
        }
        (Kind::Array(elements), Value::Array(others)) => {
            assert_eq!(elements.len(), others.len());
            elements
                .iter()
                .zip(others)
                .for_each(|(one, other)| same(one, other, source));
        }
        (Kind::Object(members), Value::Object(others)) => {
            for member in members {
                assert!(others.contains_key(&member.name), "a name too many: {:?}", member.name);
            }
            for (name, other) in others {
                let last = members.iter().rev().find(|member| member.name == *name);
                same(&last.expect("a name of the object").value, other, source);
            }
        }
        (kind, value) => panic!("{kind:?} is not {value:?}"),
    }
}

/// Each value, cut out of the text by its span, is read as the same value.
fn reads_alone(node: &Node, source: &MappedText) {
    let alone = MappedText::of_file(FileId::default(), node.span.of_text(source.as_str()));
    let parsed = json::parse(&alone, Dialect::Template);
    assert!(parsed.errors.is_empty(), "{:?} by itself", alone.as_str());
    assert_eq!(parsed.tree.span, whole(alone.as_str()));
    alike(&parsed.tree, &alone, node, source);
    node.elements().iter().for_each(|element| reads_alone(element, source));
    for member in node.members() {
        reads_alone(&member.value, source);
    }
}

fn alike(one: &Node, of: &MappedText, other: &Node, source: &MappedText) {
    match (&one.kind, &other.kind) {
        (Kind::Null, Kind::Null) => {}
        (Kind::Bool(one), Kind::Bool(other)) => assert_eq!(one, other),
        (Kind::Number(one), Kind::Number(other)) => assert_eq!(one, other),
        (Kind::String, Kind::String) => {
            let texts = [one.string(of), other.string(source)].map(|text| text.map(|text| text.as_str().to_owned()));
            assert_eq!(texts[0], texts[1]);
        }
        (Kind::Array(ones), Kind::Array(others)) => {
            assert_eq!(ones.len(), others.len());
            let pairs = ones.iter().zip(others);
            pairs.for_each(|(one, other)| alike(one, of, other, source));
        }
        (Kind::Object(ones), Kind::Object(others)) => {
            assert_eq!(ones.len(), others.len());
            for (one, other) in ones.iter().zip(others) {
                assert_eq!(one.name, other.name);
                alike(&one.value, of, &other.value, source);
            }
        }
        (one, other) => panic!("{one:?} is not {other:?}"),
    }
}

/// The text without the liberties that [`Dialect::Template`] allows: a second, simple reading of them. Nothing else
/// is mended, so that anything else which the parser lets pass is refused by `serde_json`.
fn strict(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut comma = None;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let mut length = first.len_utf8();
        match first {
            '"' => {
                length = string(rest, &mut out);
                comma = None;
            }
            '/' if rest.starts_with("//") => {
                length = rest.find(['\n', '\r']).unwrap_or(rest.len());
                out.push(' ');
            }
            '/' if rest.starts_with("/*") => {
                length = rest.find("*/").map_or(rest.len(), |end| end + 2);
                // "/*/" does not close itself.
                if length == 3 {
                    length = rest[2..].find("*/").map_or(rest.len(), |end| end + 4);
                }
                out.push(' ');
            }
            '\u{feff}' => out.push(' '),
            ' ' | '\t' | '\r' | '\n' => out.push(first),
            ',' => {
                comma = Some(out.len());
                out.push(first);
            }
            ']' | '}' => {
                if let Some(at) = comma.take() {
                    out.replace_range(at..=at, " ");
                }
                out.push(first);
            }
            _ => {
                comma = None;
                out.push(first);
            }
        }
        rest = &rest[length..];
    }
    out
}

/// Writes the string at the start of `text` as JSON wants it, and tells how long it was.
fn string(text: &str, out: &mut String) -> usize {
    out.push('"');
    let mut at = 1;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        at += first.len_utf8();
        match first {
            '"' => {
                out.push('"');
                return at;
            }
            '\\' => at += escape(rest, out),
            _ => character(first, out),
        }
    }
    at
}

fn character(character: char, out: &mut String) {
    if character < ' ' {
        out.push_str(&format!("\\u{:04x}", u32::from(character)));
    } else {
        out.push(character);
    }
}

/// Writes the escape at the start of `text`, and tells how many bytes follow its backslash.
fn escape(text: &str, out: &mut String) -> usize {
    let Some(kind) = text[1..].chars().next() else {
        out.push('\\');
        return 0;
    };
    match kind {
        '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' => out.extend(['\\', kind]),
        '\'' => out.push('\''),
        'u' => return unicode(text, out),
        _ => {
            out.push_str("\\\\");
            character(kind, out);
        }
    }
    kind.len_utf8()
}

fn unicode(text: &str, out: &mut String) -> usize {
    let unit = |text: &str| {
        let digits = text.strip_prefix("\\u")?.get(..4)?;
        let hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        hexadecimal.then(|| u32::from_str_radix(digits, 16).unwrap_or_default())
    };
    match unit(text) {
        None => {
            out.push_str("\\\\u");
            1
        }
        Some(0xd800..=0xdbff) if unit(&text[6..]).is_some_and(|low| (0xdc00..=0xdfff).contains(&low)) => {
            out.push_str(&text[..12]);
            11
        }
        Some(0xd800..=0xdfff) => {
            out.push_str("\\ufffd");
            5
        }
        Some(_) => {
            out.push_str(&text[..6]);
            5
        }
    }
}
