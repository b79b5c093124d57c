//! Values that are part of an expression: the argument of a command, of a wrapper or of a setter, what stands in if a
//! variable is not set, one of several that are set at once.

use super::positions::argument_at;
use super::site::{is_blank, is_space, skip_blanks, skip_prefix, skip_quote};
use super::value::Value;
use super::{byte, rest, skip, starts_with_folded};

/// What names of PowerShell's commands start with that may stand after a name, in lower case.
const VERBS: &[&str] = &[
    "add",
    "convert",
    "convertfrom",
    "convertto",
    "find",
    "format",
    "get",
    "import",
    "install",
    "invoke",
    "join",
    "measure",
    "new",
    "out",
    "protect",
    "read",
    "receive",
    "request",
    "resolve",
    "search",
    "select",
    "set",
    "show",
    "split",
    "test",
    "unprotect",
    "use",
    "wait",
    "where",
    "write",
];

/// Whether a value is the name of a command of PowerShell, which gives the secret: `Get-AzKeyVaultSecret`.
pub(super) fn is_cmdlet(value: &str) -> bool {
    value.split_once('-').is_some_and(|(verb, noun)| {
        VERBS.iter().any(|known| known.eq_ignore_ascii_case(verb))
            && noun.starts_with(|first: char| first.is_ascii_uppercase())
            && noun.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Options of a command before its argument, at most.
const OPTIONS: usize = 4;

/// Where the argument starts of the command `ConvertTo-SecureString`, whose name ends before `at`, after its options and a
/// bracket.
pub(super) fn command_argument(text: &str, at: usize) -> Option<usize> {
    let mut here = at;
    for _ in 0..OPTIONS {
        if byte(text, here) != Some(b'-') {
            break;
        }
        let end = skip_blanks(text, here + 1, |byte| byte.is_ascii_alphabetic());
        here = skip_blanks(text, end, is_blank);
    }
    if byte(text, here) == Some(b'(') {
        here = skip_blanks(text, here + 1, is_blank);
        return skip_quote(text, here).map(|_| here);
    }
    byte(text, here)
        .filter(|byte| !matches!(byte, b'-' | b')' | b'}' | b'|' | b'\n' | b'\r'))
        .map(|_| here)
}

/// Bytes of an expression that are looked at.
const WINDOW: usize = 256;

/// Parts of an expression before its literal, at most.
const PARTS: usize = 8;

/// What makes a secret of the literal that it is given, by the end of its name in lower case.
const WRAPPERS: &[&str] = &[
    "from",
    "fromstring",
    "new",
    "str",
    "string",
    "some",
    "secretstr",
    "securestring",
    "secretstring",
    "protectedstring",
    "unsafeplaintext",
    "bytes",
    "getbytes",
];

/// Where the literal starts that an expression gives, which starts at `at` with something else: `a() or "…"`,
/// `String::from("…")`, `(string)"…"`.
pub(super) fn literal_within(text: &str, at: usize) -> Option<usize> {
    let limit = text.floor_char_boundary(at.saturating_add(WINDOW));
    let text = text.get(..limit)?;
    let mut here = at;
    for _ in 0..PARTS {
        here = skip_blanks(text, here, is_blank);
        if here > at && skip_quote(text, skip_prefix(text, here)).is_some() {
            return Some(here);
        }
        here = match byte(text, here)? {
            b'(' => after_cast(text, here).unwrap_or(here + 1),
            _ => after_operand(text, here)?,
        };
    }
    None
}

/// Offset after the type in brackets at `at`.
fn after_cast(text: &str, at: usize) -> Option<usize> {
    let end = skip_path(text, at + 1);
    (end > at + 1 && byte(text, end) == Some(b')')).then_some(end + 1)
}

/// Offset after a path of names: `a.b`, `String::from`.
fn skip_path(text: &str, at: usize) -> usize {
    skip_blanks(text, at, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':' | b'$' | b'!')
    })
}

/// Offset after an operand and the sign after it, if what follows stands in for it; after the bracket of a wrapper.
fn after_operand(text: &str, at: usize) -> Option<usize> {
    let end = skip_path(text, at);
    let name = text.get(at..end).filter(|name| !name.is_empty())?;
    if matches!(name, "new" | "await") {
        return Some(end);
    }
    if byte(text, end) == Some(b'(') && skip_quote(text, skip_prefix(text, end + 1)).is_some() {
        let last = name.rsplit(['.', ':']).next().unwrap_or_default().trim_end_matches('!');
        if WRAPPERS.iter().any(|wrapper| wrapper.eq_ignore_ascii_case(last)) {
            return Some(end + 1);
        }
    }
    let mut here = end;
    while matches!(byte(text, here), Some(b'(' | b'[')) {
        here = skip_path(text, after_brackets(text, here)?);
    }
    let sign = skip_blanks(text, here, is_blank);
    let operator = ["||", "??", "?:", "or ", "? "]
        .iter()
        .find(|operator| rest(text, sign).starts_with(**operator))?;
    Some(sign + operator.len())
}

/// Offset after the bracket that closes the one at `at`, on the same line.
fn after_brackets(text: &str, at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (offset, sign) in rest(text, at).bytes().enumerate() {
        match sign {
            b'(' | b'[' => depth += 1,
            b')' | b']' if depth <= 1 => return Some(at + offset + 1),
            b')' | b']' => depth -= 1,
            b'\n' | b'\r' => return None,
            _ => {}
        }
    }
    None
}

/// What a shell takes if the variable is not set whose value stands at `at`: `${PW:-…}`.
pub(super) fn shell_default(text: &str, at: usize) -> Option<Value> {
    let open = skip_quote(text, at).unwrap_or(at);
    let limit = text.floor_char_boundary(open.saturating_add(WINDOW));
    let text = text.get(..limit)?;
    let name = open + rest(text, open).starts_with("${").then_some(2)?;
    let end = skip(text, name, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let sign = end + usize::from(byte(text, end) == Some(b':'));
    byte(text, sign).filter(|byte| matches!(byte, b'-' | b'='))?;
    let length = rest(text, sign + 1).find(['}', '\n', '\r', '"', '$', '{'])?;
    let over = sign + 1 + length;
    let is_path = rest(text, sign + 1).starts_with(['/', '.', '~']);
    (byte(text, over) == Some(b'}') && !is_path).then_some(Value {
        start: sign + 1,
        end: over,
        known: length,
        quoted: true,
    })
}

/// Offset after the accessors of a property of C# and blanks: `{ get; set; } `. The same offset if there are none.
pub(super) fn skip_accessors(text: &str, at: usize) -> usize {
    if byte(text, at) != Some(b'{') {
        return at;
    }
    let end = skip_blanks(text, at + 1, |byte| {
        byte.is_ascii_alphabetic() || byte == b';' || is_space(byte)
    });
    let is_property = byte(text, end) == Some(b'}') && text.get(at..end).is_some_and(|inner| inner.contains("get;"));
    if is_property {
        skip_blanks(text, end + 1, is_space)
    } else {
        at
    }
}

/// Where the literal starts that a setter takes whose name ends at `end`: `.withAppKey("…")`.
pub(super) fn set_literal(text: &str, start: usize, end: usize) -> Option<usize> {
    byte(text, end).filter(|byte| *byte == b'(')?;
    let literal = skip_blanks(text, end + 1, is_blank);
    skip_quote(text, skip_prefix(text, literal))?;
    let from = text.floor_char_boundary(start.saturating_sub(32));
    let before = text.get(from..start)?;
    let name = before
        .rsplit(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .next()?;
    ["set", "with"]
        .iter()
        .any(|verb| starts_with_folded(name, verb))
        .then_some(literal)
}

/// How many names stand before the one at `start` in an assignment of several: `app_id, app_key = …`.
pub(super) fn names_before(text: &str, start: usize) -> usize {
    let from = text.floor_char_boundary(start.saturating_sub(WINDOW));
    let before = text.get(from..start).unwrap_or_default();
    let of_names = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | ',' | ' ' | '\t');
    let other = before.trim_end_matches(of_names);
    let names = before.get(other.len()..).unwrap_or_default();
    // In brackets and after a sign it is an argument or a member that is named.
    let is_list = !other.ends_with(['(', '[', '{', '<', '=', ':', '&']) && !names.trim_start().starts_with(',');
    if is_list { names.matches(',').count() } else { 0 }
}

/// Where the literal starts that is the one with a number of those that are listed at `at`, on the same line.
pub(super) fn listed_literal(text: &str, at: usize, number: usize) -> Option<usize> {
    let limit = text.floor_char_boundary(at.saturating_add(WINDOW * 4));
    let line = rest(text.get(..limit)?, at)
        .find(['\n', '\r'])
        .map_or(limit, |length| at + length);
    let at = at + usize::from(byte(text, at) == Some(b'('));
    let (start, value) = argument_at(text.get(..line)?, at, number)?;
    value.quoted.then_some(start)
}
