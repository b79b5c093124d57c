//! What stands in a string literal and is no plain character: escapes, and what is filled in.

use super::draft::{Escapes, Form, Holes, PLAIN};

/// How far what is filled in may reach.
const LONGEST_HOLE: usize = 1024;

/// What stands at an offset in a literal and is no plain character.
pub(super) enum Special {
    /// Plain bytes that are passed over together.
    Plain(usize),
    /// A text that so many bytes stand for.
    Decoded(String, usize),
    /// What is filled in, written with so many bytes.
    Hole(usize),
    /// The literal is broken; up to where it was read.
    Broken(usize),
}

/// What stands at an offset, if it is no plain character.
pub(super) fn special(src: &str, at: usize, form: &Form) -> Option<Special> {
    let byte = *src.as_bytes().get(at)?;
    let next = src.as_bytes().get(at + 1).copied();
    match (byte, form.escapes) {
        (b'\n', _) if form.folded => return Some(fold(src, at)),
        (b'\\', Escapes::Raw) => return Some(Special::Plain(2)),
        (b'\\', Escapes::Backslash) => return Some(backslash(src, at)),
        (b'\\', Escapes::Shell) => {
            return match next {
                Some(b'\n') => Some(Special::Decoded(String::new(), 2)),
                Some(escaped @ (b'$' | b'`' | b'"' | b'\\')) => {
                    Some(Special::Decoded(char::from(escaped).to_string(), 2))
                }
                _ => None,
            };
        }
        (b'`', Escapes::Backtick) => return Some(backtick(src, at)),
        _ => {}
    }
    match form.holes {
        Holes::Nothing => None,
        Holes::Braces(count) => braces(src, at, count, form),
        _ => dollar(src, at, form),
    }
}

/// A line end and the white space after it.
fn fold(src: &str, at: usize) -> Special {
    let rest = src.get(at..).unwrap_or_default();
    let length = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
    let breaks = rest.bytes().take(length).filter(|byte| *byte == b'\n').count();
    let text = if breaks > 1 {
        "\n".repeat(breaks - 1)
    } else {
        " ".to_owned()
    };
    Special::Decoded(text, length.max(1))
}

fn backslash(src: &str, at: usize) -> Special {
    let Some(next) = src.as_bytes().get(at + 1) else {
        return Special::Plain(1);
    };
    let text = match next {
        b'n' => "\n",
        b'r' => "\r",
        b't' => "\t",
        b'0' => "\0",
        b'a' => "\u{7}",
        b'b' => "\u{8}",
        b'f' => "\u{c}",
        b'v' => "\u{b}",
        b'\\' => "\\",
        b'\'' => "'",
        b'"' => "\"",
        b'/' => "/",
        b'$' => "$",
        b'\n' => return Special::Decoded(String::new(), 2),
        b'x' => return numbered(src, at, 2),
        b'u' => return numbered(src, at, 4),
        b'U' => return numbered(src, at, 8),
        _ => return Special::Plain(2),
    };
    Special::Decoded(text.to_owned(), 2)
}

/// An escape with the number of a character: so many hexadecimal digits, or any between braces.
fn numbered(src: &str, at: usize, digits: usize) -> Special {
    let rest = src.get(at + 2..).unwrap_or_default();
    let (number, length) = match rest.strip_prefix('{') {
        Some(braced) => match braced.get(..braced.len().min(9)).unwrap_or_default().split_once('}') {
            Some((number, _)) => (number, number.len() + 4),
            None => return Special::Plain(2),
        },
        None => (rest.get(..digits).unwrap_or_default(), digits + 2),
    };
    match u32::from_str_radix(number, 16).ok().and_then(char::from_u32) {
        Some(character) => Special::Decoded(character.to_string(), length),
        None => Special::Plain(2),
    }
}

fn backtick(src: &str, at: usize) -> Special {
    let Some(next) = src.get(at + 1..).and_then(|rest| rest.chars().next()) else {
        return Special::Plain(1);
    };
    let text = match next {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '0' => '\0',
        'u' => return numbered(src, at, 0),
        other => other,
    };
    Special::Decoded(text.to_string(), 1 + next.len_utf8())
}

