//! LIFX LAN packets, from the maker's public description of its protocol. All numbers are little-endian.
//!
//! ```text
//!  0      2          4        8                16         22      23   24         32     34         36
//!  | size | protocol | source | target (MAC,0,0)| reserved | flags | seq | reserved | type | reserved | payload …
//!           1024 + 0x1000 addressable + 0x2000 tagged        bit 0: answer, bit 1: acknowledge
//! ```
//!
//! Invariant: `encode` then `decode` gives the same packet; no bytes cause a panic.

pub mod message;
pub mod parts;
mod reader;

use crate::wire::Error;
use crate::wire::lifx::message::Message;
use crate::wire::lifx::reader::Reader;

/// Where all devices listen.
pub const PORT: u16 = 56_700;
/// Bytes of the header.
pub const HEADER: usize = 36;

/// Asks everybody which services they have: tagged, from source 2, answer wanted.
pub const DISCOVER: &[u8] =
    &[0x24, 0, 0, 0x34, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0];

/// A device's MAC.
pub type Mac = [u8; 6];

/// What goes before the payload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Meant for all devices.
    pub tagged: bool,
    /// Who asks; answers carry it. 2 or more, so that only the asker is answered.
    pub source: u32,
    /// For whom or from whom; zeros for all.
    pub target: Mac,
    /// The answer to it is wanted.
    pub wants_answer: bool,
    /// An acknowledgement is wanted.
    pub wants_ack: bool,
    /// Repeated by what answers it.
    pub sequence: u8,
}

/// A packet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Packet<'a> {
    /// What goes before the payload.
    pub header: Header,
    /// What it says.
    pub message: Message<'a>,
}

/// Reads a packet. What a newer firmware appends to a payload is left out.
///
/// # Errors
/// [`Error::Truncated`] if it is shorter than it says or than its kind is; [`Error::Malformed`] if it is not of this
/// protocol.
pub fn decode(bytes: &[u8]) -> Result<Packet<'_>, Error> {
    let mut reader = Reader(bytes);
    let size = usize::from(reader.u16()?);
    let protocol = reader.u16()?;
    let source = reader.u32()?;
    let target = reader.take::<6>()?;
    reader.take::<8>()?;
    let flags = reader.u8()?;
    let sequence = reader.u8()?;
    reader.take::<8>()?;
    let kind = reader.u16()?;
    reader.take::<2>()?;
    if protocol & 0x1FFF != 0x1400 {
        return Err(Error::Malformed { what: "protocol" });
    }
    let payload = size.checked_sub(HEADER).ok_or(Error::Malformed { what: "size" })?;
    let message = Message::decode(kind, reader.slice(payload)?)?;
    let header = Header {
        tagged: protocol & 0x2000 != 0,
        source,
        target,
        wants_answer: flags & 1 != 0,
        wants_ack: flags & 2 != 0,
        sequence,
    };
    Ok(Packet { header, message })
}

/// Appends a packet.
pub fn encode(header: &Header, message: &Message<'_>, out: &mut Vec<u8>) {
    let start = out.len();
    let protocol: u16 = if header.tagged { 0x3400 } else { 0x1400 };
    out.extend([0, 0]);
    out.extend(protocol.to_le_bytes());
    out.extend(header.source.to_le_bytes());
    out.extend(header.target);
    out.extend([0; 8]);
    out.extend([u8::from(header.wants_answer) | (u8::from(header.wants_ack) << 1), header.sequence]);
    out.extend([0; 8]);
    out.extend(message.kind().to_le_bytes());
    out.extend([0; 2]);
    message.encode(out);
    let size = u16::try_from(out.len() - start).unwrap_or(u16::MAX);
    if let Some(field) = out.get_mut(start..start + 2) {
        field.copy_from_slice(&size.to_le_bytes());
    }
}

/// A MAC as lower case hex without separators.
#[must_use]
pub fn mac_text(mac: Mac) -> String {
    mac.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A MAC from hex, with or without separators.
#[must_use]
pub fn mac_of(text: &str) -> Option<Mac> {
    let digits: Vec<u8> =
        text.chars().filter(char::is_ascii_hexdigit).filter_map(|c| c.to_digit(16)).map(|d| d as u8).collect();
    let (pairs, []) = digits.as_chunks::<2>() else { return None };
    let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high * 16 + low).collect();
    bytes.try_into().ok()
}
