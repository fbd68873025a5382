//! How many bytes all blocks of each resolution take: known without looking at them.
//!
//! They stand in row 0 of the tail, `2` and a number each, written in the same transaction as the blocks. A file
//! without that row is summed up once.
//!
//! Invariant: equal to the sum over the table after each commit.

use rusqlite::{Connection, OptionalExtension as _};

use crate::model::history::Resolution;
use crate::store::history::blocks::Effect;
use crate::store::history::varint::{Damaged, Reader, put};

/// The row of the tail that they stand in; readings have rows from 1.
pub(super) const ROW: i64 = 0;
/// The first byte of the row.
const FORMAT: u8 = 2;

/// Bytes by resolution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Totals([u64; 3]);

impl Totals {
    pub(super) fn load(connection: &Connection) -> rusqlite::Result<Self> {
        let sql = "SELECT data FROM tail WHERE seq = ?1";
        let read = |row: &rusqlite::Row<'_>| Ok(parse(row.get_ref(0)?.as_blob()?));
        let stored = connection.prepare_cached(sql)?.query_row([ROW], read).optional()?;
        match stored {
            Some(Ok(totals)) => Ok(totals),
            Some(Err(Damaged)) | None => sum_up(connection),
        }
    }

    pub(super) fn store(self, to: &Connection) -> rusqlite::Result<()> {
        let mut data = vec![FORMAT];
        self.0.iter().for_each(|bytes| put(&mut data, *bytes));
        to.prepare_cached("INSERT OR REPLACE INTO tail VALUES (?1, ?2)")?.execute((ROW, data)).map(|_| ())
    }

    pub(super) const fn count(&mut self, resolution: Resolution, Effect { written, replaced }: Effect) {
        let bytes = &mut self.0[resolution as usize];
        *bytes = bytes.saturating_add(written).saturating_sub(replaced);
    }

    /// Bytes of one resolution.
    pub(super) const fn of(self, resolution: Resolution) -> u64 {
        self.0[resolution as usize]
    }

    /// Bytes of all.
    pub(super) fn sum(self) -> u64 {
        self.0.iter().fold(0, |sum, bytes| sum.saturating_add(*bytes))
    }
}

fn parse(data: &[u8]) -> Result<Totals, Damaged> {
    let mut from = Reader::new(data);
    if from.byte()? != FORMAT {
        return Err(Damaged);
    }
    Ok(Totals([from.number()?, from.number()?, from.number()?]))
}

fn sum_up(connection: &Connection) -> rusqlite::Result<Totals> {
    let mut totals = Totals::default();
    let sql = "SELECT ifnull(sum(length(data)), 0) FROM block WHERE resolution = ?1";
    for resolution in Resolution::ALL {
        let written = connection.query_row(sql, [resolution as u8], |row| row.get::<_, i64>(0))?.unsigned_abs();
        totals.count(resolution, Effect { written, replaced: 0 });
    }
    Ok(totals)
}
