//! AWA: Adalight with a check at its end, for boards at one to two million bits a second (HyperSerial).
//!
//! ```text
//!  0    1    2    3       4       5                    6                        6 + 3 n
//! | 41 | 77 | 61 | count-1 (BE) | high ^ low ^ 55 hex | r g b | r g b | ...    | f1 | f2 | fx |
//! ```
//! The check over the pixels' bytes `b` at places `p` from 0, counted in a byte: `f1 = (f1 + b) mod 255`,
//! `f2 = (f2 + f1) mod 255`, `fx = (fx + (b xor p)) mod 255`; an `fx` of 41 hex is written as AA.
//!
//! Invariant: a frame whose check is wrong is never taken.

use crate::wire::{Error, adalight};

/// Asks a board to say what it is; its answer contains [`GREETING`].
pub const HELLO: &[u8] = b"\x41\x77\x41\x2A\xA2\x15hyperhdr";
/// What a board says of itself.
pub const GREETING: &[u8] = b"Awa driver";
/// Pixels of one frame, at most.
pub const MAX_PIXELS: usize = 65_535;

const MAGIC: &[u8; 3] = b"Awa";
const HEADER: usize = 6;
const CHECK: usize = 3;

/// Appends a frame of 1 to [`MAX_PIXELS`] pixels; the rest of more is left out, and of none there is no frame.
pub fn encode(pixels: impl ExactSizeIterator<Item = [u8; 3]>, out: &mut Vec<u8>) {
    let n = pixels.len().min(MAX_PIXELS);
    if n > 0 {
        adalight::header(*MAGIC, n - 1, out);
        let start = out.len();
        out.extend(pixels.take(n).flatten());
        let check = check(out.get(start..).unwrap_or_default());
        out.extend(check);
    }
}

/// Reads the frame at the beginning of `bytes`: its pixels, three bytes each, and how many bytes it took.
///
/// # Errors
/// [`Error::Truncated`] if there may be a frame that is not whole, [`Error::Malformed`] if there is none or its check is
/// wrong.
pub fn decode(bytes: &[u8]) -> Result<(&[u8], usize), Error> {
    let n = adalight::counted(*MAGIC, bytes)? + 1;
    let end = HEADER + 3 * n;
    let pixels = bytes.get(HEADER..end).ok_or(Error::Truncated)?;
    match bytes.get(end..end + CHECK) {
        Some(said) if *said == check(pixels) => Ok((pixels, end + CHECK)),
        Some(_) => Err(Error::Malformed { what: "check bytes of a frame" }),
        None => Err(Error::Truncated),
    }
}

/// The three check bytes of these.
#[must_use]
pub fn check(bytes: &[u8]) -> [u8; CHECK] {
    let sum = |a: u8, b: u8| ((u16::from(a) + u16::from(b)) % 255) as u8;
    let (f1, f2, fx, _) = bytes.iter().fold((0, 0, 0, 0_u8), |(f1, f2, fx, place), byte| {
        let f1 = sum(f1, *byte);
        (f1, sum(f2, f1), sum(fx, byte ^ place), place.wrapping_add(1))
    });
    [f1, f2, if fx == 0x41 { 0xAA } else { fx }]
}
