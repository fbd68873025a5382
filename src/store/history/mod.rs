//! History: by default every reading for an hour, seconds for a day, minutes for a month, in packed blocks.
//!
//! ```text
//! readings ──▶ tail: one row a second ──minute over──▶ block: full ─┬─▶ second (min, mean, max)
//!                                                                   └─▶ minute (min, mean, max)
//! ```
//! A second of readings is one small row, so that a killed process loses no more than that. When a minute is over, its
//! readings become one block per channel, they are folded into the blocks of seconds and minutes, and its rows of the
//! tail go, all in one transaction. Each reading is so in either the tail or in blocks, never in both.
//!
//! Which minute a reading belongs to is told by its own time, so blocks can be found by time even if the clock jumped.
//!
//! Invariant: what [`Recorder`] remembers is what was committed, and what waits; a failed write changes nothing.
//! Invariant: memory holds the packed readings of the minutes that are not over, and at most [`WAITING_BYTES`] of
//! those that could not be written.

pub mod blocks;
pub mod cells;
mod channels;
pub mod codec;
pub mod column;
pub mod retention;
pub mod schema;
mod series;
pub mod tail;
mod totals;
pub mod varint;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use crate::model::history::{Extent, Resolution, Series, Span};
use crate::store::history::channels::Channels;
use crate::store::history::codec::Sample;
use crate::store::history::tail::{Draft, Row};
use crate::store::history::totals::Totals;
use crate::store::records::{Budget, Reading};

/// A minute, ms.
pub const MINUTE_MS: i64 = 60_000;
/// How long after its end a minute is packed: readings take up to a second to get here.
pub const GRACE_MS: i64 = 3_000;
/// Packed bytes that may wait while nothing can be written; readings beyond are counted and lost.
pub const WAITING_BYTES: usize = 16 << 20;

/// Readings on their way into the file. One per file: it belongs to whoever writes.
#[derive(Debug, Default)]
pub struct Recorder {
    channels: Channels,
    minutes: BTreeMap<i64, Minute>,
    last_row: i64,
    totals: Totals,
    waiting: usize,
    lost: u64,
    /// The minute in which old blocks were last deleted.
    trimmed: Option<i64>,
}

/// The readings of one minute that is not packed yet.
#[derive(Debug, Default)]
struct Minute {
    /// All of them, by channel.
    drafts: BTreeMap<u32, Draft>,
    /// Rows of the tail that they are in.
    rows: Vec<i64>,
    /// Those that are in no row yet.
    waiting: Row,
}

impl Recorder {
    /// One that knows nothing; [`Self::load`] it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes up what the file holds of minutes that are not packed, and its channels; those of which nothing is kept any
    /// more are deleted. What waits here stays.
    ///
    /// # Errors
    /// The file cannot be read or written.
    pub fn load(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let (channels, totals) = (Channels::load(connection)?, Totals::load(connection)?);
        let mut fresh = Self { channels, totals, lost: self.lost, ..Self::default() };
        fresh.replay(connection)?;
        let in_use: BTreeSet<u32> = fresh.minutes.values().flat_map(|minute| minute.drafts.keys().copied()).collect();
        fresh.channels.forget_empty(connection, &in_use)?;
        let waiting = self.take_waiting();
        *self = fresh;
        self.take(waiting);
        Ok(())
    }

    /// Takes readings; they are in memory until the next [`Self::write`]. Values that are no numbers are left out.
    pub fn take(&mut self, readings: Vec<Reading>) {
        for Reading { device, channel, at_ms, value } in readings {
            if self.waiting >= WAITING_BYTES {
                self.lost += 1;
                continue;
            }
            if !value.is_finite() {
                continue;
            }
            let (channel, minute) = (self.channels.id(&device, &channel), at_ms.div_euclid(MINUTE_MS));
            let sample = Sample { at_ms, value: value.clamp(-f64::from(f32::MAX), f64::from(f32::MAX)) };
            let into = self.minutes.entry(minute).or_default();
            let before = into.waiting.bytes().len();
            into.waiting.push(minute, channel, sample);
            self.waiting += into.waiting.bytes().len() - before;
            into.drafts.entry(channel).or_default().push(sample);
        }
    }

    /// Commits what waits and packs minutes that are over at `now_ms`; once a minute, deletes what is past `budget`.
    /// Returns bytes of rows written.
    ///
    /// # Errors
    /// The file cannot be written; what was not committed still waits.
    pub fn write(&mut self, connection: &mut Connection, now_ms: i64, budget: &Budget) -> rusqlite::Result<u64> {
        let present = now_ms.div_euclid(MINUTE_MS);
        let over: Vec<i64> = self.minutes.keys().copied().filter(|minute| is_over(*minute, now_ms)).collect();
        let trims = self.trimmed != Some(present);
        if self.waiting == 0 && over.is_empty() && !trims {
            return Ok(0);
        }
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (mut totals, mut bytes) = (self.totals, self.channels.write_new(&transaction)?);
        for (number, minute) in over.iter().filter_map(|number| self.minutes.get_key_value(number)) {
            bytes += minute.pack(*number, &transaction, &mut totals)?;
        }
        bytes += self.append(&transaction, &over)?;
        if trims {
            retention::trim(&transaction, self.channels.all(), now_ms, budget, &mut totals)?;
        }
        if totals != self.totals {
            totals.store(&transaction)?;
        }
        transaction.commit()?;
        self.committed(&over, totals);
        if trims {
            self.trimmed = Some(present);
            retention::vacuum(connection)?;
        }
        Ok(bytes)
    }

