//! What WLED nodes announce of themselves, some 44 bytes twice a minute.
//!
//! ```text
//!  0     1   2        6             38           39    40          44
//!  | 255 | 1 | IPv4   | name, 32    | kind, on   | id  | build, LE |
//! ```

use std::net::Ipv4Addr;
use std::ops::Range;

use crate::wire::Error;

const TOKEN: [u8; 2] = [255, 1];
const LENGTH: usize = 44;
const ADDRESS: Range<usize> = 2..6;
const NAME: Range<usize> = 6..38;
const KIND: usize = 38;
const ON: u8 = 0x80;

/// An announcement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node<'a> {
    /// Its address.
    pub address: Ipv4Addr,
    /// What people call it.
    pub name: &'a str,
    /// Its processor: 82 ESP8266, 32 ESP32 and so on.
    pub kind: u8,
    /// Whether its light is on.
    pub on: bool,
    /// The number of its build.
    pub build: u32,
}

/// Reads an announcement. Older nodes say less and are understood.
///
/// # Errors
/// [`Error::Truncated`] if it ends before its name does, [`Error::Malformed`] if it is none.
pub fn decode(bytes: &[u8]) -> Result<Node<'_>, Error> {
    if !bytes.starts_with(&TOKEN) {
        return Err(if TOKEN.starts_with(bytes) {
            Error::Truncated
        } else {
            Error::Malformed { what: "announcement" }
        });
    }
    let (Some([a, b, c, d]), Some(name)) = (bytes.get(ADDRESS), bytes.get(NAME)) else { return Err(Error::Truncated) };
    let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
    let kind = bytes.get(KIND).copied().unwrap_or_default();
    let build = bytes.get(LENGTH - 4..LENGTH).and_then(|four| four.try_into().ok()).map_or(0, u32::from_le_bytes);
    Ok(Node {
        address: Ipv4Addr::new(*a, *b, *c, *d),
        name: name.utf8_chunks().next().map_or("", |chunk| chunk.valid()),
        kind: kind & !ON,
        on: kind & ON != 0,
        build,
    })
}

/// Appends an announcement; of its name, the first 32 bytes.
pub fn encode(node: &Node<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(&TOKEN);
    out.extend_from_slice(&node.address.octets());
    let mut name = node.name.bytes();
    out.extend(NAME.map(|_| name.next().unwrap_or_default()));
    out.extend_from_slice(&[node.kind | if node.on { ON } else { 0 }, node.address.octets()[3]]);
    out.extend_from_slice(&node.build.to_le_bytes());
}
