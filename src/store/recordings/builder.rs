//! Filling a block: pictures in, the bytes of a block out.
//!
//! Invariant: nothing is allocated for a picture once the block has grown, but where cells break.

use crate::model::thermal::ThermalFrame;
use crate::store::recordings::head::Head;
use crate::store::recordings::header::{FULL, HEADER, Header, Kind};
use crate::store::recordings::rows::{self, quantised};
use crate::units::grid::Size;

/// Pictures of a block at most.
pub const MAX_FRAMES: u16 = 120;
/// What a block spans at most, us.
pub const SPAN_US: i64 = 1_000_000;

/// A block that is being filled.
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
        let mut out = Vec::with_capacity(HEADER + len as usize);
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
