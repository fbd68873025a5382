//! Segment files: about ten minutes of one array, blocks one behind the other.
//!
//! ```text
//!  20260301T120000.123456Z.heat:   | block | block | … | index |
//!  index, a block of its own:      | HEADER | n x (first us, last us, place, length: u32 each) | length of all this | HLTE |
//! ```
//!
//! The name is the time of the first picture, in UTC; times in the index count from it. A file without an index was cut
//! off: its blocks are found by going from one to the next, and behind damage by searching for a block that is whole.
//!
//! Invariant: what is listed in a table was a whole block when it was listed; its checksum is verified when it is read.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use memchr::memmem;

use crate::model::sensors::DeviceId;
use crate::store::history::varint::Damaged;
use crate::store::recordings::block::Block;
use crate::store::recordings::header::{self, HEADER, Kind, MAGIC};

/// What a segment spans at most, but for its last block, us.
pub const SEGMENT_US: i64 = 600_000_000;
/// A segment of so many bytes is ended too.
pub const SEGMENT_BYTES: u64 = 16 << 20;

const SUFFIX: &str = ".heat";
const FORM: &str = "%Y%m%dT%H%M%S%.6fZ";
/// The last bytes of a file with an index.
const END_MAGIC: [u8; 4] = *b"HLTE";
/// Bytes of an index behind its entries.
const END: usize = 8;
/// Bytes of an entry.
const ENTRY: usize = 16;
/// What of a file without an index is looked at; ours are smaller.
const SEARCHED: u64 = 4 * SEGMENT_BYTES;
/// Names that Windows keeps for devices of its own.
const RESERVED: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The folder of a device.
#[must_use]
pub fn folder(root: &Path, device: &DeviceId) -> PathBuf {
    let name = device.as_str();
    let numbered = |kind: &str| name.strip_prefix(kind).is_some_and(|n| n.len() == 1);
    let reserved = RESERVED.contains(&name) || numbered("com") || numbered("lpt");
    if reserved { root.join(format!("{name}_")) } else { root.join(name) }
}

/// Whose folder this is.
#[must_use]
pub fn device(folder: &str) -> Option<DeviceId> {
    let name = folder.strip_suffix('_').unwrap_or(folder);
    Some(DeviceId::new(name)).filter(|id| id.as_str() == name)
}

/// The name of the segment that begins at `start_us`.
#[must_use]
pub fn name(start_us: i64) -> String {
    let start = Timestamp::from_microsecond(start_us).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{}{SUFFIX}", start.strftime(FORM))
}

/// When the segment of this name begins, us since 1970.
#[must_use]
pub fn start_us(name: &str) -> Option<i64> {
    let start = DateTime::strptime("%Y%m%dT%H%M%S%.f", name.strip_suffix(SUFFIX)?.strip_suffix('Z')?).ok()?;
    Some(start.to_zoned(TimeZone::UTC).ok()?.timestamp().as_microsecond())
}

/// A block in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its first picture, us from the segment's start.
    first: u32,
    /// Its last picture.
    last: u32,
    /// Where it begins.
    at: u32,
    /// Its bytes.
    len: u32,
}

/// Where the blocks of a file are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    start_us: i64,
    entries: Vec<Entry>,
}

impl Table {
    /// That of a file which begins at `start_us` and has no blocks yet.
    #[must_use]
    pub const fn new(start_us: i64) -> Self {
        Self { start_us, entries: Vec::new() }
    }

    /// Adds a block of this span behind the others. False if it cannot be told in this table.
    pub fn push(&mut self, span_us: (i64, i64), at: u64, len: usize) -> bool {
        let from_start = |us: i64| us.checked_sub(self.start_us).and_then(|us| u32::try_from(us).ok());
        let numbers = (from_start(span_us.0), from_start(span_us.1), u32::try_from(at).ok(), u32::try_from(len).ok());
        let (Some(first), Some(last), Some(at), Some(len)) = numbers else { return false };
        let in_order = self.entries.last().is_none_or(|before| before.last <= first);
        if in_order {
            self.entries.push(Entry { first, last, at, len });
        }
        in_order
    }

    /// The newest picture, us since 1970.
    #[must_use]
    pub fn last_us(&self) -> Option<i64> {
        self.entries.last().map(|entry| self.start_us.saturating_add(i64::from(entry.last)))
    }

    /// When a block begins and ends, us since 1970.
    #[must_use]
    pub fn span_us(&self, n: usize) -> Option<(i64, i64)> {
        let Entry { first, last, .. } = self.entries.get(n)?;
        Some((self.start_us.saturating_add(i64::from(*first)), self.start_us.saturating_add(i64::from(*last))))
    }

