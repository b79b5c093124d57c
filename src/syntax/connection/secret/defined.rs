//! What names are set to, in any language: `const key = "…"`, `key: str = "…"`, `param key string = '…'`,
//! `"key": {"type": "string", "defaultValue": "…"}`.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use super::assembled::{FORMATS, Filling, Strength};
use super::declared::ANY;
use super::positions::argument_at;
use super::settings::{block_member, value_attribute, value_beside};
use super::site::{is_blank, is_space, skip_blanks, skip_prefix, skip_quote};
use super::value::{Ends, is_quote, read};
use super::{byte, rest, skip, starts_with_folded};

/// Bytes of an expression that are looked at.
const EXPRESSION: usize = 512;

/// Bytes of a literal that are looked at.
const LITERAL: usize = 4096;

/// Bytes of the type that stands between a name and its value.
const TYPE: usize = 48;

/// Bytes that are looked at for each of the text: no text has so many names that are set to so long values.
const LOOKS: usize = 16;

/// Names that say nothing of what they hold. As a part of something (`secret.Value`) they are no names of the text, and as
/// members of objects they hold anything.
const SAYING_NOTHING: [&str; 10] = [
    "key", "text", "string", "data", "content", "result", "item", "default", "label", "output",
];

/// Rounds of names that are set to names.
const ROUNDS: usize = 4;

/// Calls whose argument is the name of what they give.
const LOOK_UPS: [&str; 2] = ["variables", "parameters"];

/// The values of the names that are wanted.
pub(super) struct Definitions<'t> {
    text: &'t str,
    wanted: Wanted,
    /// How sure each gap is.
    strengths: Vec<Strength>,
    /// Bytes after names that may still be looked at.
    left: Cell<usize>,
}

/// The gaps that names fill, by the names in lower case.
pub(super) type Wanted = BTreeMap<String, Vec<usize>>;

/// What a name is set to in the text.
#[derive(Default)]
struct Values {
    fillings: Vec<Filling>,
    /// How often it is set, also to what is not known.
    places: usize,
}

/// What a name is set to at one place.
enum Set {
    Literal(Filling),
    /// An expression that starts at an offset.
    Expression(usize),
}

impl<'t> Definitions<'t> {
    pub(super) fn new(text: &'t str, wanted: Wanted, strengths: Vec<Strength>) -> Self {
        Self {
            text,
            wanted,
            strengths,
            left: Cell::new(4096 + LOOKS * text.len()),
        }
    }

    /// Adds what fills the gaps, with the numbers of those. A name that is set to another one is followed.
    pub(super) fn read(mut self, filled: &mut Vec<(usize, Filling)>) {
        let mut known: BTreeSet<String> = BTreeSet::new();
        for _ in 0..ROUNDS {
            let next = self.round(filled);
            known.extend(std::mem::take(&mut self.wanted).into_keys());
            self.wanted = next.into_iter().filter(|(name, _)| !known.contains(name)).collect();
            if self.wanted.is_empty() {
                break;
            }
        }
    }

    /// Adds what fills texts where calls fill them: `text.format("…")`, `string.Format(text, "…")`. `uses` has the gaps of
    /// each text, by its name in lower case, and the numbers of the arguments that fill them.
    pub(super) fn uses(&mut self, uses: &BTreeMap<String, Vec<(usize, usize)>>, filled: &mut Vec<(usize, Filling)>) {
        let mut at = if uses.is_empty() { self.text.len() } else { 0 };
        while at < self.text.len() {
            let start = skip(self.text, at, |byte| !is_word(byte));
            let end = skip(self.text, start, is_word);
            at = end;
            let name = folded(self.text.get(start..end).unwrap_or_default());
            let Some(gaps) = uses.get(&*name) else { continue };
            let Some(arguments) = self.arguments(start, end) else {
                continue;
            };
            for (gap, number) in gaps.iter().take(3) {
                if !self.spend(EXPRESSION) {
                    return;
                }
                match argument_at(self.text, arguments, *number) {
                    Some((_, value)) if value.quoted => filled.push((*gap, Filling::whole(value))),
                    Some((start, _)) => {
                        for name in operand_names(self.text, start) {
                            self.wanted.entry(name).or_default().push(*gap);
                        }
                    }
                    None => {}
                }
            }
        }
    }

