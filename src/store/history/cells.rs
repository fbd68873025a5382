//! Cells: what a channel showed in one second or one minute, and blocks of them: `2, times, counts, min, mean, max`.
//!
//! Invariant: as for [`codec`](crate::store::history::codec): any bytes decode to the stated number of cells or to an
//! error. Cells carry how many readings are behind them, so that merging them in any order gives the same.

use crate::store::history::codec::{MAX_POINTS, Sample};
use crate::store::history::column::{Times, Values, put_values};
use crate::store::history::varint::{Damaged, Reader, put};

/// The first byte of a block of cells.
const FORMAT: u8 = 2;

/// What a channel showed in a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cell {
    /// When it begins, ms since 1970.
    pub at_ms: i64,
    /// Readings behind it, at least one.
    pub n: u32,
    /// The lowest.
    pub min: f64,
    /// Their mean; kept to the precision of an `f32`.
    pub mean: f64,
    /// The highest.
    pub max: f64,
}

impl From<Sample> for Cell {
    fn from(Sample { at_ms, value }: Sample) -> Self {
        Self { at_ms, n: 1, min: value, mean: value, max: value }
    }
}

impl Cell {
    /// Takes the readings of another cell in; when it begins stays.
    pub fn take(&mut self, other: &Self) {
        let (mine, more) = (f64::from(self.n), f64::from(other.n));
        self.mean += (other.mean - self.mean) * (more / (mine + more));
        self.n = self.n.saturating_add(other.n);
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }
}

/// When the span of `span_ms` that `at_ms` falls into begins; spans are counted from 1970.
#[must_use]
pub const fn floor(at_ms: i64, span_ms: i64) -> i64 {
    at_ms.saturating_sub(at_ms.rem_euclid(span_ms))
}

/// The cells of `step_ms` each that the samples fall into, in order of time.
#[must_use]
pub fn fold(samples: &[Sample], step_ms: i64) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for sample in samples {
        let one = Cell { at_ms: floor(sample.at_ms, step_ms), ..Cell::from(*sample) };
        match cells.last_mut() {
            Some(last) if last.at_ms == one.at_ms => last.take(&one),
            _ => cells.push(one),
        }
    }
    settle(&mut cells);
    cells
}

/// Puts cells in order of time and makes one of those that begin at the same moment.
pub fn settle(cells: &mut Vec<Cell>) {
    cells.sort_by_key(|cell| cell.at_ms);
    cells.dedup_by(|next, kept| {
        let same = next.at_ms == kept.at_ms;
        if same {
            kept.take(next);
        }
        same
    });
}

/// Packs 1..=[`MAX_POINTS`] cells.
#[must_use]
pub fn encode(cells: &[Cell]) -> Vec<u8> {
    let mut out = Vec::with_capacity(32 + cells.len() * 8);
    out.push(FORMAT);
    let mut times = Times::default();
    for cell in cells {
        times.put(&mut out, cell.at_ms);
    }
    for cell in cells {
        put(&mut out, u64::from(cell.n));
    }
    put_values(&mut out, cells.iter().map(|cell| cell.min));
    put_values(&mut out, cells.iter().map(|cell| cell.mean));
    put_values(&mut out, cells.iter().map(|cell| cell.max));
    out
}

/// Appends the `n` cells of a block to `out`. On an error `out` is as it was.
///
/// # Errors
/// The bytes are not a block of `n` cells, 1..=[`MAX_POINTS`].
pub fn decode(bytes: &[u8], n: usize, out: &mut Vec<Cell>) -> Result<(), Damaged> {
    let first = out.len();
    let decoded = append(bytes, n, out);
    if decoded.is_err() {
        out.truncate(first);
    }
    decoded
}

fn append(bytes: &[u8], n: usize, out: &mut Vec<Cell>) -> Result<(), Damaged> {
    let mut from = Reader::new(bytes);
    // A cell takes five bytes at least.
    if from.byte()? != FORMAT || n == 0 || n > MAX_POINTS.min(bytes.len() / 5) {
        return Err(Damaged);
    }
    out.reserve(n);
    let first = out.len();
    let mut times = Times::default();
    for _ in 0..n {
        out.push(Cell { at_ms: times.next(&mut from)?, ..Cell::default() });
    }
    for cell in out.iter_mut().skip(first) {
        cell.n = u32::try_from(from.number()?).ok().filter(|n| *n > 0).ok_or(Damaged)?;
    }
    let fields: [fn(&mut Cell) -> &mut f64; 3] = [|cell| &mut cell.min, |cell| &mut cell.mean, |cell| &mut cell.max];
    for field in fields {
        let mut values = Values::open(&mut from)?;
        for cell in out.iter_mut().skip(first) {
            *field(cell) = values.next(&mut from)?;
        }
    }
    if from.is_done() { Ok(()) } else { Err(Damaged) }
}
