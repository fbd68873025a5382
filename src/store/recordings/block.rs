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
//! a picture that has any follow in the same order. Temperatures are hundredths of a kelvin above -100 C in 16 bits:
//! what is colder than -100.00 C or hotter than 555.35 C is kept as that.
//!
//! Invariant: any bytes are a block that was written, or an error; a picture comes back to within 0.005 K.
//! Invariant: the pictures of a block have one size, and are in order of time.

use crate::model::thermal::ThermalFrame;
use crate::store::history::varint::{Damaged, Reader};
use crate::store::recordings::checksum::checksum;
use crate::store::recordings::head::Head;
use crate::store::recordings::rows;
use crate::units::grid::Size;
use crate::units::moment::Moment;

/// Bytes of a header.
pub const HEADER: usize = 40;
/// The first bytes of a block.
pub const MAGIC: [u8; 4] = *b"HLTB";
/// Pictures of a block at most.
pub const MAX_FRAMES: u16 = 120;
/// A block takes no more pictures when it has so many bytes.
pub const FULL: usize = 1 << 20;
/// What a block spans at most, us.
pub const SPAN_US: i64 = 1_000_000;
/// What a block can have behind its header: cells of the largest size, as large as they get, on top of a full one.
const MAX_LEN: usize = FULL + 4 * Size::MAX as usize * Size::MAX as usize;

const VERSION: u8 = 1;
/// The lowest temperature, C.
const COLDEST: f32 = -100.0;

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
    fn put(&self, body: [&[u8]; 2], out: &mut Vec<u8>) {
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

/// A block that is being filled. Nothing is allocated for a picture once it has grown.
#[derive(Debug)]
pub struct Builder {
    size: Size,
    first_us: i64,
    last: Head,
    count: u16,
    heads: Vec<u8>,
    cells: Vec<u8>,
    known: bool,
    old: Vec<u16>,
    new: Vec<u16>,
    runs: Vec<u32>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            size: Size::MLX90640,
            first_us: 0,
            last: Head::none(),
            count: 0,
            heads: Vec::new(),
            cells: Vec::new(),
            known: false,
            old: Vec::new(),
            new: Vec::new(),
            runs: Vec::new(),
        }
    }
}

impl Builder {
    /// Pictures in it.
    #[must_use]
    pub const fn count(&self) -> u16 {
        self.count
    }

    /// Its first and its last picture, us since 1970, if it has any.
    #[must_use]
    pub fn span_us(&self) -> Option<(i64, i64)> {
        (self.count > 0).then_some((self.first_us, self.last.us))
    }

    /// Whether a picture of this size and time belongs into it.
    #[must_use]
    pub fn takes(&self, size: Size, us: i64) -> bool {
        self.count == 0
            || (self.size == size
                && self.count < MAX_FRAMES
                && self.heads.len() + self.cells.len() < FULL
                && us >= self.last.us
                && us.saturating_sub(self.first_us) < SPAN_US)
    }

    /// Adds a picture that counts as taken at `us`; [`Self::takes`] must say so.
    pub fn add(&mut self, frame: &ThermalFrame, us: i64) {
        if self.count == 0 {
            self.begin(frame.size, us);
        }
        let alone = !self.known;
        let head = Head::of(frame, us, alone, &self.last, &mut self.runs);
        head.put(&self.last, &mut self.heads);
        if !head.is_empty() {
            self.quantise(frame, alone);
            rows::put(&self.new, (!alone).then_some(&self.old), self.size.cols(), &mut self.cells);
            std::mem::swap(&mut self.old, &mut self.new);
            self.known = true;
        }
        self.last = head;
        self.count += 1;
    }

    fn begin(&mut self, size: Size, us: i64) {
        (self.size, self.first_us, self.known, self.last) = (size, us, false, Head::none());
        for cells in [&mut self.old, &mut self.new] {
            cells.clear();
            cells.resize(size.cells(), 0);
        }
    }

    /// Puts the temperatures into `new`. A broken cell is what costs least: its old value, or its neighbour's.
    fn quantise(&mut self, frame: &ThermalFrame, alone: bool) {
        if let Some(cells) = frame.all_valid() {
            self.new.iter_mut().zip(cells).for_each(|(to, celsius)| *to = quantised(*celsius));
            return;
        }
        let mut near = 0;
        for ((to, old), cell) in self.new.iter_mut().zip(&self.old).zip(frame.cells()) {
            near = cell.map_or(if alone { near } else { *old }, quantised);
            *to = near;
        }
    }

    /// The block as it is now.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let len = (self.heads.len() + self.cells.len()) as u32;
        let header = Header {
            kind: Kind::Frames,
            count: self.count,
            len,
            first_us: self.first_us,
            last_us: self.last.us,
            heads: self.heads.len() as u32,
            size: Some(self.size),
        };
        let mut out = Vec::with_capacity(header.total());
        header.put([&self.heads, &self.cells], &mut out);
        out
    }

    /// Takes all pictures out.
    pub fn clear(&mut self) {
        self.count = 0;
        self.heads.clear();
        self.cells.clear();
    }
}