    /// Where the arguments start that fill the text whose name stands at `start..end`.
    fn arguments(&self, start: usize, end: usize) -> Option<usize> {
        let after = rest(self.text, end);
        if let Some(call) = FORMATS.iter().find(|call| starts_with_folded(after, call)) {
            return Some(end + call.len());
        }
        let sign = skip_blanks(self.text, end, is_blank);
        let before = self.text.get(..start)?.trim_end_matches(['$', '@']);
        let is_first = ["ormat(", "ormatted(", "rintf("]
            .iter()
            .any(|call| before.ends_with(call));
        match byte(self.text, sign)? {
            b',' if is_first => Some(sign + 1),
            b'%' if sign > end => Some(skip_blanks(self.text, sign + 1, |byte| is_blank(byte) || byte == b'(')),
            b'-' if starts_with_folded(rest(self.text, sign), "-f ") => Some(sign + 3),
            _ => None,
        }
    }

    /// Reads the text once; gives the names that those which are wanted are set to.
    fn round(&self, filled: &mut Vec<(usize, Filling)>) -> Wanted {
        let mut next = Wanted::new();
        let mut values: BTreeMap<&str, Values> = BTreeMap::new();
        let is_declared = |gap: &usize| self.strengths.get(*gap) == Some(&Strength::Declared);
        let declared = self.wanted.iter().filter(|(_, gaps)| gaps.iter().any(is_declared));
        let declared: BTreeSet<&str> = declared.map(|(name, _)| name.as_str()).collect();
        let lengths = self
            .wanted
            .keys()
            .fold(0_u64, |bits, name| bits | 1 << name.len().min(63));
        let mut at = 0;
        while at < self.text.len() {
            let start = skip(self.text, at, |byte| !is_word(byte));
            let end = skip(self.text, start, is_word);
            at = end;
            if lengths >> (end - start).min(63) & 1 == 0 {
                continue;
            }
            let name = folded(self.text.get(start..end).unwrap_or_default());
            let Some((name, gaps)) = self.wanted.get_key_value(&*name) else {
                continue;
            };
            if !self.spend(end - start) {
                break;
            }
            let values = values.entry(name).or_default();
            let set = if declared.contains(name.as_str()) {
                self.given(start, end)
            } else if says_nothing(name) {
                self.assigned(start, end)
            } else {
                self.set(start, end)
            };
            match set {
                Some(Set::Literal(filling)) => {
                    values.places += 1;
                    values.fillings.push(filling);
                    self.more(filling, gaps, &mut next, values);
                }
                Some(Set::Expression(from)) if operand_names(self.text, from) != [name.as_str()] => {
                    values.places += 1;
                    self.expression(from, gaps, &mut next, values);
                }
                Some(Set::Expression(_)) | None => {}
            }
        }
        for (name, Values { mut fillings, places }) in values {
            // Of several values, none is certain to be the one.
            fillings.iter_mut().for_each(|filling| filling.is_sole = places == 1);
            let gaps = self.wanted.get(name).map(Vec::as_slice).unwrap_or_default();
            filled.extend(self.of_gaps(gaps, &fillings));
        }
        next
    }

    /// The values with the surest of the gaps that they fill, so that none is looked at for each of many gaps.
    fn of_gaps(&self, gaps: &[usize], values: &[Filling]) -> Vec<(usize, Filling)> {
        let mut gaps: Vec<usize> = gaps.to_vec();
        gaps.sort_by_key(|gap| std::cmp::Reverse(self.strengths.get(*gap).copied()));
        gaps.truncate(3);
        let of = |gap: &usize| values.iter().map(|value| (*gap, *value)).collect::<Vec<_>>();
        gaps.iter().flat_map(of).collect()
    }