/// `{x}` with so many braces.
fn braces(src: &str, at: usize, count: usize, form: &Form) -> Option<Special> {
    let brace = *src.as_bytes().get(at)?;
    if !matches!(brace, b'{' | b'}') {
        return None;
    }
    let run = src
        .bytes()
        .skip(at)
        .take_while(|byte| *byte == brace)
        .take(count + 2)
        .count();
    if count == 1 && run >= 2 {
        return Some(Special::Decoded(char::from(brace).to_string(), 2));
    }
    if brace == b'}' || run < count {
        return None;
    }
    Some(bracketed(src, at, at, form))
}

/// A hole that starts at `at` and whose outer bracket opens at `open`.
fn bracketed(src: &str, at: usize, open: usize, form: &Form) -> Special {
    let escape = match form.holes {
        Holes::Shell => Some(b'\\'),
        Holes::PowerShell => Some(b'`'),
        _ => None,
    };
    match balanced(src, open, LONGEST_HOLE, form.lines, escape) {
        Ok(end) => Special::Hole(end - at),
        Err(reached) => Special::Broken(reached),
    }
}

fn dollar(src: &str, at: usize, form: &Form) -> Option<Special> {
    let bytes = src.as_bytes();
    let (byte, next) = (*bytes.get(at)?, bytes.get(at + 1).copied());
    if byte == b'`' && form.holes == Holes::Shell {
        let end = src
            .get(at + 1..)
            .and_then(|rest| rest.bytes().take(LONGEST_HOLE).position(|byte| byte == b'`'));
        return Some(end.map_or(Special::Broken(at + LONGEST_HOLE), |end| Special::Hole(end + 2)));
    }
    let terraform = form.holes == Holes::Terraform;
    if terraform && (starts(src, at, "$${") || starts(src, at, "%%{")) {
        return Some(Special::Decoded(char::from(byte).to_string(), 2));
    }
    if byte == b'%' && terraform && next == Some(b'{') {
        return Some(bracketed(src, at, at + 1, form));
    }
    if byte != b'$' {
        return None;
    }
    let named = matches!(form.holes, Holes::PowerShell | Holes::Shell);
    match next? {
        b'{' => Some(bracketed(src, at, at + 1, form)),
        b'(' if named => Some(bracketed(src, at, at + 1, form)),
        b'@' | b'*' if form.holes == Holes::Shell => Some(Special::Hole(2)),
        first if named && is_name(first) => {
            let scoped = form.holes == Holes::PowerShell;
            let name = |from: usize| bytes.iter().skip(from).take_while(|byte| is_name(**byte)).count();
            let mut length = 1 + name(at + 1);
            if scoped && bytes.get(at + length) == Some(&b':') && name(at + length + 1) > 0 {
                length += 1 + name(at + length + 1);
            }
            Some(Special::Hole(length))
        }
        _ => None,
    }
}

/// The offset after the bracket that closes the one at `open`, or up to where it was looked for. Quotes are left
/// aside, and so is what follows `escape`.
pub(super) fn balanced(
    src: &str,
    open: usize,
    longest: usize,
    lines: bool,
    escape: Option<u8>,
) -> Result<usize, usize> {
    let bytes = src.as_bytes();
    let (mut depth, mut quote, mut at) = (0usize, None, open);
    while let Some(byte) = bytes.get(at).filter(|_| at - open < longest) {
        match (byte, quote) {
            (b'\n' | b'\r', _) if !lines => return Err(at),
            (b'\\', Some(_)) => at += 1,
            (byte, _) if Some(*byte) == escape => at += 1,
            (b'"' | b'\'', None) => quote = Some(*byte),
            (_, Some(open)) if *byte == open => quote = None,
            (_, Some(_)) => {}
            (b'(' | b'[' | b'{', None) => depth += 1,
            (b')' | b']' | b'}', None) => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Ok(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
    Err(at.min(src.len()))
}

/// Length of the expression of a shell at an offset.
pub(super) fn shell_hole(src: &str, at: usize) -> Option<usize> {
    let form = Form {
        holes: Holes::Shell,
        ..PLAIN
    };
    match dollar(src, at, &form) {
        Some(Special::Hole(length)) => Some(length),
        _ => None,
    }
}

pub(super) fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether `wanted` stands at an offset.
pub(super) fn starts(src: &str, at: usize, wanted: &str) -> bool {
    src.as_bytes()
        .get(at..)
        .is_some_and(|rest| rest.starts_with(wanted.as_bytes()))
}
