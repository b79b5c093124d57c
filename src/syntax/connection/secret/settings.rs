//! Values that do not follow their name at once: members of objects and lists of settings, elements and attributes of XML,
//! blocks of YAML.

use super::site::{is_blank, is_space, skip_blanks, skip_quote};
use super::value::{Ends, Value, is_quote, read};
use super::{byte, rest, skip, starts_with_folded};

/// Bytes of an element or a block that are looked at as one value.
const LONGEST: usize = 4096;

/// How far before a name it is looked for what it is the value of.
const BEFORE: usize = 64;

/// How far before a name its value is looked for.
const BEFORE_VALUE: usize = 512;

/// Where the value of a `value` or `defaultValue` member starts that is the next one after `lead`, with
/// at most one other member, of one word, before it.
pub(super) fn value_member(text: &str, at: usize, lead: u8) -> Option<usize> {
    byte(text, at).filter(|byte| *byte == lead)?;
    let mut here = at + 1;
    for _ in 0..2 {
        let open = skip_quote(text, skip_blanks(text, here, is_space))?;
        let end = skip_blanks(text, open, |byte| byte.is_ascii_alphabetic());
        let name = text.get(open..end)?;
        let close = skip_quote(text, end)?;
        let colon = skip_blanks(text, close, is_space);
        byte(text, colon).filter(|byte| *byte == b':')?;
        let value = skip_blanks(text, colon + 1, is_space);
        if name.eq_ignore_ascii_case("value") || name.eq_ignore_ascii_case("defaultvalue") {
            return Some(value);
        }
        let inner = skip_quote(text, value);
        let word = skip_blanks(text, inner.unwrap_or(value), |byte| byte.is_ascii_alphanumeric());
        let over = if inner.is_some() { skip_quote(text, word)? } else { word };
        let comma = skip_blanks(text, over, is_space);
        byte(text, comma).filter(|byte| *byte == b',')?;
        here = comma + 1;
    }
    None
}

