//! Reading a block: its pictures one after the other, or one cell of them all.
//!
//! Invariant: a picture comes back to within 0.005 K; no bytes make reading panic.

use crate::model::thermal::ThermalFrame;
use crate::store::history::varint::{Damaged, Reader};
use crate::store::recordings::head::Head;
use crate::store::recordings::header::{HEADER, Header, checked};
use crate::store::recordings::rows::{self, celsius};
use crate::units::grid::Size;
use crate::units::moment::Moment;

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
