//! Blocks of readings: `1, times, values`, see [`column`](crate::store::history::column).
//!
//! Invariant: any bytes decode to exactly the stated number of samples or to an error, without a panic, and without
//! taking more memory than the bytes are worth.
//! Invariant: samples come back in the order in which they were; times need not ascend.

use crate::store::history::column::{Times, Values, put_values};
use crate::store::history::varint::{Damaged, Reader};

/// Samples that one block may hold.
pub const MAX_POINTS: usize = 100_000;
/// The first byte of a block of readings.
const FORMAT: u8 = 1;

/// A reading of one channel.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sample {
    /// When, ms since 1970.
    pub at_ms: i64,
    /// The value. What it comes back as is told by [`column`](crate::store::history::column).
    pub value: f64,
}

/// Packs 1..=[`MAX_POINTS`] samples.
#[must_use]
pub fn encode(samples: &[Sample]) -> Vec<u8> {
    let mut out = Vec::with_capacity(16 + samples.len() * 3);
    out.push(FORMAT);
    let mut times = Times::default();
    for sample in samples {
        times.put(&mut out, sample.at_ms);
    }
    put_values(&mut out, samples.iter().map(|sample| sample.value));
    out
}

/// Appends the `n` samples of a block to `out`. On an error `out` is as it was.
///
/// # Errors
/// The bytes are not a block of `n` samples, 1..=[`MAX_POINTS`].
pub fn decode(bytes: &[u8], n: usize, out: &mut Vec<Sample>) -> Result<(), Damaged> {
    let first = out.len();
    let decoded = append(bytes, n, out);
    if decoded.is_err() {
        out.truncate(first);
    }
    decoded
}

fn append(bytes: &[u8], n: usize, out: &mut Vec<Sample>) -> Result<(), Damaged> {
    let mut from = Reader::new(bytes);
    // A sample takes two bytes at least: what cannot be there is not made room for.
    if from.byte()? != FORMAT || n == 0 || n > MAX_POINTS.min(bytes.len() / 2) {
        return Err(Damaged);
    }
    out.reserve(n);
    let first = out.len();
    let mut times = Times::default();
    for _ in 0..n {
        out.push(Sample { at_ms: times.next(&mut from)?, value: 0.0 });
    }
    let mut values = Values::open(&mut from)?;
    for sample in out.iter_mut().skip(first) {
        sample.value = values.next(&mut from)?;
    }
    if from.is_done() { Ok(()) } else { Err(Damaged) }
}