    /// The number of blocks that begin at `us` or before.
    #[must_use]
    pub fn begun_at(&self, us: i64) -> usize {
        self.entries.partition_point(|entry| self.start_us.saturating_add(i64::from(entry.first)) <= us)
    }

    /// The number of blocks that end at `us` or before.
    #[must_use]
    pub fn over_at(&self, us: i64) -> usize {
        self.entries.partition_point(|entry| self.start_us.saturating_add(i64::from(entry.last)) <= us)
    }

    /// Reads a block of the file.
    ///
    /// # Errors
    /// The file is gone or cannot be read, or the block is damaged.
    pub fn read(&self, file: &Path, n: usize) -> io::Result<Block> {
        let entry = self.entries.get(n).ok_or(io::ErrorKind::NotFound)?;
        let mut bytes = vec![0; entry.len as usize];
        let mut file = File::open(file)?;
        file.seek(SeekFrom::Start(u64::from(entry.at)))?;
        file.read_exact(&mut bytes)?;
        Block::open(bytes).map_err(damaged)
    }

    /// The index that ends a file.
    #[must_use]
    pub fn index(&self) -> Vec<u8> {
        let mut body = Vec::with_capacity(self.entries.len() * ENTRY + END);
        for Entry { first, last, at, len } in &self.entries {
            [first, last, at, len].into_iter().for_each(|number| body.extend_from_slice(&number.to_le_bytes()));
        }
        let total = HEADER + body.len() + END;
        body.extend_from_slice(&(total as u32).to_le_bytes());
        body.extend_from_slice(&END_MAGIC);
        header::index(self.start_us, self.last_us().unwrap_or(self.start_us), &body)
    }

    /// Where the blocks of a file are: from its index; without one, by looking at all of it.
    ///
    /// # Errors
    /// The file is gone or cannot be read.
    pub fn load(file: &Path, start_us: i64) -> io::Result<Self> {
        let mut file = File::open(file)?;
        let len = file.metadata()?.len();
        if let Some(table) = indexed(&mut file, len, start_us) {
            return Ok(table);
        }
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(0))?;
        file.take(SEARCHED).read_to_end(&mut bytes)?;
        Ok(Self::searched(&bytes, start_us))
    }

    /// The whole blocks in these bytes of a file.
    #[must_use]
    pub fn searched(bytes: &[u8], start_us: i64) -> Self {
        let (mut table, mut at) = (Self::new(start_us), 0);
        let magic = memmem::Finder::new(&MAGIC);
        while let Some(skipped) = bytes.get(at..).and_then(|rest| magic.find(rest)) {
            at += skipped;
            match header::checked(bytes.get(at..).unwrap_or_default()) {
                Ok((header, _)) => {
                    if header.kind == Kind::Frames {
                        // One that does not fit in is none of this file.
                        table.push((header.first_us, header.last_us), at as u64, header.total());
                    }
                    at += header.total();
                }
                Err(Damaged) => at += MAGIC.len(),
            }
        }
        table
    }

    fn from_index(body: &[u8], start_us: i64) -> Option<Self> {
        let (entries, rest) = body.split_at_checked(body.len().checked_sub(END)?)?;
        let (entries, odd) = entries.as_chunks::<ENTRY>();
        if !odd.is_empty() || !rest.ends_with(&END_MAGIC) {
            return None;
        }
        let number = |bytes: &[u8]| bytes.first_chunk::<4>().map(|bytes| u32::from_le_bytes(*bytes));
        let entry = |bytes: &[u8; ENTRY]| {
            let [first, last, at, len] = [0, 4, 8, 12].map(|from| bytes.get(from..).and_then(number));
            Some(Entry { first: first?, last: last?, at: at?, len: len? })
        };
        Some(Self { start_us, entries: entries.iter().map(entry).collect::<Option<_>>()? })
    }
}

/// The table out of the index at the end of a file.
fn indexed(file: &mut File, len: u64, start_us: i64) -> Option<Table> {
    let mut end = [0; END];
    file.seek(SeekFrom::Start(len.checked_sub(END as u64)?)).ok()?;
    file.read_exact(&mut end).ok()?;
    let (total, magic) = end.split_first_chunk::<4>()?;
    let total = u64::from(u32::from_le_bytes(*total));
    if magic != END_MAGIC || total > SEGMENT_BYTES {
        return None;
    }
    let mut bytes = vec![0; usize::try_from(total).ok()?];
    file.seek(SeekFrom::Start(len.checked_sub(total)?)).ok()?;
    file.read_exact(&mut bytes).ok()?;
    let (header, body) = header::checked(&bytes).ok()?;
    if header.kind != Kind::Index || header.first_us != start_us {
        return None;
    }
    Table::from_index(body, start_us)
}

fn damaged(damaged: Damaged) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, damaged)
}
