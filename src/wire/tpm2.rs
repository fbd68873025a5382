//! TPM2: frames of pixels over a serial line.
//!
//! ```text
//!  0    1    2             4                    4 + n
//! | C9 | DA | n, bytes (BE) | n bytes: r g b ... | 36 |
//! ```
//! Receivers may acknowledge a frame with the single byte `AC`.
//!
//! Invariant: no more bytes are read than the frame says it has, with its last one in place.

use crate::wire::Error;

/// What a receiver acknowledges a frame with.
pub const ACK: u8 = 0xAC;
/// Pixels of one frame, at most: 65,535 bytes.
pub const MAX_PIXELS: usize = 21_845;

const START: u8 = 0xC9;
const DATA: u8 = 0xDA;
const END: u8 = 0x36;
const HEADER: usize = 4;

/// Appends a frame of at most [`MAX_PIXELS`] pixels; the rest of more is left out.
pub fn encode(pixels: impl ExactSizeIterator<Item = [u8; 3]>, out: &mut Vec<u8>) {
    let n = pixels.len().min(MAX_PIXELS);
    let [high, low] = u16::try_from(3 * n).unwrap_or(u16::MAX).to_be_bytes();
    out.extend([START, DATA, high, low]);
    out.extend(pixels.take(n).flatten());
    out.push(END);
}

/// Reads the frame at the beginning of `bytes`: its payload, and how many bytes it took.
///
/// # Errors
/// [`Error::Truncated`] if there may be a frame that is not whole, [`Error::Malformed`] if there is none,
/// [`Error::Unsupported`] if it is a ping, a command or the like.
pub fn decode(bytes: &[u8]) -> Result<(&[u8], usize), Error> {
    match bytes {
        [] | [START] => return Err(Error::Truncated),
        [START, DATA, ..] => {}
        [START, ..] => return Err(Error::Unsupported),
        _ => return Err(Error::Malformed { what: "start of a frame" }),
    }
    let Some(&[high, low]) = bytes.get(2..HEADER) else { return Err(Error::Truncated) };
    let end = HEADER + usize::from(u16::from_be_bytes([high, low]));
    match bytes.get(end) {
        Some(&END) => Ok((bytes.get(HEADER..end).unwrap_or_default(), end + 1)),
        Some(_) => Err(Error::Malformed { what: "end of a frame" }),
        None => Err(Error::Truncated),
    }
}
