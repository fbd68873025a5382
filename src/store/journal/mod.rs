//! The journal in its table: entries are appended, read in pages, and go when they are old.
//!
//! Invariant: an entry's number is given once and never again, also over restarts and after the oldest were removed.
//! Invariant: no entry is ever changed, and none but the oldest is ever removed; triggers in the file see to it.

mod page;
pub mod retention;
mod still;

pub(crate) use page::page;

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::model::alarms::alarm::{AlarmId, Reason};
use crate::model::alarms::journal::{Entry, What};
use crate::model::alarms::rule::{Level, RuleId};
use crate::model::sensors::DeviceId;
use crate::store::rows::alarms::finite_reason;
use crate::store::rows::json;

/// The columns that [`read`] reads, in its order; the picture comes after them.
const COLUMNS: &str = "seq, at, what, alarm, rule, device, location, level, by, test, text, reasons";

/// Appends an entry. Returns the size of what was written, bytes.
pub(crate) fn append(entry: &Entry, to: &Connection) -> rusqlite::Result<u64> {
    let Entry { seq: _, at, what, alarm, rule, device, location, level, by, test, text, reasons, still } = entry;
    let reasons = json(&reasons.iter().map(finite_reason).collect::<Vec<_>>())?;
    let still = still.as_deref().map(still::encode);
    let row = params![
        at.as_millisecond(),
        what.label(),
        alarm.as_ref().map(AlarmId::as_str),
        rule.as_ref().map(RuleId::as_str),
        device.as_ref().map(DeviceId::as_str),
        location,
        level.map(rank),
        by,
        test,
        text,
        reasons,
        still,
    ];
    let sql = "INSERT INTO journal (at, what, alarm, rule, device, location, level, by, test, text, reasons, still)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    to.prepare_cached(sql)?.execute(row)?;
    Ok((size_of::<[i64; 2]>() + text.len() + reasons.len() + still.map_or(0, |still| still.len())) as u64)
}

/// One entry with its picture.
pub(crate) fn entry(from: &Connection, seq: u64) -> rusqlite::Result<Option<Entry>> {
    let Ok(seq) = i64::try_from(seq) else { return Ok(None) };
    let sql = format!("SELECT {COLUMNS}, still FROM journal WHERE seq = ?1");
    let mut statement = from.prepare_cached(&sql)?;
    let found = statement.query_row([seq], |row| {
        let still: Option<Vec<u8>> = row.get(12)?;
        Ok((read(row)?, still))
    });
    let Some((read, still)) = found.optional()? else { return Ok(None) };
    let still = still.and_then(|bytes| still::decode(&bytes)).map(Arc::new);
    Ok(read.entry.map(|entry| Entry { still, ..entry }))
}

/// An entry as far as it could be read.
struct Read {
    /// Without its picture; none if what happened is not known.
    entry: Option<Entry>,
    /// Whether anything of it could not be read.
    damaged: bool,
}

/// Reads the [`COLUMNS`] of a row. Reasons that cannot be read are left out; what happened is still told.
fn read(row: &Row<'_>) -> rusqlite::Result<Read> {
    let what = What::of(row.get_ref(2)?.as_str()?);
    let at = Timestamp::from_millisecond(row.get(1)?).ok();
    let reasons: Option<Vec<Reason>> = serde_json::from_str(row.get_ref(11)?.as_str()?).ok();
    let damaged = what.is_none() || at.is_none() || reasons.is_none();
    let (Some(what), Some(at)) = (what, at) else { return Ok(Read { entry: None, damaged }) };
    let seq: i64 = row.get(0)?;
    let entry = Entry {
        seq: seq.unsigned_abs(),
        at,
        what,
        alarm: row.get::<_, Option<Arc<str>>>(3)?.map(AlarmId),
        rule: row.get::<_, Option<Arc<str>>>(4)?.map(RuleId),
        device: row.get::<_, Option<Arc<str>>>(5)?.map(DeviceId),
        location: row.get(6)?,
        level: row.get::<_, Option<i64>>(7)?.and_then(level),
        by: row.get(8)?,
        test: row.get(9)?,
        text: row.get(10)?,
        reasons: reasons.unwrap_or_default(),
        still: None,
    };
    Ok(Read { entry: Some(entry), damaged })
}

/// A level as a number; the worse, the higher.
fn rank(level: Level) -> i64 {
    match level {
        Level::Notice => 1,
        Level::Warning => 2,
        Level::Danger => 3,
    }
}

fn level(found: i64) -> Option<Level> {
    Level::ALL.into_iter().find(|level| rank(*level) == found)
}