    /// Readings lost since it was made because too many waited.
    #[must_use]
    pub const fn lost(&self) -> u64 {
        self.lost
    }

    fn replay(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let mut statement = connection.prepare("SELECT seq, data FROM tail WHERE seq > ?1 ORDER BY seq")?;
        let mut rows = statement.query([totals::ROW])?;
        while let Some(row) = rows.next()? {
            self.last_row = row.get(0)?;
            let mut of = None;
            // Of a damaged row, what can be read is taken.
            let _ = tail::read(row.get_ref(1)?.as_blob()?, |minute, channel, sample| {
                of = Some(minute);
                if self.channels.all().contains(&channel) {
                    let into = self.minutes.entry(minute).or_default();
                    into.drafts.entry(channel).or_default().push(sample);
                }
            });
            // A row without readings goes with the first minute that is packed.
            let (seq, minute) = (self.last_row, of.unwrap_or(0));
            self.minutes.entry(minute).or_default().rows.push(seq);
        }
        Ok(())
    }

    /// What was taken and not committed.
    fn take_waiting(&mut self) -> Vec<Reading> {
        let (names, mut readings) = (self.channels.names(), Vec::new());
        for minute in self.minutes.values() {
            // Our own bytes are not damaged; of nothing, nothing is read.
            let _ = tail::read(minute.waiting.bytes(), |_, channel, Sample { at_ms, value }| {
                let name = names.get(&channel).cloned();
                readings.extend(name.map(|(device, channel)| Reading { device, channel, at_ms, value }));
            });
        }
        readings
    }

    /// Appends what waits of minutes that are not over: a row each, so one in nearly all cases. Returns bytes written.
    fn append(&self, to: &Transaction<'_>, over: &[i64]) -> rusqlite::Result<u64> {
        let mut bytes = 0;
        for (seq, (_, minute)) in (self.last_row + 1..).zip(waiting(&self.minutes, over)) {
            to.prepare_cached("INSERT INTO tail VALUES (?1, ?2)")?.execute(params![seq, minute.waiting.bytes()])?;
            bytes += minute.waiting.bytes().len() as u64;
        }
        Ok(bytes)
    }

    /// Remembers what a transaction did.
    fn committed(&mut self, over: &[i64], totals: Totals) {
        let appended: Vec<i64> = waiting(&self.minutes, over).map(|(minute, _)| *minute).collect();
        for minute in appended {
            self.last_row += 1;
            if let Some(minute) = self.minutes.get_mut(&minute) {
                minute.rows.push(self.last_row);
                minute.waiting.clear();
            }
        }
        self.minutes.retain(|minute, _| !over.contains(minute));
        self.channels.written();
        (self.totals, self.waiting) = (totals, 0);
    }
}

/// Minutes with readings that are in no row, but those that are over.
fn waiting<'a>(
    minutes: &'a BTreeMap<i64, Minute>,
    over: &'a [i64],
) -> impl Iterator<Item = (&'a i64, &'a Minute)> + use<'a> {
    minutes.iter().filter(|(number, minute)| !minute.waiting.bytes().is_empty() && !over.contains(number))
}

/// Whether a minute is packed now: one that is past, or one that only a wrong clock can have named.
fn is_over(minute: i64, now_ms: i64) -> bool {
    let end_ms = minute.saturating_add(1).saturating_mul(MINUTE_MS);
    end_ms.saturating_add(GRACE_MS) <= now_ms || minute > now_ms.div_euclid(MINUTE_MS) + 1
}

/// What a channel showed over time. A device or channel that is not known showed nothing.
///
/// # Errors
/// The file cannot be read.
pub fn series(connection: &Connection, span: &Span) -> rusqlite::Result<Series> {
    series::series(connection, span)
}

/// What the file holds of history.
///
/// # Errors
/// The file cannot be read.
pub fn extent(connection: &Connection) -> rusqlite::Result<Extent> {
    series::extent(connection)
}

impl Minute {
    /// Turns its readings into blocks and deletes its rows. Returns bytes written.
    fn pack(&self, number: i64, to: &Transaction<'_>, totals: &mut Totals) -> rusqlite::Result<u64> {
        let (mut samples, mut cells, mut bytes) = (Vec::new(), Vec::new(), 0);
        for (channel, draft) in &self.drafts {
            draft.read(&mut samples);
            let effect = blocks::append(to, *channel, number.saturating_mul(MINUTE_MS), &samples)?;
            totals.count(Resolution::Full, effect);
            bytes += effect.written;
            for resolution in [Resolution::Second, Resolution::Minute] {
                let more = cells::fold(&samples, blocks::step_ms(resolution));
                let effect = blocks::merge(to, resolution, *channel, &more, &mut cells)?;
                totals.count(resolution, effect);
                bytes += effect.written;
            }
        }
        for seq in &self.rows {
            to.prepare_cached("DELETE FROM tail WHERE seq = ?1")?.execute([seq])?;
        }
        Ok(bytes)
    }
}
