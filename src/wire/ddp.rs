//! DDP, the Distributed Display Protocol: pixels in datagrams. Reference: 3waylabs.com/ddp.
//!
//! ```text
//!  0      1          2     3            4                8          10
//!  | flags | sequence | kind | destination | offset, bytes | length   | data ... (time code first if TIME: 4 bytes)
//! ```
//!
//! Invariant: a packet that [`decode`] gives holds exactly as much data as its header says.

use std::ops::Range;

use serde::Deserialize;

use crate::wire::Error;

/// The port of receivers.
pub const PORT: u16 = 4048;
/// Data of one packet, bytes, at most: what goes over any network in one piece.
pub const MAX_DATA: usize = 1440;
/// The question for [`STATUS`], as it is sent to everybody.
pub const WHO: &[u8] = &[VERSION | QUERY, 0, 0, STATUS, 0, 0, 0, 0, 0, 0];

/// Version 1.
const VERSION: u8 = 0x40;
const VERSION_BITS: u8 = 0xC0;
const TIME: u8 = 0x10;
/// An answer to a question.
pub const REPLY: u8 = 0x04;
/// A question.
pub const QUERY: u8 = 0x02;
/// Show what came.
pub const PUSH: u8 = 0x01;

/// Data type: red, green, blue of 8 bits.
pub const RGB: u8 = 0x0B;
/// Data type: red, green, blue, white of 8 bits.
pub const RGBW: u8 = 0x1B;

/// Destination: the pixels of a receiver.
pub const DISPLAY: u8 = 1;
/// Destination: its configuration, as JSON.
pub const CONFIG: u8 = 250;
/// Destination: what it is, as JSON.
pub const STATUS: u8 = 251;
/// Destination: everybody.
pub const ALL: u8 = 255;

const HEADER: usize = 10;
const TIME_CODE: usize = 4;

mod field {
    use std::ops::Range;

    pub const FLAGS: usize = 0;
    pub const SEQUENCE: usize = 1;
    pub const KIND: usize = 2;
    pub const DESTINATION: usize = 3;
    pub const OFFSET: Range<usize> = 4..8;
    pub const LENGTH: Range<usize> = 8..10;
}

/// A packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// [`PUSH`], [`QUERY`] and [`REPLY`]; the version is apart.
    pub flags: u8,
    /// 1..=15; 0 if the sender does not count.
    pub sequence: u8,
    /// [`RGB`], [`RGBW`] or another data type.
    pub kind: u8,
    /// [`DISPLAY`], [`STATUS`] or another destination.
    pub destination: u8,
    /// Where its data begins, in bytes from the first pixel.
    pub offset: u32,
    /// Its data.
    pub data: &'a [u8],
}

impl Packet<'_> {
    /// Whether what came is to be shown now.
    #[must_use]
    pub const fn is_push(&self) -> bool {
        self.flags & PUSH != 0
    }
}

/// Reads a packet. What lies behind its data is ignored, as receivers do.
///
/// # Errors
/// [`Error::Truncated`] if it is not whole, [`Error::Unsupported`] if it is of another version.
pub fn decode(bytes: &[u8]) -> Result<Packet<'_>, Error> {
    let header = bytes.get(..HEADER).ok_or(Error::Truncated)?;
    let byte = |at: usize| header.get(at).copied().unwrap_or_default();
    let number = |at: Range<usize>| {
        header.get(at).unwrap_or_default().iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte))
    };
    let flags = byte(field::FLAGS);
    if flags & VERSION_BITS != VERSION {
        return Err(Error::Unsupported);
    }
    let start = if flags & TIME != 0 { HEADER + TIME_CODE } else { HEADER };
    let end = start + number(field::LENGTH) as usize;
    Ok(Packet {
        flags: flags & (PUSH | QUERY | REPLY),
        sequence: byte(field::SEQUENCE) & 0x0F,
        kind: byte(field::KIND),
        destination: byte(field::DESTINATION),
        offset: number(field::OFFSET),
        data: bytes.get(start..end).ok_or(Error::Truncated)?,
    })
}