/// Hundredths of a kelvin above [`COLDEST`], rounded; the conversion from `f32` saturates.
fn quantised(celsius: f32) -> u16 {
    ((celsius - COLDEST) * 100.0 + 0.5) as u16
}

fn celsius(quantised: u16) -> f32 {
    f32::from(quantised) / 100.0 + COLDEST
}

/// A block that is being read: its pictures one after the other.
#[derive(Debug)]
pub struct Block {
    bytes: Vec<u8>,
    size: Size,
    heads: Vec<Head>,
    /// The picture in `cells`.
    at: Option<usize>,
    /// Where the cells of the next picture begin.
    next: usize,
    cells: Vec<u16>,
}

impl Block {
    /// Reads a block that `bytes` begin with.
    ///
    /// # Errors
    /// They begin with no whole block of pictures.
    pub fn open(bytes: Vec<u8>) -> Result<Self, Damaged> {
        let (header, body) = checked(&bytes)?;
        let size = header.size.ok_or(Damaged)?;
        let mut from = Reader::new(body.get(..header.heads as usize).ok_or(Damaged)?);
        let (mut heads, mut last) = (Vec::with_capacity(header.count as usize), Head::none());
        for _ in 0..header.count {
            last = Head::take(&mut from, &last, size.cells())?;
            heads.push(last.clone());
        }
        let next = HEADER + header.heads as usize;
        Ok(Self { bytes, size, heads, at: None, next, cells: Vec::new() })
    }

    /// What is kept of its pictures besides their cells, in order of time.
    #[must_use]
    pub fn heads(&self) -> &[Head] {
        &self.heads
    }

    /// Columns and rows of its pictures.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// One of its pictures, its extremes measured. Going on from the one asked for before is quick.
    ///
    /// # Errors
    /// There is no such picture, or it cannot be read.
    pub fn frame(&mut self, n: usize) -> Result<ThermalFrame, Damaged> {
        self.go_to(n)?;
        let head = self.heads.get(n).ok_or(Damaged)?;
        let mut frame = ThermalFrame::blank();
        let cells = frame.begin(self.size);
        cells.iter_mut().zip(&self.cells).for_each(|(to, cell)| *to = celsius(*cell));
        let mut at = 0;
        for (run, len) in head.runs.iter().enumerate() {
            let end = at + *len as usize;
            if run % 2 == 1 {
                (at..end).for_each(|cell| frame.set_broken(cell));
            }
            at = end;
        }
        frame.sequence = head.sequence;
        (frame.at, frame.wall) = (Moment::ZERO, jiff::Timestamp::from_microsecond(head.us).map_err(|_| Damaged)?);
        (frame.meaning, frame.emissivity, frame.calibrated) = (head.meaning, head.emissivity, head.calibrated);
        frame.ambient = head.ambient.map(|hundredths| hundredths as f32 / 100.0);
        frame.supply = head.supply.map(|millivolts| millivolts as f32 / 1000.0);
        frame.measure();
        Ok(frame)
    }

    /// What one cell showed in each picture that has a value there: us since 1970 and C. Quicker than whole pictures.
    /// What was read until the damage counts.
    pub fn each_of(&self, cell: usize, mut each: impl FnMut(i64, f32)) {
        let n_cells = self.size.cells();
        if cell >= n_cells {
            return;
        }
        let mut from = Reader::new(self.bytes.get(HEADER..).unwrap_or_default());
        let (cols, mut value) = (self.size.cols(), 0_u16);
        let heads_len = Header::take(&self.bytes).map_or(0, |header| header.heads as usize);
        if from.bytes(heads_len).is_err() {
            return;
        }
        for head in self.heads.iter().filter(|head| !head.is_empty()) {
            let taken = if head.alone {
                let mut cells = vec![0; n_cells];
                rows::take(&mut from, true, cols, &mut cells).map(|()| cells.get(cell).copied().unwrap_or(0))
            } else {
                rows::take_one(&mut from, cell, cols, n_cells).map(|change| value.wrapping_add(change))
            };
            let Ok(now) = taken else { return };
            value = now;
            if head.has(cell) {
                each(head.us, celsius(value));
            }
        }
    }

    /// Brings `cells` to the picture `n`.
    fn go_to(&mut self, n: usize) -> Result<(), Damaged> {
        let Self { bytes, size, heads, at, next, cells } = self;
        if at.is_some_and(|at| at > n) {
            *at = None;
        }
        if at.is_none() {
            *next = HEADER + Header::take(bytes)?.heads as usize;
            cells.clear();
            cells.resize(size.cells(), 0);
        }
        let from = at.take().map_or(0, |at| at + 1);
        let rest = bytes.get(*next..).ok_or(Damaged)?;
        let mut reader = Reader::new(rest);
        for head in heads.iter().take(n + 1).skip(from).filter(|head| !head.is_empty()) {
            rows::take(&mut reader, head.alone, size.cols(), cells)?;
        }
        *next += rest.len() - reader.left();
        *at = Some(n);
        Ok(())
    }
}
