//! Blocks in their table.
//!
//! | resolution | one block holds | written |
//! |---|---|---|
//! | full | readings of one minute | once, when the minute is over |
//! | second | cells of ten minutes | anew each minute, as it grows |
//! | minute | cells of four hours | anew each minute, as it grows |
//!
//! Growing blocks are written each minute rather than rebuilt after a crash: nothing then depends on how long finer
//! blocks are kept, and no cells wait in memory. That is why minutes come in four hours and not in days: a day's block
//! would be written 1,440 times to be filled once.
//!
//! Invariant: every reading of a block lies in the span of time that the block's start falls into.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::model::history::Resolution;
use crate::store::history::cells::{self, Cell, floor};
use crate::store::history::codec::{self, MAX_POINTS, Sample};

/// Time that a block of this resolution spans, ms.
#[must_use]
pub const fn span_ms(resolution: Resolution) -> i64 {
    match resolution {
        Resolution::Full => 60_000,
        Resolution::Second => 300_000,
        Resolution::Minute => 14_400_000,
    }
}

/// Time that one point of this resolution spans, ms.
#[must_use]
pub const fn step_ms(resolution: Resolution) -> i64 {
    match resolution {
        Resolution::Full => 1,
        Resolution::Second => 1_000,
        Resolution::Minute => 60_000,
    }
}

/// What writing did to the size of things, bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Effect {
    /// Bytes written.
    pub(super) written: u64,
    /// Bytes that were replaced.
    pub(super) replaced: u64,
}

/// Adds the readings of a minute, as blocks of their own: what is there stays as it is.
pub(super) fn append(to: &Connection, channel: u32, minute_ms: i64, samples: &[Sample]) -> rusqlite::Result<Effect> {
    let next = "SELECT ifnull(max(start) + 1, ?2) FROM block
                WHERE resolution = 0 AND channel = ?1 AND start >= ?2 AND start < ?3";
    let end_ms = minute_ms.saturating_add(span_ms(Resolution::Full));
    let mut effect = Effect::default();
    for samples in samples.chunks(MAX_POINTS) {
        let start: i64 = to.prepare_cached(next)?.query_row(params![channel, minute_ms, end_ms], |row| row.get(0))?;
        let data = codec::encode(samples);
        to.prepare_cached("INSERT INTO block (channel, resolution, start, n, data) VALUES (?1, 0, ?2, ?3, ?4)")?
            .execute(params![channel, start, samples.len() as i64, data])?;
        effect.written += data.len() as u64;
    }
    Ok(effect)
}

/// Takes cells, all of one span, into their block. A damaged block is replaced.
pub(super) fn merge(
    to: &Connection,
    resolution: Resolution,
    channel: u32,
    more: &[Cell],
    scratch: &mut Vec<Cell>,
) -> rusqlite::Result<Effect> {
    let Some(first) = more.first() else { return Ok(Effect::default()) };
    let start = floor(first.at_ms, span_ms(resolution));
    let sql = "SELECT n, data FROM block WHERE resolution = ?1 AND channel = ?2 AND start = ?3";
    scratch.clear();
    let replaced = to
        .prepare_cached(sql)?
        .query_row(params![resolution as u8, channel, start], |row| {
            let data = row.get_ref(1)?.as_blob()?;
            // Damaged cells are gone; those to come are worth keeping.
            let _ = cells::decode(data, row.get::<_, i64>(0)?.try_into().unwrap_or(0), scratch);
            Ok(data.len() as u64)
        })
        .optional()?;
    scratch.retain(|cell| floor(cell.at_ms, span_ms(resolution)) == start);
    scratch.extend_from_slice(more);
    cells::settle(scratch);
    let data = cells::encode(scratch);
    let sql = "INSERT INTO block (channel, resolution, start, n, data) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT DO UPDATE SET n = excluded.n, data = excluded.data";
    to.prepare_cached(sql)?.execute(params![channel, resolution as u8, start, scratch.len() as i64, data])?;
    Ok(Effect { written: data.len() as u64, replaced: replaced.unwrap_or(0) })
}

/// Cells, or readings as cells of their own, of the blocks that touch `from_ms..=to_ms`, in the order of their blocks.
/// Damaged blocks are left out.
pub(super) fn read(
    from: &Connection,
    resolution: Resolution,
    channel: u32,
    (from_ms, to_ms): (i64, i64),
    mut each: impl FnMut(&[Cell]),
) -> rusqlite::Result<()> {
    let (first, end) = starts(resolution, from_ms, to_ms);
    let sql = "SELECT n, data FROM block
               WHERE resolution = ?1 AND channel = ?2 AND start >= ?3 AND start < ?4 ORDER BY start";
    let mut statement = from.prepare_cached(sql)?;
    let mut rows = statement.query(params![resolution as u8, channel, first, end])?;
    let mut scratch = Scratch::default();
    while let Some(row) = rows.next()? {
        each(scratch.decode(resolution, row.get_ref(1)?.as_blob()?, row.get(0)?));
    }
    Ok(())
}

/// How many points the blocks that touch `from_ms..=to_ms` hold.
pub(super) fn count(
    from: &Connection,
    resolution: Resolution,
    channel: u32,
    (from_ms, to_ms): (i64, i64),
) -> rusqlite::Result<i64> {
    let (first, end) = starts(resolution, from_ms, to_ms);
    let sql = "SELECT ifnull(sum(n), 0) FROM block
               WHERE resolution = ?1 AND channel = ?2 AND start >= ?3 AND start < ?4";
    from.prepare_cached(sql)?.query_row(params![resolution as u8, channel, first, end], |row| row.get(0))
}

/// When the oldest block of a channel starts.
pub(super) fn oldest_start(from: &Connection, resolution: Resolution, channel: u32) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT min(start) FROM block WHERE resolution = ?1 AND channel = ?2";
    from.prepare_cached(sql)?.query_row(params![resolution as u8, channel], |row| row.get(0))
}

/// The time of the oldest point of a channel, ms.
pub(super) fn oldest_ms(from: &Connection, resolution: Resolution, channel: u32) -> rusqlite::Result<Option<i64>> {
    let Some(start) = oldest_start(from, resolution, channel)? else { return Ok(None) };
    let mut oldest = None;
    read(from, resolution, channel, (start, start), |cells| {
        oldest = cells.iter().map(|cell| cell.at_ms).chain(oldest).min();
    })?;
    Ok(Some(oldest.unwrap_or(start)))
}

/// Starts of the blocks that may hold something of `from_ms..=to_ms`: from the first, up to and without the second.
const fn starts(resolution: Resolution, from_ms: i64, to_ms: i64) -> (i64, i64) {
    let span = span_ms(resolution);
    (floor(from_ms, span), floor(to_ms, span).saturating_add(span))
}

/// Buffers for unpacking, used again for each block.
#[derive(Default)]
struct Scratch {
    samples: Vec<Sample>,
    cells: Vec<Cell>,
}

impl Scratch {
    fn decode(&mut self, resolution: Resolution, data: &[u8], n: i64) -> &[Cell] {
        let n = usize::try_from(n).unwrap_or(0);
        self.cells.clear();
        let decoded = if resolution == Resolution::Full {
            self.samples.clear();
            let decoded = codec::decode(data, n, &mut self.samples);
            self.cells.extend(self.samples.iter().copied().map(Cell::from));
            decoded
        } else {
            cells::decode(data, n, &mut self.cells)
        };
        // Decoders leave nothing of a damaged block.
        decoded.map_or(&[], |()| &self.cells)
    }
}
