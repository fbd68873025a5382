//! What goes, and when: blocks past their time, then the oldest of the finest resolution while there are too many
//! bytes. In small steps, once a minute.
//!
//! Steps are small so that one pass is short, and so that a clock that is wrong for a minute, set years ahead, does not
//! wipe out what was kept: it takes [`AGED_STEPS`] blocks of each channel and resolution, then the clock is right again.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use crate::model::history::Resolution;
use crate::store::history::blocks::{Effect, oldest_start, span_ms};
use crate::store::history::cells::floor;
use crate::store::history::totals::Totals;
use crate::store::records::Budget;

/// Blocks of each channel and resolution that go in one pass because of their age.
pub const AGED_STEPS: usize = 4;
/// Blocks of each channel that go in one pass because there are too many bytes.
pub const CROWDED_STEPS: usize = 64;
/// Pages that are given back to the system in one pass.
const VACUUM_PAGES: i64 = 512;
/// Of this many pages one may stay free for what comes next.
const FREE_SHARE: i64 = 16;

/// Deletes what is past its time or too much. `channels` are all there are.
pub(super) fn trim(
    to: &Connection,
    channels: &BTreeSet<u32>,
    now_ms: i64,
    budget: &Budget,
    totals: &mut Totals,
) -> rusqlite::Result<()> {
    for resolution in Resolution::ALL {
        let before = now_ms.saturating_sub(kept_ms(budget, resolution)).saturating_sub(span_ms(resolution));
        for _ in 0..AGED_STEPS {
            let Some(oldest) = oldest(to, channels, resolution)?.filter(|oldest| *oldest < before) else { break };
            drop_span(to, channels, resolution, oldest, totals)?;
        }
    }
    let mut steps = CROWDED_STEPS;
    for resolution in Resolution::ALL {
        while steps > 0 && on_disk(totals.sum()) > budget.history_bytes && totals.of(resolution) > 0 {
            let Some(oldest) = oldest(to, channels, resolution)? else { break };
            drop_span(to, channels, resolution, oldest, totals)?;
            steps -= 1;
        }
    }
    Ok(())
}

/// What blocks of so many bytes take in the file: its pages are never quite full. A quarter more was measured, with
/// six hundred channels.
const fn on_disk(bytes: u64) -> u64 {
    bytes.saturating_add(bytes / 4)
}

/// How long blocks of a resolution are kept, ms.
fn kept_ms(budget: &Budget, resolution: Resolution) -> i64 {
    let (units, unit_ms) = match resolution {
        Resolution::Full => (budget.full_minutes, 60_000),
        Resolution::Second => (budget.second_hours, 3_600_000),
        Resolution::Minute => (budget.minute_days, 86_400_000),
    };
    i64::from(units) * unit_ms
}

fn oldest(from: &Connection, channels: &BTreeSet<u32>, resolution: Resolution) -> rusqlite::Result<Option<i64>> {
    let mut oldest: Option<i64> = None;
    for channel in channels {
        oldest = oldest_start(from, resolution, *channel)?.into_iter().chain(oldest).min();
    }
    Ok(oldest)
}

/// Deletes the blocks of all channels up to the end of the span that `oldest` falls into.
fn drop_span(
    to: &Connection,
    channels: &BTreeSet<u32>,
    resolution: Resolution,
    oldest: i64,
    totals: &mut Totals,
) -> rusqlite::Result<()> {
    let span = span_ms(resolution);
    let before = floor(oldest, span).saturating_add(span);
    let sql = "DELETE FROM block WHERE resolution = ?1 AND channel = ?2 AND start < ?3 RETURNING length(data)";
    let mut statement = to.prepare_cached(sql)?;
    for channel in channels {
        let mut rows = statement.query(params![resolution as u8, channel, before])?;
        while let Some(row) = rows.next()? {
            let replaced = row.get::<_, i64>(0)?.unsigned_abs();
            totals.count(resolution, Effect { written: 0, replaced });
        }
    }
    Ok(())
}

/// Gives pages back to the system, if more are free than the next minutes need. Not inside a transaction.
pub(super) fn vacuum(connection: &Connection) -> rusqlite::Result<()> {
    let figure = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let spare = figure("freelist_count")? - figure("page_count")? / FREE_SHARE;
    if spare <= 0 {
        return Ok(());
    }
    let mut statement = connection.prepare(&format!("PRAGMA incremental_vacuum({})", spare.min(VACUUM_PAGES)))?;
    let mut rows = statement.query([])?;
    // One page is given back for each row.
    while rows.next()?.is_some() {}
    Ok(())
}