/// Where the value starts of a member that has one of the `names`, of the object or block that opens at `at`; and how far the
/// text was looked at for it.
pub(super) fn block_member(text: &str, at: usize, names: &[&str]) -> (usize, Option<usize>) {
    let limit = text.floor_char_boundary(at.saturating_add(LONGEST));
    let text = text.get(..limit).unwrap_or(text);
    let mut depth = 0_usize;
    let mut here = at;
    while let Some(sign) = byte(text, here) {
        let (start, end, next) = match sign {
            sign if is_quote(sign) || sign == b'\\' && skip_quote(text, here).is_some() => {
                let literal = read(text, here, Ends::Pair);
                let Some(next) = skip_quote(text, literal.end) else {
                    return (literal.end, None);
                };
                (literal.start, literal.end, next)
            }
            sign if sign.is_ascii_alphabetic() => {
                let end = skip(text, here, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
                (here, end, end)
            }
            _ => {
                here += 1;
                match sign {
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' if depth <= 1 => break,
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
                continue;
            }
        };
        let tie = skip_blanks(text, next, is_space);
        let name = text.get(start..end).unwrap_or_default();
        let is_named = depth == 1 && names.iter().any(|known| known.eq_ignore_ascii_case(name));
        if is_named && matches!(byte(text, tie), Some(b':' | b'=')) {
            return (tie, Some(skip_blanks(text, tie + 1, is_space)));
        }
        here = next;
    }
    (here, None)
}

/// Where the value starts of a setting of YAML whose name ends at `at`: `name: APP_KEY`, and `value:` on the next line or
/// after a comma. `start` is where the name of the secret starts.
pub(super) fn value_beside(text: &str, start: usize, at: usize) -> Option<usize> {
    let from = text.floor_char_boundary(start.saturating_sub(BEFORE));
    let before = text.get(from..start)?;
    let before =
        before.trim_end_matches(|letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.'));
    let before = before
        .trim_end_matches(['"', '\''])
        .trim_end_matches([' ', '\t'])
        .strip_suffix(':')?;
    let before = before.trim_end_matches(['"', '\'']);
    ["name", "key"].iter().find(|label| before.ends_with(**label))?;
    let sign = skip_blanks(text, at, is_blank);
    byte(text, sign).filter(|byte| matches!(byte, b',' | b'\n' | b'\r'))?;
    let label = skip_blanks(text, sign + 1, is_space);
    let label = skip_quote(text, label).unwrap_or(label);
    starts_with_folded(rest(text, label), "value").then_some(())?;
    let end = label + "value".len();
    let colon = skip_blanks(text, skip_quote(text, end).unwrap_or(end), is_blank);
    byte(text, colon).filter(|byte| *byte == b':')?;
    Some(skip_blanks(text, colon + 1, is_blank))
}

/// Where the value of an attribute `value` starts that stands beside the name: `key="AppKey" value="…"`.
pub(super) fn value_attribute(text: &str, at: usize) -> Option<usize> {
    let label = skip_blanks(text, at, is_space);
    starts_with_folded(rest(text, label), "value").then_some(())?;
    let sign = skip_blanks(text, label + "value".len(), is_blank);
    byte(text, sign).filter(|byte| label > at && *byte == b'=')?;
    let value = skip_blanks(text, sign + 1, is_blank);
    skip_quote(text, value).map(|_| value)
}

/// Where the value starts that is written before the name of what it is for: `value="…" key="AppKey"`, `"value": "…",
/// "name": "AppKey"`. `start` is where the word starts that tells of the secret.
pub(super) fn value_before(text: &str, start: usize) -> Option<usize> {
    let from = text.floor_char_boundary(start.saturating_sub(BEFORE_VALUE));
    let before = text.get(from..start)?;
    let before = before
        .trim_end_matches(|letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.' | ':'));
    let before = before.strip_suffix(['"', '\''])?.trim_end_matches('\\').trim_end();
    let before = before.strip_suffix(['=', ':'])?.trim_end();
    let before = before.trim_end_matches(['"', '\'', '\\']);
    let before = ["name", "key"].iter().find_map(|label| before.strip_suffix(label))?;
    let before = before.trim_end_matches(['"', '\'', '\\']).trim_end();
    let closed = before.strip_suffix(',').unwrap_or(before).trim_end();
    let mark = closed.chars().next_back().filter(|mark| matches!(mark, '"' | '\''))?;
    let inner = closed.strip_suffix(mark)?.trim_end_matches('\\');
    let open = inner.rfind(mark)?;
    let label = inner.get(..open)?.trim_end_matches('\\');
    let value = from + label.len();
    let label = label.trim_end();
    let label = label
        .strip_suffix(['=', ':'])?
        .trim_end()
        .trim_end_matches(['"', '\'', '\\']);
    label.ends_with("value").then_some(value)
}

/// The text of an element of XML with a name or with an attribute that is one, which ends at `at`: `<password>…</password>`,
/// `<setting name="AppKey"><value>…</value>`.
pub(super) fn element(text: &str, at: usize) -> Option<Value> {
    let at = tag_end(text, at)?;
    let inner = skip_blanks(text, at + 1, is_space);
    let start = if starts_with_folded(rest(text, inner), "<value>") {
        inner + "<value>".len()
    } else {
        at + 1
    };
    let limit = text.floor_char_boundary(start.saturating_add(LONGEST));
    let whole = text.get(start..limit)?;
    let end = whole.find(['<', '\n', '\r'])?;
    rest(whole, end)
        .starts_with("</")
        .then(|| whole_value(text, start, start + end))
}

/// Where the `>` of a tag stands, at `at` or after more attributes.
fn tag_end(text: &str, at: usize) -> Option<usize> {
    if byte(text, at)? == b'>' {
        return Some(at);
    }
    let attribute = skip_blanks(text, at, is_blank);
    byte(text, attribute).filter(|byte| attribute > at && byte.is_ascii_alphabetic())?;
    let end = skip_blanks(text, attribute, |byte| !matches!(byte, b'<' | b'>' | b'\n' | b'\r'));
    let attributes = text.get(attribute..end)?;
    (byte(text, end) == Some(b'>') && attributes.contains('=')).then_some(end)
}

/// The lines of a block of YAML whose sign (`>-`, `|`) stands at `at`.
pub(super) fn block(text: &str, at: usize) -> Option<Value> {
    byte(text, at).filter(|byte| matches!(byte, b'>' | b'|'))?;
    let sign = skip_blanks(text, at + 1, |byte| {
        matches!(byte, b'-' | b'+') || byte.is_ascii_digit()
    });
    let line = skip_blanks(text, sign, |byte| matches!(byte, b' ' | b'\t' | b'\r'));
    byte(text, line).filter(|byte| *byte == b'\n')?;
    let limit = text.floor_char_boundary(line.saturating_add(LONGEST));
    let start = skip_blanks(text, line, is_space);
    let indent = start - text.get(..start)?.rfind('\n').map_or(0, |end| end + 1);
    let mut end = start;
    for line in text.get(start..limit)?.split_inclusive('\n') {
        let depth = line.bytes().take_while(|byte| *byte == b' ').count();
        if end > start && depth < indent {
            break;
        }
        end += line.len();
    }
    (indent > 0).then(|| whole_value(text, start, end))
}

/// Where the value starts that stands alone on the line after its name, deeper than that: `app_key:` and `  "…"` below.
pub(super) fn line_below(text: &str, start: usize, at: usize) -> Option<usize> {
    let line = skip_blanks(text, at, |byte| matches!(byte, b' ' | b'\t' | b'\r'));
    byte(text, line).filter(|byte| *byte == b'\n')?;
    let below = skip_blanks(text, line + 1, |byte| byte == b' ');
    let from = text.floor_char_boundary(start.saturating_sub(BEFORE));
    let before = text.get(from..start)?;
    let before = before.rsplit('\n').next()?;
    let indent = before.bytes().take_while(|byte| *byte == b' ').count();
    let mark = byte(text, below).filter(|mark| below - line > indent + 1 && matches!(mark, b'"' | b'\''))?;
    let limit = text.floor_char_boundary(below.saturating_add(LONGEST));
    let inner = text.get(below + 1..limit)?;
    let end = inner.bytes().position(|byte| byte == mark || byte == b'\n')?;
    let after = rest(inner, end + 1).trim_start_matches([' ', '\t', '\r']);
    (byte(inner, end) == Some(mark) && (after.is_empty() || after.starts_with(['\n', '#']))).then_some(below)
}

/// A value whose ends are known from what stands around it.
fn whole_value(text: &str, start: usize, end: usize) -> Value {
    let value = text.get(start..end).unwrap_or_default().trim_end();
    Value {
        start,
        end: start + value.len(),
        known: read(value, 0, Ends::Argument).known,
        quoted: true,
    }
}
