//! Adalight: frames of pixels over a serial line, as most Arduino sketches and WLED take them.
//!
//! ```text
//!  0    1    2    3       4       5                    6
//! | 41 | 64 | 61 | count-1 (BE) | high ^ low ^ 55 hex | r g b | r g b | ...
//! ```
//! Boards greet with `Ada\n` when they are ready. Some receivers want the count itself in place of count-1.
//!
//! Invariant: after [`decode`] said yes, the pixels are whole: a multiple of three bytes.

use crate::wire::Error;

/// What boards say when they are ready.
pub const GREETING: &[u8] = b"Ada";
/// Pixels of one frame, at most: what both ways of counting can say.
pub const MAX_PIXELS: usize = 65_535;

const MAGIC: &[u8; 3] = b"Ada";
const HEADER: usize = 6;
const SALT: u8 = 0x55;

/// What stands in the header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Count {
    /// The number of pixels minus one, as the protocol has it.
    #[default]
    MinusOne,
    /// The number of pixels, as some receivers want it.
    Plain,
}

impl Count {
    fn offset(self) -> usize {
        match self {
            Self::MinusOne => 1,
            Self::Plain => 0,
        }
    }
}

/// Appends a frame of 1 to [`MAX_PIXELS`] pixels; the rest of more is left out, and of none there is no frame.
pub fn encode(count: Count, pixels: impl ExactSizeIterator<Item = [u8; 3]>, out: &mut Vec<u8>) {
    let n = pixels.len().min(MAX_PIXELS);
    if n > 0 {
        header(*MAGIC, n - count.offset(), out);
        out.extend(pixels.take(n).flatten());
    }
}

/// Reads the frame at the beginning of `bytes`: its pixels, three bytes each, and how many bytes it took.
///
/// # Errors
/// [`Error::Truncated`] if there may be a frame that is not whole, [`Error::Malformed`] if there is none.
pub fn decode(count: Count, bytes: &[u8]) -> Result<(&[u8], usize), Error> {
    let n = counted(*MAGIC, bytes)? + count.offset();
    let end = HEADER + 3 * n;
    Ok((bytes.get(HEADER..end).ok_or(Error::Truncated)?, end))
}

/// Appends the header that Adalight and its children share; `counted` is what stands in it as the count.
pub(super) fn header(magic: [u8; 3], counted: usize, out: &mut Vec<u8>) {
    let [high, low] = u16::try_from(counted).unwrap_or(u16::MAX).to_be_bytes();
    out.extend(magic);
    out.extend([high, low, high ^ low ^ SALT]);
}

/// The count in such a header.
pub(super) fn counted(magic: [u8; 3], bytes: &[u8]) -> Result<usize, Error> {
    if !magic.iter().zip(bytes).all(|(right, byte)| right == byte) {
        return Err(Error::Malformed { what: "start of a frame" });
    }
    match bytes.get(3..HEADER) {
        Some([high, low, check]) if *check == high ^ low ^ SALT => Ok(u16::from_be_bytes([*high, *low]).into()),
        Some(_) => Err(Error::Malformed { what: "check byte of a header" }),
        None => Err(Error::Truncated),
    }
}
