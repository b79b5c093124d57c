//! Places that may be written anew: where a piece of text stands in a file, and how text must be written there.

use super::FileSpan;

/// How one kind of text holds another: what must be done to text so that it can stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// A JSON string in double quotes.
    JsonDouble,
    /// A JSON string in single quotes.
    JsonSingle,
    /// A literal in double quotes with the escapes of C.
    BackslashDouble,
    /// A literal in single quotes with the escapes of C.
    BackslashSingle,
    /// A literal on one line in which a double quote is doubled.
    DoubledDouble,
    /// A literal on one line in which a single quote is doubled.
    DoubledSingle,
    /// A literal of a template expression: a quote is doubled.
    Expression,
    /// The first argument of `format()`: braces are doubled.
    Format,
    /// A literal between fences, in which nothing can be escaped.
    Fenced,
    /// Lines that are taken out of a document as they stand.
    Line,
    /// A literal of which it is not certain how it escapes: plain words only.
    Words,
    /// Text that a function made of other text: it can't be written anew.
    Made,
}

impl Escape {
    /// All of them; the place of each is its number in [`Layers`].
    const ALL: [Self; 12] = [
        Self::JsonDouble,
        Self::JsonSingle,
        Self::BackslashDouble,
        Self::BackslashSingle,
        Self::DoubledDouble,
        Self::DoubledSingle,
        Self::Expression,
        Self::Format,
        Self::Fenced,
        Self::Line,
        Self::Words,
        Self::Made,
    ];

    fn number(self) -> u32 {
        Self::ALL
            .iter()
            .zip(1..)
            .find_map(|(one, number)| (*one == self).then_some(number))
            .unwrap_or(MADE)
    }

    /// The text as it must be written to stand there; `None` if it can't be.
    fn write(self, text: &str) -> Option<String> {
        let without = |forbidden: &[char]| (!text.contains(forbidden)).then(|| text.to_owned());
        match self {
            Self::JsonDouble => Some(backslashed(text, '"', false)),
            Self::JsonSingle => Some(backslashed(text, '\'', false)),
            Self::BackslashDouble => Some(backslashed(text, '"', true)),
            Self::BackslashSingle => Some(backslashed(text, '\'', true)),
            Self::DoubledDouble => without(&['\n', '\r']).map(|text| text.replace('"', "\"\"")),
            Self::DoubledSingle => without(&['\n', '\r']).map(|text| text.replace('\'', "''")),
            Self::Expression => Some(text.replace('\'', "''")),
            Self::Format => Some(text.replace('{', "{{").replace('}', "}}")),
            Self::Fenced => without(&['`', '~']),
            Self::Line => without(&['`', '~', '\n', '\r']),
            Self::Words => {
                let plain =
                    |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | ',' | '.' | '-' | '_' | '=' | '(' | ')');
                text.chars().all(plain).then(|| text.to_owned())
            }
            Self::Made => None,
        }
    }
}

/// The text with backslashes before backslashes and `quote`. KQL and C know `\x41` and no `\/`, JSON `\u0041` only:
/// both know the numbered form with four digits.
fn backslashed(text: &str, quote: char, c_like: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if character == quote => out.extend(['\\', quote]),
            // A literal of C ends with its line, whatever breaks it.
            '\u{85}' | '\u{2028}' | '\u{2029}' if c_like => out.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ if character.is_ascii_control() => out.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => out.push(character),
        }
    }
    out
}

/// Bits for one layer.
const BITS: u32 = 4;
/// Layers that are kept; text below more of them can't be written anew.
const MOST: u32 = 7;
/// The number of [`Escape::Made`].
const MADE: u32 = 12;
/// Set for text that more than one thing may use.
const SHARED: u32 = 1 << 31;

/// What text is wrapped in, from the file inwards: four bits a layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Layers(u32);

impl Layers {
    /// Those of text that can't be written anew.
    pub(super) const MADE: Self = Self(MADE);

    /// These layers with another one inside.
    pub(super) fn with(self, escape: Escape) -> Self {
        if escape == Escape::Made || self.is_made() {
            return Self(Self::MADE.0 | (self.0 & SHARED));
        }
        match (0..MOST).find(|layer| self.number(*layer) == 0) {
            Some(layer) => Self(self.0 | (escape.number() << (layer * BITS))),
            None => Self(Self::MADE.0 | (self.0 & SHARED)),
        }
    }

    /// The same layers of text that more than one thing may use.
    pub(super) fn shared(self) -> Self {
        Self(self.0 | SHARED)
    }

    pub(super) fn is_made(self) -> bool {
        self.number(0) == MADE
    }

    fn number(self, layer: u32) -> u32 {
        (self.0 >> (layer * BITS)) & ((1 << BITS) - 1)
    }

    /// The text as it stands in the file.
    fn write(self, text: &str) -> Option<String> {
        let mut text = text.to_owned();
        for layer in (0..MOST).rev() {
            let number = self.number(layer) as usize;
            if let Some(escape) = number.checked_sub(1).and_then(|index| Escape::ALL.get(index)) {
                text = escape.write(&text)?;
            }
        }
        Some(text)
    }
}

/// Characters of a file that may be written anew: the bytes of a text that stand there and nowhere else, in one
/// piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Editable {
    at: FileSpan,
    layers: Layers,
}

impl Editable {
    pub(super) fn new(at: FileSpan, layers: Layers) -> Option<Self> {
        (!layers.is_made()).then_some(Self { at, layers })
    }

    /// A word of letters and digits that stands bare in a template, such as `false`: nothing escapes it.
    #[must_use]
    pub fn bare_word(at: FileSpan) -> Self {
        Self {
            at,
            layers: Layers::default().with(Escape::Words).shared(),
        }
    }

    /// The characters.
    #[must_use]
    pub fn at(&self) -> FileSpan {
        self.at
    }

    pub(super) fn layers(&self) -> Layers {
        self.layers
    }

    /// Whether something else may use the same characters: a variable, a default, the body of a loop.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.layers.0 & SHARED != 0
    }

    /// What to write in the file in their place, so that `text` is read there; `None` if it can't be written.
    #[must_use]
    pub fn written(&self, text: &str) -> Option<String> {
        self.layers.write(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_escape_from_the_inside_out() {
        let layers = Layers::default()
            .with(Escape::JsonDouble)
            .with(Escape::Expression)
            .with(Escape::BackslashSingle);
        assert_eq!(layers.write("it's\n").unwrap(), r"it\\''s\\n");
        let format = Layers::default().with(Escape::JsonDouble).with(Escape::Format);
        assert_eq!(format.write(r#"{"a":1}"#).unwrap(), r#"{{\"a\":1}}"#);
    }

    #[test]
    fn what_cannot_be_written_is_refused() {
        for (escape, text) in [
            (Escape::Fenced, "a`b"),
            (Escape::Line, "a\nb"),
            (Escape::Words, "a\"b"),
            (Escape::DoubledSingle, "a\nb"),
            (Escape::Made, "a"),
        ] {
            assert_eq!(Layers::default().with(escape).write(text), None, "{escape:?}");
        }
        let deep = (0..8).fold(Layers::default(), |layers, _| layers.with(Escape::Expression));
        assert!(deep.is_made() && deep.write("a").is_none());
        assert!(!Layers::default().with(Escape::Words).is_made());
    }

    #[test]
    fn numbers_stand_for_the_escapes_in_their_order() {
        assert_eq!(Escape::Made.number(), MADE);
        assert_eq!(Escape::JsonDouble.number(), 1);
    }
}
