//! From the bytes of a file to text: UTF-8 with and without byte-order mark, UTF-16 with one.

use super::span::offset;

/// How the bytes of a file stand for text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 without a byte-order mark.
    Utf8,
    /// UTF-8 after a byte-order mark of three bytes.
    Utf8Bom,
    /// UTF-16, low byte first, after a byte-order mark (what `>` of Windows `PowerShell` writes).
    Utf16Le,
    /// UTF-16, high byte first, after a byte-order mark.
    Utf16Be,
}

impl Encoding {
    /// Bytes of the byte-order mark.
    #[must_use]
    pub fn mark_length(self) -> u32 {
        match self {
            Self::Utf8 => 0,
            Self::Utf8Bom => 3,
            Self::Utf16Le | Self::Utf16Be => 2,
        }
    }

    /// Whether characters are made of 16-bit units.
    #[must_use]
    pub fn is_utf16(self) -> bool {
        matches!(self, Self::Utf16Le | Self::Utf16Be)
    }
}

/// Why bytes are not text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotText {
    /// Zero bytes where text has none.
    Binary,
    /// Every second byte is zero: UTF-16 whose byte-order mark is missing.
    Utf16WithoutMark,
    /// UTF-32, which nothing writes by default.
    Utf32,
    /// Four GiB or more: offsets have 32 bits.
    TooLarge,
}

/// A place where the bytes did not encode a character; the text holds U+FFFD there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// Offset in the decoded text of the replacement character.
    pub text: u32,
    /// Offset on disk of the first byte after the bytes that were replaced.
    pub disk_end: u32,
}

/// The text of a file, without its byte-order mark.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// The text.
    pub text: String,
    /// How it was encoded.
    pub encoding: Encoding,
    /// Places that could not be decoded, in order.
    pub replaced: Vec<Replaced>,
}

/// How many bytes at the start decide whether a file is text.
const PROBE: usize = 1024;

/// Decodes the bytes of a file.
///
/// # Errors
/// When the bytes are not text; the reason says what they look like.
pub fn decode(bytes: &[u8]) -> Result<Decoded, NotText> {
    if u32::try_from(bytes.len()).is_err() {
        return Err(NotText::TooLarge);
    }
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => Ok(utf8(rest, Encoding::Utf8Bom)),
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Err(NotText::Utf32),
        [0xFF, 0xFE, rest @ ..] => Ok(utf16(rest, Encoding::Utf16Le, u16::from_le_bytes)),
        [0xFE, 0xFF, rest @ ..] => Ok(utf16(rest, Encoding::Utf16Be, u16::from_be_bytes)),
        _ => {
            let probe = bytes.get(..PROBE).unwrap_or(bytes);
            match probe.iter().filter(|byte| **byte == 0).count() {
                0 => Ok(utf8(bytes, Encoding::Utf8)),
                zeros if probe.len() >= 4 && zeros * 5 >= probe.len() * 2 && zeros * 2 <= probe.len() => {
                    Err(NotText::Utf16WithoutMark)
                }
                _ => Err(NotText::Binary),
            }
        }
    }
}

fn utf8(bytes: &[u8], encoding: Encoding) -> Decoded {
    let mut decoded = Decoded {
        text: String::with_capacity(bytes.len()),
        encoding,
        replaced: Vec::new(),
    };
    let mut disk = encoding.mark_length();
    for chunk in bytes.utf8_chunks() {
        decoded.text.push_str(chunk.valid());
        disk += offset(chunk.valid().len());
        if !chunk.invalid().is_empty() {
            disk += offset(chunk.invalid().len());
            decoded.replaced.push(Replaced {
                text: offset(decoded.text.len()),
                disk_end: disk,
            });
            decoded.text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    decoded
}

fn utf16(bytes: &[u8], encoding: Encoding, unit: fn([u8; 2]) -> u16) -> Decoded {
    let mut decoded = Decoded {
        text: String::with_capacity(bytes.len()),
        encoding,
        replaced: Vec::new(),
    };
    let (pairs, odd) = bytes.as_chunks::<2>();
    let mut disk = encoding.mark_length();
    for result in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let broken = result.is_err();
        let character = result.unwrap_or(char::REPLACEMENT_CHARACTER);
        disk += 2 * offset(character.len_utf16());
        if broken {
            decoded.replaced.push(Replaced {
                text: offset(decoded.text.len()),
                disk_end: disk,
            });
        }
        decoded.text.push(character);
    }
    if !odd.is_empty() {
        decoded.replaced.push(Replaced {
            text: offset(decoded.text.len()),
            disk_end: disk + 1,
        });
        decoded.text.push(char::REPLACEMENT_CHARACTER);
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_marks_decide_the_encoding() {
        assert_eq!(decode(b"\xEF\xBB\xBFa").unwrap().encoding, Encoding::Utf8Bom);
        let text = decode(b"\xFF\xFE.\0a\0\x3D\xD8\x00\xDE").unwrap();
        assert_eq!((text.text.as_str(), text.encoding), (".a😀", Encoding::Utf16Le));
        assert_eq!(decode(b"\xFE\xFF\0.\0a").unwrap().text, ".a");
    }

    #[test]
    fn broken_bytes_are_replaced_and_remembered() {
        let decoded = decode(b"ab\xFFcd\xE2\x82").unwrap();
        assert_eq!(decoded.text, "ab\u{FFFD}cd\u{FFFD}");
        assert_eq!(
            decoded.replaced,
            [Replaced { text: 2, disk_end: 3 }, Replaced { text: 7, disk_end: 7 }]
        );
        assert_eq!(decode(b"\xFF\xFEa\0b").unwrap().replaced.len(), 1);
    }

    #[test]
    fn zero_bytes_are_not_text() {
        assert_eq!(decode(b"\x7fELF\0\0\0\x01").unwrap_err(), NotText::Binary);
        assert_eq!(decode(b".\0c\0r\0e\0").unwrap_err(), NotText::Utf16WithoutMark);
        assert_eq!(decode(b"\xFF\xFE\0\0.\0\0\0").unwrap_err(), NotText::Utf32);
    }
}
