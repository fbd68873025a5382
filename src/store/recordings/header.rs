//! Blocks: about a second of pictures of one array, whole in themselves.
//!
//! ```text
//!  0      4       5    6       8     12     16      24     32    36     38    40
//!  | HLTB | ver 1 | kind| count | len | crc | first | last | heads| cols | rows | heads … | cells … |
//!                  1      u16    u32   u32   i64 us  i64 us u32    u16    u16     |<----- len ------>|
//! ```
//!
//! Little-endian. `crc` is the [`checksum`](crate::store::recordings::checksum) of all other bytes; `heads` tells how
//! many of the `len` bytes are [heads](crate::store::recordings::head); the [cells](crate::store::recordings::rows) of
//! a picture that has any follow in the same order.
//!
//! Invariant: any bytes are a block that was written, or an error.
//! Invariant: the pictures of a block have one size, and are in order of time.

use crate::store::history::varint::{Damaged, Reader};
use crate::store::recordings::checksum::checksum;
use crate::units::grid::Size;

/// Bytes of a header.
pub const HEADER: usize = 40;
/// The first bytes of a block.
pub const MAGIC: [u8; 4] = *b"HLTB";
/// A block takes no more pictures when it has so many bytes.
pub const FULL: usize = 1 << 20;
/// What a block can have behind its header: cells of the largest size, as large as they get, on top of a full one.
const MAX_LEN: usize = FULL + 4 * Size::MAX as usize * Size::MAX as usize;

const VERSION: u8 = 1;

/// What a block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// Pictures.
    Frames = 1,
    /// Where the blocks of a file are.
    Index = 2,
}

/// The first bytes of a block, read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// What it holds.
    pub kind: Kind,
    /// How many pictures.
    pub count: u16,
    /// Bytes behind the header.
    pub len: u32,
    /// Its first picture, us since 1970.
    pub first_us: i64,
    /// Its last picture.
    pub last_us: i64,
    /// How many bytes are heads.
    pub heads: u32,
    /// Columns and rows; of an index nothing.
    pub size: Option<Size>,
}

impl Header {
    /// Writes it before `body`, whose length and checksum it takes.
    pub(super) fn put(&self, body: [&[u8]; 2], out: &mut Vec<u8>) {
        let start = out.len();
        let side = |side: fn(Size) -> usize| self.size.map_or(0, |size| side(size) as u16);
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&[VERSION, self.kind as u8]);
        out.extend_from_slice(&self.count.to_le_bytes());
        out.extend_from_slice(&self.len.to_le_bytes());
        let mut tail = [0; HEADER - 16];
        let numbers = (self.first_us.to_le_bytes(), self.last_us.to_le_bytes(), self.heads.to_le_bytes());
        let sides = [side(Size::cols), side(Size::rows)].map(u16::to_le_bytes);
        let bytes = numbers.0.into_iter().chain(numbers.1).chain(numbers.2).chain(sides.into_iter().flatten());
        tail.iter_mut().zip(bytes).for_each(|(to, byte)| *to = byte);
        let [one, two] = body;
        let sum = checksum(&[out.get(start..).unwrap_or_default(), &tail, one, two]);
        out.extend_from_slice(&sum.to_le_bytes());
        out.extend_from_slice(&tail);
        out.extend_from_slice(one);
        out.extend_from_slice(two);
    }

    /// Reads it from the first bytes, without a look at the rest.
    ///
    /// # Errors
    /// They are no header.
    pub fn take(bytes: &[u8]) -> Result<Self, Damaged> {
        let mut from = Reader::new(bytes);
        if from.bytes(4)? != MAGIC || from.byte()? != VERSION {
            return Err(Damaged);
        }
        let kind = match from.byte()? {
            1 => Kind::Frames,
            2 => Kind::Index,
            _ => return Err(Damaged),
        };
        let (count, len, _) = (u16_of(&mut from)?, u32_of(&mut from)?, u32_of(&mut from)?);
        let (first_us, last_us, heads) = (i64_of(&mut from)?, i64_of(&mut from)?, u32_of(&mut from)?);
        let size = Size::new(u16_of(&mut from)?, u16_of(&mut from)?);
        if len as usize > MAX_LEN || heads > len || last_us < first_us || (kind == Kind::Frames) != size.is_some() {
            return Err(Damaged);
        }
        Ok(Self { kind, count, len, first_us, last_us, heads, size })
    }

    /// Bytes of the whole block.
    #[must_use]
    pub const fn total(&self) -> usize {
        HEADER + self.len as usize
    }
}

fn u16_of(from: &mut Reader<'_>) -> Result<u16, Damaged> {
    let (bytes, _) = from.bytes(2)?.split_first_chunk().ok_or(Damaged)?;
    Ok(u16::from_le_bytes(*bytes))
}

fn u32_of(from: &mut Reader<'_>) -> Result<u32, Damaged> {
    let (bytes, _) = from.bytes(4)?.split_first_chunk().ok_or(Damaged)?;
    Ok(u32::from_le_bytes(*bytes))
}

fn i64_of(from: &mut Reader<'_>) -> Result<i64, Damaged> {
    let (bytes, _) = from.bytes(8)?.split_first_chunk().ok_or(Damaged)?;
    Ok(i64::from_le_bytes(*bytes))
}

/// The header and the body of the block that `bytes` begin with; what is behind it is not looked at.
///
/// # Errors
/// They begin with no whole block, or its checksum is wrong.
pub fn checked(bytes: &[u8]) -> Result<(Header, &[u8]), Damaged> {
    let header = Header::take(bytes)?;
    let block = bytes.get(..header.total()).ok_or(Damaged)?;
    let (start, body) = block.split_at_checked(HEADER).ok_or(Damaged)?;
    let (before, rest) = start.split_at_checked(12).ok_or(Damaged)?;
    let (sum, after) = rest.split_first_chunk::<4>().ok_or(Damaged)?;
    if checksum(&[before, after, body]) == u32::from_le_bytes(*sum) { Ok((header, body)) } else { Err(Damaged) }
}

/// The block of an index with this body.
#[must_use]
pub fn index(first_us: i64, last_us: i64, body: &[u8]) -> Vec<u8> {
    let (kind, len) = (Kind::Index, body.len() as u32);
    let mut out = Vec::with_capacity(HEADER + body.len());
    Header { kind, count: 0, len, first_us, last_us, heads: 0, size: None }.put([body, &[]], &mut out);
    out
}
