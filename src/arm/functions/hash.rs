//! `guid()` and `uniqueString()`.

use super::{Call, Function, MANY, Outcome, Stop, plain};
use crate::arm::evaluate::MAX_TEXT;
use crate::arm::value::{Node, Value};

pub(super) static FUNCTIONS: &[Function] = &[plain("guid", 1, MANY, guid), plain("uniqueString", 1, MANY, unique)];

/// The namespace of the name-based UUIDs (RFC 9562, version 5) that `guid()` makes.
const NAMESPACE: [u8; 16] = [
    0x11, 0xfb, 0x06, 0xfb, 0x71, 0x2d, 0x4d, 0xdd, 0x98, 0xc7, 0xe7, 0x1b, 0xbd, 0x58, 0x88, 0x30,
];

fn guid(call: &Call<'_>, args: &[Node]) -> Outcome {
    let mut seed = NAMESPACE.to_vec();
    for index in 0..args.len() {
        if index > 0 {
            seed.push(b'-');
        }
        seed.extend_from_slice(call.str_arg(args, index)?.as_bytes());
        if seed.len() > MAX_TEXT {
            return call.too_large();
        }
    }
    let mut text = String::with_capacity(36);
    for (index, byte) in sha1(&seed).into_iter().take(16).enumerate() {
        let byte = match index {
            6 => (byte & 0x0f) | 0x50,
            8 => (byte & 0x3f) | 0x80,
            _ => byte,
        };
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push_str(&format!("{byte:02x}"));
    }
    call.computed(text)
}

/// The service does not say how it makes these: equal arguments make equal symbols.
fn unique(call: &Call<'_>, args: &[Node]) -> Outcome {
    for (index, arg) in args.iter().enumerate() {
        if !matches!(arg.value, Value::Unknown(_)) {
            call.text_arg(args, index)?;
        }
    }
    Err(Stop::Unknown)
}

/// The SHA-1 digest (FIPS 180-4) of some bytes. It names values here and protects nothing.
pub(in crate::arm) fn sha1(bytes: &[u8]) -> [u8; 20] {
    let mut message = bytes.to_vec();
    message.push(0x80);
    while message.len() % 64 != 56 {
        message.push(0);
    }
    let bits = u64::try_from(bytes.len()).unwrap_or(u64::MAX).wrapping_mul(8);
    message.extend_from_slice(&bits.to_be_bytes());
    let mut state = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    for block in message.chunks_exact(64) {
        state = compress(state, block);
    }
    let mut digest = [0; 20];
    for (out, byte) in digest.iter_mut().zip(state.iter().flat_map(|word| word.to_be_bytes())) {
        *out = byte;
    }
    digest
}

fn compress(state: [u32; 5], block: &[u8]) -> [u32; 5] {
    let mut words: Vec<u32> = block
        .chunks_exact(4)
        .map(|chunk| chunk.iter().fold(0, |word, byte| (word << 8) | u32::from(*byte)))
        .collect();
    let at = |words: &[u32], index: usize| words.get(index).copied().unwrap_or_default();
    for index in 16..80 {
        let mixed = at(&words, index - 3) ^ at(&words, index - 8) ^ at(&words, index - 14) ^ at(&words, index - 16);
        words.push(mixed.rotate_left(1));
    }
    let [mut a, mut b, mut c, mut d, mut e] = state;
    for (round, word) in words.into_iter().enumerate() {
        let (mixed, constant) = match round {
            0..20 => ((b & c) | (!b & d), 0x5a82_7999),
            20..40 => (b ^ c ^ d, 0x6ed9_eba1),
            40..60 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc_u32),
            _ => (b ^ c ^ d, 0xca62_c1d6),
        };
        let next = a
            .rotate_left(5)
            .wrapping_add(mixed)
            .wrapping_add(e)
            .wrapping_add(constant)
            .wrapping_add(word);
        (a, b, c, d, e) = (next, a, b.rotate_left(30), c, d);
    }
    let [s0, s1, s2, s3, s4] = state;
    [
        s0.wrapping_add(a),
        s1.wrapping_add(b),
        s2.wrapping_add(c),
        s3.wrapping_add(d),
        s4.wrapping_add(e),
    ]
}