    /// What the declaration of a parameter at `start..end` gives it, or a file of parameters: `"key": {"value": "…"}` and
    /// `param key = '…'`. All else of such a name may be something else.
    fn given(&self, start: usize, end: usize) -> Option<Set> {
        let text = self.text;
        if let Some(quoted) = skip_quote(text, end) {
            let colon = skip_blanks(text, quoted, is_space);
            byte(text, colon).filter(|byte| *byte == b':')?;
            let open = skip_blanks(text, colon + 1, is_space);
            byte(text, open).filter(|byte| *byte == b'{')?;
            return self.literal(self.member(open, &["value", "defaultValue"])?, false);
        }
        text.get(..start)?.ends_with("param ").then_some(())?;
        let sign = skip_blanks(text, end, is_blank);
        let value = if byte(text, sign) == Some(b'=') {
            sign + 1
        } else {
            typed(text, sign)?
        };
        self.literal(skip_blanks(text, value, is_blank), false)
    }

    /// What a statement of its own sets the name at `start..end` to: `const key = "…"`, `key: str = "…"`, no member of an
    /// object and no argument of a call.
    fn assigned(&self, start: usize, end: usize) -> Option<Set> {
        let text = self.text;
        let from = text.floor_char_boundary(start.saturating_sub(TYPE));
        let before = text.get(from..start)?;
        // An argument by its name.
        let written = before.to_ascii_lowercase();
        if FORMATS.iter().any(|call| written.contains(call)) {
            return self.set(start, end);
        }
        let before = before.rsplit(['\n', '\r', ';']).next()?;
        let is_statement = |byte: u8| is_word(byte) || is_blank(byte) || matches!(byte, b'$' | b'<' | b'>' | b'?');
        before.bytes().all(is_statement).then_some(())?;
        let sign = skip_blanks(text, end, is_blank);
        let value = match byte(text, sign)? {
            b'=' if !matches!(byte(text, sign + 1), Some(b'=' | b'>')) => sign + 1,
            b':' => typed(text, sign + 1)?,
            _ => typed(text, sign).filter(|_| sign > end)?,
        };
        let set = self.value(value, value == end + 1)?;
        let Set::Literal(filling) = &set else { return Some(set) };
        let closed = skip(text, filling.value.end, is_quote);
        let next = byte(text, skip_blanks(text, closed, is_blank));
        (next != Some(b',')).then_some(set)
    }

    /// What the name at `start..end` is set to there.
    fn set(&self, start: usize, end: usize) -> Option<Set> {
        let text = self.text;
        let marked = skip_blanks(text, end, |byte| matches!(byte, b'}' | b'>' | b'%' | b'#'));
        let quoted = skip_quote(text, marked).filter(|_| marked == end || self.is_marked(start));
        let here = skip_blanks(text, quoted.unwrap_or(end), |byte| matches!(byte, b']' | b'['));
        if let Some(inner) = value_attribute(text, here).or_else(|| value_beside(text, start, here)) {
            return self.literal(inner, true);
        }
        let sign = skip_blanks(text, here, is_space);
        match byte(text, sign)? {
            b'=' if byte(text, sign + 1) == Some(b'=') => None,
            b'=' => self.value(skip(text, sign, |byte| matches!(byte, b'=' | b'>')), sign == here),
            b':' if byte(text, sign + 1) == Some(b'=') => self.value(sign + 2, false),
            b':' => self.after_colon(sign + 1, quoted.is_some()),
            b',' if quoted.is_some() => self.literal(skip_blanks(text, sign + 1, is_space), false),
            // `variable "key" { default = "…" }`
            b'{' if quoted.is_some() => self.literal(self.member(sign, &["default"])?, false),
            _ if sign > here => self.value(typed(text, sign)?, false),
            _ => None,
        }
    }

