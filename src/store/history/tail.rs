//! The tail: readings of minutes that are not over, as they came, so that a killed process loses a second at most.
//!
//! ```text
//! row    1, minute since 1970, then for each reading: channel, ms since the one before (the first: since the minute
//!        began), value
//! draft  the same of one channel: ms, value; never on disk
//! ```
//!
//! Invariant: a row holds readings of one minute only, so a minute that is packed takes whole rows with it.
//! Invariant: any bytes give some readings, each of them whole, and then an end or an error.

use crate::store::history::MINUTE_MS;
use crate::store::history::codec::Sample;
use crate::store::history::column::{fold_one, unfold_one};
use crate::store::history::varint::{Damaged, Reader, put, put_signed};

/// The first byte of a row of readings.
const FORMAT: u8 = 1;

/// Readings of one minute on their way into a row.
#[derive(Clone, Debug, Default)]
pub struct Row {
    bytes: Vec<u8>,
    last_ms: i64,
}

impl Row {
    /// Appends a reading of this minute.
    pub fn push(&mut self, minute: i64, channel: u32, sample: Sample) {
        if self.bytes.is_empty() {
            self.bytes.push(FORMAT);
            put_signed(&mut self.bytes, minute);
            self.last_ms = minute.wrapping_mul(MINUTE_MS);
        }
        put(&mut self.bytes, u64::from(channel));
        put_sample(&mut self.bytes, &mut self.last_ms, sample);
    }

    /// Its bytes; none if there is no reading.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Empties it; its memory is used again.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }
}

/// Reads a row: `each` gets every reading with its channel and minute.
///
/// # Errors
/// The row is damaged; what came before the damage was read.
pub fn read(bytes: &[u8], mut each: impl FnMut(i64, u32, Sample)) -> Result<(), Damaged> {
    let mut from = Reader::new(bytes);
    if from.byte()? != FORMAT {
        return Err(Damaged);
    }
    let minute = from.signed()?;
    let mut last_ms = minute.wrapping_mul(MINUTE_MS);
    while !from.is_done() {
        let channel = u32::try_from(from.number()?).map_err(|_| Damaged)?;
        each(minute, channel, sample(&mut from, &mut last_ms)?);
    }
    Ok(())
}

/// Readings of one channel in one minute, packed as they come.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    bytes: Vec<u8>,
    last_ms: i64,
}

impl Draft {
    /// Appends a reading.
    pub fn push(&mut self, sample: Sample) {
        put_sample(&mut self.bytes, &mut self.last_ms, sample);
    }

    /// Unpacks its readings in place of what is in `out`.
    pub fn read(&self, out: &mut Vec<Sample>) {
        out.clear();
        let (mut from, mut last_ms) = (Reader::new(&self.bytes), 0);
        while let Ok(sample) = sample(&mut from, &mut last_ms) {
            out.push(sample);
        }
    }
}

fn put_sample(out: &mut Vec<u8>, last_ms: &mut i64, sample: Sample) {
    put_signed(out, sample.at_ms.wrapping_sub(*last_ms));
    put(out, fold_one(sample.value));
    *last_ms = sample.at_ms;
}

fn sample(from: &mut Reader<'_>, last_ms: &mut i64) -> Result<Sample, Damaged> {
    *last_ms = last_ms.wrapping_add(from.signed()?);
    Ok(Sample { at_ms: *last_ms, value: unfold_one(from.number()?) })
}