/// Appends a packet of at most 65,535 bytes of data; what is beyond is left out.
pub fn encode(packet: &Packet<'_>, out: &mut Vec<u8>) {
    let data = packet.data.get(..usize::from(u16::MAX)).unwrap_or(packet.data);
    encode_header(packet, data.len() as u16, out);
    out.extend_from_slice(data);
}

/// Appends the header of a packet whose data of so many bytes is appended by the caller.
pub fn encode_header(packet: &Packet<'_>, n_bytes: u16, out: &mut Vec<u8>) {
    let Packet { flags, sequence, kind, destination, offset, data: _ } = *packet;
    out.extend_from_slice(&[VERSION | flags, sequence & 0x0F, kind, destination]);
    out.extend_from_slice(&offset.to_be_bytes());
    out.extend_from_slice(&n_bytes.to_be_bytes());
}

/// The number after this one: 1..=15, round and round.
#[must_use]
pub const fn next_sequence(sequence: u8) -> u8 {
    if sequence >= 15 { 1 } else { sequence + 1 }
}

/// The packets of a frame of pixels: which pixels, and the packet without its data. The last one pushes.
pub fn split(n_pixels: usize, kind: u8, sequence: u8) -> impl Iterator<Item = (Range<usize>, Packet<'static>)> {
    let n_each = pixel_bytes(kind);
    let n_at_once = MAX_DATA / n_each;
    (0..n_pixels).step_by(n_at_once).map(move |start| {
        let end = (start + n_at_once).min(n_pixels);
        let flags = if end == n_pixels { PUSH } else { 0 };
        let offset = u32::try_from(start * n_each).unwrap_or(u32::MAX);
        (start..end, Packet { flags, sequence, kind, destination: DISPLAY, offset, data: &[] })
    })
}

/// Bytes of one pixel.
#[must_use]
pub const fn pixel_bytes(kind: u8) -> usize {
    if kind == RGBW { 4 } else { 3 }
}

/// What a receiver says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Status {
    /// Who made it.
    pub man: String,
    /// Its model.
    #[serde(rename = "mod")]
    pub model: String,
    /// Its version.
    pub ver: String,
    /// Its MAC, as it writes it.
    pub mac: String,
}

#[derive(Deserialize)]
struct StatusBody {
    status: Status,
}

#[derive(Deserialize)]
struct ConfigBody {
    config: Config,
}

#[derive(Deserialize)]
struct Config {
    #[serde(default)]
    ports: Vec<Port>,
}

/// A port of a receiver: `l` pixels. Some write numbers as text.
#[derive(Deserialize)]
struct Port {
    l: Count,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Count {
    Number(u32),
    Text(String),
}

/// What a receiver says of itself, from the data of a reply of [`STATUS`].
///
/// # Errors
/// [`Error::Malformed`] if it is no such JSON.
pub fn status(data: &[u8]) -> Result<Status, Error> {
    let body = serde_json::from_slice::<StatusBody>(data);
    body.map(|body| body.status).map_err(|_| Error::Malformed { what: "status" })
}

/// How many pixels a receiver has on all its ports, from the data of a reply of [`CONFIG`].
///
/// # Errors
/// [`Error::Malformed`] if it is no such JSON.
pub fn config_pixels(data: &[u8]) -> Result<usize, Error> {
    let body = serde_json::from_slice::<ConfigBody>(data).map_err(|_| Error::Malformed { what: "configuration" })?;
    let counts = body.config.ports.into_iter().map(|port| match port.l {
        Count::Number(number) => number,
        Count::Text(text) => text.trim().parse().unwrap_or_default(),
    });
    Ok(counts.fold(0_usize, |sum, count| sum.saturating_add(count as usize)))
}