    /// Where the value starts of a member of the object at `at`.
    fn member(&self, at: usize, names: &[&str]) -> Option<usize> {
        let limit = self.text.floor_char_boundary(at.saturating_add(self.left.get()));
        let (end, value) = block_member(self.text.get(..limit)?, at, names);
        self.spend(end - at);
        value
    }

    /// Whether a name stands between marks in a literal of its own: `"{key}"`.
    fn is_marked(&self, start: usize) -> bool {
        let before = self.text.get(..start).unwrap_or_default();
        let marks = before.trim_end_matches(['{', '$', '<', '%', '#']);
        marks.len() < before.len() && before.len() - marks.len() <= 2 && marks.ends_with(['"', '\'', '`'])
    }

    fn after_colon(&self, at: usize, is_member: bool) -> Option<Set> {
        let start = skip_blanks(self.text, at, if is_member { is_space } else { is_blank });
        if byte(self.text, start) == Some(b'{') {
            let names = ["value", "defaultValue", "default"];
            return self.literal(self.member(start, &names)?, false);
        }
        let literal = self.literal(start, true);
        if is_member || matches!(literal, Some(Set::Literal(filling)) if filling.value.quoted) {
            return literal;
        }
        match typed(self.text, start) {
            Some(value) => self.value(value, false),
            None => literal,
        }
    }

    /// What an assignment at `at` gives. `bare` values have no quotes: those of a shell, of a file of settings.
    fn value(&self, at: usize, bare: bool) -> Option<Set> {
        let start = skip_blanks(self.text, at, is_blank);
        self.literal(start, bare && start == at)
            .or(Some(Set::Expression(start)))
    }

    fn literal(&self, at: usize, bare: bool) -> Option<Set> {
        let limit = self.text.floor_char_boundary(at.saturating_add(LITERAL));
        let text = self.text.get(..limit)?;
        let value = read(text, skip_prefix(text, at), Ends::Pair);
        self.spend(value.end - at);
        if value.quoted {
            return Some(Set::Literal(Filling::whole(value)));
        }
        let value = read(text, at, Ends::Word);
        let written = self.text.get(value.start..value.end)?;
        let is_value = bare && !written.contains(['(', '[', '{', '.', ',']);
        (is_value && value.known >= 6).then_some(Set::Literal(Filling::part(value)))
    }

    /// Takes bytes from what is left; whether there was enough.
    fn spend(&self, bytes: usize) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(bytes));
        left >= bytes
    }

    /// What is joined to a literal: `"…" + "…" + key`.
    fn more(&self, filling: Filling, gaps: &[usize], next: &mut Wanted, values: &mut Values) {
        let end = skip(self.text, filling.value.end, |byte| is_quote(byte) || byte == b'\\');
        let sign = skip_blanks(self.text, end, is_space);
        if filling.value.quoted && matches!(byte(self.text, sign), Some(b'+' | b'&' | b'.')) {
            self.expression(sign, gaps, next, values);
        }
    }

    /// Adds the literals and the names in an expression.
    fn expression(&self, from: usize, gaps: &[usize], next: &mut Wanted, values: &mut Values) {
        let limit = self.text.floor_char_boundary(from.saturating_add(EXPRESSION));
        let Some(text) = self.text.get(..limit) else { return };
        let mut at = from;
        while let Some(sign) = byte(text, at)
            .filter(|_| self.spend(1))
            .filter(|sign| !matches!(sign, b';' | b'\n' | b'\r'))
        {
            if is_quote(sign) {
                let value = read(text, at, Ends::Pair);
                values.fillings.push(Filling::part(value));
                at = skip(text, value.end, |byte| byte == b'\\') + 1;
            } else if is_word(sign) || sign == b'$' {
                let end = skip(text, at, |byte| is_word(byte) || matches!(byte, b'$' | b'.' | b':'));
                for name in operand_names(text, at) {
                    next.entry(name).or_default().extend(gaps.iter().take(3));
                }
                at = end.max(at + 1);
            } else {
                at += 1;
            }
        }
    }
}

