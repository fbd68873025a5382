//! Realtime datagrams of WLED: DNRGB, and the word to leave.
//!
//! ```text
//!  0          1            2               4
//!  | protocol | time-out s | start, BE     | red, green, blue ...
//! ```

use std::ops::Range;

use crate::wire::Error;

/// Pixels of one DNRGB datagram, at most.
pub const MAX_PIXELS: usize = 489;
/// Ends a stream: a DRGB datagram with a time-out of 0.
pub const LEAVE: [u8; 2] = [DRGB, 0];

const WARLS: u8 = 1;
const DRGB: u8 = 2;
const DRGBW: u8 = 3;
const DNRGB: u8 = 4;
const DNRGBW: u8 = 5;

/// A datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packet<'a> {
    /// End the stream.
    Leave,
    /// Pixels.
    Pixels {
        /// The stream ends after so many seconds without a datagram; 255 for never.
        time_out: u8,
        /// The pixel that the first colour is for.
        start: u16,
        /// Bytes of each: 3, or 4 with white.
        n_each: usize,
        /// Colours, one after the other.
        data: &'a [u8],
    },
    /// Pixels that each say their place.
    Placed {
        /// As above.
        time_out: u8,
        /// Place, red, green, blue, one after the other.
        data: &'a [u8],
    },
}

/// The datagrams of a frame of so many pixels.
pub fn split(n_pixels: usize) -> impl Iterator<Item = Range<usize>> {
    (0..n_pixels).step_by(MAX_PIXELS).map(move |start| start..(start + MAX_PIXELS).min(n_pixels))
}

/// Appends the header of a DNRGB datagram; its colours are appended by the caller.
pub fn encode_header(time_out: u8, start: u16, out: &mut Vec<u8>) {
    let [high, low] = start.to_be_bytes();
    out.extend_from_slice(&[DNRGB, time_out, high, low]);
}

/// Reads a datagram, as a node does: what is too short to hold one pixel is no packet.
///
/// # Errors
/// [`Error::Truncated`] if it is too short, [`Error::Unsupported`] if it is of another protocol.
pub fn decode(bytes: &[u8]) -> Result<Packet<'_>, Error> {
    let (protocol, time_out, rest) = match bytes {
        [protocol, time_out, rest @ ..] => (*protocol, *time_out, rest),
        _ => return Err(Error::Truncated),
    };
    if !(WARLS..=DNRGBW).contains(&protocol) {
        return Err(Error::Unsupported);
    }
    if time_out == 0 {
        return Ok(Packet::Leave);
    }
    let n_each = if matches!(protocol, DRGBW | DNRGBW | WARLS) { 4 } else { 3 };
    let (start, data) = match (protocol, rest) {
        (DNRGB | DNRGBW, [high, low, data @ ..]) => (u16::from_be_bytes([*high, *low]), data),
        (DNRGB | DNRGBW, _) => return Err(Error::Truncated),
        _ => (0, rest),
    };
    match data.len() {
        n if n < n_each => Err(Error::Truncated),
        _ if protocol == WARLS => Ok(Packet::Placed { time_out, data }),
        _ => Ok(Packet::Pixels { time_out, start, n_each, data }),
    }
}
