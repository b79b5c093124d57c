//! Base64 and data URIs.

use super::serialize::read;
use super::{Call, Function, Outcome, Stop, plain};
use crate::arm::value::Node;
use crate::text::MappedText;

pub(super) static FUNCTIONS: &[Function] = &[
    plain("base64", 1, 1, |call, args| {
        call.computed(encode(call.str_arg(args, 0)?.as_bytes()))
    }),
    plain("base64ToString", 1, 1, |call, args| call.text(decoded(call, args)?)),
    plain("base64ToJson", 1, 1, |call, args| read(call, &decoded(call, args)?)),
    plain("dataUri", 1, 1, data_uri),
    plain("dataUriToString", 1, 1, data_uri_to_string),
];

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = (0..3).fold(0_u32, |group, index| {
            (group << 8) | u32::from(chunk.get(index).copied().unwrap_or_default())
        });
        for index in 0..4_usize {
            let shift = 18 - 6 * index;
            let digit = usize::try_from((group >> shift) & 63).ok();
            let digit = digit.and_then(|digit| ALPHABET.get(digit)).copied().unwrap_or(b'=');
            out.push(char::from(if index > chunk.len() { b'=' } else { digit }));
        }
    }
    out
}

/// The bytes of a Base64 text; `None` when it is none.
fn decode(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    if !text.len().is_multiple_of(4) || text.len() - digits.len() > 2 {
        return None;
    }
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    for chunk in digits.as_bytes().chunks(4) {
        let mut group = 0_u32;
        for byte in chunk {
            let digit = ALPHABET.iter().position(|known| known == byte)?;
            group = (group << 6) | u32::try_from(digit).ok()?;
        }
        group <<= 6 * (4 - chunk.len());
        let [_, bytes @ ..] = group.to_be_bytes();
        out.extend(bytes.iter().take(chunk.len() - 1));
    }
    Some(out)
}

/// The text in a Base64 text; it stands for the whole of it.
fn decoded(call: &Call<'_>, args: &[Node]) -> Result<MappedText, Stop> {
    let node = call.arg(args, 0)?;
    let text = call.str_arg(args, 0)?;
    let bytes = match decode(text) {
        Some(bytes) => bytes,
        None => return call.failed("cannot read the text as Base64"),
    };
    match String::from_utf8(bytes) {
        Ok(text) => Ok(MappedText::computed(text, node.origin)),
        Err(_) => Err(Stop::Unknown),
    }
}

fn data_uri(call: &Call<'_>, args: &[Node]) -> Outcome {
    let text = encode(call.str_arg(args, 0)?.as_bytes());
    call.computed(format!("data:text/plain;charset=utf-8;base64,{text}"))
}

fn data_uri_to_string(call: &Call<'_>, args: &[Node]) -> Outcome {
    let node = call.arg(args, 0)?;
    let uri = call.str_arg(args, 0)?;
    let Some((head, data)) = uri.strip_prefix("data:").and_then(|rest| rest.split_once(',')) else {
        return call.failed("takes a text that starts with `data:`");
    };
    let mut options = head.split(';').skip(1);
    let based = options.any(|option| option.eq_ignore_ascii_case("base64"));
    let charset = head
        .split(';')
        .filter_map(|option| option.split_once('='))
        .any(|(name, value)| {
            name.eq_ignore_ascii_case("charset")
                && !["utf8", "utf-8", "us-ascii"].contains(&value.to_ascii_lowercase().as_str())
        });
    if charset || (!based && data.contains('%')) {
        return Err(Stop::Unknown);
    }
    if !based {
        return call.text(MappedText::computed(data, node.origin));
    }
    match decode(data).map(String::from_utf8) {
        Some(Ok(text)) => call.text(MappedText::computed(text, node.origin)),
        Some(Err(_)) => Err(Stop::Unknown),
        None => call.failed("cannot read the data as Base64"),
    }
}