/// Whether a name, in lower case, says nothing of what it holds.
fn says_nothing(name: &str) -> bool {
    SAYING_NOTHING.contains(&name) || ANY.contains(&name)
}

/// A name in lower case.
fn folded(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Where the value starts after a type and an equals sign: `string = '…'`, `&str = "…"`.
fn typed(text: &str, at: usize) -> Option<usize> {
    let limit = text.floor_char_boundary(at.saturating_add(TYPE));
    let limited = text.get(..limit)?;
    let end = skip(limited, at, |byte| {
        is_word(byte)
            || matches!(
                byte,
                b'&' | b'\'' | b'<' | b'>' | b'[' | b']' | b'?' | b'.' | b'|' | b' '
            )
    });
    let is_sign = byte(limited, end) == Some(b'=') && !matches!(byte(text, end + 1), Some(b'=' | b'>'));
    let words = limited.get(at..end)?.split_whitespace().count();
    (is_sign && (1..=3).contains(&words)).then_some(end + 1)
}

/// The names, in lower case, of what the operand at `at` gives: of `config.key` and `config["key"]` the last part, of
/// `variables('key')` the argument; of another call none.
pub(super) fn operand_names(text: &str, at: usize) -> Vec<String> {
    let start = skip_blanks(text, at, |byte| {
        matches!(byte, b' ' | b'(' | b'$' | b'{' | b'[' | b'.' | b'@' | b'#')
    });
    let limit = text.floor_char_boundary(start.saturating_add(EXPRESSION));
    let Some(text) = text.get(..limit) else {
        return Vec::new();
    };
    let mut end = skip(text, start, |byte| is_word(byte) || matches!(byte, b'.' | b':'));
    let mut path = text.get(start..end).unwrap_or_default().trim_end_matches([':', '.']);
    let open = byte(text, end);
    let look_up = LOOK_UPS.iter().any(|call| path.eq_ignore_ascii_case(call));
    if open == Some(b'[') || open == Some(b'(') && look_up {
        let Some(quote) = skip_quote(text, end + 1) else {
            return Vec::new();
        };
        end = skip(text, quote, is_word);
        path = text.get(quote..end).unwrap_or_default();
    } else if open == Some(b'(') {
        // What a name is made to be is of the name: `key.trim()`.
        let Some((owner, _)) = path.rsplit_once('.') else {
            return Vec::new();
        };
        path = owner;
    }
    let name = path.rsplit(['.', ':']).next().unwrap_or_default();
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    if !is_name || is_keyword(name) {
        return Vec::new();
    }
    let is_part = name.len() < path.len() || open == Some(b'[');
    let name = name.to_ascii_lowercase();
    if is_part && says_nothing(&name) {
        return Vec::new();
    }
    vec![name]
}

/// The names, in lower case, of the variables and parameters in an expression of a template; none if it asks for something
/// that the template does not hold, which they may be names of.
pub(super) fn looked_up(expression: &str) -> Vec<String> {
    let folded = expression.to_ascii_lowercase();
    if ["list", "reference(", "resourceid("]
        .iter()
        .any(|call| folded.contains(call))
    {
        return Vec::new();
    }
    let calls = folded.match_indices("('").filter(|(at, _)| {
        let before = folded.get(..*at).unwrap_or_default();
        LOOK_UPS.iter().any(|call| before.ends_with(call))
    });
    calls
        .flat_map(|(at, _)| operand_names(&folded, at + "('".len()))
        .collect()
}

/// Words of languages that no value has.
fn is_keyword(name: &str) -> bool {
    [
        "new", "await", "this", "self", "null", "none", "true", "false", "if", "else", "return", "os", "environ",
    ]
    .iter()
    .any(|word| name.eq_ignore_ascii_case(word))
}
