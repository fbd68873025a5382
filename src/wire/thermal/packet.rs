//! What one packet says: its kind, the id of the place it reports for, and its payload, all borrowed from it.

use memchr::memchr;

use crate::wire::thermal::{Parts, Reason};

/// The longest id, serial number or location, in characters.
pub const MAX_ID: usize = 64;

/// A packet whose head is sound. The payload of a frame or a calibration still has to go through
/// [`words`](crate::wire::thermal::words), and readings may hold bad parts.
#[derive(Clone, Debug, PartialEq)]
pub enum Packet<'a> {
    /// The serial number of the device.
    Serial(&'a str),
    /// The place this connection reports for.
    Location(&'a str),
    /// A line of readings.
    Readings {
        /// The place it says it reports for.
        id: Option<&'a str>,
        /// Its readings.
        parts: Parts<'a>,
    },
    /// A thermal frame.
    Frame {
        /// The place it says it reports for, or a running number: some simulators count their frames here.
        id: Option<&'a str>,
        /// Hex digits, not looked at yet.
        payload: &'a [u8],
    },
    /// The calibration of the array.
    Calibration {
        /// The place it says it reports for.
        id: Option<&'a str>,
        /// Hex digits, not looked at yet.
        payload: &'a [u8],
    },
}

/// Decodes the head of a packet, given from its `#` on and without its `!`.
///
/// The id is what stands between kind and colon. If nothing does, what stands before a second colon is the id; but
/// not in readings if it holds a `=` or the colon is followed by one, for then the colon belongs to a key (`ADC3:=1`).
///
/// # Errors
/// In this order: [`Reason::UnknownKind`], [`Reason::NoColon`]; for an id, serial number or location
/// [`Reason::NotUtf8`] if it is no text or holds control characters, and [`Reason::Length`] if it has more than
/// [`MAX_ID`] characters, or a serial number or location none.
pub fn decode(packet: &[u8]) -> Result<Packet<'_>, Reason> {
    let body = packet.strip_prefix(b"#").ok_or(Reason::UnknownKind)?;
    if let Some(rest) = body.strip_prefix(b"Sensor") {
        let (head, payload) = split(rest)?;
        let (id, payload) = place(head, payload, |left, right| !left.contains(&b'=') && !right.starts_with(b"="))?;
        Ok(Packet::Readings { id, parts: Parts::new(payload) })
    } else if let Some(rest) = body.strip_prefix(b"frame") {
        let (head, payload) = split(rest)?;
        let (id, payload) = place(head, payload, |_, _| true)?;
        Ok(Packet::Frame { id, payload })
    } else if let Some(rest) = body.strip_prefix(b"EEPROM") {
        let (head, payload) = split(rest)?;
        let (id, payload) = place(head, payload, |_, _| true)?;
        Ok(Packet::Calibration { id, payload })
    } else if let Some(rest) = body.strip_prefix(b"serialno") {
        sole_text(rest).map(Packet::Serial)
    } else if let Some(rest) = body.strip_prefix(b"locid") {
        sole_text(rest).map(Packet::Location)
    } else {
        Err(Reason::UnknownKind)
    }
}

/// What stands before the first colon, and after it.
fn split(rest: &[u8]) -> Result<(&[u8], &[u8]), Reason> {
    let colon = memchr(b':', rest).ok_or(Reason::NoColon)?;
    let (head, tail) = rest.split_at(colon);
    Ok((head, tail.get(1..).unwrap_or_default()))
}

/// The text of a packet that has nothing else, and nothing between its kind and its colon.
fn sole_text(rest: &[u8]) -> Result<&str, Reason> {
    let (head, payload) = split(rest)?;
    if head.trim_ascii().is_empty() { text(payload)?.ok_or(Reason::Length) } else { Err(Reason::UnknownKind) }
}

type Placed<'a> = (Option<&'a str>, &'a [u8]);

/// The id, embedded or as first field, and the payload. `is_id` judges what stands left and right of a second colon.
fn place<'a>(head: &'a [u8], payload: &'a [u8], is_id: impl Fn(&[u8], &[u8]) -> bool) -> Result<Placed<'a>, Reason> {
    if let Some(id) = text(head)? {
        return Ok((Some(id), payload));
    }
    match split(payload) {
        Ok((left, right)) if is_id(left, right) => Ok((text(left)?, right)),
        _ => Ok((None, payload)),
    }
}

/// Trimmed text of 1..=[`MAX_ID`] characters; `None` if there is nothing but blanks.
fn text(bytes: &[u8]) -> Result<Option<&str>, Reason> {
    let bytes = bytes.trim_ascii();
    if bytes.len() > MAX_ID * 4 {
        return Err(Reason::Length);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Reason::NotUtf8)?;
    if text.chars().any(char::is_control) {
        return Err(Reason::NotUtf8);
    }
    if bytes.len() > MAX_ID && text.chars().count() > MAX_ID {
        return Err(Reason::Length);
    }
    Ok((!text.is_empty()).then_some(text))
}
