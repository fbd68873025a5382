//! How long entries stay: by age and by the journal's size, the oldest go first, a few at a time.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};

use crate::store::records::Budget;

/// Entries removed at once at most: nothing stalls.
pub const STEP: u32 = 500;
/// Pages given back to the disk at once at most.
const PAGES: u32 = 1024;
/// Free pages that stay for what comes next.
const PAGES_SPARE: u32 = 256;
const DAY_MS: i64 = 86_400_000;

/// Removes the oldest entries that are past the budget, at most [`STEP`]. Returns how many.
///
/// # Errors
/// If the disk fails; then all are still there.
pub fn trim(connection: &mut Connection, budget: &Budget, now: Timestamp) -> rusqlite::Result<u32> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let Some((floor, n)) = floor(&transaction, budget, now)? else { return Ok(0) };
    transaction.execute("UPDATE journal_end SET floor = ?1", [floor])?;
    transaction.execute("DELETE FROM journal WHERE seq < ?1", [floor])?;
    transaction.commit()?;
    Ok(n)
}

/// The first entry that stays, and how many go; `None` if all stay.
fn floor(from: &Connection, budget: &Budget, now: Timestamp) -> rusqlite::Result<Option<(i64, u32)>> {
    let oldest_ms = now.as_millisecond().saturating_sub(i64::from(budget.journal_days).saturating_mul(DAY_MS));
    let bytes: i64 = from.query_row("SELECT bytes FROM journal_end", [], |row| row.get(0))?;
    let mut too_much = bytes.saturating_sub_unsigned(budget.journal_bytes);
    // The same sum as in the triggers that keep `journal_end.bytes`.
    let sql = "SELECT seq, at, 128 + octet_length(text) + octet_length(reasons) + coalesce(octet_length(still), 0)
               FROM journal ORDER BY seq LIMIT ?1";
    let mut statement = from.prepare_cached(sql)?;
    let mut rows = statement.query([STEP])?;
    let mut end = None;
    while let Some(row) = rows.next()? {
        let (seq, at, size): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if at >= oldest_ms && too_much <= 0 {
            break;
        }
        too_much -= size;
        end = Some((seq + 1, end.map_or(1, |(_, n)| n + 1)));
    }
    Ok(end)
}

/// Gives some of the pages that are free back to the disk. Returns how many.
///
/// # Errors
/// If the disk fails.
pub fn give_back_pages(connection: &Connection) -> rusqlite::Result<u32> {
    let free = |connection: &Connection| connection.pragma_query_value(None, "freelist_count", |row| row.get(0));
    let before: u32 = free(connection)?;
    if before <= PAGES_SPARE {
        return Ok(0);
    }
    let sql = format!("PRAGMA incremental_vacuum({})", (before - PAGES_SPARE).min(PAGES));
    // One step frees one page.
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([])?;
    while rows.next()?.is_some() {}
    drop(rows);
    Ok(before.saturating_sub(free(connection)?))
}

/// What the journal takes, bytes, and when its oldest entry was written.
///
/// # Errors
/// If the file cannot be read.
pub fn extent(from: &Connection) -> rusqlite::Result<(u64, Option<Timestamp>)> {
    let bytes: i64 = from.query_row("SELECT bytes FROM journal_end", [], |row| row.get(0))?;
    let oldest = from.query_row("SELECT at FROM journal ORDER BY seq LIMIT 1", [], |row| row.get(0)).optional()?;
    Ok((bytes.max(0).unsigned_abs(), oldest.and_then(|ms| Timestamp::from_millisecond(ms).ok())))
}
